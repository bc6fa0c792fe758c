//! The visitor's screens and agents' pictures: who looks on, and what goes between screens and the hosted page.

use tokio::sync::mpsc;

use super::Task;
use crate::policy::Wish;
use crate::protocol::agent::EndedBy;
use crate::protocol::image::{FromScreen, ToScreen};
use crate::protocol::people::PersonId;
use crate::protocol::visitor::{FromVisitor, ToVisitor};
use crate::session::feed::Feed;

/// A screen.
pub(super) struct Onlooker {
    answers: mpsc::Sender<ToScreen>,
    pub(super) visible: bool,
    /// It waits for text that is copied.
    copies: bool,
}

/// Whether a hosted page may say it: nobody sits before it who could say the rest.
pub(super) fn is_of_hosted(message: &FromVisitor) -> bool {
    use FromVisitor as F;
    match message {
        F::Events { .. } | F::Hash { .. } | F::Visible { .. } | F::Acted { .. } | F::Locks { .. } => true,
        F::Note { .. } | F::Dismiss { .. } | F::Sample { .. } | F::Baggage { .. } | F::Ping { .. } => true,
        F::Mode { .. } | F::Answer { .. } | F::Chat { .. } | F::Writing { .. } | F::End | F::Suggest => false,
        other => is_for_screen(other),
    }
}

/// Whether a hosted page says it for the screen.
pub(super) fn is_for_screen(message: &FromVisitor) -> bool {
    use FromVisitor as F;
    matches!(
        message,
        F::Ask { .. } | F::AskGone { .. } | F::Field { .. } | F::List { .. } | F::Cursor { .. } | F::Copied { .. }
    )
}

impl Task {
    /// Whether the visitor is there: a page of theirs, or a screen.
    pub(super) fn is_there(&self) -> bool {
        if self.is_image() { !self.screens.is_empty() } else { self.active.is_some() }
    }

    /// Whether somebody sees the page.
    pub(super) fn sees(&self, person: PersonId) -> bool {
        self.views.values().any(|view| view.person == person) || self.pictures.values().any(|own| *own == person)
    }

    pub(super) fn screen_connected(&mut self, connection: u64, answers: mpsc::Sender<ToScreen>, feed: Feed) {
        self.screens.insert(connection, Onlooker { answers, visible: true, copies: false });
        if !self.is_image() {
            if let Some(url) = self.session.entrance() {
                self.tell_screen(connection, ToScreen::Leave { url: url.into() });
            }
            return;
        }
        self.order += 1;
        self.session.note_away();
        self.session.stage.add_feed(feed);
        let told = |message| ToScreen::Visitor { message };
        self.tell_screen(connection, told(ToVisitor::Chats { messages: self.chat.written() }));
        if let Some(question) = self.open_question() {
            self.tell_screen(connection, told(question));
        }
        self.announce();
    }

    pub(super) fn screen_left(&mut self, connection: u64) {
        self.session.stage.remove_feed(connection);
        if self.screens.remove(&connection).is_none() {
            return;
        }
        if self.is_image() {
            if self.screens.is_empty() {
                self.session.note_away();
                self.write(PersonId::VISITOR, false);
            }
            self.announce();
        }
    }

    /// Lets an agent see pictures who may see the page.
    pub(super) fn show_pictures(&mut self, connection: u64, person: PersonId, feed: Feed) {
        if self.permit(person, Wish::View, ()).is_ok() {
            self.pictures.insert(connection, person);
            self.session.stage.add_feed(feed);
            self.announce();
        }
    }

    pub(super) fn hide_pictures(&mut self, connection: u64) {
        self.session.stage.remove_feed(connection);
        if self.pictures.remove(&connection).is_some() {
            self.announce();
        }
    }

    /// Somebody is out.
    pub(super) fn take_pictures_from(&mut self, person: PersonId) {
        let theirs = self.pictures.iter().filter(|(_, own)| **own == person);
        for connection in theirs.map(|(connection, _)| *connection).collect::<Vec<_>>() {
            self.hide_pictures(connection);
        }
    }

