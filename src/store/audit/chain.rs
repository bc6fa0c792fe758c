//! The chain as the server writes it, alone: entries follow each other, and its ends are kept sealed where there is a key.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use super::verify::{hex, line, of_hex};
use super::{Break, ENDS, Line, Link, Report, Walk};
use crate::session::trail::{Deed, What};
use crate::store::{Seal, Store, StoreError};

/// Where a chain begins and ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ends {
    /// What it begins after.
    pub anchor: Link,
    /// Its last entry.
    pub head: Link,
}

/// A chain's ends as the last line of a copy has them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ToldEnds {
    /// Number of the entry that it begins after.
    after: i64,
    /// That one's hash, in hexadecimal.
    after_hash: String,
    /// Number of the last entry.
    last: i64,
    /// Its hash, in hexadecimal.
    last_hash: String,
}

impl Ends {
    /// As text.
    #[must_use]
    pub fn told(&self) -> ToldEnds {
        let Self { anchor, head } = self;
        ToldEnds { after: anchor.seq, after_hash: hex(&anchor.hash), last: head.seq, last_hash: hex(&head.hash) }
    }

    /// Of text. None: a hash is none.
    #[must_use]
    pub fn of(told: &ToldEnds) -> Option<Self> {
        let link = |seq, hash: &str| Some(Link { seq, hash: of_hex(hash)? });
        Some(Self { anchor: link(told.after, &told.after_hash)?, head: link(told.last, &told.last_hash)? })
    }
}

/// The audit trail in the store. One at a time writes it.
pub struct Chain {
    store: Store,
    seal: Option<Arc<Seal>>,
    ends: Mutex<Ends>,
}

/// What was found when it was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// All is as it was left, or nobody can tell.
    Well,
    /// Its ends were not sealed, and are from now on.
    Sealed,
    /// Its ends are not as they were left. What is added follows what was there before: the break stays.
    Broken,
}

impl Chain {
    /// The chain of a store. With a key, its ends are those that were sealed.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn open(store: Store, seal: Option<Arc<Seal>>) -> Result<(Self, Opened), StoreError> {
        let anchor = store.audit_anchor().await?;
        let head = store.audit_last().await?.unwrap_or(anchor);
        let found = Ends { anchor, head };
        let (ends, opened) = match sealed(&store, seal.as_deref()).await? {
            _ if seal.is_none() => (found, Opened::Well),
            Some(sealed) if sealed == found => (found, Opened::Well),
            Some(sealed) => (sealed, Opened::Broken),
            None if found.head == Link::START => (found, Opened::Well),
            None => (found, Opened::Sealed),
        };
        let chain = Self { store, seal, ends: Mutex::new(ends) };
        match opened {
            Opened::Well => {}
            Opened::Sealed => chain.append(&[Deed::new(What::AuditSealed)]).await?,
            Opened::Broken => chain.append(&[Deed::new(What::AuditBroken)]).await?,
        }
        Ok((chain, opened))
    }

    /// Where it begins and ends now.
    pub async fn ends(&self) -> Ends {
        *self.ends.lock().await
    }

    /// Adds deeds, all of them or none, and before them what the command line did.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn append(&self, deeds: &[Deed]) -> Result<(), StoreError> {
        let mut ends = self.ends.lock().await;
        let pending = self.store.audit_pending().await?;
        if pending.is_empty() && deeds.is_empty() {
            return Ok(());
        }
        let last = self.store.audit_last().await?.map_or(0, |last| last.seq);
        let mut seq = last.max(ends.head.seq);
        let (mut head, mut lines) = (ends.head, Vec::<Line>::with_capacity(pending.len() + deeds.len()));
        for deed in pending.iter().map(|(_, deed)| deed).chain(deeds) {
            seq += 1;
            let line = line(&head, seq, deed);
            head = line.link();
            lines.push(line);
        }
        let after = Ends { head, ..*ends };
        let taken: Vec<i64> = pending.iter().map(|(id, _)| *id).collect();
        self.store.audit_add(&lines, self.sealed(&after)?.as_deref(), &taken).await?;
        *ends = after;
        Ok(())
    }

    /// Takes entries out that are older than this: how many.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn prune(&self, age: Duration) -> Result<u64, StoreError> {
        let mut ends = self.ends.lock().await;
        let Some(anchor) = self.store.audit_last_before(Store::audit_cutoff(age)).await? else { return Ok(0) };
        let after = Ends { anchor, ..*ends };
        let pruned = self.store.audit_cut(&anchor, self.sealed(&after)?.as_deref()).await?;
        *ends = after;
        Ok(pruned)
    }

    /// Goes along the whole chain while it may grow.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn verify(&self) -> Result<Report, StoreError> {
        let ends = self.ends().await;
        let report = walk(&self.store, ends.anchor, Some(ends.head.seq)).await?.finish(Some(ends.head));
        let anchor = self.store.audit_anchor().await?;
        let now = self.ends().await;
        if now.anchor != ends.anchor {
            // It was pruned meanwhile, which is rare.
            return Box::pin(self.verify()).await;
        }
        let last = self.store.audit_last().await?.map_or(anchor.seq, |last| last.seq);
        let begins = (anchor != ends.anchor).then_some(Break::Beginning);
        let extra = (last > self.ends().await.head.seq).then_some(Break::Extra(now.head.seq.saturating_add(1)));
        Ok(Report { breaks: begins.or(report.breaks).or(extra), ..report })
    }

    fn sealed(&self, ends: &Ends) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(seal) = &self.seal else { return Ok(None) };
        let plain = serde_json::to_vec(ends).map_err(StoreError::Json)?;
        Ok(Some(seal.seal(ENDS, &plain)?))
    }
}

/// Verifies a store that no server writes.
///
/// # Errors
/// See [`StoreError`].
pub async fn verify(store: &Store, seal: Option<&Seal>) -> Result<Report, StoreError> {
    let anchor = store.audit_anchor().await?;
    let walk = walk(store, anchor, None).await?;
    let ends = sealed(store, seal).await?;
    let report = walk.finish(ends.map(|ends| ends.head));
    let begins = ends.is_some_and(|ends| ends.anchor != anchor).then_some(Break::Beginning);
    let unsealed = (seal.is_some() && ends.is_none() && report.head != Link::START).then_some(Break::Unsealed);
    Ok(Report { breaks: begins.or(report.breaks).or(unsealed), ..report })
}

async fn sealed(store: &Store, seal: Option<&Seal>) -> Result<Option<Ends>, StoreError> {
    let Some(seal) = seal else { return Ok(None) };
    let sealed = store.sealed_secret(ENDS).await?;
    let opened = sealed.and_then(|sealed| seal.open(ENDS, &sealed));
    Ok(opened.and_then(|plain| serde_json::from_slice(&plain).ok()))
}

/// Goes along the entries, up to one.
async fn walk(store: &Store, anchor: Link, to: Option<i64>) -> Result<Walk, StoreError> {
    let (mut walk, mut from) = (Walk::after(anchor), i64::MIN);
    loop {
        let lines = store.audit_after(from).await?;
        let Some(last) = lines.last().map(|line| line.seq) else { return Ok(walk) };
        for line in lines.iter().filter(|line| to.is_none_or(|to| line.seq <= to)) {
            walk.step(line);
        }
        if to.is_some_and(|to| last >= to) {
            return Ok(walk);
        }
        from = last;
    }
}
