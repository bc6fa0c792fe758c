import { expect, test } from 'vitest';
import { pause, wellFormed } from './socket';

test('pauses grow, are spread, and have an end', () => {
  expect(pause(0, 0)).toBe(125);
  expect(pause(0, 1)).toBe(250);
  expect(pause(3, 1)).toBe(2_000);
  expect(pause(1_000, 1)).toBe(2_000);
});

test('lone surrogates never leave', () => {
  expect(wellFormed({ text: 'a\ud800b😀' })).toBe('{"text":"a\ufffdb😀"}');
  expect(wellFormed(['\udc00'])).toBe('["\ufffd"]');
  expect(wellFormed({ text: '\\ud800' })).toBe('{"text":"\\\\ud800"}');
});
