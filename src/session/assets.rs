//! What the visitor's browser loaded and agents' views need: pictures, styles, fonts, media. Bounded, in memory, wiped at the end.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use sha2::{Digest, Sha256};
use tokio::sync::Notify;
use url::Url;

/// How long an agent's view waits for an asset that the visitor's browser has not asked for: the news of an element may be a little
/// faster than the browser's request for its picture, but a lazy picture may never be asked for.
const UNASKED: Duration = Duration::from_secs(1);
/// Addresses that are remembered; a page can ask for any number.
const SLOTS: usize = 8192;
/// Redirects that are remembered, and followed in a row.
const REDIRECTS: (usize, usize) = (4096, 10);
/// Assets asked for in vain that are remembered.
const MISSED: usize = 4096;

/// A loaded asset.
#[derive(Clone, Debug)]
pub struct Asset {
    /// Real address that it came from.
    pub url: Url,
    /// The `Content-Type` that the site gave.
    pub content_type: String,
    /// The decoded body.
    pub body: Bytes,
}

/// How much a session keeps, in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Of all assets together, those on their way included.
    pub total: usize,
    /// Of one.
    pub one: usize,
}

/// The assets of one session, by the key that `Wash::asset_key` makes of their real address. Equal contents are kept once; what was not
/// used for longest goes first.
pub struct Assets {
    bounds: Bounds,
    inner: Mutex<Inner>,
    changed: Notify,
    arrived: Notify,
}

#[derive(Default)]
struct Inner {
    slots: HashMap<String, Slot>,
    contents: HashMap<Digested, Content>,
    /// Keys of addresses that redirected, to the keys of where they led.
    redirects: HashMap<String, String>,
    /// Keys that agents' views asked for in vain.
    missed: HashSet<String>,
    /// Those of them that were loaded since, or could not be.
    arrived: Vec<String>,
    /// Bytes of contents and of what is on its way.
    bytes: usize,
    clock: u64,
    wiped: bool,
}

type Digested = [u8; 32];

#[derive(Default)]
struct Slot {
    ready: Option<Ready>,
    /// How many loads are under way.
    loading: usize,
    used: u64,
}

struct Ready {
    url: Url,
    content_type: String,
    digest: Digested,
}

struct Content {
    body: Bytes,
    slots: usize,
}

/// What a look at a slot found.
enum Look {
    Ready(Asset),
    Loading,
    Unasked,
    Failed,
}

/// What an agent's view gets for a key.
pub enum Answer {
    /// The asset.
    Ready(Asset),
    /// The visitor's browser could not load it.
    Failed,
    /// The visitor's browser has not loaded it, or not yet.
    Pending,
}

impl Assets {
    /// An empty store.
    #[must_use]
    pub fn new(bounds: Bounds) -> Self {
        Self { bounds, inner: Mutex::default(), changed: Notify::new(), arrived: Notify::new() }
    }

    /// The visitor's browser asks for it: agents' views wait from now on. Without [`Loading::finish`] it failed; a copy that was
    /// loaded before stays.
    #[must_use]
    pub fn begin(self: &Arc<Self>, key: String, url: Url) -> Loading {
        let mut inner = self.lock();
        let open = !inner.wiped;
        if open {
            inner.clock += 1;
            let used = inner.clock;
            let slot = inner.slots.entry(key.clone()).or_default();
            slot.loading += 1;
            slot.used = used;
            inner.forget_slots();
        }
        drop(inner);
        self.changed.notify_waiters();
        Loading { assets: Arc::clone(self), key, url, body: Vec::new(), open }
    }

    /// Stores one whole.
    pub fn put(self: &Arc<Self>, key: String, url: Url, content_type: &str, body: &[u8]) {
        let mut loading = self.begin(key, url);
        loading.push(body);
        loading.finish(content_type);
    }

    /// The address of one key redirects the visitor's browser to the address of another.
    pub fn redirect(&self, from: String, to: String) {
        let mut inner = self.lock();
        if !inner.wiped && inner.redirects.len() < REDIRECTS.0 && from != to {
            inner.redirects.insert(from, to.clone());
            if let Look::Ready(_) | Look::Failed = inner.look(&to) {
                inner.find_missed(&to);
            }
        }
        self.told(inner);
    }

