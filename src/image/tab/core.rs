//! A browser context and the windows in it. The newest is shown; when it closes, the one before it is again.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use headless_chrome::protocol::cdp::{Browser, Page as Cdp, Runtime, Storage, Target};
use serde_json::{Value, json};
use tokio::sync::{Notify, mpsc};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::super::chrome::{Chrome, Version};
use super::super::gate::{Gate, Rule};
use super::super::pipe::{CallError, Ear, Event, Pipe};
use super::super::pool::{Cookie, Open};
use super::device::Bounded;
use super::hand::Hand;
use super::screens::Screens;
use super::state::{Pending, State};
use super::window;

/// How often a page is asked whether it lives.
const PULSE: Duration = Duration::from_secs(1);
/// What is wrong if the first page is not there by then.
const FIRST: Duration = Duration::from_secs(10);

/// A context. What its parts share.
pub(crate) struct Core {
    pub(super) pipe: Arc<Pipe>,
    pub(super) ear: Arc<Ear>,
    pub(super) hand: Hand,
    pub(super) version: Version,
    screens: Arc<Screens>,
    /// The browser's name for it.
    context: String,
    gate: Gate,
    state: Mutex<State>,
    /// Something is pending, or a window is there.
    pub(super) changed: Notify,
    over: CancellationToken,
}

impl Core {
    /// Makes a context with an empty page, which can reach nothing. Everything of it stays in memory.
    pub(crate) async fn new(chrome: &Chrome) -> Result<Arc<Self>, CallError> {
        let pipe = &chrome.pipe;
        let gate = Gate::start().await.map_err(|error| CallError::Refused(error.to_string()))?;
        let way = json!({ "disposeOnDetach": true, "proxyServer": gate.proxy(), "proxyBypassList": "<-loopback>" });
        let context = pipe.call::<Target::CreateBrowserContext>(None, way).await?.browser_context_id;
        let (ear, events) = Ear::new();
        let core = Arc::new(Self {
            pipe: Arc::clone(pipe),
            ear: Arc::new(ear),
            hand: Hand::default(),
            version: chrome.version.clone(),
            screens: Arc::clone(&chrome.screens),
            context,
            gate,
            state: Mutex::default(),
            changed: Notify::new(),
            over: CancellationToken::new(),
        });
        pipe.listen(&core.context, &core.ear);
        tokio::spawn(core.over.clone().run_until_cancelled_owned(hear(Arc::clone(&core), events)));
        let furnished = core.furnish().await;
        if furnished.is_err() {
            core.close();
        }
        furnished.map(|()| core)
    }

    /// Denies what pages may not, and opens an empty one.
    async fn furnish(&self) -> Result<(), CallError> {
        let own = |mut params: Value| {
            params["browserContextId"] = self.context.as_str().into();
            params
        };
        let download = self.pipe.call::<Browser::SetDownloadBehavior>(None, own(json!({ "behavior": "deny" })));
        // To grant a list of permissions is to deny all others.
        let permissions = self.pipe.call::<Browser::GrantPermissions>(None, own(json!({ "permissions": [] })));
        let page = self.pipe.call::<Target::CreateTarget>(None, own(json!({ "url": "about:blank" })));
        download.await?;
        permissions.await?;
        page.await?;
        self.first().await
    }

    /// Whether it is one of this browser's.
    pub(crate) fn is_of(&self, pipe: &Arc<Pipe>) -> bool {
        Arc::ptr_eq(&self.pipe, pipe)
    }

    /// Waits for the first page.
    async fn first(&self) -> Result<(), CallError> {
        let there = async {
            while self.shown().is_none() {
                self.changed.notified().await;
            }
        };
        tokio::select! {
            () = there => Ok(()),
            () = self.pipe.gone().cancelled() => Err(CallError::Gone),
            () = sleep(FIRST) => Err(CallError::Late),
        }
    }

