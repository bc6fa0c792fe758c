//! The task that owns a session's page: one per session, from the start to the end.
//!
//! It takes the visitor's batches, applies and washes them once, and hands one serialised message to every watcher; it takes agents' requests, judges
//! each, and hands on what is permitted. Sockets watch the session's status by themselves, so that nothing that waits in a queue is sent after the end.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::time::Instant;

use super::acts::Acts;
use super::chat::Chat;
use super::ends::News;
use super::feed::Feed;
use super::latest::Lane;
use super::rate::Meter;
use super::seen::Seen;
use super::shown::{Message, Shown};
use super::stage::Order;
use super::watcher::{Queue, Why};
use super::{Agent, Room, Session, Status, Terms};
use crate::policy::{Permit, Standing, Wish};
use crate::protocol::act::{Denial, Lock};
use crate::protocol::agent::{EndedBy, FromConsole, FromViewer, SessionState};
use crate::protocol::image::{FromScreen, ToScreen};
use crate::protocol::people::PersonId;
use crate::protocol::visitor::{FromVisitor, ToVisitor};

mod act;
mod agents;
mod image;
mod mode;
mod note;
mod page;
mod sample;
mod screen;
mod talk;
mod terms;
mod trail;
mod visitor;

use act::View;
use agents::Console;
use image::Image;
use mode::Asked;
use screen::Onlooker;
use terms::Turn;
use visitor::Visitor;
pub(super) use visitor::{PagePlace, tab};

/// Batches that may wait between a visitor's socket and the task; more hold the socket up.
pub(super) const BATCHES: usize = 64;
/// Requests of agents that may wait for the task; more hold their sockets up.
pub(super) const REQUESTS: usize = 64;
/// Messages that may wait for a visitor's or a console's socket; one that takes none is closed.
pub(super) const ANSWERS: usize = 256;

/// Who comes and goes. These never wait.
pub(super) enum Signal {
    /// A page of the visitor's, or the hosted one, connected.
    Visitor { connection: u64, place: PagePlace, answers: mpsc::Sender<ToVisitor>, pointers: Arc<Lane<ToVisitor>> },
    /// It is gone.
    VisitorLeft { connection: u64 },
    /// A screen of the visitor's connected.
    Screen { connection: u64, answers: mpsc::Sender<ToScreen>, feed: Feed },
    /// It is gone.
    ScreenLeft { connection: u64 },
    /// An agent wants to see pictures.
    Pictures { connection: u64, person: PersonId, feed: Feed },
    /// They do not any more.
    PicturesLeft { connection: u64 },
    /// An agent's view connected.
    Watch { watcher: u64, person: PersonId, queue: Arc<Queue> },
    /// It is gone.
    Left { watcher: u64 },
    /// It needs the current state.
    Snapshot { watcher: u64, why: Why },
    /// An agent's console connected.
    Desk { desk: u64, person: PersonId, news: mpsc::Sender<News> },
    /// It is gone.
    DeskLeft { desk: u64 },
    /// The session goes by other terms.
    Terms,
    /// The runner wants something.
    Stage(Order),
}

/// What an agent asks for, or the visitor on their screen.
pub(super) enum Request {
    /// From a view.
    View { watcher: u64, message: FromViewer },
    /// From a console. `named`: the account that the message names, if there is one.
    Desk { desk: u64, message: FromConsole, named: Option<Agent> },
    /// From a screen.
    Screen { screen: u64, message: FromScreen },
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
    Request(Request),
    Message(FromPage),
    Assets(Vec<String>),
    Turn(Option<OwnedSemaphorePermit>),
    Status,
    Deadline,
}

