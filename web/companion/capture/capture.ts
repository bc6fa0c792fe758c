// The capture of one page, or of a frame that captures itself: from a snapshot on, everything that a watcher needs to have the
// same page, as events. ARCHITECTURE.md ("The tree that everybody shares") has the rules.
import { hashTree } from '../../shared/hash';
import type { NodeId, NodeState, PageEvent, SheetRecord, Snapshot } from '../../shared/protocol/page';
import { HANDOVER, type Handover } from '../handover';
import { Activity, viewport } from './activity';
import { Canvases } from './canvas';
import * as dom from '../../shared/dom';
import { source } from './hash';
import { Judge } from './judge';
import { Listeners } from './listeners';
import { cannotRead, isSized, Sizes } from '../privacy/sizes';
import { isField, isHidden, isMasked, type Verdict, type Verdicts } from '../privacy/verdicts';
import { Sheets } from './sheets';
import { Selected } from './selected';
import { Pending } from './pending';
import { changedState, readScroll } from './state';
import { type Env, isQuirks, Tree, type Watch } from './tree';
import type { Twin } from './twin';

/** Milliseconds between two looks at what does not tell of its changes. */
const TICK = 500;
/** Milliseconds after which changes are told even in a tab that draws no frames. */
const LATEST = 100;

const OBSERVED: MutationObserverInit = { childList: true, attributes: true, characterData: true, subtree: true };

export interface CaptureOptions {
  handover: Handover;
  /** 0 for the page, more for frames that capture themselves. */
  frame: number;
  /** The element is ours, not the page's. */
  ours(element: Element): boolean;
  /** Takes events, in order. */
  deliver(events: PageEvent[]): void;
  /** A frame element went, or is not told any more (`stays`), and whatever a frame of another origin told of itself. */
  frameGone(element: NodeId, stays: boolean): void;
  /** A document of the page was entered: its own, or that of a frame of the same origin. */
  opened?(document: Document): void;
  /** The document became another one that no event can tell of, or other rules hold for it: a snapshot is due. */
  again(): void;
  /** What agents do not see became something else, see `marked`. */
  marked?(): void;
  /** Pictures of canvases are not told. */
  pictureless?: boolean;
  /** Told of each node as it is announced and taken back, and whenever something may have moved. */
  follow?: Follow;
}

/** Follows what is announced. Told at once: whatever a frame of the page shows is known before it is drawn. */
export interface Follow {
  enter(twin: Twin): void;
  leave(twin: Twin): void;
  /** Something changed, scrolled or moved. */
  stirred(): void;
  /** An element has other attributes; null: anything but scrolling may have changed. */
  changed(element: Element | null): void;
}

/** Something of the page that agents do not see. */
export interface Marked {
  element: Element;
  /** All of it, not only its value. */
  hidden: boolean;
}

export class Capture implements Env, Watch {
  readonly native;
  readonly judge: Judge;
  private readonly tree: Tree;
  private readonly sheets: Sheets;
  private readonly canvases: Canvases;
  private readonly activity: Activity;
  private readonly selected: Selected;
  private readonly listeners: Listeners;
  private readonly sizes: Sizes;
  private readonly observer: MutationObserver;
  private readonly handovers = new WeakMap<Document, Handover>();
  /** Shadow roots by host: a closed one is known to the realm alone that made it, and its host may move to another. */
  private readonly shadows = new WeakMap<Element, ShadowRoot>();
  private out: PageEvent[] = [];
  /** Sheets of a snapshot in the making. */
  private sheetRecords: SheetRecord[] | null = null;
  private started = false;
  private scheduled = false;
  private url = '';
  private markedChanged = false;

  private readonly frames = new Set<Twin>();
  private readonly roots = new Set<Twin>();
  private readonly styles = new Set<Twin>();
  private readonly marks = new Set<Twin>();

  private readonly pending: Pending;
  /** What was ever scrolled: all others need not be asked where they are. */
  private readonly scrolled = new WeakSet<Node>();

