//! Sessions: PIN and link, tickets, jar, assets, and the task that owns a session's page.
//!
//! A [`Session`] is made by the registry ([`Sessions`]), which alone knows PINs, links and who joins. Its status is a watch channel: whoever
//! serves something of it (sockets, the proxy) watches for the end and stops at once.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::HeaderMap;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::origin::{Sid, UpstreamOrigin, ViewDomain};
use crate::protocol::agent::{EndedBy, Presence, SessionState, Stage, Tab};
use crate::protocol::image::{ImageState, Way};
use crate::protocol::people::{Mode, Priority, Role, Rules};

mod acts;
pub mod anchor;
pub mod assets;
mod baggage;
mod changes;
mod chat;
mod ends;
mod feed;
pub mod help;
mod host;
pub mod jar;
mod latest;
pub mod notes;
mod people;
pub mod pin;
mod rate;
mod registry;
#[cfg(test)]
mod sample;
mod screen;
mod seen;
mod shown;
mod stage;
mod task;
mod terms;
pub mod ticket;
pub mod token;
pub mod trail;
mod uploads;
mod wall;
mod watcher;

pub use assets::Assets;
pub use baggage::Stored;
pub use changes::{Changes, Mark};
pub use ends::{Desk, Page, Room, Seat};
pub use feed::{Feed, Frames, Side};
pub use host::{Host, HostEvent, Hosting, Judged};
pub use jar::Jar;
pub use people::{Agent, Member, People};
pub use rate::Rate;
pub use registry::{CreateError, Found, JoinError, Kept, Remains, Sessions, Settings, Tombstone, Ways};
pub use screen::{Pictures, Screen};
pub use stage::{Board, UNPACK};
pub use terms::Terms;
pub use ticket::Credential;
pub use trail::Trail;
pub use uploads::{Upload, UploadError};
pub use wall::Wall;
pub use watcher::Watcher;

use notes::Notes;
use task::{FromPage, Request, Signal};
use ticket::Door;
use token::{Hash, NoRandomness, Secret};
use trail::{Deed, What};

/// Capabilities of one session; each is an agent's view that may be open.
const CAPABILITIES: usize = 64;
/// Origins with hashed labels that a session may name.
const HASHED: usize = 10_000;

/// How a session stands. This is the truth of it; each socket tells of it what its reader may know.
#[derive(Clone, Debug, PartialEq)]
pub struct Status {
    /// Where it stands.
    pub session: SessionState,
    /// The visitor's connection.
    pub visitor: Presence,
    /// Milliseconds there and back between the visitor's page and the server.
    pub rtt: Option<u32>,
    /// What agents may do.
    pub mode: Mode,
    /// The visitor is being asked whether agents may act.
    pub asking: bool,
    /// Whose session is looked after first.
    pub priority: Priority,
    /// Who takes part on the agents' side.
    pub people: People,
    /// The visitor's tabs.
    pub tabs: Vec<Tab>,
    /// The rules of the site that it started at.
    pub rules: Arc<Rules>,
    /// The page that the visitor has open is not part of the session any more, so that agents see nothing of it.
    pub outside: bool,
    /// How the page is shown.
    pub way: Way,
    /// How the pictures stand.
    pub image: ImageState,
    /// The page would be shown better by pictures.
    pub suggest: bool,
    /// Agents get no pictures of this page: it cannot be said what to cover in them.
    pub veiled: bool,
}

impl Status {
    /// Where it stands, without more.
    #[must_use]
    pub fn stage(&self) -> Stage {
        Stage::from(&self.session)
    }

    /// Whether all is as before that outlives a restart.
    fn lasts_as(&self, before: &Self) -> bool {
        let lasting = |status: &Self| (status.session.clone(), status.mode, status.priority, status.way);
        let away = |status: &Self| status.visitor == Presence::Away;
        lasting(self) == lasting(before) && away(self) == away(before) && self.people.lasts_as(&before.people)
    }
}

/// A session's times.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// PIN and link.
    pub pin: Duration,
    /// A visitor's absence.
    pub away: Duration,
    /// The whole.
    pub longest: Duration,
}

