//! Watchers: agents' views. Each has a bounded queue; one that cannot keep up gets a fresh snapshot in place of the events that it missed.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tokio::sync::{Notify, mpsc, watch};

use super::Terms;
use super::latest::Latest;
use super::shown::Message;
use super::task::{Request, Signal};
use crate::protocol::agent::FromViewer;
use crate::protocol::people::PersonId;

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
    messages: VecDeque<Waiting>,
    bytes: usize,
    lag: Lag,
    /// A snapshot was asked for and is not here yet.
    asked: bool,
    pointers: Latest<Bytes>,
    /// More waits than may be left out: the watcher is given up.
    closed: bool,
}

struct Waiting {
    json: Bytes,
    /// The terms by which it was washed; none: it has nothing of the page.
    edition: Option<u64>,
    /// No snapshot stands for it.
    kept: bool,
}

/// Whether a queue takes events.
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
    Message(Bytes, Option<u64>),
    Overflowed,
    Closed,
}

impl Queue {
    /// Adds an event, unless the watcher waits for a snapshot.
    pub(super) fn push(&self, Message { json, edition, .. }: Message) {
        let mut inner = self.lock();
        if inner.lag != Lag::Flowing {
            return;
        }
        if inner.fits(&json) {
            inner.add(Waiting { json, edition, kept: false });
        } else {
            inner.keep();
            (inner.lag, inner.asked) = (Lag::Overflowed, false);
        }
        drop(inner);
        self.ready.notify_one();
    }

    /// Adds a message that is no event of the page: it is sent whatever the watcher misses, after all that is before it.
    pub(super) fn tell(&self, json: Bytes, edition: Option<u64>) {
        let mut inner = self.lock();
        if inner.fits(&json) {
            inner.add(Waiting { json, edition, kept: true });
        } else {
            inner.closed = true;
        }
        drop(inner);
        self.ready.notify_one();
    }

    /// Adds what somebody's pointer did.
    pub(super) fn point(&self, by: PersonId, pressed: bool, json: Bytes) {
        self.lock().pointers.put(by, pressed, json);
        self.ready.notify_one();
    }

    /// Begins anew with a snapshot.
    pub(super) fn restart(&self, Message { json, edition, .. }: Message) {
        let mut inner = self.lock();
        inner.keep();
        inner.bytes += json.len();
        inner.messages.push_front(Waiting { json, edition, kept: false });
        (inner.lag, inner.asked) = (Lag::Flowing, false);
        drop(inner);
        self.ready.notify_one();
    }

