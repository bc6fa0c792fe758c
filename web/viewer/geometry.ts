// Places as both sides mean them: points as parts of an element's box, so that they are right in any layout and at any size.

export type Point = [number, number];

export interface Size {
  width: number;
  height: number;
}

/** A box in CSS pixels of the visitor's window. */
export interface Box extends Size {
  x: number;
  y: number;
}

/** Parts are sent with four decimals: a tenth of a pixel on a box of 1,000. */
const DECIMALS = 1e4;

function round(part: number): number {
  return Math.round(part * DECIMALS) / DECIMALS;
}

/** A point as parts of a box; it may be outside. A box without size has everything at its corner. */
export function partsOf([x, y]: Point, box: Box): Point {
  return [box.width > 0 ? round((x - box.x) / box.width) : 0, box.height > 0 ? round((y - box.y) / box.height) : 0];
}

/** A point as parts of a box, 0 to 1 each. */
export function partsWithin(point: Point, box: Box): Point {
  const [x, y] = partsOf(point, box);
  return [Math.min(1, Math.max(0, x)), Math.min(1, Math.max(0, y))];
}

/** The point at these parts of a box. */
export function pointAt([x, y]: Point, box: Box): Point {
  return [box.x + x * box.width, box.y + y * box.height];
}

export function middle(box: Box): Point {
  return pointAt([0.5, 0.5], box);
}

/** The smallest box around points. */
export function around(points: readonly Point[]): Box {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/** `inner` is within `outer`, but for half a pixel. */
export function contains(outer: Box, inner: Box): boolean {
  const slack = 0.5;
  return (
    inner.x >= outer.x - slack &&
    inner.y >= outer.y - slack &&
    inner.x + inner.width <= outer.x + outer.width + slack &&
    inner.y + inner.height <= outer.y + outer.height + slack
  );
}

export function overlaps(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

export function distance([ax, ay]: Point, [bx, by]: Point): number {
  return Math.hypot(bx - ax, by - ay);
}

/** A drawn line without the points that nobody would miss: those within `apart` pixels of the one before; at most `most`. */
export function thinned(points: readonly Point[], apart: number, most: number): Point[] {
  const [first] = points;
  const last = points[points.length - 1];
  if (!first || !last) return [];
  const kept = [first];
  for (const point of points) if (distance(kept[kept.length - 1] ?? point, point) >= apart) kept.push(point);
  if (distance(kept[kept.length - 1] ?? first, last) > 0) kept.push(last);
  if (kept.length <= most) return kept;
  const step = (kept.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, i) => kept[Math.round(i * step)] ?? last);
}

/** A scroll offset as parts of what can be scrolled. */
export function scrollParts([left, top]: Point, inner: Size, outer: Size): Point {
  const part = (at: number, size: number) => (size > 0 ? round(Math.min(1, Math.max(0, at / size))) : 0);
  return [part(left, inner.width - outer.width), part(top, inner.height - outer.height)];
}
