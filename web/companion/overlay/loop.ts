// One loop for everything that follows the page: it runs while somebody has something to draw, and never otherwise.
import type { OverlayNative } from './dom';

/** Draws at a time in milliseconds; gives whether there is more to draw in the next frame. */
export type Drawing = (now: number) => boolean;

export interface Loop {
  /** Adds a drawing; it is asked from the next `wake` on. */
  add(drawing: Drawing): void;
  /** There is something to draw. */
  wake(): void;
  /** A frame is due: nothing is drawn while nobody needs it. */
  readonly running: boolean;
  stop(): void;
}

export function makeLoop(native: OverlayNative): Loop {
  const drawings: Drawing[] = [];
  let due = false;
  let stopped = false;
  const frame = (now: number): void => {
    due = false;
    if (stopped) return;
    let more = false;
    for (const drawing of drawings) more = drawing(now) || more;
    if (more) wake();
  };
  const wake = (): void => {
    if (due || stopped) return;
    due = true;
    // A hidden page has no frames: the loop rests until it is seen again.
    native.requestAnimationFrame(frame);
  };
  return {
    add: (drawing) => void drawings.push(drawing),
    wake,
    get running() {
      return due;
    },
    stop: () => {
      stopped = true;
    },
  };
}
