import { describe, expect, it } from 'vitest';
import type { Stroke } from '../shared/protocol/act';
import { keyOf, merge, shown, take } from './strokes';

function typed(...strokes: Stroke[]): Stroke[] {
  const all: Stroke[] = [];
  for (const stroke of strokes) merge(all, stroke);
  return all;
}

describe('merging', () => {
  it('joins texts, and nothing else', () => {
    expect(typed({ text: 'a' }, { text: 'bc' }, { key: 'Backspace' }, { key: 'Backspace' }, { text: 'd' }, 'all', { text: 'e' })).toEqual([
      { text: 'abc' }, { key: 'Backspace' }, { key: 'Backspace' }, { text: 'd' }, 'all', { text: 'e' },
    ]);
  });
});

describe('a request', () => {
  it('ends with what leaves the field', () => {
    const strokes = typed({ text: 'Robin' }, { key: 'Tab' }, { text: 'Field' });
    expect(take(strokes)).toEqual([{ text: 'Robin' }, { key: 'Tab' }]);
    expect(take(strokes)).toEqual([{ text: 'Field' }]);
    expect(take(strokes)).toEqual([]);
  });

  it('takes no more than it may, and cuts no character in two', () => {
    const text = `${'x'.repeat(1_999)}😀${'y'.repeat(3_000)}`;
    const strokes = typed({ text });
    const taken: string[] = [];
    for (let next = take(strokes); next.length; next = take(strokes)) taken.push(next.map((stroke) => (typeof stroke === 'object' && 'text' in stroke ? stroke.text : '')).join(''));
    expect(taken.join('')).toBe(text);
    expect(taken.every((piece) => piece.length <= 2_000 && piece.isWellFormed())).toBe(true);
    const keys = Array.from({ length: 150 }, (): Stroke => ({ key: 'ArrowLeft' }));
    expect([take(keys).length, take(keys).length, take(keys).length]).toEqual([64, 64, 22]);
  });
});

it('is read as it was typed', () => {
  expect(shown(typed('all', { text: 'tea' }, { key: 'Backspace' }, { key: 'Enter' }))).toBe('▦tea⌫⏎');
  expect(shown(typed({ text: 'a'.repeat(100) }))).toHaveLength(60);
});

it('knows the keys that the protocol knows', () => {
  expect(keyOf('PageDown')).toBe('PageDown');
  for (const name of ['F5', 'a', 'Shift', 'constructor']) expect(keyOf(name)).toBe(null);
});
