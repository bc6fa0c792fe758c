//! What a mirror keeps of a node: the protocol's record, in as little memory as it takes. A page has many thousands of nodes, and a server many pages.

use std::fmt;
use std::ops::Deref;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::super::{attrs, elements};
use crate::protocol::page::{self, Namespace, NodeId};

/// What a node is, as [`page::Node`] says it.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A document. Its address is in `Mirror::bases`.
    Document {
        /// It is in quirks mode.
        quirks: bool,
    },
    /// A document type.
    Doctype(Box<Doctype>),
    /// An element.
    Element {
        /// Qualified name.
        name: Name,
        /// Its namespace.
        ns: Namespace,
        /// Qualified names, each once, and values.
        attrs: Attrs,
    },
    /// A text node or CDATA section.
    Text {
        /// Its data.
        text: Text,
    },
    /// A shadow root.
    ShadowRoot {
        /// Focus goes to its first focusable element.
        delegates_focus: bool,
    },
}

/// A document type's parts.
#[derive(Clone, Debug, PartialEq)]
pub struct Doctype {
    /// Name.
    pub name: Text,
    /// Public identifier.
    pub public_id: Text,
    /// System identifier.
    pub system_id: Text,
}

impl From<page::Node> for Node {
    fn from(node: page::Node) -> Self {
        match node {
            page::Node::Document { quirks, .. } => Self::Document { quirks },
            page::Node::Doctype { name, public_id, system_id } => {
                let [name, public_id, system_id] = [name, public_id, system_id].map(Text::from);
                Self::Doctype(Box::new(Doctype { name, public_id, system_id }))
            }
            page::Node::Element { name, ns, attrs } => {
                let attrs = attrs.into_iter().map(|(name, value)| (name.into(), value.into()));
                Self::Element { name: name.into(), ns, attrs: Attrs(attrs.collect()) }
            }
            page::Node::Text { text } => Self::Text { text: text.into() },
            page::Node::ShadowRoot { delegates_focus } => Self::ShadowRoot { delegates_focus },
        }
    }
}

impl From<&Node> for page::Node {
    fn from(node: &Node) -> Self {
        match node {
            Node::Document { quirks } => Self::Document { url: None, quirks: *quirks },
            Node::Doctype(doctype) => {
                let Doctype { name, public_id, system_id } = doctype.as_ref();
                let [name, public_id, system_id] = [name, public_id, system_id].map(|part| part.as_str().to_owned());
                Self::Doctype { name, public_id, system_id }
            }
            Node::Element { name, ns, attrs } => {
                let attrs = attrs.iter().map(|(name, value)| (name.as_str().to_owned(), value.as_str().to_owned()));
                Self::Element { name: name.as_str().to_owned(), ns: *ns, attrs: attrs.collect() }
            }
            Node::Text { text } => Self::Text { text: text.as_str().to_owned() },
            Node::ShadowRoot { delegates_focus } => Self::ShadowRoot { delegates_focus: *delegates_focus },
        }
    }
}

/// A text without spare capacity.
#[derive(Clone, PartialEq, Eq)]
pub struct Text(Box<str>);

impl Text {
    /// Itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(text.into_boxed_str())
    }
}

/// An element's or attribute's name. Those that washes know take up no memory of their own.
#[derive(Clone, PartialEq, Eq)]
pub struct Name(Named);

#[derive(Clone, PartialEq, Eq)]
enum Named {
    /// Its place in [`Known::list`].
    Known(u16),
    Own(Box<str>),
}

/// Names that pages often have, beside those that watchers may see.
const OTHERS: [&str; 18] = [
    "action",
    "aria-describedby",
    "aria-expanded",
    "aria-hidden",
    "aria-label",
    "aria-labelledby",
    "content",
    "data-id",
    "data-testid",
    "href",
    "noscript",
    "onclick",
    "rel",
    "script",
    "src",
    "srcset",
    "style",
    "target",
];

struct Known {
    list: Vec<&'static str>,
    places: FxHashMap<&'static str, u16>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let lists = [elements::LISTS.concat(), attrs::LISTS.concat(), OTHERS.to_vec()];
    let mut list = lists.concat();
    list.sort_unstable();
    list.dedup();
    let places = list.iter().zip(0..).map(|(name, place)| (*name, place)).collect();
    Known { list, places }
});

