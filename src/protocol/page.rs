//! Page events: what happened to the visitor's page.
//!
//! One vocabulary serves both ways: the companion sends events as it captured them, the session's wash turns them
//! into events that watchers may see. Node ids are the same on all sides.
//!
//! Invariants, kept by the capture and checked by the mirror:
//! - A record's parent and `before` were announced earlier (in the same list or in an earlier event).
//! - Records of one list stand in document order; a record without `before` is appended.
//! - A removed node's id, and those of its descendants, are never used again, except by [`PageEvent::Move`].

use serde::{Deserialize, Serialize};

/// Id of a node or a constructed style sheet, unique within a page from its snapshot on.
///
/// Frame number times 2^32 plus a counter that starts at 1, so that frames that capture themselves (those of
/// another origin) never collide with the page around them. Always exact as a JavaScript number (below 2^53).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(type = "number"))]
#[serde(transparent)]
pub struct NodeId(pub u64);

/// One change of a page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "t", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum PageEvent {
    /// The whole page, replacing everything before it.
    Snapshot(Snapshot),
    /// A subtree was inserted: the first record is its root, with `before` its next captured sibling.
    /// A frame's document and an element's shadow root are added in the same way, with the host as parent.
    Add {
        /// Records in document order.
        nodes: Vec<NodeRecord>,
    },
    /// A node and all below it went (a frame's document when the frame navigates, too).
    Remove {
        /// The root of what went.
        node: NodeId,
    },
    /// A node was moved with all below it.
    Move {
        /// What moved.
        node: NodeId,
        /// Its new parent.
        parent: NodeId,
        /// Its next captured sibling; absent: last.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        #[cfg_attr(test, ts(optional))]
        before: Option<NodeId>,
    },
    /// An attribute was set, or removed (`null`).
    Attribute {
        /// The element.
        node: NodeId,
        /// Qualified name, as in the document (`href`, `xlink:href`).
        name: String,
        /// New value.
        value: Option<String>,
    },
    /// A text node's data changed.
    Text {
        /// The text node.
        node: NodeId,
        /// Its whole new data.
        text: String,
    },
    /// State that no attribute shows changed; only the fields that are present change.
    State {
        /// An element, document or shadow root.
        node: NodeId,
        /// What changed.
        state: NodeState,
    },
    /// The rules of a sheet were set as a whole: of a constructed sheet (its own id), or of a `style` or `link` element
    /// (the element's id) whose rules scripts changed. `null`: the element's own text or file holds again.
    Sheet {
        /// Sheet or element.
        sheet: NodeId,
        /// One serialised rule each.
        rules: Option<Vec<String>>,
    },
    /// A rule was inserted into a sheet that [`PageEvent::Sheet`] announced.
    InsertRule {
        /// Sheet or element.
        sheet: NodeId,
        /// Place among the rules.
        index: u32,
        /// The serialised rule.
        rule: String,
    },
    /// A rule was deleted from a sheet that [`PageEvent::Sheet`] announced.
    DeleteRule {
        /// Sheet or element.
        sheet: NodeId,
        /// Place among the rules.
        index: u32,
    },
    /// The focused element changed (`null`: none).
    Focus {
        /// The innermost focused element, within shadow roots and frames.
        node: Option<NodeId>,
    },
    /// The text selection changed (`null`: none).
    Selection {
        /// The selected range.
        range: Option<Range>,
    },
    /// The visitor's window was resized, zoomed or turned.
    Viewport(Viewport),
    /// The visitor's pointer.
    Pointer(Pointer),
    /// The page's address changed without a load (pushState, fragment).
    Url {
        /// The new address: a view URL from the companion, a real one to watchers.
        url: String,
    },
}

/// A whole page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Snapshot {
    /// Address: a view URL from the companion, a real one to watchers.
    pub url: String,
    /// The visitor's window.
    pub viewport: Viewport,
    /// All nodes in document order; the first is the top document, the only one without a parent.
    pub nodes: Vec<NodeRecord>,
    /// Constructed sheets and changed sheets of elements.
    pub sheets: Vec<SheetRecord>,
    /// The focused element.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(test, ts(optional))]
    pub focus: Option<NodeId>,
}

/// Rules of a sheet, see [`PageEvent::Sheet`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SheetRecord {
    /// Sheet or element.
    pub sheet: NodeId,
    /// One serialised rule each.
    pub rules: Vec<String>,
}

/// A node and where it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NodeRecord {
    /// Its id.
    pub id: NodeId,
    /// Its parent; for a frame's document the frame element, for a shadow root its host. Absent for the top document.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(test, ts(optional))]
    pub parent: Option<NodeId>,
    /// Its next captured sibling, on the root of an [`PageEvent::Add`] alone; absent: last.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(test, ts(optional))]
    pub before: Option<NodeId>,
    /// What it is.
    pub node: Node,
    /// State that no attribute shows.
    #[serde(skip_serializing_if = "NodeState::is_empty", default)]
    #[cfg_attr(test, ts(optional, as = "Option<NodeState>"))]
    pub state: NodeState,
}

