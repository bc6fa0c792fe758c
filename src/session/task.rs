//! The task that owns a session's page: one per session, from the start to the end.
//!
//! It takes the visitor's batches, applies and washes them once, and hands one serialised message to every watcher. Sockets watch the session's
//! status by themselves, so that nothing that waits in a queue is sent after the end.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::watcher::Queue;
use super::{Session, Status};
use crate::protocol::agent::{EndedBy, Presence, SessionState, ToViewer};
use crate::protocol::page::PageEvent;
use crate::protocol::visitor::{FromVisitor, ToVisitor};
use crate::wash::{Mirror, Wash};

/// Batches that may wait between a visitor's socket and the task; more hold the socket up.
pub(super) const BATCHES: usize = 64;
/// Answers that may wait for a visitor's socket; one that takes none is closed.
pub(super) const ANSWERS: usize = 64;

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
}

/// What came to the task.
enum Event {
    Signal(Signal),
    Message(FromPage),
    Status,
    Deadline,
}

pub(super) struct Task {
    session: Arc<Session>,
    wash: Wash,
    mirror: Mirror,
    /// The load that the mirror shows, and the batch that comes next.
    page: Option<(u64, u32)>,
    /// A snapshot has been asked for: what comes before it is not for the mirror.
    resyncing: bool,
    /// Number of the last message to the watchers.
    seq: u64,
    visitors: HashMap<u64, Visitor>,
    /// The connection whose page is shown.
    active: Option<u64>,
    /// Grows with each connection and each tab that comes to the front.
    order: u64,
    away_since: Instant,
    watchers: HashMap<u64, (String, Arc<Queue>)>,
    acks: Option<u32>,
    diverged: u64,
}

struct Visitor {
    answers: mpsc::Sender<ToVisitor>,
    visible: bool,
    order: u64,
}

impl Task {
    pub(super) fn new(session: Arc<Session>) -> Self {
        Self {
            wash: session.wash.clone(),
            session,
            mirror: Mirror::default(),
            page: None,
            resyncing: false,
            seq: 0,
            visitors: HashMap::new(),
            active: None,
            order: 0,
            away_since: Instant::now(),
            watchers: HashMap::new(),
            acks: None,
            diverged: 0,
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
                () = tokio::time::sleep_until(deadline) => Event::Deadline,
            };
            match event {
                Event::Status => {}
                Event::Signal(signal) => self.signal(signal),
                Event::Message(message) => self.message(message),
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

    fn signal(&mut self, signal: Signal) {
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
                self.send_snapshot(watcher);
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
                self.send_snapshot(watcher);
            }
        }
    }

    fn message(&mut self, FromPage { connection, message }: FromPage) {
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
                self.batch(page, seq, events)
            }
            FromVisitor::Hash { page, seq, hash } if self.active == Some(connection) => self.compare(page, seq, hash),
            FromVisitor::Events { .. } | FromVisitor::Hash { .. } | FromVisitor::Ping { .. } => {}
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

    fn batch(&mut self, page: u64, seq: u32, events: Vec<PageEvent>) {
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
        let mut washed = Vec::new();
        for event in events {
            if let Err(broken) = self.wash.apply(&mut self.mirror, event, &mut washed) {
                tracing::info!(session = %self.session.id(), %broken, "the page lost step");
                self.page = None;
                self.ask_snapshot();
                return;
            }
        }
        self.page = Some((page, seq.saturating_add(1)));
        self.acks = Some(seq);
        if !washed.is_empty() {
            self.seq += 1;
            self.fan_out(&ToViewer::Events { seq: self.seq, events: washed });
        }
    }

    /// The visitor's page is idle and says what it looks like: both pairs are compared.
    fn compare(&mut self, page: u64, seq: u32, hash: u64) {
        if self.page != Some((page, seq.saturating_add(1))) || self.resyncing {
            return;
        }
        if self.mirror.hash() != hash {
            self.count_divergence("visitor");
            self.ask_snapshot();
            return;
        }
        if !self.watchers.is_empty() {
            self.fan_out(&ToViewer::Hash { seq: self.seq, hash: self.wash.hash(&self.mirror) });
        }
    }

    fn count_divergence(&mut self, side: &'static str) {
        self.diverged += 1;
        tracing::warn!(session = %self.session.id(), side, count = self.diverged, "two copies of the page differed; healed by a snapshot");
    }

    fn ask_snapshot(&mut self) {
        self.resyncing = true;
        self.answer(ToVisitor::Resync);
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

    fn send_snapshot(&mut self, watcher: u64) {
        let Some((_, queue)) = self.watchers.get(&watcher) else { return };
        let Some(snapshot) = self.wash.snapshot(&self.mirror) else { return };
        if let Some(message) = serialize(&ToViewer::Events { seq: self.seq, events: vec![snapshot] }) {
            queue.restart(message);
        }
    }

    fn fan_out(&self, message: &ToViewer) {
        if self.watchers.is_empty() {
            return;
        }
        let begins = matches!(message, ToViewer::Events { events, .. } if matches!(events.first(), Some(PageEvent::Snapshot(_))));
        let Some(message) = serialize(message) else { return };
        for (_, queue) in self.watchers.values() {
            if begins {
                queue.restart(message.clone());
            } else {
                queue.push(message.clone());
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

/// JSON of a message. Wire types always have one.
fn serialize(message: &ToViewer) -> Option<Bytes> {
    serde_json::to_vec(message).ok().map(Bytes::from)
}
