//! View labels: how an upstream origin and a session become one host name under the view domain, and back.
//!
//! ARCHITECTURE.md ("Labels") has the format. Decoding is strict: a label that `encode` would not have written is refused, so
//! that an upstream origin has one name in a session and no two origins share one.

use std::fmt;

use data_encoding::{BASE32_NOPAD, Encoding, Specification};
use rand::RngCore;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::{Host, Url};

/// Longest DNS label, in bytes (RFC 1035, 2.3.4).
const LABEL_MAX: usize = 63;
/// Characters of a hashed label.
const HASH_CHARS: usize = 26;
/// Characters of a session id.
const SID_CHARS: usize = 10;

/// Public identifier of a session: 10 characters of `[a-z2-7]`, the first a letter. It shows in host names, so it is never a secret.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sid(String);

impl Sid {
    /// A new random one.
    #[must_use]
    pub fn random() -> Self {
        let mut bytes = [0u8; 8];
        loop {
            rand::rng().fill_bytes(&mut bytes);
            if let Some(sid) = Self::parse(&base32(&bytes)[..SID_CHARS]) {
                return sid;
            }
        }
    }

    /// Reads one strictly.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let ok = text.len() == SID_CHARS
            && text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'2'..=b'7'))
            && text.as_bytes()[0].is_ascii_lowercase();
        ok.then(|| Self(text.to_owned()))
    }

    /// As text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Sid> for String {
    fn from(Sid(text): Sid) -> Self {
        text
    }
}

impl TryFrom<String> for Sid {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not a session's identifier")
    }
}

impl fmt::Display for Sid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Scheme of an upstream origin. `ws` and `wss` count as `http` and `https`: they share an origin's host and port.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// Plain.
    Http,
    /// Over TLS.
    Https,
}

impl Scheme {
    /// As text.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    /// The port that is left out of an address.
    #[must_use]
    pub fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

/// Scheme, host and port of a site on the real web.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
pub struct UpstreamOrigin {
    /// Scheme.
    pub scheme: Scheme,
    /// Host as the URL Standard serialises it (A-label, lower case; IPv6 in brackets).
    pub host: String,
    /// Port, always explicit.
    pub port: u16,
}

impl UpstreamOrigin {
    /// Origin of an `http`, `https`, `ws` or `wss` address; none for other schemes.
    #[must_use]
    pub fn of(url: &Url) -> Option<Self> {
        let scheme = match url.scheme() {
            "http" | "ws" => Scheme::Http,
            "https" | "wss" => Scheme::Https,
            _ => return None,
        };
        let host = url.host_str().filter(|h| !h.is_empty())?.to_owned();
        Some(Self { scheme, host, port: url.port_or_known_default()? })
    }

    /// A view address of this origin at the origin itself.
    #[must_use]
    pub fn real(&self, view: &Url) -> Option<Url> {
        let mut real = view.clone();
        let scheme = match (self.scheme, view.scheme().starts_with("ws")) {
            (Scheme::Http, false) => "http",
            (Scheme::Https, false) => "https",
            (Scheme::Http, true) => "ws",
            (Scheme::Https, true) => "wss",
        };
        real.set_scheme(scheme).ok()?;
        real.set_host(Some(&self.host)).ok()?;
        real.set_port(Some(self.port)).ok()?;
        Some(real)
    }

    /// `scheme://host[:port]`, the default port left out.
    #[must_use]
    pub fn serialize(&self) -> String {
        let Self { scheme, host, port } = self;
        if *port == scheme.default_port() {
            format!("{}://{host}", scheme.as_str())
        } else {
            format!("{}://{host}:{port}", scheme.as_str())
        }
    }

    /// The part of a label behind `{sid}-`: readable where it fits and decodes back to the same origin, else hashed.
    #[must_use]
    pub fn encode(&self) -> String {
        let readable = self.encode_readable();
        let fits = readable.len() + SID_CHARS < LABEL_MAX;
        if fits && decode_readable(&readable).as_ref() == Some(self) {
            return readable;
        }
        let hash = base32(&Sha256::digest(self.serialize()));
        format!("x{}", &hash[..HASH_CHARS])
    }

