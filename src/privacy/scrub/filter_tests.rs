use super::super::normal::Normal;
use super::*;

fn need(pattern: &str) -> Need {
    Need::of(&regex_syntax::parse(pattern).unwrap())
}

#[test]
fn patterns_say_what_they_need() {
    let set = |text: &str| text.bytes().fold(0, |all, byte| all | bit(byte));
    for (pattern, length, digits, sets) in [
        (r"\d{3}-\d{4}", 8, 7, vec![set("-")]),
        (r"[A-Z]{2}\d+(x\d)?", 3, 1, vec![]),
        (r"(?:a@b|c#d)e", 4, 0, vec![set("@#"), set("e")]),
        (r"x?y*", 0, 0, vec![]),
        (r"[0-9A-F]{8}", 8, 0, vec![]),
    ] {
        let need = need(pattern);
        assert_eq!((need.length, need.digits, &need.sets), (length, digits, &sets), "{pattern}");
    }
}

/// Whatever reads as ASCII begins with a byte that the filter takes for such.
#[test]
fn nothing_that_reads_as_ascii_goes_past_the_filter() {
    let mut count = 0;
    for c in ('\u{80}'..=char::MAX).filter(|c| !c.is_whitespace()) {
        let text = c.to_string();
        if Normal::of(&text).as_str().bytes().any(|byte| byte.is_ascii_graphic()) {
            assert!(is_foreign(text.as_bytes()[0]), "U+{:04X}", u32::from(c));
            count += 1;
        }
    }
    assert!(count > 1000, "{count}");
}
