// The browser's own functions that the overlay works with, taken when this module is loaded: a page that patches prototypes
// afterwards neither breaks the overlay nor gets hold of what is in its closed shadow root.
import type { Native } from '../handover';

/** What the overlay uses of the shim's hand-over. */
export type OverlayNative = Pick<
  Native,
  'appendChild' | 'attachShadow' | 'addEventListener' | 'removeEventListener' | 'setAttribute' | 'removeAttribute' | 'setTimeout' | 'clearTimeout' | 'MutationObserver'
>;

const { apply } = Reflect;

/** A method as a function that takes its object first. */
function method<This, Args extends unknown[], Result>(of: (this: This, ...args: Args) => Result): (self: This, ...args: Args) => Result {
  return (self, ...args) => apply(of, self, args);
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
export const focus = method(HTMLElement.prototype.focus);
export const setText = setter<Node, string>(Node.prototype, 'textContent');
const fromDocument = method(Document.prototype.elementFromPoint);
const fromShadow = method(ShadowRoot.prototype.elementFromPoint);

// Browsers before popovers get the overlay without the top layer.
const popover = HTMLElement.prototype as Partial<Pick<HTMLElement, 'showPopover' | 'hidePopover'>>;
const show = popover.showPopover;
const hide = popover.hidePopover;

/** Puts a popover on top of the top layer, and out of it first if it is there already. */
export function raise(element: HTMLElement): void {
  if (!show || !hide) return;
  if (matches(element, ':popover-open')) apply(hide, element, []);
  apply(show, element, []);
}

/** Whether a popover is in the top layer, as far as the browser has one. */
export function raised(element: HTMLElement): boolean {
  return !show || matches(element, ':popover-open');
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
const { MutationObserver, setTimeout, clearTimeout } = window;

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
  MutationObserver,
};
