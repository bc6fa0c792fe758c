//! The tab that a session's context shows: what happens in it, and what is done with it. Where the page opens windows, it is the newest.

use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use headless_chrome::protocol::cdp::{DOM, Page as Cdp};
use serde_json::json;
use tokio::sync::OwnedSemaphorePermit;
use url::Url;

use super::chrome::Chrome;
use super::pipe::{CallError, Frame};
use crate::protocol::image::{Device, Dialog, Input, Step};

pub(super) mod core;
mod device;
mod hand;
mod keys;
pub(super) mod screens;
mod state;
mod still;
mod window;

use self::core::Core;
use self::device::Bounded;

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
pub struct Tab {
    core: Arc<Core>,
    chrome: Arc<Chrome>,
    _place: OwnedSemaphorePermit,
}

impl std::fmt::Debug for Tab {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tab")
    }
}

impl Drop for Tab {
    fn drop(&mut self) {
        let refused = self.core.refused();
        if refused > 0 {
            tracing::info!(refused, "connections of a hosted page to other places than its own were refused");
        }
        self.core.close();
    }
}

impl Tab {
    pub(super) fn new(core: Arc<Core>, chrome: Arc<Chrome>, place: OwnedSemaphorePermit) -> Self {
        Self { core, chrome, _place: place }
    }

    /// What happens next. Nothing queues: of frames, and of how things stand, the newest is given. May be dropped and called again; one at a time.
    pub async fn next(&self) -> TabEvent {
        // An end is told again and again: whoever asks so must not keep others from their turn.
        tokio::task::coop::consume_budget().await;
        loop {
            let event = self.core.lock().next();
            if let Some(event) = event {
                return event;
            }
            if let Some(shot) = self.core.ear.take().and_then(|frame| self.shot(&frame)) {
                return TabEvent::Frame(shot);
            }
            tokio::select! {
                () = self.core.changed.notified() => {}
                () = self.core.ear.came() => {}
            }
        }
    }

    /// A frame, if it is one of the page that is shown.
    fn shot(&self, frame: &Frame) -> Option<Shot> {
        let state = self.core.lock();
        let shows = state.is_shown(frame.session()) && state.wholes == 0;
        drop(state);
        let jpeg = shows.then(|| frame.jpeg()).flatten()?;
        let (width, height) = still::jpeg_size(&jpeg)?;
        let about = frame.metadata;
        Some(Shot {
            at: about.timestamp * 1000.0,
            width,
            height,
            viewport: (about.device_width, about.device_height),
            scroll: (about.scroll_offset_x, about.scroll_offset_y),
            zoom: about.page_scale_factor,
            jpeg,
        })
    }

    /// Does what the visitor did, in the order of calls; does not wait for the page.
    pub fn input(&self, input: Input) {
        self.core.hand.push(input);
    }

    /// Goes back or forward, or loads anew.
    ///
    /// # Errors
    /// See [`TabError`].
    pub async fn step(&self, step: Step) -> Result<(), TabError> {
        let shown = self.shown()?;
        let by = match step {
            Step::Reload => return Ok(self.core.pipe.call::<Cdp::Reload>(Some(&shown), json!({})).await.map(drop)?),
            Step::Back => -1,
            Step::Forward => 1,
        };
        let history = self.core.pipe.call::<Cdp::GetNavigationHistory>(Some(&shown), json!({})).await?;
        let to = i64::from(history.current_index) + by;
        let Some(entry) = usize::try_from(to).ok().and_then(|to| history.entries.get(to)) else { return Ok(()) };
        if entry.url != "about:blank" {
            self.core.pipe.call::<Cdp::NavigateToHistoryEntry>(Some(&shown), json!({ "entryId": entry.id })).await?;
        }
        Ok(())
    }

    /// Goes to an address.
    ///
    /// # Errors
    /// See [`TabError`].
    pub async fn go(&self, url: &Url) -> Result<(), TabError> {
        let shown = self.shown()?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(TabError::Refused("not an address of the web".to_owned()));
        }
        match self.core.pipe.call::<Cdp::Navigate>(Some(&shown), json!({ "url": url.as_str() })).await {
            Ok(_) | Err(CallError::Late) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Answers the dialog that is open.
    ///
    /// # Errors
    /// See [`TabError`].
    pub async fn answer_dialog(&self, accept: bool, text: Option<&str>) -> Result<(), TabError> {
        let Some(session) = self.core.lock().dialog_of.clone() else { return Ok(()) };
        let mut answer = json!({ "accept": accept });
        if let Some(text) = text {
            answer["promptText"] = bounded(text, TEXT).into();
        }
        self.core.pipe.call::<Cdp::HandleJavaScriptDialog>(Some(&session), answer).await?;
        Ok(())
    }

    /// Gives files to the chooser that was announced last; none: nothing was chosen. The browser's user must be able to read them for as long as the page may.
    ///
    /// # Errors
    /// See [`TabError`].
    pub async fn upload(&self, files: &[PathBuf]) -> Result<(), TabError> {
        let Some(chooser) = self.core.lock().chooser.take() else { return Ok(()) };
        if files.is_empty() {
            return Ok(());
        }
        let files: Vec<_> = files.iter().map(|file| file.to_string_lossy()).collect();
        let set = json!({ "files": files, "backendNodeId": chooser.node });
        self.core.pipe.call::<DOM::SetFileInputFiles>(Some(&chooser.session), set).await?;
        Ok(())
    }

    /// The visitor's device is another, or was turned.
    ///
    /// # Errors
    /// See [`TabError`].
    pub async fn device(&self, device: &Device) -> Result<(), TabError> {
        let (core, device) = (&self.core, Bounded::of(device));
        let shown = self.shown()?;
        if core.lock().device.replace(device.clone()).as_ref() == Some(&device) {
            return Ok(());
        }
        core.furnish_window(&shown, &device).await?;
        core.pipe.send::<Cdp::StopScreencast>(Some(&shown), json!({}));
        window::cast(&core.pipe, &shown, &device);
        Ok(())
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
    pub async fn still(&self, whole: bool) -> Result<Still, TabError> {
        still::still(&self.core, &self.shown()?, whole).await
    }

    /// The browser process's number, for measuring.
    #[must_use]
    pub fn browser(&self) -> u32 {
        self.chrome.pid()
    }

    fn shown(&self) -> Result<String, TabError> {
        self.core.shown().ok_or(TabError::Gone)
    }
}

/// Characters of an answer to a prompt.
const TEXT: usize = 10_000;

impl From<CallError> for TabError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Gone => Self::Gone,
            CallError::Late => Self::Late,
            CallError::Refused(why) => Self::Refused(why),
        }
    }
}

/// The first characters of a text that a page wrote.
fn bounded(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}
