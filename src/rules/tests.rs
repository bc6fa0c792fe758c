//! Reading gives what was written; what is wrong is where it says; differences.

use proptest::prelude::*;
use strum::IntoEnumIterator;

use super::*;
use crate::protocol::act::ActKind;
use crate::protocol::admin::DiffChange;
use crate::protocol::people::{Ask, Mode, Tool};
use crate::protocol::rules::{AgentRules, MaskAction, MaskDraft, PrivacyDraft, ScrubDraft, VisitorRules};

fn texts() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec(text(), 0..4)
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["\\PC{0,12}", any::<String>(), r#"[\\'"\n\t\r #=\[\]{}a-z]{0,20}"#]
}

fn some<T: Clone + std::fmt::Debug + 'static>(all: Vec<T>) -> impl Strategy<Value = Vec<T>> {
    let most = all.len();
    proptest::sample::subsequence(all, 0..=most).prop_shuffle()
}

prop_compose! {
    fn agent()(modes in some(Mode::iter().collect()), acts in some(ActKind::iter().collect()), tools in some(Tool::iter().collect()),
        presets in texts(), ask in some(vec![Ask::Submit, Ask::Payment, Ask::Navigate]), lists in (texts(), texts()), silent: bool, image: bool) -> AgentRules {
        AgentRules { modes, acts, tools, presets, ask, ask_selectors: lists.0, never: lists.1, silent_supervisor: silent, image }
    }
}

prop_compose! {
    fn mask()(name in text(), off: bool, selector in text(), which in 0..3usize, pages in texts()) -> MaskDraft {
        let action = [MaskAction::Mask, MaskAction::Hide, MaskAction::Show][which];
        MaskDraft { name, off, selector, action, pages }
    }
}

prop_compose! {
    fn scrub()(name in text(), off: bool, ready in proptest::option::of(text()), pattern in proptest::option::of(text()),
        replacement in proptest::option::of(text()), pages in texts()) -> ScrubDraft {
        ScrubDraft { name, off, ready, pattern, replacement, pages }
    }
}

prop_compose! {
    fn site()(texts in (text(), text(), texts(), texts(), texts()), off: bool,
        agent in prop_oneof![Just(AgentRules::default()), agent()], visitor in some(Tool::iter().collect()), private: bool,
        mask in proptest::collection::vec(mask(), 0..3), scrub in proptest::collection::vec(scrub(), 0..3)) -> SiteDraft {
        let (name, start, pages, loads, networks) = texts;
        let (visitor, privacy) = (VisitorRules { tools: visitor }, PrivacyDraft { private, mask, scrub });
        SiteDraft { name, off, start, pages, loads, networks, agent, visitor, privacy }
    }
}

proptest! {
    #[test]
    fn reading_gives_what_was_written(sites in proptest::collection::vec(site(), 0..4)) {
        let text = write(&sites);
        let (read, _) = read(&text);
        prop_assert_eq!(&read, &sites, "{}", text);
        prop_assert_eq!(write(&read), text);
    }

    #[test]
    fn anything_is_read_without_a_panic(text in r#"(\[\[site\]\]|\[site.privacy\]|[a-z]{1,4} ?= ?|['"\[\]{}\n.,]|true|\PC){0,40}"#) {
        let (_, faults) = read(&text);
        prop_assert!(faults.iter().all(|fault| !fault.message.is_empty() && !fault.hint.is_empty()));
    }

    #[test]
    fn a_difference_holds_all_that_changed(before in "([a-d]\n){0,30}", after in "([a-d]\n){0,30}") {
        let lines = difference(&before, &after);
        prop_assert_eq!(lines.is_empty(), before == after);
        let (added, removed) = changed(&before, &after);
        let count = |text: &str| i64::try_from(text.lines().count()).unwrap();
        prop_assert_eq!(i64::from(added) - i64::from(removed), count(&after) - count(&before));
    }
}

const SITE: &str = "[[site]]\nname = \"Shop\"\nstart = \"https://shop.example/\"\npages = [\"https://shop.example\"]\n";

/// Faults as `LINE PLACE: words | hint`.
fn faults(text: &str) -> Vec<String> {
    let (_, faults) = read(text);
    let line = |fault: &Fault| fault.line.map_or_else(|| "-".to_owned(), |line| line.to_string());
    faults.iter().map(|fault| format!("{} {}: {} | {}", line(fault), fault.place, words(fault), fault.hint)).collect()
}

#[test]
fn what_is_as_by_default_is_left_out() {
    let (sites, faults) = read(SITE);
    assert!(faults.is_empty(), "{faults:?}");
    assert_eq!(write(&sites), SITE);
}

#[test]
fn every_fault_has_its_line() {
    let text = format!(
        "[limits]\nsessions = 3\n\n{SITE}\n[[site.privacy.mask]]\nselectr = \"p\"\naction = \"hide\"\n\n\
         {SITE}\n[sites]\n\n[[site]]\nname = \"Other\"\nstart = \"nowhere\"\npages = [\n  \"https://other.example\",\n  \"other.example\",\n]\n"
    );
    let found = faults(&text);
    let lines: Vec<_> = found.iter().map(|fault| fault.split(':').next().unwrap()).collect();
    assert_eq!(lines, ["10 0", "18 ", "22 2.start", "25 2.pages.1"], "{found:#?}");
    assert!(found[0].ends_with("did you mean `selector`?"), "{}", found[0]);
    assert!(found[1].ends_with("did you mean `site`?"), "{}", found[1]);
    let (sites, _) = read(&text);
    assert_eq!(sites.len(), 2, "those that can be read");
}

#[test]
fn a_text_that_is_no_toml_says_so_at_its_line() {
    let found = faults("[[site]]\nname = \"Shop\nstart = 1\n");
    assert!(found.iter().any(|fault| fault.starts_with("2 : ")), "{found:?}");
    assert_eq!(faults("site = 3\n"), ["1 : `site` is not a list | begin each site with [[site]]"]);
}

#[test]
fn a_difference_leaves_out_what_is_far() {
    let before: String = (0..40).map(|n| format!("{n}\n")).collect();
    let after = before.replace("20\n", "twenty\n");
    let told: Vec<_> = difference(&before, &after).into_iter().map(|line| (line.change, line.text)).collect();
    let same = |n: u32| (DiffChange::Same, n.to_string());
    let skipped = || (DiffChange::Skipped, String::new());
    assert_eq!(
        told,
        [
            skipped(),
            same(17),
            same(18),
            same(19),
            (DiffChange::Removed, "20".to_owned()),
            (DiffChange::Added, "twenty".to_owned()),
            same(21),
            same(22),
            same(23),
            skipped()
        ]
    );
    assert_eq!(changed(&before, &after), (1, 1));
}
