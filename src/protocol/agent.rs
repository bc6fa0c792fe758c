//! The sockets of an agent: the console's, on the control origin, which tells how the session stands, and the viewer's,
//! on the viewer origin, which carries the washed page and nothing else.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::act::{Act, Lock, Outcome};
use super::chat::ChatMessage;
use super::image::{ImageOffer, ImageState, Way};
use super::note::{NewNote, Note, NoteId};
use super::page::{NodeId, PageEvent, Pointer};
use super::people::{Mode, Person, PersonId, Priority, Role, Rules};

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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, strum::EnumDiscriminants)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[strum_discriminants(name(Stage))]
#[strum_discriminants(doc = "Kinds of [`SessionState`].")]
#[strum_discriminants(derive(Hash, strum::EnumIter))]
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
        /// Milliseconds there and back between the visitor's page and the server.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        #[cfg_attr(test, ts(optional))]
        rtt: Option<u32>,
        /// What agents may do.
        mode: Mode,
        /// The visitor is being asked whether agents may act.
        asking: bool,
        /// Whose session is looked after first.
        priority: Priority,
        /// The reader's number.
        you: PersonId,
        /// What the reader is here.
        role: Role,
        /// Everybody on the agents' side; those who look in silently only to each other.
        people: Vec<Person>,
        /// The visitor's tabs.
        tabs: Vec<Tab>,
        /// The site's rules.
        rules: Arc<Rules>,
        /// The page that the visitor has open is not part of the session any more (the rules changed, or the page went elsewhere by itself): agents see nothing of it.
        #[serde(skip_serializing_if = "std::ops::Not::not", default)]
        #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
        outside: bool,
        /// How the page is shown.
        way: Way,
        /// How the pictures stand.
        image: ImageState,
        /// Whether the image way can be gone.
        offer: ImageOffer,
        /// The page would be shown better by pictures.
        #[serde(skip_serializing_if = "std::ops::Not::not", default)]
        #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
        suggest: bool,
        /// Agents get no pictures of this page: the site is private, or rules change what is drawn in places that nobody can name.
        #[serde(skip_serializing_if = "std::ops::Not::not", default)]
        #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
        veiled: bool,
    },
    /// All that was written so far, in place of what was known.
    Chats {
        /// In order.
        messages: Vec<ChatMessage>,
    },
    /// Somebody wrote, the reader included.
    Chat {
        /// What.
        message: ChatMessage,
    },
    /// The visitor or another agent is writing, or stopped.
    Writing {
        /// Who.
        by: PersonId,
        /// They are.
        writing: bool,
    },
    /// What became of a request.
    Outcome {
        /// The request's number; 0: that of [`FromConsole::Writing`], which has none.
        n: u32,
        /// Done, asking, or denied.
        outcome: Outcome,
    },
    /// Answer to [`FromConsole::Ping`].
    Pong {
        /// As sent.
        n: u32,
    },
}

/// A tab of the visitor's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tab {
    /// Its number in the session.
    pub id: u32,
    /// Title of its page when it was shown last, washed; empty: not shown yet.
    pub title: String,
    /// It is the one that agents see.
    pub shown: bool,
    /// It is in front at the visitor's.
    pub front: bool,
}

