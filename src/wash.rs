//! What an agent may see. Pure: no I/O, no clock.
//!
//! The session applies every page event to a [`Mirror`] through [`Wash::apply`], which says what watchers get for it. The wash is an
//! allowlist of elements, of attributes and of addresses: what it does not know, it drops. The washed page is a function of
//! the mirror alone, so that a snapshot taken at any time equals what the events before it have built.
//!
//! Masked values are decided in [`mask`], and every text that stays passes through [`scrub`].

use std::sync::Arc;

use sha2::{Digest, Sha256};
use url::Url;

use crate::origin::{Sid, UpstreamOrigin, ViewDomain, base32};
use crate::policy::Policy;
use crate::protocol::page::{NodeId, NodeRecord, PageEvent, SheetRecord, Snapshot};

mod act;
mod address;
mod attrs;
mod beside;
mod boxes;
mod css;
pub mod document;
mod elements;
mod events;
#[cfg(test)]
pub(crate) mod harmless;
mod hash;
mod known;
mod mask;
mod mirror;
mod nodes;
pub mod preview;
mod runs;
mod scrub;
mod shade;
mod watched;
mod writer;

use address::Place;
use hash::TreeHash;
use known::Known;
use mirror::Step;
pub use mirror::{Attrs, Broken, Doctype, Look, Mirror, Name, Node, Text, Visit};
pub use shade::Why;
pub use watched::{Concerned, Watched};

/// Characters of an asset's key.
const KEY_CHARS: usize = 26;

/// Children among which a page's title is looked for, since it is looked for often.
const TITLE_AMONG: usize = 1_000;

/// Resolves the hash of an `x` label.
pub type Hashed = Arc<dyn Fn(&str) -> Option<UpstreamOrigin> + Send + Sync>;

/// The wash of one session.
#[derive(Clone)]
pub struct Wash {
    /// Where view origins live.
    pub domain: Arc<ViewDomain>,
    /// The session.
    pub sid: Sid,
    /// What pages may load, and what agents may not see of them.
    pub policy: Arc<Policy>,
    /// Real address that the session started at: its site's rules hold where no other's do.
    pub start: Arc<Url>,
    secret: [u8; 32],
    hashed: Hashed,
    /// Where addresses of assets are noted; none: nowhere.
    noted: Option<preview::Noted>,
    known: Arc<Known>,
}

impl Wash {
    /// A wash for a session. `secret` is the session's own: without it, nobody can tell an asset's address from its key.
    #[must_use]
    pub fn new(
        domain: Arc<ViewDomain>,
        sid: Sid,
        policy: Arc<Policy>,
        start: &Url,
        secret: [u8; 32],
        hashed: Hashed,
    ) -> Self {
        Self { domain, sid, policy, start: Arc::new(start.clone()), secret, hashed, noted: None, known: Arc::default() }
    }

    /// Name of the session's copy of what is at a real address: 26 characters of base32. The fragment does not count.
    #[must_use]
    pub fn asset_key(&self, real: &Url) -> String {
        let mut sha = Sha256::new_with_prefix(self.secret);
        sha.update(real.as_str().split('#').next().unwrap_or_default());
        let mut key = base32(&sha.finalize());
        key.truncate(KEY_CHARS);
        key
    }

    /// The whole page as watchers may see it; none before the first snapshot.
    #[must_use]
    pub fn snapshot(&self, mirror: &Mirror) -> Option<PageEvent> {
        let (nodes, changed) = self.subtree(mirror, mirror.root()?);
        let constructed = mirror.sheets().filter(|(id, _)| mirror.get(*id).is_none());
        let mut sheets: Vec<SheetRecord> = constructed.map(|(id, rules)| self.sheet(mirror, id, rules)).collect();
        sheets.extend(changed);
        sheets.sort_by_key(|record| record.sheet);
        let shown = |id: &NodeId| mirror.get(*id).is_some_and(|entry| !entry.gap && !entry.below_gap);
        Some(PageEvent::Snapshot(Snapshot {
            url: self.told_url(mirror).map(String::from).unwrap_or_default(),
            viewport: events::window(mirror.viewport()?),
            nodes,
            sheets,
            focus: mirror.focus().filter(shown),
        }))
    }

