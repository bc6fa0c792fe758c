// The trail of a laser pointer: where a cursor was in the last moments, fading.
import { colourOf } from '../../shared/people';
import type { PersonId } from '../../shared/protocol/people';
import { append, inlineSvg, remove, setAttribute } from './dom';
import type { Point } from './geometry';
import { draw } from './make';

/** Milliseconds until a piece of the trail has faded. */
const FADES = 600;
const WIDTH = 7;

export class Trail {
  private readonly group = draw('g', { class: 'trail', 'data-part': 'trail' });
  private readonly pieces: SVGElement[] = [];
  private points: (Point & { at: number })[] = [];

  constructor(
    private readonly into: Element,
    by: PersonId,
  ) {
    inlineSvg(this.group).setProperty('--who', colourOf(by));
    append(into, this.group);
  }

  add(point: Point, at: number): void {
    const last = this.points.at(-1);
    if (!last || last.x !== point.x || last.y !== point.y) this.points.push({ ...point, at });
  }

  /** Draws what is left; gives whether there is anything. */
  draw(now: number): boolean {
    this.points = this.points.filter(({ at }) => now - at < FADES);
    const count = Math.max(0, this.points.length - 1);
    while (this.pieces.length < count) this.piece();
    this.pieces.forEach((piece, i) => {
      const [from, to] = [this.points[i], this.points[i + 1]];
      if (!from || !to) {
        setAttribute(piece, 'visibility', 'hidden');
        return;
      }
      const left = 1 - (now - to.at) / FADES;
      const values = { x1: from.x, y1: from.y, x2: to.x, y2: to.y, opacity: left * 0.85, 'stroke-width': 1.5 + WIDTH * left, visibility: 'visible' };
      for (const [name, value] of Object.entries(values)) setAttribute(piece, name, `${value}`);
    });
    return count > 0;
  }

  stop(): void {
    remove(this.group);
  }

  private piece(): void {
    const piece = draw('line');
    append(this.group, piece);
    this.pieces.push(piece);
  }
}
