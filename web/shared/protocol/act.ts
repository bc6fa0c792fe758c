// Generated from src/protocol/act.rs by `UPDATE=1 cargo test protocol`.
import type { NodeId } from './page';
import type { PersonId } from './people';

/**
 * Something that the visitor's page is asked to do.
 */
export type Act = { "a": "click",
/**
 * The innermost element that was pressed.
 */
node: NodeId,
/**
 * Place within its box, 0 to 1 each.
 */
at: [number, number],
/**
 * How often in a row: 1, 2 or 3.
 */
count: number, } | { "a": "type",
/**
 * The field.
 */
node: NodeId,
/**
 * What is typed, in order.
 */
strokes: Array<Stroke>, } | { "a": "choose",
/**
 * The `select` or `input`.
 */
node: NodeId,
/**
 * What is chosen.
 */
choice: Choice, } | { "a": "check",
/**
 * The `input`.
 */
node: NodeId,
/**
 * Its new state.
 */
checked: boolean, } | { "a": "scroll",
/**
 * Element or document.
 */
node: NodeId,
/**
 * Offset, each as a part of what can be scrolled, 0 to 1, so that it means the same thing in another layout.
 */
to: [number, number], } | { "a": "navigate",
/**
 * A real address from the agent; a view URL to the companion.
 */
url: string, } | { "a": "back" } | { "a": "forward" } | { "a": "submit",
/**
 * The form, or a control in it.
 */
node: NodeId, };

/**
 *Kinds of acts, as rules name them.
 */
export type ActKind = "click" | "type" | "choose" | "check" | "scroll" | "navigate" | "back" | "forward" | "submit";

/**
 * A piece of typing.
 */
export type Stroke = { "text": string } | { "key": Key } | "all";

/**
 * A key that is no character; names as in `KeyboardEvent.key` (UI Events, named key attribute values).
 */
export type Key = "Enter" | "Tab" | "Escape" | "Backspace" | "Delete" | "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown" | "Home" | "End" | "PageUp" | "PageDown";

/**
 * What is chosen.
 */
export type Choice = { "options": Array<NodeId> } | { "value": string };

/**
 * What became of a request.
 */
export type Outcome = { "o": "done" } | { "o": "asking" } | { "o": "denied",
/**
 * Why.
 */
reason: Denial, };

/**
 * Why a request was not done.
 */
export type Denial = "inactive" | "role" | "mode" | "rule" | "address" | "masked" | "locked" | "conflict" | "gone" | "unfit" | "declined" | "unanswered" | "away" | "unavailable" | "too-much";

/**
 * An element in which somebody types; nobody else may meanwhile. It ends when they leave it, or after 5 seconds of silence.
 */
export type Lock = {
/**
 * The element.
 */
node: NodeId,
/**
 * Who types.
 */
by: PersonId, };
