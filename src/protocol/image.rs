//! Image mode: the screen's socket (the visitor's page of pictures, `/socket` of a screen origin) and the pictures' socket of an agent's view
//! (`pictures` below the capability).
//!
//! Frames are binary messages on both sockets, see `image::frame`.

use serde::{Deserialize, Serialize};

use super::hosted::{AskAct, Field, List};
use super::visitor::{FromVisitor, ToVisitor};

/// How a session shows the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, strum::EnumIter)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// The visitor's browser opens it, agents see it washed.
    #[default]
    Page,
    /// A Chrome on the server opens it, both sides see pictures.
    Image,
}

impl Way {
    /// Both sides see pictures.
    #[must_use]
    pub fn is_image(self) -> bool {
        self == Self::Image
    }
}

/// How the image way stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum ImageState {
    /// Not used.
    #[default]
    Off,
    /// The page is being opened in Chrome.
    Starting,
    /// Pictures come.
    Live,
    /// Chrome or the page in it has died or hangs; it is being started anew.
    Restarting,
    /// It could not be started again and again: the session goes back to the page way.
    Failed,
}

/// Whether the image way can be gone, as consoles are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum ImageOffer {
    /// It can.
    Ready,
    /// The server was built without it, or the configuration turns it off.
    #[default]
    Off,
    /// There is no Chrome on the server.
    NoChrome,
    /// Chrome does not start with its sandbox, and the configuration does not say that it may without.
    NoSandbox,
    /// As many sessions as may be go that way.
    Full,
}

/// The visitor's device, which the hosted page is to have, too.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Device {
    /// CSS pixels, 200 to 4,000.
    pub width: u32,
    /// CSS pixels, 200 to 4,000.
    pub height: u32,
    /// Device pixels per CSS pixel, 0.5 to 4.
    pub density: f64,
    /// Its main pointer is a finger.
    pub touch: bool,
    /// A phone or tablet: the layout obeys the page's viewport element.
    pub mobile: bool,
    /// `screen.orientation` is a landscape one.
    pub landscape: bool,
    /// It prefers dark colours.
    pub dark: bool,
    /// It prefers less motion.
    pub still: bool,
    /// `navigator.languages`.
    pub languages: Vec<String>,
    /// IANA name, such as `Europe/Berlin`.
    pub time_zone: String,
}

/// A computer's, of which nothing else is known.
impl Default for Device {
    fn default() -> Self {
        Self {
            width: 1280,
            height: 800,
            density: 1.0,
            touch: false,
            mobile: false,
            landscape: true,
            dark: false,
            still: false,
            languages: Vec::new(),
            time_zone: String::new(),
        }
    }
}

/// Keys that are held: bits as in the Chrome DevTools Protocol (1 Alt, 2 Ctrl, 4 Meta, 8 Shift).
pub type Held = u8;

/// What the visitor does with the picture. Places are CSS pixels of the hosted page's layout viewport.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "i", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum Input {
    /// The mouse.
    Mouse {
        /// What it did.
        action: MouseAction,
        /// Place.
        x: f64,
        /// Place.
        y: f64,
        /// `MouseEvent.button` of what went down or up.
        button: u8,
        /// `MouseEvent.buttons` after it.
        buttons: u8,
        /// Presses in a row.
        count: u8,
        /// Keys.
        held: Held,
    },
    /// The wheel.
    Wheel {
        /// Place.
        x: f64,
        /// Place.
        y: f64,
        /// CSS pixels to the right.
        dx: f64,
        /// CSS pixels down.
        dy: f64,
        /// Keys.
        held: Held,
    },
    /// Fingers: all that touch after it.
    Touch {
        /// What happened.
        action: TouchAction,
        /// Identifier and place of each.
        points: Vec<(u32, f64, f64)>,
        /// Keys.
        held: Held,
    },
    /// A key.
    Key {
        /// It went down; false: up.
        down: bool,
        /// `KeyboardEvent.key`.
        key: String,
        /// `KeyboardEvent.code`.
        code: String,
        /// `KeyboardEvent.location`.
        location: u8,
        /// It is held and repeats.
        repeat: bool,
        /// Keys.
        held: Held,
    },
    /// Text at the caret in place of what is selected: from an input method, a phone's keyboard, or pasted.
    Text {
        /// At most 100,000 characters.
        text: String,
    },
    /// What an input method shows and has not settled; empty: it was taken back.
    Compose {
        /// The text.
        text: String,
        /// Selected part of it, in UTF-16 units.
        selection: (u32, u32),
    },
}

/// What a mouse did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum MouseAction {
    /// It moved.
    Move,
    /// A button went down.
    Down,
    /// A button went up.
    Up,
}

/// What fingers did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum TouchAction {
    /// One more touches.
    Start,
    /// They moved.
    Move,
    /// One went.
    End,
    /// The browser took them over.
    Cancel,
}

