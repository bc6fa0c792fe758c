// The browser's own functions that the overlay works with, taken when this module is loaded: a page that patches prototypes
// afterwards neither breaks the overlay nor gets hold of what is in its closed shadow root.
import type { Native } from '../handover';

/** What the overlay uses of the shim's hand-over. */
export type OverlayNative = Pick<
  Native,
  | 'appendChild' | 'attachShadow' | 'addEventListener' | 'removeEventListener' | 'setAttribute' | 'removeAttribute' | 'setTimeout' | 'clearTimeout'
  | 'requestAnimationFrame' | 'MutationObserver'
>;

const { apply } = Reflect;

/** A method as a function that takes its object first. */
function method<This, Args extends unknown[], Result>(of: (this: This, ...args: Args) => Result): (self: This, ...args: Args) => Result {
  return (self, ...args) => apply(of, self, args);
}

function getter<This, Value>(prototype: This & object, name: string): (self: This) => Value {
  const get = Object.getOwnPropertyDescriptor(prototype, name)?.get;
  return (self) => (get ? apply(get, self, []) : Reflect.get(self as object, name)) as Value;
}

function setter<This, Value>(prototype: This & object, name: string): (self: This, value: Value) => void {
  const set = Object.getOwnPropertyDescriptor(prototype, name)?.set;
  return (self, value) => {
    if (set) apply(set, self, [value]);
  };
}

export const createElement = method(Document.prototype.createElement as (this: Document, tag: string) => HTMLElement);
export const createSvg = method(Document.prototype.createElementNS as (this: Document, space: string, tag: string) => Element);
export const createText = method(Document.prototype.createTextNode);
export const append = method(Node.prototype.appendChild as (this: Node, child: Node) => Node);
export const setAttribute = method(Element.prototype.setAttribute);
export const removeAttribute = method(Element.prototype.removeAttribute);
export const remove = method(Element.prototype.remove);
export const boundsOf = method(Element.prototype.getBoundingClientRect);
export const matches = method(Element.prototype.matches as (this: Element, selector: string) => boolean);
export const closest = method(Element.prototype.closest as (this: Element, selector: string) => Element | null);
export const query = method(Element.prototype.querySelector as (this: Element, selector: string) => HTMLElement | null);
export const capturePointer = method(Element.prototype.setPointerCapture);
export const focus = method(HTMLElement.prototype.focus);
export const setText = setter<Node, string>(Node.prototype, 'textContent');
export const parentOf = getter<Node, Node | null>(Node.prototype, 'parentNode');
export const contains = method(Node.prototype.contains as (this: Node, other: Node | null) => boolean);
export const isConnected = getter<Node, boolean>(Node.prototype, 'isConnected');
export const empty = method(Element.prototype.replaceChildren as (this: Element) => void);
export const insertFirst = method(Element.prototype.prepend as (this: Element, child: Node) => void);
export const animate = method(Element.prototype.animate as (this: Element, frames: Keyframe[], options: KeyframeAnimationOptions) => Animation);
export const blur = method(HTMLElement.prototype.blur);
export const styleOf = (element: Element): CSSStyleDeclaration => apply(getComputedStyle, window, [element]) as CSSStyleDeclaration;
export const inline = getter<HTMLElement, CSSStyleDeclaration>(HTMLElement.prototype, 'style');
export const inlineSvg = getter<SVGElement, CSSStyleDeclaration>(SVGElement.prototype, 'style');
export const valueOf = getter<HTMLTextAreaElement, string>(HTMLTextAreaElement.prototype, 'value');
export const setValue = setter<HTMLTextAreaElement, string>(HTMLTextAreaElement.prototype, 'value');
export const scrollHeight = getter<Element, number>(Element.prototype, 'scrollHeight');
export const setScrollTop = setter<Element, number>(Element.prototype, 'scrollTop');
export const activeIn = getter<ShadowRoot, Element | null>(ShadowRoot.prototype, 'activeElement');
export const activeOf = getter<Document, Element | null>(Document.prototype, 'activeElement');
const { getComputedStyle } = window;