    /// Nothing is sent any more: the watcher is given up.
    pub(super) fn close(&self) {
        self.lock().closed = true;
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
        if inner.closed {
            return Some(Next::Closed);
        }
        if let Some(message) = inner.messages.pop_front() {
            inner.bytes -= message.json.len();
            return Some(Next::Message(message.json, message.edition));
        }
        if let Some(pointer) = inner.pointers.take() {
            return Some(Next::Message(pointer, None));
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

impl Inner {
    fn fits(&self, json: &Bytes) -> bool {
        self.messages.is_empty() || self.messages.len() < MESSAGES && self.bytes + json.len() <= BYTES
    }

    fn add(&mut self, message: Waiting) {
        self.bytes += message.json.len();
        self.messages.push_back(message);
    }

    /// Drops all events.
    fn keep(&mut self) {
        self.messages.retain(|message| message.kept);
        self.bytes = self.messages.iter().map(|message| message.json.len()).sum();
    }
}

/// A seat among the watchers. Dropping it leaves.
pub struct Watcher {
    pub(super) id: u64,
    pub(super) person: PersonId,
    pub(super) queue: Arc<Queue>,
    pub(super) signals: mpsc::UnboundedSender<Signal>,
    pub(super) requests: mpsc::Sender<Request>,
    /// What the session goes by.
    pub(super) terms: watch::Receiver<Arc<Terms>>,
    /// Edition of the terms by which the last message was washed.
    pub(super) last: Option<u64>,
    pub(super) _seat: Arc<()>,
}

impl Watcher {
    /// Whose it is.
    #[must_use]
    pub fn person(&self) -> PersonId {
        self.person
    }

    /// The next message, a `ToViewer` as JSON. None: it does not take what it is sent, and is given up.
    pub async fn next(&mut self) -> Option<Bytes> {
        loop {
            match self.queue.next().await {
                // What was washed by terms that hold no more is left out; all of it comes anew.
                Next::Message(_, Some(edition)) if edition != self.terms.borrow().edition => {}
                Next::Message(message, edition) => {
                    self.last = edition;
                    return Some(message);
                }
                Next::Overflowed => self.signal(Signal::Snapshot { watcher: self.id, why: Why::Lagged }),
                Next::Closed => return None,
            }
        }
    }

    /// Returns when what [`Watcher::next`] gave last may not be sent any more: it was washed by terms that hold no more.
    pub async fn outdated(&self) {
        let (mut terms, last) = (self.terms.clone(), self.last);
        if last.is_none() || terms.wait_for(|terms| Some(terms.edition) != last).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Hands a message of the agent's to the session; waits while the session has much to do.
    pub async fn send(&self, message: FromViewer) {
        if let FromViewer::Resync { diverged } = message {
            // One that is on its way is enough.
            if !std::mem::replace(&mut self.queue.lock().asked, true) {
                let why = if diverged { Why::Diverged } else { Why::Asked };
                self.signal(Signal::Snapshot { watcher: self.id, why });
            }
            return;
        }
        let _ = self.requests.send(Request::View { watcher: self.id, message }).await;
    }

    fn signal(&self, signal: Signal) {
        // A session that has ended hears nothing any more, and does not need to.
        let _ = self.signals.send(signal);
    }
}

/// Why a watcher needs the current state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// The agent wants it.
    Asked,
    /// The view found itself different from the session's page.
    Diverged,
    /// It missed events.
    Lagged,
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.signal(Signal::Left { watcher: self.id });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(json: impl Into<Bytes>) -> Message {
        Message { json: json.into(), edition: Some(0), begins: false }
    }

    #[tokio::test]
    async fn an_overflow_is_told_once_and_ends_with_a_snapshot() {
        let queue = Queue::default();
        queue.push(message(Bytes::from_static(b"before the snapshot")));
        queue.restart(message(Bytes::from_static(b"snapshot")));
        assert!(matches!(queue.next().await, Next::Message(m, _) if m == "snapshot"));
        for _ in 0..=MESSAGES {
            queue.push(message(Bytes::from_static(b"event")));
        }
        queue.push(message(Bytes::from_static(b"more")));
        assert!(matches!(queue.next().await, Next::Overflowed));
        queue.push(message(Bytes::from_static(b"lost")));
        queue.restart(message(Bytes::from_static(b"fresh")));
        queue.push(message(Bytes::from_static(b"after")));
        assert!(matches!(queue.next().await, Next::Message(m, _) if m == "fresh"));
        assert!(matches!(queue.next().await, Next::Message(m, _) if m == "after"));
    }

    #[tokio::test]
    async fn bytes_are_bounded_but_for_one_large_message() {
        let queue = Queue::default();
        queue.restart(message(vec![0; BYTES + 1]));
        assert!(matches!(queue.next().await, Next::Message(..)));
        queue.push(message(vec![0; BYTES]));
        queue.push(message(Bytes::from_static(b"x")));
        assert!(matches!(queue.next().await, Next::Overflowed));
    }

    #[tokio::test]
    async fn what_is_no_event_outlives_an_overflow() {
        let queue = Queue::default();
        queue.tell(Bytes::from_static(b"before"), None);
        queue.restart(message(Bytes::from_static(b"snapshot")));
        queue.push(message(Bytes::from_static(b"event")));
        queue.tell(Bytes::from_static(b"outcome"), None);
        queue.restart(message(Bytes::from_static(b"fresh")));
        queue.point(PersonId(2), false, Bytes::from_static(b"pointer"));
        queue.push(message(Bytes::from_static(b"after")));
        for expected in ["fresh", "before", "outcome", "after", "pointer"] {
            assert!(matches!(queue.next().await, Next::Message(m, _) if m == expected), "{expected}");
        }
        (0..=MESSAGES).for_each(|_| queue.tell(Bytes::from_static(b"outcome"), None));
        assert!(matches!(queue.next().await, Next::Closed), "it takes nothing");
    }
}
