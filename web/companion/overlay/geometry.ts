// Where things are put: pure functions of boxes and points, in pixels of the layout viewport.

export interface Point {
  x: number;
  y: number;
}

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export type Side = 'above' | 'below' | 'left' | 'right';

/** Where a bubble goes: its left top corner, and where along the side that faces the point its tip is. */
export interface Place {
  side: Side;
  left: number;
  top: number;
  tip: number;
}

/** How far what is pointed at reaches from the point, on each side: the bubble does not cover it. */
export type Reach = Record<Side, number>;

/** It does not count. */
const NONE: Reach = { above: 0, below: 0, left: 0, right: 0 };
/** Most pixels of a reach that a bubble keeps clear. */
const FARTHEST = 48;

/** Pixels between a bubble and the point that its tip points at. */
export const TIP = 11;
/** Least pixels between a bubble's corner and its tip. */
const CORNER = 16;

/** Pixels that a highlight's glow reaches beyond its box. */
const GLOW = 12;

/** A point given as parts of a box. */
export function within(box: Box, [x, y]: readonly [number, number]): Point {
  return { x: box.left + x * box.width, y: box.top + y * box.height };
}

/** A point as parts of a box, to four places; beyond the box only where `loose`. */
export function partOf(box: Box, { x, y }: Point, loose = false): [number, number] {
  const part = (at: number, size: number): number => {
    const share = size > 0 ? at / size : 0;
    return Math.round((loose ? share : Math.min(1, Math.max(0, share))) * 1e4) / 1e4;
  };
  return [part(x - box.left, box.width), part(y - box.top, box.height)];
}

/** The box between two corners. */
export function between(a: Point, b: Point): Box {
  return { left: Math.min(a.x, b.x), top: Math.min(a.y, b.y), width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) };
}

/** What is in both boxes (never negative in size). */
export function overlap(a: Box, b: Box): Box {
  const left = Math.max(a.left, b.left);
  const top = Math.max(a.top, b.top);
  const width = Math.max(0, Math.min(a.left + a.width, b.left + b.width) - left);
  const height = Math.max(0, Math.min(a.top + a.height, b.top + b.height) - top);
  return { left, top, width, height };
}

/** The point is in the box, or at most `slack` pixels beside it. */
export function holds(box: Box, { x, y }: Point, slack = 0): boolean {
  return x >= box.left - slack && y >= box.top - slack && x <= box.left + box.width + slack && y <= box.top + box.height + slack;
}

/** The nearest point that is in the box. */
export function nearest(box: Box, { x, y }: Point): Point {
  return { x: clamp(x, box.left, box.left + box.width), y: clamp(y, box.top, box.top + box.height) };
}

/** In which direction the point is from the box; up and down come first, as pages scroll. */
export function direction(box: Box, { x, y }: Point): Side {
  if (y < box.top) return 'above';
  if (y > box.top + box.height) return 'below';
  return x < box.left ? 'left' : 'right';
}

/**
 * Where a bubble of a size goes, so that its tip is at `point`, it stays in `room`, and it covers as little as can be of what is in
 * `taken`. The first of `sides` that fits is chosen.
 */
export function bubbleAt(point: Point, width: number, height: number, room: Box, taken: readonly Box[], sides: readonly Side[], unit = 1, reach = NONE): Place {
  let best: Place | null = null;
  let least = Infinity;
  for (const side of sides) {
    const place = bubbleOn(side, point, width, height, room, unit, reach[side]);
    const box = { left: place.left, top: place.top, width, height };
    const inside = overlap(box, room);
    const covered = taken.reduce((sum, other) => sum + area(overlap(box, other)), 0);
    const blind = holds(box, point) ? width * height : 0;
    const cost = (area(box) - area(inside)) * 4 + covered * 2 + blind;
    if (cost < least - 1) {
      best = place;
      least = cost;
    }
  }
  return best ?? bubbleOn('above', point, width, height, room, unit, 0);
}

function bubbleOn(side: Side, { x, y }: Point, width: number, height: number, room: Box, unit: number, reach: number): Place {
  const gap = TIP * unit + (reach <= FARTHEST ? Math.max(0, reach) : 0);
  const corner = CORNER * unit;
  const upright = side === 'above' || side === 'below';
  // The tip stays away from the corners, so the bubble follows a point that is close to the room's edge.
  const along = (at: number, size: number, from: number, whole: number): number => {
    const start = clamp(at - size / 2, from, from + whole - size);
    return clamp(start, at - size + Math.min(corner, size / 2), at - Math.min(corner, size / 2));
  };
  if (upright) {
    const left = along(x, width, room.left, room.width);
    const top = side === 'above' ? y - gap - height : y + gap;
    return { side, left, top: clamp(top, room.top, room.top + room.height - height), tip: x - left };
  }
  const top = along(y, height, room.top, room.height);
  const left = side === 'left' ? x - gap - width : x + gap;
  return { side, left: clamp(left, room.left, room.left + room.width - width), top, tip: y - top };
}

/** What a container leaves of a box, with the glow around it where the container does not cut. */
export function clipPath(box: Box, clip: Box): string {
  const cut = (by: number): string => `${Math.max(-GLOW, by).toFixed(1)}px`;
  const right = box.left + box.width - (clip.left + clip.width);
  const bottom = box.top + box.height - (clip.top + clip.height);
  return `inset(${cut(clip.top - box.top)} ${cut(right)} ${cut(bottom)} ${cut(clip.left - box.left)})`;
}

/** How far a box reaches from a point in it. */
export function reachOf({ left, top, width, height }: Box, { x, y }: Point): Reach {
  return { above: y - top, below: top + height - y, left: x - left, right: left + width - x };
}

/** A smooth path through points: curves between the middles of neighbours. */
export function smooth(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return '';
  const p = ({ x, y }: Point): string => `${round(x)} ${round(y)}`;
  let path = `M${p(first)}`;
  rest.forEach((point, i) => {
    const next = rest[i + 1];
    path += next ? `Q${p(point)} ${p({ x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 })}` : `L${p(point)}`;
  });
  return path;
}

/** An arrow's path: a line, and a head of `size` pixels. */
export function arrow(from: Point, to: Point, size: number): string {
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  const side = (turn: number): string => `${round(to.x + size * Math.cos(angle + turn))} ${round(to.y + size * Math.sin(angle + turn))}`;
  const turn = Math.PI - 0.5;
  return `M${round(from.x)} ${round(from.y)}L${round(to.x)} ${round(to.y)}M${side(turn)}L${round(to.x)} ${round(to.y)}L${side(-turn)}`;
}

function area(box: Box): number {
  return box.width * box.height;
}

/** The lower bound counts where there is no room. */
export function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
