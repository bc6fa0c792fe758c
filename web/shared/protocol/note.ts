// Generated from src/protocol/note.rs by `UPDATE=1 cargo test protocol`.
import type { NodeId, Range } from './page';
import type { PersonId } from './people';

/**
 * Number of a note in its session.
 */
export type NoteId = number;

/**
 * A note as both sides draw it.
 */
export type Note = {
/**
 * Its number.
 */
id: NoteId,
/**
 * Whose it is.
 */
by: PersonId,
/**
 * The element that it is bound to; absent while that is not on the page (another page is shown, or the element is gone for now).
 */
node?: NodeId,
/**
 * What it is.
 */
shape: Shape, };

/**
 * What a note is. Places are parts of the element's box, 0 to 1 within it; marks may reach beyond.
 */
export type Shape = { "s": "label",
/**
 * 1 to 300 characters.
 */
text: string,
/**
 * The point of the element's box that its tip points at.
 */
at: [number, number], } | { "s": "element" } | { "s": "area",
/**
 * One corner.
 */
from: [number, number],
/**
 * The corner across.
 */
to: [number, number], } | { "s": "text",
/**
 * The selected range.
 */
range: Range, } | { "s": "freehand",
/**
 * Where the pen went.
 */
points: Array<[number, number]>, } | { "s": "line",
/**
 * One end.
 */
from: [number, number],
/**
 * The other.
 */
to: [number, number], } | { "s": "arrow",
/**
 * Its tail.
 */
from: [number, number],
/**
 * Its head.
 */
to: [number, number], } | { "s": "rectangle",
/**
 * One corner.
 */
from: [number, number],
/**
 * The corner across.
 */
to: [number, number], };

/**
 * A note to be made.
 */
export type NewNote = {
/**
 * The element that it is bound to.
 */
node: NodeId,
/**
 * What it is.
 */
shape: Shape, };
