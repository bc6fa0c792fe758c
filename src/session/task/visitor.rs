//! The visitor's side: connections, which of them is shown, and what comes from them.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::{FromPage, Task, screen};
use crate::origin::UpstreamOrigin;
use crate::protocol::act::{Lock, Outcome};
use crate::protocol::agent::{EndedBy, Presence, Tab, ToViewer};
use crate::protocol::image::ToScreen;
use crate::protocol::people::PersonId;
use crate::protocol::visitor::{FromVisitor, ToVisitor};
use crate::session::latest::Lane;

/// Most locks of a page.
const LOCKS: usize = 64;

/// Where a page stands.
pub(in crate::session) struct PagePlace {
    /// In our own Chrome.
    pub(in crate::session) hosted: bool,
    /// Its origin.
    pub(in crate::session) origin: UpstreamOrigin,
}

/// A connected page.
pub(super) struct Visitor {
    pub(super) place: PagePlace,
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
        place: PagePlace,
        answers: mpsc::Sender<ToVisitor>,
        pointers: Arc<Lane<ToVisitor>>,
    ) {
        let hosted = place.hosted;
        if hosted && !self.is_image() {
            // Its socket is closed: nobody answers it.
            return;
        }
        self.order += 1;
        let (edition, title) = (self.terms.edition, String::new());
        let visitor = Visitor { place, answers, pointers, visible: true, order: self.order, title, edition };
        self.visitors.insert(connection, visitor);
        if !hosted && self.is_image() {
            return self.send_to_screen(connection);
        }
        let sites = self.terms.policy.mask_sites(self.session.start());
        self.tell_page(connection, ToVisitor::Privacy { sites });
        self.choose_active(false);
        self.unpack(connection);
        if hosted {
            return;
        }
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
        self.packs_no_more(connection);
        self.choose_active(true);
        if !self.is_there() {
            self.write(PersonId::VISITOR, false);
        }
    }

    pub(super) async fn message(&mut self, FromPage { connection, message, room }: FromPage) {
        let Some(visitor) = self.visitors.get(&connection) else { return };
        let (hosted, drives) = (visitor.place.hosted, visitor.place.hosted == self.is_image());
        let active = self.active == Some(connection);
        match message {
            FromVisitor::Baggage { baggage, pack } => self.take_baggage(connection, baggage, pack),
            FromVisitor::End if !hosted => self.session.end(EndedBy::Visitor),
            // Another one drives: what this one says of its page, nobody is shown.
            _ if !drives => {}
            message if hosted && !screen::is_of_hosted(&message) => {}
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
            FromVisitor::Suggest if active && !hosted => self.suggested(connection),
            FromVisitor::Sample { sample } if active && hosted => self.judge(sample),
            message if active && hosted && screen::is_for_screen(&message) => self.hosted_tells(message),
            FromVisitor::Sample { .. } | FromVisitor::Ask { .. } | FromVisitor::AskGone { .. } => {}
            FromVisitor::Field { .. } | FromVisitor::List { .. } | FromVisitor::Cursor { .. } => {}
            FromVisitor::Copied { .. } | FromVisitor::Suggest => {}
            FromVisitor::Dismiss { note } => self.visitor_dismisses(note),
            FromVisitor::Ping { .. } if hosted => {}
            FromVisitor::Ping { rtt, .. } => self.note_rtt(rtt),
            FromVisitor::End => {}
        }
    }

    pub(super) fn note_rtt(&mut self, rtt: Option<u32>) {
        if let Some(rtt) = rtt.and_then(|rtt| self.rtt.note(rtt)) {
            self.session.update(|status| status.rtt = Some(rtt));
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
    pub(super) fn choose_active(&mut self, resync: bool) {
        let image = self.is_image();
        let drive = self.visitors.iter().filter(|(_, visitor)| visitor.place.hosted == image);
        let front = drive.max_by_key(|(_, visitor)| (visitor.visible, visitor.order)).map(|(id, _)| *id);
        if front != self.active {
            if let Some(behind) = std::mem::replace(&mut self.active, front) {
                // Its nodes are not those that notes are bound to from now on.
                self.tell_page(behind, ToVisitor::Notes { notes: Vec::new() });
            }
            if image {
                self.session.stage.forget_page();
                self.image.begin_anew();
            } else {
                self.session.note_away();
            }
            self.lock(Vec::new());
            if resync && front.is_some() {
                self.ask_snapshot();
            }
        }
        self.announce();
    }

    /// A page began: another load, or the same anew.
    pub(super) fn loaded(&mut self, page: u64) {
        self.suggests_no_more();
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
        if self.is_image() && self.is_there() {
            let visible = self.screens.values().any(|screen| screen.visible);
            return if visible { Presence::Here } else { Presence::Hidden };
        }
        match self.active.and_then(|id| self.visitors.get(&id)) {
            Some(_) if self.is_image() => Presence::Away,
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
        let drive = self.visitors.iter().filter(|(_, visitor)| visitor.place.hosted == self.is_image());
        let mut tabs: Vec<Tab> = drive.map(tab).collect();
        tabs.sort_by_key(|tab| tab.id);
        tabs
    }

    /// To the page that is shown.
    pub(super) fn answer(&mut self, message: ToVisitor) {
        if let Some(connection) = self.active {
            self.tell_page(connection, message);
        }
    }

    /// To whatever the visitor has before them: all their pages, or their screens.
    pub(super) fn tell_visitor(&mut self, message: &ToVisitor) {
        if self.is_image() {
            self.tell_screens(&ToScreen::Visitor { message: message.clone() });
        } else {
            self.tell_pages(message);
        }
    }

    /// To all pages that may be shown.
    pub(super) fn tell_pages(&mut self, message: &ToVisitor) {
        let image = self.is_image();
        let all = self.visitors.iter().filter(|(_, visitor)| visitor.place.hosted == image);
        let all: Vec<u64> = all.map(|(connection, _)| *connection).collect();
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