impl Name {
    /// Itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Named::Known(place) => KNOWN.list.get(usize::from(*place)).copied().unwrap_or_default(),
            Named::Own(name) => name,
        }
    }
}

impl From<String> for Name {
    fn from(name: String) -> Self {
        Self(match KNOWN.places.get(name.as_str()) {
            Some(place) => Named::Known(*place),
            None => Named::Own(name.into_boxed_str()),
        })
    }
}

/// Both read like strings.
macro_rules! reads_like_a_string {
    ($($kind:ident)*) => { $(
        impl Deref for $kind {
            type Target = str;

            fn deref(&self) -> &str {
                self.as_str()
            }
        }

        impl AsRef<str> for $kind {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl PartialEq<str> for $kind {
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl PartialEq<&str> for $kind {
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }

        impl PartialEq<String> for $kind {
            fn eq(&self, other: &String) -> bool {
                self.as_str() == other
            }
        }

        impl fmt::Display for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self)
            }
        }

        impl fmt::Debug for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.as_str().fmt(f)
            }
        }
    )* };
}
reads_like_a_string!(Text Name);

/// An element's attributes. They seldom become more or fewer, so that there is no room for more.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attrs(Box<[(Name, Text)]>);

impl Attrs {
    /// Sets the value of one, or removes it.
    pub(super) fn set(&mut self, name: String, value: Option<String>) {
        let at = self.iter().position(|(known, _)| *known == name);
        match (at, value) {
            (Some(at), Some(value)) => self.0[at].1 = value.into(),
            (Some(at), None) => {
                self.0 = std::mem::take(&mut self.0)
                    .into_iter()
                    .enumerate()
                    .filter(|(i, _)| *i != at)
                    .map(|(_, attr)| attr)
                    .collect();
            }
            (None, Some(value)) => {
                let mut attrs = std::mem::take(&mut self.0).into_vec();
                attrs.reserve_exact(1);
                attrs.push((name.into(), value.into()));
                self.0 = attrs.into_boxed_slice();
            }
            (None, None) => {}
        }
    }
}

impl Deref for Attrs {
    type Target = [(Name, Text)];

    fn deref(&self) -> &[(Name, Text)] {
        &self.0
    }
}

impl<'a> IntoIterator for &'a Attrs {
    type Item = &'a (Name, Text);
    type IntoIter = std::slice::Iter<'a, (Name, Text)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// The id of a node that there may be: half as large as an `Option<NodeId>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link(u64);

impl Link {
    /// To no node. The protocol's ids are below 2^53, and none that is not gets into a mirror, see [`Link::fits`].
    pub(super) const NONE: Self = Self(u64::MAX);

    /// Whether an id can be linked to.
    pub(super) fn fits(id: NodeId) -> bool {
        id.0 != Self::NONE.0
    }

    /// The node.
    pub(super) fn get(self) -> Option<NodeId> {
        (self != Self::NONE).then_some(NodeId(self.0))
    }
}

impl From<Option<NodeId>> for Link {
    fn from(id: Option<NodeId>) -> Self {
        id.map_or(Self::NONE, |id| Self(id.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_are_small() {
        assert!(size_of::<Node>() <= 40, "{}", size_of::<Node>());
        assert_eq!(size_of::<(Name, Text)>(), 32);
    }

    #[test]
    fn names_are_what_they_were() {
        for name in ["div", "onclick", "data-of-its-own", "DIV", ""] {
            assert_eq!(Name::from(name.to_owned()), name);
        }
        assert!(matches!(Name::from("linearGradient".to_owned()), Name(Named::Known(_))));
        assert!(matches!(Name::from("x-own".to_owned()), Name(Named::Own(_))));
    }

    #[test]
    fn attributes_come_and_go() {
        let mut attrs = Attrs::default();
        for (name, value) in
            [("a", Some("1")), ("b", Some("2")), ("a", Some("3")), ("c", None), ("b", None), ("b", Some("4"))]
        {
            attrs.set(name.to_owned(), value.map(str::to_owned));
        }
        let is: Vec<(&str, &str)> = attrs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(is, [("a", "3"), ("b", "4")]);
    }

    #[test]
    fn links_lead_to_ids() {
        let ids = [None, Some(NodeId(0)), Some(NodeId(1 << 52))];
        assert!(ids.iter().all(|id| Link::from(*id).get() == *id));
        assert!(!Link::fits(NodeId(u64::MAX)));
    }
}
