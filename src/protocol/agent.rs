//! The sockets of an agent: the console's, on the control origin, which tells how the session stands, and the viewer's,
//! on the viewer origin, which carries the washed page and nothing else.

use serde::{Deserialize, Serialize};

use super::page::PageEvent;

/// What agents may do in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Look and point.
    ViewOnly,
    /// Act, too.
    Shared,
}

/// Who or what ended a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum EndedBy {
    /// The visitor pressed End.
    Visitor,
    /// The agent pressed End.
    Agent,
    /// The visitor chose Deny.
    Denied,
    /// Nobody joined, the visitor stayed away, or the longest duration was reached.
    Expired,
    /// The server is shutting down.
    Shutdown,
}

/// Where a session stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "state", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum SessionState {
    /// PIN and link are out; nobody has come.
    Waiting,
    /// A visitor has come and reads what will be shared.
    Asked,
    /// The visitor allowed it.
    Active,
    /// It is over.
    Ended {
        /// Who or what ended it.
        by: EndedBy,
    },
}

/// The visitor's connection, as the console shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// Never connected yet.
    None,
    /// Connected, tab in front.
    Here,
    /// Connected, tab hidden.
    Hidden,
    /// The connection dropped; it is expected back.
    Away,
}

/// To the console.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "t", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum ToConsole {
    /// First message, and again whenever something in it changes.
    Status {
        /// Where the session stands.
        session: SessionState,
        /// The visitor's connection.
        visitor: Presence,
        /// Names of the agents watching.
        watchers: Vec<String>,
    },
    /// Answer to [`FromConsole::Ping`].
    Pong {
        /// As sent.
        n: u32,
    },
}

/// From the console.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "t", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum FromConsole {
    /// Answered with [`ToConsole::Pong`].
    Ping {
        /// Given back as it is.
        n: u32,
    },
}

/// To the viewer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "t", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum ToViewer {
    /// Washed events, in order. The first that a viewer gets begins with a snapshot, as soon as there is a page.
    Events {
        /// The session's number of this message.
        #[cfg_attr(test, ts(type = "number"))]
        seq: u64,
        /// What happened.
        events: Vec<PageEvent>,
    },
    /// Hash of the washed page after message `seq`; a viewer whose own differs asks for [`FromViewer::Resync`].
    Hash {
        /// After which message.
        #[cfg_attr(test, ts(type = "number"))]
        seq: u64,
        /// 53-bit hash.
        #[cfg_attr(test, ts(type = "number"))]
        hash: u64,
    },
    /// The visitor's browser has loaded what views asked for in vain, or could not: load it again.
    Assets {
        /// Their keys, as in their addresses.
        keys: Vec<String>,
    },
    /// The session is over: blank the page.
    Ended {
        /// Who or what ended it.
        by: EndedBy,
    },
}

/// From the viewer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "t", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum FromViewer {
    /// Send a snapshot of the current state (the console's Refresh; a hash that differs).
    Resync {
        /// The viewer found its page different from the server's.
        diverged: bool,
    },
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
}

/// Between the console and the viewer's page in it, by postMessage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "t", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum ConsoleToViewer {
    /// Refresh: fetch the current state anew.
    Refresh,
}