// Events within the shadow tree: a page that put its own getters on their prototypes would be handed their targets.
export const stop = method(Event.prototype.stopPropagation);
export const stopAll = method(Event.prototype.stopImmediatePropagation);
export const prevent = method(Event.prototype.preventDefault);
const key = getter<KeyboardEvent, string>(KeyboardEvent.prototype, 'key');
const code = getter<KeyboardEvent, string>(KeyboardEvent.prototype, 'code');
const shift = getter<KeyboardEvent, boolean>(KeyboardEvent.prototype, 'shiftKey');
const alt = getter<KeyboardEvent, boolean>(KeyboardEvent.prototype, 'altKey');
const composing = getter<KeyboardEvent, boolean>(KeyboardEvent.prototype, 'isComposing');
const clientX = getter<MouseEvent, number>(MouseEvent.prototype, 'clientX');
const clientY = getter<MouseEvent, number>(MouseEvent.prototype, 'clientY');

/** What a keyboard event says. */
export function keyOf(event: Event): { key: string; code: string; shift: boolean; alt: boolean; composing: boolean } {
  const e = event as KeyboardEvent;
  return { key: key(e), code: code(e), shift: shift(e), alt: alt(e), composing: composing(e) };
}

/** Where a pointer event was, in the layout viewport. */
export function pointOf(event: Event): { x: number; y: number } {
  return { x: clientX(event as MouseEvent), y: clientY(event as MouseEvent) };
}

/** Shows or hides an element of the overlay. */
export function show(element: Element, is: boolean): void {
  if (is) removeAttribute(element, 'hidden');
  else setAttribute(element, 'hidden', '');
}

/** An attribute that is there or not. */
export function toggle(element: Element, name: string, is: boolean): void {
  if (is) setAttribute(element, name, '');
  else removeAttribute(element, name);
}

const fromDocument = method(Document.prototype.elementFromPoint);
const fromShadow = method(ShadowRoot.prototype.elementFromPoint);

// Browsers before popovers get the overlay without the top layer.
const popover = HTMLElement.prototype as Partial<Pick<HTMLElement, 'showPopover' | 'hidePopover'>>;
const showPopover = popover.showPopover;
const hidePopover = popover.hidePopover;

const cssZoom = getter<Element, number | undefined>(Element.prototype, 'currentCSSZoom');
/** How much the page's own `zoom` enlarges an element; 1 where the browser does not tell. */
export const zoomOf = (element: Element): number => cssZoom(element) || 1;

/** Puts a popover on top of the top layer, and out of it first if it is there already. */
export function raise(element: HTMLElement): void {
  if (!showPopover || !hidePopover) return;
  if (matches(element, ':popover-open')) apply(hidePopover, element, []);
  apply(showPopover, element, []);
}

/** Whether a popover is in the top layer, as far as the browser has one. */
export function raised(element: HTMLElement): boolean {
  return !showPopover || matches(element, ':popover-open');
}

/** The innermost element at a point, through open shadow roots. */
export function elementAt(doc: Document, x: number, y: number): Element | null {
  let found = fromDocument(doc, x, y);
  while (found?.shadowRoot) {
    const inner = fromShadow(found.shadowRoot, x, y);
    if (!inner || inner === found) break;
    found = inner;
  }
  return found;
}

const shadow = method(Element.prototype.attachShadow);
const listen = method(EventTarget.prototype.addEventListener);
const unlisten = method(EventTarget.prototype.removeEventListener);
const { MutationObserver, setTimeout, clearTimeout, requestAnimationFrame } = window;

/** The same as the shim's, for a document without one. */
export const ownNative: OverlayNative = {
  appendChild: append as OverlayNative['appendChild'],
  attachShadow: shadow,
  addEventListener: listen,
  removeEventListener: unlisten,
  setAttribute,
  removeAttribute,
  setTimeout: (callback, milliseconds) => apply(setTimeout, window, [callback, milliseconds]) as number,
  clearTimeout: (id) => apply(clearTimeout, window, [id]),
  requestAnimationFrame: (callback) => apply(requestAnimationFrame, window, [callback]) as number,
  MutationObserver,
};
