//! Viewer origins: what an agent's browser gets of a session. The capability in the path is the credential; nothing here reaches the site.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use encoding_rs::{Encoding, UTF_8};
use http::header::{ACCEPT_RANGES, CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, RANGE};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use mime::Mime;
use url::Url;

use super::{State, reply, sockets, web};
use crate::config::Limits;
use crate::origin::Sid;
use crate::session::assets::{Answer, Asset};
use crate::session::{Found, Session, Terms, Viewing};
use crate::store::Store;
use crate::upstream::{Body, body};

/// How long a picture that the visitor's browser is still loading is waited for.
const WAIT: Duration = Duration::from_secs(20);

/// Policy of the documents that the page is built in (reference: a scriptless frame still loads).
const FRAME: &str = "default-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; font-src 'self' data:; \
     media-src 'self'; frame-src 'self'; form-action 'none'; base-uri 'none'; object-src 'none'";

/// Policy of an asset, should anybody open one as a document.
const ASSET: &str = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox";

/// The type of a washed style sheet.
const SHEET: &str = "text/css; charset=utf-8";

/// Stands for a picture that the visitor's browser has not loaded: as large as none, not broken.
const EMPTY: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" width="0" height="0"/>"#;

/// Answers a request to a viewer origin.
pub(super) async fn serve(state: &State, sid: Sid, request: Request<Incoming>) -> Response<Body> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return reply::line(StatusCode::METHOD_NOT_ALLOWED, "Not in this way.\n");
    }
    let path = request.uri().path().to_owned();
    if let Some(name) = path.strip_prefix("/assets/") {
        return web::asset("viewer", name);
    }
    let (capability, rest) = path.trim_start_matches('/').split_once('/').unwrap_or_default();
    let session = match state.sessions.find(&sid) {
        Found::Live(session) => session,
        Found::Ended(_) => return reply::line(StatusCode::GONE, "The session has ended.\n"),
        Found::Unknown => return nothing(),
    };
    let Some(viewing) = session.viewing(capability) else { return nothing() };
    match rest {
        "" => web::page("viewer/index.html", &shell(state, &sid)),
        "frame/standards" => frame(state, "<!doctype html><html><head></head><body></body></html>"),
        "frame/quirks" => frame(state, "<html><head></head><body></body></html>"),
        "socket" => socket(state, session, viewing, request),
        "pictures" => pictures(state, session, viewing, request),
        _ => match rest.strip_prefix("a/") {
            Some(key) => asset(session, viewing, key, request.headers()).await,
            None => nothing(),
        },
    }
}

fn socket(state: &State, session: Arc<Session>, viewing: Viewing, request: Request<Incoming>) -> Response<Body> {
    let watching = session.watching();
    accept(state, &session.domain().viewer_origin(session.id()), watching, request, move |socket, shared| {
        sockets::viewer(socket, session, viewing, shared)
    })
}

fn pictures(state: &State, session: Arc<Session>, viewing: Viewing, request: Request<Incoming>) -> Response<Body> {
    let watching = session.seeing_pictures();
    accept(state, &session.domain().viewer_origin(session.id()), watching, request, move |socket, shared| {
        sockets::pictures(socket, session, viewing, shared)
    })
}

/// Accepts a socket of a view's. `own`: the viewer origin; `watching`: how many have such a socket.
fn accept<F: Future<Output = ()> + Send + 'static>(
    state: &State,
    own: &str,
    watching: usize,
    request: Request<Incoming>,
    serve: impl FnOnce(sockets::Socket, (Limits, Store)) -> F + Send + 'static,
) -> Response<Body> {
    if !sockets::comes_from(request.headers(), own) {
        return nothing();
    }
    if watching >= state.config.limits.watchers {
        return reply::line(StatusCode::CONFLICT, "Too many agents watch this session.\n");
    }
    let (limit, shared) = (state.config.limits.agent_message, (state.config.limits.clone(), state.store.clone()));
    sockets::answer(sockets::accept(request, limit, state.sessions.leaving(), move |socket| serve(socket, shared)))
}

