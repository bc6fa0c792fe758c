//! Links between nodes, and walks that need no stack.

use std::cell::OnceCell;

use super::entry::Links;
use super::kept::Link;
use super::{Broken, DEPTH, Entry, Mirror, Node};
use crate::protocol::page::NodeId;

/// Elements beside custom ones that can have a shadow root (DOM Standard, "attach a shadow root").
const SHADOW_HOSTS: [&str; 18] = [
    "article",
    "aside",
    "blockquote",
    "body",
    "div",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "main",
    "nav",
    "p",
    "section",
    "span",
];

/// A step of a [`Walk`].
pub(in crate::wash) enum Step<'a> {
    /// A node begins.
    Enter(NodeId, &'a Entry),
    /// A node and all below it are done.
    Leave(&'a Entry),
}

/// A subtree in document order: a node, its shadow root or frame's document, its children.
pub(in crate::wash) struct Walk<'a> {
    mirror: &'a Mirror,
    root: NodeId,
    /// The next step; true: it enters.
    next: Option<(bool, NodeId)>,
}

impl Walk<'_> {
    /// Leaves out what is below the node that was entered last.
    pub(in crate::wash) fn not_below(&mut self, entered: NodeId) {
        self.next = Some((false, entered));
    }
}

impl<'a> Iterator for Walk<'a> {
    type Item = Step<'a>;

    fn next(&mut self) -> Option<Step<'a>> {
        let (enters, id) = self.next.take()?;
        let entry = self.mirror.get(id)?;
        self.next = if enters {
            Some(entry.inner().or(entry.first()).map_or((false, id), |below| (true, below)))
        } else if id == self.root {
            None
        } else {
            let parent = entry.parent()?;
            let after = if entry.is_inner() { self.mirror.get(parent)?.first() } else { entry.next() };
            Some(after.map_or((false, parent), |next| (true, next)))
        };
        Some(if enters { Step::Enter(id, entry) } else { Step::Leave(entry) })
    }
}

impl Mirror {
    /// A subtree in document order.
    pub(in crate::wash) fn walk(&self, root: NodeId) -> Walk<'_> {
        Walk { mirror: self, root, next: Some((true, root)) }
    }

    /// Ids of a subtree in document order.
    pub(in crate::wash) fn subtree(&self, root: NodeId) -> Vec<NodeId> {
        self.walk(root)
            .filter_map(|step| match step {
                Step::Enter(id, _) => Some(id),
                Step::Leave(..) => None,
            })
            .collect()
    }

    /// A node and the siblings after it.
    pub(in crate::wash) fn siblings(&self, first: Option<NodeId>) -> impl Iterator<Item = (NodeId, &Entry)> {
        let mut next = first;
        std::iter::from_fn(move || {
            let id = next?;
            let entry = self.get(id)?;
            next = entry.next();
            Some((id, entry))
        })
    }

    /// The parent's entry.
    pub(in crate::wash) fn parent(&self, entry: &Entry) -> Option<&Entry> {
        entry.parent().and_then(|parent| self.get(parent))
    }

    /// Links an entry, whose own links are empty, into the tree.
    pub(super) fn link(&mut self, id: NodeId, parent: NodeId, before: Option<NodeId>) -> Result<(), Broken> {
        let entry = self.get(id).ok_or(Broken::Unknown)?;
        let inner = entry.is_inner();
        let host = self.get(parent).ok_or(Broken::Unknown)?;
        if !fits(&entry.node, host) {
            return Err(Broken::Misplaced);
        }
        let previous = match before {
            Some(_) if inner => return Err(Broken::NotASibling),
            Some(before) => {
                let sibling = self.get(before).ok_or(Broken::Unknown)?;
                if sibling.parent() != Some(parent) || sibling.is_inner() || before == id {
                    return Err(Broken::NotASibling);
                }
                sibling.previous()
            }
            None => host.last(),
        };
        let depth = host.depth.saturating_add(1);
        if inner {
            self.update(parent, |host| host.links.inner = Some(id).into());
            self.update(id, |entry| (entry.links.parent, entry.depth) = (Some(parent).into(), depth));
            return Ok(());
        }
        if let Some(previous) = previous {
            self.update(previous, |entry| entry.links.next = Some(id).into());
        }
        if let Some(before) = before {
            self.update(before, |entry| entry.links.previous = Some(id).into());
        }
        self.update(id, |entry| {
            let links =
                Links { parent: Some(parent).into(), previous: previous.into(), next: before.into(), ..entry.links };
            (entry.links, entry.depth) = (links, depth);
        });
        self.update(parent, |host| {
            if previous.is_none() {
                host.links.first = Some(id).into();
            }
            if before.is_none() {
                host.links.last = Some(id).into();
            }
            host.joined = OnceCell::new();
        });
        Ok(())
    }

    /// Takes an entry out of the tree; what is below it stays linked to it.
    pub(super) fn unlink(&mut self, id: NodeId) -> Result<(), Broken> {
        let entry = self.get(id).ok_or(Broken::Unknown)?;
        let parent = entry.parent().ok_or(Broken::Misplaced)?;
        let inner = entry.is_inner();
        let Links { previous, next, .. } = entry.links;
        if inner {
            self.update(parent, |host| host.links.inner = Link::NONE);
        } else {
            match previous.get() {
                Some(previous) => self.update(previous, |entry| entry.links.next = next),
                None => self.update(parent, |host| host.links.first = next),
            }
            match next.get() {
                Some(next) => self.update(next, |entry| entry.links.previous = previous),
                None => self.update(parent, |host| host.links.last = previous),
            }
        }
        let none = Link::NONE;
        self.update(id, |entry| entry.links = Links { parent: none, previous: none, next: none, ..entry.links });
        self.update(parent, |host| host.joined = OnceCell::new());
        Ok(())
    }

    /// Whether `node` is `other` or one of its ancestors.
    pub(super) fn is_ancestor(&self, node: NodeId, other: NodeId) -> Result<bool, Broken> {
        let mut at = Some(other);
        for steps in 0..DEPTH {
            match at {
                Some(id) if id != node => at = self.get(id).and_then(Entry::parent),
                end => {
                    self.looks_at(steps);
                    return Ok(end.is_some());
                }
            }
        }
        Err(Broken::TooLarge)
    }

    pub(super) fn update(&mut self, id: NodeId, change: impl FnOnce(&mut Entry)) {
        if let Some(entry) = self.get_mut(id) {
            change(entry);
        }
    }
}

/// Whether such a node can stand below the host.
fn fits(node: &Node, host: &Entry) -> bool {
    match (node, &host.node) {
        (Node::Document { .. }, Node::Element { name, ns, .. }) => {
            ns.is_html() && !host.has_inner() && matches!(name.as_str(), "iframe" | "frame" | "object" | "embed")
        }
        (Node::ShadowRoot { .. }, Node::Element { name, ns, .. }) => {
            ns.is_html() && !host.has_inner() && (name.contains('-') || SHADOW_HOSTS.contains(&name.as_str()))
        }
        (Node::Doctype(_), Node::Document { .. }) => true,
        (Node::Element { .. }, Node::Document { .. } | Node::Element { .. } | Node::ShadowRoot { .. }) => true,
        (Node::Text { .. }, Node::Element { .. } | Node::ShadowRoot { .. }) => true,
        _ => false,
    }
}
