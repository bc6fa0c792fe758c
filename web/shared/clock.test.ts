import { expect, test } from 'vitest';
import { clock, spokenLeft } from './clock';

test.each([[600, '10:00'], [65, '1:05'], [9, '0:09'], [0, '0:00']])('%d s on the clock', (seconds, text) => expect(clock(seconds)).toBe(text));

test.each([
  [600, 'about 10 minutes left'],
  [91, 'about 2 minutes left'],
  [60, '60 seconds left'],
  [51, '60 seconds left'],
  [1, '10 seconds left'],
  [0, 'expired'],
])('%d s in words', (seconds, text) => expect(spokenLeft(seconds)).toBe(text));
