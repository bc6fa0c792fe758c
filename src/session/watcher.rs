//! Watchers: agents' views. Each has a bounded queue; one that cannot keep up gets a fresh snapshot in place of what it missed.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::{Notify, mpsc};

use super::task::Signal;

/// Messages in a queue.
const MESSAGES: usize = 1024;
/// Bytes in a queue, but for a single message that is larger.
const BYTES: usize = 16 << 20;

/// What waits to be sent to one watcher.
#[derive(Default)]
pub(super) struct Queue {
    inner: Mutex<Inner>,
    ready: Notify,
}

#[derive(Default)]
struct Inner {
    messages: VecDeque<Bytes>,
    bytes: usize,
    lag: Lag,
    /// A snapshot was asked for and is not here yet.
    asked: bool,
}

/// Whether a queue takes messages.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Lag {
    /// It does not: it begins with a snapshot.
    #[default]
    Empty,
    /// It does.
    Flowing,
    /// It overflowed, and the socket has not heard of it.
    Overflowed,
}

enum Next {
    Message(Bytes),
    Overflowed,
}

impl Queue {
    /// Adds a message, unless the watcher waits for a snapshot.
    pub(super) fn push(&self, message: Bytes) {
        let mut inner = self.lock();
        if inner.lag != Lag::Flowing {
            return;
        }
        if inner.messages.len() >= MESSAGES || !inner.messages.is_empty() && inner.bytes + message.len() > BYTES {
            *inner = Inner { lag: Lag::Overflowed, ..Inner::default() };
        } else {
            inner.bytes += message.len();
            inner.messages.push_back(message);
        }
        drop(inner);
        self.ready.notify_one();
    }

    /// Begins anew with a snapshot.
    pub(super) fn restart(&self, snapshot: Bytes) {
        *self.lock() = Inner { bytes: snapshot.len(), messages: [snapshot].into(), lag: Lag::Flowing, asked: false };
        self.ready.notify_one();
    }

    async fn next(&self) -> Next {
        loop {
            if let Some(next) = self.take() {
                return next;
            }
            self.ready.notified().await;
        }
    }

    fn take(&self) -> Option<Next> {
        let mut inner = self.lock();
        if let Some(message) = inner.messages.pop_front() {
            inner.bytes -= message.len();
            return Some(Next::Message(message));
        }
        if inner.lag == Lag::Overflowed {
            inner.lag = Lag::Empty;
            return Some(Next::Overflowed);
        }
        None
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A seat among the watchers. Dropping it leaves.
pub struct Watcher {
    pub(super) id: u64,
    pub(super) queue: Arc<Queue>,
    pub(super) signals: mpsc::UnboundedSender<Signal>,
    pub(super) _seat: Arc<()>,
}

impl Watcher {
    /// The next message, a `ToViewer` as JSON.
    pub async fn next(&mut self) -> Bytes {
        loop {
            match self.queue.next().await {
                Next::Message(message) => return message,
                Next::Overflowed => self.signal(Signal::Snapshot { watcher: self.id, diverged: false, lagged: true }),
            }
        }
    }

    /// Asks for the current state, unless that is on its way. `diverged`: the view found itself different from the session's page.
    pub fn resync(&self, diverged: bool) {
        if std::mem::replace(&mut self.queue.lock().asked, true) {
            return;
        }
        self.signal(Signal::Snapshot { watcher: self.id, diverged, lagged: false });
    }

    fn signal(&self, signal: Signal) {
        // A session that has ended hears nothing any more, and does not need to.
        let _ = self.signals.send(signal);
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.signal(Signal::Left { watcher: self.id });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_overflow_is_told_once_and_ends_with_a_snapshot() {
        let queue = Queue::default();
        queue.push(Bytes::from_static(b"before the snapshot"));
        queue.restart(Bytes::from_static(b"snapshot"));
        assert!(matches!(queue.next().await, Next::Message(m) if m == "snapshot"));
        for _ in 0..=MESSAGES {
            queue.push(Bytes::from_static(b"event"));
        }
        queue.push(Bytes::from_static(b"more"));
        assert!(matches!(queue.next().await, Next::Overflowed));
        queue.push(Bytes::from_static(b"lost"));
        queue.restart(Bytes::from_static(b"fresh"));
        queue.push(Bytes::from_static(b"after"));
        assert!(matches!(queue.next().await, Next::Message(m) if m == "fresh"));
        assert!(matches!(queue.next().await, Next::Message(m) if m == "after"));
    }

    #[tokio::test]
    async fn bytes_are_bounded_but_for_one_large_message() {
        let queue = Queue::default();
        queue.restart(Bytes::from(vec![0; BYTES + 1]));
        assert!(matches!(queue.next().await, Next::Message(_)));
        queue.push(Bytes::from(vec![0; BYTES]));
        queue.push(Bytes::from_static(b"x"));
        assert!(matches!(queue.next().await, Next::Overflowed));
    }
}