pub(super) struct Task {
    session: Arc<Session>,
    /// By which it works now; the session's own may be newer for a moment.
    terms: Arc<Terms>,
    /// Waits for the turn to judge the page anew by these terms; until then it is washed by the ones before, which nobody is told.
    turn: Option<Turn>,
    /// The page that is shown is none of the session's.
    outside: bool,
    /// Locked by whoever works on it, which is one at a time.
    shown: Arc<Mutex<Shown>>,
    /// The load that the mirror shows, and the batch that comes next.
    page: Option<(u64, u32)>,
    /// The connection that it came from.
    source: Option<u64>,
    /// A snapshot has been asked for: what comes before it is not for the mirror.
    resyncing: bool,
    visitors: HashMap<u64, Visitor>,
    /// The connection whose page is shown.
    active: Option<u64>,
    /// Grows with each connection and each tab that comes to the front.
    order: u64,
    rtt: Meter,
    /// The visitor's pages of pictures.
    screens: HashMap<u64, Onlooker>,
    image: Image,
    views: HashMap<u64, View>,
    /// Who sees pictures.
    pictures: HashMap<u64, PersonId>,
    /// Who sees the page, and since when, in milliseconds since 1970.
    seeing: BTreeMap<PersonId, i64>,
    consoles: HashMap<u64, Console>,
    seen: Seen,
    acts: Acts,
    asked: Option<Asked>,
    /// Number of the last question.
    questions: u32,
    /// Where somebody types in the page that is shown.
    locks: Vec<Lock>,
    chat: Chat,
    /// Who is writing.
    writing: Vec<PersonId>,
    diverged: u64,
    /// When the copies were compared last, and how long it took.
    compared: Option<(Instant, Duration)>,
}

impl Task {
    pub(super) fn new(session: Arc<Session>) -> Self {
        // Whoever was there before the server was started is expected back.
        let order = u64::from(session.restored && session.door.used());
        Self {
            shown: Arc::new(Mutex::new(Shown::new(session.terms()))),
            terms: session.terms(),
            turn: None,
            outside: false,
            session,
            page: None,
            source: None,
            resyncing: false,
            visitors: HashMap::new(),
            active: None,
            order,
            rtt: Meter::default(),
            screens: HashMap::new(),
            image: Image::default(),
            views: HashMap::new(),
            pictures: HashMap::new(),
            seeing: BTreeMap::new(),
            consoles: HashMap::new(),
            seen: Seen::default(),
            acts: Acts::default(),
            asked: None,
            questions: 0,
            locks: Vec::new(),
            chat: Chat::default(),
            writing: Vec::new(),
            diverged: 0,
            compared: None,
        }
    }

    /// Runs until the session has ended.
    pub(super) async fn run(
        mut self,
        signals: mpsc::UnboundedReceiver<Signal>,
        requests: mpsc::Receiver<Request>,
        messages: mpsc::Receiver<FromPage>,
    ) {
        self.take_up();
        self.work_through(signals, requests, messages).await;
        self.views.clear();
        self.pictures.clear();
        self.note_who_sees();
    }

    async fn work_through(
        &mut self,
        mut signals: mpsc::UnboundedReceiver<Signal>,
        mut requests: mpsc::Receiver<Request>,
        mut messages: mpsc::Receiver<FromPage>,
    ) {
        let mut status = self.session.status();
        loop {
            if let SessionState::Ended { .. } = status.borrow_and_update().session {
                return;
            }
            let deadline = self.deadline(&status.borrow());
            let event = tokio::select! {
                biased;
                _ = status.changed() => Event::Status,
                () = self.session.leaving.cancelled() => return,
                Some(signal) = signals.recv() => Event::Signal(signal),
                Some(request) = requests.recv() => Event::Request(request),
                turn = terms::turn(&mut self.turn) => Event::Turn(turn),
                Some(message) = messages.recv() => Event::Message(message),
                keys = self.session.assets().arrived() => Event::Assets(keys),
                () = tokio::time::sleep_until(deadline) => Event::Deadline,
            };
            match event {
                Event::Status => {}
                Event::Signal(signal) => self.signal(signal).await,
                Event::Request(request) => self.request(request).await,
                Event::Message(message) => self.message(message).await,
                Event::Turn(turn) => self.show_anew(turn).await,
                Event::Assets(keys) => self.fan_out(Message::assets(keys)),
                Event::Deadline => self.overdue().await,
            }
        }
    }

