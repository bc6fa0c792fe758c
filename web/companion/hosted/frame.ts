// A frame of another origin in a hosted page: tells the top document whether anything in it is masked. If so, all of the frame is covered.
import type { Follow } from '../capture/capture';
import type { Twin } from '../capture/twin';
import type { Native } from '../handover';
import { partOf } from './listing';

export class FrameWatch implements Follow {
  private readonly own = new Set<Twin>();
  private told: boolean | null = null;
  private due = false;

  constructor(
    private readonly native: Native,
    /** Takes in what changed. */
    private readonly flush: () => void,
    /** All frames of other origins within have spoken for themselves. */
    private readonly seen: () => boolean,
    private readonly send: (clear: boolean, n?: number) => void,
  ) {}

  enter(twin: Twin): void {
    if (!partOf(twin)) return;
    this.own.add(twin);
    this.review();
  }

  leave(twin: Twin): void {
    if (this.own.delete(twin)) this.review();
  }

  stirred(): void {
    this.review();
  }

  changed(): void {
    // It tells of masked nodes alone, wherever they are.
  }

  /** The top document asks. What went in the meantime was told before. */
  look(n: number): void {
    this.flush();
    this.told = this.clear;
    this.send(this.told, n);
  }

  /** The frame was announced anew. */
  tell(): void {
    this.told = this.clear;
    this.send(this.told);
  }

  private get clear(): boolean {
    return this.own.size === 0 && this.seen();
  }

  private review(): void {
    // What is masked from here on is told at once, what is not any more once the frame was drawn without it.
    if (this.own.size && this.told !== false) this.send((this.told = false));
    if (this.due || !this.told === !this.clear) return;
    this.due = true;
    this.native.requestAnimationFrame(() =>
      this.native.setTimeout(() => {
        this.due = false;
        if (this.told !== this.clear) this.tell();
      }),
    );
  }
}