    fn encode_readable(&self) -> String {
        let host = self.host.replace('-', "--").replace('.', "-");
        match (self.scheme, self.port) {
            (Scheme::Https, 443) => format!("s{host}"),
            (Scheme::Http, 80) => format!("h{host}"),
            (Scheme::Https, port) => format!("p{port}-{host}"),
            (Scheme::Http, port) => format!("q{port}-{host}"),
        }
    }
}

/// What a host name under the view domain stands for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Label {
    /// A site in a session.
    View(Sid, LabelOrigin),
    /// The agents' view of a session.
    Viewer(Sid),
    /// The visitor's page of pictures.
    Screen(Sid),
}

/// The origin in a view label.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LabelOrigin {
    /// Read from the label.
    Known(UpstreamOrigin),
    /// `x` and a hash, known to the session's table alone.
    Hashed(String),
}

/// The domain below which view and viewer origins live, with our own scheme and port.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ViewDomain {
    /// Domain without a leading dot, such as `view.localhost`.
    pub domain: String,
    /// Scheme that browsers use to reach us.
    pub scheme: Scheme,
    /// Port that browsers use to reach us.
    pub port: u16,
}

impl ViewDomain {
    /// Reads a `Host` header (with or without port). None: not one of our labels.
    #[must_use]
    pub fn parse_host(&self, host: &str) -> Option<Label> {
        let name = host
            .rsplit_once(':')
            .map_or(host, |(name, port)| if port.bytes().all(|b| b.is_ascii_digit()) { name } else { host });
        let name = name.to_ascii_lowercase();
        let label = name.strip_suffix(&self.domain)?.strip_suffix('.')?;
        let (sid, rest) = label.split_at_checked(SID_CHARS)?;
        let sid = Sid::parse(sid)?;
        let rest = rest.strip_prefix('-')?;
        if rest == "v" {
            return Some(Label::Viewer(sid));
        }
        if rest == "i" {
            return Some(Label::Screen(sid));
        }
        if let Some(hash) = rest.strip_prefix('x') {
            let ok = hash.len() == HASH_CHARS && hash.bytes().all(|b| matches!(b, b'a'..=b'z' | b'2'..=b'7'));
            return ok.then(|| Label::View(sid, LabelOrigin::Hashed(rest.to_owned())));
        }
        let origin = decode_readable(rest)?;
        (origin.encode() == rest).then_some(Label::View(sid, LabelOrigin::Known(origin)))
    }

    /// `host[:port]` of an upstream origin's view origin, as a browser writes it.
    #[must_use]
    pub fn view_host(&self, sid: &Sid, origin: &UpstreamOrigin) -> String {
        self.host(&format!("{sid}-{}", origin.encode()))
    }

    /// `scheme://host[:port]` of a session's viewer origin.
    #[must_use]
    pub fn viewer_origin(&self, sid: &Sid) -> String {
        format!("{}://{}", self.scheme.as_str(), self.host(&format!("{sid}-v")))
    }

    /// `scheme://host[:port]` of a session's screen origin.
    #[must_use]
    pub fn screen_origin(&self, sid: &Sid) -> String {
        format!("{}://{}", self.scheme.as_str(), self.host(&format!("{sid}-i")))
    }

    /// The same of the WebSockets of an origin of ours.
    #[must_use]
    pub fn socket_origin(&self, origin: &str) -> String {
        let scheme = self.scheme.as_str();
        origin.replacen(scheme, &scheme.replacen("http", "ws", 1), 1)
    }

    /// `scheme://host[:port]` of an upstream origin's view origin.
    #[must_use]
    pub fn view_origin(&self, sid: &Sid, origin: &UpstreamOrigin) -> String {
        format!("{}://{}", self.scheme.as_str(), self.view_host(sid, origin))
    }

