//! WebSockets: the console's, the agents' views', the visitor's page's.
//!
//! Each watches the session's status before anything else: when the session has ended, what still waits to be sent is dropped, the end is told,
//! and the socket closes.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use http::header::UPGRADE;
use http::{HeaderMap, Request, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::watch;
use tokio::time::{Instant, Interval, interval_at, timeout};
use yawc::close::CloseCode;
use yawc::frame::{Frame, OpCode};
use yawc::{HttpStream, Options, WebSocket};

use super::reply::Refusal;
use crate::config::Limits;
use crate::protocol::agent::{EndedBy, FromConsole, FromViewer, SessionState, ToConsole, ToViewer};
use crate::protocol::people::{Person, PersonId, Priority, Role};
use crate::protocol::visitor::{FromVisitor, ToVisitor};
use crate::session::{Seat, Session, Status, Viewing};
use crate::store::Store;
use crate::upstream::{Body, body};

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

/// Accepts a WebSocket and serves it in a task of its own. `limit`: bytes of a message, decompressed.
pub(super) fn accept<B, F>(
    mut request: Request<B>,
    limit: usize,
    serve: impl FnOnce(Socket) -> F + Send + 'static,
) -> Result<Response<Body>, Refusal>
where
    F: Future<Output = ()> + Send + 'static,
{
    if !is_asked_for(request.headers()) {
        return Err(Refusal::NoWebSocket);
    }
    let options = Options::default()
        .with_balanced_compression()
        .with_compression_threshold(COMPRESS)
        .with_max_payload_read(limit)
        .with_max_read_buffer(limit)
        .with_fragment_timeout(SEND)
        .with_utf8();
    let upgraded = WebSocket::upgrade_with_options(&mut request, options);
    let (response, socket) = upgraded.map_err(|_| Refusal::NoWebSocket)?;
    tokio::spawn(async move {
        if let Ok(socket) = socket.await {
            serve(Socket::new(socket)).await;
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
}

/// It cannot be used any more.
struct Gone;

impl Socket {
    fn new(socket: WebSocket<HttpStream>) -> Self {
        let (sink, stream) = socket.split();
        Self { sink, stream, ping: interval_at(Instant::now() + PING, PING), heard: Instant::now() }
    }

    /// The next message; none when a control frame or the heartbeat came instead. Nothing is lost when this is dropped.
    async fn next(&mut self) -> Result<Option<Bytes>, Gone> {
        tokio::select! {
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
        timeout(SEND, self.sink.send(frame)).await.map_err(|_| Gone)?.map_err(|_| Gone)
    }

    async fn tell(&mut self, message: &impl Serialize) -> Result<(), Gone> {
        let text = serde_json::to_vec(message).map_err(|_| Gone)?;
        self.transmit(Frame::text(text)).await
    }

    async fn close(mut self, code: CloseCode) {
        if self.transmit(Frame::close(code, "")).await.is_ok() {
            let _ = timeout(Duration::from_secs(2), async { while self.stream.next().await.is_some() {} }).await;
        }
    }
}

/// A side's allowance of messages.
struct Budget {
    per_second: u32,
    left: f64,
    reckoned: Instant,
}

impl Budget {
    fn new(per_second: u32) -> Self {
        Self { per_second, left: f64::from(per_second * BURST), reckoned: Instant::now() }
    }

    fn take(&mut self) -> bool {
        let now = Instant::now();
        let gained = now.duration_since(self.reckoned).as_secs_f64() * f64::from(self.per_second);
        self.left = (self.left + gained).min(f64::from(self.per_second * BURST));
        self.reckoned = now;
        self.left -= 1.0;
        self.left >= 0.0
    }

    /// Reads a message; a large one on a thread of its own, so that other sockets go on.
    async fn read<T: DeserializeOwned + Send + 'static>(&mut self, text: Bytes) -> Result<T, Gone> {
        if !self.take() {
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

/// Returns when the session has ended.
async fn ended(status: &mut watch::Receiver<Status>) {
    let _ = status.wait_for(|status| matches!(status.session, SessionState::Ended { .. })).await;
}

/// The console's socket: how the session stands.
pub(super) async fn console(socket: Socket, session: Arc<Session>, store: Store, token: String, limits: Limits) {
    let code = match run_console(socket, &session, &store, &token, &limits).await {
        (socket, Ok(())) => (socket, CloseCode::Normal),
        (socket, Err(Gone)) => (socket, CloseCode::Policy),
    };
    code.0.close(code.1).await;
}

async fn run_console(
    mut socket: Socket,
    shared: &Session,
    store: &Store,
    token: &str,
    limits: &Limits,
) -> (Socket, Result<(), Gone>) {
    let mut budget = Budget::new(limits.messages_per_second);
    let mut status = shared.status();
    status.mark_changed();
    let result = loop {
        let step = tokio::select! {
            biased;
            _ = status.changed() => {
                let Status { session, visitor, watchers } = status.borrow_and_update().clone();
                let over = matches!(session, SessionState::Ended { .. });
                let rules = shared.rules().clone();
                let status = ToConsole::Status {
                    session,
                    visitor,
                    rtt: None,
                    mode: shared.mode(),
                    asking: false,
                    priority: Priority::Normal,
                    you: PersonId(1),
                    role: Role::Agent,
                    people: people(&watchers),
                    tabs: Vec::new(),
                    rules,
                };
                match socket.tell(&status).await {
                    Ok(()) if over => break Ok(()),
                    step => step,
                }
            }
            message = socket.next() => match message {
                Ok(Some(text)) => match budget.read(text).await {
                    Ok(FromConsole::Ping { n, .. }) => socket.tell(&ToConsole::Pong { n }).await,
                    Ok(_) => Ok(()),
                    Err(gone) => Err(gone),
                },
                Ok(None) => match store.signed_in(token).await {
                    Ok(Some(_)) => Ok(()),
                    Ok(None) | Err(_) => Err(Gone),
                },
                Err(gone) => Err(gone),
            },
        };
        if let Err(gone) = step {
            break Err(gone);
        }
    };
    (socket, result)
}

fn people(names: &[String]) -> Vec<Person> {
    let person = |(name, id): (&String, u32)| Person {
        id: PersonId(id),
        name: name.clone(),
        role: Role::Agent,
        watching: true,
        rtt: None,
    };
    names.iter().zip(1..).map(person).collect()
}

/// The socket of an agent's view: the washed page.
pub(super) async fn viewer(mut socket: Socket, session: Arc<Session>, viewing: Viewing, limits: Limits) {
    let mut budget = Budget::new(limits.messages_per_second);
    let mut status = session.status();
    let mut watcher = session.watch(&viewing.agent);
    loop {
        let sent = tokio::select! {
            biased;
            () = ended(&mut status) => break,
            () = viewing.revoked.cancelled() => break,
            message = watcher.next() => {
                // An end in the middle of a message: what is left of it is not sent, nor anything after it.
                tokio::select! {
                    biased;
                    () = ended(&mut status) => return,
                    () = viewing.revoked.cancelled() => return,
                    sent = socket.transmit(Frame::text(message)) => sent,
                }
            }
            message = socket.next() => match message {
                Ok(Some(text)) => budget.read(text).await.map(|message| {
                    if let FromViewer::Resync { diverged } = message {
                        watcher.resync(diverged);
                    }
                }),
                Ok(None) => Ok(()),
                Err(gone) => Err(gone),
            },
        };
        if sent.is_err() {
            return socket.close(CloseCode::Policy).await;
        }
    }
    drop(watcher);
    if let Some(by) = end_of(&status) {
        let _ = socket.tell(&ToViewer::Ended { by }).await;
    }
    socket.close(CloseCode::Normal).await;
}

/// The socket of a page whose session ended while the connection was away: it is told, and shows why.
pub(super) async fn late_visitor(mut socket: Socket, by: EndedBy) {
    let _ = socket.tell(&ToVisitor::Ended { by }).await;
    socket.close(CloseCode::Normal).await;
}

/// The socket of a page of the visitor's.
pub(super) async fn visitor(mut socket: Socket, session: Arc<Session>, _seat: Seat, limits: Limits) {
    let mut budget = Budget::new(limits.messages_per_second);
    let mut status = session.status();
    let mut page = session.connect();
    let mut told = None;
    loop {
        if let Some(by) = end_of(&status) {
            drop(page);
            let _ = socket.tell(&ToVisitor::Ended { by }).await;
            return socket.close(CloseCode::Normal).await;
        }
        let watchers = status.borrow_and_update().watchers.clone();
        if told.as_ref() != Some(&watchers) {
            let agent = session.agent().name.clone();
            let (people, rules) = (people(&watchers), session.rules().clone());
            let news = ToVisitor::Session { agent, people, mode: session.mode(), rules, shown: true };
            if socket.tell(&news).await.is_err() {
                return;
            }
            told = Some(watchers);
        }
        let step = tokio::select! {
            biased;
            _ = status.changed() => Ok(()),
            answer = page.answer() => match answer {
                Some(answer) => socket.tell(&answer).await,
                None => Err(Gone),
            },
            message = socket.next() => match message {
                Ok(Some(text)) => match page.room(text.len()).await {
                    Some(room) => match budget.read(text).await {
                        Ok(FromVisitor::Ping { n, .. }) => socket.tell(&ToVisitor::Pong { n }).await,
                        Ok(message) => {
                            if !page.send(message, room).await {
                                status.mark_changed();
                            }
                            Ok(())
                        }
                        Err(gone) => Err(gone),
                    },
                    None => Err(Gone),
                },
                Ok(None) => Ok(()),
                Err(gone) => Err(gone),
            },
        };
        if step.is_err() {
            return socket.close(CloseCode::Policy).await;
        }
    }
}
