//! The task that owns a session's page: one per session, from the start to the end.
//!
//! It takes the visitor's batches, applies and washes them once, and hands one serialised message to every watcher. Sockets watch the session's
//! status by themselves, so that nothing that waits in a queue is sent after the end.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Instant;

use super::shown::{Message, Shown};
use super::watcher::Queue;
use super::{Room, Session, Status};
use crate::protocol::agent::{EndedBy, Presence, SessionState};
use crate::protocol::page::PageEvent;
use crate::protocol::visitor::{FromVisitor, ToVisitor};

/// Batches that may wait between a visitor's socket and the task; more hold the socket up.
pub(super) const BATCHES: usize = 64;
/// Comparing the copies takes one part in so many of a session's time at most, however often its page asks for it.
const COMPARE_SHARE: u32 = 4;
/// Answers that may wait for a visitor's socket; one that takes none is closed.
pub(super) const ANSWERS: usize = 64;
/// Bytes of a batch, or of a page to be looked through, from which on the work is done on a thread of its own.
const LARGE: usize = 64 << 10;

/// Who comes and goes. These never wait.
pub(super) enum Signal {
    /// A page of the visitor's connected.
    Visitor { connection: u64, answers: mpsc::Sender<ToVisitor> },
    /// It is gone.
    VisitorLeft { connection: u64 },
    /// An agent's view connected.
    Watch { watcher: u64, name: String, queue: Arc<Queue> },
    /// It is gone.
    Left { watcher: u64 },
    /// It needs the current state.
    Snapshot { watcher: u64, diverged: bool, lagged: bool },
}

/// A message from a page of the visitor's.
pub(super) struct FromPage {
    pub(super) connection: u64,
    pub(super) message: FromVisitor,
    pub(super) room: Room,
}

/// What came to the task.
enum Event {
    Signal(Signal),
    Message(FromPage),
    Assets(Vec<String>),
    Status,
    Deadline,
}

pub(super) struct Task {
    session: Arc<Session>,
    /// Locked by whoever works on it, which is one at a time.
    shown: Arc<Mutex<Shown>>,
    /// The load that the mirror shows, and the batch that comes next.
    page: Option<(u64, u32)>,
    /// A snapshot has been asked for: what comes before it is not for the mirror.
    resyncing: bool,
    visitors: HashMap<u64, Visitor>,
    /// The connection whose page is shown.
    active: Option<u64>,
    /// Grows with each connection and each tab that comes to the front.
    order: u64,
    away_since: Instant,
    watchers: HashMap<u64, (String, Arc<Queue>)>,
    acks: Option<u32>,
    diverged: u64,
    /// When the copies were compared last, and how long it took.
    compared: Option<(Instant, Duration)>,
}

struct Visitor {
    answers: mpsc::Sender<ToVisitor>,
    visible: bool,
    order: u64,
}

impl Task {
    pub(super) fn new(session: Arc<Session>) -> Self {
        Self {
            shown: Arc::new(Mutex::new(Shown::new(session.wash.clone()))),
            session,
            page: None,
            resyncing: false,
            visitors: HashMap::new(),
            active: None,
            order: 0,
            away_since: Instant::now(),
            watchers: HashMap::new(),
            acks: None,
            diverged: 0,
            compared: None,
        }
    }

    /// Runs until the session has ended.
    pub(super) async fn run(
        mut self,
        mut signals: mpsc::UnboundedReceiver<Signal>,
        mut messages: mpsc::Receiver<FromPage>,
    ) {
        let mut status = self.session.status();
        loop {
            if let SessionState::Ended { .. } = status.borrow_and_update().session {
                return;
            }
            if messages.is_empty() {
                self.send_ack();
            }
            let deadline = self.deadline(&status.borrow());
            let event = tokio::select! {
                biased;
                _ = status.changed() => Event::Status,
                Some(signal) = signals.recv() => Event::Signal(signal),
                Some(message) = messages.recv() => Event::Message(message),
                keys = self.session.assets().arrived() => Event::Assets(keys),
                () = tokio::time::sleep_until(deadline) => Event::Deadline,
            };
            match event {
                Event::Status => {}
                Event::Signal(signal) => self.signal(signal).await,
                Event::Message(message) => self.message(message).await,
                Event::Assets(keys) => self.fan_out(Message::assets(keys)),
                Event::Deadline => self.session.end(EndedBy::Expired),
            }
        }
    }

