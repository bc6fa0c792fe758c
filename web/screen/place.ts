// Where the picture is in the window, and what place of the page a place of the window is.
import type { Box, Point } from '../companion/overlay/geometry';

export interface Size {
  width: number;
  height: number;
}

/** A picture on the screen. */
export interface Shown {
  /** Where it is in the window, in CSS pixels. */
  box: Box;
  /** What it shows of the page's layout viewport, in CSS pixels of the page. */
  view: Box;
}

/** Pixels by which a picture that was made for this window may be off, since both sides round. */
const ROUNDED = 1.5;

/** Where a picture of `size` device pixels goes: pixel by pixel where it was made for this window, else as large as fits, at the top. */
export function fit(size: Size, room: Size, density: number): Box {
  const own = { width: size.width / density, height: size.height / density };
  if (Math.abs(own.width - room.width) <= ROUNDED && Math.abs(own.height - room.height) <= ROUNDED) return { left: 0, top: 0, ...own };
  const scale = Math.min(room.width / own.width, room.height / own.height);
  const width = own.width * scale;
  return { left: (room.width - width) / 2, top: 0, width, height: own.height * scale };
}

/** A place of the window as one of the page's layout viewport, to hundredths. */
export function toPage({ box, view }: Shown, { x, y }: Point): Point {
  return {
    x: hundredths(view.left + ((x - box.left) / box.width) * view.width),
    y: hundredths(view.top + ((y - box.top) / box.height) * view.height),
  };
}

/** A box of the page's layout viewport as one of the window. */
export function toWindow({ box, view }: Shown, [left, top, width, height]: readonly [number, number, number, number]): Box {
  const [x, y] = [box.width / view.width, box.height / view.height];
  return { left: box.left + (left - view.left) * x, top: box.top + (top - view.top) * y, width: width * x, height: height * y };
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
