//! WebSockets: the console's, the agents' views', the visitor's page's.
//!
//! Each watches the session's status before anything else: when the session has ended, what still waits to be sent is dropped, the end is told,
//! and the socket closes.

use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use http::header::{ORIGIN, UPGRADE};
use http::{HeaderMap, Request, Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};
use tokio::time::{Instant, Interval, interval_at, timeout};
use tokio_util::sync::CancellationToken;
use yawc::close::CloseCode;
use yawc::frame::{Frame, OpCode};
use yawc::{HttpStream, Options, WebSocket};

use super::reply::{self, Refusal};
use super::signin::agent;
use crate::protocol::agent::{EndedBy, SessionState};
use crate::session::{Rate, Session, Status, Viewing};
use crate::store::Store;
use crate::upstream::{Body, body};

mod console;
mod pictures;
mod screen;
mod viewer;
mod visitor;

pub(super) use console::{Credentials, console};
pub(super) use pictures::pictures;
pub(super) use screen::{late_screen, screen};
pub(super) use viewer::viewer;
pub(super) use visitor::{late_visitor, visitor};

/// How often the other side is asked whether it lives.
const PING: Duration = Duration::from_secs(20);
/// Silence, pongs included, after which it does not.
const SILENCE: Duration = Duration::from_secs(60);
/// How long a message may take to leave.
const SEND: Duration = Duration::from_secs(30);
/// Messages shorter than this are not worth compressing.
const COMPRESS: usize = 64;
/// Messages longer than this are not read on the threads that serve sockets.
const LARGE: usize = 64 << 10;
/// Seconds' worth of messages that may come at once.
const BURST: u32 = 5;

/// Whether a request asks for a WebSocket.
pub(super) fn is_asked_for(headers: &HeaderMap) -> bool {
    headers.get(UPGRADE).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"websocket"))
}

/// The answer to a request for a WebSocket.
pub(super) fn answer<E>(accepted: Result<Response<Body>, E>) -> Response<Body> {
    accepted.unwrap_or_else(|_| reply::line(StatusCode::UPGRADE_REQUIRED, "This address is for a WebSocket.\n"))
}

/// Whether a page of this origin asks: a browser names the origin of whoever opens a WebSocket or posts.
pub(super) fn comes_from(headers: &HeaderMap, origin: &str) -> bool {
    headers.get(ORIGIN).is_some_and(|from| from.as_bytes() == origin.as_bytes())
}

/// Accepts a WebSocket and serves it in a task of its own. `limit`: bytes of a message, decompressed. `leaving`: the server stops, and its sessions go on.
pub(super) fn accept<B, F>(
    mut request: Request<B>,
    limit: usize,
    leaving: &CancellationToken,
    serve: impl FnOnce(Socket) -> F + Send + 'static,
) -> Result<Response<Body>, Refusal>
where
    F: Future<Output = ()> + Send + 'static,
{
    if !is_asked_for(request.headers()) {
        return Err(Refusal::NoWebSocket);
    }
    // The lowest level takes a tenth of the time for a small message, and no more bytes; a snapshot gets larger by half or more.
    let options = Options::default()
        .with_low_latency_compression()
        .with_compression_threshold(COMPRESS)
        .with_max_payload_read(limit)
        .with_max_read_buffer(limit)
        .with_fragment_timeout(SEND)
        .with_utf8();
    let upgraded = WebSocket::upgrade_with_options(&mut request, options);
    let (response, socket) = upgraded.map_err(|_| Refusal::NoWebSocket)?;
    let leaving = leaving.clone();
    tokio::spawn(async move {
        if let Ok(socket) = socket.await {
            serve(Socket::new(socket, leaving)).await;
        }
    });
    Ok(response.map(|_| body::empty()))
}

/// One WebSocket, with a heartbeat.
pub(super) struct Socket {
    sink: SplitSink<WebSocket<HttpStream>, Frame>,
    stream: SplitStream<WebSocket<HttpStream>>,
    ping: Interval,
    heard: Instant,
    leaving: CancellationToken,
    /// A message has begun to leave and has not left yet.
    sending: bool,
}

fn frame(message: &impl Serialize) -> Result<Frame, Gone> {
    serde_json::to_vec(message).map(Frame::text).map_err(|_| Gone)
}

/// It cannot be used any more.
struct Gone;

