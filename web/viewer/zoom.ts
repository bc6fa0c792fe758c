// How large the visitor's window is drawn.
import type { Zoom } from '../shared/protocol/frame';
import type { Size } from './geometry';

const LEAST = 10;
const MOST = 400;

/** What the zoom keys go through, in percent. */
const STEPS = [10, 25, 33, 50, 67, 75, 80, 90, 100, 110, 125, 150, 175, 200, 250, 300, 400];

export function clamped(percent: number): number {
  return Math.min(MOST, Math.max(LEAST, percent)) || 100;
}

/** Pixels of ours per pixel of the visitor's; the whole window is never drawn larger than it is. */
export function scaleOf(zoom: Zoom, room: Size, window: Size): number {
  if (typeof zoom === 'object') return clamped(zoom.percent) / 100;
  const width = room.width / window.width;
  if (zoom === 'width') return clamped(width * 100) / 100;
  return Math.min(1, width, room.height / window.height) || 1;
}

/** The next larger (1) or smaller (-1) step from a percentage. */
export function stepped(percent: number, direction: 1 | -1): number {
  const shy = 0.5;
  if (direction > 0) return STEPS.find((step) => step > percent + shy) ?? MOST;
  return STEPS.findLast((step) => step < percent - shy) ?? LEAST;
}

/** Where the stage must be scrolled to (one axis) so that what is under the pointer at `at` stays there when the scale changes. */
export function kept(scroll: number, at: number, before: number, after: number): number {
  return Math.max(0, ((scroll + at) * after) / before - at);
}
