// Generated from src/protocol/hosted.rs by `UPDATE=1 cargo test protocol`.
import type { ActKind } from './act';
import type { NodeId } from './page';
import type { PersonId } from './people';

/**
 * A field with the focus.
 */
export type Field = {
/**
 * `type` of an input, `textarea`, or `editable`.
 */
kind: string,
/**
 * Attributes `inputmode`, `enterkeyhint` and `autocapitalize`; empty: none.
 */
hints: [string, string, string],
/**
 * Box in CSS pixels of the layout viewport: left, top, width, height.
 */
place: [number, number, number, number],
/**
 * Text before the caret, as much as keyboards look at: 100 characters at most; empty in a password.
 */
before: string, };

/**
 * An open list of options, in place of the one that a browser would draw.
 */
export type List = {
/**
 * Its number.
 */
id: number,
/**
 * Box of the `select` in CSS pixels of the layout viewport: left, top, width, height.
 */
place: [number, number, number, number],
/**
 * More than one may be chosen.
 */
multiple: boolean,
/**
 * Its options, in order.
 */
options: Array<ListOption>, };

/**
 * An option of a list.
 */
export type ListOption = {
/**
 * What it says.
 */
label: string,
/**
 * Label of its group; empty: none.
 */
group: string,
/**
 * It is chosen.
 */
selected: boolean,
/**
 * It cannot be.
 */
disabled: boolean, };

/**
 * A question about an act, which the hosted page's companion would ask if somebody sat before it.
 */
export type AskAct = {
/**
 * Its number.
 */
id: number,
/**
 * Who wants it.
 */
by: PersonId,
/**
 * What.
 */
act: ActKind,
/**
 * The question in words.
 */
text: string,
/**
 * Box of the element in CSS pixels of the layout viewport: left, top, width, height; none: no element.
 */
place: [number, number, number, number] | null, };

/**
 * What stands somewhere that is not for agents, or is under watch because the server said so.
 */
export type Stand = {
/**
 * Element or text.
 */
node: NodeId,
/**
 * All boxes in which it is drawn, and what is drawn of it beside them: left, top, width, height in CSS pixels of the layout viewport. Empty: nowhere.
 */
boxes: Array<[number, number, number, number]>, };

/**
 * Where everything stands that is not for agents, at one moment.
 */
export type Sample = {
/**
 * The load of the page.
 */
page: number,
/**
 * The last batch of events: all that happened before this sample is in it and those before it.
 */
seq: number,
/**
 * Number of the newest [`ToVisitor::Guard`] that it obeys; 0: none yet.
 */
guard: number,
/**
 * When: milliseconds since 1970, as `performance.timeOrigin + performance.now()`.
 */
at: number,
/**
 * The question that it answers, [`ToVisitor::Look`]; absent: it came by itself.
 */
look?: number,
/**
 * What the page's own masks cover and what the guard names. Whatever was there since the last sample and is not any more stands in it once more, where it was.
 */
stands: Array<Stand>, };

/**
 * What a page has beside its address and the jar. Its texts are the visitor's: they never print.
 */
export type Baggage = {
/**
 * View URL of the document.
 */
url: string,
/**
 * `localStorage` of its origin.
 */
local: Array<[string, string]>,
/**
 * `sessionStorage` of its origin.
 */
session: Array<[string, string]>,
/**
 * Fields whose state is not what the markup says.
 */
fields: Array<FieldState>,
/**
 * What is scrolled: a path as in [`FieldState`] (empty: the document), and the offset in CSS pixels.
 */
scrolls: Array<[string, number, number]>, };

/**
 * State of a field.
 */
export type FieldState = {
/**
 * Where it is: a CSS selector that matches it alone; through open shadow roots and same-origin frames with ` >>> `.
 */
path: string,
/**
 * Text of an input, textarea or editable element.
 */
value?: string,
/**
 * Checked.
 */
checked?: boolean,
/**
 * Places of the options that are selected.
 */
selected?: Array<number>, };
