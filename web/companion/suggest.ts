// Whether the page would be shown better by pictures of it: it draws by WebGL, or fills the screen with a drawing. Said once a page.
import * as dom from '../shared/dom';
import type { Handover, Native } from './handover';
import { type Drawing, isBetter } from './drawings';
import { Layout } from './hosted/layout';

/** Milliseconds between two looks, while there are drawings. */
const EVERY = 3_000;
/** Looks at most since something was drawn anew. */
const LOOKS = 10;

export class Suggest {
  private readonly drawings = new Map<HTMLCanvasElement, boolean>();
  private readonly followed = new WeakSet<Handover>();
  private looks = 0;
  private waiting = false;
  private said = false;

  constructor(
    private readonly native: Native,
    private readonly say: () => void,
  ) {}

  /** Follows a document of the page. */
  open(handover: Handover): void {
    if (this.followed.has(handover)) return;
    this.followed.add(handover);
    handover.observe('gpu', (canvas) => this.drawn(canvas, true));
    handover.observe('canvas', (canvas) => this.drawn(canvas, false));
  }

  private drawn(canvas: HTMLCanvasElement, gpu: boolean): void {
    if (this.said) return;
    this.drawings.set(canvas, gpu || this.drawings.get(canvas) === true);
    this.looks = 0;
    this.later();
  }

  private later(): void {
    if (this.waiting || this.said || this.looks >= LOOKS) return;
    this.waiting = true;
    this.native.setTimeout(() => {
      this.waiting = false;
      this.looks += 1;
      this.look();
      if (this.drawings.size) this.later();
    }, EVERY);
  }

  private look(): void {
    const layout = new Layout();
    const drawings: Drawing[] = [];
    for (const [canvas, gpu] of this.drawings) {
      if (!dom.isConnected(canvas)) this.drawings.delete(canvas);
      else if (dom.isVisible(canvas, { visibilityProperty: true }) !== false) drawings.push({ gpu, box: layout.box(canvas, dom.boxOf(canvas)) });
    }
    if (!isBetter(drawings, window.innerWidth, window.innerHeight)) return;
    this.said = true;
    this.drawings.clear();
    this.say();
  }
}
