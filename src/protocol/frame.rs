//! What the console's page and the frame with the viewer in it say to each other, in the agent's browser alone (`postMessage`).

use serde::{Deserialize, Serialize};

use super::act::{Act, Denial};

/// What the agent's hand does in the view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Hand {
    /// Acts in shared mode, points in view-only.
    Act,
    /// Points, with a trail.
    Laser,
    /// Puts labels.
    Label,
    /// Highlights elements.
    Element,
    /// Highlights areas.
    Area,
    /// Highlights texts.
    Text,
    /// Draws freehand.
    Freehand,
    /// Draws lines.
    Line,
    /// Draws arrows.
    Arrow,
    /// Draws rectangles.
    Rectangle,
}

/// How large the visitor's window is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Zoom {
    /// The whole window fits.
    Whole,
    /// Its width fits.
    Width,
    /// Percent of its own size, 10 to 400.
    Percent(f64),
}

/// Between the viewer's page and the console around it, by postMessage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "t", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum ViewerToConsole {
    /// The page's address and title, and the visitor's window.
    Page {
        /// Real address, scrubbed.
        url: String,
        /// Title, scrubbed.
        title: String,
        /// Width of the visitor's window in CSS pixels.
        width: f64,
        /// Height of the visitor's window in CSS pixels.
        height: f64,
    },
    /// State of the viewer's socket.
    Link {
        /// It is connected.
        connected: bool,
    },
    /// How the view stands, whenever something in it changes.
    View {
        /// What the hand does.
        hand: Hand,
        /// How large.
        zoom: Zoom,
        /// In percent, as it comes out.
        percent: f64,
        /// It follows the visitor's scrolling; false: the agent looks around freely.
        following: bool,
        /// Notes of the agents' side that are there.
        notes: u32,
    },
    /// An act of this agent's came to its end.
    Acted {
        /// Kind of act.
        kind: super::act::ActKind,
        /// Why it was denied; absent: it was done.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        #[cfg_attr(test, ts(optional))]
        denied: Option<Denial>,
    },
    /// A request other than an act was denied.
    Refused {
        /// Why.
        reason: Denial,
    },
    /// The marked page as a picture: a PNG as `data:` URL. Empty: it could not be made.
    Picture {
        /// The picture.
        url: String,
    },
    /// F6 was pressed in the view: the keyboard goes on to the console's next region.
    Leave {
        /// With Shift: to the one before.
        back: bool,
    },
}

/// Between the console and the viewer's page in it, by postMessage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "t", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum ConsoleToViewer {
    /// Refresh: fetch the current state anew.
    Refresh,
    /// The hand does something else from now on.
    Hand {
        /// What.
        hand: Hand,
        /// Text of the labels that it puts; absent: ask for it each time.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        #[cfg_attr(test, ts(optional))]
        text: Option<String>,
    },
    /// Draw the visitor's window larger or smaller.
    Zoom {
        /// How large.
        zoom: Zoom,
    },
    /// Follow the visitor's scrolling, or look around freely.
    Follow {
        /// Follow.
        follow: bool,
    },
    /// Scroll the visitor's page to where the agent looks.
    Bring,
    /// Take away the newest note of this agent's.
    Undo,
    /// Take away all notes of the agents' side.
    Clear,
    /// Make a picture of the marked page.
    Picture,
    /// An act that is about no element: navigate, back, forward.
    Act {
        /// What.
        act: Act,
    },
    /// The keyboard goes to the view.
    Focus,
}