    /// What a screen says. One that says it late, when the page is shown itself again, is heard in what concerns the visitor alone.
    pub(super) fn screen_says(&mut self, connection: u64, message: FromScreen) {
        let image = self.is_image();
        let Some(screen) = self.screens.get_mut(&connection) else { return };
        match message {
            FromScreen::Visitor { message } => self.screen_says_of_visitor(connection, message),
            FromScreen::Leave => self.visitor_leaves_image(),
            _ if !image => {}
            FromScreen::Choose { id, options } => {
                self.session.stage.change(|board| board.list = board.list.take().filter(|list| list.id != id));
                self.answer(ToVisitor::Choose { id, options });
            }
            FromScreen::Allow { id, allow } => {
                self.session.stage.tell(ToScreen::AskGone { id });
                self.answer(ToVisitor::Allow { id, allow });
            }
            FromScreen::Copy { cut } => {
                screen.copies = true;
                self.answer(ToVisitor::Copy { cut });
            }
            // They are the runner's.
            FromScreen::Device { .. } | FromScreen::Input { .. } | FromScreen::Drawn { .. } => {}
            FromScreen::Step { .. } | FromScreen::Dialog { .. } | FromScreen::Files { .. } => {}
        }
    }

    fn screen_says_of_visitor(&mut self, connection: u64, message: FromVisitor) {
        match message {
            FromVisitor::Mode { mode } => self.visitor_sets_mode(mode),
            FromVisitor::Answer { id, allow } => self.answered(id, allow),
            FromVisitor::Chat { text } => self.visitor_writes(&text),
            FromVisitor::Writing { writing } => self.visitor_is_writing(writing),
            FromVisitor::Dismiss { note } => self.visitor_dismisses(note),
            FromVisitor::End => self.session.end(EndedBy::Visitor),
            FromVisitor::Ping { rtt, .. } => self.note_rtt(rtt),
            FromVisitor::Visible { visible } => {
                if let Some(screen) = self.screens.get_mut(&connection) {
                    screen.visible = visible;
                    self.announce();
                }
            }
            // The rest is a page's to say.
            _ => {}
        }
    }

    /// What the hosted page tells for the screen.
    pub(super) fn hosted_tells(&mut self, message: FromVisitor) {
        let told = match message {
            FromVisitor::Ask { ask } => ToScreen::Ask { ask },
            FromVisitor::AskGone { id } => ToScreen::AskGone { id },
            FromVisitor::Field { field } => ToScreen::Field { field },
            FromVisitor::Cursor { cursor } => ToScreen::Cursor { cursor },
            FromVisitor::List { list: Some(list) } => ToScreen::List { list },
            FromVisitor::List { list: None } => ToScreen::ListGone,
            FromVisitor::Copied { text } => return self.copied(&text),
            _ => return,
        };
        self.session.stage.tell(told);
    }

    /// To the screen that asked for it, and no other: a clipboard is its person's.
    fn copied(&mut self, text: &str) {
        let screens = self.screens.iter_mut();
        let asked = screens.filter_map(|(id, screen)| std::mem::take(&mut screen.copies).then_some(*id));
        for connection in asked.collect::<Vec<_>>() {
            self.tell_screen(connection, ToScreen::Copied { text: text.to_owned() });
        }
    }

    pub(super) fn tell_screens(&mut self, message: &ToScreen) {
        for connection in self.screens.keys().copied().collect::<Vec<_>>() {
            self.tell_screen(connection, message.clone());
        }
    }

    /// A socket that takes no answers is closed, by dropping its sender.
    fn tell_screen(&mut self, connection: u64, message: ToScreen) {
        let full = self.screens.get(&connection).is_some_and(|screen| screen.answers.try_send(message).is_err());
        if full {
            self.screen_left(connection);
        }
    }
}
