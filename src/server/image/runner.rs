//! One session on the image way: opens its page in Chrome, hands on what happens on either side, and opens it anew when something dies.

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};
use url::Url;

use super::easel::{Easel, Told, Want};
use super::still;
use crate::image::pool::{Cookie, Open, OpenError, Pool};
use crate::image::tab::{Page, Tab, TabError, TabEvent};
use crate::origin::{Label, Scheme, Sid};
use crate::protocol::image::{Device, FromScreen, ImageState, ToScreen};
use crate::server::stills::Ask;
use crate::session::{Host, HostEvent};

/// How long the visitor's screen may take to tell its device.
const DEVICE: Duration = Duration::from_secs(5);
/// How often a page may be opened anew within [`WINDOW`] before it is given up.
const TRIES: usize = 5;
const WINDOW: Duration = Duration::from_secs(60);
/// The wait before the second try and each that follows.
const BREATH: Duration = Duration::from_millis(250);
/// How long a page may be without a picture after it was opened.
const FIRST: Duration = Duration::from_secs(15);

/// What runners share.
pub(super) struct Way {
    pub(super) pool: Arc<Pool>,
    /// Our listener for Chrome.
    pub(super) gateway: SocketAddr,
}

/// Why a tab is not served any longer.
enum Left {
    /// The session is over, or goes another way.
    Over,
    /// The tab is gone, or of no use.
    Lost,
}

/// It.
pub(super) struct Runner {
    host: Host,
    way: Way,
    asked: mpsc::Receiver<Ask>,
    easel: Easel,
    device: Option<Device>,
    /// Number of the last question for a sample.
    looks: u32,
    /// Number of the last file chooser.
    choosers: u32,
}

impl Runner {
    pub(super) fn new(host: Host, way: Way, asked: mpsc::Receiver<Ask>) -> Self {
        let device = host.device();
        Self { host, way, asked, easel: Easel::start(), device, looks: 0, choosers: 0 }
    }

    /// Until the session ends or goes another way.
    pub(super) async fn run(mut self) {
        let mut tries: Vec<Instant> = Vec::new();
        self.host.set_state(ImageState::Starting);
        loop {
            tries.retain(|at| at.elapsed() < WINDOW);
            if tries.len() >= TRIES {
                tracing::warn!(session = %self.host.session().id(), "the page could not be opened again and again");
                return self.host.set_state(ImageState::Failed);
            }
            if tries.len() > 1 {
                sleep(BREATH).await;
            }
            tries.push(Instant::now());
            let Some(opened) = self.open().await else { return };
            match opened {
                Ok(tab) => {
                    if matches!(self.serve(&tab).await, Left::Over) {
                        return;
                    }
                    tracing::info!(session = %self.host.session().id(), "the page in Chrome is gone; it is opened anew");
                }
                Err(error) => tracing::warn!(session = %self.host.session().id(), %error, "no page in Chrome"),
            }
            self.host.tell(ToScreen::DialogGone);
            self.host.set_state(ImageState::Restarting);
        }
    }

    /// None: it is over.
    async fn open(&mut self) -> Option<Result<Tab, OpenError>> {
        self.easel.tell(Told::Anew);
        let until = Instant::now() + DEVICE;
        while self.device.is_none() {
            let Ok(event) = tokio::time::timeout_at(until, self.host.next()).await else { break };
            self.aside(event?);
        }
        let open = match self.describe() {
            Ok(open) => open,
            Err(error) => return Some(Err(error)),
        };
        let pool = Arc::clone(&self.way.pool);
        let mut opening = pin!(pool.open(open));
        loop {
            tokio::select! {
                opened = &mut opening => return Some(opened),
                event = self.host.next() => self.aside(event?),
            }
        }
    }

    fn describe(&self) -> Result<Open, OpenError> {
        let failed = |what: &str| OpenError::Failed(what.to_owned());
        let session = self.host.session();
        let domain = Arc::clone(session.domain());
        let (name, value) = self.host.cookie().map_err(|_| failed("no randomness"))?;
        let cookie = Cookie {
            name,
            value: value.expose().to_owned().into(),
            domain: domain.domain.clone(),
            secure: domain.scheme == Scheme::Https,
        };
        let (sid, port) = (session.id().clone(), domain.port);
        let views = move |host: &str| matches!(domain.parse_host(host), Some(Label::View(owner, _)) if owner == sid);
        Ok(Open {
            url: self.host.url().ok_or_else(|| failed("the page has no view address"))?,
            device: self.device.clone().unwrap_or_default(),
            cookies: vec![cookie],
            views: Arc::new(views),
            port,
            gateway: self.way.gateway,
        })
    }

