//! Frames on their way from a runner to the sockets of those who look on: a place for one each, never a queue.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use tokio::sync::Notify;

use super::Session;
use super::host::HostEvent;
use crate::protocol::agent::Stage;

/// Who looks on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The visitor, who sees everything.
    Visitor,
    /// An agent, whose frames are covered.
    Agent,
}

/// A frame that has not been taken, with the edition of the terms by which it was covered.
#[derive(Default)]
struct Slot {
    frame: Mutex<Option<(Bytes, u64)>>,
    ready: Notify,
}

/// The runner's end.
#[derive(Clone)]
pub struct Feed {
    /// Its number in the session.
    pub id: u64,
    /// Who looks on.
    pub side: Side,
    slot: Arc<Slot>,
}

impl std::fmt::Debug for Feed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Feed({}, {:?})", self.id, self.side)
    }
}

impl Feed {
    /// Puts a frame there, in place of one that has not been taken. `edition`: that of the terms by which it was covered; it is left out if that is not
    /// the current one when it would be sent. What the visitor sees goes by no terms.
    pub fn put(&self, message: impl Into<Bytes>, edition: u64) {
        *self.slot.frame.lock().unwrap_or_else(PoisonError::into_inner) = Some((message.into(), edition));
        self.slot.ready.notify_one();
    }
}

/// A socket's end. Dropping it leaves.
pub struct Frames {
    feed: Feed,
    session: Arc<Session>,
    /// Edition of the one that was taken last.
    last: u64,
}

impl Frames {
    pub(super) fn new(session: &Arc<Session>, id: u64, side: Side) -> Self {
        Self { feed: Feed { id, side, slot: Arc::default() }, session: Arc::clone(session), last: 0 }
    }

    /// The runner's end of it, which the session's task lets the runner have.
    pub(super) fn feed(&self) -> &Feed {
        &self.feed
    }

    /// The next frame. Nothing is lost when this is dropped.
    pub async fn next(&mut self) -> Bytes {
        loop {
            let next = self.feed.slot.frame.lock().unwrap_or_else(PoisonError::into_inner).take();
            match next {
                Some((frame, edition)) if may(&self.session, self.feed.side, edition) => {
                    self.last = edition;
                    return frame;
                }
                Some(_) => self.lost(),
                None => self.feed.slot.ready.notified().await,
            }
        }
    }

    /// Returns when what [`Frames::next`] gave last may not be sent any more.
    pub async fn outdated(&self) {
        let (mut terms, mut status) = (self.session.terms.subscribe(), self.session.status());
        while may(&self.session, self.feed.side, self.last) {
            let changed = tokio::select! {
                changed = terms.changed() => changed,
                changed = status.changed() => changed,
            };
            if changed.is_err() {
                return std::future::pending().await;
            }
        }
    }

    /// What [`Frames::next`] gave last was sent, unless it may not be sent any more.
    pub fn is_sent(&self) {
        if !may(&self.session, self.feed.side, self.last) {
            self.lost();
        }
    }

    fn lost(&self) {
        self.session.stage.note(HostEvent::Lost { feed: self.feed.id });
    }

    /// The watcher has drawn a frame.
    pub fn drawn(&self, frame: u32) {
        self.session.stage.note(HostEvent::Drawn { feed: self.feed.id, frame });
    }
}

impl Session {
    /// Whether agents may be shown a picture that was covered by the terms of an edition.
    #[must_use]
    pub fn shows_frames_of(&self, edition: u64) -> bool {
        may(self, Side::Agent, edition)
    }
}

/// Whether a frame that was covered by the terms of an edition may be sent now.
fn may(session: &Session, side: Side, edition: u64) -> bool {
    let status = session.status.borrow();
    let stands = status.stage() == Stage::Active && status.way.is_image();
    let covered = || !status.outside && !status.veiled && session.terms.borrow().edition == edition;
    stands && (side == Side::Visitor || covered())
}

impl Drop for Frames {
    fn drop(&mut self) {
        self.session.stage.remove_feed(self.feed.id);
    }
}
