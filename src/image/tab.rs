//! The tab that a session's context shows: what happens in it, and what is done with it. Where the page opens windows, it is the newest.

use std::path::PathBuf;

use bytes::Bytes;
use url::Url;

use crate::protocol::image::{Device, Dialog, Input, Step};

/// A picture of the viewport, as Chrome compressed it.
#[derive(Clone, Debug)]
pub struct Shot {
    /// JPEG.
    pub jpeg: Bytes,
    /// When it was made: milliseconds since 1970, by the clock of this machine, as `Date.now` of the page has it.
    pub at: f64,
    /// Width of the picture in pixels.
    pub width: u32,
    /// Height of the picture in pixels.
    pub height: u32,
    /// Width of the viewport in CSS pixels of the device (before a pinch zoom).
    pub viewport: (f64, f64),
    /// How far the page is scrolled, in CSS pixels.
    pub scroll: (f64, f64),
    /// Factor of a pinch zoom; 1: none.
    pub zoom: f64,
}

/// How the page stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Its address, a view address.
    pub url: String,
    /// Its title.
    pub title: String,
    /// It is being loaded.
    pub loading: bool,
    /// There is something to go back to.
    pub back: bool,
    /// There is something to go forward to.
    pub forward: bool,
}

/// What happens in a tab.
#[derive(Clone, Debug)]
pub enum TabEvent {
    /// A new picture: the newest there is.
    Frame(Shot),
    /// The page stands differently.
    Page(Page),
    /// The page asks; it stands still until [`Tab::answer_dialog`].
    Dialog(Dialog),
    /// It does not ask any more.
    DialogGone,
    /// The page asks for files; [`Tab::upload`] answers, or nothing does.
    Chooser {
        /// More than one may be chosen.
        multiple: bool,
        /// As the attribute `accept` has it.
        accept: String,
    },
    /// The page has not answered for a while. The tab is of no use any more: drop it and open another.
    Hangs,
    /// The page's process or the browser is gone, and the tab with it.
    Died,
}

/// A picture that was asked for.
#[derive(Clone, Debug)]
pub struct Still {
    /// PNG.
    pub png: Bytes,
    /// When it was made: not before this, in milliseconds since 1970.
    pub from: f64,
    /// Nor after this.
    pub to: f64,
    /// What of the page it shows, in CSS pixels from the page's top left corner: left, top, width, height.
    pub area: (f64, f64, f64, f64),
    /// Pixels of the picture per CSS pixel.
    pub scale: f64,
}

/// The tab did not do it.
#[derive(Debug, thiserror::Error)]
pub enum TabError {
    /// It is gone.
    #[error("the tab is gone")]
    Gone,
    /// It did not answer in time.
    #[error("the tab did not answer in time")]
    Late,
    /// The browser refused.
    #[error("the browser refused: {0}")]
    Refused(String),
}

/// A tab. Dropping it disposes of its context, and of all that is in it.
#[derive(Debug)]
pub struct Tab {
    gone: bool,
}

impl Tab {
    /// What happens next. Frames do not queue: the newest is given. May be dropped and called again.
    #[expect(clippy::unused_async, reason = "events are waited for")]
    pub async fn next(&self) -> TabEvent {
        TabEvent::Died
    }

    /// Does what the visitor did, in the order of calls; does not wait for the page.
    pub fn input(&self, input: Input) {
        let _ = input;
    }

    /// Goes back or forward, or loads anew.
    ///
    /// # Errors
    /// See [`TabError`].
    #[expect(clippy::unused_async, reason = "the browser is waited for")]
    pub async fn step(&self, step: Step) -> Result<(), TabError> {
        let _ = (step, self.gone);
        Err(TabError::Gone)
    }

    /// Goes to an address.
    ///
    /// # Errors
    /// See [`TabError`].
    #[expect(clippy::unused_async, reason = "the browser is waited for")]
    pub async fn go(&self, url: &Url) -> Result<(), TabError> {
        let _ = url;
        Err(TabError::Gone)
    }

    /// Answers the dialog that is open.
    ///
    /// # Errors
    /// See [`TabError`].
    #[expect(clippy::unused_async, reason = "the browser is waited for")]
    pub async fn answer_dialog(&self, accept: bool, text: Option<&str>) -> Result<(), TabError> {
        let _ = (accept, text);
        Err(TabError::Gone)
    }

    /// Gives files to the chooser that was announced last. The browser's user must be able to read them, until the page has.
    ///
    /// # Errors
    /// See [`TabError`].
    #[expect(clippy::unused_async, reason = "the browser is waited for")]
    pub async fn upload(&self, files: &[PathBuf]) -> Result<(), TabError> {
        let _ = files;
        Err(TabError::Gone)
    }

    /// The visitor's device is another, or was turned.
    ///
    /// # Errors
    /// See [`TabError`].
    #[expect(clippy::unused_async, reason = "the browser is waited for")]
    pub async fn device(&self, device: &Device) -> Result<(), TabError> {
        let _ = device;
        Err(TabError::Gone)
    }

    /// Asks for a frame although nothing has changed: [`TabEvent::Frame`] gives it.
    ///
    /// # Errors
    /// See [`TabError`].
    #[expect(clippy::unused_async, reason = "the browser is waited for")]
    pub async fn refresh(&self) -> Result<(), TabError> {
        Err(TabError::Gone)
    }

    /// A sharp picture of the viewport, or of the whole page.
    ///
    /// # Errors
    /// See [`TabError`].
    #[expect(clippy::unused_async, reason = "the browser is waited for")]
    pub async fn still(&self, whole: bool) -> Result<Still, TabError> {
        let _ = whole;
        Err(TabError::Gone)
    }
}
