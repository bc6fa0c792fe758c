//! The audit trail on its way into the store: one task takes what is noted and writes it, as fast as the write before it has finished.
//!
//! It holds nobody up. Should the store fail, deeds wait, bounded, and writing is tried again; administrators are told.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::{Instant, interval, sleep};
use tokio_util::sync::CancellationToken;

use crate::session::Trail;
use crate::session::trail::{Deed, What};
use crate::store::{Chain, Ends, Opened, Report, Seal, Store, StoreError};

/// How often it is looked for what the command line did.
const TICK: Duration = Duration::from_secs(10);
/// How often old entries are taken out.
const PRUNE: Duration = Duration::from_secs(3600);
/// How long to wait after a write failed.
const PAUSE: Duration = Duration::from_secs(1);
/// How often the log says that writing fails.
const COMPLAINT: Duration = Duration::from_secs(60);
/// Attempts to write what is left when the server stops.
const LAST_ATTEMPTS: usize = 3;
/// A chain is verified anew when so many times as long have passed as that took.
const REST: u32 = 20;

/// Writes the audit trail.
pub(super) struct Recorder {
    chain: Chain,
    trail: Trail,
    /// How old entries become; none: they stay.
    age: Option<Duration>,
    failing: AtomicBool,
    verified: Mutex<Option<Verified>>,
}

struct Verified {
    report: Report,
    at: Instant,
    took: Duration,
}

impl Recorder {
    /// Opens the trail of a store. `days`: how old entries become; 0: for ever.
    pub(super) async fn open(
        store: Store,
        seal: Option<Arc<Seal>>,
        trail: Trail,
        days: u32,
    ) -> Result<Self, StoreError> {
        let (chain, opened) = Chain::open(store, seal).await?;
        match opened {
            Opened::Well => {}
            Opened::Sealed => tracing::warn!("the end of the audit trail was not sealed and is from now on"),
            Opened::Broken => {
                tracing::error!("the audit trail is not as it was left: `alongside audit verify` says where it breaks");
            }
        }
        let age = (days > 0).then(|| Duration::from_secs(u64::from(days) * 24 * 3600));
        Ok(Self { chain, trail, age, failing: AtomicBool::new(false), verified: Mutex::default() })
    }

    /// Writes what is noted, until it is over, and then what is left.
    pub(super) async fn keep(&self, over: &CancellationToken) {
        let (mut tick, mut prune, mut complained) = (interval(TICK), interval(PRUNE), None::<Instant>);
        loop {
            let written = tokio::select! {
                () = over.cancelled() => break,
                deeds = self.trail.next() => self.write(deeds).await,
                _ = tick.tick() => self.write(Vec::new()).await,
                _ = prune.tick() => self.prune().await,
            };
            self.failing.store(written.is_err(), Ordering::Relaxed);
            if let Err(error) = written {
                if complained.is_none_or(|at| at.elapsed() >= COMPLAINT) {
                    tracing::error!(%error, "the audit trail cannot be written; entries wait");
                    complained = Some(Instant::now());
                }
                tokio::select! {
                    () = over.cancelled() => break,
                    () = sleep(PAUSE) => {}
                }
            }
        }
        self.finish().await;
    }

    async fn finish(&self) {
        for attempt in 1..=LAST_ATTEMPTS {
            match self.write(self.trail.rest()).await {
                Ok(()) => return,
                Err(error) if attempt == LAST_ATTEMPTS => {
                    tracing::error!(%error, "the last entries of the audit trail are lost");
                }
                Err(_) => sleep(PAUSE).await,
            }
        }
    }

    async fn write(&self, deeds: Vec<Deed>) -> Result<(), StoreError> {
        let written = self.chain.append(&deeds).await;
        if written.is_err() {
            self.trail.put_back(deeds);
        }
        written
    }

    async fn prune(&self) -> Result<(), StoreError> {
        let Some(age) = self.age else { return Ok(()) };
        let pruned = self.chain.prune(age).await?;
        if pruned > 0 {
            self.trail.note(Deed::new(What::AuditPruned).about(&pruned.to_string()));
        }
        Ok(())
    }

    /// Entries cannot be written.
    pub(super) fn is_failing(&self) -> bool {
        self.failing.load(Ordering::Relaxed)
    }

    /// Where the trail begins and ends.
    pub(super) async fn ends(&self) -> Ends {
        self.chain.ends().await
    }

    /// Whether the whole chain holds. A long one is not verified all the time.
    pub(super) async fn verify(&self) -> Result<Report, StoreError> {
        let mut verified = self.verified.lock().await;
        if let Some(Verified { report, at, took }) = verified.as_ref()
            && at.elapsed() < *took * REST
        {
            return Ok(*report);
        }
        let began = Instant::now();
        let report = self.chain.verify().await?;
        *verified = Some(Verified { report, at: Instant::now(), took: began.elapsed() });
        Ok(report)
    }
}
