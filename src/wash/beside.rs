//! What agents are told beside the page, and what becomes of the wash when rules change.

use std::sync::Arc;

use url::Url;

use super::events::window;
use super::{Mirror, Wash, document};
use crate::policy::{Policy, Use};
use crate::privacy::Scrubber;
use crate::protocol::page::{PageEvent, Snapshot};

impl Wash {
    /// The wash of the same session by another policy.
    #[must_use]
    pub fn under(&self, policy: Arc<Policy>) -> Self {
        Self { policy, known: Arc::default(), ..self.clone() }
    }

    /// Judges the page as it is anew, after the policy has changed: what it showed under the one before does not count.
    pub fn review(&self, mirror: &mut Mirror) {
        let Some(root) = mirror.root() else { return };
        self.mark(mirror, root);
        self.find_rules(mirror, &mirror.documents());
        self.note_page(mirror);
        self.scrub_runs(mirror);
    }

    /// Whether there is a page at all.
    #[must_use]
    pub fn has_page(mirror: &Mirror) -> bool {
        mirror.root().is_some()
    }

    /// Whether a session may show the page that the mirror has. One without a web address of its own belongs to the page that opened it.
    #[must_use]
    pub fn covers(&self, mirror: &Mirror) -> bool {
        self.url(mirror).is_none_or(|url| self.policy.permit(&url, Use::Page).is_ok())
    }

    /// An empty page in a window of the same size, for watchers who are to see nothing of the one that the mirror has.
    #[must_use]
    pub fn nothing(&self, mirror: &Mirror) -> Option<PageEvent> {
        let empty = document::parse("<!doctype html>", &Url::parse("about:blank").ok()?).ok()?;
        let PageEvent::Snapshot(empty) = self.snapshot(&empty)? else { return None };
        let viewport = mirror.viewport().map_or(empty.viewport, window);
        Some(PageEvent::Snapshot(Snapshot { viewport, ..empty }))
    }

    /// What replaces texts that somebody writes at a page: chat, notes.
    #[must_use]
    pub fn scrubber_of(&self, page: &Url) -> Scrubber {
        self.policy.privacy(page, &self.start).scrubber(page)
    }

    /// A real address as agents may read it, by the rules of its own page.
    #[must_use]
    pub fn address(&self, url: &Url) -> String {
        let url = self.veil(url.clone());
        self.scrubber_of(&url).scrub_url(&url).unwrap_or(url).into()
    }
}
