// Generated from src/protocol/visitor.rs by `UPDATE=1 cargo test protocol`.
import type { Act, Lock, Outcome } from './act';
import type { EndedBy } from './agent';
import type { ChatMessage } from './chat';
import type { AskAct, Baggage, Field, List, Sample } from './hosted';
import type { NewNote, Note, NoteId } from './note';
import type { NodeId, PageEvent, Pointer } from './page';
import type { Mode, Person, PersonId, Rules } from './people';
import type { MaskSite } from './rules';

/**
 * What the server tells the shim about the document that it stands in: the `data-config` attribute of the shim's script element, as JSON.
 */
export type PageConfig = {
/**
 * The session's id.
 */
sid: string,
/**
 * The view domain, such as `view.localhost`.
 */
domain: string,
/**
 * Scheme by which browsers reach us: `http` or `https`.
 */
scheme: string,
/**
 * Port by which browsers reach us.
 */
port: number,
/**
 * Real address of the document, without fragment.
 */
url: string,
/**
 * Real origin behind this view origin.
 */
origin: string,
/**
 * Real address for `document.referrer`; empty: none.
 */
referrer: string,
/**
 * The cookies that scripts may see here, as `document.cookie` writes them.
 */
cookie: string,
/**
 * Address of the companion's script on this origin.
 */
companion: string,
/**
 * The page is opened by our own Chrome, for image mode.
 */
hosted?: boolean, };

/**
 * From the companion.
 */
export type FromVisitor = { "t": "events",
/**
 * Random id of the page's load, below 2^53.
 */
page: number,
/**
 * Number of the batch within the page, from 0. Batch 0 of a socket's page begins with a snapshot; after a gap the
 * server asks for [`ToVisitor::Resync`].
 */
seq: number,
/**
 * What happened.
 */
events: Array<PageEvent>, } | { "t": "hash",
/**
 * The page.
 */
page: number,
/**
 * After which batch.
 */
seq: number,
/**
 * 53-bit hash.
 */
hash: number, } | { "t": "visible",
/**
 * It is visible.
 */
visible: boolean, } | { "t": "acted",
/**
 * Its number.
 */
id: number,
/**
 * [`Outcome::Asking`] may come first; one of the others ends it.
 */
outcome: Outcome, } | { "t": "locks",
/**
 * No element twice.
 */
locks: Array<Lock>, } | { "t": "note",
/**
 * What.
 */
note: NewNote, } | { "t": "dismiss",
/**
 * Which.
 */
note: NoteId, } | { "t": "mode",
/**
 * Stepping down is always possible, stepping up where the site's rules have it.
 */
mode: Mode, } | { "t": "answer",
/**
 * The question's number.
 */
id: number,
/**
 * Yes.
 */
allow: boolean, } | { "t": "chat",
/**
 * 1 to 2,000 characters.
 */
text: string, } | { "t": "writing",
/**
 * There is unsent text that changed just now.
 */
writing: boolean, } | { "t": "end" } | { "t": "sample",
/**
 * The sample.
 */
sample: Sample, } | { "t": "baggage",
/**
 * It.
 */
baggage: Baggage,
/**
 * The question that it answers.
 */
pack?: number, } | { "t": "ask",
/**
 * The question.
 */
ask: AskAct, } | { "t": "askGone",
/**
 * Its number.
 */
id: number, } | { "t": "field",
/**
 * None: nothing takes text.
 */
field: Field | null, } | { "t": "list",
/**
 * None: it is closed.
 */
list: List | null, } | { "t": "copied",
/**
 * The selected text.
 */
text: string, } | { "t": "cursor",
/**
 * Keyword of the CSS property `cursor`.
 */
cursor: string, } | { "t": "suggest" } | { "t": "ping",
/**
 * Given back as it is.
 */
n: number,
/**
 * Milliseconds that the ping before took there and back.
 */
rtt?: number, };

/**
 * To the companion.
 */
export type ToVisitor = { "t": "session",
/**
 * Name of the agent who leads the session.
 */
agent: string,
/**
 * Everybody on the agents' side, but those who look in silently.
 */
people: Array<Person>,
/**
 * What agents may do.
 */
mode: Mode,
/**
 * The site's rules.
 */
rules: Rules,
/**
 * This tab is the one that agents see.
 */
shown: boolean, } | { "t": "privacy",
/**
 * Sites, see [`MaskSite`]; the first is the one that the session started at.
 */
sites: Array<MaskSite>, } | { "t": "resync",
/**
 * The server has no pictures, styles and fonts either (it was started anew): load them once more, past the browser's cache.
 */
assets: boolean, } | { "t": "act",
/**
 * Number of the act in the session.
 */
id: number,
/**
 * Who asks.
 */
by: PersonId,
/**
 * The load of a page that the agent saw.
 */
page: number,
/**
 * The last batch of it that the agent saw: what the visitor did later, the agent did not know.
 */
after: number,
/**
 * What is to be done.
 */
act: Act, } | { "t": "pointer",
/**
 * Whose.
 */
by: PersonId,
/**
 * Where, and what it did.
 */
pointer: Pointer,
/**
 * It leaves a trail.
 */
laser?: boolean, } | { "t": "wiggle",
/**
 * Who.
 */
by: PersonId,
/**
 * The element.
 */
node: NodeId, } | { "t": "notes",
/**
 * In the order in which they were made.
 */
notes: Array<Note>, } | { "t": "note",
/**
 * The note.
 */
note: Note, } | { "t": "noteGone",
/**
 * Which.
 */
id: NoteId, } | { "t": "question",
/**
 * Its number.
 */
id: number,
/**
 * Who asks.
 */
by: PersonId,
/**
 * What.
 */
what: Question, } | { "t": "unasked",
/**
 * Its number.
 */
id: number, } | { "t": "chats",
/**
 * In order.
 */
messages: Array<ChatMessage>, } | { "t": "chat",
/**
 * What.
 */
message: ChatMessage, } | { "t": "writing",
/**
 * Who.
 */
by: PersonId,
/**
 * They are.
 */
writing: boolean, } | { "t": "ack",
/**
 * The batch that began with it.
 */
seq: number, } | { "t": "reload" } | { "t": "ended",
/**
 * Who or what ended it.
 */
by: EndedBy, } | { "t": "pack",
/**
 * Number of the question.
 */
n: number, } | { "t": "unpack",
/**
 * It.
 */
baggage: Baggage, } | { "t": "screen",
/**
 * Address of the screen.
 */
url: string, } | { "t": "guard",
/**
 * Number of this message, from 1.
 */
n: number,
/**
 * Elements and texts.
 */
nodes: Array<NodeId>, } | { "t": "look",
/**
 * Number of the question.
 */
n: number, } | { "t": "allow",
/**
 * Its number.
 */
id: number,
/**
 * Yes.
 */
allow: boolean, } | { "t": "choose",
/**
 * The list's number.
 */
id: number,
/**
 * Places of all options that are chosen now; none: it was closed.
 */
options?: Array<number>, } | { "t": "copy",
/**
 * And delete it where it stands.
 */
cut: boolean, } | { "t": "pong",
/**
 * As sent.
 */
n: number, };

/**
 * What a visitor is asked while a session runs. What is asked about single acts is the companion's, from [`ToVisitor::Act`].
 */
export type Question = { "q": "share" };
