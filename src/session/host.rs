//! The image way as a session's runner knows it: the handle on the session, and what comes over it.
//!
//! A session that goes the image way sends a [`Host`] to whoever holds the other end of [`Hosting`]. That one opens the page in a Chrome and serves the
//! session until [`Host::next`] says that it is over. Samples and the visitor's input come in order, each among its own kind.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::Session;
use super::feed::Feed;
use super::stage::Order;
use super::task::Signal;
use super::ticket::cookie_name;
use super::token::{NoRandomness, Secret};
use crate::protocol::hosted::Stand;
use crate::protocol::image::{Device, FromScreen, ImageOffer, ImageState, ToScreen};

/// Events that may wait for a runner. Input beyond that holds its socket up; a sample beyond that is left out, and the next one is not complete.
pub(super) const EVENTS: usize = 1024;

/// Whether sessions may go the image way, and who is told when one does.
#[derive(Clone)]
pub struct Hosting {
    pub(super) offer: watch::Receiver<ImageOffer>,
    pub(super) hosts: mpsc::UnboundedSender<Host>,
}

impl Hosting {
    /// `offer`: whether they may, now and from now on. The other end takes the sessions that do.
    #[must_use]
    pub fn new(offer: watch::Receiver<ImageOffer>) -> (Self, mpsc::UnboundedReceiver<Host>) {
        let (hosts, taken) = mpsc::unbounded_channel();
        (Self { offer, hosts }, taken)
    }
}

/// No session may.
impl Default for Hosting {
    fn default() -> Self {
        Self::new(watch::channel(ImageOffer::Off).1).0
    }
}

/// What a runner is to deal with.
#[derive(Debug)]
pub enum HostEvent {
    /// From the screen: `Device`, `Input`, `Step` or `Dialog`. The rest is the session's, or has an event of its own.
    Screen(FromScreen),
    /// The files that the visitor chose; none: none were chosen. They are there until the session ends.
    Files {
        /// The chooser's number.
        id: u32,
        /// Where they are.
        files: Vec<PathBuf>,
    },
    /// Where everything stands that is not for agents.
    Judged(Judged),
    /// Somebody looks on. Those who do already come first.
    Feed(Feed),
    /// They do not any more.
    FeedGone(u64),
    /// A watcher has drawn a frame.
    Drawn {
        /// Whose.
        feed: u64,
        /// Its number.
        frame: u32,
    },
    /// A frame that was put into a feed was not sent, since the rules had changed, or the page: the watcher has none of it.
    Lost {
        /// Whose.
        feed: u64,
    },
}

/// A sample, with what the session knows of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// When it was taken: milliseconds since 1970.
    pub at: f64,
    /// The load of the page.
    pub page: u64,
    /// Edition of the terms by which it was judged. A frame that is covered by it carries the same.
    pub edition: u64,
    /// It names everything that agents may not see, by these terms and the page as it was then.
    pub complete: bool,
    /// The page is none of the session's: agents get nothing of it.
    pub outside: bool,
    /// The question that it answers, see [`Host::look`].
    pub look: Option<u32>,
    /// What stands where.
    pub stands: Vec<Stand>,
}

/// A session on the image way.
pub struct Host {
    pub(super) session: Arc<Session>,
    pub(super) over: CancellationToken,
    /// Feeds that come and go.
    pub(super) feeds: mpsc::UnboundedReceiver<HostEvent>,
    pub(super) events: mpsc::Receiver<HostEvent>,
}

impl Host {
    /// The session.
    #[must_use]
    pub fn session(&self) -> &Arc<Session> {
        &self.session
    }

    /// What happens next. None: the session has ended, or goes another way: the page in Chrome is to be closed. Nothing is lost when this is dropped.
    pub async fn next(&mut self) -> Option<HostEvent> {
        tokio::select! {
            biased;
            () = self.over.cancelled() => None,
            () = self.session.leaving.cancelled() => None,
            event = self.feeds.recv() => event,
            event = self.events.recv() => event,
        }
    }

    /// Cancelled when [`Host::next`] says that it is over.
    #[must_use]
    pub fn over(&self) -> &CancellationToken {
        &self.over
    }

    /// Name and value of a fresh cookie for the view domain, by which the page in Chrome is known. The one before is void.
    ///
    /// # Errors
    /// See [`NoRandomness`].
    pub fn cookie(&self) -> Result<(String, Secret), NoRandomness> {
        let cookie = self.session.door.host()?;
        let _ = self.session.signals.send(Signal::Stage(Order::Fresh));
        Ok((cookie_name(&self.session.id), cookie))
    }

    /// The view URL to open: where the page is, or was last, by way of its storage where there is any.
    #[must_use]
    pub fn url(&self) -> Option<Url> {
        self.session.stage.entrance(&self.session)
    }

    /// The visitor's device, once a screen has told it.
    #[must_use]
    pub fn device(&self) -> Option<Device> {
        self.session.stage.device()
    }

    /// Edition of the terms that hold now.
    #[must_use]
    pub fn edition(&self) -> u64 {
        self.session.terms.borrow().edition
    }

    /// Asks the hosted page for a sample at once, under a number.
    pub fn look(&self, n: u32) {
        let _ = self.session.signals.send(Signal::Stage(Order::Look(n)));
    }

    /// Tells screens, and agents of what is for them: `Page`, `Cursor`, `Dialog`, `DialogGone` and `Chooser` stand until they are told anew, also for
    /// screens that come later. Texts of dialogs are scrubbed for agents.
    pub fn tell(&self, message: ToScreen) {
        self.session.stage.tell(message);
    }

    /// How the pictures stand; for agents and the visitor. With [`ImageState::Failed`] the session goes back to the page way.
    pub fn set_state(&self, state: ImageState) {
        let _ = self.session.signals.send(Signal::Stage(Order::State(state)));
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        if !self.over.is_cancelled() {
            let _ = self.session.signals.send(Signal::Stage(Order::Left));
        }
    }
}
