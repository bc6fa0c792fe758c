// What is selected, for the clipboard of the visitor's own device.
import * as dom from '../../shared/dom';
import { type ActPage, editingHost, isReadOnly, isTextField, typeOf } from '../acts/env';
import type { TextField } from '../acts/native';
import { focusedWithin } from './focused';

/** Most that is told, in characters. */
const MOST = 1_000_000;

/** The selected text of a page; of a password: nothing. `cut`: it is deleted where it can be. */
export function selected(page: ActPage, top: Document, cut: boolean): string {
  const element = focusedWithin(page, top);
  const document = (element && dom.ownerDocument(element)) ?? top;
  if (element && typeOf(element) === 'password') return '';
  const text = (element && isTextField(element) ? ofField(page, element as TextField) : null) ?? page.hands(document).selection(document)?.toString() ?? '';
  const edited = element && ((isTextField(element) && !isReadOnly(page, element)) || editingHost(page, element));
  if (cut && text && edited) page.hands(document).command(document, 'delete');
  return text.slice(0, MOST);
}

/** Null: what is selected in it cannot be asked for. */
function ofField(page: ActPage, field: TextField): string | null {
  const hands = page.hands(field);
  const [start, end] = [hands.selectionStart(field), hands.selectionEnd(field)];
  return start === null || end === null ? null : hands.value(field).slice(start, end);
}