/// What a node is. Comments and processing instructions are not captured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "k", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Node {
    /// A document: the page's, or a frame's.
    Document {
        /// Its address: a view URL from the companion; absent to watchers.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        #[cfg_attr(test, ts(optional))]
        url: Option<String>,
        /// `document.compatMode` is `BackCompat`.
        #[serde(skip_serializing_if = "std::ops::Not::not", default)]
        #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
        quirks: bool,
    },
    /// A document type.
    Doctype {
        /// Name, as in `html`.
        name: String,
        /// Public identifier.
        public_id: String,
        /// System identifier.
        system_id: String,
    },
    /// An element.
    Element {
        /// Qualified name in the case that the document has (`div`, `linearGradient`).
        name: String,
        /// Namespace; absent: HTML.
        #[serde(skip_serializing_if = "Namespace::is_html", default)]
        #[cfg_attr(test, ts(optional, as = "Option<Namespace>"))]
        ns: Namespace,
        /// Qualified names and values, in document order.
        #[serde(skip_serializing_if = "Vec::is_empty", default)]
        #[cfg_attr(test, ts(optional, as = "Option<Vec<(String, String)>>"))]
        attrs: Vec<(String, String)>,
    },
    /// A text node or CDATA section.
    Text {
        /// Its data.
        text: String,
    },
    /// A shadow root; its mode does not matter to a watcher, who gets it open.
    ShadowRoot {
        /// Focus goes to its first focusable element.
        #[serde(skip_serializing_if = "std::ops::Not::not", default)]
        #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
        delegates_focus: bool,
    },
}

/// An element's namespace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Namespace {
    /// HTML.
    #[default]
    Html,
    /// SVG.
    Svg,
    /// MathML.
    Mathml,
    /// Any other; never shown to watchers.
    Other,
}

impl Namespace {
    /// The namespace that is left out on the wire.
    #[must_use]
    pub fn is_html(&self) -> bool {
        *self == Self::Html
    }
}

/// State of a node that no attribute shows. In an event, an absent field means no change.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct NodeState {
    /// Value of an input, textarea (never of a file input); stars when `masked`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The value is masked: it never left the visitor's browser.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub masked: Option<bool>,
    /// Checkbox or radio is checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checked: Option<bool>,
    /// Checkbox shows its third state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub indeterminate: Option<bool>,
    /// Option is selected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selected: Option<bool>,
    /// Scroll offset, of an element, or of a document's viewport, in CSS pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scroll: Option<(f64, f64)>,
    /// Dialog is shown as a modal one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modal: Option<bool>,
    /// Popover is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub popover: Option<bool>,
    /// Audio or video.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media: Option<MediaState>,
    /// Canvas: its picture as a `data:image/...` URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub canvas: Option<String>,
    /// Document or shadow root: its adopted sheets, in order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adopted: Option<Vec<NodeId>>,
    /// Width and height of the element's border box, in CSS pixels: told of what agents may see as a box alone, because a rule hides it, because it is
    /// not on the allowlist, or because it holds something that is not captured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<(f64, f64)>,
    /// Custom element is defined (`:defined`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub defined: Option<bool>,
}

impl NodeState {
    /// Nothing is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// State of audio or video.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MediaState {
    /// Seconds from the start.
    pub time: f64,
    /// Not running.
    pub paused: bool,
    /// Speed, 1 is normal.
    pub rate: f64,
}

/// A text selection.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Range {
    /// Where it begins.
    pub start: NodeId,
    /// Offset in UTF-16 units, or children.
    pub start_offset: u32,
    /// Where it ends.
    pub end: NodeId,
    /// Offset in UTF-16 units, or children; [`Range::WHOLE`]: the end of the text.
    pub end_offset: u32,
}

impl Range {
    /// An `end_offset` for a text of which the two sides see something else: its end, however long it is.
    pub const WHOLE: u32 = u32::MAX;
}

/// The visitor's window.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Viewport {
    /// Layout viewport in CSS pixels, scroll bars included.
    pub width: f64,
    /// Layout viewport in CSS pixels, scroll bars included.
    pub height: f64,
    /// Device pixels per CSS pixel.
    pub density: f64,
    /// Pinch zoom.
    pub zoom: f64,
    /// Visual viewport's offset within the layout viewport, in CSS pixels.
    pub offset: (f64, f64),
}

/// The visitor's pointer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Pointer {
    /// What it did.
    pub action: PointerAction,
    /// The element under it; absent outside the page.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(test, ts(optional))]
    pub node: Option<NodeId>,
    /// Place within the element's box, 0 to 1 each, so that it means the same thing in another layout.
    pub at: (f64, f64),
}

/// What a pointer did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum PointerAction {
    /// It moved.
    Move,
    /// A button or finger went down.
    Down,
    /// A button or finger went up.
    Up,
    /// It left the page.
    Leave,
}
