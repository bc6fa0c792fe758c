//! The ends of a session that sockets of pictures hold: the visitor's screen, an agent's pictures. Dropping one disconnects.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::sync::{mpsc, watch};
use url::Url;

use super::baggage::Stored;
use super::feed::{Frames, Side};
use super::host::HostEvent;
use super::stage::Board;
use super::task::{self, Request, Signal};
use super::uploads::{Upload, UploadError};
use super::{Agent, Session, Status, Terms};
use crate::origin::UpstreamOrigin;
use crate::protocol::image::{Device, Dialog, FromScreen, ImageOffer, Input, ToPictures, ToScreen};

/// Longest text that is put in at once, in bytes: 100,000 characters.
const TEXT: usize = 400_000;
/// Most fingers.
const FINGERS: usize = 20;
/// Longest name of a key, in bytes.
const KEY: usize = 64;
/// Languages of a device that count, and their longest name.
const LANGUAGES: (usize, usize) = (10, 35);

impl Session {
    /// Connects the visitor's page of pictures.
    #[must_use]
    pub fn screen(self: &Arc<Self>) -> Screen {
        let connection = self.next_connection.fetch_add(1, Ordering::Relaxed);
        let (answers, receiver) = mpsc::channel(task::ANSWERS);
        let frames = Frames::new(self, connection, Side::Visitor);
        let _ = self.signals.send(Signal::Screen { connection, answers, feed: frames.feed().clone() });
        Screen { session: Arc::clone(self), connection, answers: receiver, board: self.stage.board(), frames }
    }

    /// Lets an agent see pictures. None: the agent does not take part.
    #[must_use]
    pub fn pictures(self: &Arc<Self>, agent: &Agent) -> Option<Pictures> {
        let person = self.arrive(agent)?;
        let connection = self.next_connection.fetch_add(1, Ordering::Relaxed);
        let frames = Frames::new(self, connection, Side::Agent);
        let _ = self.signals.send(Signal::Pictures { connection, person, feed: frames.feed().clone() });
        Some(Pictures { session: Arc::clone(self), connection, beside: Beside::new(self), frames })
    }

    /// Whether the image way can be gone, now and from now on.
    #[must_use]
    pub fn offer(&self) -> watch::Receiver<ImageOffer> {
        self.hosting.offer.clone()
    }

    /// How many agents see pictures.
    #[must_use]
    pub fn seeing_pictures(&self) -> usize {
        self.stage.agents()
    }

    /// The view URL by which whoever drives gets to where the page is.
    #[must_use]
    pub fn entrance(&self) -> Option<Url> {
        self.stage.entrance(self)
    }

    /// What an origin had stored in the browser that drove before.
    #[must_use]
    pub fn stored(&self, origin: &UpstreamOrigin) -> Option<Stored> {
        self.stage.stored(origin)
    }

    /// A dialog as agents may read it by these terms.
    fn washed(&self, dialog: &Dialog, terms: &Terms) -> Dialog {
        let page = self.stage.page();
        let page = page.as_ref().unwrap_or(&self.start);
        let private = terms.policy.is_private(page, &self.start);
        let text = if private { String::new() } else { terms.wash.scrubber_of(page).scrub(&dialog.text).into_owned() };
        Dialog { kind: dialog.kind, text, value: String::new() }
    }

    /// A file of this name that the visitor sends for the hosted page. Blocks.
    ///
    /// # Errors
    /// See [`UploadError`].
    pub fn upload(&self, name: &str) -> Result<Upload, UploadError> {
        if self.way().is_image() { self.stage.uploads.begin(name) } else { Err(UploadError::Closed) }
    }
}

/// The visitor's page of pictures.
pub struct Screen {
    session: Arc<Session>,
    connection: u64,
    answers: mpsc::Receiver<ToScreen>,
    /// What stands on it until it changes.
    pub board: watch::Receiver<Board>,
    /// The pictures.
    pub frames: Frames,
}

impl Screen {
    /// What is told once (none: the session does not want this connection any more), frames, and the board, to be waited for at once.
    pub fn ends(&mut self) -> (&mut mpsc::Receiver<ToScreen>, &mut Frames, &mut watch::Receiver<Board>) {
        (&mut self.answers, &mut self.frames, &mut self.board)
    }

