//! Chat, and who is writing.

use super::Task;
use crate::policy::Permit;
use crate::privacy::Scrubber;
use crate::protocol::act::{Denial, Outcome};
use crate::protocol::agent::ToConsole;
use crate::protocol::people::{PersonId, Tool};
use crate::protocol::visitor::ToVisitor;
use crate::session::chat::Added;
use crate::session::shown::Shown;

impl Task {
    /// Somebody wrote: everybody is told, they included.
    pub(super) fn say(&mut self, by: PersonId, text: &Permit<String>) -> Result<Outcome, Denial> {
        self.chat(by, text.get()).map(|()| Outcome::Done)
    }

    fn chat(&mut self, by: PersonId, text: &str) -> Result<(), Denial> {
        let name = match by {
            PersonId::VISITOR => String::new(),
            _ => self.session.status.borrow().people.get(by).map(|m| m.name.clone()).unwrap_or_default(),
        };
        self.write(by, false);
        let scrubber = self.scrubber();
        let Added { written, told, changed } = self.chat.add(by, &name, text, &scrubber).ok_or(Denial::Unfit)?;
        self.tell_visitor(&ToVisitor::Chat { message: written });
        self.tell_consoles(&ToConsole::Chat { message: told }, None);
        if changed {
            self.tell_consoles(&ToConsole::Chats { messages: self.chat.told() }, None);
        }
        Ok(())
    }

    /// Other rules hold: agents read what was written by these.
    pub(super) fn say_anew(&mut self) {
        let scrubber = self.scrubber();
        self.chat.scrub_anew(&scrubber);
        self.tell_consoles(&ToConsole::Chats { messages: self.chat.told() }, None);
    }

    /// What replaces texts that the visitor writes: by the rules of the page that is shown, or of the first one.
    pub(super) fn scrubber(&self) -> Scrubber {
        let shown = self.look(Shown::url);
        self.terms.wash.scrubber_of(shown.as_ref().unwrap_or(self.session.start()))
    }

    /// Somebody is writing, or stopped: the others are told.
    pub(super) fn write(&mut self, by: PersonId, writing: bool) {
        if self.writing.contains(&by) == writing {
            return;
        }
        if writing {
            self.writing.push(by);
        } else {
            self.writing.retain(|person| *person != by);
        }
        if by != PersonId::VISITOR {
            self.tell_visitor(&ToVisitor::Writing { by, writing });
        }
        self.tell_consoles(&ToConsole::Writing { by, writing }, Some(by));
    }

    pub(super) fn visitor_writes(&mut self, text: &str) {
        if self.visitor_may(Tool::Chat) {
            // What is empty once it is cleaned was no message.
            let _ = self.chat(PersonId::VISITOR, text);
        }
    }

    pub(super) fn visitor_is_writing(&mut self, writing: bool) {
        self.write(PersonId::VISITOR, writing && self.visitor_may(Tool::Chat));
    }

    /// Whether the site's rules let the visitor use a tool.
    pub(super) fn visitor_may(&self, tool: Tool) -> bool {
        self.session.status.borrow().rules.visitor_tools.contains(&tool)
    }

    /// To all consoles, but those of one person.
    fn tell_consoles(&mut self, message: &ToConsole, but: Option<PersonId>) {
        let told = self.consoles.iter().filter(|(_, console)| Some(console.person) != but);
        let told: Vec<u64> = told.map(|(id, _)| *id).collect();
        for desk in told {
            self.tell_desk(desk, message.clone());
        }
    }
}
