//! What agents may do: the visitor decides. Stepping down is at once; stepping up is asked.

use std::time::Duration;

use tokio::time::Instant;

use super::Task;
use crate::policy::Permit;
use crate::protocol::act::{Denial, Outcome};
use crate::protocol::agent::ToConsole;
use crate::protocol::people::{Mode, PersonId};
use crate::protocol::visitor::{Question, ToVisitor};
use crate::session::trail::What;

/// How long the visitor may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A question that the visitor has not answered.
pub(super) struct Asked {
    id: u32,
    by: PersonId,
    /// The console that asked, and its request.
    desk: u64,
    n: u32,
    pub(super) until: Instant,
}

impl Task {
    /// An agent wants another mode: what comes of it at once.
    pub(super) fn agent_sets_mode(
        &mut self,
        by: PersonId,
        (desk, n): (u64, u32),
        mode: &Permit<Mode>,
    ) -> Result<Outcome, Denial> {
        let mode = *mode.get();
        if mode == Mode::ViewOnly {
            self.stop_asking(Outcome::Denied { reason: Denial::Mode });
            self.set_mode(by, mode);
            return Ok(Outcome::Done);
        }
        if self.session.mode() == mode {
            return Ok(Outcome::Done);
        }
        if !self.is_there() {
            return Err(Denial::Away);
        }
        if self.asked.is_some() {
            return Err(Denial::TooMuch);
        }
        self.questions += 1;
        let id = self.questions;
        self.asked = Some(Asked { id, by, desk, n, until: Instant::now() + PATIENCE });
        self.session.update(|status| status.asking = true);
        self.tell_visitor(&ToVisitor::Question { id, by, what: Question::Share });
        Ok(Outcome::Asking)
    }

    /// The visitor chooses by themselves; what they were asked needs no answer any more.
    pub(super) fn visitor_sets_mode(&mut self, mode: Mode) {
        match mode {
            Mode::ViewOnly => self.stop_asking(Outcome::Denied { reason: Denial::Declined }),
            Mode::Shared if !self.session.rules().modes.contains(&mode) => return,
            Mode::Shared => self.stop_asking(Outcome::Done),
        }
        self.set_mode(PersonId::VISITOR, mode);
    }

    /// The visitor answers.
    pub(super) fn answered(&mut self, id: u32, allow: bool) {
        if self.asked.as_ref().is_none_or(|asked| asked.id != id) {
            return;
        }
        if allow {
            self.set_mode(PersonId::VISITOR, Mode::Shared);
            self.stop_asking(Outcome::Done);
        } else {
            self.stop_asking(Outcome::Denied { reason: Denial::Declined });
        }
    }

    /// A page that connects asks what is not answered yet.
    pub(super) fn ask_again(&mut self, connection: u64) {
        if let Some(question) = self.open_question() {
            self.tell_page(connection, question);
        }
    }

    /// What is not answered yet.
    pub(super) fn open_question(&self) -> Option<ToVisitor> {
        self.asked.as_ref().map(|Asked { id, by, .. }| ToVisitor::Question { id: *id, by: *by, what: Question::Share })
    }

    pub(super) fn stop_asking_if_overdue(&mut self) {
        if self.asked.as_ref().is_some_and(|asked| asked.until <= Instant::now()) {
            self.stop_asking(Outcome::Denied { reason: Denial::Unanswered });
        }
    }

    /// The question, if there is one, is over.
    pub(super) fn stop_asking(&mut self, outcome: Outcome) {
        let Some(Asked { id, desk, n, .. }) = self.asked.take() else { return };
        self.session.update(|status| status.asking = false);
        self.tell_visitor(&ToVisitor::Unasked { id });
        self.tell_desk(desk, ToConsole::Outcome { n, outcome });
    }

    /// Sets the mode. What was asked of the page in shared mode is denied when that ends.
    fn set_mode(&mut self, by: PersonId, mode: Mode) {
        let before = self.session.mode();
        self.session.update(|status| status.mode = status.allowed(mode));
        let mode = self.session.mode();
        if mode != before {
            self.session.trail.note(self.deed(What::ModeChanged, by).with(&mode));
        }
        if mode != Mode::Shared {
            let ended = self.acts.deny_all(Denial::Mode);
            self.tell_ended(ended);
        }
    }
}
