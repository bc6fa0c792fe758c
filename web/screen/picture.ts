// The picture: a canvas of device pixels, on which frames are drawn as they come.
import { readFrame, type Frame, type Patch } from '../shared/frames';
import { make } from '../companion/overlay/make';
import type { Box, Point } from '../companion/overlay/geometry';
import { fit, toPage, toWindow, type Shown, type Size } from './place';

export interface PictureEvents {
  /** Frame `number` is painted; `first`: it is the first ever. */
  drawn(number: number, first: boolean): void;
  /** A frame cannot be drawn on what is there: all has to come anew. */
  lost(): void;
}

export class Picture {
  readonly element = make('canvas', { class: 'picture', 'aria-hidden': 'true' }) as HTMLCanvasElement;
  private readonly context = this.element.getContext('2d', { alpha: false });
  private view: Box | null = null;
  private box: Box = { left: 0, top: 0, width: 1, height: 1 };
  private work: Promise<void> = Promise.resolve();

  constructor(
    private readonly room: () => Size,
    private readonly events: PictureEvents,
  ) {
    this.element.hidden = true;
  }

  /** Where it is and what it shows; null: there is no picture yet. */
  get shown(): Shown | null {
    return this.view && { box: this.box, view: this.view };
  }

  /** A place of the window as one of the page; null: there is no picture yet. */
  toPage(point: Point): Point | null {
    return this.shown && toPage(this.shown, point);
  }

  /** A box of the page as one of the window; null: there is no picture yet. */
  toWindow(box: readonly [number, number, number, number]): Box | null {
    return this.shown && toWindow(this.shown, box);
  }

  /** Draws a frame, after those that came before it. */
  take(data: ArrayBuffer): void {
    this.work = this.work.then(() => this.paint(data)).catch(() => this.events.lost());
  }

  /** Puts it where it belongs in the window. */
  place(): void {
    const { element } = this;
    this.box = fit(element, this.room(), devicePixelRatio);
    const { left, top, width, height } = this.box;
    Object.assign(element.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
  }

  private async paint(data: ArrayBuffer): Promise<void> {
    const frame = readFrame(data);
    // All that has to be decoded is, before anything is drawn: what is seen is one picture or the next.
    const files = await Promise.all(frame.patches.map((patch) => decoded(patch)));
    this.draw(frame, files);
    for (const file of files) file?.close();
    const first = this.view === null;
    this.view = frame.view;
    this.element.hidden = false;
    this.events.drawn(frame.number, first);
  }

  private draw(frame: Frame, files: readonly (ImageBitmap | null)[]): void {
    const { element, context } = this;
    if (!context) return;
    if (element.width !== frame.width || element.height !== frame.height || this.view === null) {
      if (!frame.whole) throw new Error('a part of another picture');
      element.width = frame.width;
      element.height = frame.height;
      this.place();
    }
    frame.patches.forEach((patch, i) => put(context, element, patch, files[i] ?? null));
  }
}

async function decoded({ paint }: Patch): Promise<ImageBitmap | null> {
  if (paint.kind !== 'jpeg' && paint.kind !== 'webp') return null;
  return createImageBitmap(new Blob([paint.file], { type: `image/${paint.kind}` }), { colorSpaceConversion: 'none' });
}

function put(context: CanvasRenderingContext2D, canvas: HTMLCanvasElement, { x, y, width, height, paint }: Patch, file: ImageBitmap | null): void {
  if (paint.kind === 'move') context.drawImage(canvas, paint.x, paint.y, width, height, x, y, width, height);
  else if (paint.kind === 'fill') {
    context.fillStyle = `rgb(${paint.colour.join(' ')})`;
    context.fillRect(x, y, width, height);
  } else if (file) context.drawImage(file, x, y, width, height);
}
