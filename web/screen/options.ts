// Going through the options of a list.
import type { ListOption } from '../shared/protocol/hosted';

export type Walk = 'down' | 'up' | 'first' | 'last' | 'page-down' | 'page-up';

/** Options that a page key goes by. */
const PAGE = 8;

/** The option that a key leads to from option `at` (-1: none): one that can be chosen, or the same. */
export function stepFrom(options: readonly ListOption[], at: number, walk: Walk): number {
  const able = options.flatMap(({ disabled }, i) => (disabled ? [] : [i]));
  const [first, last] = [able[0], able[able.length - 1]];
  if (first === undefined || last === undefined) return at;
  const after = able.filter((i) => i > at);
  const before = able.filter((i) => i < at).reverse();
  switch (walk) {
    case 'first':
      return first;
    case 'last':
      return last;
    case 'down':
      return after[0] ?? last;
    case 'up':
      return before[0] ?? first;
    case 'page-down':
      return after[PAGE - 1] ?? last;
    case 'page-up':
      return before[PAGE - 1] ?? first;
  }
}

/** The option that begins with what was typed, from option `at` on and round; one letter goes on to the next. Without one: `at`. */
export function foundBy(options: readonly ListOption[], text: string, at: number): number {
  const letters = [...text.toLowerCase()];
  const same = letters.every((letter) => letter === letters[0]);
  const wanted = same ? (letters[0] ?? '') : letters.join('');
  const from = same ? at + 1 : Math.max(0, at);
  for (let i = 0; i < options.length; i += 1) {
    const place = (from + i) % options.length;
    const option = options[place];
    if (option && !option.disabled && option.label.trim().toLowerCase().startsWith(wanted)) return place;
  }
  return at;
}

/** What is chosen after an option was pressed. */
export function chosenAfter(chosen: ReadonlySet<number>, pressed: number, multiple: boolean): Set<number> {
  if (!multiple) return new Set([pressed]);
  const after = new Set(chosen);
  if (!after.delete(pressed)) after.add(pressed);
  return after;
}
