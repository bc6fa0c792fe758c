import { expect, test } from 'vitest';
import { since } from './time';

const NOW = 1_800_000_000;
test.each([
  [0, 'just now'],
  [-5, 'just now'],
  [59, 'just now'],
  [60, '1 minute ago'],
  [3_599, '59 minutes ago'],
  [7_200, '2 hours ago'],
  [86_400, '1 day ago'],
  [29 * 86_400, '29 days ago'],
])('%i seconds ago', (past, words) => expect(since(NOW - past, NOW)).toBe(words));

test('what is long ago is told by its date', () => expect(since(NOW - 40 * 86_400, NOW)).toMatch(/\d{4}/));
