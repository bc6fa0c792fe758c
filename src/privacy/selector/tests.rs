//! Selectors that are refused, by `fixtures/masks/faults/selectors.json`. What the others match, the cases of `fixtures/masks/` say (`wash::shade`).

use proptest::prelude::*;
use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    selector: String,
    span: (u32, u32),
    says: String,
    #[serde(default)]
    hint: String,
}

#[test]
fn the_place_of_what_is_wrong() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("../../../fixtures/masks/faults/selectors.json")).unwrap();
    let mut wrong = Vec::new();
    for case in cases {
        match Selector::parse(&case.selector) {
            Ok(_) => wrong.push(format!("{:?} was taken", case.selector)),
            Err(fault) => {
                let fits = fault.span == Some(case.span)
                    && fault.message.contains(&case.says)
                    && fault.hint.contains(&case.hint)
                    && !fault.hint.is_empty();
                if !fits {
                    wrong.push(format!("{:?}: {fault:?}", case.selector));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_attributes_that_count() {
    let selector = Selector::parse("main#x > [viewBox] :is(.y, :not([data-Z=a]))").unwrap();
    assert_eq!(selector.attributes(), ["class", "data-Z", "data-z", "id", "viewBox", "viewbox"]);
    assert_eq!(selector.outer_attributes(), ["id", "viewBox", "viewbox"]);
    let nested = Selector::parse("p:not(.open *):is([a] > b.c)").unwrap();
    assert_eq!(nested.outer_attributes(), ["a", "class"]);
    assert_eq!(selector.as_str(), "main#x > [viewBox] :is(.y, :not([data-Z=a]))");
}

/// A chain of elements, each with a class, the innermost last.
#[derive(Clone, Copy)]
struct Chain<'a>(&'a [String], &'a std::cell::Cell<usize>);

impl Element for Chain<'_> {
    fn parent(self) -> Option<Self> {
        self.1.set(self.1.get() + 1);
        let above = self.0.split_last()?.1;
        (!above.is_empty()).then_some(Self(above, self.1))
    }
    fn is_html(&self) -> bool {
        true
    }
    fn name(&self) -> &str {
        "x"
    }
    fn attribute(&self, name: &str) -> Option<&str> {
        self.0.last().filter(|_| name == "class").map(String::as_str)
    }
    fn quirks(&self) -> bool {
        false
    }
}

/// What a selector of classes means, in the plainest way.
fn plainly(compounds: &[(usize, bool)], chain: &[String]) -> bool {
    let (Some((last, before)), Some((element, above))) = (compounds.split_last(), chain.split_last()) else {
        return false;
    };
    let fits = *element == format!("c{}", last.0);
    let around = || match before.last() {
        None => true,
        Some((_, true)) => plainly(before, above),
        Some((_, false)) => (0..=above.len()).any(|n| plainly(before, &above[..n])),
    };
    fits && around()
}

proptest! {
    #[test]
    fn combinators_find_what_there_is(compounds in proptest::collection::vec((0_usize..3, any::<bool>()), 1..6), chain in proptest::collection::vec(0_usize..3, 1..14)) {
        let chain: Vec<String> = chain.iter().map(|n| format!("c{n}")).collect();
        let text: String = compounds.iter().enumerate().map(|(i, (n, child))| {
            let combinator = if i + 1 == compounds.len() { "" } else if *child { " > " } else { " " };
            format!(".c{n}{combinator}")
        }).collect();
        let selector = Selector::parse(&text).unwrap();
        let steps = std::cell::Cell::new(0);
        prop_assert_eq!(selector.matches(Chain(&chain, &steps)), plainly(&compounds, &chain));
        prop_assert!(steps.get() <= compounds.len() * chain.len());
    }

    #[test]
    fn whatever_is_written_is_read_or_refused_within_it(text in "[a-z.#:>+~ \\[\\]()*=\"'|,\\\\\u{e9}/-]{0,30}") {
        match Selector::parse(&text) {
            Ok(selector) => prop_assert_eq!(selector.as_str(), text),
            Err(fault) => {
                let (start, end) = fault.span.unwrap();
                prop_assert!(start <= end && end as usize <= text.chars().count());
            }
        }
    }
}
