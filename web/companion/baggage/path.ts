// Paths by which an element is found again in another browser: a selector that matches it alone, through shadow roots and frames of the same origin.
import * as dom from '../../shared/dom';
import { type ActPage, rootOf } from '../acts/env';

const INTO = ' >>> ';
const { escape } = CSS;

/** The path of an element; null: it has none. */
export function pathOf(page: ActPage, element: Element): string | null {
  const parts: string[] = [];
  for (let at: Element | null = element; at; ) {
    const root = rootOf(at);
    if (!root) return null;
    parts.unshift(within(page, root, at));
    at = dom.nodeType(root) === dom.FRAGMENT ? ((root as ShadowRoot).host ?? null) : frameOf(root as Document);
  }
  return parts.join(INTO);
}

/** The element of a path; null: there is none, or more than one. */
export function find(page: ActPage, path: string, top: Document = document): Element | null {
  let root: Document | ShadowRoot | null = top;
  let found: Element | null = null;
  for (const part of path.split(INTO)) {
    const matches: Element[] = root ? select(page, root, part) : [];
    if (matches.length !== 1) return null;
    found = matches[0] as Element;
    root = page.shadowRoot(found) ?? page.contentOf(found);
  }
  return found;
}

function frameOf(document: Document): Element | null {
  try {
    return dom.defaultView(document)?.frameElement ?? null;
  } catch {
    return null;
  }
}

/** By what names it, where that names it alone, else by its place in the element around it. */
function within(page: ActPage, root: Document | ShadowRoot, element: Element): string {
  const steps: string[] = [];
  for (let at: Element = element; ; ) {
    const named = name(page, root, at);
    steps.unshift(named ?? step(at));
    const parent = dom.parentNode(at);
    if (named || !parent || dom.nodeType(parent) !== dom.ELEMENT) break;
    at = parent as Element;
  }
  return steps.join(' > ');
}

function name(page: ActPage, root: Document | ShadowRoot, element: Element): string | null {
  const attribute = (key: string) => page.native.getAttribute(element, key);
  const tag = escape(dom.localName(element));
  const equals = (key: string) => `[${key}="${escape(attribute(key) ?? '')}"]`;
  const tries = [
    attribute('id') ? `#${escape(attribute('id') ?? '')}` : null,
    attribute('name') ? tag + equals('name') : null,
    attribute('name') && attribute('value') ? tag + equals('name') + equals('value') : null,
  ];
  return tries.find((each) => each !== null && !each.includes(INTO) && isAlone(page, root, each)) ?? null;
}

function isAlone(page: ActPage, root: Document | ShadowRoot, selector: string): boolean {
  return select(page, root, selector).length === 1;
}

function select(page: ActPage, root: Document | ShadowRoot, selector: string): Element[] {
  try {
    return page.hands(root).queryAll(root, selector);
  } catch {
    return [];
  }
}

function step(element: Element): string {
  const name = dom.localName(element);
  let place = 1;
  for (let at = dom.previousSibling(element); at; at = dom.previousSibling(at)) if (dom.nodeType(at) === dom.ELEMENT && dom.localName(at as Element) === name) place += 1;
  return `${escape(name)}:nth-of-type(${place})`;
}
