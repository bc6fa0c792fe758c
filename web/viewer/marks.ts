// Marks as lines of an SVG drawing.
import type { Shape } from '../shared/protocol/note';
import { svg } from './dom';
import { type Box, distance, type Point, pointAt } from './geometry';

export type Mark = Extract<Shape, { s: 'freehand' | 'line' | 'arrow' | 'rectangle' }>;

/** How long the barbs of an arrow's head are, in pixels of the agent's window. */
const HEAD = 14;

export function isMark(shape: Shape): shape is Mark {
  return shape.s === 'freehand' || shape.s === 'line' || shape.s === 'arrow' || shape.s === 'rectangle';
}

/** The outline of a mark on an element with this box, as `d` of a path. */
export function outline(mark: Mark, box: Box, scale: number): string {
  switch (mark.s) {
    case 'freehand':
      return path(mark.points.map((at) => pointAt(at, box)));
    case 'line':
      return path([pointAt(mark.from, box), pointAt(mark.to, box)]);
    case 'arrow':
      return arrow(pointAt(mark.from, box), pointAt(mark.to, box), HEAD / scale);
    case 'rectangle': {
      const [[ax, ay], [bx, by]] = [pointAt(mark.from, box), pointAt(mark.to, box)];
      return `${path([[ax, ay], [bx, ay], [bx, by], [ax, by]])}Z`;
    }
  }
}

function path(points: Point[]): string {
  return points.map(([x, y], i) => `${i ? 'L' : 'M'}${x.toFixed(2)} ${y.toFixed(2)}`).join('');
}

function arrow(from: Point, to: Point, longest: number): string {
  const size = Math.min(longest, distance(from, to) / 2);
  const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
  const barb = (turn: number): Point => [to[0] - size * Math.cos(angle + turn), to[1] - size * Math.sin(angle + turn)];
  return path([from, to]) + path([barb(0.5), to, barb(-0.5)]);
}

/** A path in somebody's colour, with a light edge so that it shows on any ground. */
export function drawing(): { group: SVGGElement; draw(d: string): void } {
  const group = svg('g', { class: 'mark' });
  const paths = ['edge', 'ink'].map((name) => svg('path', { class: name }));
  group.append(...paths);
  return {
    group,
    draw(d) {
      for (const path of paths) path.setAttribute('d', d);
    },
  };
}
