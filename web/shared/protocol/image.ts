// Generated from src/protocol/image.rs by `UPDATE=1 cargo test protocol`.
import type { AskAct, Field, List } from './hosted';
import type { FromVisitor, ToVisitor } from './visitor';

/**
 * How a session shows the page.
 */
export type Way = "page" | "image";

/**
 * How the image way stands.
 */
export type ImageState = "off" | "starting" | "live" | "restarting" | "failed";

/**
 * Whether the image way can be gone, as consoles are told.
 */
export type ImageOffer = "ready" | "off" | "no-chrome" | "no-sandbox" | "full";

/**
 * The visitor's device, which the hosted page is to have, too.
 */
export type Device = {
/**
 * CSS pixels, 200 to 4,000.
 */
width: number,
/**
 * CSS pixels, 200 to 4,000.
 */
height: number,
/**
 * Device pixels per CSS pixel, 0.5 to 4.
 */
density: number,
/**
 * Its main pointer is a finger.
 */
touch: boolean,
/**
 * A phone or tablet: the layout obeys the page's viewport element.
 */
mobile: boolean,
/**
 * `screen.orientation` is a landscape one.
 */
landscape: boolean,
/**
 * It prefers dark colours.
 */
dark: boolean,
/**
 * It prefers less motion.
 */
still: boolean,
/**
 * `navigator.languages`.
 */
languages: Array<string>,
/**
 * IANA name, such as `Europe/Berlin`.
 */
timeZone: string, };

/**
 * What the visitor does with the picture. Places are CSS pixels of the hosted page's layout viewport.
 */
export type Input = { "i": "mouse",
/**
 * What it did.
 */
action: MouseAction,
/**
 * Place.
 */
x: number,
/**
 * Place.
 */
y: number,
/**
 * `MouseEvent.button` of what went down or up.
 */
button: number,
/**
 * `MouseEvent.buttons` after it.
 */
buttons: number,
/**
 * Presses in a row.
 */
count: number,
/**
 * Keys.
 */
held: number, } | { "i": "wheel",
/**
 * Place.
 */
x: number,
/**
 * Place.
 */
y: number,
/**
 * CSS pixels to the right.
 */
dx: number,
/**
 * CSS pixels down.
 */
dy: number,
/**
 * Keys.
 */
held: number, } | { "i": "touch",
/**
 * What happened.
 */
action: TouchAction,
/**
 * Identifier and place of each.
 */
points: Array<[number, number, number]>,
/**
 * Keys.
 */
held: number, } | { "i": "key",
/**
 * It went down; false: up.
 */
down: boolean,
/**
 * `KeyboardEvent.key`.
 */
key: string,
/**
 * `KeyboardEvent.code`.
 */
code: string,
/**
 * `KeyboardEvent.location`.
 */
location: number,
/**
 * It is held and repeats.
 */
repeat: boolean,
/**
 * Keys.
 */
held: number, } | { "i": "text",
/**
 * At most 100,000 characters.
 */
text: string, } | { "i": "compose",
/**
 * The text.
 */
text: string,
/**
 * Selected part of it, in UTF-16 units.
 */
selection: [number, number], };

/**
 * What a mouse did.
 */
export type MouseAction = "move" | "down" | "up";

/**
 * What fingers did.
 */
export type TouchAction = "start" | "move" | "end" | "cancel";

/**
 * From the screen.
 */
export type FromScreen = { "t": "device",
/**
 * The device.
 */
device: Device, } | { "t": "input",
/**
 * Number from 1, for measuring.
 */
n: number,
/**
 * What.
 */
input: Input, } | { "t": "drawn",
/**
 * Its number.
 */
frame: number, } | { "t": "visitor",
/**
 * What.
 */
message: FromVisitor, } | { "t": "step",
/**
 * Which.
 */
step: Step, } | { "t": "dialog",
/**
 * OK or Leave.
 */
accept: boolean,
/**
 * What was written into a prompt.
 */
text?: string, } | { "t": "choose",
/**
 * The list's number.
 */
id: number,
/**
 * Places.
 */
options?: Array<number>, } | { "t": "files",
/**
 * The chooser's number.
 */
id: number,
/**
 * Keys.
 */
keys: Array<string>, } | { "t": "copy",
/**
 * Cut.
 */
cut: boolean, } | { "t": "allow",
/**
 * Its number.
 */
id: number,
/**
 * Yes.
 */
allow: boolean, } | { "t": "leave" };

/**
 * A step in a tab's history.
 */
export type Step = "back" | "forward" | "reload";

/**
 * To the screen.
 */
export type ToScreen = { "t": "visitor",
/**
 * What.
 */
message: ToVisitor, } | { "t": "state",
/**
 * How.
 */
state: ImageState, } | { "t": "page",
/**
 * Real address.
 */
url: string,
/**
 * Title.
 */
title: string,
/**
 * It is being loaded.
 */
loading: boolean,
/**
 * There is something to go back to.
 */
back: boolean,
/**
 * There is something to go forward to.
 */
forward: boolean, } | { "t": "cursor",
/**
 * Keyword.
 */
cursor: string, } | { "t": "field",
/**
 * The field.
 */
field: Field | null, } | { "t": "dialog",
/**
 * The dialog.
 */
dialog: Dialog, } | { "t": "dialogGone" } | { "t": "list",
/**
 * The list.
 */
list: List, } | { "t": "listGone" } | { "t": "chooser",
/**
 * Its number.
 */
id: number,
/**
 * More than one may be chosen.
 */
multiple: boolean,
/**
 * As the attribute `accept` has it.
 */
accept: string, } | { "t": "copied",
/**
 * The text.
 */
text: string, } | { "t": "ask",
/**
 * What.
 */
ask: AskAct, } | { "t": "askGone",
/**
 * Its number.
 */
id: number, } | { "t": "leave",
/**
 * Where the browser goes to.
 */
url: string, };

/**
 * A dialog of the page.
 */
export type Dialog = {
/**
 * Which function was called.
 */
kind: DialogKind,
/**
 * What it says; to agents scrubbed.
 */
text: string,
/**
 * What stands in a prompt; nothing to agents.
 */
value: string, };

/**
 * Kinds of dialogs.
 */
export type DialogKind = "alert" | "confirm" | "prompt" | "leave";

/**
 * From an agent's view about pictures.
 */
export type FromPictures = { "t": "drawn",
/**
 * Its number.
 */
frame: number, };

/**
 * To an agent's view, beside the frames.
 */
export type ToPictures = { "t": "state",
/**
 * How.
 */
state: ImageState, } | { "t": "dialog",
/**
 * The dialog.
 */
dialog: Dialog, } | { "t": "dialogGone" } | { "t": "list",
/**
 * Box of the list's element: left, top, width, height.
 */
place: [number, number, number, number], } | { "t": "listGone" };
