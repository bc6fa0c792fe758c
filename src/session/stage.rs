//! What a session on the image way has beside its page: who runs it and who looks on, what the screens are told, the visitor's device, baggage and files.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::Session;
use super::baggage::{Bags, Stored};
use super::feed::{Feed, Side};
use super::host::{EVENTS, Host, HostEvent};
use super::uploads::Uploads;
use crate::origin::UpstreamOrigin;
use crate::protocol::hosted::{AskAct, Baggage, Field, List};
use crate::protocol::image::{Device, Dialog, ImageState, ToScreen};

/// Where a page's storage is put in place before it is opened.
pub const UNPACK: &str = "/.alongside/unpack";

/// What a runner wants of the session's task.
pub(super) enum Order {
    /// A sample, by the number of the question.
    Look(u32),
    /// The pictures stand so.
    State(ImageState),
    /// The hosted page is opened anew: what was connected is of before.
    Fresh,
    /// Nobody runs it any more.
    Left,
}

/// What stands on screens until it changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Board {
    /// [`ToScreen::Page`].
    pub page: Option<ToScreen>,
    /// The shape of the cursor; empty: not told yet.
    pub cursor: String,
    /// The field with the focus.
    pub field: Option<Field>,
    /// The page asks.
    pub dialog: Option<Dialog>,
    /// A list is open.
    pub list: Option<List>,
    /// [`ToScreen::Chooser`].
    pub chooser: Option<ToScreen>,
    /// The visitor is asked about an act.
    pub ask: Option<AskAct>,
}

/// It.
pub(super) struct Stage {
    board: watch::Sender<Board>,
    pub(super) uploads: Uploads,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    link: Option<Link>,
    feeds: Vec<Feed>,
    device: Option<Device>,
    /// Real address of the page that is shown.
    page: Option<Url>,
    bags: Bags,
}

/// The session's ends of what a runner hears.
struct Link {
    over: CancellationToken,
    feeds: mpsc::UnboundedSender<HostEvent>,
    events: mpsc::Sender<HostEvent>,
}

impl Default for Stage {
    fn default() -> Self {
        let board = watch::channel(Board::default()).0;
        Self { board, uploads: Uploads::default(), inner: Mutex::default() }
    }
}

impl Stage {
    /// A handle for a runner; one that has another is told that it is over.
    pub(super) fn host(&self, session: &Arc<Session>) -> Host {
        let (feeds, known) = mpsc::unbounded_channel();
        let (events, taken) = mpsc::channel(EVENTS);
        let over = CancellationToken::new();
        let mut inner = self.lock();
        for feed in &inner.feeds {
            let _ = feeds.send(HostEvent::Feed(feed.clone()));
        }
        if let Some(before) = inner.link.replace(Link { over: over.clone(), feeds, events }) {
            before.over.cancel();
        }
        Host { session: Arc::clone(session), over, feeds: known, events: taken }
    }

    /// The way is left: nobody runs it any more.
    pub(super) fn close(&self) {
        if let Some(link) = self.lock().link.take() {
            link.over.cancel();
        }
        self.board.send_replace(Board::default());
        self.uploads.clear();
    }

    /// The session has ended.
    pub(super) fn wipe(&self) {
        self.close();
        let mut inner = self.lock();
        (inner.bags, inner.page) = (Bags::default(), None);
    }

    /// What screens show, now and from now on.
    pub(super) fn board(&self) -> watch::Receiver<Board> {
        self.board.subscribe()
    }

    /// The page is gone from which this came.
    pub(super) fn forget_page(&self) {
        self.change(|board| (board.field, board.list, board.ask) = (None, None, None));
    }

    pub(super) fn change(&self, change: impl FnOnce(&mut Board)) {
        self.board.send_if_modified(|board| {
            let before = board.clone();
            change(board);
            *board != before
        });
    }

