// State that no attribute shows, put into effect once the page around it stands.
import * as dom from '../shared/dom';
import type { MediaState, NodeId, NodeState } from '../shared/protocol/page';
import type { Sheets } from './sheets';

/** Seconds by which a playing medium may be off before it is set. */
const DRIFT = 1;
/** Milliseconds until the next look whether all is scrolled to where it belongs. */
const LOOK_AGAIN = 250;

export class States {
  private readonly waiting: [NodeId, NodeState][] = [];
  private readonly scrolls = new Map<NodeId, [number, number]>();
  private look: number | null = null;
  /** Which options the visitor's browser shows as selected. */
  private readonly selected = new WeakMap<Node, boolean>();
  /** Stars, where this browser does not show what it was given (a number field takes none). */
  private readonly masked = new WeakMap<Node, string>();
  private readonly selects = new Set<HTMLSelectElement>();
  /** Fields whose content never left the visitor's browser. */
  private readonly hidden = new WeakSet<Node>();
  /** The pictures on canvases, as addresses. */
  private readonly canvases = new WeakMap<Node, string>();
  /** What is scrolled at the visitor's is scrolled here; otherwise it is only remembered. */
  following = true;

  constructor(
    private readonly node: (id: NodeId) => Node | undefined,
    private readonly sheets: Sheets,
  ) {}

  clear(): void {
    this.waiting.length = 0;
    this.scrolls.clear();
    this.selects.clear();
    if (this.look !== null) clearTimeout(this.look);
    this.look = null;
  }

  drop(id: NodeId): void {
    this.scrolls.delete(id);
  }

  take(id: NodeId, state: NodeState): void {
    this.waiting.push([id, state]);
  }

  /**
   * The layout changed: scroll offsets may be reached now that were not before. Much of what changes it tells nobody: animations, a
   * sheet whose import failed, whatever loads in a shadow tree or a frame. So what is not reached is tried again.
   */
  again(): void {
    if (!this.following) return;
    let short = false;
    for (const [id, scroll] of this.scrolls) if (!scrollTo(this.node(id), scroll)) short = true;
    if (short) this.later();
  }

  /** The layout may have changed: soon is soon enough. */
  later(): void {
    if (!this.scrolls.size) return;
    this.look ??= setTimeout(() => {
      this.look = null;
      this.again();
    }, LOOK_AGAIN);
  }

  /** The value that was announced for an element, as the hash counts it. */
  valueOf(element: HTMLInputElement | HTMLTextAreaElement): string {
    return this.masked.get(element) ?? element.value;
  }

  /** What is in it is for the visitor alone. */
  isMasked(element: Node): boolean {
    return this.hidden.has(element);
  }

  /** The picture on a canvas. */
  canvas(element: Node): string | undefined {
    return this.canvases.get(element);
  }

  /** How far elements and documents are scrolled at the visitor's: all that ever were. */
  offsets(): [NodeId, [number, number]][] {
    return [...this.scrolls];
  }

  offset(id: NodeId): [number, number] {
    return this.scrolls.get(id) ?? [0, 0];
  }

  settle(): void {
    for (const [id, state] of this.waiting) {
      const node = this.node(id);
      if (node) this.put(id, node, state);
    }
    this.waiting.length = 0;
    for (const select of this.selects) this.select(select);
    this.selects.clear();
    this.sheets.settle();
    this.later();
  }

  private put(id: NodeId, node: Node, state: NodeState): void {
    if (state.adopted) this.sheets.adopt(id, state.adopted);
    if (state.scroll) {
      this.scrolls.set(id, state.scroll);
      if (this.following) scrollTo(node, state.scroll);
    }
    if (dom.nodeType(node) !== dom.ELEMENT) return;
    this.form(node as HTMLInputElement, state);
    if (state.modal !== undefined) modal(node as HTMLDialogElement, state.modal);
    if (state.popover !== undefined) popover(node as HTMLElement, state.popover);
    if (state.media) media(node as HTMLMediaElement, state.media);
    if (state.canvas) {
      this.canvases.set(node, state.canvas);
      picture(node as HTMLCanvasElement, state.canvas);
    }
    if (state.defined) define(node as Element);
  }

