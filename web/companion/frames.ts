// Frames of another origin. Each captures itself and hands its events to the page around it, through as many pages as there are, up to
// the top document, which gives each frame a number for its ids and sends everything on.
import type { NodeId, PageEvent } from '../shared/protocol/page';
import type { MaskSite } from '../shared/protocol/rules';
import type { FromFrameActs, ToFrameActs } from './acts/relay';
import type { Capture } from './capture/capture';
import type { Channel, Handover } from './handover';
import type { Verdict } from './privacy/verdicts';

/** Ids are a frame's number times this, plus a counter. */
const FRAME = 2 ** 32;
/** Milliseconds between looks for a frame element that is not announced yet. */
const LOOK_AGAIN = 200;

/** A frame element of a document, by the number that the document gave it, with its verdict; without an id: it is not announced. */
export type Host = [key: number, element: NodeId | null, verdict: Verdict];

/** From a page to a frame in it. */
export type ToFrame = { t: 'begin'; frame: number; host: NodeId; turn: number; sites: readonly MaskSite[]; verdict: Verdict } | { t: 'acts'; message: ToFrameActs } | { t: 'assets' } | { t: 'look'; n: number };

/** From a frame to the page around it; `frame` comes with a port. */
export type FromFrame =
  | { t: 'events'; turn: number; events: PageEvent[] }
  | { t: 'frame'; key: number }
  | { t: 'hosts'; hosts: Host[] }
  | { t: 'gone'; key: number }
  /** Of a hosted page: whether nothing in the frame is masked; `n`: as it was asked. */
  | { t: 'clear'; turn: number; clear: boolean; n?: number }
  | { t: 'acts'; message: FromFrameActs };

/** Where a document's frames are announced. */
export interface Upward {
  frame(key: number, channel: Channel): void;
  /** Where the frames are; each begins anew with what it is. */
  hosts(hosts: Host[]): void;
  gone(key: number): void;
}

/** The frames of other origins in one document. */
export class Frames {
  private readonly known = new Map<number, { source: Window; element: NodeId | null }>();
  private last = 0;
  private looking = false;

  constructor(
    private readonly handover: Handover,
    private readonly capture: Capture,
    private readonly up: Upward,
  ) {
    const { domain, sid, scheme } = handover.config;
    handover.frames((source, origin, channel) => {
      const { hostname, protocol } = new URL(origin);
      if (protocol === `${scheme}:` && hostname.startsWith(`${sid}-`) && hostname.endsWith(`.${domain}`)) this.add(source, channel);
    });
  }

  /** The document was announced anew: so are its frames. */
  again(): void {
    if (!this.known.size) return;
    for (const entry of this.known.values()) entry.element = this.capture.frameOf(entry.source) ?? null;
    this.up.hosts([...this.known].map(([key, { element }]) => this.host(key, element)));
    this.look();
  }

  /** A frame element went, or is not told any more. `stays`: it is still on the page. */
  gone(element: NodeId, stays: boolean): void {
    for (const [key, entry] of this.known) {
      if (entry.element !== element) continue;
      if (stays) {
        entry.element = null;
        this.up.hosts([this.host(key, null)]);
        this.look();
        continue;
      }
      this.known.delete(key);
      this.up.gone(key);
    }
  }

  /** The frame of an element has spoken. */
  holds(element: Element): boolean {
    const id = this.capture.idOf(element);
    return id !== undefined && [...this.known.values()].some((entry) => entry.element === id);
  }

  private host(key: number, element: NodeId | null): Host {
    return [key, element, element === null ? 0 : (this.capture.judge.told(element) ?? 0)];
  }

  private add(source: Window, channel: Channel): void {
    for (const [key, entry] of this.known) {
      if (entry.source !== source) continue;
      this.known.delete(key);
      this.up.gone(key);
    }
    this.last += 1;
    const element = this.capture.frameOf(source) ?? null;
    this.known.set(this.last, { source, element });
    this.up.frame(this.last, channel);
    this.up.hosts([this.host(this.last, element)]);
    this.look();
  }

  /** Looks for elements that were not announced when their frames were heard of. */
  private look(): void {
    if (this.looking || ![...this.known.values()].some(({ element }) => element === null)) return;
    this.looking = true;
    this.handover.native.setTimeout(() => {
      this.looking = false;
      for (const [key, entry] of this.known) {
        if (entry.element !== null) continue;
        entry.element = this.capture.frameOf(entry.source) ?? null;
        if (entry.element !== null) this.up.hosts([this.host(key, entry.element)]);
      }
      this.look();
    }, LOOK_AGAIN);
  }
}