fn nothing() -> Response<Body> {
    reply::line(StatusCode::NOT_FOUND, "There is nothing at this address.\n")
}

/// Policy of the viewer's own page: its script, its socket, its frames; shown by the console alone.
fn shell(state: &State, sid: &Sid) -> String {
    let domain = state.sessions.domain();
    let socket = domain.socket_origin(&domain.viewer_origin(sid));
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
         connect-src 'self' {socket}; frame-src 'self'; frame-ancestors {}; base-uri 'none'; form-action 'none'",
        state.control_origin
    )
}

fn frame(state: &State, document: &'static str) -> Response<Body> {
    let policy = format!("{FRAME}; frame-ancestors 'self' {}", state.control_origin);
    let mut response = Response::new(body::full(document));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    reply::secure(headers);
    response
}

async fn asset(session: Arc<Session>, viewing: Viewing, key: &str, headers: &HeaderMap) -> Response<Body> {
    let answer = tokio::select! {
        biased;
        _ = session.ended() => Answer::Failed,
        () = viewing.revoked.cancelled() => Answer::Failed,
        answer = session.assets().wanted(key, WAIT) => answer,
    };
    // By the terms of this moment, not by those when it was asked for, or loaded.
    let terms = session.terms();
    let answer = match answer {
        Answer::Ready(asset) if !terms.loads(&asset.url) => Answer::Failed,
        answer => answer,
    };
    let source = if let Answer::Ready(asset) = &answer { Some(asset.url.clone()) } else { None };
    let asked_for = headers.get("sec-fetch-dest").map_or(&b""[..], HeaderValue::as_bytes);
    let (kind, content) = match (answer, asked_for) {
        (Answer::Ready(asset), _) => served(&terms, asset),
        (Answer::Pending, b"image") => ("image/svg+xml", Bytes::from_static(EMPTY.as_bytes())),
        (Answer::Pending, b"style") => ("text/css", Bytes::new()),
        (Answer::Pending | Answer::Failed, _) => return nothing(),
    };
    let mut response = ranged(content, headers.get(RANGE));
    if let Some(source) = source {
        let over = over(session, viewing, (terms, source), kind == SHEET);
        response = response.map(|body| body::until(body, over));
    }
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(ASSET));
    reply::secure(headers);
    response
}

/// Done when an asset may not be sent any further: the session is over, the agent is out, or the rules have changed. `washed`: its text was washed by
/// these terms.
async fn over(session: Arc<Session>, viewing: Viewing, (terms, source): (Arc<Terms>, Url), washed: bool) {
    tokio::select! {
        _ = session.ended() => {}
        () = viewing.revoked.cancelled() => {}
        () = session.refuses(&source) => {}
        () = session.outgrows(&terms), if washed => {}
    }
}

/// The type under which an asset is served, one of a list, and its content; style sheets are washed.
fn served(terms: &Terms, asset: Asset) -> (&'static str, Bytes) {
    let mime = asset.content_type.parse::<Mime>().ok();
    let essence = mime.as_ref().map_or("", Mime::essence_str).to_ascii_lowercase();
    if essence == "text/css" {
        let named = mime.as_ref().and_then(|mime| mime.get_param("charset"));
        let encoding = named.and_then(|name| Encoding::for_label(name.as_str().as_bytes())).unwrap_or(UTF_8);
        let (text, _, _) = encoding.decode(&asset.body);
        return (SHEET, terms.wash.stylesheet(&text, &asset.url).into());
    }
    (safe_type(&essence), asset.body)
}

