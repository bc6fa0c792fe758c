//! The notes of a session: labels, highlights and marks, each bound to an element, which is looked for again when it was rendered anew or its page
//! comes back ([`super::anchor`]).

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tokio::time::Instant;

use super::anchor::{Anchor, Field};
use crate::origin::base32;
use crate::protocol::act::Denial;
use crate::protocol::note::{NewNote, Note, NoteId, Shape};
use crate::protocol::page::{NodeId, Range};
use crate::protocol::people::PersonId;
use crate::wash::Mirror;

mod shape;
mod span;

use span::Span;

/// Most notes of a session.
const NOTES: usize = 200;
/// Most of one person.
const OF_ONE: usize = 50;
/// Most points of all its freehand marks: everybody who comes gets all of them, and each change writes them.
const POINTS: usize = 40_000;
/// Looking for elements takes one part in so many of a session's time at most.
const SHARE: u32 = 4;

/// All notes of a session. Where they are bound is not stored: that is found out anew.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notes {
    /// In the order in which they were made.
    kept: Vec<Kept>,
    /// Number of the newest.
    last: u32,
    /// When elements were looked for last, and how long it took.
    #[serde(skip)]
    looked: Option<(Instant, Duration)>,
    /// Digest of the address at which they were bound last.
    #[serde(skip)]
    page: String,
    /// Elements are to be looked for as soon as it may be.
    #[serde(skip)]
    waiting: bool,
}

/// What happened to the page since notes were bound last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Since {
    /// Nothing that moves a note: no nodes came or went, no text changed.
    Nothing,
    /// Nodes came or went, or texts changed.
    Change,
    /// A snapshot came: no id means what it meant.
    Snapshot,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    id: NoteId,
    by: PersonId,
    /// Digest of its page's address.
    page: String,
    anchor: Anchor,
    shape: Shape,
    /// Of a text: where it is in the element.
    span: Option<Span>,
    /// What it is bound to now.
    #[serde(skip)]
    node: Option<NodeId>,
}

impl Kept {
    /// What of it follows the page.
    fn bound(&self) -> (Option<NodeId>, Option<Range>) {
        match self.shape {
            Shape::Text { range } => (self.node, Some(range)),
            _ => (self.node, None),
        }
    }

    fn note(&self) -> Note {
        Note { id: self.id, by: self.by, node: self.node, shape: self.shape.clone() }
    }
}

impl Notes {
    /// Puts a note on the page at `url`.
    ///
    /// # Errors
    /// [`Denial::Gone`]: watchers do not see the element. [`Denial::Unfit`]: a shape that makes no sense, see [`Shape`]; a range that is not
    /// within the element. [`Denial::TooMuch`]: there are 200 notes, or 50 of this
    /// person, or their freehand marks have 40,000 points.
    pub fn add(&mut self, by: PersonId, new: NewNote, mirror: &Mirror, url: &str) -> Result<Note, Denial> {
        if self.kept.len() >= NOTES || self.kept.iter().filter(|kept| kept.by == by).count() >= OF_ONE {
            return Err(Denial::TooMuch);
        }
        let element = mirror.look(new.node).filter(|look| look.is_shown()).ok_or(Denial::Gone)?;
        if element.name().is_none() {
            return Err(Denial::Unfit);
        }
        let shape = shape::check(new.shape)?;
        if self.kept.iter().map(|kept| shape::points(&kept.shape)).sum::<usize>() + shape::points(&shape) > POINTS {
            return Err(Denial::TooMuch);
        }
        let span = match &shape {
            Shape::Text { range } => Some(Span::of(mirror, &element, range).ok_or(Denial::Unfit)?),
            _ => None,
        };
        let shape = match shape {
            Shape::Text { range } => Shape::Text { range: span::told(&element, range) },
            shape => shape,
        };
        let anchor = Field::new(mirror).describe(new.node).ok_or(Denial::Gone)?;
        self.last = self.last.checked_add(1).ok_or(Denial::TooMuch)?;
        let id = NoteId(self.last);
        let kept = Kept { id, by, page: page(url), anchor, shape, span, node: Some(new.node) };
        let note = kept.note();
        self.kept.push(kept);
        Ok(note)
    }

