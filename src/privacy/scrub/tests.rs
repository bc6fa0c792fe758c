//! Rules that replace texts, as a whole: in place, in order, over the pieces of a run, and what grows.

use super::*;
use crate::protocol::rules::{PrivacyDraft, ScrubDraft};

/// A scrubber of ready-made rules (by name alone) and of patterns with their replacement.
pub(super) fn scrubber(rules: &[(&str, Option<&str>)]) -> Scrubber {
    let draft = |(what, replacement): &(&str, Option<&str>)| match replacement {
        None => ScrubDraft { ready: Some((*what).to_owned()), ..ScrubDraft::default() },
        Some(with) => ScrubDraft {
            pattern: Some((*what).to_owned()),
            replacement: Some((*with).to_owned()),
            ..ScrubDraft::default()
        },
    };
    let draft = PrivacyDraft { scrub: rules.iter().map(draft).collect(), ..PrivacyDraft::default() };
    let privacy = crate::privacy::Privacy::check(&draft, "").unwrap();
    privacy.scrubber(&::url::Url::parse("https://shop.example/").unwrap())
}

#[test]
fn replaces_in_place() {
    let rules = scrubber(&[(r"order (\d{3})-(?<last>\d\d)", Some("[$1..${last}, $$1]")), ("card", None)]);
    assert_eq!(rules.scrub("My order\u{a0}\u{a0}１23-45 is\tlate"), "My [123..45, $1] is\tlate");
    assert_eq!(rules.scrub("4111\n1111 1111 1111 order 123-45"), "[card number] [123..45, $1]");
    assert_eq!(rules.scrub("nothing\u{a0} here"), "nothing\u{a0} here");
}

#[test]
fn rules_go_in_their_order_and_say_where() {
    let draft = |text: &str, off| ScrubDraft {
        pattern: Some(text.to_owned()),
        replacement: Some("<$0>".to_owned()),
        off,
        ..ScrubDraft::default()
    };
    let draft = PrivacyDraft {
        scrub: vec![draft("x", true), draft("bc", false), draft("c.?d|ab|ef", false)],
        ..PrivacyDraft::default()
    };
    let privacy = crate::privacy::Privacy::check(&draft, "").unwrap();
    let rules = privacy.scrubber(&::url::Url::parse("https://shop.example/").unwrap());
    let (text, found) = rules.scrub_traced("xabcd ef");
    assert_eq!(text, "xa<b<c>d> <ef>");
    let found: Vec<(usize, Range<usize>)> = found.into_iter().map(|found| (found.rule, found.at)).collect();
    assert_eq!(found, [(1, 2..4), (2, 4..5), (2, 6..8)]);
}

fn fault(pattern: &str, replacement: &str) -> crate::protocol::rules::Fault {
    let draft = ScrubDraft {
        pattern: Some(pattern.to_owned()),
        replacement: Some(replacement.to_owned()),
        ..ScrubDraft::default()
    };
    Rule::check(0, &draft, Vec::new()).unwrap_err()
}

#[test]
fn faults_say_where() {
    for (pattern, replacement, place, span) in [
        ("ü(ab", "", "pattern", Some((1, 2))),
        ("a**[z-a]", "", "pattern", Some((4, 7))),
        (r"a\q", "", "pattern", Some((1, 3))),
        ("x*", "", "pattern", Some((0, 2))),
        (r"((\w{200}){200}){200}", "", "pattern", Some((0, 21))),
        ("(a)(?<b>b)", "ü $3!", "replacement", Some((2, 4))),
        ("(a)", "${c} ", "replacement", Some((0, 4))),
        ("(a)", "a${1", "replacement", Some((1, 4))),
    ] {
        let fault = fault(pattern, replacement);
        assert_eq!((fault.place.as_str(), fault.span), (place, span), "{pattern} {replacement}: {}", fault.message);
    }
    let draft =
        ScrubDraft { ready: Some("card".to_owned()), replacement: Some("$1".to_owned()), ..ScrubDraft::default() };
    assert_eq!(Rule::check(0, &draft, Vec::new()).unwrap_err().span, Some((0, 2)));
    let draft = ScrubDraft { ready: Some("cart".to_owned()), ..ScrubDraft::default() };
    assert_eq!(Rule::check(0, &draft, Vec::new()).unwrap_err().place, "ready");
}

#[test]
fn runs_are_matched_joined() {
    let rules = scrubber(&[("card", None), ("a+b", Some(""))]);
    let run = |pieces: &[&str]| rules.scrub_run(pieces);
    assert_eq!(run(&["Card 41", "11 1111", "", " 1111 1111", "."]).unwrap(), ["Card [card number]", "", "", "", "."]);
    assert_eq!(run(&["x", "4111111111111111", "y"]).unwrap(), ["x", "[card number]", "y"]);
    assert_eq!(run(&["a", "ab", "c"]).unwrap(), ["", "", "c"]);
    assert_eq!(run(&["a", "", "c"]), None);
    assert_eq!(
        run(&["\u{202e}1111 1111", " 1111 ", "1114", "\u{202c}"]).unwrap(),
        ["\u{202e}]rebmun drac[", "", "", "\u{202c}"]
    );
}

