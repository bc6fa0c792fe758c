//! What a mirror keeps for scrubbing: which documents have rules, where runs of text changed, and what grows bit by bit. Without a rule, nothing of it is kept.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use super::super::runs;
use super::super::scrub::scrub_pieces;
use super::ends::Ends;
use super::ids::IdMap;
use super::{Entry, Mirror, Node};
use crate::privacy::{Held, Scrubber};
use crate::protocol::page::NodeId;

/// Most bytes of a text that is compared with what stood in its place.
const GIST: usize = 1 << 10;
/// Most nodes that a text is put together from for that.
const GIST_NODES: usize = 64;
/// Most parts of a run before a text that begins to grow, for what is a match there to be held.
const HELD_AFTER: usize = 100;
/// Most bytes of them.
const HELD_BYTES: usize = 4 << 10;

/// See the module.
#[derive(Default)]
pub(super) struct Scrubs {
    /// Of documents for which there are rules.
    rules: Rules,
    /// Where runs changed since they were settled.
    touched: Vec<Touched>,
    /// Number of the last settling.
    round: u32,
    /// Some element said that it, or what is in it, is edited as a whole.
    edited: bool,
    /// See [`super::ends`].
    pub(super) ends: RefCell<Ends>,
    /// What was touched came with a page.
    pub(super) fresh: bool,
    /// The page's address is continued bit by bit.
    pub(super) address_grows: bool,
}

/// Rules of documents. Nearly all nodes belong to the one whose were found first.
#[derive(Default)]
struct Rules {
    first: Option<(NodeId, Arc<Scrubber>)>,
    others: IdMap<Arc<Scrubber>>,
}

impl Rules {
    fn is_empty(&self) -> bool {
        self.first.is_none() && self.others.is_empty()
    }

    fn get(&self, document: NodeId) -> Option<&Scrubber> {
        match &self.first {
            Some((known, scrubber)) if *known == document => Some(scrubber),
            _ if self.others.is_empty() => None,
            _ => self.others.get(&document).map(Arc::as_ref),
        }
    }

    fn set(&mut self, document: NodeId, scrubber: Option<Arc<Scrubber>>) {
        if self.first.as_ref().is_some_and(|(known, _)| *known == document) {
            self.first = None;
        } else {
            self.others.remove(&document);
        }
        match scrubber {
            Some(scrubber) if self.first.is_none() => self.first = Some((document, scrubber)),
            Some(scrubber) => drop(self.others.insert(document, scrubber)),
            None => {}
        }
    }
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
    /// Of a text: its data was continued, as by somebody who types, up to this byte.
    pub(in crate::wash) grows: Option<usize>,
    /// Of a text that grows: what was a match before.
    pub(in crate::wash) held: Option<Held>,
    /// Attributes that were continued, by their names.
    attrs: Vec<(String, Typed)>,
    /// Of a field: its value.
    value: Option<Typed>,
    /// What went last from among its children.
    gone: Option<Gone>,
}

/// A text that is typed.
pub(in crate::wash) struct Typed {
    /// What watchers see in its place, where that is something else.
    shown: Option<Box<str>>,
    held: Option<Held>,
}

impl Typed {
    /// `old` became `new`, which was continued up to byte `at`; `before`: what the old one was.
    pub(super) fn new(scrubber: &Scrubber, before: Option<&Self>, old: &str, new: &str, at: usize) -> Self {
        Self::with_end(scrubber, before, old, new, at).0
    }

    /// The same, with the telling end of what was continued.
    fn with_end(scrubber: &Scrubber, before: Option<&Self>, old: &str, new: &str, at: usize) -> (Self, Option<String>) {
        let first = || scrubber.scrub_growing(old, None).1;
        let held = before.map_or_else(first, |typed| typed.held.clone());
        let Some((head, tail)) = new.split_at_checked(at).filter(|(_, tail)| !tail.is_empty()) else {
            let (shown, held, end) = scrubber.scrub_typed(new, held.as_ref());
            return (Self { shown: (shown != new).then(|| shown.into()), held }, end);
        };
        let mut now = [None, None];
        let shown = scrub_pieces(scrubber, &[head, tail], &[(0, held.as_ref()), (1, None)], &mut now);
        let [held, _] = now;
        let typed = Self { shown: shown.map(|pieces| pieces.concat().into()), held: held.flatten() };
        (typed, scrubber.telling_end(head))
    }
}

/// What stood where something else may come.
struct Gone {
    text: Box<str>,
    grew: Option<usize>,
    held: Option<Held>,
}

impl Entry {
    /// What watchers see of an attribute that was continued by its last change.
    pub(in crate::wash) fn typed_attr<'a>(&'a self, name: &str, value: &'a str) -> Option<&'a str> {
        let typed = self.scrubbed.as_ref()?.attrs.iter().find(|(known, _)| known == name);
        typed.map(|(_, typed)| typed.shown.as_deref().unwrap_or(value))
    }

