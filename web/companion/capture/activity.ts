// What the visitor does: pointer, focus, and how large the window is.
import type { NodeId, PageEvent, PointerAction, Viewport } from '../../shared/protocol/page';
import * as dom from '../../shared/dom';
import type { Env, Tree } from './tree';

/** Milliseconds between two places of a moving pointer. */
const POINTER_EVERY = 33;

export class Activity {
  private focused: NodeId | null = null;
  private last = 0;
  private waiting: { document: Document; event: PointerEvent } | null = null;

  constructor(
    private readonly env: Env,
    private readonly tree: Tree,
    private readonly emit: (event: PageEvent) => void,
    private readonly wake: () => void,
  ) {}

  /** The pointer moved, went down or up, or left. */
  pointer(document: Document, event: PointerEvent, action: PointerAction): void {
    if (action === 'move') {
      const first = !this.waiting;
      this.waiting = { document, event };
      const wait = this.last + POINTER_EVERY - performance.now();
      if (wait <= 0) this.flushPointer();
      else if (first) this.env.native.setTimeout(() => this.flushPointer(), wait);
      return;
    }
    this.flushPointer();
    if (action === 'leave') this.emit({ t: 'pointer', action, at: [0, 0] });
    else this.place(document, event, action);
    this.wake();
  }

  private flushPointer(): void {
    const { waiting } = this;
    this.waiting = null;
    if (!waiting) return;
    this.place(waiting.document, waiting.event, 'move');
    this.wake();
  }

  private place(document: Document, event: PointerEvent, action: PointerAction): void {
    this.last = performance.now();
    const { clientX: x, clientY: y } = event;
    let element = document.elementFromPoint(x, y);
    for (let root = element && this.env.shadowRoot(element); root; ) {
      const inner = root.elementFromPoint(x, y);
      if (!inner || inner === element) break;
      element = inner;
      root = this.env.shadowRoot(inner);
    }
    // What is below a hidden element is not told.
    while (element && !this.tree.of(element)) element = dom.parentNode(element) as Element | null;
    const twin = element && this.tree.of(element);
    if (!element || !twin) return;
    const box = dom.boxOf(element);
    const part = (at: number, size: number) => (size > 0 ? Math.round(Math.min(1, Math.max(0, at / size)) * 1e4) / 1e4 : 0);
    this.emit({ t: 'pointer', action, node: twin.id, at: [part(x - box.left, box.width), part(y - box.top, box.height)] });
  }

  /** The innermost focused element below a document. */
  focus(document: Document): NodeId | null {
    let element = document.activeElement;
    for (let at = element; at; ) {
      const inner: Document | ShadowRoot | null = this.env.shadowRoot(at) ?? this.tree.contentOf(at);
      at = inner?.activeElement ?? null;
      if (at) element = at;
    }
    if (!element || dom.htmlName(element) === 'body' || dom.htmlName(element) === 'html') return null;
    return this.tree.of(element)?.id ?? null;
  }

  /** Announces the focus if it changed. */
  flushFocus(document: Document): void {
    const node = this.focus(document);
    if (node === this.focused) return;
    this.focused = node;
    this.emit({ t: 'focus', node });
  }

  /** The focus as a snapshot tells it. */
  begin(document: Document): NodeId | null {
    this.focused = this.focus(document);
    return this.focused;
  }
}

export function viewport(window: Window): Viewport {
  const visual = window.visualViewport;
  return {
    width: window.innerWidth,
    height: window.innerHeight,
    density: window.devicePixelRatio,
    zoom: visual?.scale ?? 1,
    offset: [visual?.offsetLeft ?? 0, visual?.offsetTop ?? 0],
  };
}
