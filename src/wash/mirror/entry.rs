//! A node of a mirror, with its links and the wash's notes about it.

use std::cell::{Cell, OnceCell};
use std::sync::Arc;

use url::Url;

use super::super::boxes::Boxed;
use super::super::mask;
use super::super::shade::Shade;
use super::kept::{Doctype, Link, Name, Text};
use super::scrubs::{Scrubbed, unseen};
use super::{ATTRIBUTES, Broken, NAME, Node};
use crate::protocol::page::{NodeId, NodeState};

/// Bytes that an attribute takes up beside its texts.
pub(super) const ATTRIBUTE: usize = size_of::<(Name, Text)>();

/// A node with its links and the wash's notes about it. There are many: none should be larger than it must.
pub(in crate::wash) struct Entry {
    pub(in crate::wash) node: Node,
    pub(in crate::wash) state: Option<Box<NodeState>>,
    pub(super) links: Links,
    /// How many nodes it is below.
    pub(in crate::wash) depth: u32,
    /// Settling that it was seen to in last.
    pub(super) round: Cell<u32>,
    /// The document that it belongs to; of a document, itself.
    pub(in crate::wash) document: NodeId,
    /// What its relative addresses are resolved against: as in a browser, the base at the time when it came or its address was set.
    pub(in crate::wash) base: Option<Arc<Url>>,
    /// See [`Scrubbed`]; only of pages with rules.
    pub(in crate::wash) scrubbed: Option<Box<Scrubbed>>,
    /// It has been a field for a secret on this page, see `wash::mask::is_secret`, or one that was masked.
    pub(in crate::wash) was_secret: bool,
    /// Its text is whole rules of a style sheet, see `wash::css::is_closed`; found out when asked for.
    pub(in crate::wash) closed: OnceCell<bool>,
    /// Of a `style` element: its texts are one sheet only together, see `Wash::sheet_text`; found out when asked for.
    pub(in crate::wash) joined: OnceCell<bool>,
    /// What rules say of it, see `wash::shade`.
    pub(in crate::wash) shade: Shade,
    /// The wash leaves a gap in its place, or puts a box there.
    pub(in crate::wash) gap: bool,
    /// It is a box, see `wash::boxes`.
    pub(in crate::wash) boxed: Option<Boxed>,
    /// It is below a gap.
    pub(in crate::wash) below_gap: bool,
}

/// Where a node stands.
#[derive(Clone, Copy)]
pub(super) struct Links {
    pub(super) parent: Link,
    pub(super) next: Link,
    pub(super) previous: Link,
    pub(super) first: Link,
    pub(super) last: Link,
    /// Shadow root, or frame's document.
    pub(super) inner: Link,
}

impl Entry {
    /// A node that is not linked yet.
    ///
    /// # Errors
    /// [`Broken::TooLarge`]: names are too long, or there are too many attributes.
    pub(super) fn new(node: Node, state: NodeState, document: NodeId, base: Option<Arc<Url>>) -> Result<Self, Broken> {
        if let Node::Element { name, attrs, .. } = &node
            && (name.len() > NAME || attrs.len() > ATTRIBUTES || attrs.iter().any(|(name, _)| name.len() > NAME))
        {
            return Err(Broken::TooLarge);
        }
        let none = Link::NONE;
        let mut entry = Self {
            node,
            state: (!state.is_empty()).then(|| Box::new(state)),
            links: Links { parent: none, next: none, previous: none, first: none, last: none, inner: none },
            depth: 0,
            round: unseen(),
            document,
            base,
            scrubbed: None,
            was_secret: false,
            closed: OnceCell::new(),
            joined: OnceCell::new(),
            shade: Shade::default(),
            gap: false,
            boxed: None,
            below_gap: false,
        };
        entry.was_secret = mask::is_secret(&entry);
        Ok(entry)
    }

    /// Its parent; of a frame's document the frame, of a shadow root the host.
    pub(in crate::wash) fn parent(&self) -> Option<NodeId> {
        self.links.parent.get()
    }

    /// Its next sibling.
    pub(in crate::wash) fn next(&self) -> Option<NodeId> {
        self.links.next.get()
    }

    /// Its previous sibling.
    pub(in crate::wash) fn previous(&self) -> Option<NodeId> {
        self.links.previous.get()
    }

    /// Its first child.
    pub(in crate::wash) fn first(&self) -> Option<NodeId> {
        self.links.first.get()
    }

    /// Its last child.
    pub(in crate::wash) fn last(&self) -> Option<NodeId> {
        self.links.last.get()
    }

    /// Its shadow root, or its frame's document.
    pub(in crate::wash) fn inner(&self) -> Option<NodeId> {
        self.links.inner.get()
    }

    /// It has a shadow root, or is a frame whose document is known.
    pub(in crate::wash) fn has_inner(&self) -> bool {
        self.inner().is_some()
    }

    /// It is not among its parent's children.
    pub(super) fn is_inner(&self) -> bool {
        matches!(self.node, Node::Document { .. } | Node::ShadowRoot { .. })
    }

    /// State, or an empty one.
    pub(in crate::wash) fn state(&self) -> &NodeState {
        static EMPTY: NodeState = NodeState {
            value: None,
            masked: None,
            checked: None,
            indeterminate: None,
            selected: None,
            scroll: None,
            modal: None,
            popover: None,
            media: None,
            canvas: None,
            adopted: None,
            size: None,
            defined: None,
        };
        self.state.as_deref().unwrap_or(&EMPTY)
    }

    /// Fields that are present change.
    pub(super) fn merge(&mut self, new: NodeState) {
        let state = self.state.get_or_insert_default();
        macro_rules! merge {
            ($($field:ident)*) => { $(if new.$field.is_some() { state.$field = new.$field; })* };
        }
        merge!(value masked checked indeterminate selected scroll modal popover media canvas adopted size defined);
    }

    /// Value of an attribute.
    pub(in crate::wash) fn attr(&self, wanted: &str) -> Option<&str> {
        let Node::Element { attrs, .. } = &self.node else { return None };
        attrs.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
    }

    /// Bytes that count against the bound.
    pub(in crate::wash) fn weight(&self) -> usize {
        let node = match &self.node {
            Node::Document { .. } | Node::ShadowRoot { .. } => 0,
            Node::Doctype(doctype) => {
                let Doctype { name, public_id, system_id } = doctype.as_ref();
                name.len() + public_id.len() + system_id.len()
            }
            Node::Element { name, attrs, .. } => {
                name.len() + attrs.iter().map(|(name, value)| name.len() + value.len() + ATTRIBUTE).sum::<usize>()
            }
            Node::Text { text } => text.len(),
        };
        let state = self.state();
        let adopted = state.adopted.as_ref().map_or(0, |ids| ids.len() * size_of::<NodeId>());
        node + state.value.as_ref().map_or(0, String::len) + state.canvas.as_ref().map_or(0, String::len) + adopted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_small() {
        assert!(size_of::<Entry>() <= 144, "{}", size_of::<Entry>());
    }
}
