//! Our own paths of a view origin, `/.alongside/...`, that need no site.

use http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use url::Url;

use super::pages::Problem;
use super::{Proxy, Visit};
use crate::origin::UpstreamOrigin;
use crate::rewrite::headers;
use crate::upstream::{Body, body};

/// Where they begin.
pub const PREFIX: &str = "/.alongside/";

impl Proxy {
    /// Answers a request below [`PREFIX`].
    pub(super) fn reserved(&self, visit: &Visit<'_>, name: &str) -> Result<Response<Body>, Problem> {
        match name {
            "to" => to(visit),
            "blank" => Ok(self.blank(visit)),
            name => self.script(name),
        }
    }

    /// A script of ours. Its name holds its hash, so it never changes.
    fn script(&self, name: &str) -> Result<Response<Body>, Problem> {
        let bytes = self.scripts.get(name).ok_or(Problem::NotFound)?;
        let mut response = Response::new(body::full(bytes));
        let fields = response.headers_mut();
        fields.insert(CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8"));
        fields.insert(CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable"));
        fields.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        Ok(response)
    }

    /// An empty document with the shim, in the mode that `about:blank` has (quirks).
    fn blank(&self, visit: &Visit<'_>) -> Response<Body> {
        let mut blank = HeaderMap::new();
        blank.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        let fields = headers::to_visitor(&visit.exchange(), StatusCode::OK, &blank);
        let markup = self.markup(visit, "about:blank", "");
        let mut response = Response::new(body::full(format!("<html><head>{markup}</head><body></body></html>")));
        *response.headers_mut() = fields;
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

/// On to a real address that the shim could not map by itself: the label is registered, the browser redirected.
fn to(visit: &Visit<'_>) -> Result<Response<Body>, Problem> {
    let target = visit.real.query_pairs().find(|(name, _)| name == "url").map(|(_, value)| value.into_owned());
    let target = target.and_then(|target| Url::parse(&target).ok()).ok_or(Problem::BadAddress)?;
    let origin = UpstreamOrigin::of(&target).ok_or(Problem::BadAddress)?;
    let session = visit.session;
    session.register_hashed(&origin);
    let mapped = session.domain().map(session.id(), &target).ok_or(Problem::BadAddress)?;
    let location = HeaderValue::from_str(mapped.as_str()).map_err(|_| Problem::BadAddress)?;
    let mut response = Response::new(body::empty());
    *response.status_mut() = StatusCode::TEMPORARY_REDIRECT;
    response.headers_mut().insert(LOCATION, location);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}
