//! Screen origins: the visitor's page of pictures, in image mode. The session's cookie is the credential; the page in our own Chrome gets nothing here.

use std::sync::Arc;

use http::header::CONTENT_LENGTH;
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use serde::Serialize;
use tokio::fs::File;
use tokio::io::AsyncWriteExt;
use url::form_urlencoded;

use super::listen::Peer;
use super::{State, reply, sockets, unpack, web};
use crate::origin::{Sid, ViewDomain};
use crate::proxy::pages::{self, Problem};
use crate::session::{Credential, Found, Session, Tombstone, Upload, UploadError};
use crate::upstream::{Body, body};

/// Where the page connects.
const SOCKET: &str = "/socket";

/// Answers a request to a screen origin.
pub(super) async fn serve(state: &State, sid: Sid, request: Request<Incoming>, peer: Peer) -> Response<Body> {
    let path = request.uri().path().to_owned();
    if let Some(name) = path.strip_prefix("/assets/").filter(|_| *request.method() == Method::GET) {
        return web::asset("screen", name);
    }
    let origin = state.sessions.domain().screen_origin(&sid);
    // Cookies come with requests of every view origin.
    let own = |request: &Request<Incoming>| sockets::comes_from(request.headers(), &origin);
    let document = pages::wants_document(request.headers());
    let session = match state.sessions.find(&sid) {
        Found::Live(session) => session,
        Found::Ended(Tombstone { by, .. }) if path == SOCKET && own(&request) => {
            let limit = state.config.limits.agent_message;
            let serve = move |socket| sockets::late_screen(socket, by);
            return sockets::answer(sockets::accept(request, limit, state.sessions.leaving(), serve));
        }
        Found::Ended(Tombstone { by, agent, .. }) => {
            return pages::reply(&Problem::Ended { by, agent, real: None, help: None }, document);
        }
        Found::Unknown => return pages::reply(&Problem::NoSession, document),
    };
    if session.visitor(request.headers(), peer.address) != Some(Credential::Cookie) {
        return pages::reply(&Problem::NoSession, document);
    }
    match (request.method(), path.as_str()) {
        (&Method::GET, "/") => page(&session),
        (&Method::GET, SOCKET) if own(&request) => socket(state, session, request),
        (&Method::POST, "/upload") if own(&request) => upload(&session, request, state.config.limits.upload).await,
        (_, SOCKET | "/upload") => pages::reply(&Problem::NoSession, false),
        _ => pages::reply(&Problem::NotFound, document),
    }
}

/// The page itself; where the session shows the site's page, that.
fn page(session: &Session) -> Response<Body> {
    if session.way().is_image() {
        return web::page("screen/index.html", &policy(session.domain(), session.id()));
    }
    match session.entrance() {
        Some(entrance) => unpack::go(&entrance),
        None => pages::reply(&Problem::NotFound, true),
    }
}

/// Its script, its socket, its pictures, and nothing else; shown in a tab alone.
fn policy(domain: &ViewDomain, sid: &Sid) -> String {
    let socket = domain.socket_origin(&domain.screen_origin(sid));
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; \
         connect-src 'self' {socket}; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )
}

fn socket(state: &State, session: Arc<Session>, request: Request<Incoming>) -> Response<Body> {
    let Some(seat) = session.seat() else {
        return reply::line(StatusCode::TOO_MANY_REQUESTS, "Too many pages of this session are open.\n");
    };
    let limits = state.config.limits.clone();
    let limit = limits.visitor_message.min(1 << 20);
    let serve = move |socket| sockets::screen(socket, session, seat, limits);
    sockets::answer(sockets::accept(request, limit, state.sessions.leaving(), serve))
}

#[derive(Serialize)]
struct Taken {
    key: String,
}

/// Takes a file for the hosted page: `?name=`. `most`: bytes of all files of the session.
async fn upload(session: &Arc<Session>, request: Request<Incoming>, most: usize) -> Response<Body> {
    let query = request.uri().query().unwrap_or_default();
    let name = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "name");
    let name = name.map(|(_, value)| value.into_owned()).unwrap_or_default();
    let length = request.headers().get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > most) {
        return refused(&UploadError::TooMuch);
    }
    let taken = tokio::select! {
        biased;
        _ = session.ended() => Err(UploadError::Closed),
        taken = take(session, name, request.into_body(), most) => taken,
    };
    match taken {
        Ok(key) => {
            let json = serde_json::to_string(&Taken { key }).unwrap_or_default();
            let mut response = Response::new(body::full(json));
            let headers = response.headers_mut();
            headers.insert(http::header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
            reply::secure(headers);
            response
        }
        Err(error) => refused(&error),
    }
}

fn refused(error: &UploadError) -> Response<Body> {
    match error {
        UploadError::TooMuch => reply::line(StatusCode::PAYLOAD_TOO_LARGE, "That is more than can be sent.\n"),
        UploadError::Closed => reply::line(StatusCode::CONFLICT, "No files are taken now.\n"),
        UploadError::Io(_) | UploadError::NoRandomness(_) => {
            tracing::warn!(%error, "a file cannot be kept");
            reply::line(StatusCode::INTERNAL_SERVER_ERROR, "The file cannot be kept.\n")
        }
    }
}

async fn take(session: &Arc<Session>, name: String, mut body: Incoming, most: usize) -> Result<String, UploadError> {
    let owner = Arc::clone(session);
    let begun = tokio::task::spawn_blocking(move || owner.upload(&name));
    let mut upload: Upload = begun.await.map_err(|_| UploadError::Closed)??;
    let mut file = File::create_new(upload.path()).await?;
    while let Some(piece) = body.frame().await {
        let Ok(piece) = piece else { return Err(UploadError::Closed) };
        let Ok(bytes) = piece.into_data() else { continue };
        upload.grow(bytes.len(), most)?;
        file.write_all(&bytes).await?;
    }
    file.flush().await?;
    upload.keep()
}
