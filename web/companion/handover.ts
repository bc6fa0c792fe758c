// What the shim leaves for the companion: `window[Symbol.for('alongside')]`, one for each document (frames of about:blank and
// srcdoc included). It is not enumerable; whoever takes it deletes it. Frames of the same origin keep theirs for the companion
// of the page around them.
import type { PageConfig } from '../shared/protocol/visitor';
import type { Hands } from './acts/native';
import type { Transport } from '../shared/socket';

/** Key of the hand-over on `window`. */
export const HANDOVER = Symbol.for('alongside');

/** Name on `window` of the tab's way to the socket: a name and no symbol, so that nothing of the page's is called on the way to it. */
export const LINE = 'alongsideLine';

/** The way to the socket, see `shim/line.ts`. */
export type Wire = Transport;

/** The message by which a frame of another origin asks the page around it to take it in. */
export const HELLO = 'alongside-frame';

/** What a script did to a sheet's rules. `all`: anything may have changed. */
export type SheetChange =
  | { kind: 'insert'; index: number }
  | { kind: 'delete'; index: number }
  | { kind: 'all' };

/**
 * What can be observed, with what the callback is told. Callbacks run right after the change, within the page's own call; they
 * must be quick and must not throw (what they throw is dropped).
 */
export interface Observed {
  /** A shadow root was attached (open or closed). */
  shadow: [root: ShadowRoot];
  /** Rules of a sheet changed through a script: insertRule, deleteRule, replace, a rule's style. Only top-level rules have `insert` and `delete`. */
  sheet: [sheet: CSSStyleSheet, change: SheetChange];
  /** `adoptedStyleSheets` was set, or read (a read may be followed by `push`): compare later. */
  adopted: [root: Document | ShadowRoot];
  /** A script set state that no attribute shows: value, checked, selected, selectedIndex, indeterminate, setRangeText. */
  state: [element: Element];
  /** A script drew on a canvas (2D); at most once a task for each canvas. */
  canvas: [canvas: HTMLCanvasElement];
  /** A script draws on a canvas with WebGL or WebGPU: told when it begins. */
  gpu: [canvas: HTMLCanvasElement];
  /** The page's address changed without a load (pushState, replaceState). Fragment changes and traversal: listen for `popstate` and `hashchange`. */
  url: [];
}

/**
 * The browser's own functions as they were before the shim and the page changed anything. They give and take what the DOM
 * really holds: view addresses. Getters and methods take their element first.
 */
export interface Native {
  getAttribute(element: Element, name: string): string | null;
  setAttribute(element: Element, name: string, value: string): void;
  removeAttribute(element: Element, name: string): void;
  /** Value of an attribute node, for walking `element.attributes`. */
  attrValue(attr: Attr): string;
  appendChild<T extends Node>(parent: Node, child: T): T;
  attachShadow(host: Element, init: ShadowRootInit): ShadowRoot;
  adoptedStyleSheets(root: Document | ShadowRoot): readonly CSSStyleSheet[];
  contentDocument(frame: HTMLIFrameElement | HTMLFrameElement | HTMLObjectElement): Document | null;
  contentWindow(frame: HTMLIFrameElement | HTMLFrameElement | HTMLObjectElement): Window | null;
  documentURL(document: Document): string;
  baseURI(node: Node): string;
  sheetHref(sheet: StyleSheet): string | null;
  addEventListener(target: EventTarget, type: string, listener: EventListener, options?: AddEventListenerOptions | boolean): void;
  removeEventListener(target: EventTarget, type: string, listener: EventListener, options?: EventListenerOptions | boolean): void;
  /** `origin` of a message event, a view origin. */
  messageOrigin(event: MessageEvent): string;
  postMessage(target: Window, message: unknown, targetOrigin: string, transfer?: Transferable[]): void;
  setTimeout(callback: () => void, milliseconds?: number): number;
  clearTimeout(id: number): void;
  requestAnimationFrame(callback: FrameRequestCallback): number;
  queueMicrotask(callback: () => void): void;
  fetch(input: string, init?: RequestInit): Promise<Response>;
  MutationObserver: typeof MutationObserver;
  /** What acts are done with. */
  readonly hands: Hands;
}

/** A port with the browser's own functions. */
export interface Channel {
  post(message: unknown, transfer?: Transferable[]): void;
  /** Listens, and lets messages through. */
  listen(callback: (message: unknown, ports: readonly MessagePort[]) => void): void;
  close(): void;
}

/** See the head of this file. */
export interface Handover {
  /** As the server gave it; of an about:blank or srcdoc frame: that of the document around it. */
  readonly config: PageConfig;
  readonly native: Native;
  /** A real address as a view address (relative and foreign ones unchanged). */
  map(address: string): string;
  /** A view address as a real one (others unchanged). */
  unmap(address: string): string;
  /** The shadow root of a host, closed ones too. */
  shadowRoot(host: Element): ShadowRoot | null;
  /** Observes; gives a function that stops it. */
  observe<K extends keyof Observed>(kind: K, callback: (...told: Observed[K]) => void): () => void;
  /** Tells of each frame below this document that wants to be part of the page: its window, its origin, and a channel to it. */
  frames(callback: (source: Window, origin: string, channel: Channel) => void): void;
  channel(port: MessagePort): Channel;
}
