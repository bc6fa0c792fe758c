// The companion of a top document: its socket, its capture and its overlay.
import type { PageEvent } from '../shared/protocol/page';
import type { ToVisitor } from '../shared/protocol/visitor';
import { TopActs } from './acts/top';
import { Capture } from './capture/capture';
import { Frames, Hub } from './frames';
import type { Handover, Wire } from './handover';
import { pageNodes, type PageNodes } from './nodes';
import { createOverlay, type Overlay, type OverlayState } from './overlay';
import { isOurs, whenBody } from './page';
import { Bags } from './baggage/bags';
import { Hosted } from './hosted/hosted';
import { goTo } from './screen';
import { Suggest } from './suggest';
import { reloadAssets } from './reload';
import { Line } from './socket';

/** Least milliseconds between two comparisons of hashes. */
const HASH_EVERY = 10_000;

/** The companion of a top document. */
export class Companion {
  private readonly capture: Capture;
  private readonly line: Line;
  private readonly hub: Hub;
  private readonly frames: Frames;
  private overlay: Overlay | null = null;
  private readonly nodes: PageNodes;
  private readonly acts: TopActs;
  /** In a page that our own Chrome opens. */
  private readonly hosted: Hosted | null;
  private readonly bags: Bags;
  private readonly suggest: Suggest | null;
  private state: OverlayState = { agent: '', people: [], mode: 'view-only', rules: null, shown: true, connection: 'connecting', private: false };

  constructor(private readonly handover: Handover, wire: Wire) {
    const { native } = handover;
    this.hosted = handover.config.hosted ? this.host() : null;
    this.capture = new Capture({
      handover,
      frame: 0,
      ours: (element) => element === this.overlay?.host || isOurs(native, element),
      deliver: (events) => void this.deliver(events),
      frameGone: (element, stays) => this.frames.gone(element, stays),
      opened: (document) => this.opened(document),
      again: () => this.line.begin(),
      marked: () => this.overlay?.marked(this.capture.marked()),
      ...(this.hosted && { follow: this.hosted, pictureless: true }),
    });
    this.suggest = this.hosted ? null : new Suggest(native, () => this.line.send({ t: 'suggest' }));
    this.suggest?.open(handover);
    this.bags = new Bags({
      native,
      capture: this.capture,
      ours: (element) => element === this.overlay?.host || isOurs(native, element),
      send: (baggage, n) => this.line.send({ t: 'baggage', baggage, ...(n !== undefined && { pack: n }) }),
    });
    this.hub = new Hub(handover, {
      deliver: (events) => this.deliver(events),
      acts: (frame, message) => this.acts.heard(frame, message),
      began: (frame) => this.acts.began(frame),
      gone: (frame) => this.acts.gone(frame),
      clear: () => this.hosted?.clear(),
    });
    this.nodes = pageNodes(this.capture, this.hub);
    this.frames = new Frames(handover, this.capture, this.hub.upward(0));
    this.line = new Line(wire, native, {
      snapshot: () => this.snapshot(),
      privacy: (sites) => {
        this.capture.judge.take(sites, 0);
        this.hub.judge(sites);
      },
      message: (message) => this.heard(message),
      connection: (connected) => this.connected(connected),
      rtt: (rtt) => this.show({ rtt }),
      lostAssets: () => {
        void reloadAssets(handover);
        this.hub.reloadAssets();
      },
    });
    const { capture, hub, line } = this;
    this.acts = new TopActs({
      handover,
      capture,
      hub,
      line,
      ours: (element) => element === this.overlay?.host || isOurs(native, element),
      overlay: () => this.overlay,
      ask: (question) => this.hosted?.ask(question) ?? this.overlay?.ask(question) ?? { answer: Promise.resolve(null), withdraw() {} },
      people: () => this.state.people,
    });
    whenBody(native, () => {
      this.show({});
      this.capture.start();
      this.line.begin();
      this.hashLater();
    });
  }

  /** Tells the hash of the page as it is now, for the server to compare. */
  compare(): void {
    this.capture.flush();
    // Frames of other origins are part of the server's page, but not of the DOM that can be read from here.
    if (!this.hub.busy) this.line.hash(this.capture.hash());
  }

  /** Sends events; gives the number of their batch. */
  private deliver(events: PageEvent[]): number {
    this.line.deliver(events);
    this.acts.told(this.line.batch);
    if (this.hosted) this.bags.changed();
    return this.line.batch;
  }

  /** What is done in a hosted page, with what is made after it. */
  private host(): Hosted {
    const at = (): Companion => this;
    return new Hosted({
      native: this.handover.native,
      get capture() {
        return at().capture;
      },
      get line() {
        return at().line;
      },
      get hub() {
        return at().hub;
      },
      ours: (element) => element === this.overlay?.host || isOurs(this.handover.native, element),
    });
  }

  private opened(document: Document): void {
    this.acts.open(document);
    this.hosted?.open(document);
    this.bags.open(document);
    const inner = this.capture.handoverOf(document);
    if (inner !== this.handover) this.suggest?.open(inner);
  }

  private connected(connected: boolean): void {
    this.show({ connection: connected ? 'connected' : 'connecting' });
    if (connected) {
      this.acts.tellLocks();
      this.hosted?.connected();
      if (this.hosted) this.bags.connected();
    }
  }

  private snapshot(): PageEvent[] {
    this.acts.begin();
    // Frames follow once the snapshot is out.
    this.handover.native.queueMicrotask(() => {
      this.frames.again();
      this.hosted?.began();
    });
    const snapshot = this.capture.snapshot();
    this.show({ private: this.capture.judge.private });
    this.overlay?.marked(this.capture.marked());
    return [snapshot];
  }

  private show(change: Partial<OverlayState>): void {
    this.state = { ...this.state, ...change };
    if (!document.body) return;
    this.overlay ??= createOverlay({ end: () => this.line.end(), send: (message) => this.line.send(message) }, this.nodes, this.handover.native, undefined, this.hosted !== null);
    this.overlay.update(this.state);
  }

  private heard(message: Exclude<ToVisitor, { t: 'privacy' | 'resync' | 'ack' | 'pong' }>): void {
    switch (message.t) {
      case 'session': {
        const { t: _, ...session } = message;
        this.show(session);
        this.acts.session(session.mode, session.rules);
        break;
      }
      case 'ended':
        // The server has the words for it: the same address now says who ended the session.
        this.line.close();
        if (!this.hosted) location.reload();
        break;
      case 'reload':
        // The server says why: the page is not part of the session any more.
        location.reload();
        break;
      case 'act':
        this.acts.act(message);
        break;
      case 'pack':
        this.bags.pack(message.n);
        break;
      case 'unpack':
        this.bags.unpack(message.baggage);
        break;
      case 'screen':
        goTo(this.handover, message.url);
        break;
      case 'guard':
      case 'look':
      case 'allow':
      case 'choose':
      case 'copy':
        this.hosted?.heard(message);
        break;
      default:
        this.overlay?.told(message);
    }
  }

  private hashLater(): void {
    this.handover.native.setTimeout(() => {
      const compare = () => {
        this.compare();
        this.hashLater();
      };
      if (document.visibilityState !== 'hidden' && 'requestIdleCallback' in window) requestIdleCallback(compare, { timeout: HASH_EVERY });
      else compare();
    }, HASH_EVERY);
  }
}