    /// Opens a page for a session.
    pub(crate) async fn open(self: &Arc<Self>, open: Open, hang: Duration) -> Result<(), CallError> {
        let Open { url, device, cookies, views, port, gateway } = open;
        self.gate.open(Rule { views, port, gateway });
        let device = Bounded::of(&device);
        let shown = self.lock().first_device(device.clone()).ok_or(CallError::Gone)?;
        let (cookies, told) = (self.cookies(&cookies), self.furnish_window(&shown, &device));
        cookies.await?;
        told.await?;
        window::cast(&self.pipe, &shown, &device);
        let going = self.pipe.call::<Cdp::Navigate>(Some(&shown), json!({ "url": url.as_str() }));
        self.spawn(|core| async move {
            core.hand.work(&core.pipe, || core.shown()).await;
        });
        self.spawn(|core| async move { core.watch(hang).await });
        // A page that takes long to come is no failure: what it is waiting for is seen.
        tokio::select! {
            gone = going => gone.map(drop).or_else(|error| if matches!(error, CallError::Late) { Ok(()) } else { Err(error) }),
            () = sleep(Duration::from_millis(1)) => Ok(()),
        }
    }

    /// Gives a page's window the visitor's device.
    pub(super) async fn furnish_window(&self, session: &str, device: &Bounded) -> Result<(), CallError> {
        self.screens.place(&self.pipe, session, device).await?;
        device.tell(&self.pipe, session, &self.version).await
    }

    fn spawn<F: Future<Output = ()> + Send + 'static>(self: &Arc<Self>, work: impl FnOnce(Arc<Self>) -> F) {
        tokio::spawn(self.over.clone().run_until_cancelled_owned(work(Arc::clone(self))));
    }

    /// Sets cookies. Their values go to the browser and nowhere else.
    fn cookies(&self, cookies: &[Cookie]) -> impl Future<Output = Result<(), CallError>> + Send + use<> {
        // Without the dot it would be the domain's own, and of nothing below it.
        let one = |cookie: &Cookie| {
            // Without the dot, it would be for that host alone.
            json!({
                "name": cookie.name, "value": *cookie.value, "domain": format!(".{}", cookie.domain), "path": "/", "httpOnly": true, "secure": cookie.secure,
                "sameSite": "Lax",
            })
        };
        let cookies: Vec<Value> = cookies.iter().map(one).collect();
        let set = json!({ "cookies": cookies, "browserContextId": self.context });
        let set = self.pipe.call::<Storage::SetCookies>(None, set);
        async move { set.await.map(drop) }
    }

    /// The session of the page that is shown.
    pub(super) fn shown(&self) -> Option<String> {
        self.lock().shown().map(|window| window.session.clone())
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Connections of the page's that were refused.
    pub(super) fn refused(&self) -> u64 {
        self.gate.refused()
    }

    /// The end: `how` is told, and nothing after it.
    pub(super) fn end(&self, how: impl FnOnce(&mut Pending)) {
        how(&mut self.lock().pending);
        self.changed.notify_one();
    }

    /// Tells that the page hangs if it does not answer. While it asks something, or is ended, it need not.
    async fn watch(&self, hang: Duration) {
        loop {
            sleep(PULSE).await;
            let Some(session) = self.shown() else { continue };
            let ask = json!({ "expression": "0", "returnByValue": true });
            let answer = self.pipe.call_within::<Runtime::Evaluate>(Some(&session), ask, hang).await;
            let asked = || self.lock().dialog_of.is_some();
            if matches!(answer, Err(CallError::Late)) && self.shown() == Some(session) && !asked() {
                self.end(|pending| pending.hangs = true);
                return;
            }
        }
    }

    /// Disposes of the context.
    pub(crate) fn close(&self) {
        self.over.cancel();
        self.pipe.send::<Target::DisposeBrowserContext>(None, json!({ "browserContextId": self.context }));
        self.pipe.forget(&self.context);
    }
}

/// Takes a context's events until it is over. With the browser they end.
async fn hear(core: Arc<Core>, mut events: mpsc::Receiver<Event>) {
    let gone = core.pipe.gone().clone();
    loop {
        tokio::select! {
            event = events.recv() => match event {
                Some(event) => window::event(&core, event),
                None => break,
            },
            () = gone.cancelled() => break,
        }
    }
    core.end(|pending| pending.died = true);
}
