//! The ends of a session that sockets hold: a page of the visitor's, an agent's console, an agent's view ([`Watcher`]). Dropping one disconnects.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};

use super::latest::Lane;
use super::task::{self, FromPage, PagePlace, Request, Signal};
use super::watcher::{Queue, Watcher};
use super::{Agent, Session, Terms};
use crate::origin::UpstreamOrigin;
use crate::protocol::agent::{FromConsole, ToConsole};
use crate::protocol::people::PersonId;
use crate::protocol::visitor::{FromVisitor, ToVisitor};

/// Pages of the visitor's that may be connected at once: tabs.
const PAGES: usize = 32;
/// Bytes that count as one in [`ROOM`].
const ROOM_UNIT: usize = 1 << 10;
/// Messages of all pages that are read or wait, in units: 32 MiB of JSON, which takes up several times as much once it is read.
pub(super) const ROOM: usize = 32 << 10;

impl Session {
    /// Joins the watchers: the current state comes first, as soon as there is a page. None: the agent does not take part.
    #[must_use]
    pub fn watch(&self, agent: &Agent) -> Option<Watcher> {
        let person = self.arrive(agent)?;
        let id = self.next_connection.fetch_add(1, Ordering::Relaxed);
        let queue: Arc<Queue> = Arc::default();
        // A session that has ended takes nobody; the holder sees the end in the status.
        let _ = self.signals.send(Signal::Watch { watcher: id, person, queue: Arc::clone(&queue) });
        let (signals, requests) = (self.signals.clone(), self.requests.clone());
        let (terms, seat) = (self.terms.subscribe(), Arc::clone(&self.seats));
        Some(Watcher { id, person, queue, signals, requests, terms, last: None, _seat: seat })
    }

    /// How many views are open.
    #[must_use]
    pub fn watching(&self) -> usize {
        Arc::strong_count(&self.seats) - 1
    }

    /// Connects an agent's console. None: the agent does not take part.
    #[must_use]
    pub fn desk(&self, agent: &Agent) -> Option<Desk> {
        let person = self.arrive(agent)?;
        let id = self.next_connection.fetch_add(1, Ordering::Relaxed);
        let (news, receiver) = mpsc::channel(task::ANSWERS);
        let _ = self.signals.send(Signal::Desk { desk: id, person, news });
        let (signals, requests) = (self.signals.clone(), self.requests.clone());
        Some(Desk { id, person, news: receiver, terms: self.terms.subscribe(), signals, requests })
    }

    pub(super) fn arrive(&self, agent: &Agent) -> Option<PersonId> {
        let mut person = None;
        self.update(|status| person = status.people.arrive(agent));
        person
    }

    /// Connects a page of an origin: the visitor's, or (`hosted`) the one in our own Chrome.
    #[must_use]
    pub fn connect(&self, hosted: bool, origin: UpstreamOrigin) -> Page {
        let connection = self.next_connection.fetch_add(1, Ordering::Relaxed);
        let (answers, receiver) = mpsc::channel(task::ANSWERS);
        let pointers: Arc<Lane<ToVisitor>> = Arc::default();
        let place = PagePlace { hosted, origin };
        let _ = self.signals.send(Signal::Visitor { connection, place, answers, pointers: Arc::clone(&pointers) });
        let (messages, signals) = (self.messages.clone(), self.signals.clone());
        Page { room: Arc::clone(&self.room), connection, answers: receiver, pointers, messages, signals }
    }

    /// A place for one more page of the visitor's. None: there are too many.
    #[must_use]
    pub fn seat(&self) -> Option<Seat> {
        let seat = Seat(Arc::clone(&self.pages));
        (Arc::strong_count(&self.pages) <= PAGES + 1).then_some(seat)
    }
}

/// A place among the connected pages of the visitor's. Dropping it frees it.
pub struct Seat(#[allow(dead_code, reason = "it is held, not read")] Arc<()>);

/// Room for one message of a page's, from before it is read until it has been dealt with.
pub struct Room {
    _permit: OwnedSemaphorePermit,
    pub(super) bytes: usize,
}

/// A connected page of the visitor's.
pub struct Page {
    room: Arc<Semaphore>,
    connection: u64,
    answers: mpsc::Receiver<ToVisitor>,
    pointers: Arc<Lane<ToVisitor>>,
    messages: mpsc::Sender<FromPage>,
    signals: mpsc::UnboundedSender<Signal>,
}

impl Page {
    /// Number of its tab.
    #[must_use]
    pub fn tab(&self) -> u32 {
        task::tab(self.connection)
    }

    /// Waits until there is room for a message of so many bytes as JSON. None: never.
    pub async fn room(&self, bytes: usize) -> Option<Room> {
        let wanted = u32::try_from(bytes.div_ceil(ROOM_UNIT).min(ROOM)).ok()?;
        let permit = Arc::clone(&self.room).acquire_many_owned(wanted).await.ok()?;
        Some(Room { _permit: permit, bytes })
    }

    /// Hands a message to the session; waits while the session has much to do. False: the session is over.
    pub async fn send(&self, message: FromVisitor, room: Room) -> bool {
        self.messages.send(FromPage { connection: self.connection, message, room }).await.is_ok()
    }

    /// The next answer. None: the session does not want this connection any more.
    pub async fn answer(&mut self) -> Option<ToVisitor> {
        tokio::select! {
            biased;
            answer = self.answers.recv() => answer,
            pointer = self.pointers.next() => Some(pointer),
        }
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let _ = self.signals.send(Signal::VisitorLeft { connection: self.connection });
    }
}

/// A message for a console.
pub(super) struct News {
    /// The terms by which it was made.
    pub(super) edition: u64,
    pub(super) message: ToConsole,
}

/// A connected console.
pub struct Desk {
    id: u64,
    person: PersonId,
    news: mpsc::Receiver<News>,
    terms: watch::Receiver<Arc<Terms>>,
    signals: mpsc::UnboundedSender<Signal>,
    requests: mpsc::Sender<Request>,
}

impl Desk {
    /// Whose it is.
    #[must_use]
    pub fn person(&self) -> PersonId {
        self.person
    }

    /// The next message. None: the session does not want this connection any more.
    pub async fn next(&mut self) -> Option<ToConsole> {
        loop {
            let News { edition, message } = self.news.recv().await?;
            // What the visitor wrote is told as the rules have it: it comes anew when these change.
            let chat = matches!(message, ToConsole::Chat { .. } | ToConsole::Chats { .. });
            if !chat || edition == self.terms.borrow().edition {
                return Some(message);
            }
        }
    }

    /// Hands a message of the agent's to the session; waits while the session has much to do. `named`: the account that it names, if there is one.
    pub async fn send(&self, message: FromConsole, named: Option<Agent>) {
        let _ = self.requests.send(Request::Desk { desk: self.id, message, named }).await;
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.signals.send(Signal::DeskLeft { desk: self.id });
    }
}