/// Types that cannot do anything in the agent's browser. Anything else is bytes: a picture or font is still one.
fn safe_type(essence: &str) -> &'static str {
    const SAFE: &[&str] = &[
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "image/avif",
        "image/bmp",
        "image/svg+xml",
        "image/x-icon",
        "image/vnd.microsoft.icon",
        "font/woff",
        "font/woff2",
        "font/ttf",
        "font/otf",
        "font/collection",
        "application/font-woff",
        "application/vnd.ms-fontobject",
        "audio/mpeg",
        "audio/mp4",
        "audio/ogg",
        "audio/wav",
        "audio/webm",
        "audio/flac",
        "audio/aac",
        "video/mp4",
        "video/webm",
        "video/ogg",
        "text/vtt",
    ];
    SAFE.iter().find(|safe| **safe == essence).copied().unwrap_or("application/octet-stream")
}

/// The whole, or the one range that was asked for (RFC 9110, 14.2).
fn ranged(content: Bytes, range: Option<&HeaderValue>) -> Response<Body> {
    let length = content.len();
    let asked = range.and_then(|range| range.to_str().ok()).and_then(|range| range.strip_prefix("bytes="));
    let Some((first, last)) = asked.and_then(|range| range.split_once('-')).filter(|(_, last)| !last.contains(','))
    else {
        return Response::new(body::pieces(content));
    };
    let bounds = match (first.parse::<usize>(), last.parse::<usize>()) {
        (Ok(first), Ok(last)) => Some((first, last.min(length.saturating_sub(1)))),
        (Ok(first), Err(_)) if last.is_empty() => Some((first, length.saturating_sub(1))),
        (Err(_), Ok(count)) if first.is_empty() && count > 0 => {
            Some((length.saturating_sub(count), length.saturating_sub(1)))
        }
        _ => return Response::new(body::pieces(content)),
    };
    let satisfiable = bounds.filter(|(first, last)| first <= last && *first < length);
    let (status, content, described) = match satisfiable {
        Some((first, last)) => {
            (StatusCode::PARTIAL_CONTENT, content.slice(first..=last), format!("bytes {first}-{last}/{length}"))
        }
        None => (StatusCode::RANGE_NOT_SATISFIABLE, Bytes::new(), format!("bytes */{length}")),
    };
    let mut response = Response::new(body::pieces(content));
    *response.status_mut() = status;
    if let Ok(described) = HeaderValue::from_str(&described) {
        response.headers_mut().insert(CONTENT_RANGE, described);
    }
    response
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;

    use super::*;

    #[tokio::test]
    async fn ranges() {
        for (range, status, content, described) in [
            ("", 200, "0123456789", ""),
            ("bytes=0-3", 206, "0123", "bytes 0-3/10"),
            ("bytes=7-", 206, "789", "bytes 7-9/10"),
            ("bytes=-2", 206, "89", "bytes 8-9/10"),
            ("bytes=-20", 206, "0123456789", "bytes 0-9/10"),
            ("bytes=5-99", 206, "56789", "bytes 5-9/10"),
            ("bytes=10-", 416, "", "bytes */10"),
            ("bytes=5-3", 416, "", "bytes */10"),
            ("bytes=0-1,3-4", 200, "0123456789", ""),
            ("bytes=x-y", 200, "0123456789", ""),
            ("lines=0-1", 200, "0123456789", ""),
        ] {
            let header = HeaderValue::from_str(range).unwrap();
            let response = ranged(Bytes::from_static(b"0123456789"), Some(&header));
            assert_eq!(response.status(), status, "{range}");
            let told = response.headers().get(CONTENT_RANGE).map_or("", |value| value.to_str().unwrap()).to_owned();
            assert_eq!(told, described, "{range}");
            assert_eq!(response.into_body().collect().await.unwrap().to_bytes(), content, "{range}");
        }
    }

    #[test]
    fn only_harmless_types() {
        assert_eq!(safe_type("image/png"), "image/png");
        for essence in ["text/html", "application/javascript", "application/xml", "application/pdf", ""] {
            assert_eq!(safe_type(essence), "application/octet-stream", "{essence}");
        }
    }
}