    /// What watchers see of a value that was typed since there are rules.
    pub(in crate::wash) fn typed_value<'a>(&'a self, value: &'a str) -> Option<&'a str> {
        self.scrubbed.as_ref()?.value.as_ref().map(|typed| typed.shown.as_deref().unwrap_or(value))
    }

    /// Its text was continued by its last change, up to this byte.
    pub(in crate::wash) fn grows(&self) -> Option<usize> {
        self.scrubbed.as_ref()?.grows
    }

    /// What stands in the place of a text; none: the text itself.
    pub(in crate::wash) fn scrubbed(&self) -> Option<&str> {
        self.scrubbed.as_ref()?.text.as_deref()
    }

    fn set_grows(&mut self, grows: Option<usize>, held: Option<Held>) {
        if grows.is_some() || self.scrubbed.is_some() {
            let notes = self.scrubbed.get_or_insert_default();
            (notes.grows, notes.held) = (grows, held);
        }
    }
}

impl Mirror {
    /// Sets what stands in the place of a text; true: that is something else than before.
    pub(in crate::wash) fn set_scrubbed(
        &mut self,
        node: NodeId,
        text: Option<Box<str>>,
        held: Option<Option<Held>>,
    ) -> bool {
        if let Some(held) = held {
            self.update(node, |entry| entry.scrubbed.get_or_insert_default().held = held);
        }
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
        self.scrubs.rules.get(document)
    }

    /// Sets the rules of a document.
    pub(in crate::wash) fn set_scrubber(&mut self, document: NodeId, scrubber: Option<Arc<Scrubber>>) {
        self.scrubs.rules.set(document, scrubber);
    }

    pub(super) fn forget_scrubber(&mut self, document: NodeId) {
        if self.is_scrubbed() {
            self.scrubs.rules.set(document, None);
        }
    }

    /// Runs around a node changed.
    pub(in crate::wash) fn touch(&mut self, node: NodeId) {
        if self.is_scrubbed() {
            self.scrubs.touched.push(Touched::Around(node));
        }
    }

    /// Whether some element of the page, at some time, said that it is edited as a whole, see [`runs::is_edited`].
    pub(in crate::wash) fn has_edited(&self) -> bool {
        self.scrubs.edited
    }

    pub(super) fn note_edited(&mut self) {
        self.scrubs.edited = true;
    }

    /// Whether somebody may be typing in an element; false where nothing is scrubbed.
    pub(super) fn is_typed_in(&self, element: Option<NodeId>) -> bool {
        self.is_scrubbed() && runs::is_edited(self, element.and_then(|id| self.get(id)))
    }

    /// A node is about to go from where it is.
    pub(super) fn touch_gap(&mut self, node: NodeId) {
        let Some(entry) = self.get(node).filter(|_| self.is_scrubbed()) else { return };
        let touched = match (entry.previous(), entry.parent()) {
            (Some(previous), _) => Touched::Around(previous),
            (None, Some(parent)) => Touched::Start(parent),
            (None, None) => return,
        };
        self.scrubs.touched.push(touched);
    }

    /// All texts of a subtree are scrubbed anew, by other rules.
    pub(in crate::wash) fn touch_all(&mut self, root: NodeId) {
        let subtree = self.subtree(root);
        self.looks_at(subtree.len());
        for id in subtree {
            let Some(entry) = self.get_mut(id) else { continue };
            if let Some(notes) = &mut entry.scrubbed {
                (notes.value, notes.held) = (None, None);
                notes.attrs.clear();
            }
            if matches!(entry.node, Node::Text { .. }) {
                self.scrubs.touched.push(Touched::Around(id));
            }
        }
    }

