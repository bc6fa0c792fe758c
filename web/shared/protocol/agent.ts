// Generated from src/protocol/agent.rs by `UPDATE=1 cargo test protocol`.
import type { Act, Lock, Outcome } from './act';
import type { ChatMessage } from './chat';
import type { ImageOffer, ImageState, Way } from './image';
import type { NewNote, Note, NoteId } from './note';
import type { NodeId, PageEvent, Pointer } from './page';
import type { Mode, Person, PersonId, Priority, Role, Rules } from './people';

/**
 * Who or what ended a session.
 */
export type EndedBy = "visitor" | "agent" | "denied" | "expired" | "shutdown";

/**
 * Where a session stands.
 */
export type SessionState = { "state": "waiting" } | { "state": "asked" } | { "state": "active" } | { "state": "ended",
/**
 * Who or what ended it.
 */
by: EndedBy, };

/**
 * The visitor's connection, as the console shows it.
 */
export type Presence = "none" | "here" | "hidden" | "away";

/**
 * A tab of the visitor's.
 */
export type Tab = {
/**
 * Its number in the session.
 */
id: number,
/**
 * Title of its page when it was shown last, washed; empty: not shown yet.
 */
title: string,
/**
 * It is the one that agents see.
 */
shown: boolean,
/**
 * It is in front at the visitor's.
 */
front: boolean, };

/**
 * To the console.
 */
export type ToConsole = { "t": "status",
/**
 * Where the session stands.
 */
session: SessionState,
/**
 * The visitor's connection.
 */
visitor: Presence,
/**
 * Milliseconds there and back between the visitor's page and the server.
 */
rtt?: number,
/**
 * What agents may do.
 */
mode: Mode,
/**
 * The visitor is being asked whether agents may act.
 */
asking: boolean,
/**
 * Whose session is looked after first.
 */
priority: Priority,
/**
 * The reader's number.
 */
you: PersonId,
/**
 * What the reader is here.
 */
role: Role,
/**
 * Everybody on the agents' side; those who look in silently only to each other.
 */
people: Array<Person>,
/**
 * The visitor's tabs.
 */
tabs: Array<Tab>,
/**
 * The site's rules.
 */
rules: Rules,
/**
 * The page that the visitor has open is not part of the session any more (the rules changed, or the page went elsewhere by itself): agents see nothing of it.
 */
outside?: boolean,
/**
 * How the page is shown.
 */
way: Way,
/**
 * How the pictures stand.
 */
image: ImageState,
/**
 * Whether the image way can be gone.
 */
offer: ImageOffer,
/**
 * The page would be shown better by pictures.
 */
suggest?: boolean,
/**
 * Agents get no pictures of this page: the site is private, or rules change what is drawn in places that nobody can name.
 */
veiled?: boolean, } | { "t": "chats",
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
writing: boolean, } | { "t": "outcome",
/**
 * The request's number; 0: that of [`FromConsole::Writing`], which has none.
 */
n: number,
/**
 * Done, asking, or denied.
 */
outcome: Outcome, } | { "t": "pong",
/**
 * As sent.
 */
n: number, };

/**
 * From the console. `n` is the request's number, given back with its outcome.
 */
export type FromConsole = { "t": "mode",
/**
 * Request.
 */
n: number,
/**
 * The new mode.
 */
mode: Mode, } | { "t": "way",
/**
 * Request.
 */
n: number,
/**
 * How.
 */
way: Way, } | { "t": "priority",
/**
 * Request.
 */
n: number,
/**
 * The new priority.
 */
priority: Priority, } | { "t": "chat",
/**
 * Request.
 */
n: number,
/**
 * 1 to 2,000 characters.
 */
text: string, } | { "t": "writing",
/**
 * There is unsent text that changed just now.
 */
writing: boolean, } | { "t": "invite",
/**
 * Request.
 */
n: number,
/**
 * Account name.
 */
name: string, } | { "t": "handOver",
/**
 * Request.
 */
n: number,
/**
 * To whom: somebody who takes part.
 */
to: PersonId, } | { "t": "remove",
/**
 * Request.
 */
n: number,
/**
 * Whom.
 */
person: PersonId, } | { "t": "ping",
/**
 * Given back as it is.
 */
n: number,
/**
 * Milliseconds that the ping before took there and back.
 */
rtt?: number, };

/**
 * To the viewer. [`ToViewer::Session`] comes first.
 */
export type ToViewer = { "t": "events",
/**
 * The session's number of this message.
 */
seq: number,
/**
 * What happened.
 */
events: Array<PageEvent>, } | { "t": "hash",
/**
 * After which message.
 */
seq: number,
/**
 * 53-bit hash.
 */
hash: number, } | { "t": "session",
/**
 * The reader's number.
 */
you: PersonId,
/**
 * What the reader is here.
 */
role: Role,
/**
 * What agents may do.
 */
mode: Mode,
/**
 * Everybody on the agents' side.
 */
people: Array<Person>,
/**
 * The site's rules.
 */
rules: Rules,
/**
 * The visitor's connection.
 */
visitor: Presence,
/**
 * How the page is shown.
 */
way: Way, } | { "t": "outcome",
/**
 * The request's number; 0: a pointer's, which has none.
 */
n: number,
/**
 * Done, asking, or denied.
 */
outcome: Outcome, } | { "t": "pointer",
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
laser?: boolean, } | { "t": "locks",
/**
 * All of them.
 */
locks: Array<Lock>, } | { "t": "notes",
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
id: NoteId,
/**
 * Who took it away.
 */
by: PersonId, } | { "t": "assets",
/**
 * Their keys, as in their addresses.
 */
keys: Array<string>, } | { "t": "ended",
/**
 * Who or what ended it.
 */
by: EndedBy, };

/**
 * From the viewer. `n` is the request's number, from 1, given back with its outcome.
 */
export type FromViewer = { "t": "resync",
/**
 * The viewer found its page different from the server's.
 */
diverged: boolean, } | { "t": "act",
/**
 * Request.
 */
n: number,
/**
 * Number of the last message of events that the viewer had applied: what came later, the agent did not know.
 */
seen: number,
/**
 * What.
 */
act: Act, } | { "t": "pointer",
/**
 * Where, and what it did.
 */
pointer: Pointer,
/**
 * It leaves a trail.
 */
laser?: boolean, } | { "t": "wiggle",
/**
 * Request.
 */
n: number,
/**
 * The element.
 */
node: NodeId, } | { "t": "note",
/**
 * Request.
 */
n: number,
/**
 * What.
 */
note: NewNote, } | { "t": "unnote",
/**
 * Request.
 */
n: number,
/**
 * Which.
 */
id: NoteId, } | { "t": "clear",
/**
 * Request.
 */
n: number, };