  constructor(private readonly options: CaptureOptions) {
    const { native } = options.handover;
    this.native = native;
    const emit = (event: PageEvent) => this.emit(event);
    this.judge = new Judge((at) => this.handoverOf(at), () => this.tree);
    this.tree = new Tree(this, options.frame, this, emit);
    const of = (node: Node) => this.tree.of(node);
    this.sheets = new Sheets(this, () => this.tree.id(), of, emit);
    this.canvases = new Canvases(of, emit, (canvas) => {
      cannotRead(canvas);
      this.touchState(canvas);
    });
    this.activity = new Activity(this, this.tree, emit, () => this.wake());
    this.selected = new Selected(this, this.tree, emit, () => this.wake());
    this.listeners = new Listeners(native, {
      state: (element) => this.touchState(element),
      scroll: (node) => this.touchScroll(node),
      frame: () => this.changedFrames(),
      picture: (image) => this.touchState(image),
      focus: () => this.wake(),
      selection: (document) => this.selected.changed(document),
      pointer: (document, event, action) => this.activity.pointer(document, event, action),
      window: (what) => this.windowChanged(what),
    });
    this.sizes = new Sizes((element) => this.touchState(element));
    this.pending = new Pending(this, this.tree, this.sizes, emit);
    this.observer = new native.MutationObserver((records) => this.take(records));
    this.open(document, options.handover);
    // What is scrolled before the first snapshot is part of it.
    this.listeners.root(document);
  }

  // What the tree asks for.

  get verdicts(): Verdicts {
    return this.judge.verdicts;
  }

  get outer(): Verdict {
    return this.judge.outer;
  }

  ours(element: Element): boolean {
    return this.options.ours(element);
  }

  shadowRoot(host: Element): ShadowRoot | null {
    const known = this.shadows.get(host);
    if (known) return known;
    const realm = dom.ownerDocument(host);
    const root = ((realm && this.handovers.get(realm)) ?? this.options.handover).shadowRoot(host);
    if (root) this.shadows.set(host, root);
    return root;
  }

  enter(twin: Twin): NodeState | undefined {
    const { node } = twin;
    this.options.follow?.enter(twin);
    switch (dom.nodeType(node)) {
      case dom.DOCUMENT:
      case dom.FRAGMENT:
        return this.enterRoot(twin, node as Document | ShadowRoot);
      case dom.ELEMENT:
        return this.enterElement(twin, node as Element);
      default:
        return undefined;
    }
  }

  leave(twin: Twin): void {
    this.options.follow?.leave(twin);
    this.pending.leave(twin);
    this.roots.delete(twin);
    if (this.styles.delete(twin)) this.sheets.leave(twin);
    if (this.marks.delete(twin)) this.markedChanged = true;
    if (dom.nodeType(twin.node) === dom.ELEMENT) this.sizes.leave(twin.node as Element);
    if (this.frames.delete(twin)) this.options.frameGone(twin.id, dom.isConnected(twin.node));
  }

  private enterRoot(twin: Twin, root: Document | ShadowRoot): NodeState | undefined {
    this.roots.add(twin);
    this.observer.observe(root, OBSERVED);
    this.listeners.root(root);
    const state: NodeState = {};
    if (dom.nodeType(root) === dom.DOCUMENT) {
      const frame = root as Document;
      if (!this.handovers.has(frame)) this.openFrame(frame);
      this.options.opened?.(frame);
      this.enterScroll(root, state);
    }
    const adopted = this.sheets.adopted(root);
    if (adopted.length) state.adopted = adopted;
    if (!Object.keys(state).length) return undefined;
    twin.sent = { ...state };
    return state;
  }

  private enterElement(twin: Twin, element: Element): NodeState | undefined {
    if (isHidden(twin.verdict) || (isField(element) && isMasked(twin.verdict))) this.mark(twin);
    if (isSized(this.native, element, twin.verdict)) this.sizes.watch(element);
    if (isHidden(twin.verdict)) return changedState(this, twin);
    const name = dom.localName(element);
    if (name === 'style' || name === 'link') {
      this.styles.add(twin);
      this.sheets.enter(twin);
    } else if (name === 'iframe' || name === 'frame' || name === 'object') this.frames.add(twin);
    else if (name === 'canvas') this.touchCanvas(element as HTMLCanvasElement);
    const state = this.pending.enter(twin, element);
    if (!this.scrolled.has(element)) return state;
    const scrolled = this.enterScroll(element, { ...state });
    twin.sent = { ...twin.sent, ...scrolled };
    return scrolled;
  }

  private mark(twin: Twin): void {
    this.marks.add(twin);
    this.markedChanged = true;
  }

  private enterScroll(node: Node, state: NodeState): NodeState {
    const scroll = readScroll(node);
    if (scroll[0] || scroll[1]) state.scroll = scroll;
    return state;
  }

  // Documents of this page: its own, and those of frames of the same origin.

