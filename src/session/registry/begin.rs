//! How a session begins: new, or as it was kept.

use std::sync::{Arc, Mutex};

use tokio::sync::{Semaphore, mpsc, watch};
use tokio::time::Instant;
use url::Url;

use super::Sessions;
use crate::origin::{Sid, UpstreamOrigin};
use crate::session::assets::Assets;
use crate::session::jar::KeptCookies;
use crate::session::notes::Notes;
use crate::session::stage::Stage;
use crate::session::task::{self, Task};
use crate::session::terms::Terms;
use crate::session::ticket::Door;
use crate::session::{Capability, Hashed, Jar, Session, Status};
use crate::wash::Wash;

/// What tells one session from another at its beginning.
pub(super) struct Beginning {
    pub(super) sid: Sid,
    pub(super) start: Url,
    pub(super) status: Status,
    pub(super) secret: [u8; 32],
    pub(super) created: Instant,
    pub(super) gives_up: Instant,
    /// What it had before the server was started anew; none: it is new.
    pub(super) before: Option<Before>,
}

/// What a session had before.
pub(super) struct Before {
    pub(super) away_since: Instant,
    pub(super) cookies: KeptCookies,
    pub(super) door: Door,
    pub(super) hashed: Vec<UpstreamOrigin>,
    pub(super) capabilities: Vec<Capability>,
    pub(super) notes: Notes,
}

impl Sessions {
    /// Makes a session and sets its task going.
    pub(super) fn begin(self: &Arc<Self>, beginning: Beginning) -> Arc<Session> {
        let Beginning { sid, start, status, secret, created, gives_up, before } = beginning;
        let (restored, mark) = (before.is_some(), self.mark(&sid));
        let before = before.unwrap_or_else(|| Before {
            away_since: Instant::now(),
            cookies: KeptCookies::default(),
            door: Door::new(mark.clone()),
            hashed: Vec::new(),
            capabilities: Vec::new(),
            notes: Notes::default(),
        });
        let hashed = Arc::new(Hashed::of(before.hashed));
        let resolve = Arc::clone(&hashed);
        let resolve = Arc::new(move |label: &str| resolve.get(label));
        let (signals, signals_receiver) = mpsc::unbounded_channel();
        let (requests, requests_receiver) = mpsc::channel(task::REQUESTS);
        let (messages, messages_receiver) = mpsc::channel(task::BATCHES);
        let policy = self.policy();
        let wash = Wash::new(Arc::clone(&self.domain), sid.clone(), Arc::clone(&policy), &start, secret, resolve);
        let terms = Terms::new(&policy, wash, &start);
        let session = Arc::new(Session {
            id: sid,
            domain: Arc::clone(&self.domain),
            terms: watch::channel(Arc::new(terms)).0,
            start,
            times: self.times,
            created,
            secret,
            jar: Jar::restore(before.cookies, mark.clone()),
            assets: Arc::new(Assets::new(self.assets)),
            door: before.door,
            hashed,
            status: watch::channel(status).0,
            gives_up: Mutex::new(gives_up),
            away_since: Mutex::new(before.away_since),
            restored,
            capabilities: Mutex::new(before.capabilities),
            notes: Mutex::new(before.notes),
            stage: Stage::default(),
            hosting: self.hosting.clone(),
            mark,
            trail: self.trail.clone(),
            leaving: self.leaving.clone(),
            signals,
            requests,
            messages,
            next_connection: 1.into(),
            seats: Arc::default(),
            pages: Arc::default(),
            turns: Arc::clone(&self.turns),
            room: Arc::new(Semaphore::new(crate::session::ends::ROOM)),
        });
        let task = Task::new(Arc::clone(&session)).run(signals_receiver, requests_receiver, messages_receiver);
        tokio::spawn(task);
        tokio::spawn(Arc::clone(self).bury(Arc::clone(&session)));
        session
    }

    /// Takes a session out when it has ended.
    async fn bury(self: Arc<Self>, session: Arc<Session>) {
        let by = tokio::select! {
            by = session.ended() => by,
            () = self.leaving.cancelled() => return,
        };
        self.inter(&session, by);
        session.mark.set();
    }
}
