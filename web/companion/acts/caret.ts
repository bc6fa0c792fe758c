// The caret of fields: the browser's own, and for fields whose selection cannot be read (e-mail, number) one of ours, with the text as it was
// typed, which the field may not take until it is whole ("-" before "-1").
import * as dom from '../../shared/dom';
import { type ActPage, editingHost, isTextField, typeOf } from './env';
import { type Edited, wordAt } from './edit';
import type { TextField } from './native';

interface Draft extends Edited {
  /** The field's value when the draft was made: another one ends it. */
  value: string;
}

const drafts = new WeakMap<Element, Draft>();

/** Text and caret of a field. */
export function readField(page: ActPage, field: TextField): Edited {
  const hands = page.hands(field);
  const value = hands.value(field);
  const start = hands.selectionStart(field);
  const end = hands.selectionEnd(field);
  if (start !== null && end !== null) return { text: value, start, end };
  const draft = drafts.get(field);
  if (draft?.value === value) return draft;
  return { text: value, start: value.length, end: value.length };
}

/** Moves the caret. */
export function writeCaret(page: ActPage, field: TextField, { text, start, end }: Edited): void {
  const hands = page.hands(field);
  if (hands.selectionStart(field) === null) drafts.set(field, { text, start, end, value: hands.value(field) });
  else hands.setSelection(field, start, end);
}

/** Sets text and caret. Whether the value is another one: a number that is not whole leaves it as it is. */
export function writeField(page: ActPage, field: TextField, edited: Edited): boolean {
  const hands = page.hands(field);
  const before = hands.value(field);
  const whole = typeOf(field) !== 'number' || edited.text === '' || Number.isFinite(Number(edited.text.replace(/\.$/, 'x')));
  if (whole) hands.setValue(field, edited.text);
  writeCaret(page, field, edited);
  return hands.value(field) !== before;
}

/** Selects all of a field. */
export function selectField(page: ActPage, field: TextField): void {
  const { text } = readField(page, field);
  writeCaret(page, field, { text, start: 0, end: text.length });
}

/** Puts the caret of a field, or of a text that is edited in place, where a press has it. */
export function setCaret(page: ActPage, document: Document, target: Element, at: { node: Node; offset: number } | null, presses: number): void {
  if (isTextField(target)) {
    const { text } = readField(page, target as TextField);
    const offset = at?.node === target ? Math.min(at.offset, text.length) : text.length;
    const [start, end] = presses === 2 ? wordAt(text, offset) : presses > 2 ? [0, text.length] : [offset, offset];
    writeCaret(page, target as TextField, { text, start, end });
    return;
  }
  const host = editingHost(page, target);
  const selection = host && page.hands(document).selection(document);
  if (!host || !selection) return;
  if (presses > 2) selection.selectAllChildren(host);
  else if (at && host.contains(at.node)) selection.collapse(at.node, at.offset);
  else endOf(selection, host);
  if (presses !== 2) return;
  selection.modify('move', 'backward', 'word');
  selection.modify('extend', 'forward', 'word');
}

/** Puts the caret at the end of what is edited in place. */
export function endOf(selection: Selection, host: Element): void {
  selection.selectAllChildren(host);
  if (dom.firstChild(host)) selection.collapseToEnd();
}
