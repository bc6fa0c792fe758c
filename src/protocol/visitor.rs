//! The companion's socket, `/.alongside/socket` of a view origin. The credential is the session's cookie on the view domain, with the key of a tab's document: `?key=`.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::act::{Act, Lock, Outcome};
use super::agent::EndedBy;
use super::chat::ChatMessage;
use super::hosted::{AskAct, Baggage, Field, List, Sample};
use super::note::{NewNote, Note, NoteId};
use super::page::{NodeId, PageEvent, Pointer};
use super::people::{Mode, Person, PersonId, Rules};
use super::rules::MaskSite;

/// What the server tells the shim about the document that it stands in: the `data-config` attribute of the shim's script element, as JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PageConfig {
    /// The session's id.
    pub sid: String,
    /// The view domain, such as `view.localhost`.
    pub domain: String,
    /// Scheme by which browsers reach us: `http` or `https`.
    pub scheme: String,
    /// Port by which browsers reach us.
    pub port: u16,
    /// Real address of the document, without fragment.
    pub url: String,
    /// Real origin behind this view origin.
    pub origin: String,
    /// Real address for `document.referrer`; empty: none.
    pub referrer: String,
    /// The cookies that scripts may see here, as `document.cookie` writes them.
    pub cookie: String,
    /// Address of the companion's script on this origin.
    pub companion: String,
    /// The page is opened by our own Chrome, for image mode.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    #[cfg_attr(test, ts(optional, as = "Option<bool>"))]
    pub hosted: bool,
}

/// From the companion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "t", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum FromVisitor {
    /// Events of one page (one load of a top document), in order.
    Events {
        /// Random id of the page's load, below 2^53.
        #[cfg_attr(test, ts(type = "number"))]
        page: u64,
        /// Number of the batch within the page, from 0. Batch 0 of a socket's page begins with a snapshot; after a gap the
        /// server asks for [`ToVisitor::Resync`].
        seq: u32,
        /// What happened.
        events: Vec<PageEvent>,
    },
    /// Hash of the page's DOM as it is after batch `seq` (see `wash::hash`).
    Hash {
        /// The page.
        #[cfg_attr(test, ts(type = "number"))]
        page: u64,
        /// After which batch.
        seq: u32,
        /// 53-bit hash.
        #[cfg_attr(test, ts(type = "number"))]
        hash: u64,
    },
    /// The tab became visible or hidden.
    Visible {
        /// It is visible.
        visible: bool,
    },
    /// What became of an act.
    Acted {
        /// Its number.
        id: u32,
        /// [`Outcome::Asking`] may come first; one of the others ends it.
        outcome: Outcome,
    },
    /// The elements in which somebody types now: all of them, whenever one comes or goes.
    Locks {
        /// No element twice.
        locks: Vec<Lock>,
    },
    /// The visitor puts a highlight on the page.
    Note {
        /// What.
        note: NewNote,
    },
    /// The visitor takes a note away.
    Dismiss {
        /// Which.
        note: NoteId,
    },
    /// The visitor chooses what agents may do from now on.
    Mode {
        /// Stepping down is always possible, stepping up where the site's rules have it.
        mode: Mode,
    },
    /// The visitor answers [`ToVisitor::Question`].
    Answer {
        /// The question's number.
        id: u32,
        /// Yes.
        allow: bool,
    },
    /// The visitor writes to the agents.
    Chat {
        /// 1 to 2,000 characters.
        text: String,
    },
    /// The visitor is writing, or stopped.
    Writing {
        /// There is unsent text that changed just now.
        writing: bool,
    },
    /// The visitor ends the session.
    End,
    /// A hosted page: where everything stands that is not for agents. All events up to then were sent before.
    Sample {
        /// The sample.
        sample: Sample,
    },
    /// What the page has beside its address: asked for by [`ToVisitor::Pack`], and from a hosted page whenever it changed.
    Baggage {
        /// It.
        baggage: Baggage,
        /// The question that it answers.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        #[cfg_attr(test, ts(optional))]
        pack: Option<u32>,
    },
    /// A hosted page: the visitor has to be asked about an act. Answered with [`ToVisitor::Allow`].
    Ask {
        /// The question.
        ask: AskAct,
    },
    /// A hosted page: that need not be answered any more.
    AskGone {
        /// Its number.
        id: u32,
    },
    /// A hosted page: the field with the focus, where it is, and what stands before its caret.
    Field {
        /// None: nothing takes text.
        field: Option<Field>,
    },
    /// A hosted page: a list of options was opened. Answered with [`ToVisitor::Choose`].
    List {
        /// None: it is closed.
        list: Option<List>,
    },
    /// A hosted page: answer to [`ToVisitor::Copy`].
    Copied {
        /// The selected text.
        text: String,
    },
    /// A hosted page: the shape of the cursor where the visitor's pointer is.
    Cursor {
        /// Keyword of the CSS property `cursor`.
        cursor: String,
    },
    /// The page has large canvases or WebGL, which the image way shows better. Told once a page.
    Suggest,
    /// Answered with [`ToVisitor::Pong`].
    Ping {
        /// Given back as it is.
        n: u32,
        /// Milliseconds that the ping before took there and back.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        #[cfg_attr(test, ts(optional))]
        rtt: Option<u32>,
    },
}