impl Socket {
    fn new(socket: WebSocket<HttpStream>, leaving: CancellationToken) -> Self {
        let (sink, stream) = socket.split();
        Self {
            sink,
            stream,
            ping: interval_at(Instant::now() + PING, PING),
            heard: Instant::now(),
            leaving,
            sending: false,
        }
    }

    /// The next message; none when a control frame or the heartbeat came instead. Nothing is lost when this is dropped.
    async fn next(&mut self) -> Result<Option<Bytes>, Gone> {
        tokio::select! {
            () = self.leaving.cancelled() => Err(Gone),
            frame = self.stream.next() => {
                let frame = frame.ok_or(Gone)?;
                self.heard = Instant::now();
                match frame.opcode() {
                    OpCode::Text => Ok(Some(frame.into_payload())),
                    OpCode::Ping | OpCode::Pong => Ok(None),
                    OpCode::Binary | OpCode::Continuation | OpCode::Close => Err(Gone),
                }
            }
            _ = self.ping.tick() => {
                if self.heard.elapsed() > SILENCE {
                    return Err(Gone);
                }
                self.transmit(Frame::ping(Bytes::new())).await?;
                Ok(None)
            }
        }
    }

    async fn transmit(&mut self, frame: Frame) -> Result<(), Gone> {
        self.sending = true;
        timeout(SEND, self.sink.send(frame)).await.map_err(|_| Gone)?.map_err(|_| Gone)?;
        self.sending = false;
        Ok(())
    }

    /// Sends a message unless, before it has left, something happens after which it must not: what is left of it is not sent then, nor anything
    /// after it, and the connection breaks off.
    async fn transmit_unless(&mut self, frame: Frame, over: impl Future<Output = ()>) -> Result<(), Gone> {
        tokio::select! {
            biased;
            // It has not begun: it is left out, and the next turn finds what happened.
            () = over => if self.sending { Err(Gone) } else { Ok(()) },
            sent = self.transmit(frame) => sent,
        }
    }

    async fn tell(&mut self, message: &impl Serialize) -> Result<(), Gone> {
        self.transmit(frame(message)?).await
    }

    /// Closes it in order, or, in the middle of a message, without another byte.
    async fn close(mut self, code: CloseCode) {
        if self.sending {
            return;
        }
        let code = if self.leaving.is_cancelled() { CloseCode::Restart } else { code };
        if self.transmit(Frame::close(code, "")).await.is_ok() {
            let _ = timeout(Duration::from_secs(2), async { while self.stream.next().await.is_some() {} }).await;
        }
    }
}

/// Reads a side's messages, and so many a second.
struct Reader(Rate);

impl Reader {
    fn new(per_second: u32) -> Self {
        Self(Rate::new(per_second, per_second.saturating_mul(BURST)))
    }

    /// Reads a message; a large one on a thread of its own, so that other sockets go on.
    async fn read<T: DeserializeOwned + Send + 'static>(&mut self, text: Bytes) -> Result<T, Gone> {
        if !self.0.take() {
            return Err(Gone);
        }
        let large = text.len() > LARGE;
        let read = move || serde_json::from_slice(&text).map_err(|_| Gone);
        if large { tokio::task::spawn_blocking(read).await.unwrap_or(Err(Gone)) } else { read() }
    }
}

/// Who ended the session, if it has ended.
fn end_of(status: &watch::Receiver<Status>) -> Option<EndedBy> {
    match status.borrow().session {
        SessionState::Ended { by } => Some(by),
        _ => None,
    }
}

/// Returns when an account is not what it was, or one of its sign-ins ended; when too much happened to know, too.
async fn concerns(changes: &mut broadcast::Receiver<i64>, account: i64) {
    loop {
        match changes.recv().await {
            Ok(changed) if changed != account => {}
            Ok(_) | Err(RecvError::Lagged(_)) => return,
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }
}

/// Whoever looks is still signed in, and what the account is now lets it look. A store that does not answer ends no view.
async fn still_may(session: &Session, viewing: &Viewing, store: &Store) -> Result<(), Gone> {
    let Ok(account) = store.signed_in_account(viewing.agent.account).await else { return Ok(()) };
    account.and_then(|account| session.role_of(&agent(account))).map(|_| ()).ok_or(Gone)
}

/// Returns when the session has ended.
async fn ended(status: &mut watch::Receiver<Status>) {
    let _ = status.wait_for(|status| matches!(status.session, SessionState::Ended { .. })).await;
}
