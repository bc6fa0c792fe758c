//! The filter on bytes: what it lets by has no match.

use super::*;
use normal::Normal;

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

#[test]
fn digits_of_one_row_are_counted() {
    for (pattern, row) in [
        (r"\bKN-\d{6}\b", 6),
        (r"order #\d{4,}", 4),
        (r"a1234-(\d{2}\d*[0-3])?\d", 4),
        (r"(\d\d)(?:12|345){2}\d*\b7", 7),
        (r"(?:\d{9}|\d{8}x)", 8),
    ] {
        assert_eq!(need(pattern).row, row, "{pattern}");
    }
    for (text, row) in [
        ("24 November 2026, 12:30", 4),
        ("1,299.00", 5),
        ("+44 (0) 20\n \t 7946 - 0958", 9),
        ("4111  1111\t1111 1111 EUR 20", 16),
        ("1. - 2", 1),
    ] {
        assert_eq!(longest_row(text.as_bytes()), row, "{text}");
    }
}

/// Whatever reads as something else begins with a byte that the filter takes for such.
#[test]
fn nothing_that_reads_otherwise_goes_past_the_filter() {
    let mut count = 0;
    for c in ('\0'..=char::MAX).filter(|c| !(c.is_ascii() && c.is_whitespace())) {
        let text = format!("1{c}2");
        if Normal::of(&text).as_str() != text {
            assert!(is_foreign(text.as_bytes()[1]) && normal::reads_otherwise(&text), "U+{:04X}", u32::from(c));
            count += 1;
        }
    }
    assert!(count > 1000, "{count}");
}

#[test]
fn ordinary_texts_meet_no_rule() {
    let ready = super::super::ready::Ready::all();
    let filter = Filter::new(ready.iter().map(super::super::ready::Ready::need));
    for text in [
        "Add to basket",
        "€\u{a0}1,299.00 – only today",
        "24 November 2026, 12:30",
        "Größe wählen, 12 Stück für 30 €",
        "“Free delivery from 50 EUR on.” Questions? We are here from 9 to 17 on workdays…",
        "\n        \n",
    ] {
        assert!(!filter.any(text), "{text}: {:?}", filter.those(text));
    }
}
