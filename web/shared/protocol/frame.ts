// Generated from src/protocol/frame.rs by `UPDATE=1 cargo test protocol`.
import type { Act, ActKind, Denial } from './act';

/**
 * What the agent's hand does in the view.
 */
export type Hand = "act" | "laser" | "label" | "element" | "area" | "text" | "freehand" | "line" | "arrow" | "rectangle";

/**
 * How large the visitor's window is drawn.
 */
export type Zoom = "whole" | "width" | { "percent": number };

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
connected: boolean, } | { "t": "view",
/**
 * What the hand does.
 */
hand: Hand,
/**
 * How large.
 */
zoom: Zoom,
/**
 * In percent, as it comes out.
 */
percent: number,
/**
 * It follows the visitor's scrolling; false: the agent looks around freely.
 */
following: boolean,
/**
 * Notes of the agents' side that are there.
 */
notes: number, } | { "t": "acted",
/**
 * Kind of act.
 */
kind: ActKind,
/**
 * Why it was denied; absent: it was done.
 */
denied?: Denial, } | { "t": "refused",
/**
 * Why.
 */
reason: Denial, } | { "t": "picture",
/**
 * The picture.
 */
url: string, } | { "t": "leave",
/**
 * With Shift: to the one before.
 */
back: boolean, };

/**
 * Between the console and the viewer's page in it, by postMessage.
 */
export type ConsoleToViewer = { "t": "refresh" } | { "t": "hand",
/**
 * What.
 */
hand: Hand,
/**
 * Text of the labels that it puts; absent: ask for it each time.
 */
text?: string, } | { "t": "zoom",
/**
 * How large.
 */
zoom: Zoom, } | { "t": "follow",
/**
 * Follow.
 */
follow: boolean, } | { "t": "bring" } | { "t": "undo" } | { "t": "clear" } | { "t": "picture" } | { "t": "act",
/**
 * What.
 */
act: Act, } | { "t": "focus" };
