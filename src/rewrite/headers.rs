//! Header fields in both directions. Cookies are the proxy's affair: none passes here.

use std::borrow::Cow;

use http::{HeaderMap, StatusCode};
use url::Url;

use crate::origin::{Sid, UpstreamOrigin, ViewDomain};

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
pub fn kind(_request: &HeaderMap, _response: &HeaderMap) -> Kind {
    Kind::Other
}

/// The request's header fields for the upstream, without `Host` and `Cookie`.
#[must_use]
pub fn to_upstream(exchange: &Exchange<'_>) -> HeaderMap {
    exchange.request.clone()
}

/// The response's header fields for the visitor.
#[must_use]
pub fn to_visitor(_exchange: &Exchange<'_>, _status: StatusCode, response: &HeaderMap) -> HeaderMap {
    response.clone()
}

/// A query (or a form's body) with this session's view addresses in it, plain or percent-encoded, as the real ones.
#[must_use]
pub fn unmap_query<'q>(_exchange: &Exchange<'_>, query: &'q str) -> Cow<'q, str> {
    Cow::Borrowed(query)
}
