//! Chat, and who is writing.

use super::Task;
use crate::policy::Permit;
use crate::protocol::act::{Denial, Outcome};
use crate::protocol::agent::ToConsole;
use crate::protocol::people::{PersonId, Tool};
use crate::protocol::visitor::ToVisitor;

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
        let message = self.chat.add(by, &name, text).ok_or(Denial::Unfit)?;
        self.tell_visitor(&ToVisitor::Chat { message: message.clone() });
        self.tell_consoles(&ToConsole::Chat { message }, None);
        Ok(())
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
        self.session.rules.visitor_tools.contains(&tool)
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
