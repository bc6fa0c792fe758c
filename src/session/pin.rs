//! How often a PIN may be guessed.
//!
//! A guess is aimed at every live PIN at once, so what counts is how many guesses all sources together make while a PIN lives: at most
//! [`BURST`] and one every [`PAUSE`], some 300 in 10 minutes against a million PINs. A source of its own is stopped much earlier. Wrong guesses
//! void nothing: nobody can close the door on a visitor by guessing, and the link stays open whatever happens here.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Wrong guesses of one source in [`WINDOW`].
const PER_SOURCE: u32 = 10;
/// How long a source's guesses count.
const WINDOW: Duration = Duration::from_secs(600);
/// Wrong guesses of all sources at once.
const BURST: u32 = 100;
/// Time for one wrong guess more.
const PAUSE: Duration = Duration::from_secs(3);
/// Sources to remember; the global bound holds without them.
const SOURCES: usize = 100_000;

/// The guess was not looked at. The same answer goes to right and wrong ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Paused {
    /// This source guessed wrong too often.
    #[error("too many wrong PINs from this address")]
    Source,
    /// All sources together did.
    #[error("too many wrong PINs from everywhere")]
    Everywhere,
}

/// Who guesses: an address, or an account.
pub trait Guesser: Copy + Eq + Hash {
    /// Those who count as one.
    #[must_use]
    fn group(self) -> Self;
}

impl Guesser for IpAddr {
    fn group(self) -> Self {
        network(self)
    }
}

impl Guesser for i64 {
    fn group(self) -> Self {
        self
    }
}

/// Counts wrong guesses.
pub struct Guesses<G = IpAddr>(Mutex<Inner<G>>);

impl<G> Default for Guesses<G> {
    fn default() -> Self {
        Self(Mutex::new(Inner { sources: HashMap::new(), level: 0, reckoned: None }))
    }
}

struct Inner<G> {
    sources: HashMap<G, Source>,
    /// Wrong guesses that have not been worked off, and when that was reckoned.
    level: u32,
    reckoned: Option<Instant>,
}

struct Source {
    since: Instant,
    wrong: u32,
}

impl<G: Guesser> Guesses<G> {
    /// Whether a guess of this source is looked at.
    ///
    /// # Errors
    /// See [`Paused`].
    pub fn admit(&self, source: G) -> Result<(), Paused> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.is_paused(source) {
            return Err(Paused::Source);
        }
        inner.reckon(Instant::now());
        if inner.level >= BURST { Err(Paused::Everywhere) } else { Ok(()) }
    }

    /// The guess was wrong.
    pub fn wrong(&self, source: G) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).count(source);
    }

    /// Whether a guess is looked at, of which only the source counts. It counts as wrong from here on, until [`Guesses::right`]: guesses
    /// that take their time would else all be looked at before the first of them was wrong.
    ///
    /// # Errors
    /// [`Paused::Source`].
    pub fn begin(&self, source: G) -> Result<(), Paused> {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.is_paused(source) {
            return Err(Paused::Source);
        }
        inner.count(source);
        Ok(())
    }

    /// A guess that was begun is right.
    pub fn right(&self, source: G) {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.level = inner.level.saturating_sub(1);
        if let Some(source) = inner.sources.get_mut(&source.group()) {
            source.wrong = source.wrong.saturating_sub(1);
        }
    }
}

impl<G: Guesser> Inner<G> {
    fn is_paused(&self, source: G) -> bool {
        let tried = self.sources.get(&source.group()).filter(|s| Instant::now().duration_since(s.since) < WINDOW);
        tried.is_some_and(|s| s.wrong >= PER_SOURCE)
    }

    fn count(&mut self, source: G) {
        let now = Instant::now();
        self.reckon(now);
        self.level += 1;
        if self.sources.len() >= SOURCES {
            self.sources.retain(|_, s| now.duration_since(s.since) < WINDOW);
        }
        if self.sources.len() >= SOURCES {
            return;
        }
        let entry = self.sources.entry(source.group()).or_insert(Source { since: now, wrong: 0 });
        if now.duration_since(entry.since) >= WINDOW {
            *entry = Source { since: now, wrong: 0 };
        }
        entry.wrong += 1;
    }

    fn reckon(&mut self, now: Instant) {
        let since = *self.reckoned.get_or_insert(now);
        let steps = u32::try_from(now.duration_since(since).as_secs() / PAUSE.as_secs()).unwrap_or(u32::MAX);
        self.level = self.level.saturating_sub(steps);
        self.reckoned = Some(if self.level == 0 { now } else { since + PAUSE * steps });
    }
}

/// An IPv6 customer has a /64 at least; addresses within it are free.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn v4(n: u32) -> IpAddr {
        IpAddr::from(n.to_be_bytes())
    }

    #[tokio::test(start_paused = true)]
    async fn a_source_is_paused_and_let_in_again() {
        let guesses = Guesses::default();
        for _ in 0..PER_SOURCE {
            assert_eq!(guesses.admit(v4(1)), Ok(()));
            guesses.wrong(v4(1));
        }
        assert_eq!(guesses.admit(v4(1)), Err(Paused::Source));
        assert_eq!(guesses.admit(v4(2)), Ok(()));
        tokio::time::advance(WINDOW).await;
        assert_eq!(guesses.admit(v4(1)), Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn guesses_that_take_their_time_count_at_once() {
        let guesses = Guesses::default();
        for _ in 0..PER_SOURCE {
            assert_eq!(guesses.begin(v4(1)), Ok(()));
        }
        assert_eq!(guesses.begin(v4(1)), Err(Paused::Source));
        guesses.right(v4(1));
        assert_eq!(guesses.begin(v4(1)), Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_64_is_one_source() {
        let guesses = Guesses::<IpAddr>::default();
        for i in 0..PER_SOURCE {
            guesses.wrong(format!("2001:db8::{i:x}").parse().unwrap());
        }
        assert_eq!(guesses.admit("2001:db8::ffff".parse().unwrap()), Err(Paused::Source));
        assert_eq!(guesses.admit("2001:db8:0:1::1".parse().unwrap()), Ok(()));
        for _ in 0..PER_SOURCE {
            guesses.wrong("::ffff:10.0.0.1".parse().unwrap());
        }
        assert_eq!(guesses.admit("10.0.0.1".parse().unwrap()), Err(Paused::Source));
    }

    #[tokio::test(start_paused = true)]
    async fn many_sources_share_a_bound() {
        let guesses = Guesses::default();
        let mut looked_at = 0;
        for second in 0..600u32 {
            for i in 0..1000 {
                let source = v4(second * 1000 + i);
                if guesses.admit(source).is_ok() {
                    guesses.wrong(source);
                    looked_at += 1;
                }
            }
            tokio::time::advance(Duration::from_secs(1)).await;
        }
        assert!((290..=300).contains(&looked_at), "{looked_at} of 600,000 guesses were looked at");
    }
}
