import { expect, test } from 'vitest';
import { groupPin, pinDigits, spokenPin } from './pin';

test.each([
  ['482913', '482913'],
  [' 482 913 ', '482913'],
  ['48-29-13', '482913'],
  ['PIN: 482\u00a0913.', '482913'],
  ['４８２９１３', '482913'],
  ['٤٨٢٩١٣', '482913'],
  ['४८२९१३', '482913'],
  ['4829137', '482913'],
  ['12', '12'],
  ['abc', ''],
])('digits of %j', (typed, digits) => expect(pinDigits(typed)).toBe(digits));

test.each([['', ''], ['482', '482'], ['4829', '482 9'], ['482913', '482 913']])('%j in groups', (pin, grouped) => expect(groupPin(pin)).toBe(grouped));

test('is spoken digit by digit', () => expect(spokenPin('482913')).toBe('4 8 2, 9 1 3'));
