//! Reading a mirror from without: what the session needs to know of single nodes.

use super::super::elements;
use super::{Entry, Mirror, Name, Node, Step, Text};
use crate::protocol::page::NodeId;

/// A node of a mirror, to be read.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    mirror: &'a Mirror,
    /// Its id.
    pub id: NodeId,
    entry: &'a Entry,
}

/// A step of a walk through a mirror in document order.
pub enum Visit<'a> {
    /// A node begins. Its shadow root or frame's document comes before its children.
    Enter(Look<'a>),
    /// The node that began last, of those that are not done, is done.
    Leave,
}

impl<'a> Look<'a> {
    /// What it is.
    #[must_use]
    pub fn node(&self) -> &'a Node {
        &self.entry.node
    }

    /// Qualified name of an element.
    #[must_use]
    pub fn name(&self) -> Option<&'a str> {
        match self.node() {
            Node::Element { name, .. } => Some(name),
            _ => None,
        }
    }

    /// Data of a text.
    #[must_use]
    pub fn text(&self) -> Option<&'a str> {
        match self.node() {
            Node::Text { text } => Some(text),
            _ => None,
        }
    }

    /// Attributes of an element.
    #[must_use]
    pub fn attrs(&self) -> &'a [(Name, Text)] {
        match self.node() {
            Node::Element { attrs, .. } => attrs,
            _ => &[],
        }
    }

    /// It begins a tree of its own: a document or a shadow root.
    #[must_use]
    pub fn is_root(&self) -> bool {
        matches!(self.node(), Node::Document { .. } | Node::ShadowRoot { .. })
    }

    /// Watchers see it: the wash neither drops it nor anything around it.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        !self.entry.gap && !self.entry.below_gap
    }

    /// Watchers see stars, or nothing, of its texts and values.
    #[must_use]
    pub fn is_masked(&self) -> bool {
        self.entry.shade.is_masked()
    }

    /// Of a text: watchers see something else in its place, because of rules about texts.
    #[must_use]
    pub fn is_altered(&self) -> bool {
        self.entry.scrubbed().is_some()
    }

    /// Another node of the same page.
    #[must_use]
    pub fn other(&self, id: NodeId) -> Option<Self> {
        self.mirror.look(id)
    }

    /// It is an HTML element of this name.
    #[must_use]
    pub fn is_html(&self, name: &str) -> bool {
        elements::is_html(self.entry, name)
    }

    /// Its parent; of a frame's document the frame, of a shadow root the host.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        self.mirror.look(self.entry.parent()?)
    }

    /// Its next sibling.
    #[must_use]
    pub fn next(&self) -> Option<Self> {
        self.mirror.look(self.entry.next()?)
    }

    /// Its previous sibling.
    #[must_use]
    pub fn previous(&self) -> Option<Self> {
        self.mirror.look(self.entry.previous()?)
    }

    /// Its children in order.
    pub fn children(&self) -> impl Iterator<Item = Self> + use<'a> {
        std::iter::successors(self.entry.first().and_then(|first| self.mirror.look(first)), Self::next)
    }

    /// Its shadow root, or its frame's document.
    #[must_use]
    pub fn inner(&self) -> Option<Self> {
        self.mirror.look(self.entry.inner()?)
    }

    /// It and all below it, in document order.
    pub fn walk(&self) -> impl Iterator<Item = Visit<'a>> + use<'a> {
        let mirror = self.mirror;
        mirror.walk(self.id).map(move |step| match step {
            Step::Enter(id, entry) => Visit::Enter(Look { mirror, id, entry }),
            Step::Leave(_) => Visit::Leave,
        })
    }
}

impl Mirror {
    /// A node, to be read.
    #[must_use]
    pub fn look(&self, id: NodeId) -> Option<Look<'_>> {
        self.get(id).map(|entry| Look { mirror: self, id, entry })
    }

    /// The page's document.
    #[must_use]
    pub fn document(&self) -> Option<Look<'_>> {
        self.look(self.root()?)
    }
}
