//! The cookies of a session's sites. They never reach a browser, except for those that scripts may see.

use http::{HeaderMap, HeaderValue};
use url::Url;

/// What decides about `SameSite` cookies of a request (draft-ietf-httpbis-rfc6265bis, 5.2).
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// Real address of the document that asked; none: the person did (typed, bookmark, the session's start).
    pub initiator: Option<&'a Url>,
    /// The request loads a document into a tab.
    pub top_level: bool,
    /// Its method is GET, HEAD, OPTIONS or TRACE.
    pub safe_method: bool,
}

/// The cookies of one session.
#[derive(Default)]
pub struct Jar {}

impl Jar {
    /// The `Cookie` header of a request to a real address.
    #[must_use]
    pub fn cookie_header(&self, _url: &Url, _context: Context<'_>) -> Option<HeaderValue> {
        None
    }

    /// Takes the `Set-Cookie` headers of a response from a real address.
    pub fn store_response(&self, _url: &Url, _headers: &HeaderMap, _context: Context<'_>) {}

    /// Takes what a script wrote to `document.cookie` of a real document. `HttpOnly` cookies can neither be made nor changed so.
    pub fn store_script(&self, _url: &Url, _cookie: &str) {}

    /// What `document.cookie` of a real document reads.
    #[must_use]
    pub fn script_visible(&self, _url: &Url) -> String {
        String::new()
    }

    /// Forgets all, and takes none any more.
    pub fn wipe(&self) {}
}
