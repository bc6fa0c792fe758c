//! What a context's windows are like, and what of it was not told yet. There is no queue: of everything, the newest is told.

use super::device::Bounded;
use super::{Page, TabEvent};
use crate::protocol::image::Dialog;

/// A window.
#[derive(Debug)]
pub(super) struct Window {
    /// The protocol's session with its page.
    pub(super) session: String,
    /// The browser's name for it, and for its main frame.
    pub(super) target: String,
    /// How its page stands.
    pub(super) page: Page,
}

/// A chooser that is open.
#[derive(Clone, Debug)]
pub(super) struct Chooser {
    pub(super) session: String,
    /// The element that the files are for.
    pub(super) node: u32,
}

/// A context's state.
#[derive(Default)]
pub(super) struct State {
    /// The last is shown.
    pub(super) windows: Vec<Window>,
    /// None: it was not opened yet.
    pub(super) device: Option<Bounded>,
    /// The window whose dialog is open.
    pub(super) dialog_of: Option<String>,
    pub(super) chooser: Option<Chooser>,
    /// Pictures of whole pages that are being made: frames of these moments show something else.
    pub(super) wholes: u32,
    pub(super) pending: Pending,
}

/// What was not told yet.
#[derive(Default)]
pub(super) struct Pending {
    pub(super) dialog: Option<Option<Dialog>>,
    pub(super) chooser: Option<(bool, String)>,
    pub(super) page: bool,
    pub(super) hangs: bool,
    pub(super) died: bool,
}

impl State {
    pub(super) fn shown(&self) -> Option<&Window> {
        self.windows.last()
    }

    pub(super) fn window(&mut self, session: &str) -> Option<&mut Window> {
        self.windows.iter_mut().find(|window| window.session == session)
    }

    /// Whether this is the session of the window that is shown.
    pub(super) fn is_shown(&self, session: &str) -> bool {
        self.shown().is_some_and(|window| window.session == session)
    }

    /// Opens it: gives the session of its page.
    pub(super) fn first_device(&mut self, device: Bounded) -> Option<String> {
        self.device = Some(device);
        self.pending.page = true;
        self.shown().map(|window| window.session.clone())
    }

    /// What is to be told next. An end is told again and again.
    pub(super) fn next(&mut self) -> Option<TabEvent> {
        let Pending { dialog, chooser, page, hangs, died } = &mut self.pending;
        if *died {
            return Some(TabEvent::Died);
        }
        if *hangs {
            return Some(TabEvent::Hangs);
        }
        if let Some(dialog) = dialog.take() {
            return Some(dialog.map_or(TabEvent::DialogGone, TabEvent::Dialog));
        }
        if let Some((multiple, accept)) = chooser.take() {
            return Some(TabEvent::Chooser { multiple, accept });
        }
        if std::mem::take(page) {
            return self.windows.last().map(|window| TabEvent::Page(window.page.clone()));
        }
        None
    }
}
