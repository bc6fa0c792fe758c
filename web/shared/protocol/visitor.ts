// Generated from src/protocol/visitor.rs by `UPDATE=1 cargo test protocol`.
import type { EndedBy, Mode } from './agent';
import type { PageEvent } from './page';

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
companion: string, };

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
visible: boolean, } | { "t": "end" } | { "t": "ping",
/**
 * Given back as it is.
 */
n: number, };

/**
 * To the companion.
 */
export type ToVisitor = { "t": "session",
/**
 * The agent who started the session.
 */
agent: string,
/**
 * Who is watching now, by name.
 */
watchers: Array<string>,
/**
 * What agents may do.
 */
mode: Mode, } | { "t": "resync" } | { "t": "ack",
/**
 * The batch.
 */
seq: number, } | { "t": "ended",
/**
 * Who or what ended it.
 */
by: EndedBy, } | { "t": "pong",
/**
 * As sent.
 */
n: number, };