    /// Takes a note away: one's own, all for the visitor, all of the agents' side for the agent who leads.
    ///
    /// # Errors
    /// [`Denial::Gone`]: there is no such note. [`Denial::Role`]: it is another's.
    pub fn remove(&mut self, id: NoteId, by: PersonId, leads: bool) -> Result<(), Denial> {
        let at = self.kept.iter().position(|kept| kept.id == id).ok_or(Denial::Gone)?;
        let whose = self.kept.get(at).map(|kept| kept.by);
        let may = by == PersonId::VISITOR || whose == Some(by) || leads && whose != Some(PersonId::VISITOR);
        if !may {
            return Err(Denial::Role);
        }
        self.kept.remove(at);
        Ok(())
    }

    /// Takes away all notes of the agents' side that an agent may take away, and says which these were.
    pub fn clear(&mut self, by: PersonId, leads: bool) -> Vec<NoteId> {
        let goes = |kept: &Kept| kept.by == by || leads && kept.by != PersonId::VISITOR;
        let (gone, kept) = std::mem::take(&mut self.kept).into_iter().partition(goes);
        self.kept = kept;
        gone.into_iter().map(|kept: Kept| kept.id).collect()
    }

    /// All notes, in the order in which they were made.
    #[must_use]
    pub fn list(&self) -> Vec<Note> {
        self.kept.iter().map(Kept::note).collect()
    }

    /// There are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// When [`Notes::rebind`] is to be called though nothing happens: elements could not be looked for at once.
    #[must_use]
    pub fn due(&self) -> Option<Instant> {
        self.looked.filter(|_| self.waiting).map(|(at, cost)| at + cost * (SHARE - 1))
    }

    /// Binds notes to the elements of the page at `url`, after a batch of events, and gives those for which something changed.
    pub fn rebind(&mut self, mirror: &Mirror, url: &str, since: Since) -> Vec<Note> {
        if self.kept.is_empty() {
            return Vec::new();
        }
        let page = page(url);
        if since == Since::Nothing && page == self.page && !self.waiting {
            return Vec::new();
        }
        let before: Vec<_> = self.kept.iter().map(Kept::bound).collect();
        for kept in &mut self.kept {
            let there = |node: &NodeId| mirror.look(*node).is_some_and(|look| look.is_shown());
            let same = since < Since::Snapshot && kept.page == page;
            kept.node = kept.node.filter(|node| same && there(node));
        }
        let missing = self.kept.iter().any(|kept| kept.page == page && kept.node.is_none());
        let texts = self.kept.iter().any(|kept| kept.page == page && kept.span.is_some());
        self.waiting = missing || texts;
        if self.waiting && self.due().is_none_or(|due| due <= Instant::now()) {
            self.waiting = false;
            let start = Instant::now();
            self.look(mirror, &page, missing);
            self.looked = Some((Instant::now(), start.elapsed()));
        }
        self.page = page;
        let changed = self.kept.iter().zip(&before).filter(|(now, before)| now.bound() != **before);
        changed.map(|(now, _)| now.note()).collect()
    }

    /// Looks for what is missing, and maps texts anew.
    fn look(&mut self, mirror: &Mirror, page: &str, missing: bool) {
        let field = missing.then(|| Field::new(mirror));
        for kept in self.kept.iter_mut().filter(|kept| kept.page == page) {
            if let (None, Some(field)) = (kept.node, &field) {
                kept.node = field.find(&kept.anchor);
            }
            let (Some(span), Some(node)) = (&kept.span, kept.node) else { continue };
            match mirror.look(node).and_then(|element| span.range(&element)) {
                Some(range) => kept.shape = Shape::Text { range },
                None => kept.node = None,
            }
        }
    }
}

/// Digest of a page's address, its fragment aside.
fn page(url: &str) -> String {
    base32(&Sha256::digest(url.split('#').next().unwrap_or_default()))
}

#[cfg(test)]
mod tests;
