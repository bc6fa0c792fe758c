//! What may be opened and loaded in a session, and the proof of it: a [`Permit`] is the only way to the upstream.

use std::sync::OnceLock;

use ipnet::IpNet;
use url::Url;

mod conduct;
mod draft;

pub use conduct::{Standing, Wish, rules, strictest};

use crate::pattern::Pattern;
use crate::privacy::{Privacy, Scrubber};
use crate::protocol::people::Rules;
use crate::protocol::rules::{AgentRules, MaskSite, VisitorRules};

/// Proof that a policy allowed something. Only this module makes one.
#[derive(Clone, Debug)]
pub struct Permit<T>(T);

impl<T> Permit<T> {
    /// What was permitted.
    pub fn get(&self) -> &T {
        &self.0
    }

    /// What was permitted, taken out: the proof ends here.
    pub fn into_inner(self) -> T {
        self.0
    }
}

/// For what an address is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// A document in a tab.
    Page,
    /// Whatever a page loads: pictures, styles, scripts, frames, fetches, sockets. Pages may be loaded too.
    Load,
}

/// The policy refuses an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Not `http`, `https`, `ws` or `wss`.
    #[error("only web addresses can be opened")]
    Scheme,
    /// User name or password within the address.
    #[error("the address carries a user name or a password")]
    UserInfo,
    /// No site's allowlist covers it.
    #[error("the address is not on the allowlist")]
    NotListed,
}

/// How much of an origin a policy covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// Every address.
    Everything,
    /// Some paths: each address has to be asked for.
    Paths,
    /// None.
    Nothing,
}

/// A site with its rules, checked ([`Policy::check`]).
#[derive(Clone, Debug)]
pub struct Site {
    /// Name for people.
    pub name: String,
    /// Where a session starts unless the agent names another address.
    pub start: Url,
    /// Pages that may be opened.
    pub pages: Vec<Pattern>,
    /// What pages may load beside pages.
    pub loads: Vec<Pattern>,
    /// Private networks that this site's hosts may resolve to; without one, private and loopback addresses are refused.
    pub networks: Vec<IpNet>,
    /// What agents may do in sessions that start here.
    pub agent: AgentRules,
    /// What visitors may do in them.
    pub visitor: VisitorRules,
    /// What agents may not see of its pages.
    pub privacy: Privacy,
}

impl Site {
    /// A site with the default rules that loads nothing but its pages.
    #[must_use]
    pub fn new(name: &str, start: Url, pages: Vec<Pattern>) -> Self {
        let (agent, visitor) = (AgentRules::default(), VisitorRules::default());
        Self {
            name: name.to_owned(),
            start,
            pages,
            loads: Vec::new(),
            networks: Vec::new(),
            agent,
            visitor,
            privacy: Privacy::default(),
        }
    }

    /// The rules of both sides.
    #[must_use]
    pub fn rules(&self) -> Rules {
        rules(&self.agent, &self.visitor)
    }
}

/// Sites, in the order of the configuration.
#[derive(Clone, Debug)]
pub struct Policy {
    sites: Vec<Site>,
    /// What holds where no site does: all is masked.
    strict: Privacy,
    /// See [`Policy::scrubber`]; made when asked for.
    scrubber: OnceLock<Scrubber>,
}

impl Default for Policy {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl Policy {
    /// A policy of these sites.
    #[must_use]
    pub fn new(sites: Vec<Site>) -> Self {
        Self { sites, strict: Privacy::strict(), scrubber: OnceLock::new() }
    }

    /// All sites.
    #[must_use]
    pub fn sites(&self) -> &[Site] {
        &self.sites
    }

    /// Permits an address for a use, or says why not.
    ///
    /// # Errors
    /// See [`Refused`].
    pub fn permit(&self, url: &Url, usage: Use) -> Result<Permit<Url>, Refused> {
        self.check_address(url, usage).map(|()| Permit(url.clone()))
    }