    /// When nobody joined, the visitor stayed away, or the longest duration is reached.
    fn deadline(&self, status: &Status) -> Instant {
        let times = self.session.times;
        let longest = self.session.created + times.longest;
        match status.session {
            SessionState::Active if self.active.is_none() => longest.min(self.away_since + times.away),
            SessionState::Waiting | SessionState::Asked => longest.min(self.session.gives_up()),
            _ => longest,
        }
    }

    async fn signal(&mut self, signal: Signal) {
        match signal {
            Signal::Visitor { connection, answers } => {
                self.order += 1;
                self.visitors.insert(connection, Visitor { answers, visible: true, order: self.order });
                self.choose_active(false);
            }
            Signal::VisitorLeft { connection } => {
                self.visitors.remove(&connection);
                self.choose_active(true);
            }
            Signal::Watch { watcher, name, queue } => {
                self.watchers.insert(watcher, (name, queue));
                self.send_snapshot(watcher).await;
                self.announce();
            }
            Signal::Left { watcher } => {
                self.watchers.remove(&watcher);
                self.announce();
            }
            Signal::Snapshot { watcher, diverged, lagged } => {
                if diverged {
                    self.count_divergence("viewer");
                }
                if lagged {
                    tracing::info!(session = %self.session.id(), "a watcher lagged behind");
                }
                self.send_snapshot(watcher).await;
            }
        }
    }

    async fn message(&mut self, FromPage { connection, message, room }: FromPage) {
        let Some(visitor) = self.visitors.get_mut(&connection) else { return };
        match message {
            FromVisitor::Visible { visible } => {
                if visible && !visitor.visible {
                    self.order += 1;
                    visitor.order = self.order;
                }
                visitor.visible = visible;
                self.choose_active(true);
            }
            FromVisitor::End => self.session.end(EndedBy::Visitor),
            FromVisitor::Events { page, seq, events } if self.active == Some(connection) => {
                self.batch(page, seq, events, room.bytes).await
            }
            FromVisitor::Hash { page, seq, hash } if self.active == Some(connection) => {
                self.compare(page, seq, hash).await
            }
            _ => {}
        }
    }

    /// The page that is in front, or was last, is the one that agents see. `resync`: a page that takes over has sent its snapshot
    /// long ago, so ask for another; one that has just connected begins with a snapshot by itself.
    fn choose_active(&mut self, resync: bool) {
        let front = self.visitors.iter().max_by_key(|(_, visitor)| (visitor.visible, visitor.order)).map(|(id, _)| *id);
        if front != self.active {
            self.active = front;
            self.acks = None;
            self.away_since = Instant::now();
            if resync && front.is_some() {
                self.ask_snapshot();
            }
        }
        self.announce();
    }

    async fn batch(&mut self, page: u64, seq: u32, events: Vec<PageEvent>, bytes: usize) {
        let begins = matches!(events.first(), Some(PageEvent::Snapshot(_)));
        let expected = self.page.is_some_and(|(current, next)| current == page && next == seq) && !self.resyncing;
        let repeated = self.page.is_some_and(|(current, next)| current == page && seq < next) && !begins;
        if repeated {
            self.acks = self.page.map(|(_, next)| next - 1);
            return;
        }
        if !begins && !expected {
            self.ask_snapshot();
            return;
        }
        self.resyncing = false;
        let watched = !self.watchers.is_empty();
        let applied = self.work(bytes > LARGE || self.is_large(), move |shown| shown.apply(events, watched)).await;
        match applied {
            Some(Ok(message)) => {
                self.page = Some((page, seq.saturating_add(1)));
                self.acks = Some(seq);
                self.fan_out(message);
            }
            Some(Err(broken)) => {
                tracing::info!(session = %self.session.id(), %broken, "the page lost step");
                self.start_over();
            }
            None => self.start_over(),
        }
    }

