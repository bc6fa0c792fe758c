//! What only a hosted page's companion tells and is told (image mode): where things stand, fields, lists, questions; and the baggage of any page.

use serde::{Deserialize, Serialize};

use super::act::ActKind;
use super::page::NodeId;
use super::people::PersonId;

/// A field with the focus.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Field {
    /// `type` of an input, `textarea`, or `editable`.
    pub kind: String,
    /// Attributes `inputmode`, `enterkeyhint` and `autocapitalize`; empty: none.
    pub hints: (String, String, String),
    /// Box in CSS pixels of the layout viewport: left, top, width, height.
    pub place: (f64, f64, f64, f64),
    /// Text before the caret, as much as keyboards look at: 100 characters at most; empty in a password.
    pub before: String,
}

/// An open list of options, in place of the one that a browser would draw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct List {
    /// Its number.
    pub id: u32,
    /// Box of the `select` in CSS pixels of the layout viewport: left, top, width, height.
    pub place: (f64, f64, f64, f64),
    /// More than one may be chosen.
    pub multiple: bool,
    /// Its options, in order.
    pub options: Vec<ListOption>,
}

/// An option of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListOption {
    /// What it says.
    pub label: String,
    /// Label of its group; empty: none.
    pub group: String,
    /// It is chosen.
    pub selected: bool,
    /// It cannot be.
    pub disabled: bool,
}

/// A question about an act, which the hosted page's companion would ask if somebody sat before it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AskAct {
    /// Its number.
    pub id: u32,
    /// Who wants it.
    pub by: PersonId,
    /// What.
    pub act: ActKind,
    /// The question in words.
    pub text: String,
    /// Box of the element in CSS pixels of the layout viewport: left, top, width, height; none: no element.
    pub place: Option<(f64, f64, f64, f64)>,
}

/// What stands somewhere that is not for agents, or is under watch because the server said so.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Stand {
    /// Element or text.
    pub node: NodeId,
    /// All boxes in which it is drawn, and what is drawn of it beside them: left, top, width, height in CSS pixels of the layout viewport. Empty: nowhere.
    pub boxes: Vec<(f64, f64, f64, f64)>,
}

/// Where everything stands that is not for agents, at one moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Sample {
    /// The load of the page.
    #[cfg_attr(test, ts(type = "number"))]
    pub page: u64,
    /// The last batch of events: all that happened before this sample is in it and those before it.
    pub seq: u32,
    /// Number of the newest [`ToVisitor::Guard`] that it obeys; 0: none yet.
    pub guard: u32,
    /// When: milliseconds since 1970, as `performance.timeOrigin + performance.now()`.
    pub at: f64,
    /// The question that it answers, [`ToVisitor::Look`]; absent: it came by itself.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(test, ts(optional))]
    pub look: Option<u32>,
    /// What the page's own masks cover and what the guard names. Whatever was there since the last sample and is not any more stands in it once more, where it was.
    pub stands: Vec<Stand>,
}

/// What a page has beside its address and the jar. Its texts are the visitor's: they never print.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Baggage {
    /// View URL of the document.
    pub url: String,
    /// `localStorage` of its origin.
    pub local: Vec<(String, String)>,
    /// `sessionStorage` of its origin.
    pub session: Vec<(String, String)>,
    /// Fields whose state is not what the markup says.
    pub fields: Vec<FieldState>,
    /// What is scrolled: a path as in [`FieldState`] (empty: the document), and the offset in CSS pixels.
    pub scrolls: Vec<(String, f64, f64)>,
}

impl std::fmt::Debug for Baggage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Baggage").finish_non_exhaustive()
    }
}

/// State of a field.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FieldState {
    /// Where it is: a CSS selector that matches it alone; through open shadow roots and same-origin frames with ` >>> `.
    pub path: String,
    /// Text of an input, textarea or editable element.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(test, ts(optional))]
    pub value: Option<String>,
    /// Checked.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(test, ts(optional))]
    pub checked: Option<bool>,
    /// Places of the options that are selected.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(test, ts(optional))]
    pub selected: Option<Vec<u32>>,
}

impl std::fmt::Debug for FieldState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FieldState").finish_non_exhaustive()
    }
}
