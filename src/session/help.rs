//! The other way in: a visitor asks for help and reads a code out, an agent enters it.
//!
//! Of codes and of visitors' cookies only digests are kept. Whoever holds the cookie can read the code again: it is veiled with the cookie's secret.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sha2::{Digest, Sha256};
use tokio::time::Instant;
use url::Url;

use super::pin::{Guesses, network};
use super::token::{Hash, NoRandomness, Secret};
use crate::policy::Permit;

/// How long a code lives.
pub const LIFETIME: Duration = Duration::from_secs(600);
/// How long a request that nobody took is remembered after that, for its visitor to read so.
const REMEMBERED: Duration = Duration::from_secs(600);
/// Open requests of one source.
const OPEN: usize = 5;
/// Requests of one source in [`WINDOW`].
const PER_SOURCE: usize = 20;
/// How long a source's requests count.
const WINDOW: Duration = Duration::from_secs(3600);
/// Requests of all sources that are remembered, and sources.
const TOTAL: usize = 10_000;
/// Codes there are.
const CODES: u32 = 100_000_000;

/// Open requests for help.
pub struct Help {
    /// Makes the hash of a code useless to somebody who reads memory.
    pepper: Secret,
    guesses: Guesses<i64>,
    inner: Mutex<Inner>,
}

/// Invariant: every code leads to a request.
#[derive(Default)]
struct Inner {
    /// By the hash of the visitor's cookie.
    requests: HashMap<Hash, Request>,
    /// Cookies' hashes by codes' hashes.
    codes: HashMap<Hash, Hash>,
    /// When sources asked.
    asked: HashMap<IpAddr, Vec<Instant>>,
}

/// A visitor waits for an agent.
pub struct Request {
    /// The page that help is asked for.
    pub start: Permit<Url>,
    /// Hash of the visitor's cookie.
    pub join: Hash,
    code: Hash,
    veiled: u32,
    source: IpAddr,
    expires: Instant,
}

/// A new request: what its visitor gets.
pub struct Asked {
    /// Eight digits to be read out.
    pub code: Secret,
    /// Secret of the visitor's cookie.
    pub join: Secret,
}

/// How a request stands.
pub enum Stands {
    /// An agent may enter the code.
    Waiting {
        /// Eight digits.
        code: Secret,
        /// For how long yet.
        left: Duration,
        /// The page that help is asked for.
        start: Url,
    },
    /// Nobody did in time, or it is not known.
    Expired,
}

/// Help cannot be asked for, or not be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HelpError {
    /// Too many requests of this source, or of all.
    #[error("too many requests for help")]
    TooMany,
    /// No open request has this code. Wrong, expired and taken ones are one and the same.
    #[error("the code is wrong, or not valid any more")]
    WrongCode,
    /// The agent entered too many wrong codes: this one was not looked at.
    #[error("too many wrong codes")]
    Paused,
    /// See [`NoRandomness`].
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

impl Help {
    /// Nobody has asked yet.
    ///
    /// # Errors
    /// See [`NoRandomness`].
    pub fn new() -> Result<Self, NoRandomness> {
        Ok(Self { pepper: Secret::random()?, guesses: Guesses::default(), inner: Mutex::default() })
    }

    /// A visitor asks for help on a page.
    ///
    /// # Errors
    /// [`HelpError::TooMany`]: see the bounds above.
    pub fn ask(&self, start: Permit<Url>, source: IpAddr) -> Result<Asked, HelpError> {
        let (now, source, join) = (Instant::now(), network(source), Secret::random()?);
        let mut inner = self.lock();
        inner.forget(now);
        let open = inner.requests.values().filter(|request| request.source == source && now < request.expires).count();
        if open >= OPEN || inner.requests.len() >= TOTAL || !inner.count(source, now) {
            return Err(HelpError::TooMany);
        }
        let (code, hash) = loop {
            let code = Secret::random_digits(CODES)?;
            let hash = self.hash(code.expose());
            if let Entry::Vacant(entry) = inner.codes.entry(hash) {
                entry.insert(join.hash());
                break (code, hash);
            }
        };
        let veiled = code.expose().parse::<u32>().unwrap_or_default() ^ veil(join.expose());
        let request = Request { start, join: join.hash(), code: hash, veiled, source, expires: now + LIFETIME };
        inner.requests.insert(join.hash(), request);
        Ok(Asked { code, join })
    }

    /// How the request of a cookie's holder stands.
    #[must_use]
    pub fn stands(&self, join: &str) -> Stands {
        let (now, inner) = (Instant::now(), self.lock());
        match inner.requests.get(&Hash::of(join)).filter(|request| now < request.expires) {
            Some(Request { start, veiled, expires, .. }) => Stands::Waiting {
                code: Secret::of_digits(veiled ^ veil(join), CODES),
                left: expires.duration_since(now),
                start: start.get().clone(),
            },
            None => Stands::Expired,
        }
    }

    /// The visitor does not wait any longer.
    pub fn withdraw(&self, join: &str) {
        self.lock().remove(&Hash::of(join));
    }

    /// An agent enters a code. The request is theirs; should they not be able to help, it goes back with [`Help::put_back`].
    ///
    /// # Errors
    /// See [`HelpError`].
    pub fn take(&self, code: &str, account: i64) -> Result<Request, HelpError> {
        self.guesses.begin(account).map_err(|_| HelpError::Paused)?;
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let (now, mut inner) = (Instant::now(), self.lock());
        let join = inner.codes.get(&self.hash(&digits)).copied().ok_or(HelpError::WrongCode)?;
        let request = inner.remove(&join).filter(|request| now < request.expires).ok_or(HelpError::WrongCode)?;
        self.guesses.right(account);
        Ok(request)
    }

    /// Others may take it.
    pub fn put_back(&self, request: Request) {
        let mut inner = self.lock();
        inner.codes.insert(request.code, request.join);
        inner.requests.insert(request.join, request);
    }

    fn hash(&self, code: &str) -> Hash {
        Hash::of(&format!("{}{code}", self.pepper.expose()))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn remove(&mut self, join: &Hash) -> Option<Request> {
        let request = self.requests.remove(join)?;
        self.codes.remove(&request.code);
        Some(request)
    }

    fn forget(&mut self, now: Instant) {
        self.requests.retain(|_, request| now < request.expires + REMEMBERED);
        let requests = &self.requests;
        self.codes.retain(|_, join| requests.contains_key(join));
        self.asked.retain(|_, times| {
            times.retain(|at| now < *at + WINDOW);
            !times.is_empty()
        });
    }

    /// Counts a request of a source. False: it has had too many.
    fn count(&mut self, source: IpAddr, now: Instant) -> bool {
        if self.asked.len() >= TOTAL && !self.asked.contains_key(&source) {
            return false;
        }
        let times = self.asked.entry(source).or_default();
        let may = times.len() < PER_SOURCE;
        if may {
            times.push(now);
        }
        may
    }
}

/// What hides a code from all who do not hold the cookie.
fn veil(join: &str) -> u32 {
    let digest = Sha256::new_with_prefix("alongside help code").chain_update(join).finalize();
    digest.iter().take(4).fold(0, |number, byte| number << 8 | u32::from(*byte))
}

#[cfg(test)]
mod tests;
