//! What a mirror keeps for scrubbing: which documents have rules, where runs of text changed, and what grows bit by bit. Without a rule, nothing of it is kept.

use std::cell::Cell;
use std::sync::Arc;

use super::super::runs;
use super::ids::IdMap;
use super::{Entry, Mirror};
use crate::privacy::Scrubber;
use crate::protocol::page::{Node, NodeId};

/// Most bytes of a text that is compared with what stood in its place.
const GIST: usize = 1 << 10;
/// Most nodes that a text is put together from for that.
const GIST_NODES: usize = 64;

/// See the module.
#[derive(Default)]
pub(super) struct Scrubs {
    /// Of documents for which there are rules.
    rules: IdMap<Arc<Scrubber>>,
    /// Where runs changed since they were settled.
    touched: Vec<Touched>,
    /// Number of the last settling.
    round: u32,
}

/// Where a run changed.
#[derive(Clone, Copy, Debug)]
pub(in crate::wash) enum Touched {
    /// In a node, before it, or behind it.
    Around(NodeId),
    /// At the beginning of what is in it.
    Start(NodeId),
}

/// The wash's notes about an entry's texts.
#[derive(Default)]
pub(in crate::wash) struct Scrubbed {
    /// Of a text: what watchers see in its place, where that is something else.
    pub(in crate::wash) text: Option<Box<str>>,
    /// Of a text: its data was continued, as by somebody who types.
    pub(in crate::wash) grows: bool,
    /// Names of attributes that were continued.
    attrs: Vec<String>,
    /// What went last from among its children, and whether that grew.
    gone: Option<(Box<str>, bool)>,
}

impl Entry {
    /// An attribute was continued by its last change.
    pub(in crate::wash) fn attr_grows(&self, name: &str) -> bool {
        self.scrubbed.as_ref().is_some_and(|notes| notes.attrs.iter().any(|known| known == name))
    }

    /// Its text was continued by its last change.
    pub(in crate::wash) fn grows(&self) -> bool {
        self.scrubbed.as_ref().is_some_and(|notes| notes.grows)
    }

    /// What stands in the place of a text; none: the text itself.
    pub(in crate::wash) fn scrubbed(&self) -> Option<&str> {
        self.scrubbed.as_ref()?.text.as_deref()
    }

    fn set_grows(&mut self, grows: bool) {
        if grows || self.scrubbed.is_some() {
            self.scrubbed.get_or_insert_default().grows = grows;
        }
    }
}

impl Mirror {
    /// Sets what stands in the place of a text; true: that is something else than before.
    pub(in crate::wash) fn set_scrubbed(&mut self, node: NodeId, text: Option<Box<str>>) -> bool {
        let Some(entry) = self.get_mut(node).filter(|entry| entry.scrubbed() != text.as_deref()) else { return false };
        entry.scrubbed.get_or_insert_default().text = text;
        true
    }

    /// There are rules for some document.
    pub(in crate::wash) fn is_scrubbed(&self) -> bool {
        !self.scrubs.rules.is_empty()
    }

    /// The rules of a document; none: there is none.
    pub(in crate::wash) fn scrubber(&self, document: NodeId) -> Option<&Scrubber> {
        if self.scrubs.rules.is_empty() { None } else { self.scrubs.rules.get(&document).map(Arc::as_ref) }
    }

    /// Sets the rules of a document.
    pub(in crate::wash) fn set_scrubber(&mut self, document: NodeId, scrubber: Option<Arc<Scrubber>>) {
        match scrubber {
            Some(scrubber) => self.scrubs.rules.insert(document, scrubber),
            None => self.scrubs.rules.remove(&document),
        };
    }

    pub(super) fn forget_scrubber(&mut self, document: NodeId) {
        if self.is_scrubbed() {
            self.scrubs.rules.remove(&document);
        }
    }

    /// Runs around a node changed.
    pub(in crate::wash) fn touch(&mut self, node: NodeId) {
        if self.is_scrubbed() {
            self.scrubs.touched.push(Touched::Around(node));
        }
    }

    /// A node is about to go from where it is.
    pub(super) fn touch_gap(&mut self, node: NodeId) {
        let Some(entry) = self.get(node).filter(|_| self.is_scrubbed()) else { return };
        let touched = match (entry.previous, entry.parent) {
            (Some(previous), _) => Touched::Around(previous),
            (None, Some(parent)) => Touched::Start(parent),
            (None, None) => return,
        };
        self.scrubs.touched.push(touched);
    }

