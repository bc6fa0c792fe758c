// Where the bar is: a share of the free room on each axis, so that it stays in view whatever happens to the window.
import type { Box } from './geometry';

/** From 0 (left, top) to 1 (right, bottom). */
export interface Spot {
  x: number;
  y: number;
}

export const START: Spot = { x: 0.5, y: 1 };

/** Pixels that an arrow key moves the bar by; with Shift, four times as many. */
const STEP = 24;

/** Left top corner for a bar of that size in that room. */
export function cornerAt(spot: Spot, room: Box, width: number, height: number): { left: number; top: number } {
  return {
    left: room.left + spot.x * Math.max(0, room.width - width),
    top: room.top + spot.y * Math.max(0, room.height - height),
  };
}

/** The spot of a bar whose left top corner is there. */
export function spotAt(left: number, top: number, room: Box, width: number, height: number): Spot {
  const share = (offset: number, free: number): number => (free <= 0 ? 0.5 : Math.min(1, Math.max(0, offset / free)));
  return { x: share(left - room.left, room.width - width), y: share(top - room.top, room.height - height) };
}

/** How far a key moves the bar, in pixels; null: it does not. */
export function keyStep(key: string, shift: boolean): { dx: number; dy: number } | null {
  const step = shift ? STEP * 4 : STEP;
  switch (key) {
    case 'ArrowLeft':
      return { dx: -step, dy: 0 };
    case 'ArrowRight':
      return { dx: step, dy: 0 };
    case 'ArrowUp':
      return { dx: 0, dy: -step };
    case 'ArrowDown':
      return { dx: 0, dy: step };
    default:
      return null;
  }
}
