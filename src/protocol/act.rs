//! Acts: what an agent asks the visitor's page to do. The page confirms each, or denies it with a reason (patent application 004).

use serde::{Deserialize, Serialize};

use super::page::NodeId;
use super::people::PersonId;

/// Something that the visitor's page is asked to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, strum::EnumDiscriminants)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "a", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
#[strum_discriminants(name(ActKind))]
#[strum_discriminants(doc = "Kinds of acts, as rules name them.")]
#[strum_discriminants(derive(Hash, Serialize, Deserialize, strum::EnumIter))]
#[strum_discriminants(cfg_attr(test, derive(ts_rs::TS)))]
#[strum_discriminants(serde(rename_all = "kebab-case"))]
pub enum Act {
    /// Press an element.
    Click {
        /// The innermost element that was pressed.
        node: NodeId,
        /// Place within its box, 0 to 1 each.
        at: (f64, f64),
        /// How often in a row: 1, 2 or 3.
        count: u8,
    },
    /// Type into a field or an editable element, at its caret.
    Type {
        /// The field.
        node: NodeId,
        /// What is typed, in order.
        strokes: Vec<Stroke>,
    },
    /// Choose options of a list, or the value of a field that is chosen rather than typed (date, colour, range).
    Choose {
        /// The `select` or `input`.
        node: NodeId,
        /// What is chosen.
        choice: Choice,
    },
    /// Check or uncheck a box, or choose a radio button.
    Check {
        /// The `input`.
        node: NodeId,
        /// Its new state.
        checked: bool,
    },
    /// Scroll an element, or a document's viewport.
    Scroll {
        /// Element or document.
        node: NodeId,
        /// Offset, each as a part of what can be scrolled, 0 to 1, so that it means the same thing in another layout.
        to: (f64, f64),
    },
    /// Open an address.
    Navigate {
        /// A real address from the agent; a view URL to the companion.
        url: String,
    },
    /// One step back in the tab's history.
    Back,
    /// One step forward in the tab's history.
    Forward,
    /// Submit a form.
    Submit {
        /// The form, or a control in it.
        node: NodeId,
    },
}

impl Act {
    /// The element or document that it is about.
    #[must_use]
    pub fn node(&self) -> Option<NodeId> {
        match self {
            Self::Click { node, .. }
            | Self::Type { node, .. }
            | Self::Choose { node, .. }
            | Self::Check { node, .. }
            | Self::Scroll { node, .. }
            | Self::Submit { node } => Some(*node),
            Self::Navigate { .. } | Self::Back | Self::Forward => None,
        }
    }
}

/// A piece of typing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Stroke {
    /// These characters, one after the other; they replace what is selected.
    Text(String),
    /// One key that is no character.
    Key(Key),
    /// The field's whole text is selected first, so that what follows replaces it.
    All,
}

/// A key that is no character; names as in `KeyboardEvent.key` (UI Events, named key attribute values).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[allow(missing_docs, reason = "they are named by their specification")]
pub enum Key {
    Enter,
    Tab,
    Escape,
    Backspace,
    Delete,
    ArrowLeft,
    ArrowRight,
    ArrowUp,
    ArrowDown,
    Home,
    End,
    PageUp,
    PageDown,
}

/// What is chosen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Choice {
    /// These options, and no others.
    Options(Vec<NodeId>),
    /// This value, in the form that the field's `value` has.
    Value(String),
}

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "o", rename_all = "camelCase", deny_unknown_fields)]
pub enum Outcome {
    /// It was done.
    Done,
    /// The visitor is being asked; another outcome follows.
    Asking,
    /// It was not done.
    Denied {
        /// Why.
        reason: Denial,
    },
}

/// Why a request was not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Denial {
    /// The visitor has not allowed the session yet, or it has ended.
    #[error("the session is not shared now")]
    Inactive,
    /// Not in this role.
    #[error("that is the agent's to do, who leads the session")]
    Role,
    /// Not in this mode, or the mode was withdrawn meanwhile.
    #[error("the session is view-only")]
    Mode,
    /// The site's rules do not allow it.
    #[error("the site's rules do not allow it")]
    Rule,
    /// The allowlist does not cover the address.
    #[error("the address is not on the allowlist")]
    Address,
    /// The field's content is not for agents.
    #[error("the field is masked")]
    Masked,
    /// Somebody else is typing there.
    #[error("somebody is typing there")]
    Locked,
    /// The visitor changed it before the agent could see it.
    #[error("the visitor just did something there")]
    Conflict,
    /// It is not on the page any more, or cannot be seen.
    #[error("it is not on the page any more")]
    Gone,
    /// The element does not take this: text into a picture, a choice that a list does not have.
    #[error("that element does not take this")]
    Unfit,
    /// The visitor was asked, and said no.
    #[error("the visitor did not allow it")]
    Declined,
    /// The visitor was asked, and did not answer in time; or the page did not.
    #[error("no answer came")]
    Unanswered,
    /// No page of the visitor's is connected.
    #[error("the visitor is offline")]
    Away,
    /// The server cannot do it: there is no Chrome, or as many sessions as may be have one.
    #[error("the server does not offer that now")]
    Unavailable,
    /// More at once than a page can be asked.
    #[error("too much at once")]
    TooMuch,
}

/// An element in which somebody types; nobody else may meanwhile. It ends when they leave it, or after 5 seconds of silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Lock {
    /// The element.
    pub node: NodeId,
    /// Who types.
    pub by: PersonId,
}