    /// Whether [`Policy::permit`] permits an address, where nobody will open it.
    ///
    /// # Errors
    /// See [`Refused`].
    pub fn check_address(&self, url: &Url, usage: Use) -> Result<(), Refused> {
        if !matches!(url.scheme(), "http" | "https" | "ws" | "wss") {
            return Err(Refused::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refused::UserInfo);
        }
        self.site_of(url, usage).map(|_| ()).ok_or(Refused::NotListed)
    }

    /// The first site that covers an address.
    #[must_use]
    pub fn site_of(&self, url: &Url, usage: Use) -> Option<&Site> {
        self.sites.iter().find(|site| {
            site.pages.iter().any(|p| p.matches(url)) || usage == Use::Load && site.loads.iter().any(|p| p.matches(url))
        })
    }

    /// What agents may not see of a document, by its real address: the rules of the first site that has it among its pages, else of the first that
    /// may load it, else of the site that the session started at. Where none does any more, everything is masked.
    #[must_use]
    pub fn privacy(&self, document: &Url, start: &Url) -> &Privacy {
        let site = self.site_of(document, Use::Page).or_else(|| self.site_of(document, Use::Load));
        site.or_else(|| self.site_of(start, Use::Page)).map_or(&self.strict, |site| &site.privacy)
    }

    /// What replaces texts on any page of any site: of what is not told for which page it is.
    #[must_use]
    pub fn scrubber(&self) -> &Scrubber {
        self.scrubber.get_or_init(|| Privacy::scrubber_of_all(self.sites.iter().map(|site| &site.privacy)))
    }

    /// Whether a private site's pages may have what is at an address, or the session started at a private site.
    #[must_use]
    pub fn is_private(&self, address: &Url, start: &Url) -> bool {
        let covers = |site: &Site| site.pages.iter().chain(&site.loads).any(|pattern| pattern.matches(address));
        let private = self.sites.iter().any(|site| site.privacy.private && covers(site));
        private || self.privacy(start, start).private
    }

    /// What the companion of a session is told, so that the first of the list that covers a document, or else the first of all, has the rules that
    /// [`Policy::privacy`] finds: those of the start, then all sites by their pages, then all by what they load.
    #[must_use]
    pub fn mask_sites(&self, start: &Url) -> Vec<MaskSite> {
        let fallback = self.site_of(start, Use::Page).map_or(&self.strict, |site| &site.privacy);
        let told = |site: &Site, patterns: &[Pattern]| {
            site.privacy.told(patterns.iter().map(|pattern| pattern.as_str().to_owned()).collect())
        };
        let pages = self.sites.iter().map(|site| told(site, &site.pages));
        let loads = self.sites.iter().filter(|site| !site.loads.is_empty()).map(|site| told(site, &site.loads));
        std::iter::once(fallback.told(Vec::new())).chain(pages).chain(loads).collect()
    }

    /// What holds for every address of an origin, so that it need not be asked for each. `origin`: any address of it, without a user name.
    #[must_use]
    pub fn coverage(&self, origin: &Url, usage: Use) -> Coverage {
        let loads = |site: &'_ Site| if usage == Use::Load { site.loads.len() } else { 0 };
        let patterns = self.sites.iter().flat_map(|site| site.pages.iter().chain(site.loads.iter().take(loads(site))));
        let mut coverage = Coverage::Nothing;
        for pattern in patterns.filter(|pattern| pattern.matches_origin(origin)) {
            if pattern.covers_origin() {
                return Coverage::Everything;
            }
            coverage = Coverage::Paths;
        }
        coverage
    }

    /// Networks that an address's host may be in although they are not public.
    #[must_use]
    pub fn networks(&self, permit: &Permit<Url>) -> Vec<IpNet> {
        let url = permit.get();
        let covers = |s: &&Site| s.pages.iter().chain(&s.loads).any(|p| p.matches(url));
        self.sites.iter().filter(covers).flat_map(|s| s.networks.iter().copied()).collect()
    }
}

#[cfg(test)]
mod tests;