/// From the screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "t", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum FromScreen {
    /// The first message, and again when it changes.
    Device {
        /// The device.
        device: Device,
    },
    /// Something was done with the picture.
    Input {
        /// Number from 1, for measuring.
        n: u32,
        /// What.
        input: Input,
    },
    /// Frame `frame` and all before it are drawn: the next may come.
    Drawn {
        /// Its number.
        frame: u32,
    },
    /// As the overlay of a page would say it: mode, answer, chat, writing, dismiss, visible, end, ping. The rest is none of the screen's.
    Visitor {
        /// What.
        message: FromVisitor,
    },
    /// A step in the tab's history, or the page anew.
    Step {
        /// Which.
        step: Step,
    },
    /// Answer to [`ToScreen::Dialog`].
    Dialog {
        /// OK or Leave.
        accept: bool,
        /// What was written into a prompt.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        #[cfg_attr(test, ts(optional))]
        text: Option<String>,
    },
    /// Answer to [`ToScreen::List`]: places of the options that are chosen now; none: it was closed.
    Choose {
        /// The list's number.
        id: u32,
        /// Places.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        #[cfg_attr(test, ts(optional))]
        options: Option<Vec<u32>>,
    },
    /// Answer to [`ToScreen::Chooser`]: files that were sent to `/upload`, by the keys that it gave; none: none were chosen.
    Files {
        /// The chooser's number.
        id: u32,
        /// Keys.
        keys: Vec<String>,
    },
    /// The selected text is to be copied, or cut.
    Copy {
        /// Cut.
        cut: bool,
    },
    /// Answer to [`ToScreen::Ask`].
    Allow {
        /// Its number.
        id: u32,
        /// Yes.
        allow: bool,
    },
    /// The visitor wants the page itself back.
    Leave,
}

/// A step in a tab's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Back.
    Back,
    /// Forward.
    Forward,
    /// The same page anew.
    Reload,
}

/// To the screen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "t", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum ToScreen {
    /// As an overlay would be told it: session, question, unasked, chats, chat, writing, ended, pong.
    Visitor {
        /// What.
        message: ToVisitor,
    },
    /// How the pictures stand.
    State {
        /// How.
        state: ImageState,
    },
    /// The page.
    Page {
        /// Real address.
        url: String,
        /// Title.
        title: String,
        /// It is being loaded.
        loading: bool,
        /// There is something to go back to.
        back: bool,
        /// There is something to go forward to.
        forward: bool,
    },
    /// The shape of the cursor: a keyword of the CSS property `cursor`.
    Cursor {
        /// Keyword.
        cursor: String,
    },
    /// The field that has the focus, for keyboards and input methods; none: nothing takes text.
    Field {
        /// The field.
        field: Option<Field>,
    },
    /// The page asks, and stands still until it is answered.
    Dialog {
        /// The dialog.
        dialog: Dialog,
    },
    /// It does not ask any more.
    DialogGone,
    /// A list of options is open.
    List {
        /// The list.
        list: List,
    },
    /// It is closed.
    ListGone,
    /// The page asks for files.
    Chooser {
        /// Its number.
        id: u32,
        /// More than one may be chosen.
        multiple: bool,
        /// As the attribute `accept` has it.
        accept: String,
    },
    /// Text for the clipboard.
    Copied {
        /// The text.
        text: String,
    },
    /// The visitor is asked about an act of an agent's.
    Ask {
        /// What.
        ask: AskAct,
    },
    /// That question need not be answered any more.
    AskGone {
        /// Its number.
        id: u32,
    },
    /// The session shows the page itself again.
    Leave {
        /// Where the browser goes to.
        url: String,
    },
}

/// A dialog of the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Dialog {
    /// Which function was called.
    pub kind: DialogKind,
    /// What it says; to agents scrubbed.
    pub text: String,
    /// What stands in a prompt; nothing to agents.
    pub value: String,
}

/// Kinds of dialogs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum DialogKind {
    /// `alert`.
    Alert,
    /// `confirm`.
    Confirm,
    /// `prompt`.
    Prompt,
    /// `beforeunload`.
    Leave,
}

/// From an agent's view about pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "t", rename_all = "camelCase", deny_unknown_fields)]
pub enum FromPictures {
    /// See [`FromScreen::Drawn`].
    Drawn {
        /// Its number.
        frame: u32,
    },
}

/// To an agent's view, beside the frames.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "t", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum ToPictures {
    /// How the pictures stand.
    State {
        /// How.
        state: ImageState,
    },
    /// The page asks the visitor; scrubbed.
    Dialog {
        /// The dialog.
        dialog: Dialog,
    },
    /// It does not any more.
    DialogGone,
    /// The visitor has a list open; its options are in the washed page.
    List {
        /// Box of the list's element: left, top, width, height.
        place: (f64, f64, f64, f64),
    },
    /// It is closed.
    ListGone,
}
