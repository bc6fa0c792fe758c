import { expect, test } from 'vitest';
import source from '../../../src/session/trail.rs?raw';
import { KINDS, whatWords, whoWords } from './words';

test('every kind of deed has words', () => {
  const names = /pub enum What \{(.*?)\n\}/s.exec(source)?.[1]?.match(/^ {4}[A-Z]\w+/gm) ?? [];
  const kinds = names.map((name) => name.trim().replace(/(?<!^)[A-Z]/g, '-$&').toLowerCase());
  expect(kinds.length).toBeGreaterThan(20);
  expect(Object.keys(KINDS).toSorted()).toEqual(kinds.toSorted());
});

test('words for what is not known', () => {
  expect(whatWords('rules-saved')).toBe('Rules saved');
  expect(whatWords('tea-made')).toBe('tea made');
  expect([whoWords(''), whoWords('visitor'), whoWords('Ada')]).toEqual(['The server', 'Visitor', 'Ada']);
});