    /// Hands a message to the runner or the session; waits while they have much to do. False: no screen says that.
    pub async fn send(&self, message: FromScreen) -> bool {
        let stage = &self.session.stage;
        match message {
            FromScreen::Drawn { frame } => self.frames.drawn(frame),
            FromScreen::Device { device } => {
                let Some(device) = sound(device) else { return false };
                stage.set_device(device.clone());
                stage.hand(HostEvent::Screen(FromScreen::Device { device })).await;
            }
            FromScreen::Input { n, input } => {
                if !is_sound(&input) {
                    return false;
                }
                stage.hand(HostEvent::Screen(FromScreen::Input { n, input })).await;
            }
            FromScreen::Step { .. } | FromScreen::Dialog { .. } => stage.hand(HostEvent::Screen(message)).await,
            FromScreen::Files { id, keys } => {
                stage.change(|board| board.chooser = None);
                stage.hand(HostEvent::Files { id, files: stage.uploads.paths(&keys) }).await;
            }
            FromScreen::Visitor { .. } | FromScreen::Choose { .. } | FromScreen::Copy { .. } => self.ask(message).await,
            FromScreen::Allow { .. } | FromScreen::Leave => self.ask(message).await,
        }
        true
    }

    async fn ask(&self, message: FromScreen) {
        let _ = self.session.requests.send(Request::Screen { screen: self.connection, message }).await;
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.session.signals.send(Signal::ScreenLeft { connection: self.connection });
    }
}

/// An agent's pictures.
pub struct Pictures {
    session: Arc<Session>,
    connection: u64,
    /// What stands beside them.
    pub beside: Beside,
    /// The pictures.
    pub frames: Frames,
}

/// What stands beside an agent's pictures.
pub struct Beside {
    session: Arc<Session>,
    board: watch::Receiver<Board>,
    status: watch::Receiver<Status>,
    terms: watch::Receiver<Arc<Terms>>,
    /// Something was told.
    told: bool,
}

impl Beside {
    fn new(session: &Arc<Session>) -> Self {
        let (board, status, terms) = (session.stage.board(), session.status(), session.terms.subscribe());
        Self { session: Arc::clone(session), board, status, terms, told: false }
    }

    /// It, when it may have changed, with the terms by which it is told. Nothing is lost when this is dropped.
    pub async fn next(&mut self) -> (Vec<ToPictures>, Arc<Terms>) {
        if self.told {
            // The session, which is held, has the other ends.
            tokio::select! {
                _ = self.board.changed() => {}
                _ = self.status.changed() => {}
                _ = self.terms.changed() => {}
            }
        }
        self.told = true;
        let terms = Arc::clone(&self.terms.borrow_and_update());
        let status = self.status.borrow_and_update();
        let board = self.board.borrow_and_update();
        let shown = status.way.is_image() && !status.outside && !status.veiled;
        let dialog = board.dialog.as_ref().filter(|_| shown).map(|dialog| self.session.washed(dialog, &terms));
        let list = board.list.as_ref().filter(|_| shown).map(|list| ToPictures::List { place: list.place });
        let told = vec![
            ToPictures::State { state: status.image },
            dialog.map_or(ToPictures::DialogGone, |dialog| ToPictures::Dialog { dialog }),
            list.unwrap_or(ToPictures::ListGone),
        ];
        (told, terms)
    }
}

impl Drop for Pictures {
    fn drop(&mut self) {
        let _ = self.session.signals.send(Signal::PicturesLeft { connection: self.connection });
    }
}

/// A device within bounds. None: it is none.
fn sound(device: Device) -> Option<Device> {
    let Device { width, height, density, mut languages, time_zone, .. } = device;
    let zone = time_zone.len() <= KEY && time_zone.bytes().all(|b| b.is_ascii_alphanumeric() || b"/_+-".contains(&b));
    if !density.is_finite() || !zone {
        return None;
    }
    languages.retain(|language| {
        language.len() <= LANGUAGES.1 && language.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    });
    languages.truncate(LANGUAGES.0);
    let (width, height) = (width.clamp(200, 4000), height.clamp(200, 4000));
    Some(Device { width, height, density: density.clamp(0.5, 4.0), languages, time_zone, ..device })
}

/// Whether an input is one that a person can make.
fn is_sound(input: &Input) -> bool {
    let finite = |numbers: &[f64]| numbers.iter().all(|number| number.is_finite());
    match input {
        Input::Mouse { x, y, .. } => finite(&[*x, *y]),
        Input::Wheel { x, y, dx, dy, .. } => finite(&[*x, *y, *dx, *dy]),
        Input::Touch { points, .. } => points.len() <= FINGERS && points.iter().all(|(_, x, y)| finite(&[*x, *y])),
        Input::Key { key, code, .. } => key.len() <= KEY && code.len() <= KEY,
        Input::Text { text } | Input::Compose { text, .. } => text.len() <= TEXT,
    }
}