    /// Something changed: whoever waits for it looks again.
    fn told(&self, inner: MutexGuard<'_, Inner>) {
        let arrived = !inner.arrived.is_empty();
        drop(inner);
        if arrived {
            self.arrived.notify_one();
        }
        self.changed.notify_waiters();
    }

    /// An asset, redirects followed. Waits while the visitor's browser is still loading it, for `wait` at most, and a little for one that it has not asked for.
    pub async fn get(&self, key: &str, wait: Duration) -> Option<Asset> {
        let start = tokio::time::Instant::now();
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            changed.as_mut().enable();
            let deadline = match self.lock().look(key) {
                Look::Ready(asset) => return Some(asset),
                Look::Failed => return None,
                Look::Loading => start + wait,
                Look::Unasked => start + wait.min(UNASKED),
            };
            tokio::time::timeout_at(deadline, changed).await.ok()?;
        }
    }

    /// An asset for an agent's view, see [`Assets::get`]. One that is not there in time is remembered, and [`Assets::arrived`] tells when
    /// that changes.
    pub async fn wanted(&self, key: &str, wait: Duration) -> Answer {
        if let Some(asset) = self.get(key, wait).await {
            return Answer::Ready(asset);
        }
        let inner = &mut *self.lock();
        let answer = match inner.look(key) {
            // It came just now.
            Look::Ready(asset) => return Answer::Ready(asset),
            Look::Failed => Answer::Failed,
            Look::Loading | Look::Unasked => Answer::Pending,
        };
        if !inner.wiped && inner.missed.len() < MISSED {
            inner.missed.insert(key.to_owned());
        }
        answer
    }

    /// Waits until loads are over of assets that agents' views asked for in vain, and gives their keys. Nothing is lost when it is dropped.
    pub async fn arrived(&self) -> Vec<String> {
        loop {
            let arrived = std::mem::take(&mut self.lock().arrived);
            if !arrived.is_empty() {
                return arrived;
            }
            self.arrived.notified().await;
        }
    }

    /// Forgets what came from addresses that are not to be kept any more, and what leads there. What is still being loaded from there is not served either.
    pub fn retain(&self, keeps: impl Fn(&Url) -> bool) {
        let inner = &mut *self.lock();
        let goes = |slot: &Slot| slot.ready.as_ref().is_some_and(|ready| !keeps(&ready.url));
        let gone: Vec<_> = inner.slots.iter().filter(|(_, slot)| goes(slot)).map(|(key, _)| key.clone()).collect();
        for key in gone {
            inner.release(&key);
            if inner.slots.get(&key).is_some_and(|slot| slot.loading == 0) {
                inner.slots.remove(&key);
            }
        }
    }

    /// Forgets all, and takes none any more.
    pub fn wipe(&self) {
        *self.lock() = Inner { wiped: true, ..Inner::default() };
        self.changed.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn look(&mut self, key: &str) -> Look {
        if self.wiped {
            return Look::Failed;
        }
        let key = self.destination(key).to_owned();
        let Some(slot) = self.slots.get_mut(&key) else { return Look::Unasked };
        self.clock += 1;
        slot.used = self.clock;
        if let Some(ready) = &slot.ready
            && let Some(content) = self.contents.get(&ready.digest)
        {
            let Ready { url, content_type, .. } = ready;
            return Look::Ready(Asset {
                url: url.clone(),
                content_type: content_type.clone(),
                body: content.body.clone(),
            });
        }
        if slot.loading > 0 { Look::Loading } else { Look::Failed }
    }

    /// Where redirects lead from a key.
    fn destination<'k>(&'k self, key: &'k str) -> &'k str {
        let next = |key: &&'k str| self.redirects.get(*key).map(String::as_str);
        std::iter::successors(Some(key), next).take(REDIRECTS.1).last().unwrap_or(key)
    }

    fn store(&mut self, key: &str, url: Url, content_type: &str, body: Vec<u8>, bounds: Bounds) {
        let digest = Digested::from(Sha256::digest(&body));
        self.release(key);
        self.redirects.remove(key);
        let content = self.contents.entry(digest).or_insert_with(|| {
            self.bytes += body.len();
            Content { body: body.into(), slots: 0 }
        });
        content.slots += 1;
        self.clock += 1;
        let slot = self.slots.entry(key.to_owned()).or_default();
        slot.used = self.clock;
        slot.ready = Some(Ready { url, content_type: content_type.to_owned(), digest });
        self.evict(bounds);
    }

    /// Its load is over: whoever asked in vain for it, or for what leads to it, is to hear of it.
    fn find_missed(&mut self, key: &str) {
        let there = self.destination(key).to_owned();
        let leads_to_it = |missed: &String| self.destination(missed) == there;
        let found: Vec<_> = self.missed.iter().filter(|missed| leads_to_it(missed)).cloned().collect();
        for missed in found {
            self.missed.remove(&missed);
            self.arrived.push(missed);
        }
    }

    /// Takes a slot's content away.
    fn release(&mut self, key: &str) {
        let Some(ready) = self.slots.get_mut(key).and_then(|slot| slot.ready.take()) else { return };
        if let Some(content) = self.contents.get_mut(&ready.digest) {
            content.slots -= 1;
            if content.slots == 0 {
                self.bytes -= content.body.len();
                self.contents.remove(&ready.digest);
            }
        }
    }

    /// Keeps the number of slots within bounds: an eighth goes at a time, those not used for longest.
    fn forget_slots(&mut self) {
        if self.slots.len() <= SLOTS {
            return;
        }
        let mut idle: Vec<(u64, String)> = self
            .slots
            .iter()
            .filter(|(_, slot)| slot.loading == 0)
            .map(|(key, slot)| (slot.used, key.clone()))
            .collect();
        idle.sort_unstable();
        for (_, key) in idle.into_iter().take(SLOTS / 8) {
            self.release(&key);
            self.slots.remove(&key);
        }
    }

    fn evict(&mut self, bounds: Bounds) {
        while self.bytes > bounds.total {
            let kept = self.slots.iter().filter(|(_, slot)| slot.ready.is_some());
            let Some(oldest) = kept.min_by_key(|(_, slot)| slot.used).map(|(key, _)| key.clone()) else { return };
            self.release(&oldest);
            if self.slots.get(&oldest).is_some_and(|slot| slot.loading == 0) {
                self.slots.remove(&oldest);
            }
        }
    }
}