    /// When something is due: an act's or a question's answer, a look for the elements of notes, or the session's end.
    fn deadline(&self, status: &Status) -> Instant {
        let asked = self.asked.as_ref().map(|asked| asked.until);
        let waits = [self.acts.deadline(), asked, self.notes_due(), self.image.due()];
        waits.into_iter().flatten().fold(self.last_moment(status), Instant::min)
    }

    /// When nobody joined, the visitor stayed away, or the longest duration is reached.
    fn last_moment(&self, status: &Status) -> Instant {
        let times = self.session.times;
        let longest = self.session.created + times.longest;
        match status.session {
            SessionState::Active if !self.is_there() => longest.min(self.session.away_since() + times.away),
            SessionState::Waiting | SessionState::Asked => longest.min(self.session.gives_up()),
            _ => longest,
        }
    }

    async fn overdue(&mut self) {
        let last = self.last_moment(&self.session.status.borrow());
        if last <= Instant::now() {
            return self.session.end(EndedBy::Expired);
        }
        let expired = self.acts.expired();
        self.tell_ended(expired);
        self.stop_asking_if_overdue();
        self.wait_no_longer_to_pack();
        self.look_for_notes().await;
    }

    async fn signal(&mut self, signal: Signal) {
        match signal {
            Signal::Visitor { connection, place, answers, pointers } => {
                self.connected(connection, place, answers, pointers);
            }
            Signal::VisitorLeft { connection } => self.disconnected(connection),
            Signal::Screen { connection, answers, feed } => self.screen_connected(connection, answers, feed),
            Signal::ScreenLeft { connection } => self.screen_left(connection),
            Signal::Pictures { connection, person, feed } => self.show_pictures(connection, person, feed),
            Signal::PicturesLeft { connection } => self.hide_pictures(connection),
            Signal::Watch { watcher, person, queue } => self.watch(watcher, person, queue).await,
            Signal::Left { watcher } => {
                self.views.remove(&watcher);
                self.announce();
            }
            Signal::Snapshot { watcher, why } => self.resync(watcher, why).await,
            Signal::Desk { desk, person, news } => self.open_desk(desk, person, news),
            Signal::DeskLeft { desk } => self.close_desk(desk),
            Signal::Terms => self.go_by_new_terms(),
            Signal::Stage(order) => self.obey(order),
        }
    }

    /// The one check of everything that agents ask for, as things stand now.
    fn permit<T>(&self, person: PersonId, wish: Wish, thing: T) -> Result<Permit<T>, Denial> {
        let status = self.session.status.borrow();
        let role = status.people.role(person).ok_or(Denial::Role)?;
        let standing = Standing { role, mode: status.mode, stage: status.stage(), rules: &status.rules };
        standing.permit(wish, thing)
    }

    /// Who takes part, and the visitor's connection and tabs, as they are now.
    fn announce(&mut self) {
        self.note_who_sees();
        let (visitor, tabs) = (self.presence(), self.tabs());
        // Within the change, nothing may ask for the status.
        let there = self.is_there();
        let watching = |id| self.sees(id);
        let present = |id| self.consoles.values().any(|console| console.person == id);
        self.session.update(|status| {
            let mut tabs = tabs;
            if self.turn.is_some() || self.session.terms.borrow().edition != self.terms.edition {
                // They were washed by terms that hold no more.
                tabs.iter_mut().for_each(|tab| tab.title.clear());
            }
            (status.visitor, status.tabs, status.outside) = (visitor, tabs, self.outside);
            status.rtt = status.rtt.filter(|_| there);
            status.people.note_presence(watching, present);
        });
    }
}

#[cfg(test)]
mod tests;