    /// An upstream address as a view address; path, query and fragment stay. `ws`/`wss` become the same of ours. None: not an address of a site.
    #[must_use]
    pub fn map(&self, sid: &Sid, url: &Url) -> Option<Url> {
        let origin = UpstreamOrigin::of(url)?;
        let mut mapped = url.clone();
        let web_socket = url.scheme().starts_with("ws");
        let scheme = match (self.scheme, web_socket) {
            (Scheme::Http, false) => "http",
            (Scheme::Https, false) => "https",
            (Scheme::Http, true) => "ws",
            (Scheme::Https, true) => "wss",
        };
        mapped.set_scheme(scheme).ok()?;
        mapped.set_host(Some(&format!("{sid}-{}.{}", origin.encode(), self.domain))).ok()?;
        mapped.set_port(Some(self.port)).ok()?;
        mapped.set_username("").ok()?;
        mapped.set_password(None).ok()?;
        Some(mapped)
    }

    /// A view address as the upstream address that it stands for, with the session that it names. `hashed` resolves `x` labels.
    /// None: not a view address, or one of an unknown hash.
    #[must_use]
    pub fn unmap(&self, url: &Url, hashed: impl Fn(&Sid, &str) -> Option<UpstreamOrigin>) -> Option<(Sid, Url)> {
        let (sid, origin) = self.origin_behind(url, hashed)?;
        Some((sid, origin.real(url)?))
    }

    /// The session and the origin that a view address's host stands for.
    #[must_use]
    pub fn origin_behind(
        &self,
        url: &Url,
        hashed: impl Fn(&Sid, &str) -> Option<UpstreamOrigin>,
    ) -> Option<(Sid, UpstreamOrigin)> {
        let Host::Domain(host) = url.host()? else { return None };
        let scheme = match url.scheme() {
            "http" | "ws" => Scheme::Http,
            "https" | "wss" => Scheme::Https,
            _ => return None,
        };
        if scheme != self.scheme || url.port_or_known_default()? != self.port {
            return None;
        }
        let Label::View(sid, label) = self.parse_host(host)? else { return None };
        let origin = match label {
            LabelOrigin::Known(origin) => origin,
            LabelOrigin::Hashed(hash) => hashed(&sid, &hash)?,
        };
        Some((sid, origin))
    }

    fn host(&self, label: &str) -> String {
        if self.port == self.scheme.default_port() {
            format!("{label}.{}", self.domain)
        } else {
            format!("{label}.{}:{}", self.domain, self.port)
        }
    }
}

fn decode_readable(text: &str) -> Option<UpstreamOrigin> {
    let (tag, rest) = text.split_at_checked(1)?;
    let (scheme, port, host) = match tag {
        "s" => (Scheme::Https, 443, rest),
        "h" => (Scheme::Http, 80, rest),
        "p" | "q" => {
            let (port, host) = rest.split_once('-')?;
            let scheme = if tag == "p" { Scheme::Https } else { Scheme::Http };
            (scheme, port.parse().ok()?, host)
        }
        _ => return None,
    };
    let host = decode_host(host)?;
    let origin = UpstreamOrigin { scheme, host, port };
    let url = Url::parse(&origin.serialize()).ok()?;
    (UpstreamOrigin::of(&url).as_ref() == Some(&origin) && origin.encode_readable() == text).then_some(origin)
}

/// Left to right: `--` is `-`, a single `-` is `.`.
fn decode_host(enc: &str) -> Option<String> {
    let mut host = String::with_capacity(enc.len());
    let mut chars = enc.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '-' if chars.next_if_eq(&'-').is_some() => host.push('-'),
            '-' => host.push('.'),
            'a'..='z' | '0'..='9' => host.push(c),
            _ => return None,
        }
    }
    (!host.is_empty()).then_some(host)
}

/// Lower-case base32 (RFC 4648) without padding.
#[must_use]
pub fn base32(bytes: &[u8]) -> String {
    static LOWER: std::sync::LazyLock<Encoding> = std::sync::LazyLock::new(|| {
        let mut spec = Specification::new();
        spec.symbols.push_str("abcdefghijklmnopqrstuvwxyz234567");
        spec.encoding().unwrap_or(BASE32_NOPAD)
    });
    LOWER.encode(bytes)
}

#[cfg(test)]
mod tests;
