//! Notes: what people put on the page: labels, highlights, marks. Each is bound to an element and stays with it.

use serde::{Deserialize, Serialize};

use super::page::{NodeId, Range};
use super::people::PersonId;

/// Number of a note in its session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(transparent)]
pub struct NoteId(pub u32);

/// A note as both sides draw it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Note {
    /// Its number.
    pub id: NoteId,
    /// Whose it is.
    pub by: PersonId,
    /// The element that it is bound to; absent while that is not on the page (another page is shown, or the element is gone for now).
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(test, ts(optional))]
    pub node: Option<NodeId>,
    /// What it is.
    pub shape: Shape,
}

/// What a note is. Places are parts of the element's box, 0 to 1 within it; marks may reach beyond.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "s", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Shape {
    /// A short instruction.
    Label {
        /// 1 to 300 characters.
        text: String,
        /// The point of the element's box that its tip points at.
        at: (f64, f64),
    },
    /// The whole element.
    Element,
    /// A part of it.
    Area {
        /// One corner.
        from: (f64, f64),
        /// The corner across.
        to: (f64, f64),
    },
    /// A text, within the element.
    Text {
        /// The selected range.
        range: Range,
    },
    /// A freehand mark: 2 to 2,000 points.
    Freehand {
        /// Where the pen went.
        points: Vec<(f64, f64)>,
    },
    /// A straight line.
    Line {
        /// One end.
        from: (f64, f64),
        /// The other.
        to: (f64, f64),
    },
    /// An arrow.
    Arrow {
        /// Its tail.
        from: (f64, f64),
        /// Its head.
        to: (f64, f64),
    },
    /// A rectangle.
    Rectangle {
        /// One corner.
        from: (f64, f64),
        /// The corner across.
        to: (f64, f64),
    },
}

impl Shape {
    /// The tool that makes it.
    #[must_use]
    pub fn tool(&self) -> super::people::Tool {
        use super::people::Tool;
        match self {
            Self::Label { .. } => Tool::Label,
            Self::Element | Self::Area { .. } | Self::Text { .. } => Tool::Highlight,
            Self::Freehand { .. } | Self::Line { .. } | Self::Arrow { .. } | Self::Rectangle { .. } => Tool::Mark,
        }
    }
}

/// A note to be made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewNote {
    /// The element that it is bound to.
    pub node: NodeId,
    /// What it is.
    pub shape: Shape,
}
