// The field with the focus: whether it takes text, where it is, and what stands before its caret. The screen puts a field of its own there, so that
// keyboards and input methods work.
import type { Field } from '../../shared/protocol/hosted';
import * as dom from '../../shared/dom';
import { type ActPage, editingHost, focusedIn, isDisabled, isReadOnly, isTextField, typeOf } from '../acts/env';
import type { TextField } from '../acts/native';
import { Layout } from './layout';

/** Characters before the caret that are told. */
const BEFORE = 100;
/** Fields whose value a browser lets choose. */
export const PICKED: ReadonlySet<string> = new Set(['date', 'time', 'month', 'week', 'datetime-local', 'color']);

/** The innermost focused element below a document, in frames of the same origin, too. */
export function focusedWithin(page: ActPage, top: Document): Element | null {
  let found: Element | null = null;
  for (let at: Document | null = top; at; ) {
    const active = focusedIn(page, at);
    if (!active) break;
    found = active;
    at = page.contentOf(active);
  }
  return found;
}

/** The field with the focus; null: nothing takes text. */
export function fieldOf(page: ActPage, element: Element | null): Field | null {
  if (!element || isDisabled(element) || isReadOnly(page, element)) return null;
  const host = isTextField(element) || PICKED.has(typeOf(element)) ? null : editingHost(page, element);
  const kind = host ? 'editable' : dom.htmlName(element) === 'textarea' ? 'textarea' : isTextField(element) || PICKED.has(typeOf(element)) ? typeOf(element) : '';
  if (!kind) return null;
  const hint = (name: string) => page.native.getAttribute(element, name) ?? '';
  const before = kind === 'password' ? '' : host ? beforeCaret(page, element) : beforeSelection(page, element as TextField);
  const place = new Layout().box(host ?? element, dom.boxOf(host ?? element));
  return { kind, hints: [hint('inputmode'), hint('enterkeyhint'), hint('autocapitalize')], place, before };
}

function beforeSelection(page: ActPage, field: TextField): string {
  if (PICKED.has(typeOf(field))) return '';
  const hands = page.hands(field);
  const value = hands.value(field);
  const caret = hands.selectionStart(field) ?? value.length;
  return value.slice(Math.max(0, caret - BEFORE), caret);
}

function beforeCaret(page: ActPage, element: Element): string {
  const document = dom.ownerDocument(element);
  const selection = document && page.hands(element).selection(document);
  const node = selection?.focusNode;
  if (!node || dom.nodeType(node) !== dom.TEXT) return '';
  return dom.data(node).slice(Math.max(0, selection.focusOffset - BEFORE), selection.focusOffset);
}