    pub(super) fn tell(&self, message: ToScreen) {
        self.change(|board| match message {
            ToScreen::Page { .. } => board.page = Some(message),
            ToScreen::Cursor { cursor } => board.cursor = cursor,
            ToScreen::Field { field } => board.field = field,
            ToScreen::Dialog { dialog } => board.dialog = Some(dialog),
            ToScreen::DialogGone => board.dialog = None,
            ToScreen::List { list } => board.list = Some(list),
            ToScreen::ListGone => board.list = None,
            ToScreen::Chooser { .. } => board.chooser = Some(message),
            ToScreen::Ask { ask } => board.ask = Some(ask),
            ToScreen::AskGone { id } => board.ask = board.ask.take().filter(|ask| ask.id != id),
            ToScreen::Visitor { .. } | ToScreen::State { .. } => {}
            ToScreen::Copied { .. } | ToScreen::Leave { .. } => {}
        });
    }

    pub(super) fn add_feed(&self, feed: Feed) {
        let mut inner = self.lock();
        inner.feeds.push(feed.clone());
        inner.note(HostEvent::Feed(feed));
    }

    pub(super) fn remove_feed(&self, id: u64) {
        let mut inner = self.lock();
        let before = inner.feeds.len();
        inner.feeds.retain(|feed| feed.id != id);
        if inner.feeds.len() < before {
            inner.note(HostEvent::FeedGone(id));
        }
    }

    pub(super) fn agents(&self) -> usize {
        self.lock().feeds.iter().filter(|feed| feed.side == Side::Agent).count()
    }

    /// What a runner hears without order among the rest, and what is never much.
    pub(super) fn note(&self, event: HostEvent) {
        self.lock().note(event);
    }

    /// What a runner hears in order; waits while it has much to do. Without one it is left out.
    pub(super) async fn hand(&self, event: HostEvent) {
        let link = self.lock().link.as_ref().map(|link| (link.events.clone(), link.over.clone()));
        let Some((events, over)) = link else { return };
        tokio::select! {
            biased;
            () = over.cancelled() => {}
            _ = events.send(event) => {}
        }
    }

    /// The same without waiting. False: it was left out.
    pub(super) fn try_hand(&self, event: HostEvent) -> bool {
        self.lock().link.as_ref().is_some_and(|link| link.events.try_send(event).is_ok())
    }

    pub(super) fn device(&self) -> Option<Device> {
        self.lock().device.clone()
    }

    pub(super) fn set_device(&self, device: Device) {
        self.lock().device = Some(device);
    }

    pub(super) fn page(&self) -> Option<Url> {
        self.lock().page.clone()
    }

    pub(super) fn set_page(&self, page: Url) {
        self.lock().page = Some(page);
    }

    /// A page of an origin told what it has.
    pub(super) fn put(&self, origin: &UpstreamOrigin, baggage: Baggage) {
        self.lock().bags.put(origin, baggage);
    }

    /// Fields and scrolling of the last page, if it was of this origin.
    pub(super) fn page_baggage(&self, origin: &UpstreamOrigin) -> Option<Baggage> {
        self.lock().bags.page(origin)
    }

    pub(super) fn stored(&self, origin: &UpstreamOrigin) -> Option<Stored> {
        self.lock().bags.stored(origin).cloned()
    }

    /// The view URL by which whoever drives from now on gets to where the page is: by way of its storage where there is any.
    pub(super) fn entrance(&self, session: &Session) -> Option<Url> {
        let inner = self.lock();
        let page = inner.page.as_ref().unwrap_or(&session.start);
        let origin = UpstreamOrigin::of(page)?;
        session.register_hashed(&origin);
        let mut entrance = session.domain.map(&session.id, page)?;
        if inner.bags.stored(&origin).is_some() {
            let to = utf8_percent_encode(&entrance[url::Position::BeforePath..], NON_ALPHANUMERIC).to_string();
            entrance.set_path(UNPACK);
            entrance.set_query(Some(&format!("to={to}")));
            entrance.set_fragment(None);
        }
        Some(entrance)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn note(&self, event: HostEvent) {
        if let Some(link) = &self.link {
            let _ = link.feeds.send(event);
        }
    }
}
