//! Acts that the visitor's page was asked to do and has not answered.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use crate::protocol::act::{ActKind, Denial, Outcome};
use crate::protocol::people::PersonId;

/// How long a page may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long the visitor may take whom the page asks.
const ASKING: Duration = Duration::from_secs(30);
/// Acts of one agent that may wait at once.
const MOST: usize = 32;

/// Who is told what became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Asker {
    /// Their view.
    pub(super) view: u64,
    /// The request's number there.
    pub(super) n: u32,
    /// Who they are.
    pub(super) person: PersonId,
}

struct Waiting {
    asker: Asker,
    kind: ActKind,
    /// The connection that it was sent to.
    connection: u64,
    /// The load of a page that it is for.
    page: u64,
    /// It may lead to another page, which then cannot answer for this one.
    leads: bool,
    until: Instant,
    asked: bool,
    /// The connection is gone.
    left: bool,
    /// Another load has come since.
    replaced: bool,
}

/// What became of acts.
pub(super) type Ended = Vec<(Asker, Outcome)>;

/// All acts that wait, by number.
#[derive(Default)]
pub(super) struct Acts {
    last: u32,
    waiting: BTreeMap<u32, Waiting>,
    /// What was done, and by whom.
    done: Vec<(PersonId, ActKind)>,
}

impl Acts {
    /// Whether somebody may ask for one more.
    pub(super) fn room(&self, person: PersonId) -> Result<(), Denial> {
        let count = self.waiting.values().filter(|act| act.asker.person == person).count();
        if count < MOST { Ok(()) } else { Err(Denial::TooMuch) }
    }

    /// An act is sent: its number.
    pub(super) fn begin(&mut self, asker: Asker, kind: ActKind, connection: u64, page: u64) -> u32 {
        self.last = self.last.wrapping_add(1);
        let leads = match kind {
            ActKind::Click | ActKind::Submit | ActKind::Navigate | ActKind::Back | ActKind::Forward => true,
            ActKind::Type | ActKind::Choose | ActKind::Check | ActKind::Scroll => false,
        };
        let until = Instant::now() + PATIENCE;
        let act = Waiting { asker, kind, connection, page, leads, until, asked: false, left: false, replaced: false };
        self.waiting.insert(self.last, act);
        self.last
    }

    /// The page answers: whom to tell, unless it has ended.
    pub(super) fn answer(&mut self, id: u32, outcome: Outcome) -> Option<Asker> {
        if outcome != Outcome::Asking {
            let act = self.waiting.remove(&id)?;
            if outcome == Outcome::Done {
                self.done.push((act.asker.person, act.kind));
            }
            return Some(act.asker);
        }
        let act = self.waiting.get_mut(&id).filter(|act| !act.asked)?;
        act.asked = true;
        act.until = Instant::now() + ASKING + PATIENCE;
        Some(act.asker)
    }

    /// A connection is gone. What was asked of its page is unknown to have been done, unless it led to another page.
    pub(super) fn disconnected(&mut self, connection: u64) -> Ended {
        for act in self.waiting.values_mut() {
            act.left |= act.connection == connection;
        }
        self.take(|act| match (act.left, act.leads) {
            (true, true) => act.replaced.then_some(Outcome::Done),
            (true, false) => Some(Outcome::Denied { reason: Denial::Away }),
            (false, _) => None,
        })
    }

    /// A page is there, new or again.
    pub(super) fn loaded(&mut self, page: u64) -> Ended {
        for act in self.waiting.values_mut() {
            act.replaced |= act.page != page;
        }
        self.take(|act| match (act.left, act.page == page) {
            (true, false) => Some(Outcome::Done),
            (true, true) => Some(Outcome::Denied { reason: Denial::Away }),
            (false, _) => None,
        })
    }

    /// The time of some is over.
    pub(super) fn expired(&mut self) -> Ended {
        let now = Instant::now();
        self.take(|act| (act.until <= now).then_some(Outcome::Denied { reason: Denial::Unanswered }))
    }

    /// Those that wait: number, who asked, kind.
    pub(super) fn asked(&self) -> Vec<(u32, PersonId, ActKind)> {
        self.waiting.iter().map(|(id, act)| (*id, act.asker.person, act.kind)).collect()
    }

    /// One may not be done any more.
    pub(super) fn deny(&mut self, id: u32, reason: Denial) -> Ended {
        let act = self.waiting.remove(&id);
        act.map(|act| (act.asker, Outcome::Denied { reason })).into_iter().collect()
    }

