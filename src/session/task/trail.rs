//! What people do in a session, for the audit trail.

use std::collections::BTreeSet;

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::Task;
use crate::protocol::people::PersonId;
use crate::session::trail::{self, Deed, What};

impl Task {
    /// Something that a person did here.
    pub(super) fn deed(&self, what: What, by: PersonId) -> Deed {
        Deed::new(what).by(&self.name(by)).within(&self.session.id)
    }

    /// A person's name, as entries have it.
    pub(super) fn name(&self, person: PersonId) -> String {
        if person == PersonId::VISITOR {
            return trail::VISITOR.to_owned();
        }
        self.session.status.borrow().people.get(person).map(|member| member.name.clone()).unwrap_or_default()
    }

    /// Who sees the page now that did not, and who does not any more.
    pub(super) fn note_who_sees(&mut self) {
        let views = self.views.values().map(|view| view.person);
        let now: BTreeSet<PersonId> = views.chain(self.pictures.values().copied()).collect();
        for person in &now {
            if !self.seeing.contains_key(person) {
                let deed = self.deed(What::AgentJoined, *person);
                self.seeing.insert(*person, deed.at);
                self.session.trail.note(deed);
            }
        }
        let gone: Vec<(PersonId, i64)> = self
            .seeing
            .iter()
            .filter(|(person, _)| !now.contains(person))
            .map(|(person, since)| (*person, *since))
            .collect();
        for (person, since) in gone {
            self.seeing.remove(&person);
            self.session.trail.note(self.deed(What::AgentLeft, person).about(&format!("since {}", told(since))));
        }
    }
}

/// Milliseconds since 1970 as RFC 3339 has it, to the second.
fn told(at: i64) -> String {
    let time = OffsetDateTime::from_unix_timestamp(at / 1000).ok();
    time.and_then(|time| time.format(&Rfc3339).ok()).unwrap_or_default()
}
