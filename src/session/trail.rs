//! The audit trail, as those who do something know it: a handle that takes deeds and never waits.
//!
//! What is noted waits, bounded, until the server's recorder takes it for the store. No content of a page, no address beyond a site's name or a host's, no
//! secret may be in a deed: all of it is kept in the clear, and exported.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::Serialize;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use crate::origin::Sid;

/// Deeds that wait for the store; more are counted alone.
const WAITING: usize = 10_000;
/// Counts that are open at once.
const COUNTS: usize = 10_000;
/// Deeds of a kind within this time are one entry.
const TOGETHER: Duration = Duration::from_secs(60);
/// Longest name in an entry, and what it was about, in characters.
const TEXT: usize = 200;
/// Who did it, where it was the visitor.
pub const VISITOR: &str = "visitor";

/// Kinds of deeds. An entry has its name in kebab case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, strum::Display, strum::EnumString, strum::VariantNames)]
#[strum(serialize_all = "kebab-case")]
pub enum What {
    /// An agent started a session. About: the site.
    SessionStarted,
    /// A visitor is asked whether an agent may see the page. About: `pin`, `link` or `help`.
    SessionAsked,
    /// The visitor allowed it. About: the mode.
    SessionAllowed,
    /// The visitor did not.
    SessionDenied,
    /// It is over. About: why.
    SessionEnded,
    /// An agent took a visitor's code.
    HelpTaken,
    /// An agent sees the page from now on.
    AgentJoined,
    /// The agent does not see it any more. About: since when they did.
    AgentLeft,
    /// An agent did something on the page; counted. About: the kind of act.
    Acted,
    /// What agents may do is another. About: the mode.
    ModeChanged,
    /// The page is shown in another way. About: the way.
    WayChanged,
    /// Somebody put something on the page; counted. About: the tool.
    NotePlaced,
    /// An agent asked another one in. About: the other.
    Invited,
    /// An agent handed the lead over. About: the other.
    HandedOver,
    /// An agent took another one out. About: the other.
    Removed,
    /// Rules were saved. About: the version.
    RulesSaved,
    /// Old rules were saved anew. About: the versions.
    RulesRestored,
    /// An administrator had a page fetched for a preview, by rules that need not be saved, or something of a private network; counted. About: its host.
    PageFetched,
    /// An account was made. About: its name and role.
    AccountAdded,
    /// About: its name.
    AccountRemoved,
    /// An account may do something else now. About: its name and role.
    AccountRole,
    /// An account's password is another. About: its name.
    AccountPassword,
    /// All sign-ins of an account were ended. About: its name.
    AccountSignedOut,
    /// Unknown browsers may try again. About: its name.
    AccountUnlocked,
    /// Somebody signed in. About: the device.
    SignIn,
    /// A wrong password, or a wrong name; counted. About: the name, if there is such an account.
    SignInFailed,
    /// Too many wrong passwords. About: the name, if there is such an account.
    SignInLocked,
    /// A sign-in was ended by its account.
    SignOut,
    /// An administrator took a copy of the trail. About: how many entries.
    AuditExported,
    /// Old entries were taken out, as the configuration says. About: how many.
    AuditPruned,
    /// The trail's ends were not sealed until now, or could not be opened: whether entries are missing before this one, nobody can tell.
    AuditSealed,
    /// When the server started, the trail's end was not as the server had left it.
    AuditBroken,
    /// Deeds could not be kept, for the store had failed too long; counted.
    AuditLost,
}

/// Something that somebody did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// Its kind.
    pub what: What,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Name of the account; [`VISITOR`]; empty: the server.
    pub who: String,
    /// The session that it is about.
    pub session: Option<String>,
    /// See [`What`].
    pub about: String,
    /// How often, where it is counted.
    pub times: Option<u32>,
}

impl Deed {
    /// Something that the server did just now.
    #[must_use]
    pub fn new(what: What) -> Self {
        Self { what, at: now(), who: String::new(), session: None, about: String::new(), times: None }
    }

