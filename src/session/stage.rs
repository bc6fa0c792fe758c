//! What a session on the image way has beside its page: who looks on, what the screens are told, the visitor's device.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::Session;
use super::feed::Feed;
use super::host::{EVENTS, Host, HostEvent};
use crate::protocol::hosted::{AskAct, Field, List};
use crate::protocol::image::{Device, Dialog, ImageState, ToScreen};

/// What a runner wants of the session's task.
pub(super) enum Order {
    /// A sample, by the number of the question.
    Look(u32),
    /// The pictures stand so.
    State(ImageState),
}

/// What stands on screens until it changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Board {
    /// [`ToScreen::Page`].
    pub page: Option<ToScreen>,
    /// [`ToScreen::Cursor`].
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
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    link: Option<Link>,
    feeds: Vec<Feed>,
    device: Option<Device>,
    /// Real address of the page that is shown.
    page: Option<Url>,
}

/// The session's ends of what a runner hears.
struct Link {
    over: CancellationToken,
    feeds: mpsc::UnboundedSender<HostEvent>,
    events: mpsc::Sender<HostEvent>,
}

impl Default for Stage {
    fn default() -> Self {
        Self { board: watch::channel(Board::default()).0, inner: Mutex::default() }
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

    /// Nobody runs it any more.
    pub(super) fn close(&self) {
        if let Some(link) = self.lock().link.take() {
            link.over.cancel();
        }
        self.board.send_replace(Board::default());
    }

    pub(super) fn add_feed(&self, feed: Feed) {
        let mut inner = self.lock();
        inner.feeds.push(feed.clone());
        inner.note(HostEvent::Feed(feed));
    }

    pub(super) fn remove_feed(&self, id: u64) {
        let mut inner = self.lock();
        inner.feeds.retain(|feed| feed.id != id);
        inner.note(HostEvent::FeedGone(id));
    }

    pub(super) fn note_feed(&self, event: HostEvent) {
        self.lock().note(event);
    }

    pub(super) fn device(&self) -> Option<Device> {
        self.lock().device.clone()
    }

    pub(super) fn entrance(&self, session: &Session) -> Option<Url> {
        let page = self.lock().page.clone();
        session.domain.map(&session.id, page.as_ref().unwrap_or(&session.start))
    }

    pub(super) fn tell(&self, message: ToScreen) {
        self.board.send_if_modified(|board| {
            let before = board.clone();
            match message {
                ToScreen::Page { .. } => board.page = Some(message),
                ToScreen::Cursor { cursor } => board.cursor = cursor,
                ToScreen::Field { field } => board.field = field,
                ToScreen::Dialog { dialog } => board.dialog = Some(dialog),
                ToScreen::DialogGone => board.dialog = None,
                ToScreen::List { list } => board.list = Some(list),
                ToScreen::ListGone => board.list = None,
                ToScreen::Chooser { .. } => board.chooser = Some(message),
                ToScreen::Ask { ask } => board.ask = Some(ask),
                ToScreen::AskGone { .. } => board.ask = None,
                ToScreen::Visitor { .. } | ToScreen::State { .. } => {}
                ToScreen::Copied { .. } | ToScreen::Leave { .. } => {}
            }
            *board != before
        });
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
