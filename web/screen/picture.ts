// The picture: a canvas of device pixels, on which frames are drawn as they come.
import type { Frame } from '../shared/frames';
import { Painter } from '../shared/painter';
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
  private readonly painter: Painter;
  private size: Size = { width: 0, height: 0 };
  private view: Box | null = null;
  private box: Box = { left: 0, top: 0, width: 1, height: 1 };

  constructor(
    private readonly room: () => Size,
    private readonly events: PictureEvents,
  ) {
    this.element.hidden = true;
    this.painter = new Painter(this.element, { drawn: (frame) => this.drawn(frame), failed: () => this.events.lost() });
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
    this.painter.take(data);
  }

  /** Puts it where it belongs in the window. */
  place(): void {
    const { element } = this;
    this.box = fit(element, this.room(), devicePixelRatio);
    const { left, top, width, height } = this.box;
    Object.assign(element.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
  }

  private drawn({ number, view }: Frame): void {
    const first = this.view === null;
    this.view = view;
    this.element.hidden = false;
    const { width, height } = this.element;
    if (width !== this.size.width || height !== this.size.height) {
      this.size = { width, height };
      this.place();
    }
    this.events.drawn(number, first);
  }
}
