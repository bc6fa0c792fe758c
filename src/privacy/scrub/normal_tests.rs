//! What a person reads of a text, and where it stands in the text as it was.

use super::*;

fn read(text: &str) -> String {
    Normal::of(text).as_str().to_owned()
}

#[test]
fn reads_what_is_seen() {
    for (text, seen) in [
        ("plain text", "plain text"),
        ("a \u{a0}\n\u{2003}\u{3000}b\t", "a b "),
        ("a\u{200b}\u{ad}\u{fe0f}\u{feff}b", "ab"),
        ("ＡＢ\u{ff0e}ｃ＠１２", "AB.c@12"),
        ("𝟙𝟚𝐀٣४", "12A34"),
        ("1\u{2011}2\u{2212}3", "1-2-3"),
        ("4\u{fe0f}\u{20e3}1\u{332}", "41"),
        ("für Łódź", "für Łódź"),
        ("a \u{202e}321\u{202c} b", "a 123 b"),
        ("\u{202e}321\u{202d}56\u{202c}4\u{202c}", "456123"),
        ("\u{2067}12\u{2069}\u{2066}34\u{2069}", "1234"),
    ] {
        assert_eq!(read(text), seen, "{text:?}");
    }
    assert!(matches!(Normal::of("plain text").text, Cow::Borrowed(_)));
}

#[test]
fn knows_where_it_was() {
    let text = "a\u{a0} 1\u{200b}2 \u{202e}4\u{200b}3\u{202c}";
    let normal = Normal::of(text);
    assert_eq!(normal.as_str(), "a 12 34");
    let whole: Vec<&str> = normal.spans(2..4).into_iter().map(|at| text.get(at).unwrap()).collect();
    assert_eq!(whole, ["1\u{200b}2"]);
    let both: Vec<&str> = normal.spans(3..7).into_iter().map(|at| text.get(at).unwrap()).collect();
    assert_eq!(both, ["2 ", "4\u{200b}3"]);
    assert!(!normal.is_turned(&normal.spans(2..4)) && normal.is_turned(&normal.spans(5..7)));
}
