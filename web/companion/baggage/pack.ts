// What a page has beside its address and the jar: storage, what was done in its fields, where it is scrolled to.
import type { Baggage, FieldState } from '../../shared/protocol/hosted';
import * as dom from '../../shared/dom';
import { type ActPage, typeOf } from '../acts/env';
import type { TextField } from '../acts/native';
import { pathOf } from './path';

/** Most of a page's storage that is told, in characters. */
const STORAGE = 5 * 1024 * 1024;
/** Most fields, and most boxes that are scrolled. */
const MOST = 2_000;
/** Inputs without a state of their own, or with one that is nobody's to carry. */
const WITHOUT: ReadonlySet<string> = new Set(['file', 'submit', 'button', 'reset', 'image', 'hidden']);

const { key, getItem } = Storage.prototype;

/** All of it. `isEdited`: somebody wrote or chose in the element. Some pages bring their markup up to date with it. */
export function pack(page: ActPage, isEdited: (element: Element) => boolean): Baggage {
  const fields: FieldState[] = [];
  const scrolls: Baggage['scrolls'] = [];
  const scroller = dom.scroller(document);
  for (const element of elements(page, document)) {
    const state = fields.length < MOST ? stateOf(page, element, isEdited) : null;
    const path = state && pathOf(page, element);
    if (state && path) fields.push({ path, ...state });
    const [left, top] = [dom.scrollLeft(element), dom.scrollTop(element)];
    const to = (left || top) && scrolls.length < MOST ? (element === scroller ? '' : pathOf(page, element)) : null;
    if (to !== null) scrolls.push([to, left, top]);
  }
  let room = STORAGE;
  const store = (name: 'localStorage' | 'sessionStorage'): [string, string][] => stored(name, (length) => (room -= length) >= 0);
  return { url: page.native.documentURL(document), local: store('localStorage'), session: store('sessionStorage'), fields, scrolls };
}

/** All elements of a page, in shadow trees and frames, too. */
function* elements(page: ActPage, top: Document): Generator<Element> {
  const stack: Node[] = [top];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (dom.nodeType(node) === dom.ELEMENT) {
      const element = node as Element;
      if (page.ours(element)) continue;
      yield element;
      const inner = page.shadowRoot(element) ?? page.contentOf(element);
      if (inner) stack.push(inner);
    }
    for (let child = dom.lastChild(node); child; child = dom.previousSibling(child)) if (dom.nodeType(child) === dom.ELEMENT) stack.push(child);
  }
}

/** State of a field that its markup does not have, or that is somebody's; null: none. */
function stateOf(page: ActPage, element: Element, isEdited: (element: Element) => boolean): Omit<FieldState, 'path'> | null {
  const hands = page.hands(element);
  const attribute = (name: string) => page.native.getAttribute(element, name);
  const edited = isEdited(element);
  switch (dom.htmlName(element)) {
    case 'input': {
      const type = typeOf(element);
      if (WITHOUT.has(type)) return null;
      if (type === 'checkbox' || type === 'radio') {
        const checked = hands.checked(element as HTMLInputElement);
        return checked === (attribute('checked') !== null) && !edited ? null : { checked };
      }
      const value = hands.value(element as TextField);
      return value === (attribute('value') ?? '') && !edited ? null : { value };
    }
    case 'textarea': {
      const value = hands.value(element as TextField);
      return value === dom.areaDefault(element as HTMLTextAreaElement) && !edited ? null : { value };
    }
    case 'select':
      return chosen(page, element as HTMLSelectElement, edited);
    default:
      return edited ? { value: (element as HTMLElement).innerText } : null;
  }
}

function chosen(page: ActPage, select: HTMLSelectElement, edited: boolean): Omit<FieldState, 'path'> | null {
  const options = page.hands(select).options(select);
  const selected = options.flatMap((option, i) => (dom.optionSelected(option) ? [i] : []));
  const byMarkup = options.flatMap((option, i) => (page.native.getAttribute(option, 'selected') !== null ? [i] : []));
  const first = page.hands(select).multiple(select) ? byMarkup : byMarkup.length ? byMarkup.slice(-1) : [0];
  return selected.join() === first.join() && !edited ? null : { selected };
}

function stored(name: 'localStorage' | 'sessionStorage', fits: (length: number) => boolean): [string, string][] {
  const entries: [string, string][] = [];
  try {
    const storage = window[name];
    for (let i = 0; i < storage.length; i += 1) {
      const own = Reflect.apply(key, storage, [i]) as string | null;
      const value = own === null ? null : (Reflect.apply(getItem, storage, [own]) as string | null);
      if (own !== null && value !== null && fits(own.length + value.length)) entries.push([own, value]);
    }
  } catch {
    // A page may be without storage.
  }
  return entries;
}
