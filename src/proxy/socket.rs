//! WebSockets: the handshake is translated, what follows is tunnelled as it is.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, header};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use url::Url;

use crate::session::Session;
use crate::upstream::Body;
use crate::upstream::body::{self, Progress};

/// A tunnel in which nothing moves for so long is closed.
const IDLE: Duration = Duration::from_secs(3600);
/// Bytes read at a time.
const PIECE: usize = 16 << 10;

/// Fields of the handshake that belong to both ends, not to the connections between (RFC 6455, 4).
const HANDSHAKE: &[HeaderName] = &[
    header::SEC_WEBSOCKET_KEY,
    header::SEC_WEBSOCKET_VERSION,
    header::SEC_WEBSOCKET_PROTOCOL,
    header::SEC_WEBSOCKET_EXTENSIONS,
];

/// The handshake's request for the site.
pub(super) fn request(mut headers: HeaderMap, from: &HeaderMap) -> Request<Body> {
    upgrade_fields(&mut headers);
    for name in HANDSHAKE {
        headers.remove(name);
        for value in from.get_all(name) {
            headers.append(name, value.clone());
        }
    }
    let mut request = Request::new(body::empty());
    *request.headers_mut() = headers;
    request
}

/// The handshake's response for the visitor's browser.
pub(super) fn response(mut headers: HeaderMap, from: &HeaderMap) -> Response<Body> {
    upgrade_fields(&mut headers);
    let fields = [header::SEC_WEBSOCKET_ACCEPT, header::SEC_WEBSOCKET_PROTOCOL, header::SEC_WEBSOCKET_EXTENSIONS];
    for name in fields {
        if let Some(value) = from.get(&name) {
            headers.insert(name, value.clone());
        }
    }
    let mut response = Response::new(body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    *response.headers_mut() = headers;
    response
}

fn upgrade_fields(headers: &mut HeaderMap) {
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
}

/// Carries bytes both ways until either end closes, nothing moves for long, the session ends, or does not allow the address any more.
pub(super) fn tunnel(session: Arc<Session>, url: Url, (visitor, site): (OnUpgrade, OnUpgrade)) {
    tokio::spawn(async move {
        if let Ok((visitor, site)) = tokio::try_join!(visitor, site) {
            tokio::select! {
                () = carry(visitor, site) => {}
                _ = session.ended() => {}
                () = session.refuses(&url) => {}
            }
        }
    });
}

async fn carry(visitor: Upgraded, site: Upgraded) {
    let progress = Progress::new();
    let (visitor_read, visitor_write) = tokio::io::split(TokioIo::new(visitor));
    let (site_read, site_write) = tokio::io::split(TokioIo::new(site));
    tokio::select! {
        _ = one_way(visitor_read, site_write, &progress) => {}
        _ = one_way(site_read, visitor_write, &progress) => {}
        () = progress.silence(IDLE) => {}
    }
}

async fn one_way(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    progress: &Progress,
) -> std::io::Result<()> {
    let mut piece = vec![0; PIECE];
    loop {
        let n = from.read(&mut piece).await?;
        if n == 0 {
            return to.shutdown().await;
        }
        to.write_all(&piece[..n]).await?;
        to.flush().await?;
        progress.touch();
    }
}