/// An asset on its way to the visitor's browser.
pub struct Loading {
    assets: Arc<Assets>,
    key: String,
    url: Url,
    body: Vec<u8>,
    /// It is still worth keeping.
    open: bool,
}

impl Loading {
    /// The next piece of the decoded body. What is over the bounds is not kept.
    pub fn push(&mut self, piece: &[u8]) {
        if !self.open {
            return;
        }
        let bounds = self.assets.bounds;
        let mut inner = self.assets.lock();
        if !inner.wiped {
            inner.bytes += piece.len();
            self.body.extend_from_slice(piece);
            inner.evict(bounds);
        }
        if self.body.len() > bounds.one || inner.bytes > bounds.total || inner.wiped {
            drop(inner);
            self.give_up();
        }
    }

    /// It came whole.
    pub fn finish(mut self, content_type: &str) {
        if !self.open {
            return;
        }
        let mut inner = self.assets.lock();
        if !inner.wiped {
            inner.bytes -= self.body.len();
            let body = std::mem::take(&mut self.body);
            inner.store(&self.key, self.url.clone(), content_type, body, self.assets.bounds);
        }
        drop(inner);
        self.give_up();
    }

    /// The load is over; what came of it and was not stored is forgotten.
    fn give_up(&mut self) {
        let mut inner = self.assets.lock();
        if self.open && !inner.wiped {
            inner.bytes -= self.body.len();
            if let Some(slot) = inner.slots.get_mut(&self.key) {
                slot.loading -= 1;
            }
            inner.find_missed(&self.key);
        }
        self.open = false;
        self.body = Vec::new();
        self.assets.told(inner);
    }
}

impl Drop for Loading {
    fn drop(&mut self) {
        if self.open {
            self.give_up();
        }
    }
}

#[cfg(test)]
mod tests;
