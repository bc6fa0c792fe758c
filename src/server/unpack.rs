//! `/.alongside/unpack?to=`: before a page goes on in another browser, what its origin had stored in the one before is put in place there, and then the page
//! is opened. It stands on the origin itself, and gives nothing to any other.

use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use serde::Serialize;
use url::{Position, Url, form_urlencoded};

use super::reply;
use crate::origin::{LabelOrigin, UpstreamOrigin};
use crate::proxy::pages::{self, Problem};
use crate::session::token::Secret;
use crate::session::{Session, Stored};
use crate::upstream::{Body, body};

/// Puts storage in place. What does not fit stays away.
const SCRIPT: &str = r#"
const { to, local, session } = JSON.parse(document.getElementById("baggage").textContent);
for (const [area, items] of [["localStorage", local], ["sessionStorage", session]]) {
  try {
    self[area].clear();
    for (const [name, value] of items) self[area].setItem(name, value);
  } catch {}
}
location.replace(to);
"#;

#[derive(Serialize)]
struct Content<'a> {
    to: &'a str,
    local: &'a [(String, String)],
    session: &'a [(String, String)],
}

/// Answers whoever drives the session.
pub(super) fn serve(session: &Session, origin: &LabelOrigin, request: &Request<Incoming>) -> Response<Body> {
    let foreign = request.headers().get("sec-fetch-site").is_some_and(|site| site == "cross-site");
    if *request.method() != Method::GET || foreign || !pages::is_for_tab(request.headers()) {
        return pages::reply(&Problem::NotFound, pages::wants_document(request.headers()));
    }
    let origin = match origin {
        LabelOrigin::Known(origin) => Some(origin.clone()),
        LabelOrigin::Hashed(label) => session.hashed(label),
    };
    let page = origin.and_then(|origin| {
        let to = target(session, &origin, request.uri().query().unwrap_or_default())?;
        Some((session.stored(&origin), to))
    });
    match page {
        Some((Some(stored), to)) => document(&stored, &to[Position::BeforePath..]),
        Some((None, to)) => go(&to),
        None => pages::reply(&Problem::BadAddress, true),
    }
}

/// Where it goes on: at the same origin, and not at an address of ours.
fn target(session: &Session, origin: &UpstreamOrigin, query: &str) -> Option<Url> {
    let (_, to) = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "to")?;
    let own = Url::parse(&session.domain().view_origin(session.id(), origin)).ok()?;
    let to = own.join(&to).ok()?;
    (to.origin() == own.origin() && !to.path().starts_with("/.alongside/")).then_some(to)
}

fn document(stored: &Stored, to: &str) -> Response<Body> {
    let Ok(nonce) = Secret::random() else {
        return reply::line(StatusCode::SERVICE_UNAVAILABLE, "Try again in a moment.\n");
    };
    let content = Content { to, local: &stored.local, session: &stored.session };
    // As JSON a `<` stands in strings alone.
    let content = serde_json::to_string(&content).unwrap_or_default().replace('<', "\\u003c");
    let nonce = nonce.expose();
    let html = format!(
        "<!doctype html>\n<meta charset=\"utf-8\">\n<title>Alongside</title>\n\
         <script type=\"application/json\" id=\"baggage\">{content}</script>\n<script nonce=\"{nonce}\">{SCRIPT}</script>\n"
    );
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let mut response = Response::new(body::full(html));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    never_kept(headers);
    response
}

/// On to an address of ours.
pub(super) fn go(to: &Url) -> Response<Body> {
    let mut response = Response::new(body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(location) = HeaderValue::from_str(to.as_str()) {
        response.headers_mut().insert(LOCATION, location);
    }
    never_kept(response.headers_mut());
    response
}

fn never_kept(headers: &mut HeaderMap) {
    reply::secure(headers);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
}
