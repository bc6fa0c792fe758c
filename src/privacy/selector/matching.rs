//! Whether a selector matches an element.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::{Attribute, Combinator, Complex, Compound, List, Name, Operator, Part, Test};

/// An element as selectors see it.
pub trait Element: Copy {
    /// The element that it is a child of, in its own document or shadow tree.
    #[must_use]
    fn parent(self) -> Option<Self>;
    /// It is an HTML element, whose name and attributes are in lower case.
    fn is_html(&self) -> bool;
    /// Its name, without a prefix.
    fn name(&self) -> &str;
    /// Value of an attribute that has no namespace.
    fn attribute(&self, name: &str) -> Option<&str>;
    /// It is in a document in quirks mode, where the case of ids and classes does not count.
    fn quirks(&self) -> bool;
}

/// Whether one of a list matches.
pub(super) fn any<E: Element>(list: &List, element: E) -> bool {
    list.iter().any(|complex| matches(complex, element))
}

fn matches<E: Element>(complex: &Complex, element: E) -> bool {
    let Some((last, _)) = complex.0.last() else { return false };
    compound(last, element) && around(complex, complex.0.len() - 1, element) == Found::Here
}

/// What came of looking among what an element is in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Here,
    /// Not from this element, but perhaps from one further out.
    NotFromHere,
    /// From no element further out either: all that there are have been looked at.
    Nowhere,
}

/// Whether the compounds before the one at `at`, which matches `element`, match what it is in. Each of its ancestors is looked at once for each compound.
fn around<E: Element>(complex: &Complex, at: usize, element: E) -> Found {
    let Some((before, combinator)) = at.checked_sub(1).and_then(|before| complex.0.get(before)) else {
        return Found::Here;
    };
    let mut next = element.parent();
    while let Some(outer) = next {
        if compound(before, outer) {
            match around(complex, at - 1, outer) {
                Found::NotFromHere => {}
                found => return found,
            }
        }
        if *combinator == Combinator::Child {
            return Found::NotFromHere;
        }
        next = outer.parent();
    }
    Found::Nowhere
}

fn compound<E: Element>(compound: &Compound, element: E) -> bool {
    compound.name.as_ref().is_none_or(|name| fitting(name, &element) == element.name())
        && compound.parts.iter().all(|part| self::part(part, element))
}

fn part<E: Element>(part: &Part, element: E) -> bool {
    let same = |a: &str, b: &str| if element.quirks() { a.eq_ignore_ascii_case(b) } else { a == b };
    match part {
        Part::Id(id) => element.attribute("id").is_some_and(|value| same(value, id)),
        Part::Class(class) => {
            element.attribute("class").is_some_and(|value| value.split_ascii_whitespace().any(|word| same(word, class)))
        }
        Part::Attribute(Attribute { name, test }) => {
            let name = fitting(name, &element);
            let value = element.attribute(name);
            value.is_some_and(|value| {
                test.as_ref().is_none_or(|test| {
                    let any_case = test.any_case || element.is_html() && ANY_CASE.contains(name);
                    holds(test, value, any_case)
                })
            })
        }
        Part::Is(list) => any(list, element),
        Part::Not(list) => !any(list, element),
    }
}

/// Names of HTML are compared in lower case.
fn fitting<'a, E: Element>(name: &'a Name, element: &E) -> &'a str {
    if element.is_html() { &name.lower } else { &name.written }
}

fn holds(test: &Test, value: &str, any_case: bool) -> bool {
    if !any_case {
        return compare(test.operator, value, &test.value);
    }
    compare(test.operator, &value.to_ascii_lowercase(), &test.value.to_ascii_lowercase())
}

fn compare(operator: Operator, value: &str, wanted: &str) -> bool {
    let some = !wanted.is_empty();
    match operator {
        Operator::Equals => value == wanted,
        Operator::Word => some && value.split_ascii_whitespace().any(|word| word == wanted),
        Operator::Dash => value.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('-')),
        Operator::Begins => some && value.starts_with(wanted),
        Operator::Ends => some && value.ends_with(wanted),
        Operator::Contains => some && value.contains(wanted),
    }
}

/// Attributes of HTML elements whose values selectors compare in any case (HTML Standard, "case-sensitivity of selectors").
static ANY_CASE: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| {
    let names = "accept accept-charset align alink axis bgcolor charset checked clear codetype color compact declare defer dir direction disabled enctype \
                 face frame hreflang http-equiv lang language link media method multiple nohref noresize noshade nowrap readonly rel rev rules scope \
                 scrolling selected shape target text type valign valuetype vlink";
    names.split_ascii_whitespace().collect()
});
