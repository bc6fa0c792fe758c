// Tells the server where everything stands that is not for agents: what it may show of a picture depends on it (`image::guard`).
//
// A sample is taken after a frame of the page was painted, in one task: nothing of the page runs from `at` until it is measured, so what it says holds at
// `at` as well as at the end, and it serves for pictures from before and from after it. What scrolls or moves without the page's scripts is where the
// frame before the sample had it. Pictures come later than what they show was painted: that is for the guard to know.
import type { NodeId } from '../../shared/protocol/page';
import type { Sample, Stand } from '../../shared/protocol/hosted';
import * as dom from '../../shared/dom';
import type { Capture, Follow } from '../capture/capture';
import type { Twin } from '../capture/twin';
import type { Hub } from '../frames';
import type { Native } from '../handover';
import type { Line } from '../socket';
import { Boxes, union } from './boxes';
import { grouped } from './groups';
import { Layout, type Box } from './layout';
import { Listing } from './listing';
import { Looks } from './looks';

/** Milliseconds after anything happened in which each frame is looked at. */
const AWAKE = 600;
/** Milliseconds between two looks at a page on which nothing happens. */
const ASLEEP = 500;
/** Milliseconds after which a sample is taken though no frame is drawn. */
const LATEST = 50;
/** More elements than that of which it is not known what style sheets write into them are too many to measure. */
const UNSEEN = 200;
/** Milliseconds in which frames of other origins have to answer. */
const FRAMES_ANSWER = 60;
/** What may move something, beside changes of the document. */
const STIRS = ['transitionrun', 'animationstart', 'pointermove', 'pointerdown', 'keydown', 'wheel', 'load', 'fullscreenchange', 'toggle'];

const { now, timeOrigin } = { now: performance.now.bind(performance), timeOrigin: performance.timeOrigin };
const Channel = MessageChannel;

export interface SamplesHost {
  readonly native: Native;
  readonly capture: Capture;
  readonly line: Pick<Line, 'page' | 'batch' | 'current' | 'send'>;
  readonly hub: Pick<Hub, 'host' | 'busy' | 'look' | 'isClear'>;
}

/** Takes samples. */
export class Samples implements Follow {
  private readonly listing = new Listing((id) => this.host.capture.node(id));
  private readonly looks = new Looks();
  private readonly boxes: Boxes;
  private readonly after: (run: () => void) => void;
  /** Where what was on the list stood when it was measured last. */
  private last = new Map<NodeId, Box[]>();
  /** What went from the list since. */
  private gone = new Map<NodeId, Box[]>();
  private groups: { turn: number; of: ReturnType<typeof grouped> } | null = null;
  private sent = '';
  /** How much the last sample told of. */
  private told = 0;
  private pending: number[] = [];
  private awake = -Infinity;
  private due = false;
  private sleeping = 0;

  constructor(private readonly host: SamplesHost) {
    this.boxes = new Boxes(this.looks, (element) => host.capture.shadowRoot(element));
    this.after = afterwards();
  }

  /** Listens in a document of the page. */
  open(document: Document): void {
    const window = dom.defaultView(document);
    const stir = (): void => this.wake();
    for (const type of STIRS) if (window) this.host.native.addEventListener(window, type, stir, { capture: true, passive: true });
  }

  enter(twin: Twin): void {
    if (this.listing.enter(twin)) this.wake();
  }

  leave(twin: Twin): void {
    if (!this.listing.leave(twin)) return;
    this.wentAway(twin.id);
    this.wake(true);
  }

  stirred(): void {
    this.wake();
  }

  changed(element: Element | null): void {
    this.looks.changed(element);
    this.boxes.changed();
    this.groups = null;
  }

  /** The page was announced as a whole, and the snapshot is out. */
  began(): void {
    this.sent = '';
    this.wake(true);
  }

  /** The server names what it shows otherwise. */
  guard(n: number, nodes: readonly NodeId[]): void {
    for (const id of this.listing.name(n, nodes)) this.wentAway(id);
    this.sent = '';
    this.wake(true);
  }

  /** The server asks. */
  look(n: number): void {
    this.pending.push(n);
    // Where nothing is listed, nothing can be anywhere else in the next frame.
    if (!this.watches && this.host.line.current) this.take();
    else this.wake(true);
  }

  private wentAway(id: NodeId): void {
    const boxes = this.last.get(id);
    if (boxes?.length) this.gone.set(id, [...(this.gone.get(id) ?? []), ...boxes]);
  }

  /** There is something whose place matters. */
  private get watches(): boolean {
    return !this.listing.empty || this.gone.size > 0 || this.told > 0 || this.host.hub.busy || this.host.capture.foreign().length > 0;
  }

  /** Looks at each frame for a while. `once`: in any case at the next one. */
  wake(once = false): void {
    this.awake = now() + AWAKE;
    if (this.due || !(once || this.watches)) return;
    // A frame that is being made shows what is now, and the next one may not any more.
    this.after(() => this.host.line.current && this.take());
    this.next();
  }

