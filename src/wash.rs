//! What an agent may see. Pure: no I/O, no clock, no randomness.
//!
//! The session applies every page event to a [`Mirror`] through [`Wash::apply`], which says what watchers get for it. The wash is an
//! allowlist in three layers (elements, attributes, addresses): what it does not know, it drops. The washed page is a function
//! of the mirror alone, so that a snapshot taken at any time equals what the events before it have built.

use std::sync::Arc;

use url::Url;

use crate::origin::{Sid, UpstreamOrigin, ViewDomain};
use crate::policy::Policy;
use crate::protocol::page::PageEvent;

pub mod document;
mod hash;
mod mirror;

pub use mirror::{Broken, Mirror};

/// Resolves the hash of an `x` label.
pub type Hashed = Arc<dyn Fn(&str) -> Option<UpstreamOrigin> + Send + Sync>;

/// The wash of one session.
#[derive(Clone)]
pub struct Wash {
    /// Where view origins live.
    pub domain: Arc<ViewDomain>,
    /// The session.
    pub sid: Sid,
    /// What pages may load.
    pub policy: Arc<Policy>,
    secret: [u8; 32],
    hashed: Hashed,
}

impl Wash {
    /// A wash for a session. `secret` is the session's own: without it, nobody can tell an asset's address from its key.
    #[must_use]
    pub fn new(domain: Arc<ViewDomain>, sid: Sid, policy: Arc<Policy>, secret: [u8; 32], hashed: Hashed) -> Self {
        Self { domain, sid, policy, secret, hashed }
    }

    /// Name of the session's copy of what is at a real address: 26 characters of base32. The fragment does not count.
    #[must_use]
    pub fn asset_key(&self, real: &Url) -> String {
        let _ = (&self.secret, &self.hashed, real);
        String::new()
    }

    /// Applies an event to the mirror and appends what watchers get for it.
    ///
    /// # Errors
    /// The event does not fit the mirror: the session asks for a snapshot. The mirror is then unusable until the next snapshot.
    pub fn apply(&self, mirror: &mut Mirror, event: PageEvent, out: &mut Vec<PageEvent>) -> Result<(), Broken> {
        let _ = (mirror, event, out);
        Ok(())
    }

    /// The whole page as watchers may see it; none before the first snapshot.
    #[must_use]
    pub fn snapshot(&self, mirror: &Mirror) -> Option<PageEvent> {
        let _ = mirror;
        None
    }

    /// Hash of the washed page, as a viewer computes it from its DOM.
    #[must_use]
    pub fn hash(&self, mirror: &Mirror) -> u64 {
        mirror.hash()
    }

    /// The real address of the page, for watchers.
    #[must_use]
    pub fn url(&self, mirror: &Mirror) -> Option<Url> {
        Url::parse(mirror.url()).ok()
    }

    /// A style sheet as agents get it, `base` its real address.
    #[must_use]
    pub fn stylesheet(&self, css: &str, base: &Url) -> String {
        let _ = base;
        css.to_owned()
    }

    /// The washed page as HTML text.
    #[must_use]
    pub fn html(&self, mirror: &Mirror) -> String {
        let _ = mirror;
        String::new()
    }
}
