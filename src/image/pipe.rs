//! The browser's DevTools protocol over its pipe: JSON texts that end with a zero byte. A thread reads and one writes; neither does anything slow, and
//! frames of screencasts are acknowledged by the reader at once, so that the next one is made while this one is worked on.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::marker::PhantomData;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use headless_chrome::protocol::cdp::types::Method;
use headless_chrome::protocol::cdp::{Page, Target};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

mod ear;

pub(super) use ear::{Ear, Event, Frame};

/// How long the browser may take over an answer.
const ANSWER: Duration = Duration::from_secs(10);
/// Messages that wait to be written. The browser reads at once, unless it hangs.
const WAITING: usize = 4096;
/// How a frame's message begins: such are not read as a tree of values.
const FRAME: &[u8] = br#"{"method":"Page.screencastFrame""#;

/// The browser did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub(super) enum CallError {
    /// It is gone, or does not read any more.
    #[error("the browser is gone")]
    Gone,
    /// It took too long.
    #[error("the browser did not answer in time")]
    Late,
    /// It said no.
    #[error("{0}")]
    Refused(String),
}

/// The way to a browser. Everybody who listens and asks shares it.
pub(super) struct Pipe {
    out: SyncSender<Vec<u8>>,
    shared: Arc<Shared>,
}

struct Shared {
    next: AtomicU32,
    calls: Mutex<HashMap<u32, oneshot::Sender<Result<Value, CallError>>>>,
    ears: Mutex<Ears>,
    gone: CancellationToken,
}

/// Who listens to what.
#[derive(Default)]
struct Ears {
    /// By browser context.
    contexts: HashMap<String, Arc<Ear>>,
    /// By the protocol's session, with a page each: known as soon as the browser says that it is attached, so that nothing of it is missed.
    sessions: HashMap<String, Arc<Ear>>,
}

impl Pipe {
    /// Takes over the ends of a pipe.
    pub(super) fn new(from: impl Read + Send + 'static, to: impl Write + Send + 'static) -> std::io::Result<Arc<Self>> {
        let (out, waiting) = sync_channel(WAITING);
        let shared = Arc::new(Shared {
            next: AtomicU32::new(1),
            calls: Mutex::default(),
            ears: Mutex::default(),
            gone: CancellationToken::new(),
        });
        let thread = |name: &str| std::thread::Builder::new().name(name.to_owned());
        let gone = shared.gone.clone();
        thread("image-writer").spawn(move || write(to, &waiting, &gone))?;
        let reader = Reader { shared: Arc::clone(&shared), out: out.clone() };
        thread("image-reader").spawn(move || reader.run(from))?;
        Ok(Arc::new(Self { out, shared }))
    }

    /// Done when the browser is gone.
    pub(super) fn gone(&self) -> &CancellationToken {
        &self.shared.gone
    }

    /// Asks for something and waits for the answer. It is asked for at once, in the order of calls, also if nobody waits.
    pub(super) fn call<M: Method>(
        &self,
        session: Option<&str>,
        params: Value,
    ) -> impl Future<Output = Result<M::ReturnObject, CallError>> + Send + use<M> {
        self.call_within::<M>(session, params, ANSWER)
    }

    /// The same with a deadline of its own.
    pub(super) fn call_within<M: Method>(
        &self,
        session: Option<&str>,
        params: Value,
        within: Duration,
    ) -> impl Future<Output = Result<M::ReturnObject, CallError>> + Send + use<M> {
        let id = self.shared.next.fetch_add(1, Ordering::Relaxed);
        let (tell, answer) = oneshot::channel();
        lock(&self.shared.calls).insert(id, tell);
        let sent = self.out.try_send(message::<M>(id, session, params));
        let call = Call { id, shared: Arc::clone(&self.shared), what: PhantomData::<fn() -> M> };
        async move {
            sent.map_err(|_| CallError::Gone)?;
            if call.shared.gone.is_cancelled() {
                return Err(CallError::Gone);
            }
            let answer = timeout(within, answer).await.map_err(|_| CallError::Late)?;
            let value = answer.map_err(|_| CallError::Gone)??;
            serde_json::from_value(value).map_err(|error| CallError::Refused(format!("{}: {error}", M::NAME)))
        }
    }

    /// Asks for something whose answer nobody needs.
    pub(super) fn send<M: Method>(&self, session: Option<&str>, params: Value) {
        let id = self.shared.next.fetch_add(1, Ordering::Relaxed);
        tracing::trace!(id, method = M::NAME, "said to the browser");
        let _ = self.out.try_send(message::<M>(id, session, params));
    }

    /// Lets `ear` hear of a browser context and of all pages in it.
    pub(super) fn listen(&self, context: &str, ear: &Arc<Ear>) {
        lock(&self.shared.ears).contexts.insert(context.to_owned(), Arc::clone(ear));
    }

    /// Forgets who listens to a browser context.
    pub(super) fn forget(&self, context: &str) {
        let mut ears = lock(&self.shared.ears);
        if let Some(ear) = ears.contexts.remove(context) {
            ears.sessions.retain(|_, other| !Arc::ptr_eq(other, &ear));
        }
    }
}