    /// The visitor's page is idle and says what it looks like: both pairs are compared.
    async fn compare(&mut self, page: u64, seq: u32, hash: u64) {
        if self.page != Some((page, seq.saturating_add(1))) || self.resyncing {
            return;
        }
        // A page that asks too often waits for itself: nobody else does.
        if let Some((at, cost)) = self.compared {
            tokio::time::sleep_until(at + cost * COMPARE_SHARE).await;
        }
        let start = Instant::now();
        let (watched, large) = (!self.watchers.is_empty(), self.is_large());
        let compared = self.work(large, move |shown| {
            let same = shown.hash() == hash;
            (same, if same && watched { shown.washed_hash() } else { None })
        });
        let compared = compared.await;
        self.compared = Some((Instant::now(), start.elapsed()));
        match compared {
            Some((true, message)) => self.fan_out(message),
            Some((false, _)) => {
                self.count_divergence("visitor");
                self.ask_snapshot();
            }
            None => self.start_over(),
        }
    }

    /// Work on the page. What would hold up other sessions runs on a thread of its own, while this one waits, so that everything stays in order.
    /// None: it failed.
    async fn work<T: Send + 'static>(
        &self,
        large: bool,
        work: impl FnOnce(&mut Shown) -> T + Send + 'static,
    ) -> Option<T> {
        let shown = Arc::clone(&self.shown);
        let work = move || work(&mut shown.lock().unwrap_or_else(PoisonError::into_inner));
        if large { tokio::task::spawn_blocking(work).await.ok() } else { Some(work()) }
    }

    fn is_large(&self) -> bool {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).bytes() > LARGE
    }

    fn start_over(&mut self) {
        self.page = None;
        self.ask_snapshot();
    }

    fn count_divergence(&mut self, side: &'static str) {
        self.diverged += 1;
        tracing::warn!(session = %self.session.id(), side, count = self.diverged, "two copies of the page differed; healed by a snapshot");
    }

    fn ask_snapshot(&mut self) {
        self.resyncing = true;
        self.answer(ToVisitor::Resync { assets: false });
    }

    fn send_ack(&mut self) {
        if let Some(seq) = self.acks.take() {
            self.answer(ToVisitor::Ack { seq });
        }
    }

    /// To the page that is shown. A socket that takes no answers is closed, by dropping its sender.
    fn answer(&mut self, message: ToVisitor) {
        let Some(connection) = self.active else { return };
        let full = self.visitors.get(&connection).is_some_and(|visitor| visitor.answers.try_send(message).is_err());
        if full {
            self.visitors.remove(&connection);
            self.choose_active(true);
        }
    }

    async fn send_snapshot(&mut self, watcher: u64) {
        let Some(queue) = self.watchers.get(&watcher).map(|(_, queue)| Arc::clone(queue)) else { return };
        if let Some(Some(snapshot)) = self.work(self.is_large(), Shown::snapshot).await {
            queue.restart(snapshot);
        }
    }

    fn fan_out(&self, message: Option<Message>) {
        let Some(Message { json, begins }) = message else { return };
        for (_, queue) in self.watchers.values() {
            if begins {
                queue.restart(json.clone());
            } else {
                queue.push(json.clone());
            }
        }
    }

    fn announce(&self) {
        let visitor = match self.active.and_then(|id| self.visitors.get(&id)) {
            Some(Visitor { visible: true, .. }) => Presence::Here,
            Some(_) => Presence::Hidden,
            None if self.order == 0 => Presence::None,
            None => Presence::Away,
        };
        let mut watchers: Vec<_> = self.watchers.values().map(|(name, _)| name.clone()).collect();
        watchers.sort();
        watchers.dedup();
        self.session.announce(visitor, watchers);
    }
}
