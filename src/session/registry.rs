//! All sessions: who starts one, who may join it, what is left of it.

use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZero;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::{Semaphore, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::assets::Bounds;
use super::changes::Changes;
use super::help;
use super::pin::{Guesses, Paused};
use super::terms::rules_at;
use super::token::{self, Hash, NoRandomness, Secret};
use super::trail::{self, Deed, Trail, What};
use super::{Agent, Hosting, People, Session, Status, Times};
use crate::origin::{Sid, ViewDomain};
use crate::policy::{Permit, Policy};
use crate::protocol::agent::{EndedBy, Presence, SessionState};
use crate::protocol::image::{self, ImageState};
use crate::protocol::people::{Mode, Priority};

mod begin;
mod kept;
mod recall;
mod rules;

use begin::Beginning;
pub use kept::{Kept, Remains};

/// How long a session that has ended is remembered, so that its visitor reads what became of it.
const REMEMBERED: Duration = Duration::from_secs(24 * 3600);
/// Ended sessions to remember.
const TOMBSTONES: usize = 10_000;

/// What all sessions share.
pub struct Settings {
    /// Where view origins live.
    pub domain: ViewDomain,
    /// What may be opened and loaded.
    pub policy: Policy,
    /// Times of a session.
    pub times: Times,
    /// Bounds of a session's assets.
    pub assets: Bounds,
    /// Sessions at once.
    pub sessions: usize,
    /// Sessions at once of one agent.
    pub per_agent: usize,
    /// Makes the hash of a PIN useless to somebody who reads memory: a million PINs are soon hashed.
    pub pepper: Secret,
    /// Changes are told of ([`Sessions::changes`]): sessions are kept over a restart.
    pub kept: bool,
    /// Told of what people do.
    pub trail: Trail,
    /// Whether sessions may go the image way, and who runs them.
    pub hosting: Hosting,
}

/// All sessions of this process.
pub struct Sessions {
    domain: Arc<ViewDomain>,
    /// The current one; changed under the table's lock, so that each session that is in the table goes by it, or is told of it.
    policy: watch::Sender<Arc<Policy>>,
    /// One change after the other.
    changing: Mutex<()>,
    /// See [`Session`].
    turns: Arc<Semaphore>,
    times: Times,
    assets: Bounds,
    sessions: usize,
    per_agent: usize,
    pepper: Secret,
    kept: bool,
    trail: Trail,
    hosting: Hosting,
    changes: Arc<Changes>,
    leaving: CancellationToken,
    guesses: Guesses,
    table: Mutex<Table>,
}

/// Invariant: every way in leads to a session in `live`.
#[derive(Default)]
struct Table {
    live: HashMap<Sid, Arc<Session>>,
    pins: HashMap<Hash, Way>,
    links: HashMap<Hash, Way>,
    joins: HashMap<Hash, Sid>,
    tombstones: HashMap<Sid, Tombstone>,
}

struct Way {
    sid: Sid,
    expires: Instant,
}

/// What is left of a session.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Tombstone {
    /// Who or what ended it.
    pub by: EndedBy,
    /// Accounts that took part.
    pub accounts: Vec<i64>,
    /// Name of the agent who led it.
    pub agent: String,
    #[serde(skip, default = "Instant::now")]
    at: Instant,
}

impl Tombstone {
    fn of(session: &Session, by: EndedBy) -> Self {
        Self::left_by(&session.status.borrow().people, by)
    }

    fn left_by(people: &People, by: EndedBy) -> Self {
        let agent = people.leader().map(|leader| leader.name.clone()).unwrap_or_default();
        Self { by, accounts: people.accounts().collect(), agent, at: Instant::now() }
    }

    /// Whether an account may know of it.
    #[must_use]
    pub fn concerns(&self, agent: &Agent) -> bool {
        self.accounts.contains(&agent.account) || agent.supervises()
    }
}

/// The ways into a session, handed out once.
pub struct Ways {
    /// Six digits.
    pub pin: Secret,
    /// For the share link.
    pub token: Secret,
    /// How long both live.
    pub lifetime: Duration,
}