    /// None may be done any more.
    pub(super) fn deny_all(&mut self, reason: Denial) -> Ended {
        self.take(|_| Some(Outcome::Denied { reason }))
    }

    /// None of somebody's may be done any more.
    pub(super) fn deny_of(&mut self, person: PersonId, reason: Denial) -> Ended {
        self.take(|act| (act.asker.person == person).then_some(Outcome::Denied { reason }))
    }

    /// When the next one's time is over.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.waiting.values().map(|act| act.until).min()
    }

    /// What was done since this was asked last.
    pub(super) fn done(&mut self) -> Vec<(PersonId, ActKind)> {
        std::mem::take(&mut self.done)
    }

    fn take(&mut self, outcome: impl Fn(&Waiting) -> Option<Outcome>) -> Ended {
        let mut ended = Ended::new();
        self.waiting.retain(|_, act| match outcome(act) {
            Some(outcome) => {
                if outcome == Outcome::Done {
                    self.done.push((act.asker.person, act.kind));
                }
                ended.push((act.asker, outcome));
                false
            }
            None => true,
        });
        ended
    }
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator;

    use super::*;

    fn asker(n: u32) -> Asker {
        Asker { view: 1, n, person: PersonId(1) }
    }

    fn denied(reason: Denial) -> Outcome {
        Outcome::Denied { reason }
    }

    #[tokio::test(start_paused = true)]
    async fn a_page_answers_once_and_in_time() {
        let mut acts = Acts::default();
        let ids: Vec<_> = (1..=4).map(|n| acts.begin(asker(n), ActKind::Click, 5, 7)).collect();
        assert_eq!(acts.answer(ids[0], Outcome::Done), Some(asker(1)));
        assert_eq!(acts.answer(ids[0], Outcome::Done), None);
        assert_eq!(acts.answer(ids[1], Outcome::Asking), Some(asker(2)));
        assert_eq!(acts.answer(ids[1], Outcome::Asking), None, "the visitor is asked once");
        tokio::time::advance(PATIENCE).await;
        assert_eq!(acts.expired(), [3, 4].map(|n| (asker(n), denied(Denial::Unanswered))));
        tokio::time::advance(ASKING).await;
        assert_eq!(acts.expired(), [(asker(2), denied(Denial::Unanswered))]);
        assert_eq!(acts.deadline(), None);
    }

    #[tokio::test]
    async fn what_leads_to_another_page_is_done_when_that_comes() {
        for kind in ActKind::iter() {
            let mut acts = Acts::default();
            acts.begin(asker(1), kind, 5, 7);
            let leads =
                matches!(kind, ActKind::Click | ActKind::Submit | ActKind::Navigate | ActKind::Back | ActKind::Forward);
            let gone = acts.disconnected(5);
            if leads {
                assert_eq!((gone, acts.loaded(8)), (vec![], vec![(asker(1), Outcome::Done)]), "{kind:?}");
            } else {
                assert_eq!(gone, [(asker(1), denied(Denial::Away))], "{kind:?}");
            }
        }
        let mut acts = Acts::default();
        acts.begin(asker(1), ActKind::Click, 5, 7);
        assert_eq!(
            (acts.loaded(8), acts.disconnected(5)),
            (vec![], vec![(asker(1), Outcome::Done)]),
            "in either order"
        );
        acts.begin(asker(2), ActKind::Click, 5, 7);
        assert_eq!(
            (acts.disconnected(5), acts.loaded(7)),
            (vec![], vec![(asker(2), denied(Denial::Away))]),
            "the same page"
        );
    }

    #[tokio::test]
    async fn they_are_bounded_for_each() {
        let mut acts = Acts::default();
        (0..32).for_each(|n| _ = acts.begin(asker(n), ActKind::Type, 5, 7));
        assert_eq!((acts.room(PersonId(1)), acts.room(PersonId(2))), (Err(Denial::TooMuch), Ok(())));
        assert_eq!(acts.deny_of(PersonId(2), Denial::Role).len(), 0);
        assert_eq!(acts.deny_of(PersonId(1), Denial::Role).len(), 32);
        assert_eq!(acts.room(PersonId(1)), Ok(()));
        (0..32).for_each(|n| _ = acts.begin(asker(n), ActKind::Type, 5, 7));
        assert_eq!(acts.deny_all(Denial::Mode).len(), 32);
        assert_eq!(acts.room(PersonId(1)), Ok(()));
    }
}