    /// Runs in a subtree changed.
    pub(super) fn touch_texts(&mut self, root: NodeId) {
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

    /// What is to be noted when an attribute gets another value, before it gets it; none: nothing was continued.
    pub(super) fn type_attr(&self, node: NodeId, name: &str, new: Option<&str>) -> Option<Typed> {
        let entry = self.get(node)?;
        let scrubber = self.scrubber(entry.document)?;
        let (old, new) = (entry.attr(name).unwrap_or_default(), new?);
        let known = entry.scrubbed.as_ref().and_then(|notes| notes.attrs.iter().find(|(known, _)| known == name));
        let goes_on = if old == new { known.map(|_| new.len()) } else { continues(old, new) };
        self.works(new.len());
        let seen = self.sees_now(scrubber, new.get(..goes_on.unwrap_or(new.len())).unwrap_or(new));
        let at = goes_on.or_else(|| seen.then_some(new.len()))?;
        Some(Typed::new(scrubber, known.map(|(_, typed)| typed), old, new, at))
    }

    /// Notes what [`Mirror::type_attr`] gave.
    pub(super) fn note_attr(&mut self, node: NodeId, name: &str, typed: Option<Typed>) {
        self.update(node, |entry| {
            if typed.is_none() && entry.scrubbed.is_none() {
                return;
            }
            let attrs = &mut entry.scrubbed.get_or_insert_default().attrs;
            attrs.retain(|(known, _)| known != name);
            attrs.extend(typed.map(|typed| (name.to_owned(), typed)));
        });
    }

    /// Notes what watchers see of a field's new value, before it gets it.
    pub(super) fn note_value(&mut self, node: NodeId, new: &str) {
        let Some(entry) = self.get(node) else { return };
        let Some(scrubber) = self.scrubber(entry.document) else { return };
        let before = entry.scrubbed.as_ref().and_then(|notes| notes.value.as_ref());
        let old = entry.state().value.as_deref().unwrap_or_default();
        let at = continues(old, new).unwrap_or(new.len());
        let (typed, end) = Typed::with_end(scrubber, before, old, new, at);
        self.works(new.len());
        self.notes_end(end.as_deref());
        self.update(node, |entry| entry.scrubbed.get_or_insert_default().value = Some(typed));
    }

    /// Notes whether a new text continues the old one, before it comes in its place.
    pub(super) fn note_text(&mut self, node: NodeId, new: &str) {
        let Some(entry @ Entry { node: Node::Text { text }, .. }) = self.get(node) else { return };
        if text == new {
            return;
        }
        let grows = continues(text, new);
        let held = match &entry.scrubbed {
            Some(notes) if grows.is_some() && notes.grows.is_some() => notes.held.clone(),
            _ if grows.is_some() => self.held_up_to(node),
            _ => None,
        };
        self.update(node, |entry| entry.set_grows(grows, held));
    }

    /// What is a match in a run up to the end of a text, so that it is held when the text grows.
    fn held_up_to(&self, node: NodeId) -> Option<Held> {
        let scrubber = self.scrubber(self.get(node)?.document)?;
        let pieces = runs::pieces(self, &runs::before(self, node, HELD_AFTER)?);
        if pieces.iter().map(|(_, piece)| piece.len()).sum::<usize>() > HELD_BYTES {
            return None;
        }
        let pieces: Vec<&str> = pieces.into_iter().map(|(_, piece)| piece).collect();
        scrubber.scrub_growing_run(&pieces, None).1
    }

    /// Notes what is about to go, so that what comes in its place can be told from something new.
    pub(super) fn note_gone(&mut self, node: NodeId) {
        if !self.is_scrubbed() {
            return;
        }
        let Some((gist, last)) = self.gist(node) else { return };
        let grew = self.get(last).and_then(Entry::grows);
        let held = self.get(last).and_then(|entry| entry.scrubbed.as_ref()?.held.clone());
        let gone = Gone { text: gist.into(), grew, held };
        if let Some(parent) = self.get(node).and_then(Entry::parent) {
            self.update(parent, |entry| entry.scrubbed.get_or_insert_default().gone = Some(gone));
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
            Some(gone) if *gone.text == *gist => gone.grew,
            Some(gone) => continues(&gone.text, &gist).and_then(|at| match &self.get(last)?.node {
                _ if at == gist.len() => Some(usize::MAX),
                Node::Text { text } if *text == gist => Some(at),
                _ => None,
            }),
            None => None,
        };
        let scrubber = self.get(last).and_then(|entry| self.scrubber(entry.document));
        let held = match gone.filter(|_| grows.is_some()) {
            Some(Gone { held: Some(held), .. }) => Some(held.clone()),
            Some(Gone { text, .. }) => scrubber.and_then(|scrubber| scrubber.scrub_growing(text, None).1),
            None => None,
        };
        let grows = grows.or_else(|| runs::continues_text(self, node).then_some(usize::MAX));
        if grows.is_some() {
            self.update(last, |entry| entry.set_grows(grows, held));
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

/// Up to which byte a new text goes on from an old one, or is what is left of it: characters were added in one place, taken out there, or put in the place
/// of others that tell nothing.
fn continues(old: &str, new: &str) -> Option<usize> {
    if old.is_empty() || new.is_empty() {
        return None;
    }
    if new.starts_with(old) || old.starts_with(new) {
        return Some(new.len());
    }
    let same = |(old, new): &(char, char)| old == new;
    let size = |pairs: &mut dyn Iterator<Item = (char, char)>| pairs.take_while(same).map(|(_, c)| c.len_utf8()).sum();
    let head: usize = size(&mut old.chars().zip(new.chars()));
    let (out, into) = (old.get(head..)?, new.get(head..)?);
    let tail: usize = size(&mut out.chars().rev().zip(into.chars().rev()));
    let (out, into) = (out.get(..out.len() - tail)?, into.get(..into.len() - tail)?);
    let tells = |text: &str| text.contains(char::is_alphanumeric);
    (head + tail > 0 && !(tells(out) && tells(into))).then_some(head + into.len())
}

/// A mark that no settling has.
pub(super) fn unseen() -> Cell<u32> {
    Cell::new(u32::MAX)
}
