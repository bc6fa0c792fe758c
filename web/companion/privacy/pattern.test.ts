import { describe, expect, test } from 'vitest';
import file from '../../../fixtures/policy/patterns.json';
import { covers, readPattern, type Pattern } from './pattern';

for (const { pattern, covers: within, not } of file.patterns) {
  describe(pattern, () => {
    const read = readPattern(pattern) as Pattern;
    test.each(within)('covers %s', (address) => expect(covers(read, new URL(address))).toBe(true));
    test.each(not)('does not cover %s', (address) => expect(URL.canParse(address) && covers(read, new URL(address))).toBe(false));
  });
}

// What is a public suffix only the server knows, which has refused such entries before anybody is told of them.
test.each(file.refused.filter(({ why }) => !why.includes('public suffix')))('refuses $pattern', ({ pattern }) => {
  expect(readPattern(pattern)).toBeNull();
});