    /// Who did it: an account's name, or [`VISITOR`].
    #[must_use]
    pub fn by(self, who: &str) -> Self {
        Self { who: short(who), ..self }
    }

    /// In which session.
    #[must_use]
    pub fn within(self, sid: &Sid) -> Self {
        Self { session: Some(sid.to_string()), ..self }
    }

    /// What it was done to or with: a word of the protocol.
    #[must_use]
    pub fn with(self, word: &impl Serialize) -> Self {
        let word = serde_json::to_value(word).ok();
        let word = word.as_ref().and_then(|word| word.as_str()).unwrap_or_default();
        self.about(word)
    }

    /// What it was done to or with.
    #[must_use]
    pub fn about(self, about: &str) -> Self {
        Self { about: short(about), ..self }
    }
}

/// Takes deeds. Cheap to clone. The default forgets them.
#[derive(Clone, Default)]
pub struct Trail(Option<Arc<Inner>>);

#[derive(Default)]
struct Inner {
    waiting: Mutex<Waiting>,
    notify: Notify,
}

#[derive(Default)]
struct Waiting {
    deeds: VecDeque<Deed>,
    counts: HashMap<Key, Count>,
    lost: u32,
}

/// Deeds that are one entry.
type Key = (What, String, Option<String>, String);

struct Count {
    since: Instant,
    deed: Deed,
}

impl Trail {
    /// One whose deeds are taken with [`Trail::next`].
    #[must_use]
    pub fn new() -> Self {
        Self(Some(Arc::default()))
    }

    /// Notes a deed. Never waits. Counts of its session are closed when that ends.
    pub fn note(&self, deed: Deed) {
        let Some(inner) = &self.0 else { return };
        let mut waiting = inner.lock();
        if deed.what == What::SessionEnded {
            waiting.close(|_, count| count.deed.session == deed.session);
        }
        waiting.add(deed);
        drop(waiting);
        inner.notify.notify_one();
    }

    /// Counts a deed: those of a kind, of a person, in a session within a minute are one entry.
    pub fn count(&self, deed: Deed) {
        let Some(inner) = &self.0 else { return };
        let mut waiting = inner.lock();
        let key = (deed.what, deed.who.clone(), deed.session.clone(), deed.about.clone());
        if let Some(count) = waiting.counts.get_mut(&key).filter(|count| count.since.elapsed() < TOGETHER) {
            count.deed.times = Some(count.deed.times.unwrap_or(1).saturating_add(1));
            return;
        }
        waiting.close(|known, _| *known == key);
        if waiting.counts.len() >= COUNTS {
            waiting.add(deed);
        } else {
            waiting.counts.insert(key, Count { since: Instant::now(), deed });
        }
        drop(waiting);
        inner.notify.notify_one();
    }

    /// Waits until there are deeds, and takes them in their order. Never returns for the default. Nothing is lost when it is dropped while it waits.
    pub async fn next(&self) -> Vec<Deed> {
        let Some(inner) = &self.0 else { return std::future::pending().await };
        loop {
            let (taken, due) = {
                let mut waiting = inner.lock();
                waiting.close(|_, count| count.since.elapsed() >= TOGETHER);
                (waiting.take(), waiting.counts.values().map(|count| count.since + TOGETHER).min())
            };
            if !taken.is_empty() {
                return taken;
            }
            match due {
                Some(due) => drop(timeout_at(due, inner.notify.notified()).await),
                None => inner.notify.notified().await,
            }
        }
    }

    /// Takes all that there is, open counts included: the server stops.
    #[must_use]
    pub fn rest(&self) -> Vec<Deed> {
        let Some(inner) = &self.0 else { return Vec::new() };
        let mut waiting = inner.lock();
        waiting.close(|_, _| true);
        waiting.take()
    }

