// Which values never leave this browser, and what is sent in their place: one star for each character.
import { attributeAt, attributeCount, attributeName, attributes, htmlName, inputType, localName, parentNode } from '../../shared/dom';
import type { Native } from '../handover';

/** Elements that were masked once: a password that is made readable by a switch stays masked. */
const once = new WeakSet<Element>();

/** `autocomplete` words of fields that hold secrets. */
const SECRET = /(^|\s)(one-time-code|current-password|new-password|cc-[a-z-]+)(\s|$)/i;

/** Attributes that decide whether a field is masked. */
export const DECIDES: ReadonlySet<string> = new Set(['type', 'autocomplete']);

/** The value of this element is never sent. */
export function isMasked(native: Native, element: Element): boolean {
  const name = htmlName(element);
  if (name !== 'input' && name !== 'textarea') return false;
  if (once.has(element)) return true;
  const password = name === 'input' && inputType(element as HTMLInputElement) === 'password';
  const masked = password || SECRET.test(native.getAttribute(element, 'autocomplete') ?? '');
  if (masked) once.add(element);
  return masked;
}

/** What is sent for a masked text. */
export function stars(text: string): string {
  return '*'.repeat([...text].length);
}

/** Text as it may be sent: the text of a masked textarea is its default value. */
export function maskText(native: Native, node: Node, text: string): string {
  const parent = parentNode(node);
  return parent && htmlName(parent) === 'textarea' && isMasked(native, parent as Element) ? stars(text) : text;
}

/** Attributes as they may be sent, in document order, with values as the DOM has them (view addresses). */
export function readAttributes(native: Native, element: Element): [string, string][] {
  const map = attributes(element);
  const count = attributeCount(map);
  const list: [string, string][] = [];
  for (let i = 0; i < count; i += 1) {
    const attribute = attributeAt(map, i);
    const name = attributeName(attribute);
    const value = native.attrValue(attribute);
    list.push([name, name === 'value' && localName(element) === 'input' && isMasked(native, element) ? stars(value) : value]);
  }
  return list;
}
