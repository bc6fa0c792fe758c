//! What may be opened and loaded in a session, and the proof of it: a [`Permit`] is the only way to the upstream.

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use url::Url;

mod conduct;

pub use conduct::{AgentRules, Standing, VisitorRules, Wish, rules};

use crate::protocol::people::Rules;

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

/// A site as the administrator describes it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// Name for people.
    pub name: String,
    /// Where a session starts unless the agent names another address.
    pub start: Url,
    /// Pages that may be opened.
    pub pages: Vec<Pattern>,
    /// What pages may load beside pages.
    #[serde(default)]
    pub loads: Vec<Pattern>,
    /// Private networks that this site's hosts may resolve to; without one, private and loopback addresses are refused.
    #[serde(default)]
    pub networks: Vec<IpNet>,
    /// What agents may do in sessions that start here.
    #[serde(default)]
    pub agent: AgentRules,
    /// What visitors may do in them.
    #[serde(default)]
    pub visitor: VisitorRules,
}

impl Site {
    /// A site with the default rules that loads nothing but its pages.
    #[must_use]
    pub fn new(name: &str, start: Url, pages: Vec<Pattern>) -> Self {
        let (agent, visitor) = (AgentRules::default(), VisitorRules::default());
        Self { name: name.to_owned(), start, pages, loads: Vec::new(), networks: Vec::new(), agent, visitor }
    }

    /// The rules of both sides.
    #[must_use]
    pub fn rules(&self) -> Rules {
        rules(&self.agent, &self.visitor)
    }
}

/// Sites, in the order of the configuration.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    sites: Vec<Site>,
}

impl Policy {
    /// A policy of these sites.
    #[must_use]
    pub fn new(sites: Vec<Site>) -> Self {
        Self { sites }
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
        if !matches!(url.scheme(), "http" | "https" | "ws" | "wss") {
            return Err(Refused::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Refused::UserInfo);
        }
        self.site_of(url, usage).map(|_| Permit(url.clone())).ok_or(Refused::NotListed)
    }

    /// The first site that covers an address.
    #[must_use]
    pub fn site_of(&self, url: &Url, usage: Use) -> Option<&Site> {
        self.sites.iter().find(|site| {
            site.pages.iter().any(|p| p.matches(url)) || usage == Use::Load && site.loads.iter().any(|p| p.matches(url))
        })
    }

    /// What holds for every address of an origin, so that it need not be asked for each. `origin`: any address of it, without a user name.
    #[must_use]
    pub fn coverage(&self, origin: &Url, usage: Use) -> Coverage {
        let loads = |site: &'_ Site| if usage == Use::Load { site.loads.len() } else { 0 };
        let patterns = self.sites.iter().flat_map(|site| site.pages.iter().chain(site.loads.iter().take(loads(site))));
        let mut coverage = Coverage::Nothing;
        for pattern in patterns.filter(|pattern| pattern.matches_origin(origin)) {
            if pattern.path == "/" {
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

/// An entry of an allowlist: `scheme://host[:port][/path]`. The host may begin with `*.` (any subdomain, not the domain itself);
/// the path is a prefix that ends at a segment's end; the port may be `*`. `https://shop.example/account` covers `/account` and `/account/x`, not `/accounts`.
/// WebSocket addresses are covered by their `http` or `https` twin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    scheme: &'static str,
    host: String,
    any_subdomain: bool,
    port: Option<u16>,
    path: String,
}

/// A pattern cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not an allowlist entry: {why}")]
pub struct BadPattern {
    text: String,
    why: &'static str,
}

impl Pattern {
    /// Whether it covers an address.
    #[must_use]
    pub fn matches(&self, url: &Url) -> bool {
        self.matches_origin(url) && path_within(url.path(), &self.path)
    }

    fn matches_origin(&self, url: &Url) -> bool {
        let scheme = match url.scheme() {
            "http" | "ws" => "http",
            "https" | "wss" => "https",
            _ => return false,
        };
        let Some(host) = url.host_str() else { return false };
        let host_matches = if self.any_subdomain {
            host.strip_suffix(&self.host).and_then(|rest| rest.strip_suffix('.')).is_some_and(|sub| !sub.is_empty())
        } else {
            host == self.host
        };
        scheme == self.scheme && host_matches && self.port.is_none_or(|port| url.port_or_known_default() == Some(port))
    }
}

fn path_within(path: &str, prefix: &str) -> bool {
    let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
    let within = path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    within && (prefix.is_empty() || !may_climb(path))
}

/// Whether a server that decodes a path before it resolves it would leave the prefix: `/account/..%2fsecret`.
fn may_climb(path: &str) -> bool {
    let plain =
        path.to_ascii_lowercase().replace("%25", "%").replace("%2e", ".").replace("%2f", "/").replace("%5c", "/");
    plain.split(['/', '\\']).any(|segment| segment.split(';').next() == Some(".."))
}

impl std::str::FromStr for Pattern {
    type Err = BadPattern;

    fn from_str(text: &str) -> Result<Self, BadPattern> {
        let bad = |why| BadPattern { text: text.to_owned(), why };
        let (scheme, rest) = text.split_once("://").ok_or_else(|| bad("it begins with http:// or https://"))?;
        let scheme = match scheme {
            "http" => "http",
            "https" => "https",
            _ => return Err(bad("it begins with http:// or https://")),
        };
        let (any_subdomain, rest) = rest.strip_prefix("*.").map_or((false, rest), |rest| (true, rest));
        let authority = rest.split('/').next().unwrap_or_default();
        let (any_port, plain) = match authority.strip_suffix(":*") {
            Some(host) => (true, format!("{scheme}://{host}{}", &rest[authority.len()..])),
            None => (false, format!("{scheme}://{rest}")),
        };
        let url = Url::parse(&plain).map_err(|_| bad("host, port or path cannot be read"))?;
        if url.query().is_some() || url.fragment().is_some() {
            return Err(bad("it ends with the path; a query or fragment is not compared"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(bad("user names and passwords have no place in it"));
        }
        let host = url.host_str().unwrap_or_default().to_owned();
        if host.is_empty() || host.contains('*') {
            return Err(bad("a wildcard stands only at the beginning of the host, as in *.shop.example"));
        }
        if any_subdomain
            && psl::suffix(host.as_bytes()).is_some_and(|suffix| suffix.is_known() && suffix == host.as_bytes())
        {
            return Err(bad("a wildcard stands below a domain that somebody owns, not below a public suffix"));
        }
        Ok(Self {
            text: text.to_owned(),
            scheme,
            host,
            any_subdomain,
            port: if any_port { None } else { url.port_or_known_default() },
            path: url.path().to_owned(),
        })
    }
}

impl Serialize for Pattern {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