#[test]
fn addresses_are_read_decoded() {
    let rules = scrubber(&[("card", None), ("email", None)]);
    let seen = |url: &str| rules.scrub_url(&::url::Url::parse(url).unwrap()).map(String::from);
    for (url, shown) in [
        ("https://x.example/pay/4111111111111111/a?b=c#d", Some("https://x.example/pay/[card%20number]/a?b=c#d")),
        ("https://x.example/?n=4111+1111+1111+1111&m=%26", Some("https://x.example/?n=[card%20number]&m=%26")),
        ("https://x.example/?n=4111%201111%C2%A01111%201111", Some("https://x.example/?n=[card%20number]")),
        ("https://x.example/?n=%34111%3111111111111", Some("https://x.example/?n=[card%20number]")),
        ("https://x.example/?u=a%2540b.example", Some("https://x.example/?u=[email%2520address]")),
        ("mailto:ada@b.example?subject=x", Some("mailto:[email%20address]?subject=x")),
        ("https://x.example/a%20b?c=+1", None),
    ] {
        assert_eq!(seen(url).as_deref(), shown, "{url}");
    }
}

#[test]
fn ends_that_may_become_a_match_are_starred() {
    let rules = scrubber(&[(r"\b\d{9}\b", Some("[id]")), (r"order-[a-z]{4}#\d\d", Some("[order]")), ("email", None)]);
    let mut held = None;
    for (text, shown) in [
        ("My id is 1234", "My id is 1234"),
        ("My id is 12345", "My id is *****"),
        ("My id is 123456789", "My id is [id]"),
        ("My id is 1234567890", "My id is [id]"),
        ("My id is 12345678901", "My id is [id]"),
        ("My id is 12345678901 or", "My id is [id] or"),
        ("My id is 1234", "My id is 1234"),
        ("It is order-abcd", "It is order-abcd"),
        ("It is order-abcd#", "It is order-abcd#"),
        ("It is order-abcd#1", "It is ************"),
        ("It is order-abcd#12", "It is [order]"),
        ("It is ordinary", "It is ordinary"),
        ("I am ada@", "I am ****"),
        ("I am ada@exam", "I am ********"),
        ("I am ada@example.com", "I am [email address]"),
        ("I am ada @ home", "I am ada @ home"),
    ] {
        let (now, keep) = rules.scrub_growing(text, held.as_ref());
        assert_eq!(now, shown, "{text:?}");
        held = keep;
    }
    let pieces = ["id 12", "34", "5"];
    assert_eq!(rules.scrub_growing_run(&pieces, None).0.unwrap(), ["id **", "**", "*"]);
}

mod properties {
    use proptest::prelude::*;

    use super::super::ready::Ready;
    use super::*;

    fn all() -> Scrubber {
        let ready = Ready::all().iter().map(|ready| (ready.name, None));
        scrubber(&ready.chain([(r"yz|z\d", Some("")), (r"\bqq\w+", Some("q"))]).collect::<Vec<_>>())
    }

    fn text() -> impl Strategy<Value = String> {
        let examples: Vec<&str> = Ready::all().iter().map(|ready| ready.example).collect();
        let part = prop_oneof![
            proptest::sample::select(examples).prop_map(str::to_owned),
            "[0-9ayzq@. \u{a0}\u{200b}\u{202e}\u{202c}\u{2066}\u{2069}１-]{0,12}",
            "\\PC{0,6}",
        ];
        proptest::collection::vec(part, 0..6).prop_map(|parts| parts.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn nothing_is_left_to_match(text in text()) {
            let rules = all();
            let once = rules.scrub(&text).into_owned();
            let again = rules.scrub_traced(&once);
            prop_assert!(again.1.is_empty(), "{:?} gives {:?}, and that {:?}", text, once, again);
        }

        #[test]
        fn how_a_text_is_cut_does_not_matter(text in text(), cuts in proptest::collection::vec(any::<proptest::sample::Index>(), 0..5)) {
            let rules = all();
            let mut places: Vec<usize> = cuts.iter().map(|cut| cut.index(text.len() + 1)).filter(|at| text.is_char_boundary(*at)).collect();
            places.sort_unstable();
            let starts = [0].into_iter().chain(places.iter().copied());
            let ends = places.iter().copied().chain([text.len()]);
            let pieces: Vec<&str> = starts.zip(ends).map(|(start, end)| &text[start..end]).collect();
            let joined = rules.scrub_run(&pieces).map_or(text.clone(), |pieces| pieces.concat());
            prop_assert_eq!(joined, rules.scrub(&text).into_owned());
        }

        #[test]
        fn what_the_filter_refuses_has_no_match(text in text()) {
            let rules = all();
            let those = rules.0.filter.those(&text);
            for (at, rule) in rules.0.rules.iter().enumerate() {
                let found = !rule.matches(Normal::of(&text).as_str()).is_empty();
                prop_assert!(!found || those.contains(&at), "{:?}, rule {}", text, at);
            }
            if let Some(read) = normal::reading(&text) {
                let normal = Normal::of(&text);
                prop_assert_eq!(read, normal.as_str());
            }
        }
    }
}