/// A session by its identifier.
pub enum Found {
    /// It runs.
    Live(Arc<Session>),
    /// It has ended.
    Ended(Tombstone),
    /// Nobody knows it.
    Unknown,
}

/// No session can be started.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CreateError {
    /// All together have too many.
    #[error("too many sessions")]
    TooMany,
    /// The agent has too many.
    #[error("too many sessions of this agent")]
    TooManyOfAgent,
    /// It is not waiting for a visitor (a new PIN is of no use).
    #[error("a visitor has joined already, or the session has ended")]
    NotWaiting,
    /// See [`NoRandomness`].
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// Nobody joins with this. Wrong, expired and used PINs and links are one and the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JoinError {
    /// The PIN opens nothing.
    #[error("the PIN is wrong, or not valid any more")]
    WrongPin,
    /// The link opens nothing.
    #[error("the link is not valid any more")]
    WrongLink,
    /// Too many wrong PINs: this one was not looked at.
    #[error(transparent)]
    Paused(#[from] Paused),
    /// See [`NoRandomness`].
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

impl Sessions {
    /// An empty registry.
    #[must_use]
    pub fn new(settings: Settings) -> Arc<Self> {
        let Settings { domain, policy, times, assets, sessions, per_agent, pepper, kept, trail, hosting } = settings;
        Arc::new(Self {
            domain: Arc::new(domain),
            policy: watch::channel(Arc::new(policy)).0,
            changing: Mutex::default(),
            turns: Arc::new(Semaphore::new(std::thread::available_parallelism().map_or(1, NonZero::get))),
            times,
            assets,
            sessions,
            per_agent,
            pepper,
            kept,
            trail,
            hosting,
            changes: Arc::default(),
            leaving: CancellationToken::new(),
            guesses: Guesses::default(),
            table: Mutex::default(),
        })
    }

    /// Where view origins live.
    #[must_use]
    pub fn domain(&self) -> &Arc<ViewDomain> {
        &self.domain
    }

    /// Starts a session at an address, with its ways in.
    ///
    /// # Errors
    /// See [`CreateError`].
    pub fn create(
        self: &Arc<Self>,
        agent: Agent,
        start: Permit<Url>,
        mode: Mode,
        priority: Priority,
    ) -> Result<(Arc<Session>, Ways), CreateError> {
        let mut secret = [0u8; 32];
        token::fill(&mut secret)?;
        let mut table = self.table();
        if table.live.len() >= self.sessions {
            return Err(CreateError::TooMany);
        }
        if table.live.values().filter(|s| s.is_led_by(agent.account)).count() >= self.per_agent {
            return Err(CreateError::TooManyOfAgent);
        }
        let sid = loop {
            let sid = Sid::random();
            if !table.live.contains_key(&sid) && !table.tombstones.contains_key(&sid) {
                break sid;
            }
        };
        let status = Status {
            session: SessionState::Waiting,
            visitor: Presence::None,
            rtt: None,
            mode,
            asking: false,
            priority,
            people: People::led_by(&agent),
            tabs: Vec::new(),
            rules: rules_at(&self.policy(), start.get()),
            outside: false,
            way: image::Way::Page,
            image: ImageState::Off,
            suggest: false,
            veiled: false,
        };
        let now = Instant::now();
        let gives_up = now + 2 * self.times.pin;
        let start = start.into_inner();
        let beginning = Beginning { sid: sid.clone(), start, status, secret, created: now, gives_up, before: None };
        let session = self.begin(beginning);
        table.live.insert(sid.clone(), Arc::clone(&session));
        let ways = table.ways(&sid, self)?;
        drop(table);
        session.mark.set();
        self.trail.note(Deed::new(What::SessionStarted).by(&session.leader()).within(&sid).about(&session.site()));
        tracing::info!(session = %sid, "session started");
        Ok((session, ways))
    }

    /// Starts a session for a visitor who asked for help: the holder of the cookie is asked at once.
    ///
    /// # Errors
    /// See [`CreateError`].
    pub fn create_for(
        self: &Arc<Self>,
        agent: Agent,
        request: &help::Request,
        mode: Mode,
    ) -> Result<Arc<Session>, CreateError> {
        let name = agent.name.clone();
        let (session, _) = self.create(agent, request.start.clone(), mode, Priority::Normal)?;
        let mut table = self.table();
        table.forget_ways(&session.id);
        let waits = |state: &SessionState| *state == SessionState::Waiting;
        session.advance(waits, SessionState::Asked, Instant::now() + self.times.pin);
        table.joins.insert(request.join, session.id.clone());
        drop(table);
        session.mark.set();
        self.trail.note(Deed::new(What::HelpTaken).by(&name).within(&session.id));
        self.note_asked(&session, "help");
        Ok(session)
    }

    /// A session has ended: what is left of it.
    fn inter(&self, session: &Session, by: EndedBy) {
        let mut table = self.table();
        table.live.remove(&session.id);
        table.forget_ways(&session.id);
        let now = Instant::now();
        if table.tombstones.len() >= TOMBSTONES {
            table.tombstones.retain(|_, tombstone| now.duration_since(tombstone.at) < REMEMBERED);
        }
        if table.tombstones.len() < TOMBSTONES {
            table.tombstones.insert(session.id.clone(), Tombstone::of(session, by));
        }
    }

    /// A new PIN and link; the old ones, and whoever was about to join with them, are out.
    ///
    /// # Errors
    /// See [`CreateError`].
    pub fn renew(&self, session: &Session) -> Result<Ways, CreateError> {
        let waits = |state: &SessionState| matches!(state, SessionState::Waiting | SessionState::Asked);
        let mut table = self.table();
        if !session.advance(waits, SessionState::Waiting, Instant::now() + 2 * self.times.pin) {
            return Err(CreateError::NotWaiting);
        }
        table.forget_ways(&session.id);
        Ok(table.ways(&session.id, self)?)
    }

    /// A visitor shows a PIN: the session, and the secret of the join cookie.
    ///
    /// # Errors
    /// See [`JoinError`].
    pub fn join_by_pin(&self, pin: &str, source: IpAddr) -> Result<(Arc<Session>, Secret), JoinError> {
        self.guesses.admit(source)?;
        let digits: String = pin.chars().filter(|c| !c.is_whitespace()).collect();
        let hash = self.pin_hash(&digits);
        let mut table = self.table();
        let way = table.pins.remove(&hash).filter(|way| Instant::now() < way.expires);
        let joined = match way {
            Some(way) => table.join(&way.sid, self.times.pin)?,
            None => None,
        };
        drop(table);
        let Some((session, secret)) = joined else {
            self.guesses.wrong(source);
            return Err(JoinError::WrongPin);
        };
        self.note_asked(&session, "pin");
        Ok((session, secret))
    }

    /// A visitor shows a link's token: the session, and the secret of the join cookie.
    ///
    /// # Errors
    /// See [`JoinError`].
    pub fn join_by_link(&self, token: &str) -> Result<(Arc<Session>, Secret), JoinError> {
        let mut table = self.table();
        let way = table.links.remove(&Hash::of(token)).filter(|way| Instant::now() < way.expires);
        let Some(way) = way else { return Err(JoinError::WrongLink) };
        let (session, secret) = table.join(&way.sid, self.times.pin)?.ok_or(JoinError::WrongLink)?;
        drop(table);
        self.note_asked(&session, "link");
        Ok((session, secret))
    }

    /// A visitor is asked, who came by this way.
    fn note_asked(&self, session: &Session, way: &str) {
        let deed = Deed::new(What::SessionAsked).by(trail::VISITOR).within(&session.id);
        self.trail.note(deed.about(way));
    }

    /// The session that the holder of a join cookie reads about.
    #[must_use]
    pub fn joining(&self, join: &str) -> Option<Arc<Session>> {
        let table = self.table();
        table.joins.get(&Hash::of(join)).and_then(|sid| table.live.get(sid)).cloned()
    }

    /// The visitor allows it, in the mode that was asked for or view-only: a ticket for the start address. Until somebody came in with a ticket, a browser whose way there broke may ask again.
    ///
    /// # Errors
    /// [`JoinError::WrongLink`] where there is nothing to allow any more.
    pub fn allow(&self, join: &str, mode: Mode) -> Result<(Arc<Session>, Secret), JoinError> {
        let session = self.joining(join).ok_or(JoinError::WrongLink)?;
        if session.door.used() {
            return Err(JoinError::WrongLink);
        }
        let first = session.advance(|state| *state == SessionState::Asked, SessionState::Active, Instant::now());
        if !first && session.state() != SessionState::Active {
            return Err(JoinError::WrongLink);
        }
        if mode == Mode::ViewOnly {
            session.update(|status| status.mode = mode);
        }
        if first {
            let deed = Deed::new(What::SessionAllowed).by(trail::VISITOR).within(&session.id);
            self.trail.note(deed.with(&session.mode()));
        }
        let ticket = session.door.ticket()?;
        Ok((session, ticket))
    }

    /// The visitor does not allow it.
    pub fn deny(&self, join: &str) {
        let session = self.joining(join).filter(|session| session.state() == SessionState::Asked);
        if let Some(session) = session {
            self.trail.note(Deed::new(What::SessionDenied).by(trail::VISITOR).within(&session.id));
            session.end(EndedBy::Denied);
        }
    }

    /// A session by its identifier.
    #[must_use]
    pub fn find(&self, sid: &Sid) -> Found {
        let table = self.table();
        if let Some(session) = table.live.get(sid) {
            return match session.state() {
                SessionState::Ended { by } => Found::Ended(Tombstone::of(session, by)),
                _ => Found::Live(Arc::clone(session)),
            };
        }
        let remembered = table.tombstones.get(sid).filter(|tombstone| tombstone.at.elapsed() < REMEMBERED);
        remembered.map_or(Found::Unknown, |tombstone| Found::Ended(tombstone.clone()))
    }

    /// Running sessions that an agent takes part in or may look into, the newest first.
    #[must_use]
    pub fn of(&self, agent: &Agent) -> Vec<Arc<Session>> {
        let mut found: Vec<_> = self.table().live.values().filter(|s| s.role_of(agent).is_some()).cloned().collect();
        found.sort_by_key(|session| std::cmp::Reverse(session.created));
        found
    }

    /// Ends every session.
    pub fn shut_down(&self) {
        for session in self.live() {
            session.end(EndedBy::Shutdown);
        }
    }

    fn live(&self) -> Vec<Arc<Session>> {
        self.table().live.values().cloned().collect()
    }

    fn pin_hash(&self, pin: &str) -> Hash {
        Hash::of(&format!("{}{pin}", self.pepper.expose()))
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    /// A PIN that no other live session has, and a link.
    fn ways(&mut self, sid: &Sid, sessions: &Sessions) -> Result<Ways, NoRandomness> {
        let now = Instant::now();
        self.pins.retain(|_, way| now < way.expires);
        self.links.retain(|_, way| now < way.expires);
        let pin = loop {
            let pin = Secret::random_pin()?;
            if !self.pins.contains_key(&sessions.pin_hash(pin.expose())) {
                break pin;
            }
        };
        let token = Secret::random()?;
        let lifetime = sessions.times.pin;
        let way = || Way { sid: sid.clone(), expires: now + lifetime };
        self.pins.insert(sessions.pin_hash(pin.expose()), way());
        self.links.insert(token.hash(), way());
        Ok(Ways { pin, token, lifetime })
    }

    fn forget_ways(&mut self, sid: &Sid) {
        self.pins.retain(|_, way| way.sid != *sid);
        self.links.retain(|_, way| way.sid != *sid);
        self.joins.retain(|_, joining| joining != sid);
    }

    /// A way in was shown: PIN and link are used up, whoever holds the secret may choose.
    fn join(&mut self, sid: &Sid, patience: Duration) -> Result<Option<(Arc<Session>, Secret)>, NoRandomness> {
        let Some(session) = self.live.get(sid).cloned() else { return Ok(None) };
        let secret = Secret::random()?;
        self.forget_ways(sid);
        if !session.advance(|state| *state == SessionState::Waiting, SessionState::Asked, Instant::now() + patience) {
            return Ok(None);
        }
        self.joins.insert(secret.hash(), sid.clone());
        Ok(Some((session, secret)))
    }
}

#[cfg(test)]
mod tests;