    /// Hash of the washed page, as a viewer computes it from its DOM.
    #[must_use]
    pub fn hash(&self, mirror: &Mirror) -> u64 {
        let mut hash = TreeHash::new();
        let sheets: rustc_hash::FxHashMap<NodeId, Vec<String>> =
            mirror.sheets().map(|(id, rules)| (id, self.sheet(mirror, id, rules).rules)).collect();
        let mut walk = mirror.root().map(|root| mirror.walk(root));
        while let Some(step) = walk.as_mut().and_then(Iterator::next) {
            match step {
                Step::Enter(id, entry) => {
                    let gap = entry.gap;
                    let record = self.record(mirror, id, entry);
                    let rules = |id: NodeId| sheets.get(&id).filter(|_| !gap).map(Vec::as_slice);
                    hash.enter(id, &record.node, &record.state, rules);
                    if gap && let Some(walk) = walk.as_mut() {
                        walk.not_below(id);
                    }
                }
                Step::Leave(entry) => hash.leave(&entry.node),
            }
        }
        hash.finish()
    }

    /// The real address of the page: a web address, without user name and password, whatever the visitor's browser says. Agents get
    /// [`Wash::told_url`].
    #[must_use]
    pub fn url(&self, mirror: &Mirror) -> Option<Url> {
        let mut url = Url::parse(mirror.url()).ok().and_then(|url| self.real(&url))?;
        if !matches!(url.scheme(), "http" | "https") {
            return None;
        }
        (url.set_username("").is_ok() && url.set_password(None).is_ok()).then(|| self.veil(url))
    }

    /// A real address as it is shown: of a private site without query and fragment.
    pub(super) fn veil(&self, mut url: Url) -> Url {
        if self.policy.privacy(&url, &self.start).private {
            url.set_query(None);
            url.set_fragment(None);
        }
        url
    }

    /// The page's title: the text of the first `title` in its head, as far as that is near the beginning.
    #[must_use]
    pub fn title(&self, mirror: &Mirror) -> Option<String> {
        let child = |parent: &mirror::Entry, name: &str| {
            let mut first = mirror.siblings(parent.first()).take(TITLE_AMONG).map(|(_, entry)| entry);
            first.find(|entry| elements::is_html(entry, name))
        };
        let html = child(mirror.get(mirror.root()?)?, "html")?;
        let title = child(child(html, "head")?, "title").filter(|title| !title.gap && !title.below_gap)?;
        let texts = nodes::texts(mirror, title).take(TITLE_AMONG);
        Some(texts.map(|(id, entry, _)| self.text_of(mirror, id, entry)).collect())
    }

    /// A style sheet as agents get it, `base` its real address: addresses in it are relative to the sheet's own. Any page may use it, so all rules about
    /// texts hold for it.
    #[must_use]
    pub fn stylesheet(&self, css: &str, base: &Url) -> String {
        let scrubber = Some(self.policy.scrubber()).filter(|scrubber| !scrubber.is_empty());
        let place = Place { base: Some(base), prefix: "", scrubber };
        let washed = css::wash(css, &|address| self.load(address, place));
        let washed = if self.policy.is_private(base, &self.start) { css::stars(&washed) } else { washed };
        match scrubber {
            Some(scrubber) => css::scrub(washed, scrubber, false),
            None => washed,
        }
    }

    /// What watchers see of a subtree: its records, and the changed sheets of elements in it.
    fn subtree(&self, mirror: &Mirror, root: NodeId) -> (Vec<NodeRecord>, Vec<SheetRecord>) {
        let all = if mirror.root() == Some(root) { mirror.len() } else { 0 };
        let (mut nodes, mut sheets) = (Vec::with_capacity(all), Vec::new());
        let mut walk = mirror.walk(root);
        while let Some(step) = walk.next() {
            let Step::Enter(id, entry) = step else { continue };
            nodes.push(self.record(mirror, id, entry));
            if entry.gap {
                walk.not_below(id);
            } else if matches!(entry.node, Node::Element { .. })
                && let Some(rules) = mirror.rules(id)
            {
                sheets.push(self.sheet(mirror, id, rules));
            }
        }
        (nodes, sheets)
    }

    fn sheet(&self, mirror: &Mirror, sheet: NodeId, rules: &[String]) -> SheetRecord {
        mirror.works(mirror::weight_of_rules(rules));
        SheetRecord { sheet, rules: rules.iter().map(|rule| self.rule(mirror, sheet, rule)).collect() }
    }
}
