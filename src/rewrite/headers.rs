//! Header fields in both directions. Cookies are the proxy's affair: none passes here.

use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use crate::origin::{Sid, UpstreamOrigin, ViewDomain};

mod query;
mod request;
mod response;

pub use query::unmap_query;
pub use request::to_upstream;
pub use response::to_visitor;

/// Stands before the entity tags of rewritten bodies, so that a new build's rewriting is not taken for the old one's.
const ETAG_PREFIX: &str = concat!("alongside-", env!("CARGO_PKG_VERSION"), "-");

/// A request of a visitor's browser and the real address that it stands for.
#[derive(Clone, Copy)]
pub struct Exchange<'a> {
    /// The session.
    pub sid: &'a Sid,
    /// Where view origins live.
    pub domain: &'a ViewDomain,
    /// Real address that is asked for.
    pub url: &'a Url,
    /// The request's header fields as the browser sent them.
    pub request: &'a HeaderMap,
    /// Resolves an `x` label (`x` and the hash) of this session.
    pub known: &'a (dyn Fn(&str) -> Option<UpstreamOrigin> + Send + Sync),
    /// Told of each origin whose label is hashed.
    pub hashed: &'a (dyn Fn(&UpstreamOrigin) + Send + Sync),
}

impl Exchange<'_> {
    /// The real address behind a view address of this session.
    fn unmap(&self, view: &str) -> Option<Url> {
        let view = Url::parse(view).ok()?;
        let known = |sid: &Sid, hash: &str| if sid == self.sid { (self.known)(hash) } else { None };
        let (sid, real) = self.domain.unmap(&view, known)?;
        (sid == *self.sid).then_some(real)
    }

    /// An address of a response, absolute or relative, for the visitor's browser. None: it stays as it is.
    fn map(&self, written: &str) -> Option<Url> {
        let real = self.url.join(written).ok()?;
        let relative = Url::parse(written).is_err() && !written.trim_start().starts_with("//");
        if relative || self.unmap(real.as_str()).is_some() {
            return None;
        }
        let mapped = self.domain.map(self.sid, &real)?;
        let origin = UpstreamOrigin::of(&real)?;
        if origin.encode().starts_with('x') {
            (self.hashed)(&origin);
        }
        Some(mapped)
    }

    /// An origin for the visitor's browser. None: it is none (`*`, `null`).
    fn map_origin(&self, written: &str) -> Option<String> {
        let url = self.map(written)?;
        Some(url.as_str().trim_end_matches('/').to_owned())
    }
}

/// What is done with a response's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A document: rewritten, with the shim.
    Html,
    /// A style sheet: rewritten.
    Css,
    /// Anything else, as it is.
    Other,
}

/// What a response is to its browser: a document only where one is shown, a style sheet only where one is loaded, so that what scripts fetch stays as it is.
#[must_use]
pub fn kind(request: &HeaderMap, response: &HeaderMap) -> Kind {
    let content_type = text(response, &CONTENT_TYPE).map(|value| value.split(';').next().unwrap_or_default().trim());
    let is = |name: &str| content_type.is_some_and(|value| value.eq_ignore_ascii_case(name));
    let html = is("text/html") || is("application/xhtml+xml");
    match destination(request) {
        Destination::Document if html => Kind::Html,
        Destination::Style if is("text/css") || content_type.is_none() => Kind::Css,
        Destination::Unknown if html && text(request, &ACCEPT).is_some_and(|value| value.contains("text/html")) => {
            Kind::Html
        }
        Destination::Unknown if is("text/css") => Kind::Css,
        _ => Kind::Other,
    }
}

/// For what a browser asks (Fetch Standard, request destination).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Destination {
    /// A tab or a frame of any kind.
    Document,
    Style,
    /// Has a policy of its own, like a document.
    Worker,
    Other,
    /// The browser does not say.
    Unknown,
}

fn destination(request: &HeaderMap) -> Destination {
    match text(request, &SEC_FETCH_DEST) {
        None => Destination::Unknown,
        Some("document" | "iframe" | "frame" | "embed" | "object" | "fencedframe") => Destination::Document,
        Some("style") => Destination::Style,
        Some("worker" | "sharedworker" | "serviceworker") => Destination::Worker,
        Some(_) => Destination::Other,
    }
}

const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");

/// Fields of one connection (RFC 9110, 7.6.1), and what `Connection` names besides.
const HOP_BY_HOP: &[&str] = &[
    "connection",
    "keep-alive",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "http2-settings",
];

/// The fields that may pass at all: none of one connection, none of ours.
fn end_to_end(headers: &HeaderMap) -> HeaderMap {
    let named: Vec<_> = headers
        .get_all(http::header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|name| name.trim().to_ascii_lowercase())
        .collect();
    let passes = |name: &str| {
        !HOP_BY_HOP.contains(&name) && !name.starts_with("x-alongside-") && !named.iter().any(|other| other == name)
    };
    let mut out = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers.iter().filter(|(name, _)| passes(name.as_str())) {
        out.append(name.clone(), value.clone());
    }
    out
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name)?.to_str().ok()
}

/// Sets a field, or removes it where there is no value or none that a field may have.
fn set(headers: &mut HeaderMap, name: &HeaderName, value: Option<&str>) {
    match value.and_then(|value| HeaderValue::from_str(value).ok()) {
        Some(value) => {
            headers.insert(name.clone(), value);
        }
        None => {
            headers.remove(name);
        }
    }
}

#[cfg(test)]
mod tests;
