//! Which sessions are not as they were written last.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

use crate::origin::Sid;

/// Sessions that changed. Marking one never waits.
#[derive(Default)]
pub struct Changes {
    changed: Mutex<HashSet<Sid>>,
    notify: Notify,
}

/// By which a session, and what belongs to it, says that it changed. The default tells nobody.
#[derive(Clone, Default)]
pub struct Mark(Option<(Arc<Changes>, Sid)>);

impl Changes {
    /// The mark of one session.
    #[must_use]
    pub fn mark(self: &Arc<Self>, sid: Sid) -> Mark {
        Mark(Some((Arc::clone(self), sid)))
    }

    /// Waits until sessions changed, and takes them. Nothing is lost when it is dropped while it waits.
    pub async fn next(&self) -> Vec<Sid> {
        loop {
            let changed = self.take();
            if !changed.is_empty() {
                return changed;
            }
            self.notify.notified().await;
        }
    }

    /// Takes those that changed so far.
    #[must_use]
    pub fn take(&self) -> Vec<Sid> {
        self.changed.lock().unwrap_or_else(PoisonError::into_inner).drain().collect()
    }

    /// A session changed.
    pub fn add(&self, sid: Sid) {
        let new = self.changed.lock().unwrap_or_else(PoisonError::into_inner).insert(sid);
        if new {
            self.notify.notify_one();
        }
    }
}

impl Mark {
    /// It changed.
    pub fn set(&self) {
        if let Some((changes, sid)) = &self.0 {
            changes.add(sid.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn changes_are_told_once_and_none_is_lost() {
        let changes = Arc::new(Changes::default());
        let (one, other) = (Sid::random(), Sid::random());
        let mark = changes.mark(one.clone());
        mark.set();
        mark.set();
        assert_eq!(changes.next().await, [one]);
        let waiting = tokio::spawn({
            let changes = Arc::clone(&changes);
            async move { changes.next().await }
        });
        tokio::task::yield_now().await;
        changes.mark(other.clone()).set();
        assert_eq!(waiting.await.unwrap(), [other]);
        assert!(changes.take().is_empty());
        Mark::default().set();
    }
}