/// From the console. `n` is the request's number, given back with its outcome.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, strum::EnumDiscriminants)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "t", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
#[strum_discriminants(name(ConsoleKind))]
#[strum_discriminants(doc = "Kinds of [`FromConsole`].")]
#[strum_discriminants(derive(Hash, strum::EnumIter))]
pub enum FromConsole {
    /// Change what agents may do; stepping up asks the visitor.
    Mode {
        /// Request.
        n: u32,
        /// The new mode.
        mode: Mode,
    },
    /// Show the page in another way.
    Way {
        /// Request.
        n: u32,
        /// How.
        way: Way,
    },
    /// Change whose session is looked after first.
    Priority {
        /// Request.
        n: u32,
        /// The new priority.
        priority: Priority,
    },
    /// Write to the visitor and the other agents.
    Chat {
        /// Request.
        n: u32,
        /// 1 to 2,000 characters.
        text: String,
    },
    /// The agent is writing, or stopped.
    Writing {
        /// There is unsent text that changed just now.
        writing: bool,
    },
    /// Let a colleague take part.
    Invite {
        /// Request.
        n: u32,
        /// Account name.
        name: String,
    },
    /// Make another agent lead the session; the one who did is a colleague from then on.
    HandOver {
        /// Request.
        n: u32,
        /// To whom: somebody who takes part.
        to: PersonId,
    },
    /// Take a colleague out, or leave oneself.
    Remove {
        /// Request.
        n: u32,
        /// Whom.
        person: PersonId,
    },
    /// Answered with [`ToConsole::Pong`].
    Ping {
        /// Given back as it is.
        n: u32,
        /// Milliseconds that the ping before took there and back.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        #[cfg_attr(test, ts(optional))]
        rtt: Option<u32>,
    },
}

/// To the viewer. [`ToViewer::Session`] comes first.
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
    /// How the session stands, and again whenever something in it changes.
    Session {
        /// The reader's number.
        you: PersonId,
        /// What the reader is here.
        role: Role,
        /// What agents may do.
        mode: Mode,
        /// Everybody on the agents' side.
        people: Vec<Person>,
        /// The site's rules.
        rules: Arc<Rules>,
        /// The visitor's connection.
        visitor: Presence,
        /// How the page is shown.
        way: Way,
    },
    /// What became of a request.
    Outcome {
        /// The request's number; 0: a pointer's, which has none.
        n: u32,
        /// Done, asking, or denied.
        outcome: Outcome,
    },
    /// Another agent's pointer. The visitor's is an event of the page.
    Pointer {
        /// Whose.
        by: PersonId,
        /// Where, and what it did.
        pointer: Pointer,
        /// It leaves a trail.
        #[serde(skip_serializing_if = "std::ops::Not::not", default)]
        #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
        laser: bool,
    },
    /// The elements in which somebody types now.
    Locks {
        /// All of them.
        locks: Vec<Lock>,
    },
    /// All notes of the session, in place of those known before.
    Notes {
        /// In the order in which they were made.
        notes: Vec<Note>,
    },
    /// A note is new, or its element changed.
    Note {
        /// The note.
        note: Note,
    },
    /// A note is gone.
    NoteGone {
        /// Which.
        id: NoteId,
        /// Who took it away.
        by: PersonId,
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

/// From the viewer. `n` is the request's number, from 1, given back with its outcome.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, strum::EnumDiscriminants)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "t", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
#[strum_discriminants(name(ViewerKind))]
#[strum_discriminants(doc = "Kinds of [`FromViewer`].")]
#[strum_discriminants(derive(Hash, strum::EnumIter))]
pub enum FromViewer {
    /// Send a snapshot of the current state (the console's Refresh; a hash that differs).
    Resync {
        /// The viewer found its page different from the server's.
        diverged: bool,
    },
    /// Ask the visitor's page to do something.
    Act {
        /// Request.
        n: u32,
        /// Number of the last message of events that the viewer had applied: what came later, the agent did not know.
        #[cfg_attr(test, ts(type = "number"))]
        seen: u64,
        /// What.
        act: Act,
    },
    /// The agent's pointer; at most 30 a second.
    Pointer {
        /// Where, and what it did.
        pointer: Pointer,
        /// It leaves a trail.
        #[serde(skip_serializing_if = "std::ops::Not::not", default)]
        #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
        laser: bool,
    },
    /// Make an element move for a moment, to show where it is.
    Wiggle {
        /// Request.
        n: u32,
        /// The element.
        node: NodeId,
    },
    /// Put a note on the page.
    Note {
        /// Request.
        n: u32,
        /// What.
        note: NewNote,
    },
    /// Take a note away.
    Unnote {
        /// Request.
        n: u32,
        /// Which.
        id: NoteId,
    },
    /// Take all notes of the agents' side away; who does not lead the session takes away their own.
    Clear {
        /// Request.
        n: u32,
    },
}