  private form(element: HTMLInputElement, state: NodeState): void {
    if (state.masked) this.hidden.add(element);
    if (state.masked === false) {
      this.hidden.delete(element);
      this.masked.delete(element);
    }
    if (state.value !== undefined && 'value' in element) {
      if (element.type !== 'file') element.value = state.value;
      if (state.masked || this.masked.has(element)) this.masked.set(element, state.value);
    }
    if (state.checked !== undefined) element.checked = state.checked;
    if (state.indeterminate !== undefined) element.indeterminate = state.indeterminate;
    if (state.selected === undefined) return;
    this.selected.set(element, state.selected);
    const select = element.closest('select');
    if (select) this.selects.add(select);
    else (element as unknown as HTMLOptionElement).selected = state.selected;
  }

  /** A select of one choice always shows one, unless told otherwise as a whole. */
  private select(select: HTMLSelectElement): void {
    const chosen = [...select.options].map((option) => this.selected.get(option) ?? option.hasAttribute('selected'));
    if (!chosen.includes(true)) select.selectedIndex = -1;
    else [...select.options].forEach((option, i) => (option.selected = chosen[i] === true));
  }
}

/** Scrolls an element, or a document's viewport, as far as its layout allows; tells whether that is where it belongs. */
function scrollTo(node: Node | undefined, [left, top]: [number, number]): boolean {
  if (!node) return true;
  const element = dom.nodeType(node) === dom.DOCUMENT ? dom.scroller(node as Document) : (node as Element);
  if (!element) return false;
  dom.scrollTo(element, { left, top, behavior: 'instant' });
  // Offsets are cut to whole pixels of the screen.
  return Math.abs(dom.scrollLeft(element) - left) < 1 && Math.abs(dom.scrollTop(element) - top) < 1;
}

function modal(dialog: HTMLDialogElement, shown: boolean): void {
  const is = dialog.matches(':modal');
  if (is === shown || !dialog.isConnected) return;
  if (shown) {
    dialog.removeAttribute('open');
    dialog.showModal();
    return;
  }
  const open = dialog.hasAttribute('open');
  dialog.setAttribute('open', '');
  dialog.close();
  if (open) dialog.setAttribute('open', '');
}

function popover(element: HTMLElement, shown: boolean): void {
  try {
    if (element.matches(':popover-open') !== shown) element[shown ? 'showPopover' : 'hidePopover']();
  } catch {
    // It lost its attribute or its place in the page since.
  }
}

function media(element: HTMLMediaElement, { time, paused, rate }: MediaState): void {
  element.muted = true;
  element.playbackRate = rate;
  if (paused !== element.paused) {
    if (paused) element.pause();
    else element.play().catch(() => {});
  }
  if (paused ? element.currentTime !== time : Math.abs(element.currentTime - time) > DRIFT) element.currentTime = time;
}

/** Without scripts, browsers draw no canvas; the picture is its content instead, through an animation because no attribute may change. */
function picture(canvas: HTMLCanvasElement, url: string): void {
  for (const animation of canvas.getAnimations()) if (animation.id === 'alongside') animation.cancel();
  const frame = { content: `url("${url}")` };
  const animation = canvas.animate([frame, frame], { duration: 1, fill: 'forwards', id: 'alongside' });
  animation.finish();
}

/** Makes the element's name a custom element, for `:defined`. */
function define(element: Element): void {
  const document = dom.ownerDocument(element);
  const view = document && dom.defaultView(document);
  if (!view || view.customElements.get(element.localName)) return;
  try {
    view.customElements.define(element.localName, class extends view.HTMLElement {});
  } catch {
    // A name that is no custom element's after all.
  }
}
