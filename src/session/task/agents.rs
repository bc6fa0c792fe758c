//! Agents' consoles: who takes part, mode, priority, chat. Everything passes [`Task::permit`], and gets its outcome.

use tokio::sync::mpsc;

use super::{Request, Task};
use crate::policy::{Permit, Wish};
use crate::protocol::act::{Denial, Outcome};
use crate::protocol::agent::{FromConsole, ToConsole};
use crate::protocol::people::{PersonId, Priority};
use crate::session::ends::News;
use crate::session::rate::{Meter, Rate};
use crate::session::trail::What;
use crate::session::{Agent, People};

/// Lines of chat of one console in a second, and at once.
const LINES: (u32, u32) = (2, 20);

/// An agent's console.
pub(super) struct Console {
    pub(super) person: PersonId,
    news: mpsc::Sender<News>,
    rtt: Meter,
    lines: Rate,
    /// Refusals of what has no number that are told.
    refusals: Rate,
}

impl Task {
    pub(super) fn open_desk(&mut self, desk: u64, person: PersonId, news: mpsc::Sender<News>) {
        let (lines, refusals) = (Rate::new(LINES.0, LINES.1), Rate::new(1, 1));
        self.consoles.insert(desk, Console { person, news, rtt: Meter::default(), lines, refusals });
        self.announce();
        self.tell_desk(desk, ToConsole::Chats { messages: self.chat.told() });
    }

    pub(super) fn close_desk(&mut self, desk: u64) {
        let Some(Console { person, .. }) = self.consoles.remove(&desk) else { return };
        if self.consoles.values().all(|console| console.person != person) {
            self.write(person, false);
        }
        self.announce();
    }

    pub(super) async fn request(&mut self, request: Request) {
        match request {
            Request::View { watcher, message } => self.view_asks(watcher, message).await,
            Request::Desk { desk, message, named } => self.desk_asks(desk, message, named),
            Request::Screen { screen, message } => self.screen_says(screen, message),
        }
    }

    fn desk_asks(&mut self, desk: u64, message: FromConsole, named: Option<Agent>) {
        let Some(by) = self.consoles.get(&desk).map(|console| console.person) else { return };
        let wish = match &message {
            FromConsole::Remove { person, .. } if *person == by => Wish::Leave,
            message => Wish::from(message),
        };
        let (n, outcome) = match message {
            FromConsole::Mode { n, mode } => {
                (n, self.permit(by, wish, mode).and_then(|mode| self.agent_sets_mode(by, (desk, n), &mode)))
            }
            FromConsole::Way { n, way } => {
                let set = self.permit(by, wish, way).and_then(|way| self.agent_sets_way(by, (desk, n), &way));
                let Err(reason) = set else { return };
                (n, Err(reason))
            }
            FromConsole::Priority { n, priority } => {
                (n, self.permit(by, wish, priority).map(|priority| self.set_priority(&priority)))
            }
            FromConsole::Chat { n, text } => {
                (n, self.permit(by, wish, text).and_then(|text| self.line(desk, by, &text)))
            }
            FromConsole::Invite { n, .. } => {
                (n, self.permit(by, wish, named).and_then(|named| self.invite(by, named.into_inner())))
            }
            FromConsole::HandOver { n, to } => (n, self.permit(by, wish, to).and_then(|to| self.hand_over(by, &to))),
            FromConsole::Remove { n, person } => {
                let removed = self.permit(by, wish, person).and_then(|person| self.remove(by, (desk, n), &person));
                let Err(reason) = removed else { return };
                (n, Err(reason))
            }
            FromConsole::Writing { writing } => return self.writing(desk, by, self.permit(by, wish, writing)),
            FromConsole::Ping { rtt, .. } => return self.ping(desk, by, rtt),
        };
        let outcome = outcome.unwrap_or_else(|reason| Outcome::Denied { reason });
        self.tell_desk(desk, ToConsole::Outcome { n, outcome });
    }

