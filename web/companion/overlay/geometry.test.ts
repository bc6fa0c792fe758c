import { expect, test } from 'vitest';
import { arrow, bubbleAt, clipPath, direction, nearest, partOf, smooth, within, type Side } from './geometry';
import { linked } from './links';

const box = { left: 100, top: 200, width: 400, height: 50 };

test('a place as parts of a box, and back', () => {
  const point = within(box, [0.25, 0.5]);
  expect(point).toEqual({ x: 200, y: 225 });
  expect(partOf(box, point)).toEqual([0.25, 0.5]);
  expect(partOf(box, { x: 0, y: 0 })).toEqual([0, 0]);
  expect(partOf(box, { x: 0, y: 0 }, true)).toEqual([-0.25, -4]);
  expect(partOf({ ...box, width: 0 }, point)).toEqual([0, 0.5]);
});

const screen = { left: 8, top: 8, width: 374, height: 828 };
const sides: Side[] = ['above', 'below', 'right', 'left'];

test.each<[string, [number, number], Side]>([
  ['in the middle, above', [200, 400], 'above'],
  ['at the top, below', [200, 20], 'below'],
  ['in a corner, below, with its tip at the side', [10, 12], 'below'],
  ['at the bottom, above', [380, 830], 'above'],
])('a bubble %s', (_, [x, y], side) => {
  const place = bubbleAt({ x, y }, 240, 70, screen, [], sides);
  expect(place.side).toBe(side);
  expect(place.left + place.tip).toBe(x);
  expect(place.top >= screen.top && place.top + 70 <= screen.top + screen.height).toBe(true);
});

test('a bubble keeps away from the bar', () => {
  const bar = { left: 8, top: 300, width: 374, height: 90 };
  expect(bubbleAt({ x: 200, y: 400 }, 240, 70, screen, [bar], sides).side).toBe('below');
});

test('what is out of sight is up or down before it is left or right', () => {
  expect([direction(box, { x: 0, y: 0 }), direction(box, { x: 900, y: 900 }), direction(box, { x: 0, y: 210 }), direction(box, { x: 900, y: 210 })]).toEqual(['above', 'below', 'left', 'right']);
  expect(nearest(box, { x: 0, y: 900 })).toEqual({ x: 100, y: 250 });
});

test('a freehand mark goes through the middles of its points', () => {
  expect(smooth([{ x: 0, y: 0 }, { x: 10, y: 0 }, { x: 10, y: 10 }])).toBe('M0 0Q10 0 10 5L10 10');
  expect(smooth([])).toBe('');
  expect(arrow({ x: 0, y: 0 }, { x: 100, y: 0 }, 10)).toMatch(/^M0 0L100 0M91\.2 4\.8L100 0L91\.2 -4\.8$/);
});

test('a container cuts a highlight where it ends, and leaves the glow elsewhere', () => {
  expect(clipPath(box, { left: 0, top: 220, width: 1000, height: 1000 })).toBe('inset(20.0px -12.0px -12.0px -12.0px)');
});

test.each<[string, string[]]>([
  ['no link', []],
  ['see https://shop.example/a?b=c#d.', ['https://shop.example/a?b=c#d']],
  ['(http://a.example/x), and https://b.example', ['http://a.example/x', 'https://b.example/']],
  ['javascript:alert(1) data:text/html,x ftp://a.example', []],
])('links in %j', (text, links) => {
  const pieces = linked(text);
  expect(pieces.map((piece) => piece.text).join('')).toBe(text);
  expect(pieces.flatMap(({ href }) => href ?? [])).toEqual(links);
});
