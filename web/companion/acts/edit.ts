// What typing makes of a text and its caret. Pure.
import type { Key } from '../../shared/protocol/act';

/** A text with what is selected in it, in UTF-16 units; nothing selected: a caret. */
export interface Edited {
  text: string;
  start: number;
  end: number;
}

/** A text in place of what is selected, as far as there is room for it; null: there is none. */
export function insert({ text, start, end }: Edited, typed: string, most = Infinity): Edited | null {
  const room = most - (text.length - (end - start));
  let fits = typed.slice(0, Math.max(0, room));
  if (/[\uD800-\uDBFF]$/.test(fits)) fits = fits.slice(0, -1);
  if (fits === '' && typed !== '') return null;
  const at = start + fits.length;
  return { text: text.slice(0, start) + fits + text.slice(end), start: at, end: at };
}

/** Without what is selected, or one character before or after the caret; null: nothing is there. */
export function erase({ text, start, end }: Edited, key: 'Backspace' | 'Delete'): Edited | null {
  const from = start === end && key === 'Backspace' ? before(text, start) : start;
  const to = start === end && key === 'Delete' ? after(text, end) : end;
  return from === to ? null : { text: text.slice(0, from) + text.slice(to), start: from, end: from };
}

/** The caret where a key takes it; null: the key moves no caret. `lines`: the text has lines, which keys go by. */
export function move({ text, start, end }: Edited, key: Key, lines: boolean): Edited | null {
  const at = (place: number): Edited => ({ text, start: place, end: place });
  const first = lines ? text.lastIndexOf('\n', start - 1) + 1 : 0;
  const stop = lines ? text.indexOf('\n', end) : -1;
  const last = stop < 0 ? text.length : stop;
  switch (key) {
    case 'ArrowLeft':
      return at(start === end ? before(text, start) : start);
    case 'ArrowRight':
      return at(start === end ? after(text, end) : end);
    case 'Home':
      return at(first);
    case 'End':
      return at(last);
    case 'ArrowUp':
      return at(first === 0 ? 0 : Math.min(text.lastIndexOf('\n', first - 2) + 1 + (start - first), first - 1));
    case 'ArrowDown': {
      if (last === text.length) return at(last);
      const next = text.indexOf('\n', last + 1);
      return at(Math.min(last + 1 + (end - (text.lastIndexOf('\n', end - 1) + 1)), next < 0 ? text.length : next));
    }
    default:
      return null;
  }
}

/** The word around a place. */
export function wordAt(text: string, place: number): [start: number, end: number] {
  const word = /[\p{L}\p{N}_]/u;
  let [start, end] = [place, place];
  while (start > 0 && word.test(text[start - 1] ?? '')) start -= 1;
  while (end < text.length && word.test(text[end] ?? '')) end += 1;
  return [start, end];
}

function before(text: string, place: number): number {
  return Math.max(0, place - (/[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(Math.max(0, place - 2), place)) ? 2 : 1));
}

function after(text: string, place: number): number {
  return Math.min(text.length, place + (/^[\uD800-\uDBFF][\uDC00-\uDFFF]/.test(text.slice(place, place + 2)) ? 2 : 1));
}
