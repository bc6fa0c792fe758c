import { describe, expect, it } from 'vitest';
import { around, type Box, contains, partsOf, partsWithin, type Point, pointAt, scrollParts, thinned } from './geometry';

const BOX: Box = { x: 100, y: 50, width: 400, height: 20 };

describe('parts of a box', () => {
  it.each<[Point, Point]>([
    [[100, 50], [0, 0]],
    [[300, 60], [0.5, 0.5]],
    [[500, 70], [1, 1]],
    [[60, 90], [-0.1, 2]],
    [[100.03, 50], [0.0001, 0]],
  ])('%j is %j', (point, parts) => expect(partsOf(point, BOX)).toEqual(parts));

  it('stay within where they have to', () => expect(partsWithin([60, 90], BOX)).toEqual([0, 1]));

  it('are the corner of a box without size', () => expect(partsOf([7, 9], { x: 1, y: 2, width: 0, height: 0 })).toEqual([0, 0]));

  it('come back to within a tenth of a pixel, also in another layout', () => {
    for (let i = 0; i < 200; i++) {
      const box = { x: i * 3.7, y: -i, width: 1 + i * 5, height: 900 - i * 4 };
      const point: Point = [box.x + (box.width * i) / 200, box.y + (box.height * (200 - i)) / 200];
      const [x, y] = pointAt(partsOf(point, box), box);
      expect(Math.hypot(x - point[0], y - point[1])).toBeLessThan(0.1);
    }
  });
});

describe('boxes', () => {
  it('go around points', () => expect(around([[3, 9], [-1, 4], [2, 2]])).toEqual({ x: -1, y: 2, width: 4, height: 7 }));

  it.each<[Box, boolean]>([
    [{ x: 100, y: 50, width: 400, height: 20 }, true],
    [{ x: 99.6, y: 50, width: 10, height: 20.4 }, true],
    [{ x: 99, y: 50, width: 10, height: 10 }, false],
    [{ x: 490, y: 60, width: 12, height: 5 }, false],
  ])('contain %j: %s', (inner, is) => expect(contains(BOX, inner)).toBe(is));
});

describe('a drawn line', () => {
  const drawn = Array.from({ length: 5_000 }, (_, i): Point => [i / 2, Math.sin(i / 40) * 9]);

  it('keeps its ends, loses what is near, and is never too long', () => {
    const thin = thinned(drawn, 2, 2_000);
    expect(thin[0]).toBe(drawn[0]);
    expect(thin[thin.length - 1]).toEqual(drawn[4_999]);
    expect(thin.length).toBeLessThan(2_000);
    expect(thinned(drawn, 0.1, 300)).toHaveLength(300);
  });

  it('has no point twice at its end', () => expect(thinned([[0, 0], [5, 0], [5, 0]], 2, 10)).toEqual([[0, 0], [5, 0]]));
});

it.each<[Point, Point]>([
  [[0, 0], [0, 0]],
  [[50, 500], [0, 0.5]],
  [[0, 1_000], [0, 1]],
  [[0, 1_300], [0, 1]],
])('scrolled to %j of a page of 2,000 in a window of 1,000 is %j', (offset, parts) => {
  expect(scrollParts(offset, { width: 800, height: 2_000 }, { width: 800, height: 1_000 })).toEqual(parts);
});
