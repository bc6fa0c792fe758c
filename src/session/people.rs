//! Who takes part in a session on the agents' side, under which number, and as what.
//!
//! Invariant: exactly one of them leads.

use serde::{Deserialize, Serialize};

use crate::protocol::act::Denial;
use crate::protocol::people::{AccountRole, Person, PersonId, Role};

/// Most who ever take part in one session.
const MOST: usize = 64;

/// An account, as far as a session knows one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    /// The account's number.
    pub account: i64,
    /// Name as visitors see it.
    pub name: String,
    /// What the account may do.
    pub role: AccountRole,
}

impl Agent {
    /// Whether it looks into others' sessions.
    #[must_use]
    pub fn supervises(&self) -> bool {
        matches!(self.role, AccountRole::Supervisor | AccountRole::Admin)
    }
}

/// Somebody who takes part, or did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Their number in the session.
    pub id: PersonId,
    /// Their account's.
    pub account: i64,
    /// Name as visitors see it.
    pub name: String,
    /// What they are; none: they left or were taken out.
    pub role: Option<Role>,
    /// A view of theirs is open.
    #[serde(skip)]
    pub watching: bool,
    /// A view or a console of theirs is open.
    #[serde(skip)]
    pub present: bool,
    /// Milliseconds there and back to their console.
    #[serde(skip)]
    pub rtt: Option<u32>,
}

/// Everybody on the agents' side of a session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct People(Vec<Member>);

impl People {
    /// Whoever starts a session leads it, and is person 1.
    #[must_use]
    pub fn led_by(agent: &Agent) -> Self {
        let mut people = Self::default();
        people.add(agent, Role::Agent);
        people
    }

    /// Whoever leads.
    #[must_use]
    pub fn leader(&self) -> Option<&Member> {
        self.0.iter().find(|member| member.role == Some(Role::Agent))
    }

    /// What somebody is here; none: they do not take part.
    #[must_use]
    pub fn role(&self, id: PersonId) -> Option<Role> {
        self.get(id).and_then(|member| member.role)
    }

    /// What an account is here, or would be if it came; none: to it, the session does not exist.
    #[must_use]
    pub fn role_of(&self, agent: &Agent) -> Option<Role> {
        let member = self.0.iter().find(|member| member.account == agent.account);
        // Looking in goes with the account, which may have been a supervisor's once.
        let role = member.and_then(|member| member.role).filter(|role| *role != Role::Supervisor);
        role.or(agent.supervises().then_some(Role::Supervisor))
    }

    /// Somebody by number, those who left included.
    #[must_use]
    pub fn get(&self, id: PersonId) -> Option<&Member> {
        self.0.iter().find(|member| member.id == id)
    }

    /// Accounts of all who ever took part.
    pub fn accounts(&self) -> impl Iterator<Item = i64> {
        self.0.iter().map(|member| member.account)
    }

    /// Whether the same take part as the same, whoever is there just now.
    pub(super) fn lasts_as(&self, before: &Self) -> bool {
        let lasting = |Member { id, account, name, role, .. }: &Member| (*id, *account, name.clone(), *role);
        self.0.iter().map(lasting).eq(before.0.iter().map(lasting))
    }

    /// Those whom a reader is told of. `reader`: none is the visitor. `silent`: supervisors are named to each other alone.
    #[must_use]
    pub fn told_to(&self, reader: Option<Role>, silent: bool) -> Vec<Person> {
        let tells = |role, present| match role {
            Role::Agent | Role::Colleague => true,
            Role::Supervisor => present && (!silent || reader == Some(Role::Supervisor)),
        };
        let told = self.0.iter().filter_map(|member| {
            let role = member.role.filter(|role| tells(*role, member.present))?;
            let Member { id, watching, rtt, .. } = *member;
            Some(Person { id, name: member.name.clone(), role, watching, rtt })
        });
        told.collect()
    }

    /// Whether somebody is told of somebody else.
    pub(super) fn tells_of(&self, reader: PersonId, id: PersonId, silent: bool) -> bool {
        reader == id || self.told_to(self.role(reader), silent).iter().any(|person| person.id == id)
    }

    /// A socket of an account opens: its number. None: it does not take part.
    pub(super) fn arrive(&mut self, agent: &Agent) -> Option<PersonId> {
        let role = self.role_of(agent)?;
        self.add(agent, role)
    }

    /// Lets an account take part; a supervisor who looks in becomes a colleague.
    ///
    /// # Errors
    /// There are too many.
    pub(super) fn invite(&mut self, agent: &Agent) -> Result<(), Denial> {
        let role = self.role_of(agent).filter(|role| *role != Role::Supervisor).unwrap_or(Role::Colleague);
        self.add(agent, role).map(|_| ()).ok_or(Denial::TooMuch)
    }

    /// Somebody else leads from now on; whoever did is a colleague.
    ///
    /// # Errors
    /// They do not take part, or lead already.
    pub(super) fn hand_over(&mut self, to: PersonId) -> Result<(), Denial> {
        match self.role(to) {
            None => return Err(Denial::Gone),
            Some(Role::Agent) => return Err(Denial::Unfit),
            Some(Role::Colleague | Role::Supervisor) => {}
        }
        for member in &mut self.0 {
            if member.id == to {
                member.role = Some(Role::Agent);
            } else if member.role == Some(Role::Agent) {
                member.role = Some(Role::Colleague);
            }
        }
        Ok(())
    }

