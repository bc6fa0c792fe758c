//! Entries of an allowlist: which addresses one covers.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use url::Url;

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
    at: Range<usize>,
}

impl BadPattern {
    /// Characters that are wrong, first and end, from 0.
    #[must_use]
    pub fn span(&self) -> (u32, u32) {
        let characters = |end| self.text.get(..end).map_or(0, |text| text.chars().count());
        let (first, end) = (characters(self.at.start), characters(self.at.end));
        (u32::try_from(first).unwrap_or(u32::MAX), u32::try_from(end).unwrap_or(u32::MAX))
    }
}

impl Pattern {
    /// Whether it covers every path.
    #[must_use]
    pub fn covers_origin(&self) -> bool {
        self.path == "/"
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it covers an address.
    #[must_use]
    pub fn matches(&self, url: &Url) -> bool {
        self.matches_origin(url) && path_within(url.path(), &self.path)
    }

    /// Whether it covers an address's origin, its path aside.
    #[must_use]
    pub fn matches_origin(&self, url: &Url) -> bool {
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
        let bad = |why, at| BadPattern { text: text.to_owned(), why, at };
        let no_scheme = "it begins with http:// or https://";
        let (scheme, rest) = text.split_once("://").ok_or_else(|| bad(no_scheme, 0..text.len()))?;
        let scheme = match scheme {
            "http" => "http",
            "https" => "https",
            _ => return Err(bad(no_scheme, 0..scheme.len())),
        };
        let (any_subdomain, rest) = rest.strip_prefix("*.").map_or((false, rest), |rest| (true, rest));
        let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
        let begin = text.len() - rest.len();
        let end = begin + authority.len();
        let (any_port, plain) = match authority.strip_suffix(":*") {
            Some(host) => (true, format!("{scheme}://{host}{}", &rest[authority.len()..])),
            None => (false, format!("{scheme}://{rest}")),
        };
        let url =
            Url::parse(&plain).map_err(|_| bad("host, port or path cannot be read", unreadable(text, begin, end)))?;
        if url.query().is_some() || url.fragment().is_some() {
            let at = text.find(['?', '#']).unwrap_or(end)..text.len();
            return Err(bad("it ends with the path; a query or fragment is not compared", at));
        }
        if let Some(user) = authority.rfind('@') {
            return Err(bad("user names and passwords have no place in it", begin..begin + user + 1));
        }
        let host = url.host_str().unwrap_or_default().to_owned();
        if host.is_empty() || host.contains('*') {
            let at = authority.find('*').map_or(begin..end, |star| begin + star..begin + star + 1);
            return Err(bad("a wildcard stands only at the beginning of the host, as in *.shop.example", at));
        }
        if any_subdomain
            && psl::suffix(host.as_bytes()).is_some_and(|suffix| suffix.is_known() && suffix == host.as_bytes())
        {
            let at = begin - 2..begin + authority.strip_suffix(":*").unwrap_or(authority).len();
            return Err(bad("a wildcard stands below a domain that somebody owns, not below a public suffix", at));
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

/// Which part cannot be read, of an entry whose host and port are at these bytes: the port, where the host can be read without it.
fn unreadable(text: &str, begin: usize, end: usize) -> Range<usize> {
    let authority = &text[begin..end];
    let port = authority.rfind(':').filter(|colon| Url::parse(&format!("http://{}", &authority[..*colon])).is_ok());
    port.map_or(begin..end, |colon| begin + colon + 1..end)
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