/** A frame as the top document knows it. */
interface Entry {
  channel: Channel;
  number: number;
  /** Number of the frame that it is in; 0: the top document. */
  owner: number;
  key: number;
  host: NodeId | null;
  /** Its document, once announced. */
  root: NodeId | null;
  turn: number;
  /** Nothing in it is masked, as it said last. */
  clear: boolean;
  /** The last question that it answered. */
  looked: number;
  /** Batches of the page in which its events of this turn left, in order. */
  batches: number[];
}

/** What the hub tells of frames. */
export interface HubEvents {
  /** Takes events; gives the number of the batch in which they leave. */
  deliver(events: PageEvent[]): number;
  /** A frame has something to say of acts. */
  acts(frame: number, message: FromFrameActs): void;
  /** A frame began anew: what it was told before, it does not know. */
  began(frame: number): void;
  gone(frame: number): void;
  /** What frames say of what is masked in them changed. */
  clear(): void;
}

/** The top document's side: numbers frames, and lets through what they may tell. */
export class Hub {
  private readonly entries = new Set<Entry>();
  private sites: readonly MaskSite[] = [];
  private last = 0;
  private looks = 0;
  private looked: (() => void) | null = null;

  constructor(
    private readonly handover: Handover,
    private readonly events: HubEvents,
  ) {}

  /** From here on these rules hold; frames are told when they begin anew. */
  judge(sites: readonly MaskSite[]): void {
    this.sites = sites;
    for (const entry of this.entries) entry.turn += 1;
  }

  /** Tells a frame of acts; false: it is not there. */
  tell(frame: number, message: ToFrameActs): boolean {
    const entry = [...this.entries].find(({ number, host }) => number === frame && host !== null);
    entry?.channel.post({ t: 'acts', message } satisfies ToFrame);
    return entry !== undefined;
  }

  /** Tells all frames of acts. */
  tellAll(message: ToFrameActs): void {
    for (const { number } of this.entries) this.tell(number, message);
  }

  /** Has all frames load again what they loaded. */
  reloadAssets(): void {
    for (const { channel } of this.entries) channel.post({ t: 'assets' } satisfies ToFrame);
  }