  private open(document: Document, handover: Handover): void {
    this.handovers.set(document, handover);
    handover.observe('shadow', (root) => {
      this.shadows.set(root.host, root);
      this.tree.changed(root.host);
      this.settle();
    });
    handover.observe('sheet', (sheet) => {
      this.sheets.touch(sheet);
      this.options.follow?.changed(null);
      this.wake();
    });
    handover.observe('adopted', () => {
      this.options.follow?.changed(null);
      this.wake();
    });
    handover.observe('state', (element) => this.touchState(element));
    handover.observe('canvas', (canvas) => this.touchCanvas(canvas));
    handover.observe('url', () => this.wake());
  }

  private openFrame(document: Document): boolean {
    const window = document.defaultView;
    const handover = window && (Reflect.get(window, HANDOVER) as Handover | undefined);
    if (!handover) return false;
    Reflect.deleteProperty(window, HANDOVER);
    this.open(document, handover);
    return true;
  }

  /** An empty frame gets the shim when a script of the page first reaches into it; what happened before nobody told. */
  private openLate(content: Twin): void {
    if (this.handovers.has(content.node as Document) || !this.openFrame(content.node as Document)) return;
    for (const twin of content.all()) if (dom.nodeType(twin.node) === dom.ELEMENT) this.tree.changed(twin.node);
  }

  // From changes to events.

  /** Begins: from here on changes are told. Whoever takes the events asks for a snapshot first. */
  start(): void {
    this.started = true;
    this.tick();
  }

  /** The page as a whole. */
  snapshot(): PageEvent {
    const { nodes, sheets } = this.record();
    const snapshot: Snapshot = { url: this.native.documentURL(document), viewport: viewport(window), nodes, sheets };
    this.url = snapshot.url;
    const focus = this.activity.begin(document);
    if (focus !== null) snapshot.focus = focus;
    return { t: 'snapshot', ...snapshot };
  }

  /** A frame's document as a whole, below the frame element, with its sheets. */
  subtree(host: NodeId): PageEvent[] {
    const { nodes, sheets } = this.record(host);
    const out: PageEvent[] = sheets.map(({ sheet, rules }) => ({ t: 'sheet', sheet, rules }));
    return [...out, { t: 'add', nodes }];
  }

  private record(host?: NodeId): { nodes: Snapshot['nodes']; sheets: SheetRecord[] } {
    this.observer.takeRecords();
    this.pending.clear();
    for (const set of [this.roots, this.styles, this.frames]) set.clear();
    this.judge.begin();
    const sheets: SheetRecord[] = [];
    this.out = [];
    this.selected.begin();
    this.sheetRecords = sheets;
    this.sheets.begin();
    const nodes = this.tree.begin(document, host);
    this.sheets.flush();
    this.sheetRecords = null;
    return { nodes, sheets };
  }

  /** Everything that changed is told now. */
  flush(): void {
    if (!this.started || !this.tree.root) return;
    this.settle();
    if (this.judge.outdated) return;
    this.pending.flush();
    this.flushAdopted();
    this.sheets.flush();
    this.pending.flushScrolls();
    this.activity.flushFocus(document);
    this.selected.flush();
    this.flushUrl();
    this.flushMarks();
    if (!this.out.length) return;
    const { out } = this;
    this.out = [];
    this.options.deliver(out);
  }

  /** Masked fields and hidden elements. */
  marked(): Marked[] {
    return [...this.marks].map(({ node, verdict }) => ({ element: node as Element, hidden: isHidden(verdict) }));
  }

  /** Hash of the announced tree as the DOM has it now; call it right after a flush. */
  hash(as = hashTree<Node>): number {
    return as(this.tree.root?.node ?? null, source(this, this.tree, this.sheets));
  }

  /** The node with an id, as it was last told; null: it is not on the page any more. */
  node(id: NodeId): Node | null {
    return this.tree.node(id);
  }

  /** Id of a node; undefined: it was not told yet, or is none of the page's. */
  idOf(node: Node): NodeId | undefined {
    return this.tree.of(node)?.id;
  }

  /** The hand-over of the document that a node belongs to. */
  handoverOf(node: Node): Handover {
    const of = dom.nodeType(node) === dom.DOCUMENT ? (node as Document) : dom.ownerDocument(node);
    return (of && this.handovers.get(of)) ?? this.options.handover;
  }

  /** Document of a frame element, where it may be read. */
  contentOf(frame: Element): Document | null {
    return this.tree.contentOf(frame);
  }