/// One session: a visitor, the agents who watch, and everything that belongs to them.
pub struct Session {
    id: Sid,
    domain: Arc<ViewDomain>,
    terms: watch::Sender<Arc<Terms>>,
    start: Url,
    times: Times,
    created: Instant,
    /// What asset keys are made with.
    secret: [u8; 32],
    jar: Jar,
    assets: Arc<Assets>,
    door: Door,
    hashed: Arc<Hashed>,
    /// Changed by [`Session::end`], the registry and the task; once it says ended it never changes again.
    status: watch::Sender<Status>,
    /// When nobody having joined ends it.
    gives_up: Mutex<Instant>,
    /// Since when no page of the visitor's is connected, while that is so.
    away_since: Mutex<Instant>,
    /// It began before the server was started.
    restored: bool,
    notes: Mutex<Notes>,
    /// What the image way needs.
    stage: stage::Stage,
    hosting: Hosting,
    /// Told of every change that has to outlive the process.
    mark: Mark,
    /// Told of what people do.
    trail: Trail,
    /// Cancelled when the server stops and the session does not end.
    leaving: CancellationToken,
    capabilities: Mutex<Vec<Capability>>,
    signals: mpsc::UnboundedSender<Signal>,
    requests: mpsc::Sender<Request>,
    messages: mpsc::Sender<FromPage>,
    next_connection: AtomicU64,
    /// Held once by the session and once by each watcher.
    seats: Arc<()>,
    /// Held once by the session and once by each connected page of the visitor's.
    pages: Arc<()>,
    /// Held while the session's page is judged anew by changed rules, which comes to all sessions at once.
    turns: Arc<Semaphore>,
    /// Bounds what is read of messages and waits for the task.
    room: Arc<Semaphore>,
}

/// Origins behind `x` labels.
#[derive(Default)]
struct Hashed(Mutex<HashMap<String, UpstreamOrigin>>);

struct Capability {
    hash: Hash,
    agent: Agent,
    /// The sign-in that it was asked for with; 0: nobody knows any more.
    sign_in: i64,
    revoked: CancellationToken,
}

/// What the holder of a viewer's capability may do: watch.
#[derive(Clone)]
pub struct Viewing {
    /// Who watches.
    pub agent: Agent,
    /// Cancelled when the capability is void.
    pub revoked: CancellationToken,
}

impl Session {
    /// Its public identifier.
    #[must_use]
    pub fn id(&self) -> &Sid {
        &self.id
    }

    /// The view domain, with our scheme and port.
    #[must_use]
    pub fn domain(&self) -> &Arc<ViewDomain> {
        &self.domain
    }

    /// Name of the agent who leads it.
    #[must_use]
    pub fn leader(&self) -> String {
        self.status.borrow().people.leader().map(|member| member.name.clone()).unwrap_or_default()
    }

    /// Whether an account leads it.
    fn is_led_by(&self, account: i64) -> bool {
        self.status.borrow().people.leader().is_some_and(|leader| leader.account == account)
    }

    /// What an account is in it; none: to that account it does not exist.
    #[must_use]
    pub fn role_of(&self, agent: &Agent) -> Option<Role> {
        self.status.borrow().people.role_of(agent)
    }

    /// Where it started, a real address.
    #[must_use]
    pub fn start(&self) -> &Url {
        &self.start
    }