  /** Asks all frames whether anything in them is masked. Those that do not answer in as many milliseconds count as if it were. */
  look(within: number): Promise<void> {
    this.looks += 1;
    const late = () => [...this.entries].filter(({ host, looked }) => host !== null && looked < this.looks);
    for (const { channel } of late()) channel.post({ t: 'look', n: this.looks } satisfies ToFrame);
    if (!late().length) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        this.looked = null;
        for (const entry of late()) entry.clear = false;
        resolve();
      };
      const timer = this.handover.native.setTimeout(done, within);
      this.looked = () => {
        if (late().length) return;
        this.handover.native.clearTimeout(timer);
        done();
      };
    });
  }

  /** Nothing is masked in the frames within a frame element of the top document. */
  isClear(host: NodeId): boolean {
    const within = [...this.entries].filter(({ number }) => this.hostOf(number) === host);
    return within.length > 0 && within.every(({ clear }) => clear);
  }

  /** How many messages of a frame's events had left with batch `after`, from 0 for the first; -1: none. */
  countedAt(frame: number, after: number): number {
    const batches = [...this.entries].find(({ number }) => number === frame)?.batches ?? [];
    let count = batches.length - 1;
    while (count >= 0 && (batches[count] ?? 0) > after) count -= 1;
    return count;
  }

  /** Number of the frame that a node is in; 0: the top document. */
  numberOf(node: NodeId): number {
    return numberOf(node);
  }

  /** There are frames whose DOM cannot be read from here. */
  get busy(): boolean {
    return this.entries.size > 0;
  }

  /** What a document's frames are announced to. */
  upward(owner: number): Upward {
    return {
      frame: (key, channel) => this.add(owner, key, channel),
      hosts: (hosts) => {
        for (const [key, host, verdict] of hosts) for (const entry of this.of(owner, key)) this.begin(entry, host, verdict);
      },
      gone: (key) => {
        for (const entry of this.of(owner, key)) this.close(entry);
      },
    };
  }

  /** The frame element in the top document that holds this node, which is a frame's own. */
  host(node: NodeId): NodeId | null {
    return numberOf(node) === 0 ? node : this.hostOf(numberOf(node));
  }

  /** The frame element in the top document that holds a frame. */
  hostOf(frame: number): NodeId | null {
    let number = frame;
    let host: NodeId | null = 0;
    while (number !== 0 && host !== null) {
      const entry = [...this.entries].find((entry) => entry.number === number);
      host = entry?.host ?? null;
      number = entry?.owner ?? 0;
    }
    return host;
  }

  private of(owner: number, key: number): Entry[] {
    return [...this.entries].filter((entry) => entry.owner === owner && entry.key === key);
  }

  private add(owner: number, key: number, channel: Channel): void {
    this.last += 1;
    const entry: Entry = { channel, number: this.last, owner, key, host: null, root: null, turn: 0, clear: false, looked: 0, batches: [] };
    this.entries.add(entry);
    const up = this.upward(entry.number);
    channel.listen((message, ports) => {
      if (this.entries.has(entry)) this.heard(entry, up, message as FromFrame, ports);
    });
  }

  private begin(entry: Entry, host: NodeId | null, verdict: Verdict): void {
    entry.host = host;
    entry.root = null;
    entry.turn += 1;
    entry.clear = false;
    entry.batches = [];
    if (host === null) return;
    entry.channel.post({ t: 'begin', frame: entry.number, host, turn: entry.turn, sites: this.sites, verdict } satisfies ToFrame);
    this.events.began(entry.number);
  }

  private heard(entry: Entry, up: Upward, message: FromFrame, ports: readonly MessagePort[]): void {
    if (message.t === 'events') {
      if (message.turn === entry.turn) this.take(entry, message.events);
    } else if (message.t === 'frame') {
      if (ports[0]) up.frame(message.key, this.handover.channel(ports[0]));
    } else if (message.t === 'hosts') up.hosts(message.hosts.filter(([, element]) => element === null || numberOf(element) === entry.number));
    else if (message.t === 'acts') this.events.acts(entry.number, message.message);
    else if (message.t === 'clear') this.heardClear(entry, message);
    else up.gone(message.key);
  }

  private heardClear(entry: Entry, { turn, clear, n }: Extract<FromFrame, { t: 'clear' }>): void {
    const before = entry.clear;
    entry.clear = clear && turn === entry.turn;
    if (n !== undefined) entry.looked = n;
    if (before !== entry.clear) this.events.clear();
    this.looked?.();
  }

  private take(entry: Entry, events: PageEvent[]): void {
    const allowed = events.filter((event) => isWithin(event, entry.number, entry.host));
    for (const event of allowed) {
      const top = event.t === 'add' ? event.nodes[0] : undefined;
      if (top?.node.k === 'document' && top.parent === entry.host) entry.root = top.id;
    }
    const last = entry.batches.at(-1) ?? -1;
    entry.batches.push(allowed.length ? this.events.deliver(allowed) : last);
  }

  /** The frame is another one now, or gone. */
  private close(entry: Entry): void {
    this.entries.delete(entry);
    entry.channel.close();
    this.looked?.();
    for (const inner of [...this.entries]) if (inner.owner === entry.number) this.close(inner);
    if (entry.root !== null) this.events.deliver([{ t: 'remove', node: entry.root }]);
    this.events.gone(entry.number);
  }
}

function numberOf(id: NodeId): number {
  return Math.floor(id / FRAME);
}

/** A frame tells of its own nodes only, whatever its scripts do to the companion in it. */
export function isWithin(event: PageEvent, frame: number, host: NodeId | null): boolean {
  const own = (id: NodeId | null | undefined) => id === null || id === undefined || numberOf(id) === frame;
  switch (event.t) {
    case 'add':
      return event.nodes.every(({ id, parent, before, node, state }, i) => {
        const placed = i === 0 && node.k === 'document' ? parent === host : parent !== undefined && own(parent);
        return own(id) && placed && own(before) && (state?.adopted ?? []).every(own);
      });
    case 'move':
      return own(event.node) && own(event.parent) && own(event.before);
    case 'state':
      return own(event.node) && (event.state.adopted ?? []).every(own);
    case 'remove':
    case 'attribute':
    case 'text':
    case 'focus':
    case 'pointer':
      return own(event.node);
    case 'selection':
      return own(event.range?.start) && own(event.range?.end);
    case 'sheet':
    case 'insertRule':
    case 'deleteRule':
      return own(event.sheet);
    default:
      return false;
  }
}
