//! Sessions over restarts: each one that changed is sealed and written, and at the start those that can be opened go on.
//!
//! One task writes, as fast as the write before it has finished, so that many changes of a session are one write, and nothing that serves a page waits
//! for the disk. Should the store fail, sessions go on in memory, and writing is tried again.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::origin::Sid;
use crate::session::token::{NoRandomness, Secret};
use crate::session::{Kept, Remains, Sessions, Tombstone};
use crate::store::{Change, Seal, SealError, Store, StoreError};

/// How long who ended a session is remembered.
const REMEMBERED: Duration = Duration::from_secs(24 * 3600);
/// How long to wait after a write failed.
const PAUSE: Duration = Duration::from_secs(1);
/// How often the log says that writing fails.
const COMPLAINT: Duration = Duration::from_secs(60);
/// Attempts to write what is left when the server stops.
const LAST_ATTEMPTS: usize = 3;
/// Name of the secret that PINs are hashed with.
const PEPPER: &str = "pepper";

/// The store of sealed sessions. Cheap to clone.
#[derive(Clone)]
pub(super) struct Vault {
    store: Store,
    seal: Arc<Seal>,
}

/// A session cannot be kept.
#[derive(Debug, thiserror::Error)]
pub(super) enum KeepError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error("a session cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("the work was broken off")]
    BrokenOff,
}

impl Vault {
    pub(super) fn new(store: Store, seal: Arc<Seal>) -> Self {
        Self { store, seal }
    }

    /// The secret that PINs are hashed with, the same after a restart; sealed anew, for keys may have changed.
    pub(super) async fn pepper(&self) -> Result<Secret, super::ServerError> {
        let sealed = self.store.sealed_secret(PEPPER).await?;
        let kept = sealed.and_then(|sealed| self.seal.open(PEPPER, &sealed));
        let kept = kept.and_then(|plain| String::from_utf8(plain.to_vec()).ok()).map(Secret::of);
        let pepper = kept.map_or_else(Secret::random, Ok)?;
        let sealed = self.seal.seal(PEPPER, pepper.expose().as_bytes()).map_err(|_| NoRandomness)?;
        self.store.keep_secret(PEPPER, &sealed).await?;
        Ok(pepper)
    }

    /// Lets the sessions go on that ran before. Those that cannot are forgotten.
    pub(super) async fn restore(&self, sessions: &Arc<Sessions>) -> Result<(), StoreError> {
        let (mut restored, mut over, mut unopened) = (0, 0, 0);
        for (sid, sealed) in self.store.sealed_sessions().await? {
            let opened = self.seal.open(&sid, &sealed);
            match opened.and_then(|plain| serde_json::from_slice::<Kept>(&plain).ok()) {
                Some(kept) => *(if sessions.restore(kept) { &mut restored } else { &mut over }) += 1,
                None => unopened += 1,
            }
            if let Some(sid) = Sid::parse(&sid) {
                sessions.changes().add(sid);
            }
        }
        for (sid, told, ago) in self.store.tombstones(REMEMBERED).await? {
            let told = serde_json::from_str::<Tombstone>(&told);
            if let (Some(sid), Ok(tombstone)) = (Sid::parse(&sid), told) {
                sessions.remember(sid, tombstone, ago);
            }
        }
        tracing::info!(restored, over, "sessions are kept over a restart");
        if unopened > 0 {
            tracing::warn!(
                unopened,
                "sessions could not be opened and are forgotten: was the key changed? See [store] previous_key"
            );
        }
        Ok(())
    }

    /// Writes what changes. Never returns.
    pub(super) async fn keep(&self, sessions: &Sessions) {
        let mut complained: Option<Instant> = None;
        loop {
            let changed = sessions.changes().next().await;
            if let Err(error) = self.write(sessions, changed).await {
                if complained.is_none_or(|at| at.elapsed() >= COMPLAINT) {
                    tracing::error!(%error, "sessions cannot be written; they go on, but would not outlive a restart");
                    complained = Some(Instant::now());
                }
                sleep(PAUSE).await;
            }
        }
    }

    /// Writes what is left, for the server stops.
    pub(super) async fn finish(&self, sessions: &Sessions) {
        sessions.mark_all();
        for attempt in 1..=LAST_ATTEMPTS {
            match self.write(sessions, sessions.changes().take()).await {
                Ok(()) => return,
                Err(error) if attempt == LAST_ATTEMPTS => {
                    tracing::error!(%error, "what changed last in the sessions is lost");
                }
                Err(_) => sleep(PAUSE).await,
            }
        }
    }

    /// Writes sessions as they are now. Those that cannot be written count as changed again, even when this is dropped.
    async fn write(&self, sessions: &Sessions, changed: Vec<Sid>) -> Result<(), KeepError> {
        let mut unwritten = Unwritten { sessions, changed };
        let remains: Vec<_> = unwritten.changed.iter().map(|sid| (sid.to_string(), sessions.remains(sid))).collect();
        let seal = Arc::clone(&self.seal);
        let sealed = tokio::task::spawn_blocking(move || {
            let sealed = remains.into_iter().map(|(sid, remains)| Ok((sid.clone(), change(&seal, &sid, remains)?)));
            sealed.collect::<Result<Vec<_>, KeepError>>()
        });
        let changes = sealed.await.map_err(|_| KeepError::BrokenOff)??;
        self.store.write_sessions(&changes).await?;
        unwritten.changed.clear();
        Ok(())
    }
}

/// Sessions that are being written.
struct Unwritten<'a> {
    sessions: &'a Sessions,
    changed: Vec<Sid>,
}

impl Drop for Unwritten<'_> {
    fn drop(&mut self) {
        for sid in self.changed.drain(..) {
            self.sessions.changes().add(sid);
        }
    }
}

fn change(seal: &Seal, sid: &str, remains: Remains) -> Result<Change, KeepError> {
    Ok(match remains {
        Remains::Running(kept) => {
            let plain = zeroize::Zeroizing::new(serde_json::to_vec(&kept)?);
            Change::Kept(seal.seal(sid, &plain)?)
        }
        Remains::Ended(tombstone) => Change::Ended(serde_json::to_string(&tombstone)?),
        Remains::Nothing => Change::Gone,
    })
}
