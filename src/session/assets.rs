//! What the visitor's browser loaded and agents' views need: pictures, styles, fonts, media. Bounded, in memory, wiped at the end.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use sha2::{Digest, Sha256};
use tokio::sync::Notify;
use url::Url;

/// How long an agent's view waits for an asset that the visitor's browser has not asked for: the news of an element may be a little
/// faster than the browser's request for its picture, but a lazy picture may never be asked for.
const UNASKED: Duration = Duration::from_secs(3);
/// Addresses that are remembered; a page can ask for any number.
const SLOTS: usize = 8192;
/// Redirects that are remembered, and followed in a row.
const REDIRECTS: (usize, usize) = (4096, 10);

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
}

#[derive(Default)]
struct Inner {
    slots: HashMap<String, Slot>,
    contents: HashMap<Digested, Content>,
    /// Keys of addresses that redirected, to the keys of where they led.
    redirects: HashMap<String, String>,
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

impl Assets {
    /// An empty store.
    #[must_use]
    pub fn new(bounds: Bounds) -> Self {
        Self { bounds, inner: Mutex::default(), changed: Notify::new() }
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
            inner.redirects.insert(from, to);
        }
        drop(inner);
        self.changed.notify_waiters();
    }

    /// An asset, redirects followed. Waits while the visitor's browser is still loading it, for `wait` at most, and a little for one that it has not asked for.
    pub async fn get(&self, key: &str, wait: Duration) -> Option<Asset> {
        let start = tokio::time::Instant::now();
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            changed.as_mut().enable();
            let deadline = match self.look(key) {
                Look::Ready(asset) => return Some(asset),
                Look::Failed => return None,
                Look::Loading => start + wait,
                Look::Unasked => start + wait.min(UNASKED),
            };
            tokio::time::timeout_at(deadline, changed).await.ok()?;
        }
    }

    /// Forgets all, and takes none any more.
    pub fn wipe(&self) {
        *self.lock() = Inner { wiped: true, ..Inner::default() };
        self.changed.notify_waiters();
    }

    fn look(&self, key: &str) -> Look {
        let inner = &mut *self.lock();
        if inner.wiped {
            return Look::Failed;
        }
        let key = inner.destination(key).to_owned();
        let Some(slot) = inner.slots.get_mut(&key) else { return Look::Unasked };
        inner.clock += 1;
        slot.used = inner.clock;
        if let Some(ready) = &slot.ready
            && let Some(content) = inner.contents.get(&ready.digest)
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

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
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
        }
        self.open = false;
        self.body = Vec::new();
        drop(inner);
        self.assets.changed.notify_waiters();
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
mod tests {
    use super::*;

    const WAIT: Duration = Duration::from_secs(20);

    fn assets(total: usize, one: usize) -> Arc<Assets> {
        Arc::new(Assets::new(Bounds { total, one }))
    }

    fn url() -> Url {
        "https://cdn.example/a.png".parse().unwrap()
    }

    fn put(assets: &Arc<Assets>, key: &str, body: &[u8]) {
        assets.put(key.to_owned(), url(), "image/png", body);
    }

    async fn body(assets: &Assets, key: &str) -> Option<Bytes> {
        assets.get(key, Duration::ZERO).await.map(|asset| asset.body)
    }

