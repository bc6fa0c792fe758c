//! Sessions: PIN and link, tickets, jar, assets, and the task that owns a session's page.

use std::net::IpAddr;
use std::sync::Arc;

use http::HeaderMap;
use url::Url;

use crate::origin::{Sid, UpstreamOrigin, ViewDomain};
use crate::policy::Policy;
use crate::protocol::agent::{EndedBy, SessionState};

pub mod assets;
pub mod jar;

pub use assets::Assets;
pub use jar::Jar;

/// How a request to a view origin proved that it is the visitor's (ARCHITECTURE.md, "Credentials of a request").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential {
    /// It carried the session's cookie: the jar takes part.
    Cookie,
    /// An anonymous CORS load of a page of the session: no jar.
    Anonymous,
}

/// One session: a visitor, the agents who watch, and everything that belongs to them.
pub struct Session {
    id: Sid,
    domain: Arc<ViewDomain>,
    policy: Arc<Policy>,
    jar: Jar,
    assets: Arc<Assets>,
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

    /// What may be opened and loaded in it.
    #[must_use]
    pub fn policy(&self) -> &Arc<Policy> {
        &self.policy
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

    /// The key of an address in [`Assets`].
    #[must_use]
    pub fn asset_key(&self, _url: &Url) -> String {
        String::new()
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> SessionState {
        SessionState::Waiting
    }

    /// Judges a request to one of its view origins. None: nothing is served.
    #[must_use]
    pub fn visitor(&self, _headers: &HeaderMap, _peer: IpAddr) -> Option<Credential> {
        None
    }

    /// Takes a single-use ticket for the value of the session's cookie.
    #[must_use]
    pub fn redeem(&self, _ticket: &str) -> Option<String> {
        None
    }

    /// Remembers an origin that was written as an `x` label.
    pub fn register_hashed(&self, _origin: &UpstreamOrigin) {}

    /// The origin behind an `x` label (`x` and the hash).
    #[must_use]
    pub fn hashed(&self, _label: &str) -> Option<UpstreamOrigin> {
        None
    }

    /// Ends it: watchers' sockets close, jar and assets are wiped. The first call decides who did it.
    pub fn end(&self, _by: EndedBy) {}

    /// Returns when it has ended: what is under way for it stops.
    pub async fn ended(&self) -> EndedBy {
        std::future::pending().await
    }
}
