//! Notes: made, taken away, and bound to their elements again as the page changes. Both sides get the same.

use std::sync::Arc;

use tokio::time::Instant;

use super::Task;
use crate::policy::Permit;
use crate::privacy::Scrubber;
use crate::protocol::act::{Denial, Outcome};
use crate::protocol::agent::ToViewer;
use crate::protocol::note::{NewNote, Note, NoteId, Shape};
use crate::protocol::people::{PersonId, Role};
use crate::protocol::visitor::ToVisitor;
use crate::session::trail::What;

impl Task {
    /// An agent puts a note on the page.
    pub(super) async fn add_note(&mut self, by: PersonId, note: Permit<NewNote>) -> Result<Outcome, Denial> {
        self.note(by, note.into_inner()).await.map(|()| Outcome::Done)
    }

    /// The visitor puts a note on the page, where the site's rules have it.
    pub(super) async fn visitor_notes(&mut self, note: NewNote) {
        if self.visitor_may(note.shape.tool()) {
            // A highlight that cannot be is none: the visitor sees that.
            let _ = self.note(PersonId::VISITOR, note).await;
        }
    }

    async fn note(&mut self, by: PersonId, new: NewNote) -> Result<(), Denial> {
        let connection = self.active.ok_or(Denial::Away)?;
        if self.source != Some(connection) {
            return Err(Denial::Gone);
        }
        let tool = new.shape.tool();
        let session = Arc::clone(&self.session);
        let added = self.work(self.is_large(), move |shown| shown.add_note(&mut session.notes(), by, new)).await;
        let note = added.unwrap_or(Err(Denial::Gone))?;
        self.session.mark.set();
        self.session.trail.count(self.deed(What::NotePlaced, by).with(&tool));
        self.tell_note(note);
        Ok(())
    }

    /// An agent takes a note away.
    pub(super) fn remove_note(&mut self, by: PersonId, id: &Permit<NoteId>) -> Result<Outcome, Denial> {
        let id = *id.get();
        self.session.notes().remove(id, by, self.leads(by))?;
        self.tell_gone(&[id], by);
        Ok(Outcome::Done)
    }

    /// An agent takes away all that they may.
    pub(super) fn clear_notes(&mut self, by: PersonId) -> Outcome {
        let gone = self.session.notes().clear(by, self.leads(by));
        self.tell_gone(&gone, by);
        Outcome::Done
    }

    pub(super) fn visitor_dismisses(&mut self, id: NoteId) {
        if self.session.notes().remove(id, PersonId::VISITOR, false).is_ok() {
            self.tell_gone(&[id], PersonId::VISITOR);
        }
    }

    fn leads(&self, person: PersonId) -> bool {
        self.session.status.borrow().people.role(person) == Some(Role::Agent)
    }

    /// Notes follow what happened to the page. `all`: who draws them knows none of the page's nodes any more.
    pub(super) async fn rebind_notes(&mut self, all: bool) {
        if self.session.notes().is_empty() {
            return;
        }
        let session = Arc::clone(&self.session);
        let changed = self.work(self.is_large(), move |shown| shown.rebind(&mut session.notes())).await;
        if all {
            self.tell_views(&ToViewer::Notes { notes: self.told_notes() });
            self.tell_page_notes();
        } else {
            changed.unwrap_or_default().into_iter().for_each(|note| self.tell_note(note));
        }
    }

    /// Elements that could not be looked for at once are.
    pub(super) async fn look_for_notes(&mut self) {
        if self.notes_due().is_some_and(|due| due <= Instant::now()) {
            self.rebind_notes(false).await;
        }
    }

    pub(super) fn notes_due(&self) -> Option<Instant> {
        self.session.notes().due()
    }

    /// All notes as they are bound now.
    fn notes(&self) -> Vec<Note> {
        self.session.notes().list()
    }

    /// All notes as agents may read them.
    pub(super) fn told_notes(&self) -> Vec<Note> {
        let scrubber = self.scrubber();
        self.notes().into_iter().map(|note| told(note, &scrubber)).collect()
    }

    /// To the page that is shown: all notes.
    fn tell_page_notes(&mut self) {
        let notes = self.notes();
        self.answer(ToVisitor::Notes { notes });
    }

    fn tell_note(&mut self, note: Note) {
        self.tell_views(&ToViewer::Note { note: told(note.clone(), &self.scrubber()) });
        self.answer(ToVisitor::Note { note });
    }

    fn tell_gone(&mut self, gone: &[NoteId], by: PersonId) {
        for id in gone {
            self.tell_views(&ToViewer::NoteGone { id: *id, by });
            self.tell_pages(&ToVisitor::NoteGone { id: *id });
        }
        if !gone.is_empty() {
            self.session.mark.set();
        }
    }
}

/// A note as agents may read it: what the visitor wrote is scrubbed.
fn told(note: Note, scrubber: &Scrubber) -> Note {
    let shape = match note.shape {
        Shape::Label { text, at } if note.by == PersonId::VISITOR => {
            Shape::Label { text: scrubber.scrub(&text).into_owned(), at }
        }
        shape => shape,
    };
    Note { shape, ..note }
}
