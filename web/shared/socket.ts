// A WebSocket that comes back: JSON messages both ways, binary ones to us, with growing pauses between attempts, at once when there is reason to hope.

/** First pause between attempts, in milliseconds; it doubles each time. */
const FIRST_PAUSE = 250;
/** Longest pause. */
const LONGEST_PAUSE = 2_000;
/** Milliseconds between two pings. */
const PING_EVERY = 5_000;
/** Milliseconds without any message after a ping, after which the connection counts as dead. */
const SILENCE = 10_000;

/** What the owner of a socket wants to know. */
export interface SocketEvents<In> {
  /** It is connected. */
  open(): void;
  message(message: In): void;
  /** A binary message came; absent: none is expected. */
  binary?(data: ArrayBuffer): void;
  /** The connection went. It is being made again, unless `close` was called. */
  lost(): void;
}

/** A connection. */
export interface Connection {
  send(text: string): void;
  close(): void;
  readonly readyState: number;
  readonly bufferedAmount: number;
}

/** How connections are made, and what is said over them. */
export interface Transport {
  connect(heard: { open(): void; message(data: unknown): void; lost(): void }): Connection;
  read(text: string): unknown;
  write(message: unknown): string;
}

/** The browser's functions that the socket uses; the companion brings those from before the page changed anything. */
export interface Browser {
  setTimeout(callback: () => void, milliseconds: number): number;
  clearTimeout(id: number): void;
}

const PLAIN: Browser = {
  setTimeout: (callback, milliseconds) => Number(globalThis.setTimeout(callback, milliseconds)),
  clearTimeout: (id) => globalThis.clearTimeout(id),
};

/** Connections to an address. */
export function transport(url: string): Transport {
  return {
    connect: ({ open, message, lost }) => {
      const socket = new WebSocket(url);
      socket.binaryType = 'arraybuffer';
      socket.addEventListener('open', open);
      socket.addEventListener('message', ({ data }) => message(data));
      socket.addEventListener('close', lost);
      return socket;
    },
    read: (text) => JSON.parse(text) as unknown,
    write: wellFormed,
  };
}

/** Pause before attempt `n` (from 0) in milliseconds; `random` from 0 to 1 spreads those who lost their connection together. */
export function pause(n: number, random: number): number {
  return Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** n) * (0.5 + random / 2);
}

/** JSON that any parser takes: what JavaScript strings may hold beyond Unicode (lone surrogates) becomes U+FFFD. */
export function wellFormed(message: unknown): string {
  const json = JSON.stringify(message);
  if (!/\\ud[89a-f]/.test(json)) return json;
  return JSON.stringify(message, (_, value: unknown) => (typeof value === 'string' ? value.toWellFormed() : value));
}

export class Socket<In, Out> {
  private socket: Connection | null = null;
  private attempts = 0;
  private retry = 0;
  private pulse = 0;
  private closed = false;
  private heard = 0;
  private readonly hope = () => this.now();

  /** Connects. `ping` makes the message that the other side answers; without it a dead connection shows only when the network says so. */
  constructor(
    private readonly transport: Transport,
    private readonly events: SocketEvents<In>,
    private readonly ping?: () => Out,
    private readonly browser: Browser = PLAIN,
  ) {
    addEventListener('online', this.hope);
    addEventListener('pageshow', this.hope);
    document.addEventListener('visibilitychange', this.hope);
    this.connect();
  }

  get connected(): boolean {
    return this.socket?.readyState === 1;
  }

  /** Bytes that are not sent yet. */
  get queued(): number {
    return this.socket?.bufferedAmount ?? 0;
  }

  /** Sends, if it is connected. */
  send(message: Out): boolean {
    if (!this.socket || !this.connected) return false;
    this.socket.send(this.transport.write(message));
    return true;
  }

  /** Connects anew, after a pause. */
  again(): void {
    if (!this.socket) return;
    this.socket.close();
    this.lose();
  }

  /** Ends it for good. */
  close(): void {
    this.closed = true;
    removeEventListener('online', this.hope);
    removeEventListener('pageshow', this.hope);
    document.removeEventListener('visibilitychange', this.hope);
    this.browser.clearTimeout(this.retry);
    this.browser.clearTimeout(this.pulse);
    this.socket?.close();
    this.socket = null;
  }

  private now(): void {
    if (this.closed || this.socket || document.visibilityState === 'hidden') return;
    this.browser.clearTimeout(this.retry);
    this.connect();
  }

  private connect(): void {
    const mine = (act: () => void) => () => this.socket === socket && act();
    const socket = this.transport.connect({
      open: mine(() => {
        this.heard = Date.now();
        this.events.open();
        this.beat();
      }),
      message: (data) => {
        if (this.socket !== socket) return;
        this.attempts = 0;
        this.heard = Date.now();
        if (typeof data === 'string') this.events.message(this.transport.read(data) as In);
        else if (data instanceof ArrayBuffer) this.events.binary?.(data);
      },
      lost: mine(() => this.lose()),
    });
    this.socket = socket;
  }

  private lose(): void {
    this.socket = null;
    this.browser.clearTimeout(this.pulse);
    if (this.closed) return;
    this.retry = this.browser.setTimeout(() => this.connect(), pause(this.attempts, Math.random()));
    this.attempts += 1;
    this.events.lost();
  }

  private beat(): void {
    const { ping } = this;
    if (!ping) return;
    this.pulse = this.browser.setTimeout(() => {
      const asked = Date.now();
      this.send(ping());
      this.pulse = this.browser.setTimeout(() => {
        if (this.heard >= asked) this.beat();
        else this.again();
      }, SILENCE);
    }, PING_EVERY);
  }
}
