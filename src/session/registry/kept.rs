//! Sessions as they are kept while the server is down.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::begin::{Before, Beginning};
use super::{REMEMBERED, Sessions, TOMBSTONES, Table, Tombstone, Way};
use crate::origin::{Sid, UpstreamOrigin};
use crate::protocol::agent::{EndedBy, Presence, SessionState, Stage};
use crate::protocol::image::{self, ImageState};
use crate::protocol::people::{Mode, Priority};
use crate::session::changes::{Changes, Mark};
use crate::session::jar::KeptCookies;
use crate::session::notes::Notes;
use crate::session::terms::rules_at;
use crate::session::ticket::{Door, KeptDoor};
use crate::session::token::Hash;
use crate::session::{Agent, Capability, People, Session, Status, Wall};

/// All that a running session needs to go on: what it holds is as secret as its visitor's cookies.
#[derive(Serialize, Deserialize)]
pub struct Kept {
    sid: Sid,
    start: Url,
    created: Wall,
    gives_up: Wall,
    /// Since when the visitor was away; none: they were there.
    away_since: Option<Wall>,
    state: SessionState,
    mode: Mode,
    priority: Priority,
    /// How the page is shown.
    #[serde(default)]
    way: image::Way,
    people: People,
    ways: KeptWays,
    door: KeptDoor,
    capabilities: Vec<(Hash, Agent)>,
    secret: [u8; 32],
    hashed: Vec<UpstreamOrigin>,
    cookies: KeptCookies,
    notes: Notes,
}

#[derive(Default, Serialize, Deserialize)]
struct KeptWays {
    pin: Option<(Hash, Wall)>,
    link: Option<(Hash, Wall)>,
    join: Option<Hash>,
}

/// What is to be kept of a session.
pub enum Remains {
    /// It runs.
    Running(Box<Kept>),
    /// It has ended.
    Ended(Tombstone),
    /// Nothing.
    Nothing,
}

impl Kept {
    fn of(session: &Session, ways: KeptWays) -> Self {
        let status = session.status.borrow().clone();
        let away = (status.visitor == Presence::Away).then(|| session.away_since().into());
        Self {
            sid: session.id.clone(),
            start: session.start().clone(),
            created: session.created.into(),
            gives_up: session.gives_up().into(),
            away_since: away,
            state: status.session,
            mode: status.mode,
            priority: status.priority,
            way: status.way,
            people: status.people,
            ways,
            door: session.door.kept(),
            capabilities: session.capabilities(),
            secret: session.secret,
            hashed: session.hashed.all(),
            cookies: session.jar.kept(),
            notes: session.notes().clone(),
        }
    }
}

impl Sessions {
    /// Which sessions changed since they were written last.
    #[must_use]
    pub fn changes(&self) -> &Arc<Changes> {
        &self.changes
    }

    /// The server stops, and its sessions go on when it is started again: sockets close, and nobody is told of an end.
    #[must_use]
    pub fn leaving(&self) -> &CancellationToken {
        &self.leaving
    }

    /// Marks every session as changed.
    pub fn mark_all(&self) {
        for sid in self.table().live.keys() {
            self.changes.add(sid.clone());
        }
    }

    /// What is to be kept of a session as it is now.
    #[must_use]
    pub fn remains(&self, sid: &Sid) -> Remains {
        let table = self.table();
        let Some(session) = table.live.get(sid).cloned() else {
            return table.tombstones.get(sid).cloned().map_or(Remains::Nothing, Remains::Ended);
        };
        let ways = table.kept_ways(sid);
        // What follows may wait for the session's task.
        drop(table);
        match session.state() {
            SessionState::Ended { by } => Remains::Ended(Tombstone::of(&session, by)),
            _ => Remains::Running(Box::new(Kept::of(&session, ways))),
        }
    }

    /// Lets a session go on, by the current policy. False: it is over by now.
    pub fn restore(self: &Arc<Self>, kept: Kept) -> bool {
        let (now, created, gives_up) = (Instant::now(), kept.created.instant(), kept.gives_up.instant());
        let away_since = kept.away_since.map_or(now, Wall::instant);
        let over = match Stage::from(&kept.state) {
            Stage::Waiting | Stage::Asked => gives_up <= now,
            Stage::Active => away_since + self.times.away <= now,
            Stage::Ended => true,
        };
        if over || created + self.times.longest <= now {
            self.remember(kept.sid, Tombstone::left_by(&kept.people, EndedBy::Expired), Duration::ZERO);
            return false;
        }
        let mark = self.mark(&kept.sid);
        let door = Door::restore(kept.door, mark);
        let visitor = if door.used() { Presence::Away } else { Presence::None };
        let capability =
            |(hash, agent): (Hash, Agent)| Capability { hash, agent, sign_in: 0, revoked: CancellationToken::new() };
        // Under the table's lock, so that no change of the policy comes in between.
        let mut table = self.table();
        let rules = rules_at(&self.policy(), &kept.start);
        let session = self.begin(Beginning {
            sid: kept.sid.clone(),
            start: kept.start,
            status: Status {
                session: kept.state,
                visitor,
                rtt: None,
                mode: if rules.modes.contains(&kept.mode) { kept.mode } else { Mode::ViewOnly },
                asking: false,
                priority: kept.priority,
                people: kept.people,
                tabs: Vec::new(),
                rules,
                outside: false,
                way: kept.way,
                image: if kept.way.is_image() { ImageState::Starting } else { ImageState::Off },
                suggest: false,
                veiled: false,
            },
            secret: kept.secret,
            created,
            gives_up,
            before: Some(Before {
                away_since,
                cookies: kept.cookies,
                door,
                hashed: kept.hashed,
                capabilities: kept.capabilities.into_iter().map(capability).collect(),
                notes: kept.notes,
            }),
        });
        table.restore_ways(&kept.sid, kept.ways);
        table.live.insert(kept.sid, session);
        true
    }

    /// Remembers a session that ended some time ago.
    pub fn remember(&self, sid: Sid, tombstone: Tombstone, ago: Duration) {
        let at = Instant::now().checked_sub(ago);
        let mut table = self.table();
        if let Some(at) = at.filter(|_| ago < REMEMBERED && table.tombstones.len() < TOMBSTONES) {
            table.tombstones.insert(sid, Tombstone { at, ..tombstone });
        }
    }

    pub(super) fn mark(&self, sid: &Sid) -> Mark {
        if self.kept { self.changes.mark(sid.clone()) } else { Mark::default() }
    }
}

impl Table {
    fn kept_ways(&self, sid: &Sid) -> KeptWays {
        let of = |ways: &std::collections::HashMap<Hash, Way>| {
            ways.iter().find(|(_, way)| way.sid == *sid).map(|(hash, way)| (*hash, way.expires.into()))
        };
        let join = self.joins.iter().find(|(_, joining)| *joining == sid).map(|(hash, _)| *hash);
        KeptWays { pin: of(&self.pins), link: of(&self.links), join }
    }

    fn restore_ways(&mut self, sid: &Sid, KeptWays { pin, link, join }: KeptWays) {
        let way = |(hash, expires): (Hash, Wall)| (hash, Way { sid: sid.clone(), expires: expires.instant() });
        self.pins.extend(pin.map(way));
        self.links.extend(link.map(way));
        self.joins.extend(join.map(|hash| (hash, sid.clone())));
    }
}