    /// Deeds that could not be kept go back to the front; those that do not fit are counted as lost.
    pub fn put_back(&self, deeds: Vec<Deed>) {
        let Some(inner) = &self.0 else { return };
        let mut waiting = inner.lock();
        for deed in deeds.into_iter().rev() {
            if waiting.deeds.len() < WAITING {
                waiting.deeds.push_front(deed);
            } else {
                waiting.lost = waiting.lost.saturating_add(1);
            }
        }
    }
}

impl Inner {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn add(&mut self, deed: Deed) {
        if self.deeds.len() < WAITING {
            self.deeds.push_back(deed);
        } else {
            self.lost = self.lost.saturating_add(1);
        }
    }

    /// Counts that are over become deeds, in the order in which they began.
    fn close(&mut self, which: impl Fn(&Key, &Count) -> bool) {
        let mut over: Vec<Count> =
            self.counts.extract_if(|key, count| which(key, count)).map(|(_, count)| count).collect();
        over.sort_by_key(|count| count.since);
        over.into_iter().for_each(|count| self.add(count.deed));
    }

    fn take(&mut self) -> Vec<Deed> {
        let mut taken: Vec<Deed> = self.deeds.drain(..).collect();
        let lost = std::mem::take(&mut self.lost);
        if lost > 0 {
            taken.push(Deed { times: Some(lost), ..Deed::new(What::AuditLost) });
        }
        taken
    }
}

/// Milliseconds since 1970.
#[must_use]
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(TEXT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn act(who: &str, sid: &Sid) -> Deed {
        Deed::new(What::Acted).by(who).within(sid).about("press")
    }

    fn told(deeds: &[Deed]) -> Vec<(String, &str, Option<u32>)> {
        deeds.iter().map(|deed| (deed.what.to_string(), deed.who.as_str(), deed.times)).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn deeds_of_a_kind_within_a_minute_are_one() {
        let (trail, sid, other) = (Trail::new(), Sid::random(), Sid::random());
        for who in ["Justin", "Justin", "Ada", "Justin"] {
            trail.count(act(who, &sid));
        }
        trail.count(act("Justin", &other));
        trail.note(Deed::new(What::SessionStarted).by("Sam"));
        assert_eq!(
            told(&trail.next().await),
            [("session-started".to_owned(), "Sam", None)],
            "what is noted does not wait"
        );
        trail.note(Deed::new(What::SessionEnded).within(&sid));
        let acted = "acted".to_owned();
        let closed =
            [(acted.clone(), "Justin", Some(3)), (acted.clone(), "Ada", None), ("session-ended".to_owned(), "", None)];
        let mut taken = trail.next().await;
        taken[..2].sort_by_key(|deed| std::cmp::Reverse(deed.times));
        assert_eq!(told(&taken), closed);
        let began = Instant::now();
        assert_eq!(told(&trail.next().await), [(acted, "Justin", None)]);
        assert_eq!(began.elapsed(), TOGETHER);
        assert!(trail.rest().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn what_does_not_fit_is_counted() {
        let trail = Trail::new();
        for _ in 0..WAITING + 5 {
            trail.note(Deed::new(What::SignOut));
        }
        let taken = trail.next().await;
        assert_eq!(taken.last().unwrap().what, What::AuditLost);
        assert_eq!(taken.last().unwrap().times, Some(5));
        trail.note(Deed::new(What::SignIn));
        trail.put_back(taken);
        let again = trail.rest();
        assert_eq!(again.first().unwrap().what, What::SignOut);
        assert_eq!(again.last().unwrap().what, What::AuditLost);
        Trail::default().note(Deed::new(What::SignIn));
    }

    #[test]
    fn texts_are_short_and_of_one_line() {
        let deed = Deed::new(What::SignIn).by(&"x".repeat(1000)).about("a\nb\u{0}");
        assert_eq!((deed.who.len(), deed.about.as_str()), (TEXT, "ab"));
    }
}
