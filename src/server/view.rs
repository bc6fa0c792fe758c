//! View origins: a visitor's way in, the companion's socket, and everything else through the proxy.

use std::sync::Arc;

use http::header::{LOCATION, ORIGIN, SET_COOKIE};
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use url::Url;

use super::listen::Peer;
use super::{State, reply, route, sockets, unpack};
use crate::origin::{LabelOrigin, Sid, UpstreamOrigin};
use crate::policy::Use;
use crate::proxy::pages::{self, Problem};
use crate::session::ticket::cookie_name;
use crate::session::{Credential, Found, Session, Tombstone, UNPACK};
use crate::upstream::{Body, body};

/// Where companions connect.
const SOCKET: &str = "/.alongside/socket";

/// Answers a request to a view origin.
pub(super) async fn serve(
    state: &State,
    sid: Sid,
    origin: LabelOrigin,
    request: Request<Incoming>,
    peer: Peer,
) -> Response<Body> {
    let document = pages::wants_document(request.headers());
    let session = match state.sessions.find(&sid) {
        Found::Live(session) => session,
        Found::Ended(Tombstone { by, .. }) if request.uri().path() == SOCKET && from_itself(state, &request) => {
            let limit = state.config.limits.agent_message;
            return sockets::answer(sockets::accept(request, limit, state.sessions.leaving(), move |socket| {
                sockets::late_visitor(socket, by)
            }));
        }
        Found::Ended(tombstone) => return over(state, &sid, &origin, &request, tombstone, document),
        Found::Unknown => return pages::reply(&Problem::NoSession, document),
    };
    if request.uri().path() == "/.alongside/enter" {
        return enter(state, &session, &request, peer);
    }
    let Some(credential) = session.visitor(request.headers(), peer.address) else {
        return pages::reply(&Problem::NoSession, document);
    };
    if request.uri().path() == SOCKET {
        return socket(state, session, (credential, &origin), request);
    }
    // Who drives is the page in our own Chrome: the visitor's browser shows the screen.
    if credential == Credential::Cookie && session.way().is_image() && pages::is_for_tab(request.headers()) {
        let screen = format!("{}/", session.domain().screen_origin(&sid));
        if let Ok(screen) = screen.parse() {
            return unpack::go(&screen);
        }
    }
    if request.uri().path() == UNPACK && credential.has_jar() {
        return unpack::serve(&session, &origin, &request);
    }
    state.proxy.serve(&session, credential, &origin, request).await
}

/// Takes the ticket, sets the session's cookie, and leads on to the page. A ticket counts only when our join page posts it: whoever chose Allow could
/// else hand it on to somebody who was never asked. Browsers name a posting page's origin even where they are told to send no referrer.
fn enter(state: &State, session: &Session, request: &Request<Incoming>, peer: Peer) -> Response<Body> {
    let query = request.uri().query().unwrap_or_default();
    let ticket = query.split('&').find_map(|pair| pair.strip_prefix("ticket=")).unwrap_or_default();
    let from = request.headers().get(ORIGIN).map(HeaderValue::as_bytes);
    let asked = request.method() == Method::POST && from == Some(state.control_origin.as_bytes());
    let cookie = if asked { session.redeem(ticket) } else { None };
    let inside = session.visitor(request.headers(), peer.address) == Some(Credential::Cookie);
    let page = session.domain().map(session.id(), session.start());
    let (Some(page), true) = (page, cookie.is_some() || inside) else {
        return pages::reply(&Problem::NoSession, true);
    };
    let mut response = Response::new(body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let headers = response.headers_mut();
    if let Ok(location) = HeaderValue::from_str(page.as_str()) {
        headers.insert(LOCATION, location);
    }
    if let Some(cookie) = cookie
        && let Ok(mut value) = HeaderValue::from_str(&set_cookie(session, cookie.expose()))
    {
        value.set_sensitive(true);
        headers.insert(SET_COOKIE, value);
    }
    reply::secure(headers);
    response
}

fn set_cookie(session: &Session, value: &str) -> String {
    let (name, domain) = (cookie_name(session.id()), &session.domain().domain);
    format!("{name}={value}; Domain={domain}; Path=/; Secure; HttpOnly; SameSite=Lax")
}

/// The visitor's word is what comes over this socket. So a frame does not get one, nor a page of another origin: only a document that was sent to a tab
/// has the key.
fn socket(
    state: &State,
    session: Arc<Session>,
    (credential, origin): (Credential, &LabelOrigin),
    request: Request<Incoming>,
) -> Response<Body> {
    let query = request.uri().query().unwrap_or_default();
    let own = Some(()).filter(|()| from_itself(state, &request));
    let Some(origin) = own.and_then(|()| has_page_key(&session, credential, origin, query)) else {
        return pages::reply(&Problem::NoSession, false);
    };
    let Some(seat) = session.seat() else {
        return reply::line(StatusCode::TOO_MANY_REQUESTS, "Too many pages of this session are open.\n");
    };
    let limits = state.config.limits.clone();
    let hosted = credential == Credential::Hosted;
    let serve = move |socket| {
        let page = session.connect(hosted, origin);
        sockets::visitor(socket, session, (page, seat), limits)
    };
    sockets::answer(sockets::accept(request, state.config.limits.visitor_message, state.sessions.leaving(), serve))
}

/// The origin whose page's key is shown.
fn has_page_key(
    session: &Session,
    credential: Credential,
    origin: &LabelOrigin,
    query: &str,
) -> Option<UpstreamOrigin> {
    let origin = match origin {
        LabelOrigin::Known(origin) => Some(origin.clone()),
        LabelOrigin::Hashed(label) => session.hashed(label),
    };
    let origin = origin?;
    let key = session.page_key(&origin, credential)?;
    key.hash().is(query.strip_prefix("key=")?).then_some(origin)
}

/// Whether a page of the very origin that is asked asks.
fn from_itself(state: &State, request: &Request<Incoming>) -> bool {
    let own = format!("{}://{}", state.sessions.domain().scheme.as_str(), route::host(request));
    sockets::comes_from(request.headers(), &own)
}

/// The session has ended: says so, leads back to the real site where that is one of ours, and takes away what the browser kept.
fn over(
    state: &State,
    sid: &Sid,
    origin: &LabelOrigin,
    request: &Request<Incoming>,
    Tombstone { by, agent, .. }: Tombstone,
    document: bool,
) -> Response<Body> {
    let real = match origin {
        LabelOrigin::Known(origin) => {
            let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
            Url::parse(&format!("{}{path}", origin.serialize())).ok()
        }
        LabelOrigin::Hashed(_) => None,
    };
    let ours =
        |url: &Url| !url.path().starts_with("/.alongside/") && state.sessions.policy().permit(url, Use::Page).is_ok();
    let real = real.filter(ours);
    let help = real.as_ref().and_then(|page| {
        Url::parse_with_params(&format!("{}/help", state.control_origin), [("url", page.as_str())]).ok()
    });
    let mut response = pages::reply(&Problem::Ended { by, agent, real, help: help.map(Box::new) }, document);
    let headers = response.headers_mut();
    if document {
        let clear = HeaderName::from_static("clear-site-data");
        headers.insert(clear, HeaderValue::from_static("\"cache\", \"storage\""));
        let domain = &state.sessions.domain().domain;
        let gone = format!("{}=; Domain={domain}; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax", cookie_name(sid));
        if let Ok(gone) = HeaderValue::from_str(&gone) {
            headers.insert(SET_COOKIE, gone);
        }
    }
    response
}