    /// What happens while there is no page.
    fn aside(&mut self, event: HostEvent) {
        match event {
            HostEvent::Screen(FromScreen::Device { device }) => self.device = Some(device),
            HostEvent::Screen(_) | HostEvent::Files { .. } | HostEvent::Judged(_) => {}
            HostEvent::Feed(feed) => self.easel.tell(Told::Feed(feed)),
            HostEvent::FeedGone(id) => self.easel.tell(Told::FeedGone(id)),
            HostEvent::Drawn { feed, frame } => self.easel.tell(Told::Drawn(feed, frame)),
            HostEvent::Lost { feed } => self.easel.tell(Told::Lost(feed)),
        }
    }

    /// Until the tab is gone.
    async fn serve(&mut self, tab: &Tab) -> Left {
        let mut errands = Errands::default();
        let mut first = Some(Instant::now() + FIRST);
        loop {
            let patience = first.unwrap_or_else(|| Instant::now() + FIRST);
            tokio::select! {
                biased;
                event = self.host.next() => match event {
                    None => return Left::Over,
                    Some(event) => self.of_session(event, tab, &mut errands),
                },
                want = self.easel.wants() => match want {
                    Want::Look => self.look(),
                    Want::Shot => errands.add(tab.refresh()),
                },
                event = tab.next() => {
                    if matches!(event, TabEvent::Frame(_)) && first.take().is_some() {
                        self.host.set_state(ImageState::Live);
                    }
                    if !self.of_tab(event) {
                        return Left::Lost;
                    }
                }
                Some(()) = errands.next() => {}
                Some(Ask { answer }) = self.asked.recv() => {
                    let easel = self.easel.teller();
                    errands.add(async move {
                        let _ = answer.send(still::take(tab, easel).await);
                        Ok(())
                    });
                }
                () = tokio::time::sleep_until(patience), if first.is_some() => return Left::Lost,
            }
        }
    }

    fn look(&mut self) {
        self.looks = self.looks.wrapping_add(1);
        self.host.look(self.looks);
    }

    fn of_session<'t>(&mut self, event: HostEvent, tab: &'t Tab, errands: &mut Errands<'t>) {
        match event {
            HostEvent::Screen(FromScreen::Input { input, .. }) => tab.input(input),
            HostEvent::Screen(FromScreen::Step { step }) => errands.add(tab.step(step)),
            HostEvent::Screen(FromScreen::Dialog { accept, text }) => {
                errands.add(async move { tab.answer_dialog(accept, text.as_deref()).await });
            }
            HostEvent::Screen(FromScreen::Device { device }) => {
                self.device = Some(device.clone());
                errands.add(async move { tab.device(&device).await });
            }
            HostEvent::Files { id, files } if id == self.choosers => {
                errands.add(async move { tab.upload(&files).await });
            }
            HostEvent::Judged(judged) => self.easel.tell(Told::Judged(judged)),
            event => self.aside(event),
        }
    }

    /// False: the tab is of no use any more.
    fn of_tab(&mut self, event: TabEvent) -> bool {
        match event {
            TabEvent::Frame(shot) => self.easel.tell(Told::Shot(shot)),
            TabEvent::Page(page) => self.page(page),
            TabEvent::Dialog(dialog) => self.host.tell(ToScreen::Dialog { dialog }),
            TabEvent::DialogGone => self.host.tell(ToScreen::DialogGone),
            TabEvent::Chooser { multiple, accept } => {
                self.choosers += 1;
                self.host.tell(ToScreen::Chooser { id: self.choosers, multiple, accept });
            }
            TabEvent::Hangs | TabEvent::Died => return false,
        }
        true
    }

    /// Screens are told the real address.
    fn page(&self, Page { url, title, loading, back, forward }: Page) {
        let session = self.host.session();
        let hashed = |_: &Sid, label: &str| session.hashed(label);
        let real = Url::parse(&url).ok().and_then(|url| session.domain().unmap(&url, hashed));
        let Some((_, real)) = real else { return };
        self.host.tell(ToScreen::Page { url: real.into(), title, loading, back, forward });
    }
}

/// What the tab is asked to do, beside everything else. Whatever it refuses is left as it is: what it does do shows in the picture.
#[derive(Default)]
struct Errands<'t>(FuturesUnordered<BoxFuture<'t, ()>>);

impl<'t> Errands<'t> {
    fn add(&mut self, errand: impl Future<Output = Result<(), TabError>> + Send + 't) {
        let errand = async move {
            if let Ok(Err(error)) = timeout(FIRST, errand).await {
                tracing::debug!(%error, "a tab did not do it");
            }
        };
        self.0.push(errand.boxed());
    }

    /// When one is done. None: there is none.
    async fn next(&mut self) -> Option<()> {
        self.0.next().await
    }
}
