// The events that the capture listens to. Scroll, toggle and media events neither bubble nor leave a shadow tree, so each root has
// listeners of its own, in the capturing phase, where the page cannot stop them (unless it listens on the window first).
import type { PointerAction } from '../../shared/protocol/page';
import * as dom from '../../shared/dom';
import type { Native } from '../handover';

/** What the listeners tell. */
export interface Told {
  state(element: Element): void;
  scroll(node: Node): void;
  frame(): void;
  /** A picture came, or failed to. */
  picture(image: HTMLImageElement): void;
  focus(): void;
  selection(document: Document): void;
  pointer(document: Document, event: PointerEvent, action: PointerAction): void;
  window(what: 'size' | 'url'): void;
}

const STATE = ['input', 'change', 'toggle', 'close', 'play', 'pause', 'seeked', 'ratechange', 'loadeddata', 'ended'];

export class Listeners {
  private readonly target: (event: Event) => void;
  private readonly scroll: (event: Event) => void;
  private readonly load: (event: Event) => void;
  private readonly failed: (event: Event) => void;
  private readonly reset: () => void;
  private readonly focus: () => void;
  private readonly selection: (event: Event) => void;
  private readonly resize: () => void;
  private readonly url: () => void;
  private readonly pointers = new WeakMap<Document, [string, EventListener][]>();

  constructor(
    private readonly native: Native,
    private readonly told: Told,
  ) {
    this.target = ({ target }) => target && 'nodeType' in target && told.state(target as Element);
    this.scroll = ({ target }) => target && 'nodeType' in target && told.scroll(target as Node);
    const picture = ({ target }: Event) => {
      if (target && 'nodeType' in target && dom.htmlName(target as Node) === 'img') told.picture(target as HTMLImageElement);
    };
    this.load = (event) => {
      picture(event);
      told.frame();
    };
    this.failed = picture;
    // Controls have their old values only once the event is over.
    this.reset = () => native.setTimeout(() => told.state(document.documentElement), 0);
    this.focus = () => told.focus();
    // It bubbles from fields, whose own selection is not told.
    this.selection = ({ currentTarget }) => told.selection(currentTarget as Document);
    this.resize = () => told.window('size');
    this.url = () => told.window('url');
  }

  /** Listens in a document or shadow root. Doing it again changes nothing. */
  root(root: Document | ShadowRoot): void {
    for (const type of STATE) this.listen(root, type, this.target);
    this.listen(root, 'scroll', this.scroll);
    this.listen(root, 'load', this.load);
    this.listen(root, 'error', this.failed);
    this.listen(root, 'reset', this.reset);
    this.listen(root, 'focusin', this.focus);
    this.listen(root, 'focusout', this.focus);
    if (root.nodeType === Node.DOCUMENT_NODE) this.document(root as Document);
  }

  private document(at: Document): void {
    const view = at.defaultView;
    if (!view) return;
    this.listen(at, 'selectionchange', this.selection);
    let pointers = this.pointers.get(at);
    if (!pointers) {
      // What scripts dispatch, an agent's acts included, is no pointer of the visitor's.
      const tell = (action: PointerAction) => (event: Event) => event.isTrusted && this.told.pointer(at, event as PointerEvent, action);
      const left = (event: Event) => {
        if (event.isTrusted && !(event as PointerEvent).relatedTarget) this.told.pointer(at, event as PointerEvent, 'leave');
      };
      pointers = [['pointermove', tell('move')], ['pointerdown', tell('down')], ['pointerup', tell('up')], ['pointerout', left]];
      this.pointers.set(at, pointers);
    }
    for (const [type, listener] of pointers) this.listen(at, type, listener);
    if (view !== window) return;
    this.listen(view, 'resize', this.resize);
    this.listen(view, 'popstate', this.url);
    this.listen(view, 'hashchange', this.url);
    if (view.visualViewport) {
      this.listen(view.visualViewport, 'resize', this.resize);
      this.listen(view.visualViewport, 'scroll', this.resize);
    }
  }

  private listen(target: EventTarget, type: string, listener: EventListener): void {
    this.native.addEventListener(target, type, listener, { capture: true, passive: true });
  }
}
