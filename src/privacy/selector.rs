//! CSS selectors of masks (Selectors Level 4, the part that looks at an element and at what it is in).
//!
//! There are type, universal, id, class and attribute selectors, the descendant and the child combinator, lists, `:is`, `:where` and `:not`. Whatever
//! else there is in CSS depends on siblings, on state or on what an element holds; it is refused, with the place and a way out.
//!
//! They match as `Element.matches` does in the visitor's browser, so that companion and server agree (`fixtures/masks/`). What an attribute says is what
//! the visitor's DOM has: of attributes with addresses, view addresses.

use std::sync::Arc;

use crate::protocol::rules::Fault;

mod matching;
mod parse;

pub use matching::Element;

/// A list of selectors that look at an element and at what it is in, so that whether one matches never depends on siblings, on state or on time. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Selector {
    text: Arc<str>,
    list: Arc<List>,
    attributes: Arc<[String]>,
    outer: Arc<[String]>,
}

impl Selector {
    /// Reads a selector list.
    ///
    /// # Errors
    /// What is wrong, with its place within the text.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let list = parse::parse(text)?;
        let sorted = |outer: bool| {
            let mut found = Vec::new();
            names(&list, !outer, &mut found);
            found.sort_unstable();
            found.dedup();
            found.into()
        };
        let (attributes, outer) = (sorted(false), sorted(true));
        Ok(Self { text: text.into(), list: Arc::new(list), attributes, outer })
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Names of the attributes on which it depends, of the element or of what it is in; each as written and in lower case. Sorted.
    #[must_use]
    pub fn attributes(&self) -> &[String] {
        &self.attributes
    }

    /// Those of them that count for what is within the element that has them.
    #[must_use]
    pub fn outer_attributes(&self) -> &[String] {
        &self.outer
    }

    /// Whether it matches an element.
    #[must_use]
    pub fn matches<E: Element>(&self, element: E) -> bool {
        matching::any(&self.list, element)
    }
}

/// Selectors of which one has to match.
type List = Vec<Complex>;

/// Compounds, each with how it is found from the one after it; the last is about the element itself.
#[derive(Debug)]
struct Complex(Vec<(Compound, Combinator)>);

/// Where the next compound's element is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Combinator {
    /// Anywhere within.
    Descendant,
    /// A child; of the last compound, it means nothing.
    Child,
}

/// What has to hold of one element.
#[derive(Debug, Default)]
struct Compound {
    name: Option<Name>,
    parts: Vec<Part>,
}

/// A name, as written and in lower case: which of them counts depends on the element.
#[derive(Debug)]
struct Name {
    written: String,
    lower: String,
}

#[derive(Debug)]
enum Part {
    Id(String),
    Class(String),
    Attribute(Attribute),
    Is(List),
    Not(List),
}

#[derive(Debug)]
struct Attribute {
    name: Name,
    test: Option<Test>,
}

/// What an attribute's value has to be.
#[derive(Debug)]
struct Test {
    operator: Operator,
    value: String,
    /// Letters of ASCII in any case.
    any_case: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equals,
    Word,
    Dash,
    Begins,
    Ends,
    Contains,
}

/// Names of attributes that a list looks at; `own`: those of the element itself, too, not of what it is in alone.
fn names(list: &List, own: bool, out: &mut Vec<String>) {
    for complex in list {
        let last = complex.0.len().saturating_sub(1);
        for (i, (compound, _)) in complex.0.iter().enumerate() {
            let counts = own || i < last;
            for part in &compound.parts {
                match part {
                    Part::Is(list) | Part::Not(list) => names(list, counts, out),
                    _ if !counts => {}
                    Part::Id(_) => out.push("id".to_owned()),
                    Part::Class(_) => out.push("class".to_owned()),
                    Part::Attribute(Attribute { name, .. }) => out.extend([name.written.clone(), name.lower.clone()]),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