  /** Frame elements whose documents cannot be read from here. */
  foreign(): Element[] {
    return [...this.frames].map(({ node }) => node as Element).filter((frame) => !isHidden(this.tree.of(frame)?.verdict ?? 0) && this.native.contentDocument(frame as HTMLIFrameElement) === null);
  }

  /** Id of the frame element that holds this window. */
  frameOf(source: MessageEventSource | null): NodeId | undefined {
    this.settle();
    for (const twin of this.frames) {
      if (this.native.contentWindow(twin.node as HTMLIFrameElement) === source) return twin.id;
    }
    return undefined;
  }

  private emit(event: PageEvent): void {
    if (!this.sheetRecords) this.out.push(event);
    else if (event.t === 'sheet' && event.rules) this.sheetRecords.push({ sheet: event.sheet, rules: event.rules });
  }

  private wake(): void {
    this.options.follow?.stirred();
    if (this.scheduled || !this.started) return;
    this.scheduled = true;
    const run = () => {
      if (!this.scheduled) return;
      this.scheduled = false;
      this.flush();
    };
    this.native.requestAnimationFrame(run);
    this.native.setTimeout(run, LATEST);
  }

  private touchScroll(node: Node): void {
    this.scrolled.add(node);
    this.pending.scroll(node);
    this.wake();
  }

  private touchCanvas(canvas: HTMLCanvasElement): void {
    if (!this.options.pictureless) this.canvases.touch(canvas);
  }

  private touchState(element: Element): void {
    this.pending.state(element);
    this.wake();
  }

  private take(records: MutationRecord[]): void {
    for (const record of records) {
      const { target } = record;
      if (record.type === 'childList') this.tree.changed(target);
      else if (record.type === 'characterData') this.pending.text(target);
      else this.noteAttribute(target as Element, record.attributeName ?? '', record.attributeNamespace);
    }
    if (records.length) this.options.follow?.changed(null);
    if (records.length) this.pending.look();
    this.settleTree();
    this.wake();
  }

  private noteAttribute(element: Element, name: string, namespace: string | null): void {
    this.pending.attribute(element, name, namespace);
    this.judge.attribute(element, name);
    this.options.follow?.changed(element);
  }

  /** Announces changes of the tree that the observer has not told yet. */
  private settle(): void {
    const records = this.observer.takeRecords();
    if (records.length) this.take(records);
    else this.settleTree();
  }

  /**
   * At once, not once a frame: a node that is out of the tree changes unobserved, so it has to be taken back before it can
   * return.
   */
  private settleTree(): void {
    const { root } = this.tree;
    if (!root || this.judge.outdated) return;
    if (isQuirks(root.node as Document) !== root.quirks) {
      this.options.again();
      return;
    }
    if (this.judge.look(this.roots)) {
      this.options.again();
      return;
    }
    this.judge.fields(this.pending.due());
    this.judge.settle();
    for (const twin of this.frames) {
      if (this.tree.replaced(twin)) this.tree.changed(twin.node);
      else if (twin.content) this.openLate(twin.content);
    }
    this.tree.sync();
  }

  private changedFrames(): void {
    this.settle();
    this.wake();
  }

  private flushAdopted(): void {
    for (const twin of this.roots) {
      const adopted = this.sheets.adopted(twin.node as Document | ShadowRoot);
      const sent = twin.sent?.adopted ?? [];
      if (adopted.length === sent.length && adopted.every((id, i) => id === sent[i])) continue;
      twin.sent = { ...twin.sent, adopted };
      this.emit({ t: 'state', node: twin.id, state: { adopted } });
    }
  }

  private flushMarks(): void {
    if (!this.markedChanged) return;
    this.markedChanged = false;
    this.options.marked?.();
  }

  private flushUrl(): void {
    const url = this.native.documentURL(document);
    if (url === this.url) return;
    this.url = url;
    if (this.options.frame === 0) this.emit({ t: 'url', url });
  }

  private windowChanged(what: 'size' | 'url'): void {
    this.options.follow?.changed(null);
    if (what === 'size' && this.options.frame === 0) this.emit({ t: 'viewport', ...viewport(window) });
    this.wake();
  }

  private tick(): void {
    this.native.setTimeout(() => this.tick(), TICK);
    if (!this.tree.root) return;
    this.pending.tick();
    this.canvases.tick();
    this.sizes.tick(document);
    this.flush();
  }
}