    /// All texts of a subtree are scrubbed anew.
    pub(in crate::wash) fn touch_all(&mut self, root: NodeId) {
        let subtree = self.subtree(root);
        self.looks_at(subtree.len());
        let texts = subtree.into_iter().filter(|id| self.get(*id).is_some_and(|e| matches!(e.node, Node::Text { .. })));
        let touched: Vec<Touched> = texts.map(Touched::Around).collect();
        self.scrubs.touched.extend(touched);
    }

    /// No run changed since the last settling: what watchers see of texts is known.
    pub(in crate::wash) fn is_settled(&self) -> bool {
        self.scrubs.touched.is_empty()
    }

    /// Where runs changed, to be settled now.
    pub(in crate::wash) fn take_touched(&mut self) -> Vec<Touched> {
        self.scrubs.round = self.scrubs.round.wrapping_add(1);
        std::mem::take(&mut self.scrubs.touched)
    }

    /// Notes that a node is seen to in this settling; false: it was.
    pub(in crate::wash) fn is_first(&self, node: NodeId) -> bool {
        self.get(node).is_some_and(|entry| entry.round.replace(self.scrubs.round) != self.scrubs.round)
    }

    /// Notes whether an attribute is continued.
    pub(super) fn note_attr(&mut self, node: NodeId, name: &str, grows: bool) {
        self.update(node, |entry| {
            if grows == entry.attr_grows(name) {
                return;
            }
            let attrs = &mut entry.scrubbed.get_or_insert_default().attrs;
            if grows { attrs.push(name.to_owned()) } else { attrs.retain(|known| known != name) }
        });
    }

    /// Notes whether a text is continued.
    pub(super) fn note_text(&mut self, node: NodeId, grows: bool) {
        self.update(node, |entry| entry.set_grows(grows));
    }

    /// Notes what is about to go, so that what comes in its place can be told from something new.
    pub(super) fn note_gone(&mut self, node: NodeId) {
        if !self.is_scrubbed() {
            return;
        }
        let Some((gist, last)) = self.gist(node) else { return };
        let grew = self.get(last).is_some_and(Entry::grows);
        if let Some(parent) = self.get(node).and_then(|entry| entry.parent) {
            self.update(parent, |entry| entry.scrubbed.get_or_insert_default().gone = Some((gist.into(), grew)));
        }
    }

    /// Notes whether what was added continues what stood in its place, or the text before it.
    pub(super) fn note_come(&mut self, node: NodeId) {
        if !self.is_scrubbed() {
            return;
        }
        let Some((gist, last)) = self.gist(node) else { return };
        let parent = self.get(node).and_then(|entry| self.parent(entry));
        let gone = parent.and_then(|parent| parent.scrubbed.as_ref()?.gone.as_ref());
        let grows = match gone {
            Some((gone, grew)) if **gone == *gist => *grew,
            Some((gone, _)) => continues(gone, &gist),
            None => false,
        };
        if grows || runs::continues_text(self, node) {
            self.note_text(last, true);
        }
    }

    /// The text in a subtree, and the last node of it; none: there is none, or too much.
    fn gist(&self, root: NodeId) -> Option<(String, NodeId)> {
        let (mut gist, mut last) = (String::new(), None);
        for (seen, step) in self.walk(root).enumerate() {
            if seen > GIST_NODES * 2 || gist.len() > GIST {
                return None;
            }
            if let super::Step::Enter(id, Entry { node: Node::Text { text }, .. }) = step {
                if text.len() > GIST {
                    return None;
                }
                gist.push_str(text);
                last = Some(id).filter(|_| !text.trim().is_empty()).or(last);
            }
        }
        self.looks_at(1);
        last.map(|last| (gist, last))
    }
}

/// Whether a new text goes on from an old one, or is what is left of it.
pub(super) fn continues(old: &str, new: &str) -> bool {
    !old.is_empty() && !new.is_empty() && (new.starts_with(old) || old.starts_with(new))
}

/// A mark that no settling has.
pub(super) fn unseen() -> Cell<u32> {
    Cell::new(u32::MAX)
}
