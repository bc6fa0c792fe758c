// Draws frames of image mode on a canvas, in the picture's own pixels. Pictures are decoded beside each other, a frame is drawn in one go, and frames one
// after the other: the sender has one on its way and waits until it is told that it is drawn.
import { type Frame, type Patch, readFrame } from './frames';

/** What the owner of a picture wants to know. */
export interface Painted {
  /** A frame is on the canvas. */
  drawn(frame: Frame): void;
  /** A frame could not be drawn: only one that needs none before it helps. */
  failed(error: unknown): void;
}

export class Painter {
  /** The frame that is drawn; null: none. */
  shown: Frame | null = null;
  private readonly pen: CanvasRenderingContext2D | null;
  private turn: Promise<void> = Promise.resolve();
  /** Grows when what came before counts no more. */
  private era = 0;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly told: Painted,
  ) {
    this.pen = canvas.getContext('2d', { alpha: false });
  }

  /** Takes a binary message. */
  take(message: ArrayBuffer): void {
    const { era } = this;
    let frame: Frame;
    let pictures: Promise<(ImageBitmap | null)[]>;
    try {
      frame = readFrame(message);
      pictures = Promise.all(frame.patches.map(decoded));
    } catch (error) {
      this.told.failed(error);
      return;
    }
    const paint = async () => {
      const ready = await pictures;
      if (era === this.era) this.paint(frame, ready);
      for (const picture of ready) picture?.close();
    };
    this.turn = this.turn.then(paint).catch((error: unknown) => {
      if (era === this.era) this.told.failed(error);
    });
  }

  /** Another connection: what was on its way is not drawn any more; what is drawn stays. */
  anew(): void {
    this.era += 1;
  }

  /** Nothing is shown any more. */
  clear(): void {
    this.anew();
    this.shown = null;
    this.canvas.width = 0;
    this.canvas.height = 0;
    delete this.canvas.dataset['frame'];
  }

  /** It begins anew, or goes on from what is drawn. */
  private fits({ whole, number, width, height }: Frame): boolean {
    const { shown } = this;
    return whole || (shown !== null && number >= shown.number && width === shown.width && height === shown.height);
  }

  private paint(frame: Frame, pictures: (ImageBitmap | null)[]): void {
    const { canvas, pen } = this;
    if (!pen) throw new Error('there is no canvas');
    if (!this.fits(frame)) throw new Error('a part of another picture');
    if (canvas.width !== frame.width || canvas.height !== frame.height) {
      canvas.width = frame.width;
      canvas.height = frame.height;
    }
    frame.patches.forEach((patch, i) => put(pen, patch, pictures[i] ?? null));
    this.shown = frame;
    canvas.dataset['frame'] = String(frame.number);
    this.told.drawn(frame);
  }
}

async function decoded({ paint }: Patch): Promise<ImageBitmap | null> {
  if (paint.kind !== 'jpeg' && paint.kind !== 'webp') return null;
  return createImageBitmap(new Blob([paint.file], { type: `image/${paint.kind}` }), { colorSpaceConversion: 'none' });
}

function put(pen: CanvasRenderingContext2D, { x, y, width, height, paint }: Patch, picture: ImageBitmap | null): void {
  if (paint.kind === 'fill') {
    pen.fillStyle = `rgb(${paint.colour.join(' ')})`;
    pen.fillRect(x, y, width, height);
  } else if (paint.kind === 'move') pen.drawImage(pen.canvas, paint.x, paint.y, width, height, x, y, width, height);
  else if (picture) pen.drawImage(picture, x, y, width, height);
}
