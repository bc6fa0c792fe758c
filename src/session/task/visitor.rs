//! The visitor's side: connections, which of them is shown, and what comes from them.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::{FromPage, Task};
use crate::protocol::act::{Lock, Outcome};
use crate::protocol::agent::{EndedBy, Presence, Tab, ToViewer};
use crate::protocol::people::PersonId;
use crate::protocol::visitor::{FromVisitor, ToVisitor};
use crate::session::latest::Lane;

/// Most locks of a page.
const LOCKS: usize = 64;

/// A connected page.
pub(super) struct Visitor {
    answers: mpsc::Sender<ToVisitor>,
    pub(super) pointers: Arc<Lane<ToVisitor>>,
    visible: bool,
    order: u64,
    /// Title when it was shown last.
    title: String,
    /// Edition of the terms at which it connected.
    edition: u64,
}

impl Visitor {
    /// It came before the terms changed. It is asked for once: what is done about it is done.
    pub(super) fn is_of_before(&mut self, edition: u64) -> bool {
        std::mem::replace(&mut self.edition, edition) < edition
    }
}

/// Number of the tab behind a connection.
pub(in crate::session) fn tab(connection: u64) -> u32 {
    u32::try_from(connection).unwrap_or(u32::MAX)
}

impl Task {
    pub(super) fn connected(
        &mut self,
        connection: u64,
        answers: mpsc::Sender<ToVisitor>,
        pointers: Arc<Lane<ToVisitor>>,
    ) {
        self.order += 1;
        let edition = self.terms.edition;
        let visitor = Visitor { answers, pointers, visible: true, order: self.order, title: String::new(), edition };
        self.visitors.insert(connection, visitor);
        let sites = self.terms.policy.mask_sites(self.session.start());
        self.tell_page(connection, ToVisitor::Privacy { sites });
        self.choose_active(false);
        if self.session.restored {
            // What the page loaded before is lost; a page that was loaded since has nothing to load again.
            self.tell_page(connection, ToVisitor::Resync { assets: true });
        }
        self.tell_page(connection, ToVisitor::Chats { messages: self.chat.written() });
        self.ask_again(connection);
    }

    pub(super) fn disconnected(&mut self, connection: u64) {
        self.visitors.remove(&connection);
        let ended = self.acts.disconnected(connection);
        self.tell_ended(ended);
        self.choose_active(true);
        if self.visitors.is_empty() {
            self.write(PersonId::VISITOR, false);
        }
    }

    pub(super) async fn message(&mut self, FromPage { connection, message, room }: FromPage) {
        if !self.visitors.contains_key(&connection) {
            return;
        }
        let active = self.active == Some(connection);
        match message {
            FromVisitor::Events { page, seq, events } if active => self.batch(page, seq, events, room.bytes).await,
            FromVisitor::Hash { page, seq, hash } if active => self.compare(page, seq, hash).await,
            FromVisitor::Locks { locks } if active => self.lock(locks),
            FromVisitor::Note { note } if active => self.visitor_notes(note).await,
            FromVisitor::Events { .. } | FromVisitor::Hash { .. } => {}
            FromVisitor::Locks { .. } | FromVisitor::Note { .. } => {}
            FromVisitor::Visible { visible } => self.visible(connection, visible),
            FromVisitor::Acted { id, outcome } => self.acted(id, outcome),
            FromVisitor::Mode { mode } => self.visitor_sets_mode(mode),
            FromVisitor::Answer { id, allow } => self.answered(id, allow),
            FromVisitor::Chat { text } => self.visitor_writes(&text),
            FromVisitor::Writing { writing } => self.visitor_is_writing(writing),
            FromVisitor::Sample { .. } | FromVisitor::Baggage { .. } | FromVisitor::Ask { .. } => {}
            FromVisitor::AskGone { .. } | FromVisitor::Field { .. } | FromVisitor::List { .. } => {}
            FromVisitor::Copied { .. } | FromVisitor::Cursor { .. } | FromVisitor::Suggest => {}
            FromVisitor::Dismiss { note } => self.visitor_dismisses(note),
            FromVisitor::End => self.session.end(EndedBy::Visitor),
            FromVisitor::Ping { rtt, .. } => {
                if let Some(rtt) = rtt.and_then(|rtt| self.rtt.note(rtt)) {
                    self.session.update(|status| status.rtt = Some(rtt));
                }
            }
        }
    }

