import { expect, it } from 'vitest';
import type { Zoom } from '../shared/protocol/frame';
import { kept, scaleOf, stepped } from './zoom';

const ROOM = { width: 1_000, height: 600 };
const DESKTOP = { width: 1_280, height: 800 };
const PHONE = { width: 390, height: 844 };

it.each<[Zoom, typeof DESKTOP, number]>([
  ['whole', DESKTOP, 0.75],
  ['whole', PHONE, 600 / 844],
  ['whole', { width: 500, height: 300 }, 1],
  ['width', DESKTOP, 1_000 / 1_280],
  ['width', PHONE, 1_000 / 390],
  ['width', { width: 20, height: 20 }, 4],
  [{ percent: 250 }, PHONE, 2.5],
  [{ percent: 5 }, DESKTOP, 0.1],
  [{ percent: 900 }, DESKTOP, 4],
  [{ percent: Number.NaN }, DESKTOP, 1],
])('%j of %j', (zoom, window, scale) => expect(scaleOf(zoom, ROOM, window)).toBeCloseTo(scale, 6));

it.each<[number, 1 | -1, number]>([
  [100, 1, 110],
  [100, -1, 90],
  [78, 1, 80],
  [78, -1, 75],
  [400, 1, 400],
  [10, -1, 10],
  [99.8, 1, 110],
])('%d goes by %d to %d', (percent, direction, next) => expect(stepped(percent, direction)).toBe(next));

it('keeps what is under the pointer where it is', () => {
  // The point at 300 of a stage scrolled by 100 is 400 at scale 1, 800 at scale 2.
  expect(kept(100, 300, 1, 2)).toBe(500);
  expect(kept(500, 300, 2, 1)).toBe(100);
  expect(kept(0, 300, 2, 1)).toBe(0);
});
