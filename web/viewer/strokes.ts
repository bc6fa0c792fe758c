// What is typed, on its way to the visitor's page.
import type { Key, Stroke } from '../shared/protocol/act';

const KEYS: ReadonlySet<string> = new Set<Key>([
  'Enter', 'Tab', 'Escape', 'Backspace', 'Delete', 'ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown',
]);

/** Signs for keys in the note of what is on its way. */
const SIGNS: Partial<Record<Key, string>> = {
  Enter: '⏎', Tab: '⇥', Backspace: '⌫', Delete: '⌦', ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓', Home: '⇱', End: '⇲', PageUp: '⇞', PageDown: '⇟',
};

/** At most so many characters go with one request. */
const MOST_TEXT = 2_000;
/** At most so many strokes go with one request. */
const MOST_STROKES = 64;

export function keyOf(name: string): Key | null {
  return KEYS.has(name) ? (name as Key) : null;
}

/** Adds a stroke; texts that follow each other are one. */
export function merge(strokes: Stroke[], stroke: Stroke): void {
  const last = strokes[strokes.length - 1];
  const both = typeof stroke === 'object' && 'text' in stroke && typeof last === 'object' && 'text' in last;
  if (both) strokes[strokes.length - 1] = { text: last.text + stroke.text };
  else strokes.push(stroke);
}

/** The stroke after which another field has the focus. */
export function leaves(stroke: Stroke): boolean {
  return typeof stroke === 'object' && 'key' in stroke && stroke.key === 'Tab';
}

/** Takes what goes with the next request: up to a stroke that leaves the field, and no more than a request takes. */
export function take(strokes: Stroke[]): Stroke[] {
  const taken: Stroke[] = [];
  let room = MOST_TEXT;
  while (strokes.length && taken.length < MOST_STROKES && room > 0) {
    const [stroke] = strokes as [Stroke];
    if (typeof stroke === 'object' && 'text' in stroke && stroke.text.length > room) {
      const cut = before(stroke.text, room);
      taken.push({ text: stroke.text.slice(0, cut) });
      strokes[0] = { text: stroke.text.slice(cut) };
      break;
    }
    if (typeof stroke === 'object' && 'text' in stroke) room -= stroke.text.length;
    taken.push(stroke);
    strokes.shift();
    if (leaves(stroke)) break;
  }
  return taken;
}

/** A place of at most `at` that is not within a pair of surrogates. */
function before(text: string, at: number): number {
  return /[\ud800-\udbff]/.test(text.charAt(at - 1)) ? at - 1 : at;
}

/** Strokes to read. */
export function shown(strokes: readonly Stroke[]): string {
  const text = strokes.map((stroke) => (stroke === 'all' ? '▦' : 'text' in stroke ? stroke.text : (SIGNS[stroke.key] ?? stroke.key))).join('');
  return text.length > 60 ? `…${text.slice(-59)}` : text;
}