    /// What agents may do.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.status.borrow().mode
    }

    /// Time since it was started.
    #[must_use]
    pub fn age(&self) -> Duration {
        self.created.elapsed()
    }

    /// It began before the server was started.
    #[must_use]
    pub fn is_restored(&self) -> bool {
        self.restored
    }

    /// The site's cookies.
    #[must_use]
    pub fn jar(&self) -> &Jar {
        &self.jar
    }

    /// Pictures, styles and fonts that the visitor's browser got.
    #[must_use]
    pub fn assets(&self) -> &Arc<Assets> {
        &self.assets
    }

    /// The key of a real address in [`Assets`].
    #[must_use]
    pub fn asset_key(&self, url: &Url) -> String {
        self.terms.borrow().wash.asset_key(url)
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> SessionState {
        self.status.borrow().session.clone()
    }

    /// How it stands, now and from now on.
    #[must_use]
    pub fn status(&self) -> watch::Receiver<Status> {
        self.status.subscribe()
    }

    /// Judges a request to one of its view origins. None: nothing is served.
    #[must_use]
    pub fn visitor(&self, headers: &HeaderMap, peer: IpAddr) -> Option<Credential> {
        let credential = self.door.credential(headers, peer, &self.id, &self.domain);
        credential.filter(|_| self.state() == SessionState::Active)
    }

    /// Takes a single-use ticket for the value of the session's cookie.
    #[must_use]
    pub fn redeem(&self, ticket: &str) -> Option<Secret> {
        if self.state() == SessionState::Active { self.door.redeem(ticket) } else { None }
    }

    /// What the companion of a tab's document at an origin shows to get its socket, beside the cookie that the document was asked for with.
    #[must_use]
    pub fn page_key(&self, origin: &UpstreamOrigin, credential: Credential) -> Option<Secret> {
        self.door.page_key(origin, credential)
    }

    /// How the page is shown.
    #[must_use]
    pub fn way(&self) -> Way {
        self.status.borrow().way
    }

    /// Remembers an origin that was written as an `x` label.
    pub fn register_hashed(&self, origin: &UpstreamOrigin) {
        let mut table = self.hashed.0.lock().unwrap_or_else(PoisonError::into_inner);
        if table.len() < HASHED && table.insert(origin.encode(), origin.clone()).is_none() {
            self.mark.set();
        }
    }

    /// The origin behind an `x` label (`x` and the hash).
    #[must_use]
    pub fn hashed(&self, label: &str) -> Option<UpstreamOrigin> {
        self.hashed.get(label)
    }

    /// Ends it, see [`Session::end_by`].
    pub fn end(&self, by: EndedBy) {
        let who = if matches!(by, EndedBy::Visitor | EndedBy::Denied) { trail::VISITOR } else { "" };
        self.end_by(by, who);
    }

    /// Ends it: sockets close, jar and assets are wiped, nobody gets in any more. The first call decides who did it. `who`: their name, for the audit
    /// trail.
    pub fn end_by(&self, by: EndedBy, who: &str) {
        let first = self.status.send_if_modified(|status| {
            let running = !matches!(status.session, SessionState::Ended { .. });
            if running {
                (status.session, status.asking) = (SessionState::Ended { by }, false);
                status.people.note_presence(|_| false, |_| false);
                status.tabs.clear();
            }
            running
        });
        if first {
            self.door.lock_up();
            self.stage.wipe();
            self.revoke(|_| true);
            self.jar.wipe();
            self.assets.wipe();
            self.mark.set();
            self.trail.note(Deed::new(What::SessionEnded).by(who).within(&self.id).with(&by));
            tracing::info!(session = %self.id, ?by, "session ended");
        }
    }

    /// Returns when it has ended: what is under way for it stops.
    pub async fn ended(&self) -> EndedBy {
        let mut status = self.status();
        loop {
            if let SessionState::Ended { by } = status.borrow_and_update().session {
                return by;
            }
            if status.changed().await.is_err() {
                return EndedBy::Shutdown;
            }
        }
    }

    /// A capability for one agent's view, asked for with a sign-in. The oldest goes when there are too many.
    ///
    /// # Errors
    /// See [`NoRandomness`].
    pub fn capability(&self, agent: Agent, sign_in: i64) -> Result<Secret, NoRandomness> {
        let secret = Secret::random()?;
        let mut capabilities = self.capabilities.lock().unwrap_or_else(PoisonError::into_inner);
        if capabilities.len() >= CAPABILITIES {
            capabilities.remove(0).revoked.cancel();
        }
        capabilities.push(Capability { hash: secret.hash(), agent, sign_in, revoked: CancellationToken::new() });
        self.mark.set();
        Ok(secret)
    }

    /// What a capability permits; none: it is void.
    #[must_use]
    pub fn viewing(&self, capability: &str) -> Option<Viewing> {
        let capabilities = self.capabilities.lock().unwrap_or_else(PoisonError::into_inner);
        let found = capabilities.iter().find(|c| c.hash.is(capability))?;
        Some(Viewing { agent: found.agent.clone(), revoked: found.revoked.clone() })
    }

    /// Makes the capabilities of some agents void; their views close.
    pub fn revoke(&self, whose: impl Fn(&Agent) -> bool) {
        self.make_void(|capability| whose(&capability.agent));
    }

    fn make_void(&self, which: impl Fn(&Capability) -> bool) {
        self.capabilities.lock().unwrap_or_else(PoisonError::into_inner).retain(|capability| {
            let gone = which(capability);
            if gone {
                capability.revoked.cancel();
                self.mark.set();
            }
            !gone
        });
    }

    /// Changes how it stands; an end is never changed.
    fn update(&self, change: impl FnOnce(&mut Status)) {
        self.status.send_if_modified(|status| {
            if status.stage() == Stage::Ended {
                return false;
            }
            let before = status.clone();
            change(status);
            if !status.lasts_as(&before) {
                self.mark.set();
            }
            *status != before
        });
    }

    /// Moves on to another state, if it stands where `from` says.
    fn advance(&self, from: fn(&SessionState) -> bool, to: SessionState, gives_up: Instant) -> bool {
        self.status.send_if_modified(|status| {
            let moves = from(&status.session);
            if moves {
                *self.gives_up.lock().unwrap_or_else(PoisonError::into_inner) = gives_up;
                status.session = to;
                self.mark.set();
            }
            moves
        })
    }

    /// Its notes. Nobody who holds them waits for anything.
    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn gives_up(&self) -> Instant {
        *self.gives_up.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn away_since(&self) -> Instant {
        *self.away_since.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The visitor left, or came back.
    fn note_away(&self) {
        *self.away_since.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// Capabilities' hashes and whose they are.
    fn capabilities(&self) -> Vec<(Hash, Agent)> {
        let capabilities = self.capabilities.lock().unwrap_or_else(PoisonError::into_inner);
        capabilities.iter().map(|known| (known.hash, known.agent.clone())).collect()
    }
}

impl Hashed {
    fn of(origins: Vec<UpstreamOrigin>) -> Self {
        Self(Mutex::new(origins.into_iter().map(|origin| (origin.encode(), origin)).collect()))
    }

    fn all(&self) -> Vec<UpstreamOrigin> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    fn get(&self, label: &str) -> Option<UpstreamOrigin> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(label).cloned()
    }
}