    #[tokio::test(start_paused = true)]
    async fn a_view_waits_for_a_load_and_gets_it_whole() {
        let assets = assets(100, 100);
        let mut loading = assets.begin("a".to_owned(), url());
        let waiting = tokio::spawn({
            let assets = Arc::clone(&assets);
            async move { assets.get("a", WAIT).await }
        });
        tokio::time::sleep(Duration::from_secs(10)).await;
        loading.push(b"on");
        loading.push(b"e");
        assert!(!waiting.is_finished());
        loading.finish("image/png");
        let asset = waiting.await.unwrap().unwrap();
        assert_eq!((&asset.body[..], asset.content_type.as_str()), (&b"one"[..], "image/png"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_failed_load_ends_the_wait() {
        let assets = assets(100, 100);
        let loading = assets.begin("a".to_owned(), url());
        let start = tokio::time::Instant::now();
        let (found, ()) = tokio::join!(assets.get("a", WAIT), async { drop(loading) });
        assert!(found.is_none());
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn waits_end() {
        let assets = assets(100, 100);
        let start = tokio::time::Instant::now();
        assert!(assets.get("never", WAIT).await.is_none());
        assert_eq!(start.elapsed(), UNASKED);
        let _loading = assets.begin("slow".to_owned(), url());
        assert!(assets.get("slow", WAIT).await.is_none());
        assert_eq!(start.elapsed(), UNASKED + WAIT);
    }

    #[tokio::test]
    async fn a_reload_that_fails_leaves_the_copy() {
        let assets = assets(100, 100);
        put(&assets, "a", b"one");
        let again = assets.begin("a".to_owned(), url());
        assert_eq!(body(&assets, "a").await.as_deref(), Some(&b"one"[..]));
        drop(again);
        assert_eq!(body(&assets, "a").await.as_deref(), Some(&b"one"[..]));
        put(&assets, "a", b"two");
        assert_eq!(body(&assets, "a").await.as_deref(), Some(&b"two"[..]));
        assert_eq!(assets.lock().bytes, 3);
    }

    #[tokio::test]
    async fn equal_contents_are_kept_once_and_the_oldest_go_first() {
        let assets = assets(10, 10);
        for key in ["a", "b", "c"] {
            put(&assets, key, b"same!");
        }
        assert_eq!(assets.lock().bytes, 5);
        put(&assets, "d", b"other");
        assert!(body(&assets, "a").await.is_some());
        put(&assets, "e", b"third");
        assert!(body(&assets, "a").await.is_some() && body(&assets, "e").await.is_some());
        assert!(body(&assets, "b").await.is_none() && body(&assets, "d").await.is_none(), "not used since");
        assert_eq!(assets.lock().bytes, 10);
    }

    #[tokio::test]
    async fn too_large_is_not_kept() {
        let assets = assets(10, 4);
        put(&assets, "a", b"12345");
        assert!(body(&assets, "a").await.is_none());
        assert_eq!(assets.lock().bytes, 0);
    }

    #[tokio::test]
    async fn redirects_lead_to_the_copy_and_circles_end() {
        let assets = assets(100, 100);
        let redirect = |from: &str, to: &str| assets.redirect(from.to_owned(), to.to_owned());
        redirect("a", "b");
        redirect("b", "c");
        put(&assets, "c", b"three");
        assert_eq!(body(&assets, "a").await.unwrap(), "three");
        put(&assets, "a", b"one");
        assert_eq!(body(&assets, "a").await.unwrap(), "one", "it does not redirect any more");
        redirect("x", "y");
        redirect("y", "x");
        assert!(body(&assets, "x").await.is_none());
    }

    #[tokio::test]
    async fn failed_loads_leave_little() {
        let assets = assets(100, 100);
        for i in 0..3 * SLOTS {
            drop(assets.begin(format!("{i}"), url()));
        }
        put(&assets, "a", b"one");
        assert!(assets.lock().slots.len() <= SLOTS);
        assert_eq!(body(&assets, "a").await.unwrap(), "one");
    }

    #[tokio::test]
    async fn wiped_is_wiped() {
        let assets = assets(10, 10);
        put(&assets, "a", b"one");
        let mut late = assets.begin("b".to_owned(), url());
        late.push(b"tw");
        assets.wipe();
        late.push(b"o");
        late.finish("image/png");
        put(&assets, "c", b"three");
        for key in ["a", "b", "c"] {
            assert!(body(&assets, key).await.is_none(), "{key}");
        }
        assert!(assets.lock().slots.is_empty());
        assert_eq!(assets.lock().bytes, 0);
    }
}
