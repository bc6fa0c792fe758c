// The companion of a frame of another origin: captures its document for the page around it.
import type { NodeId, PageEvent } from '../shared/protocol/page';
import { FrameActs } from './acts/relay';
import { Capture } from './capture/capture';
import { Frames, type FromFrame, type ToFrame } from './frames';
import { FrameWatch } from './hosted/frame';
import { HELLO, type Channel, type Handover } from './handover';
import { isOurs, whenBody } from './page';
import { reloadAssets } from './reload';

export class FrameCompanion {
  private readonly channel: Channel;
  private capture: Capture | null = null;
  private frames: Frames | null = null;
  private acts: FrameActs | null = null;
  private watch: FrameWatch | null = null;
  /** Messages of events that left in this turn. */
  private sent = 0;
  private turn = 0;
  private host: NodeId = 0;
  private root: NodeId | null = null;

  /** `around`: origin of the page around. */
  constructor(
    private readonly handover: Handover,
    around: string,
  ) {
    const { port1, port2 } = new MessageChannel();
    this.channel = handover.channel(port1);
    this.channel.listen((message) => whenBody(handover.native, () => this.heard(message as ToFrame)));
    window.parent.postMessage(HELLO, around, [port2]);
  }

  private send(message: FromFrame, transfer: Transferable[] = []): void {
    this.channel.post(message, transfer);
  }

  private heard(message: ToFrame): void {
    if (message.t === 'begin') this.begin(message);
    else if (message.t === 'assets') void reloadAssets(this.handover);
    else if (message.t === 'look') this.watch?.look(message.n);
    else this.acts?.heard(message.message);
  }

  private deliver(events: PageEvent[]): void {
    this.send({ t: 'events', turn: this.turn, events });
    this.sent += 1;
    this.acts?.acts.told(this.sent - 1);
  }

  private begin({ frame, host, turn, sites, verdict }: Extract<ToFrame, { t: 'begin' }>): void {
    this.turn = turn;
    this.sent = 0;
    this.host = host;
    this.root = null;
    this.capture ??= this.start(frame);
    this.capture.judge.take(sites, verdict);
    this.announce();
  }

  /** Tells the document as a whole, in place of what was told of it before. */
  private announce(): void {
    if (!this.capture) return;
    const events = this.capture.subtree(this.host);
    const added = events.at(-1);
    if (this.root !== null) events.unshift({ t: 'remove', node: this.root });
    this.root = added?.t === 'add' ? (added.nodes[0]?.id ?? null) : null;
    this.acts?.acts.begin();
    this.deliver(events);
    this.frames?.again();
    this.acts?.acts.tellLocks();
    this.watch?.tell();
  }

  private start(frame: number): Capture {
    if (this.handover.config.hosted) {
      const seen = () => this.capture?.foreign().every((element) => this.frames?.holds(element)) ?? false;
      this.watch = new FrameWatch(this.handover.native, () => this.capture?.flush(), seen, (clear, n) => this.send({ t: 'clear', turn: this.turn, clear, ...(n !== undefined && { n }) }));
    }
    const capture = new Capture({
      handover: this.handover,
      frame,
      ours: (element) => isOurs(this.handover.native, element),
      deliver: (events) => this.deliver(events),
      opened: (document) => this.acts?.acts.open(document),
      frameGone: (element, stays) => this.frames?.gone(element, stays),
      again: () => this.handover.native.queueMicrotask(() => this.announce()),
      ...(this.watch && { follow: this.watch, pictureless: true }),
    });
    this.capture = capture;
    this.acts = new FrameActs(
      { handover: this.handover, capture, ours: (element) => isOurs(this.handover.native, element), batch: () => this.sent - 1 },
      (message) => this.send({ t: 'acts', message }),
    );
    this.frames = new Frames(this.handover, capture, {
      frame: (key, channel) => this.relay(key, channel),
      hosts: (hosts) => this.send({ t: 'hosts', hosts }),
      gone: (key) => this.send({ t: 'gone', key }),
    });
    capture.start();
    return capture;
  }

  /** A frame within this one: what it says goes on to the top document as it is, and back. */
  private relay(key: number, inner: Channel): void {
    const { port1, port2 } = new MessageChannel();
    const outer = this.handover.channel(port1);
    outer.listen((message) => inner.post(message));
    inner.listen((message, ports) => outer.post(message, [...ports]));
    this.send({ t: 'frame', key }, [port2]);
  }
}

/** Origin of the page around this one, if it is a view origin of the same session; no other may read what is in here. */
export function aroundOf({ config, map }: Handover): string | null {
  const origin = location.ancestorOrigins?.[0] ?? (config.referrer ? map(config.referrer) : '');
  if (!URL.canParse(origin)) return null;
  const url = new URL(origin);
  const ours = url.protocol === `${config.scheme}:` && url.hostname.startsWith(`${config.sid}-`) && url.hostname.endsWith(`.${config.domain}`);
  return ours ? url.origin : null;
}
