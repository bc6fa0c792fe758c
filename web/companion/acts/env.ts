// What the parts that do acts know of the page around them.
import * as dom from '../../shared/dom';
import type { Capture } from '../capture/capture';
import type { Native } from '../handover';
import type { Hands } from './native';

/** The page, as acts need it. */
export interface ActPage {
  readonly native: Native;
  /** The browser's own functions of the realm that a node belongs to. */
  hands(node: Node): Hands;
  shadowRoot(host: Element): ShadowRoot | null;
  /** Document of a frame element, where it may be read. */
  contentOf(frame: Element): Document | null;
  /** Ours, not the page's: it covers nothing. */
  ours(element: Element): boolean;
}

/** The page that a companion captures. */
export function pageOf(native: Native, capture: Capture, ours: (element: Element) => boolean): ActPage {
  return {
    native,
    hands: (node) => capture.handoverOf(node).native.hands,
    shadowRoot: (element) => capture.shadowRoot(element),
    contentOf: (frame) => capture.contentOf(frame),
    ours,
  };
}

/** A moment in which what scripts left for the end of a task is done, and nobody else's events come in between. */
export async function settled(): Promise<void> {
  await null;
  await null;
}

/** The element around this one: through slots' hosts and shadow roots up to its document. */
export function around(element: Node): Element | null {
  const parent = dom.parentNode(element);
  if (!parent) return null;
  if (dom.nodeType(parent) === dom.FRAGMENT) return (parent as ShadowRoot).host ?? null;
  return dom.nodeType(parent) === dom.ELEMENT ? (parent as Element) : null;
}

/** An element and all around it, innermost first. */
export function* upward(element: Element): Generator<Element> {
  for (let at: Element | null = element; at; at = around(at)) yield at;
}

/** Whether `inner` is `outer` or within it. */
export function within(inner: Element, outer: Element): boolean {
  for (const at of upward(inner)) if (at === outer) return true;
  return false;
}

/** The document or shadow root that a node stands in; null: it is in none. */
export function rootOf(node: Node): Document | ShadowRoot | null {
  let at = node;
  for (let above = dom.parentNode(at); above; above = dom.parentNode(at)) at = above;
  const type = dom.nodeType(at);
  return type === dom.DOCUMENT || type === dom.FRAGMENT ? (at as Document | ShadowRoot) : null;
}

/** The innermost focused element below a document or shadow root, but for frames' documents. */
export function focusedIn(page: ActPage, root: Document | ShadowRoot): Element | null {
  let found: Element | null = null;
  for (let at: Document | ShadowRoot | null = root; at; ) {
    const active = page.hands(at).activeElement(at);
    if (!active) break;
    found = active;
    at = page.shadowRoot(active);
  }
  return found;
}

const TEXT_TYPES = new Set(['text', 'search', 'url', 'tel', 'password', 'email', 'number']);

/** Type of an input; empty: it is none. */
export function typeOf(element: Element): string {
  return dom.htmlName(element) === 'input' ? dom.inputType(element as HTMLInputElement) : '';
}

/** A field into which text is typed. */
export function isTextField(element: Element): boolean {
  return dom.htmlName(element) === 'textarea' || TEXT_TYPES.has(typeOf(element));
}

/** The outermost editable element around an element of a page that is edited in place; null: it is not. */
export function editingHost(page: ActPage, element: Element): Element | null {
  let host: Element | null = null;
  for (let at: Element | null = element; at && page.hands(at).isEditable(at); at = around(at)) host = at;
  return host;
}

/** Whether an element is switched off, by itself or by a fieldset, or within a control that is. */
export function isDisabled(element: Element): boolean {
  for (const at of upward(element)) if (dom.matches(at, ':disabled')) return true;
  return false;
}

/** Cannot be typed into, though it can be focused. */
export function isReadOnly(page: ActPage, element: Element): boolean {
  return isTextField(element) && page.native.getAttribute(element, 'readonly') !== null;
}