  private next(): void {
    if (this.due) return;
    this.due = true;
    let ran = false;
    const run = (): void => {
      if (ran) return;
      ran = true;
      this.after(() => void this.step());
    };
    this.host.native.requestAnimationFrame(run);
    this.host.native.setTimeout(run, LATEST);
  }

  private async step(): Promise<void> {
    if (this.pending.length && this.host.hub.busy) await this.host.hub.look(FRAMES_ANSWER);
    this.due = false;
    if (this.host.line.current) this.take();
    if (!this.watches) return;
    if (now() < this.awake || this.looks.behind) this.next();
    else this.sleep();
  }

  private sleep(): void {
    const { native } = this.host;
    native.clearTimeout(this.sleeping);
    this.sleeping = native.setTimeout(() => {
      this.looks.changed(null);
      if (this.watches) this.next();
    }, ASLEEP);
  }

  private take(): void {
    const { capture, line } = this.host;
    capture.flush();
    // The flush may have found that other rules hold, and ended in a new snapshot.
    if (!line.current || capture.judge.outdated) return;
    const went = this.gone.size > 0;
    const at = timeOrigin + now();
    const stands = this.measure();
    const text = `${this.listing.guard} ${JSON.stringify(stands)}`;
    const looks = this.pending.splice(0);
    if (text === this.sent && !looks.length && !went) return;
    if (text !== this.sent) this.awake = now() + AWAKE;
    this.sent = text;
    this.told = stands.length;
    const sample: Sample = { page: line.page, seq: line.batch, guard: this.listing.guard, at, stands };
    if (!looks.length) line.send({ t: 'sample', sample });
    for (const look of looks) line.send({ t: 'sample', sample: { ...sample, look } });
  }

  private measure(): Stand[] {
    const layout = new Layout();
    const found = new Map<NodeId, Box[]>(this.listing.names.map((id) => [id, []]));
    const add = (id: NodeId, boxes: Box[]): void => {
      const known = found.get(id);
      if (known) known.push(...boxes);
      else if (boxes.length) found.set(id, boxes);
    };
    this.looks.begin();
    const named = new Set(this.listing.names);
    const groups = this.grouping();
    // So many that nobody has looked at yet, as when a page was loaded: for as long as it takes, nothing of it is shown.
    const unseen = groups.filter(({ of }) => of.part === 'face' && !this.looks.has(of.node as Element));
    if (unseen.length > UNSEEN) this.lookUp(unseen, add);
    for (const { of, members } of unseen.length > UNSEEN ? groups.filter(({ of }) => of.part !== 'face') : groups) {
      const boxes = this.boxes.of(of.node, of.part, layout);
      // Of a group, one stands for all; the server asks for those that it named.
      members.forEach(({ id }, i) => (i === 0 || named.has(id)) && add(id, i === 0 ? boxes : [...boxes]));
    }
    this.frames(layout, add);
    this.boxes.end();
    const seen = new Map(found);
    this.last = found;
    for (const [id, boxes] of this.gone) seen.set(id, [...(seen.get(id) ?? []), ...boxes]);
    this.gone.clear();
    if (seen.size && isInTransition()) seen.set(this.host.capture.idOf(document) ?? 0, [[0, 0, window.innerWidth, window.innerHeight]]);
    return [...seen].map(([node, boxes]) => ({ node, boxes: boxes.length > 24 ? [union(boxes)] : boxes }));
  }

  private lookUp(unseen: ReturnType<typeof grouped>, add: (id: NodeId, boxes: Box[]) => void): void {
    for (const { of } of unseen.slice(0, UNSEEN)) this.looks.of(of.node as Element);
    add(this.host.capture.idOf(document) ?? 0, [[0, 0, window.innerWidth, window.innerHeight]]);
  }

  private grouping(): ReturnType<typeof grouped> {
    const { turn } = this.listing;
    if (this.groups?.turn !== turn) this.groups = { turn, of: grouped(this.listing.all()) };
    return this.groups.of;
  }

  /** Frames of other origins, unless their companions say that nothing in them is masked; and what the server names in them. */
  private frames(layout: Layout, add: (id: NodeId, boxes: Box[]) => void): void {
    const { capture, hub } = this.host;
    for (const frame of capture.foreign()) {
      const id = capture.idOf(frame);
      if (id !== undefined && !hub.isClear(id)) add(id, this.boxes.of(frame, 'box', layout));
    }
    for (const id of this.listing.names) {
      const host = hub.host(id);
      const frame = host === null || host === id ? null : capture.node(host);
      if (frame) add(id, this.boxes.of(frame, 'box', layout));
    }
  }
}

/** Pictures of what was before are drawn over the page. */
function isInTransition(): boolean {
  try {
    return dom.matches(document.documentElement, ':active-view-transition');
  } catch {
    return false;
  }
}

/** Runs things in tasks of their own, as soon as a frame is painted when it is called while it is made. */
function afterwards(): (run: () => void) => void {
  const { port1, port2 } = new Channel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return (run) => {
    waiting.push(run);
    port2.postMessage(null);
  };
}
