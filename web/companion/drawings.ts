// When drawings are shown better by pictures of them.

/** Width and height from which a WebGL drawing counts, in CSS pixels. */
const LARGE = { width: 300, height: 200 };
/** Part of the window from which other drawings count, together. */
const MUCH = 0.4;

/** A drawing as it is on the screen. */
export interface Drawing {
  /** By WebGL or WebGPU. */
  gpu: boolean;
  box: [left: number, top: number, width: number, height: number];
}

/** Whether such drawings are shown better by pictures, in a window of this size. */
export function isBetter(drawings: readonly Drawing[], width: number, height: number): boolean {
  let area = 0;
  for (const { gpu, box } of drawings) {
    const across = Math.min(box[0] + box[2], width) - Math.max(box[0], 0);
    const down = Math.min(box[1] + box[3], height) - Math.max(box[1], 0);
    if (across <= 0 || down <= 0) continue;
    if (gpu && box[2] > LARGE.width && box[3] > LARGE.height) return true;
    area += across * down;
  }
  return area > MUCH * width * height;
}