    fn visible(&mut self, connection: u64, visible: bool) {
        if let Some(visitor) = self.visitors.get_mut(&connection) {
            if visible && !visitor.visible {
                self.order += 1;
                visitor.order = self.order;
            }
            visitor.visible = visible;
        }
        self.choose_active(true);
    }

    /// The page that is in front, or was last, is the one that agents see. `resync`: a page that takes over has sent its snapshot
    /// long ago, so ask for another; one that has just connected begins with a snapshot by itself.
    fn choose_active(&mut self, resync: bool) {
        let front = self.visitors.iter().max_by_key(|(_, visitor)| (visitor.visible, visitor.order)).map(|(id, _)| *id);
        if front != self.active {
            if let Some(behind) = std::mem::replace(&mut self.active, front) {
                // Its nodes are not those that notes are bound to from now on.
                self.tell_page(behind, ToVisitor::Notes { notes: Vec::new() });
            }
            self.session.note_away();
            self.lock(Vec::new());
            if resync && front.is_some() {
                self.ask_snapshot();
            }
        }
        self.announce();
    }

    /// A page began: another load, or the same anew.
    pub(super) fn loaded(&mut self, page: u64) {
        let ended = self.acts.loaded(page);
        self.tell_ended(ended);
        let shown: Vec<Lock> = self.look(|shown| self.locks.iter().filter(|l| shown.shows(l.node)).copied().collect());
        self.lock(shown);
    }

    /// The page that is shown has another title.
    pub(super) fn title(&mut self, title: String) {
        if let Some(visitor) = self.active.and_then(|id| self.visitors.get_mut(&id)) {
            visitor.title = title;
            self.announce();
        }
    }

    /// Titles were told by terms that hold no more.
    pub(super) fn forget_titles(&mut self) {
        self.visitors.values_mut().for_each(|visitor| visitor.title.clear());
    }

    /// The page says where somebody types: views are told of what they see of it.
    pub(super) fn lock(&mut self, locks: Vec<Lock>) {
        let mut kept: Vec<Lock> = Vec::new();
        let known = |by| by == PersonId::VISITOR || self.session.status.borrow().people.role(by).is_some();
        self.look(|shown| {
            for lock in locks.into_iter().filter(|lock| known(lock.by) && shown.shows(lock.node)).take(LOCKS) {
                if kept.iter().all(|other| other.node != lock.node) {
                    kept.push(lock);
                }
            }
        });
        if kept != self.locks {
            self.locks = kept;
            self.tell_views(&ToViewer::Locks { locks: self.locks.clone() });
        }
    }

    fn acted(&mut self, id: u32, outcome: Outcome) {
        if let Some(asker) = self.acts.answer(id, outcome) {
            self.tell_ended(vec![(asker, outcome)]);
        }
    }

    pub(super) fn presence(&self) -> Presence {
        match self.active.and_then(|id| self.visitors.get(&id)) {
            Some(Visitor { visible: true, .. }) => Presence::Here,
            Some(_) => Presence::Hidden,
            None if self.order == 0 => Presence::None,
            None => Presence::Away,
        }
    }

    pub(super) fn tabs(&self) -> Vec<Tab> {
        let tab = |(id, visitor): (&u64, &Visitor)| {
            let shown = self.active == Some(*id);
            Tab { id: tab(*id), title: visitor.title.clone(), shown, front: shown && visitor.visible }
        };
        let mut tabs: Vec<Tab> = self.visitors.iter().map(tab).collect();
        tabs.sort_by_key(|tab| tab.id);
        tabs
    }

    /// To the page that is shown.
    pub(super) fn answer(&mut self, message: ToVisitor) {
        if let Some(connection) = self.active {
            self.tell_page(connection, message);
        }
    }

    /// To all pages.
    pub(super) fn tell_visitor(&mut self, message: &ToVisitor) {
        let all: Vec<u64> = self.visitors.keys().copied().collect();
        for connection in all {
            self.tell_page(connection, message.clone());
        }
    }

    /// A socket that takes no answers is closed, by dropping its sender.
    pub(super) fn tell_page(&mut self, connection: u64, message: ToVisitor) {
        let full = self.visitors.get(&connection).is_some_and(|visitor| visitor.answers.try_send(message).is_err());
        if full {
            self.disconnected(connection);
        }
    }
}
