import { expect, test, vi } from 'vitest';
import masked from '../../../fixtures/masks/content/masked.json';

// The functions under test read the browser's getters when they are loaded.
vi.mock('../../shared/dom', () => ({ htmlName: (of: { name: string; drawn?: boolean }) => (of.drawn ? null : of.name), localName: (of: { name: string }) => of.name, inputType: (of: { type: string }) => of.type }));
const { maskedValue, stars, toldAttribute } = await import('./told');

const MASKED = 2;
const HIDDEN = 1;
const drawing = (name: string) => ({ name, drawn: true }) as unknown as Element;
const element = (name: string, type = '') => ({ name, type }) as unknown as Element;

test.each(masked.stars)('stars for %j', (text, told) => {
  expect(stars(text as string)).toBe(told);
  expect(stars(told as string)).toBe(told);
});

test.each(masked.values)('value of %s: %j', (type, value, told) => {
  expect(maskedValue(type as string, value as string)).toBe(told);
});

test('a long value has an end', () => expect(maskedValue('text', 'x'.repeat(5_000))).toHaveLength(200));

test.each(masked.attributes.starred)('%s is starred', (name) => expect(toldAttribute(element('p'), MASKED, name, 'a b')).toBe('* *'));
test.each(masked.attributes.kept)('%s stays', (name) => expect(toldAttribute(element('p'), MASKED, name, 'a b')).toBe('a b'));

test.each(['onclick', 'x-data', ':value', 'wire:snapshot', 'balance', 'itemid', 'xlink:title', 'cite', 'download'])('%s, which may tell, is starred', (name) => {
  expect(toldAttribute(element('p'), MASKED, name, 'a b')).toBe('* *');
});

test.each([['d', 'M 1'], ['xlink:href', '#a'], ['viewBox', '0 0']])('%s of a drawing stays', (name, value) => {
  expect(toldAttribute(drawing('use'), MASKED, name, value)).toBe(value);
});
test.each(['xlink:title', 'onclick', 'data-x', 'alt'])('%s of a drawing is starred', (name) => expect(toldAttribute(drawing('use'), MASKED, name, 'a b')).toBe('* *'));

test('what the style of a hidden element says is starred', () => expect(toldAttribute(element('p'), HIDDEN, 'style', `--x: "one"; top: 1px`)).toBe(`--x: "***"; top: 1px`));

test.each([
  ['a', 'href', 'https://shop.example/account/4711', '#'],
  ['link', 'href', '/style.css', '/style.css'],
  ['iframe', 'srcdoc', '<p>secret', ''],
  ['input', 'checked', '', null],
  ['option', 'selected', '', null],
  ['p', 'style', `--x: "one 2"; content: 'a\\'b'; color: red`, `--x: "*** *"; content: '*\\'*'; color: red`],
])('%s %s=%j', (name, attribute, value, told) => expect(toldAttribute(element(name), MASKED, attribute, value)).toBe(told));

test.each([['class', 'x'], ['id', 'x'], ['style', 'x'], ['title', null], ['data-x', null], ['src', null], ['srcdoc', null], ['value', null]])('of what is hidden, %s', (name, told) => {
  expect(toldAttribute(element('p'), HIDDEN, name, 'x')).toBe(told);
});

test('what is in a frame without an address is told by its nodes alone', () => expect(toldAttribute(element('iframe'), 0, 'srcdoc', '<p>x')).toBe(''));
