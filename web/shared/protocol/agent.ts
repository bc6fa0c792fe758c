// Generated from src/protocol/agent.rs by `UPDATE=1 cargo test protocol`.
import type { PageEvent } from './page';

/**
 * What agents may do in a session.
 */
export type Mode = "view-only" | "shared";

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
 * Names of the agents watching.
 */
watchers: Array<string>, } | { "t": "pong",
/**
 * As sent.
 */
n: number, };

/**
 * From the console.
 */
export type FromConsole = { "t": "ping",
/**
 * Given back as it is.
 */
n: number, };

/**
 * To the viewer.
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
hash: number, } | { "t": "assets",
/**
 * Their keys, as in their addresses.
 */
keys: Array<string>, } | { "t": "ended",
/**
 * Who or what ended it.
 */
by: EndedBy, };

/**
 * From the viewer.
 */
export type FromViewer = { "t": "resync",
/**
 * The viewer found its page different from the server's.
 */
diverged: boolean, };

/**
 * Between the viewer's page and the console around it, by postMessage.
 */
export type ViewerToConsole = { "t": "page",
/**
 * Real address, scrubbed.
 */
url: string,
/**
 * Title, scrubbed.
 */
title: string,
/**
 * Width of the visitor's window in CSS pixels.
 */
width: number,
/**
 * Height of the visitor's window in CSS pixels.
 */
height: number, } | { "t": "link",
/**
 * It is connected.
 */
connected: boolean, };

/**
 * Between the console and the viewer's page in it, by postMessage.
 */
export type ConsoleToViewer = { "t": "refresh" };
