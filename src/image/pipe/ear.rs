//! Who listens to a browser context: its events in order, and of its frames the newest.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use data_encoding::BASE64;
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::{Notify, mpsc};

/// Events that wait. Their listener does little for each; one that falls so far behind is lost.
const EVENTS: usize = 2048;

/// What the browser tells.
#[derive(Debug)]
pub(crate) struct Event {
    /// Which, such as `Page.frameNavigated`.
    pub(crate) method: String,
    /// The page that it is about; none: it is the browser's.
    pub(crate) session: Option<String>,
    /// What it says.
    pub(crate) params: Value,
}

/// A frame as it came. The picture is made of its text by whoever takes the frame.
pub(crate) struct Frame {
    message: Vec<u8>,
    data: Range<usize>,
    session: String,
    /// What the browser says of it.
    pub(crate) metadata: Metadata,
}

/// What the browser says of a frame.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Metadata {
    /// Seconds since 1970.
    #[serde(default)]
    pub(crate) timestamp: f64,
    pub(crate) page_scale_factor: f64,
    pub(crate) device_width: f64,
    pub(crate) device_height: f64,
    pub(crate) scroll_offset_x: f64,
    pub(crate) scroll_offset_y: f64,
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    params: Params<'a>,
    #[serde(rename = "sessionId")]
    session: String,
}

#[derive(Deserialize)]
struct Params<'a> {
    data: &'a str,
    metadata: Metadata,
    #[serde(rename = "sessionId")]
    number: u32,
}

impl Frame {
    /// Reads a message; gives the number by which the frame is acknowledged, too.
    pub(crate) fn read(message: Vec<u8>) -> Option<(Self, u32)> {
        let Envelope { params: Params { data, metadata, number }, session } = serde_json::from_slice(&message).ok()?;
        let start = data.as_ptr().addr() - message.as_ptr().addr();
        let data = start..start + data.len();
        Some((Self { data, session, metadata, message }, number))
    }

    /// The page that it shows.
    pub(crate) fn session(&self) -> &str {
        &self.session
    }

    /// The picture.
    pub(crate) fn jpeg(&self) -> Option<Bytes> {
        BASE64.decode(self.message.get(self.data.clone())?).ok().map(Bytes::from)
    }
}

/// Where events and frames of a context arrive.
pub(crate) struct Ear {
    events: mpsc::Sender<Event>,
    newest: Mutex<Option<Frame>>,
    came: Notify,
}

impl Ear {
    /// One, and where its events come out. They end when it is forgotten, or is lost.
    pub(crate) fn new() -> (Self, mpsc::Receiver<Event>) {
        let (events, receiver) = mpsc::channel(EVENTS);
        (Self { events, newest: Mutex::default(), came: Notify::new() }, receiver)
    }

    pub(super) fn event(&self, event: Event) {
        if self.events.try_send(event).is_err() {
            tracing::debug!("a browser context's events are not taken");
        }
    }

    pub(super) fn frame(&self, frame: Frame) {
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = Some(frame);
        self.came.notify_one();
    }

    /// The newest frame that was not taken yet.
    pub(crate) fn take(&self) -> Option<Frame> {
        self.newest.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Returns when a frame has come.
    pub(crate) async fn came(&self) {
        self.came.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_read_without_a_copy_of_its_picture() {
        let text = concat!(
            r#"{"method":"Page.screencastFrame","params":{"data":"/9j/AA==","metadata":{"offsetTop":0,"pageScaleFactor":1,"deviceWidth":1280,"#,
            r#""deviceHeight":800,"scrollOffsetX":0,"scrollOffsetY":12.5,"timestamp":1700000000.25},"sessionId":7},"sessionId":"AB"}"#
        );
        let (frame, number) = Frame::read(text.as_bytes().to_vec()).unwrap();
        assert_eq!((number, frame.session(), frame.metadata.scroll_offset_y), (7, "AB", 12.5));
        assert_eq!(frame.jpeg().unwrap().as_ref(), [0xff, 0xd8, 0xff, 0x00]);
    }
}
