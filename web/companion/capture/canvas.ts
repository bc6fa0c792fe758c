// Pictures of canvases that were drawn on, at most two a second each. Hidden ones, and those in what is masked, are not read.
import type { PageEvent } from '../../shared/protocol/page';
import * as dom from '../../shared/dom';
import { isHidden } from '../privacy/verdicts';
import type { Twin } from './twin';

/** Longest picture that is sent, in characters of its data URL. */
const LONGEST = 4 * 1024 * 1024;

export class Canvases {
  private dirty = new Set<HTMLCanvasElement>();
  /** Drawn on with pictures that may not be read back, or handed to a worker. */
  private unreadable = new WeakSet<HTMLCanvasElement>();

  /** `unread`: told of a canvas that cannot be read. */
  constructor(
    private readonly of: (node: Node) => Twin | undefined,
    private readonly emit: (event: PageEvent) => void,
    private readonly unread: (canvas: Element) => void,
  ) {}

  touch(canvas: HTMLCanvasElement): void {
    this.dirty.add(canvas);
  }

  /** Sends what changed since the last call. */
  tick(): void {
    for (const canvas of this.dirty) {
      const twin = this.of(canvas);
      if (twin && !this.unreadable.has(canvas) && !isHidden(twin.verdict)) this.send(canvas, twin);
    }
    this.dirty.clear();
  }

  private send(canvas: HTMLCanvasElement, twin: Twin): void {
    try {
      const picture = dom.canvasURL(canvas, 'image/png');
      if (picture.length > LONGEST || picture === twin.sent?.canvas || picture === 'data:,') return;
      twin.sent = { ...twin.sent, canvas: picture };
      this.emit({ t: 'state', node: twin.id, state: { canvas: picture } });
    } catch {
      this.unreadable.add(canvas);
      this.unread(canvas);
    }
  }
}
