// The screen's socket.
import { Socket, transport } from '../shared/socket';
import type { FromScreen, Input, ToScreen } from '../shared/protocol/image';
import type { FromVisitor } from '../shared/protocol/visitor';

export interface LineEvents {
  /** It is connected: the first message is due. */
  open(): void;
  message(message: ToScreen): void;
  frame(data: ArrayBuffer): void;
  lost(): void;
  /** Milliseconds that a message took there and back. */
  rtt(milliseconds: number): void;
}

export class Line {
  private readonly socket: Socket<ToScreen, FromScreen>;
  private inputs = 0;
  private pings = 0;
  private pinged = { n: 0, at: 0 };
  private rtt: number | null = null;
  private ending = false;

  constructor(private readonly events: LineEvents) {
    const url = `${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}/socket`;
    this.socket = new Socket<ToScreen, FromScreen>(
      transport(url),
      { open: () => this.opened(), message: (message) => this.heard(message), binary: (data) => events.frame(data), lost: () => events.lost() },
      () => this.ping(),
    );
    document.addEventListener('visibilitychange', () => this.tellVisible());
  }

  get connected(): boolean {
    return this.socket.connected;
  }

  send(message: FromScreen): boolean {
    return this.socket.send(message);
  }

  /** Something was done with the picture; while nobody hears it, it is lost, as the picture is an old one. */
  input(input: Input): void {
    if (!this.connected) return;
    this.inputs += 1;
    this.send({ t: 'input', n: this.inputs, input });
  }

  /** As an overlay would say it. */
  say(message: FromVisitor): void {
    this.send({ t: 'visitor', message });
  }

  /** The visitor ends the session: told as soon as the server can be reached. */
  end(): void {
    this.ending = true;
    this.say({ t: 'end' });
  }

  /** Connects anew: the server then begins with a whole picture. */
  again(): void {
    this.socket.again();
  }

  close(): void {
    this.socket.close();
  }

  private opened(): void {
    this.events.open();
    if (this.ending) this.say({ t: 'end' });
    this.tellVisible();
    this.send(this.ping());
  }

  private tellVisible(): void {
    this.say({ t: 'visible', visible: document.visibilityState !== 'hidden' });
  }

  private heard(message: ToScreen): void {
    if (message.t === 'visitor' && message.message.t === 'pong') this.ponged(message.message.n);
    else this.events.message(message);
  }

  private ping(): FromScreen {
    this.pings += 1;
    this.pinged = { n: this.pings, at: performance.now() };
    return { t: 'visitor', message: { t: 'ping', n: this.pings, ...(this.rtt !== null && { rtt: this.rtt }) } };
  }

  private ponged(n: number): void {
    if (n !== this.pinged.n) return;
    this.rtt = Math.round(performance.now() - this.pinged.at);
    this.events.rtt(this.rtt);
  }
}