/// To the companion.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "t", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum ToVisitor {
    /// First message, and again whenever something in it changes.
    Session {
        /// Name of the agent who leads the session.
        agent: String,
        /// Everybody on the agents' side, but those who look in silently.
        people: Vec<Person>,
        /// What agents may do.
        mode: Mode,
        /// The site's rules.
        rules: Arc<Rules>,
        /// This tab is the one that agents see.
        shown: bool,
    },
    /// What is masked. Before the first of these the companion sends nothing of the page; another one is followed by [`ToVisitor::Resync`].
    Privacy {
        /// Sites, see [`MaskSite`]; the first is the one that the session started at.
        sites: Vec<MaskSite>,
    },
    /// Send a snapshot: the server has no state of this page, or lost step.
    Resync {
        /// The server has no pictures, styles and fonts either (it was started anew): load them once more, past the browser's cache.
        assets: bool,
    },
    /// Do this, if the page allows it, and answer with [`FromVisitor::Acted`].
    Act {
        /// Number of the act in the session.
        id: u32,
        /// Who asks.
        by: PersonId,
        /// The load of a page that the agent saw.
        #[cfg_attr(test, ts(type = "number"))]
        page: u64,
        /// The last batch of it that the agent saw: what the visitor did later, the agent did not know.
        after: u32,
        /// What is to be done.
        act: Act,
    },
    /// An agent's pointer.
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
    /// An agent makes an element move for a moment, to show where it is.
    Wiggle {
        /// Who.
        by: PersonId,
        /// The element.
        node: NodeId,
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
    },
    /// The visitor is asked something, and answers with [`FromVisitor::Answer`].
    Question {
        /// Its number.
        id: u32,
        /// Who asks.
        by: PersonId,
        /// What.
        what: Question,
    },
    /// A question need not be answered any more.
    Unasked {
        /// Its number.
        id: u32,
    },
    /// All that was written so far, in place of what was known.
    Chats {
        /// In order.
        messages: Vec<ChatMessage>,
    },
    /// Somebody wrote, the visitor included.
    Chat {
        /// What.
        message: ChatMessage,
    },
    /// An agent is writing, or stopped.
    Writing {
        /// Who.
        by: PersonId,
        /// They are.
        writing: bool,
    },
    /// The page's snapshot has come, and been applied. What follows it is not acknowledged one by one: a message out for each that comes in.
    Ack {
        /// The batch that began with it.
        seq: u32,
    },
    /// The page is not part of the session any more. The companion loads it anew: the server then shows why, and the way back.
    Reload,
    /// The session is over. The companion reloads the page: the server then shows why, and the way back to the site.
    Ended {
        /// Who or what ended it.
        by: EndedBy,
    },
    /// Tell what the page has beside its address, with [`FromVisitor::Baggage`].
    Pack {
        /// Number of the question.
        n: u32,
    },
    /// Put the fields and scrolling of this baggage in place, if the page is the one that it says; its storage is there already.
    Unpack {
        /// It.
        baggage: Baggage,
    },
    /// The session goes the image way: go there.
    Screen {
        /// Address of the screen.
        url: String,
    },
    /// To a hosted page: watch these nodes, too, in place of those named before: the wash shows agents something else in their place.
    Guard {
        /// Number of this message, from 1.
        n: u32,
        /// Elements and texts.
        nodes: Vec<NodeId>,
    },
    /// To a hosted page: tell a [`FromVisitor::Sample`] now.
    Look {
        /// Number of the question.
        n: u32,
    },
    /// To a hosted page: the visitor's answer to [`FromVisitor::Ask`].
    Allow {
        /// Its number.
        id: u32,
        /// Yes.
        allow: bool,
    },
    /// To a hosted page: what the visitor chose of [`FromVisitor::List`].
    Choose {
        /// The list's number.
        id: u32,
        /// Places of all options that are chosen now; none: it was closed.
        #[serde(skip_serializing_if = "Option::is_none", default)]
        #[cfg_attr(test, ts(optional))]
        options: Option<Vec<u32>>,
    },
    /// To a hosted page: tell the selected text, with [`FromVisitor::Copied`].
    Copy {
        /// And delete it where it stands.
        cut: bool,
    },
    /// Answer to [`FromVisitor::Ping`].
    Pong {
        /// As sent.
        n: u32,
    },
}

/// What a visitor is asked while a session runs. What is asked about single acts is the companion's, from [`ToVisitor::Act`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "q", rename_all = "camelCase", deny_unknown_fields)]
pub enum Question {
    /// May agents act, too?
    Share,
}
