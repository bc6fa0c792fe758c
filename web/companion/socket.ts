// The page's events on their way to the session: numbered batches after a snapshot, and a new snapshot whenever the two sides may
// have lost step.
import { Socket } from '../shared/socket';
import type { PageEvent } from '../shared/protocol/page';
import type { MaskSite } from '../shared/protocol/rules';
import type { FromVisitor, ToVisitor } from '../shared/protocol/visitor';
import type { Native, Wire } from './handover';

/** Bytes not yet sent, above which events are dropped and a snapshot follows once the line is free again. */
const TOO_MUCH = 12 * 1024 * 1024;
/** Bytes not yet sent, below which the line counts as free. */
const FREE = 256 * 1024;
/** Milliseconds in which a request for a snapshot may have crossed the snapshot that it asks for. */
const CROSSED = 2_000;

export interface LineEvents {
  /** A whole page is wanted, now. */
  snapshot(): PageEvent[];
  /** These masks hold from here on; a snapshot follows. */
  privacy(sites: MaskSite[]): void;
  /** Anything but what the line itself deals with. */
  message(message: Exclude<ToVisitor, { t: 'privacy' | 'resync' | 'ack' | 'pong' }>): void;
  connection(connected: boolean): void;
  /** The server was started anew: what the page loaded before, it does not have any more. */
  lostAssets(): void;
  /** Milliseconds that a message took there and back. */
  rtt(milliseconds: number): void;
}

export class Line {
  private readonly socket: Socket<ToVisitor, FromVisitor>;
  /** This load of a page, for the server. */
  readonly page = Math.floor(Math.random() * 2 ** 53);
  private seq = -1;
  /** The last snapshot is on the server. */
  private acked = false;
  private sentAt = 0;
  private pings = 0;
  /** The ping that is under way, and the time of the one before. */
  private pinged = { n: 0, at: 0 };
  private rtt: number | null = null;
  private ready = false;
  /** The masks that hold, as this connection told them; null: it has not yet, and nothing of the page leaves. */
  private privacy: string | null = null;
  private behind = false;
  private ending = false;
  /** How often it was connected. */
  private connections = 0;

  constructor(
    wire: Wire,
    private readonly native: Native,
    private readonly events: LineEvents,
  ) {
    this.socket = new Socket<ToVisitor, FromVisitor>(
      wire,
      { open: () => this.opened(), message: (message) => this.heard(message), lost: () => events.connection(false) },
      () => this.ping(),
      native,
    );
    native.addEventListener(document, 'visibilitychange', () => this.tellVisible());
  }

  /** Number of the last batch. */
  get batch(): number {
    return this.seq;
  }

  /** Everything that happened up to the last batch is on its way, and there was a snapshot. */
  get current(): boolean {
    return this.ready && this.socket.connected && !this.behind && this.seq >= 0;
  }

  /** There is a page to tell of: from here on, snapshots can be asked for. */
  begin(): void {
    if (this.ending) return;
    this.ready = true;
    if (this.socket.connected && this.privacy !== null) this.snapshot();
  }

  /** Sends events of the page. */
  deliver(events: PageEvent[]): void {
    if (!this.ready || !this.socket.connected || this.behind || this.seq < 0) return;
    if (this.socket.queued > TOO_MUCH) {
      this.behind = true;
      this.wait();
      return;
    }
    this.batchOut(events);
  }

  /** Sends what is no event of the page. */
  send(message: Exclude<FromVisitor, { t: 'events' | 'hash' }>): void {
    this.socket.send(message);
  }

  /** Sends the hash of the page as it is after the last batch. */
  hash(hash: number): void {
    if (this.ready && this.seq >= 0 && !this.behind) this.socket.send({ t: 'hash', page: this.page, seq: this.seq, hash });
  }

  /** The visitor ends the session: from here on nothing of the page leaves, and the server is told as soon as it can be reached. */
  end(): void {
    this.ending = true;
    this.ready = false;
    this.send({ t: 'end' });
  }

  close(): void {
    this.ready = false;
    this.socket.close();
  }

  private opened(): void {
    this.connections += 1;
    if (this.ending) this.send({ t: 'end' });
    this.seq = -1;
    this.behind = false;
    this.privacy = null;
    this.events.connection(true);
    this.tellVisible();
    this.socket.send(this.ping());
  }

  private tellVisible(): void {
    this.socket.send({ t: 'visible', visible: document.visibilityState !== 'hidden' });
  }

  private snapshot(): void {
    if (!this.ready) return;
    this.behind = false;
    this.seq = -1;
    this.acked = false;
    this.sentAt = performance.now();
    this.batchOut(this.events.snapshot());
  }

  private batchOut(events: PageEvent[]): void {
    this.seq += 1;
    this.socket.send({ t: 'events', page: this.page, seq: this.seq, events });
  }

  private heard(message: ToVisitor): void {
    if (message.t === 'ack') this.acked = true;
    else if (message.t === 'privacy') this.judge(message.sites);
    else if (message.t === 'resync') {
      // A page that is connected for the first time loaded everything through the server as it is.
      if (message.assets && this.connections > 1) this.events.lostAssets();
      this.resync();
    } else if (message.t === 'pong') this.ponged(message.n);
    else this.events.message(message);
  }

  /** What was told by other rules is told anew at once. */
  private judge(sites: MaskSite[]): void {
    const privacy = JSON.stringify(sites);
    if (privacy === this.privacy) return;
    this.privacy = privacy;
    this.events.privacy(sites);
    this.snapshot();
  }

  private ping(): FromVisitor {
    this.pings += 1;
    this.pinged = { n: this.pings, at: performance.now() };
    return { t: 'ping', n: this.pings, ...(this.rtt !== null && { rtt: this.rtt }) };
  }

  private ponged(n: number): void {
    if (n !== this.pinged.n) return;
    this.rtt = Math.round(performance.now() - this.pinged.at);
    this.events.rtt(this.rtt);
  }

  /** A request that was under way when the snapshot left is answered by that snapshot; if it was not, time tells. */
  private resync(): void {
    if (!this.ready || this.privacy === null) return;
    const crossed = !this.acked && this.seq >= 0 ? this.sentAt + CROSSED - performance.now() : 0;
    if (crossed <= 0) this.snapshot();
    else
      this.native.setTimeout(() => {
        if (!this.acked && this.socket.connected && this.privacy !== null) this.snapshot();
      }, crossed);
  }

  private wait(): void {
    this.native.setTimeout(() => {
      if (!this.behind || !this.socket.connected) return;
      if (this.socket.queued < FREE) this.snapshot();
      else this.wait();
    }, 100);
  }
}
