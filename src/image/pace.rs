//! What a watcher gets, and when: one frame on its way, then the newest, as good as the line bears; sharp when nothing moves any more.

use std::time::Instant;

use bytes::Bytes;

use super::picture::Picture;

/// What one watcher has and gets. Encoding is done in `poll` and takes milliseconds.
#[derive(Debug, Default)]
pub struct Watcher {
    newest: Option<Picture>,
}

impl Watcher {
    /// One that has nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A picture that is newer than all before it takes their place.
    pub fn offer(&mut self, picture: &Picture, now: Instant) {
        let _ = now;
        self.newest = Some(picture.clone());
    }

    /// Whether `poll` would send a newer picture now: if no watcher would, it need not be decoded yet.
    #[must_use]
    pub fn free(&self, now: Instant) -> bool {
        let _ = now;
        self.newest.is_none()
    }

    /// The next message, see [`super::frame`]; none: nothing is to be sent now.
    pub fn poll(&mut self, now: Instant) -> Option<Bytes> {
        let _ = now;
        None
    }

    /// The watcher says that this frame and all before it are drawn.
    pub fn drawn(&mut self, frame: u32, now: Instant) {
        let _ = (frame, now);
    }

    /// When to poll even if nothing happens until then; none: not at all.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        None
    }
}