    fn set_priority(&mut self, priority: &Permit<Priority>) -> Outcome {
        self.session.update(|status| status.priority = *priority.get());
        Outcome::Done
    }

    fn line(&mut self, desk: u64, by: PersonId, text: &Permit<String>) -> Result<Outcome, Denial> {
        if !self.consoles.get_mut(&desk).is_some_and(|console| console.lines.take()) {
            return Err(Denial::TooMuch);
        }
        self.say(by, text)
    }

    fn invite(&mut self, by: PersonId, named: Option<Agent>) -> Result<Outcome, Denial> {
        let agent = named.ok_or(Denial::Gone)?;
        let invited = self.change_people(|people| people.invite(&agent))?;
        self.session.trail.note(self.deed(What::Invited, by).about(&agent.name));
        Ok(invited)
    }

    fn hand_over(&mut self, by: PersonId, to: &Permit<PersonId>) -> Result<Outcome, Denial> {
        let (to, silent) = (*to.get(), self.session.rules().silent_supervisor);
        let handed_over =
            self.change_people(
                |people| if people.tells_of(by, to, silent) { people.hand_over(to) } else { Err(Denial::Gone) },
            )?;
        self.session.trail.note(self.deed(What::HandedOver, by).about(&self.name(to)));
        Ok(handed_over)
    }

    /// Takes somebody out: their views and consoles close. Whoever asked is told before that, since it may be theirs.
    fn remove(&mut self, by: PersonId, (desk, n): (u64, u32), person: &Permit<PersonId>) -> Result<(), Denial> {
        let (person, silent) = (*person.get(), self.session.rules().silent_supervisor);
        let mut account = None;
        self.change_people(|people| {
            if !people.tells_of(by, person, silent) {
                return Err(Denial::Gone);
            }
            people.remove(person).map(|member| account = Some(member.account))
        })?;
        self.session.trail.note(self.deed(What::Removed, by).about(&self.name(person)));
        self.tell_desk(desk, ToConsole::Outcome { n, outcome: Outcome::Done });
        self.session.revoke(|agent| Some(agent.account) == account);
        let ended = self.acts.deny_of(person, Denial::Role);
        self.tell_ended(ended);
        self.views.retain(|_, view| view.person != person);
        self.take_pictures_from(person);
        self.consoles.retain(|_, console| console.person != person);
        self.write(person, false);
        self.announce();
        Ok(())
    }

    fn change_people(&mut self, change: impl FnOnce(&mut People) -> Result<(), Denial>) -> Result<Outcome, Denial> {
        let mut changed = Err(Denial::Inactive);
        self.session.update(|status| changed = change(&mut status.people));
        changed.map(|()| Outcome::Done)
    }

    fn writing(&mut self, desk: u64, by: PersonId, writing: Result<Permit<bool>, Denial>) {
        match writing {
            Ok(writing) => self.write(by, writing.into_inner()),
            Err(reason) => {
                if self.consoles.get_mut(&desk).is_some_and(|console| console.refusals.take()) {
                    self.tell_desk(desk, ToConsole::Outcome { n: 0, outcome: Outcome::Denied { reason } });
                }
            }
        }
    }

    fn ping(&mut self, desk: u64, by: PersonId, rtt: Option<u32>) {
        let told = self.consoles.get_mut(&desk).and_then(|console| console.rtt.note(rtt?));
        if let Some(rtt) = told {
            self.session.update(|status| status.people.note_rtt(by, rtt));
        }
    }

    /// To one console. One that takes no messages is closed, by dropping its sender.
    pub(super) fn tell_desk(&mut self, desk: u64, message: ToConsole) {
        let news = News { edition: self.terms.edition, message };
        let full = self.consoles.get(&desk).is_some_and(|console| console.news.try_send(news).is_err());
        if full {
            self.close_desk(desk);
        }
    }
}
