//! What a running session goes by: policy, wash and rules as they are now. They change together, while the session runs, and at once.

use std::sync::Arc;

use url::Url;

use super::task::Signal;
use super::trail::{Deed, What};
use super::{Session, Status};
use crate::policy::{Policy, Site, Use, strictest};
use crate::protocol::people::{Mode, Rules};
use crate::wash::Wash;

/// The terms of a session from one change to the next.
pub struct Terms {
    /// Grows with each change: what was washed under another edition is not told any more.
    pub(super) edition: u64,
    /// What may be opened and loaded.
    pub policy: Arc<Policy>,
    /// What agents may see.
    pub wash: Arc<Wash>,
    /// Name of the site that the session started at; of one that is gone, as it was called last.
    pub(super) site: String,
}

impl Terms {
    pub(super) fn new(policy: &Arc<Policy>, wash: Wash, start: &Url) -> Self {
        let site = policy.site_of(start, Use::Page).map(|site| site.name.clone()).unwrap_or_default();
        Self { edition: 0, policy: Arc::clone(policy), wash: Arc::new(wash), site }
    }

    /// The next edition.
    fn under(&self, policy: &Arc<Policy>, start: &Url) -> Self {
        let wash = self.wash.under(Arc::clone(policy));
        let next = Self::new(policy, wash, start);
        let site = if next.site.is_empty() { self.site.clone() } else { next.site };
        Self { edition: self.edition + 1, site, ..next }
    }

    /// Whether an address may be loaded, and so be shown to agents as an asset.
    #[must_use]
    pub fn loads(&self, url: &Url) -> bool {
        self.policy.permit(url, Use::Load).is_ok()
    }
}

/// What agents and visitors may do in a session that started at an address. Where no site covers that any more: nothing.
pub(super) fn rules_at(policy: &Policy, start: &Url) -> Arc<Rules> {
    Arc::new(policy.site_of(start, Use::Page).map_or_else(strictest, Site::rules))
}

impl Status {
    /// Other rules hold from now on: what they do not have ends at once.
    fn go_by(&mut self, rules: Arc<Rules>) {
        self.rules = rules;
        self.mode = self.allowed(self.mode);
        // They were washed by the rules before: the session's task tells them anew.
        self.tabs.iter_mut().for_each(|tab| tab.title.clear());
    }

    /// A mode, if the rules have it; view-only, which they always have, if not.
    pub(super) fn allowed(&self, mode: Mode) -> Mode {
        if self.rules.modes.contains(&mode) { mode } else { Mode::ViewOnly }
    }
}

impl Session {
    /// All that it goes by now.
    #[must_use]
    pub fn terms(&self) -> Arc<Terms> {
        Arc::clone(&self.terms.borrow())
    }

    /// What may be opened and loaded in it now.
    #[must_use]
    pub fn policy(&self) -> Arc<Policy> {
        Arc::clone(&self.terms.borrow().policy)
    }

    /// What agents may see now.
    #[must_use]
    pub fn wash(&self) -> Arc<Wash> {
        Arc::clone(&self.terms.borrow().wash)
    }

    /// The rules of the site that it started at, as they are now.
    #[must_use]
    pub fn rules(&self) -> Arc<Rules> {
        Arc::clone(&self.status.borrow().rules)
    }

    /// Name of the site that it started at.
    #[must_use]
    pub fn site(&self) -> String {
        self.terms.borrow().site.clone()
    }

    /// Where it started, as agents may read it.
    #[must_use]
    pub fn washed_start(&self) -> String {
        self.terms.borrow().wash.address(&self.start)
    }

    /// Returns when an address may not be loaded in it any more.
    pub async fn refuses(&self, url: &Url) {
        let mut terms = self.terms.subscribe();
        let _ = terms.wait_for(|terms| !terms.loads(url)).await;
    }

    /// Returns when it goes by other terms than these.
    pub async fn outgrows(&self, terms: &Terms) {
        let mut now = self.terms.subscribe();
        let _ = now.wait_for(|now| now.edition != terms.edition).await;
    }

    /// Goes by another policy from now on: what was washed by the one before, and has not been sent yet, is not sent any more.
    pub(super) fn go_by(&self, policy: &Arc<Policy>) {
        let next = Arc::new(self.terms.borrow().under(policy, &self.start));
        self.terms.send_replace(next);
        let rules = rules_at(policy, &self.start);
        let before = self.mode();
        self.update(|status| status.go_by(rules));
        let mode = self.mode();
        if mode != before {
            self.trail.note(Deed::new(What::ModeChanged).within(&self.id).with(&mode));
        }
        let _ = self.signals.send(Signal::Terms);
    }
}
