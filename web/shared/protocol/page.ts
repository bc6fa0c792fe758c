// Generated from src/protocol/page.rs by `UPDATE=1 cargo test protocol`.

/**
 * Id of a node or a constructed style sheet, unique within a page from its snapshot on.
 *
 * Frame number times 2^32 plus a counter that starts at 1, so that frames that capture themselves (those of
 * another origin) never collide with the page around them. Always exact as a JavaScript number (below 2^53).
 */
export type NodeId = number;

/**
 * One change of a page.
 */
export type PageEvent = { "t": "snapshot" } & Snapshot | { "t": "add",
/**
 * Records in document order.
 */
nodes: Array<NodeRecord>, } | { "t": "remove",
/**
 * The root of what went.
 */
node: NodeId, } | { "t": "move",
/**
 * What moved.
 */
node: NodeId,
/**
 * Its new parent.
 */
parent: NodeId,
/**
 * Its next captured sibling; absent: last.
 */
before?: NodeId, } | { "t": "attribute",
/**
 * The element.
 */
node: NodeId,
/**
 * Qualified name, as in the document (`href`, `xlink:href`).
 */
name: string,
/**
 * New value.
 */
value: string | null, } | { "t": "text",
/**
 * The text node.
 */
node: NodeId,
/**
 * Its whole new data.
 */
text: string, } | { "t": "state",
/**
 * An element, document or shadow root.
 */
node: NodeId,
/**
 * What changed.
 */
state: NodeState, } | { "t": "sheet",
/**
 * Sheet or element.
 */
sheet: NodeId,
/**
 * One serialised rule each.
 */
rules: Array<string> | null, } | { "t": "insertRule",
/**
 * Sheet or element.
 */
sheet: NodeId,
/**
 * Place among the rules.
 */
index: number,
/**
 * The serialised rule.
 */
rule: string, } | { "t": "deleteRule",
/**
 * Sheet or element.
 */
sheet: NodeId,
/**
 * Place among the rules.
 */
index: number, } | { "t": "focus",
/**
 * The innermost focused element, within shadow roots and frames.
 */
node: NodeId | null, } | { "t": "selection",
/**
 * The selected range.
 */
range: Range | null, } | { "t": "viewport" } & Viewport | { "t": "pointer" } & Pointer | { "t": "url",
/**
 * The new address: a view URL from the companion, a real one to watchers.
 */
url: string, };

/**
 * A whole page.
 */
export type Snapshot = {
/**
 * Address: a view URL from the companion, a real one to watchers.
 */
url: string,
/**
 * The visitor's window.
 */
viewport: Viewport,
/**
 * All nodes in document order; the first is the top document, the only one without a parent.
 */
nodes: Array<NodeRecord>,
/**
 * Constructed sheets and changed sheets of elements.
 */
sheets: Array<SheetRecord>,
/**
 * The focused element.
 */
focus?: NodeId, };

/**
 * Rules of a sheet, see [`PageEvent::Sheet`].
 */
export type SheetRecord = {
/**
 * Sheet or element.
 */
sheet: NodeId,
/**
 * One serialised rule each.
 */
rules: Array<string>, };

/**
 * A node and where it stands.
 */
export type NodeRecord = {
/**
 * Its id.
 */
id: NodeId,
/**
 * Its parent; for a frame's document the frame element, for a shadow root its host. Absent for the top document.
 */
parent?: NodeId,
/**
 * Its next captured sibling, on the root of an [`PageEvent::Add`] alone; absent: last.
 */
before?: NodeId,
/**
 * What it is.
 */
node: Node,
/**
 * State that no attribute shows.
 */
state?: NodeState, };

/**
 * What a node is. Comments and processing instructions are not captured.
 */
export type Node = { "k": "document",
/**
 * Its address: a view URL from the companion; absent to watchers.
 */
url?: string,
/**
 * `document.compatMode` is `BackCompat`.
 */
quirks?: boolean, } | { "k": "doctype",
/**
 * Name, as in `html`.
 */
name: string,
/**
 * Public identifier.
 */
publicId: string,
/**
 * System identifier.
 */
systemId: string, } | { "k": "element",
/**
 * Qualified name in the case that the document has (`div`, `linearGradient`).
 */
name: string,
/**
 * Namespace; absent: HTML.
 */
ns?: Namespace,
/**
 * Qualified names and values, in document order.
 */
attrs?: Array<[string, string]>, } | { "k": "text",
/**
 * Its data.
 */
text: string, } | { "k": "shadowRoot",
/**
 * Focus goes to its first focusable element.
 */
delegatesFocus?: boolean, };

/**
 * An element's namespace.
 */
export type Namespace = "html" | "svg" | "mathml" | "other";

/**
 * State of a node that no attribute shows. In an event, an absent field means no change.
 */
export type NodeState = {
/**
 * Value of an input, textarea (never of a file input); stars when `masked`.
 */
value?: string,
/**
 * The value is masked: it never left the visitor's browser.
 */
masked?: boolean,
/**
 * Checkbox or radio is checked.
 */
checked?: boolean,
/**
 * Checkbox shows its third state.
 */
indeterminate?: boolean,
/**
 * Option is selected.
 */
selected?: boolean,
/**
 * Scroll offset, of an element, or of a document's viewport, in CSS pixels.
 */
scroll?: [number, number],
/**
 * Dialog is shown as a modal one.
 */
modal?: boolean,
/**
 * Popover is shown.
 */
popover?: boolean,
/**
 * Audio or video.
 */
media?: MediaState,
/**
 * Canvas: its picture as a `data:image/...` URL.
 */
canvas?: string,
/**
 * Document or shadow root: its adopted sheets, in order.
 */
adopted?: Array<NodeId>,
/**
 * Width and height of the element's border box, in CSS pixels: told of what agents may see as a box alone, because a rule hides it, because it is
 * not on the allowlist, or because it holds something that is not captured.
 */
size?: [number, number],
/**
 * Custom element is defined (`:defined`).
 */
defined?: boolean, };

/**
 * State of audio or video.
 */
export type MediaState = {
/**
 * Seconds from the start.
 */
time: number,
/**
 * Not running.
 */
paused: boolean,
/**
 * Speed, 1 is normal.
 */
rate: number, };

/**
 * A text selection.
 */
export type Range = {
/**
 * Where it begins.
 */
start: NodeId,
/**
 * Offset in UTF-16 units, or children.
 */
startOffset: number,
/**
 * Where it ends.
 */
end: NodeId,
/**
 * Offset in UTF-16 units, or children; [`Range::WHOLE`]: the end of the text.
 */
endOffset: number, };

/**
 * The visitor's window.
 */
export type Viewport = {
/**
 * Layout viewport in CSS pixels, scroll bars included.
 */
width: number,
/**
 * Layout viewport in CSS pixels, scroll bars included.
 */
height: number,
/**
 * Device pixels per CSS pixel.
 */
density: number,
/**
 * Pinch zoom.
 */
zoom: number,
/**
 * Visual viewport's offset within the layout viewport, in CSS pixels.
 */
offset: [number, number], };

/**
 * The visitor's pointer.
 */
export type Pointer = {
/**
 * What it did.
 */
action: PointerAction,
/**
 * The element under it; absent outside the page.
 */
node?: NodeId,
/**
 * Place within the element's box, 0 to 1 each, so that it means the same thing in another layout.
 */
at: [number, number], };

/**
 * What a pointer did.
 */
export type PointerAction = "move" | "down" | "up" | "leave";