/// An answer that is waited for; forgotten with whoever waits.
struct Call<M> {
    id: u32,
    shared: Arc<Shared>,
    what: PhantomData<fn() -> M>,
}

impl<M> Drop for Call<M> {
    fn drop(&mut self) {
        let _ = self.what;
        lock(&self.shared.calls).remove(&self.id);
    }
}

fn message<M: Method>(id: u32, session: Option<&str>, params: Value) -> Vec<u8> {
    let mut message = json!({ "id": id, "method": M::NAME, "params": params });
    if let Some(session) = session {
        message["sessionId"] = session.into();
    }
    let mut bytes = message.to_string().into_bytes();
    bytes.push(0);
    bytes
}

fn write(mut to: impl Write, waiting: &Receiver<Vec<u8>>, gone: &CancellationToken) {
    while let Ok(message) = waiting.recv() {
        if gone.is_cancelled() || to.write_all(&message).and_then(|()| to.flush()).is_err() {
            break;
        }
    }
    gone.cancel();
}

/// What a message may be: an answer or an event.
#[derive(Deserialize)]
struct Message {
    id: Option<u32>,
    method: Option<String>,
    #[serde(rename = "sessionId")]
    session: Option<String>,
    #[serde(default)]
    params: Value,
    result: Option<Value>,
    error: Option<Refusal>,
}

#[derive(Deserialize)]
struct Refusal {
    message: String,
}

struct Reader {
    shared: Arc<Shared>,
    out: SyncSender<Vec<u8>>,
}

impl Reader {
    fn run(self, from: impl Read) {
        let mut from = BufReader::with_capacity(256 << 10, from);
        let mut bytes = Vec::new();
        while let Ok(1..) = from.read_until(0, &mut bytes) {
            if bytes.pop() != Some(0) {
                break;
            }
            if bytes.starts_with(FRAME) {
                self.frame(std::mem::take(&mut bytes));
            } else if let Ok(message) = serde_json::from_slice(&bytes) {
                self.message(message);
            }
            bytes.clear();
        }
        self.shared.gone.cancel();
        lock(&self.shared.calls).clear();
        *lock(&self.shared.ears) = Ears::default();
    }

    fn frame(&self, message: Vec<u8>) {
        let Some((frame, number)) = Frame::read(message) else { return };
        let id = self.shared.next.fetch_add(1, Ordering::Relaxed);
        let params = json!({ "sessionId": number });
        let _ = self.out.try_send(self::message::<Page::ScreencastFrameAck>(id, Some(frame.session()), params));
        let ear = lock(&self.shared.ears).sessions.get(frame.session()).cloned();
        if let Some(ear) = ear {
            ear.frame(frame);
        }
    }

    fn message(&self, message: Message) {
        let Message { id, method, session, params, result, error } = message;
        if let Some(id) = id {
            let tell = lock(&self.shared.calls).remove(&id);
            match (tell, error) {
                (Some(tell), Some(refusal)) => drop(tell.send(Err(CallError::Refused(refusal.message)))),
                (Some(tell), None) => drop(tell.send(Ok(result.unwrap_or(Value::Null)))),
                (None, Some(refusal)) => tracing::debug!(id, why = refusal.message, "the browser refused something"),
                (None, None) => {}
            }
        } else if let Some(method) = method {
            let event = Event { method, session, params };
            if let Some(ear) = self.ear(&event) {
                ear.event(event);
            }
        }
    }

    /// Whom an event is for. What the browser as a whole tells names the context, or a session in it.
    fn ear(&self, event: &Event) -> Option<Arc<Ear>> {
        let mut ears = lock(&self.shared.ears);
        if let Some(session) = &event.session {
            return ears.sessions.get(session).cloned();
        }
        let named = event.params.get("sessionId").and_then(Value::as_str);
        if event.method == DETACHED {
            return ears.sessions.remove(named?);
        }
        let context = event.params.pointer("/targetInfo/browserContextId").and_then(Value::as_str)?;
        let ear = ears.contexts.get(context).cloned()?;
        if event.method == ATTACHED {
            ears.sessions.insert(named?.to_owned(), Arc::clone(&ear));
        }
        Some(ear)
    }
}

/// A page is there, with a session of the protocol to speak to it.
pub(super) const ATTACHED: &str = "Target.attachedToTarget";
/// It is gone.
pub(super) const DETACHED: &str = "Target.detachedFromTarget";

/// Asks the browser to attach itself to all pages, those that pages open, too; these wait until they are told to go on.
pub(super) async fn attach(pipe: &Pipe) -> Result<(), CallError> {
    let pages = json!([{ "type": "page" }]);
    let discover = pipe.call::<Target::SetDiscoverTargets>(None, json!({ "discover": true, "filter": pages }));
    let all = json!({ "autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true, "filter": pages });
    let attach = pipe.call::<Target::SetAutoAttach>(None, all);
    discover.await?;
    attach.await?;
    Ok(())
}

/// A lock whose holder panicked is still a lock: what it guards is complete at any time.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