    /// Takes somebody out.
    ///
    /// # Errors
    /// They do not take part, or lead: somebody has to.
    pub(super) fn remove(&mut self, id: PersonId) -> Result<&Member, Denial> {
        let member = self.0.iter_mut().find(|member| member.id == id).ok_or(Denial::Gone)?;
        match member.role {
            None => Err(Denial::Gone),
            Some(Role::Agent) => Err(Denial::Role),
            Some(Role::Colleague | Role::Supervisor) => {
                (member.role, member.rtt) = (None, None);
                Ok(member)
            }
        }
    }

    /// Notes who has a view open, and who anything.
    pub(super) fn note_presence(&mut self, watching: impl Fn(PersonId) -> bool, present: impl Fn(PersonId) -> bool) {
        for member in &mut self.0 {
            member.watching = watching(member.id);
            member.present = member.watching || present(member.id);
            member.rtt = member.rtt.filter(|_| member.present);
        }
    }

    /// Notes how long a message to somebody and back takes.
    pub(super) fn note_rtt(&mut self, id: PersonId, rtt: u32) {
        if let Some(member) = self.0.iter_mut().find(|member| member.id == id) {
            member.rtt = Some(rtt);
        }
    }

    fn add(&mut self, agent: &Agent, role: Role) -> Option<PersonId> {
        if let Some(member) = self.0.iter_mut().find(|member| member.account == agent.account) {
            member.name.clone_from(&agent.name);
            member.role = Some(role);
            return Some(member.id);
        }
        let id = PersonId(u32::try_from(self.0.len() + 1).ok().filter(|_| self.0.len() < MOST)?);
        let (account, name) = (agent.account, agent.name.clone());
        self.0.push(Member { id, account, name, role: Some(role), watching: false, present: false, rtt: None });
        Some(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agent(account: i64, role: AccountRole) -> Agent {
        Agent { account, name: format!("Agent {account}"), role }
    }

    fn plain(account: i64) -> Agent {
        agent(account, AccountRole::Agent)
    }

    fn told(people: &People, reader: Option<Role>, silent: bool) -> Vec<u32> {
        people.told_to(reader, silent).iter().map(|person| person.id.0).collect()
    }

    #[test]
    fn numbers_stay_and_one_leads() {
        let mut people = People::led_by(&plain(10));
        assert_eq!(people.arrive(&plain(10)), Some(PersonId(1)));
        assert_eq!(people.arrive(&plain(20)), None, "nobody invited them");
        people.invite(&plain(20)).unwrap();
        assert_eq!(people.arrive(&plain(20)), Some(PersonId(2)));
        people.hand_over(PersonId(2)).unwrap();
        assert_eq!(people.hand_over(PersonId(2)), Err(Denial::Unfit));
        assert_eq!(people.hand_over(PersonId(3)), Err(Denial::Gone));
        assert_eq!(people.leader().unwrap().account, 20);
        assert_eq!(people.remove(PersonId(2)).err(), Some(Denial::Role), "who leads stays");
        people.remove(PersonId(1)).unwrap();
        assert_eq!(people.remove(PersonId(1)).err(), Some(Denial::Gone));
        assert_eq!((people.arrive(&plain(10)), people.role(PersonId(1))), (None, None));
        people.invite(&plain(10)).unwrap();
        assert_eq!(people.role(PersonId(1)), Some(Role::Colleague));
        people.invite(&plain(20)).unwrap();
        assert_eq!(people.role(PersonId(2)), Some(Role::Agent), "an invitation takes nothing away");
    }

    #[test]
    fn supervisors_are_there_while_they_look_and_silent_where_the_rule_says_so() {
        let mut people = People::led_by(&plain(10));
        for (account, role) in [(20, AccountRole::Supervisor), (30, AccountRole::Admin)] {
            let looks = agent(account, role);
            assert_eq!(people.role_of(&looks), Some(Role::Supervisor));
            assert!(people.arrive(&looks).is_some());
        }
        assert_eq!(told(&people, Some(Role::Supervisor), false), [1], "none is there yet");
        people.note_presence(|id| id.0 == 2, |id| id.0 == 3);
        assert_eq!(told(&people, None, false), [1, 2, 3]);
        assert_eq!(told(&people, None, true), [1]);
        assert_eq!(told(&people, Some(Role::Agent), true), [1]);
        assert_eq!(told(&people, Some(Role::Supervisor), true), [1, 2, 3]);
        assert!(people.tells_of(PersonId(1), PersonId(2), false) && !people.tells_of(PersonId(1), PersonId(2), true));
        assert_eq!(people.role_of(&plain(20)), None, "an account that supervises no more");
        people.invite(&agent(20, AccountRole::Supervisor)).unwrap();
        assert_eq!(told(&people, None, true), [1, 2], "who was invited is named");
    }

    #[test]
    fn they_are_bounded() {
        let mut people = People::led_by(&plain(0));
        let all: Vec<_> = (1..100).map(|account| people.invite(&plain(account))).collect();
        assert_eq!(all.iter().filter(|invited| invited.is_ok()).count(), MOST - 1);
        assert_eq!(all.last(), Some(&Err(Denial::TooMuch)));
    }
}
