// The companion of a frame of another origin: captures its document for the page around it.
import type { NodeId } from '../shared/protocol/page';
import { Capture } from './capture/capture';
import { Frames, type FromFrame, type ToFrame } from './frames';
import { HELLO, type Channel, type Handover } from './handover';
import { isOurs, whenBody } from './page';

export class FrameCompanion {
  private readonly channel: Channel;
  private capture: Capture | null = null;
  private frames: Frames | null = null;
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
    this.channel.listen((message) => whenBody(handover.native, () => this.begin(message as ToFrame)));
    window.parent.postMessage(HELLO, around, [port2]);
  }

  private send(message: FromFrame, transfer: Transferable[] = []): void {
    this.channel.post(message, transfer);
  }

  private begin({ frame, host, turn }: ToFrame): void {
    this.turn = turn;
    this.host = host;
    this.root = null;
    this.capture ??= this.start(frame);
    this.announce();
  }

  /** Tells the document as a whole, in place of what was told of it before. */
  private announce(): void {
    if (!this.capture) return;
    const events = this.capture.subtree(this.host);
    const added = events.at(-1);
    if (this.root !== null) events.unshift({ t: 'remove', node: this.root });
    this.root = added?.t === 'add' ? (added.nodes[0]?.id ?? null) : null;
    this.send({ t: 'events', turn: this.turn, events });
    this.frames?.again();
  }

  private start(frame: number): Capture {
    const capture = new Capture({
      handover: this.handover,
      frame,
      ours: (element) => isOurs(this.handover.native, element),
      deliver: (events) => this.send({ t: 'events', turn: this.turn, events }),
      frameGone: (element) => this.frames?.gone(element),
      again: () => this.handover.native.queueMicrotask(() => this.announce()),
    });
    this.capture = capture;
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
