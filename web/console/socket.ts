// The console's socket of one session: tells how the session stands, and comes back by itself after a loss.
import type { FromConsole, ToConsole } from '../shared/protocol/agent';

/** What it needs of the world. */
export interface SocketWorld {
  open(): WebSocket;
  /** Whether it is worth trying again; asked after every loss. */
  worthwhile(): Promise<boolean>;
  later(run: () => void, milliseconds: number): () => void;
  random(): number;
}

export interface SocketEvents {
  message(message: ToConsole): void;
  connected(connected: boolean): void;
}

const PING_EVERY = 10_000;
const PONG_WITHIN = 8_000;
const RETRY_FIRST = 400;
const RETRY_LONGEST = 8_000;

/** Milliseconds before try `n` (from 0): doubles up to a limit, with a spread so that many consoles do not come back at once. */
export function retryAfter(n: number, random: number): number {
  return Math.min(RETRY_LONGEST, RETRY_FIRST * 2 ** n) * (0.75 + random / 2);
}

/** A message of the server, or null for what is none. */
export function parseMessage(data: unknown): ToConsole | null {
  if (typeof data !== 'string') return null;
  try {
    const value = JSON.parse(data) as ToConsole | null;
    return value?.t === 'status' || value?.t === 'pong' ? value : null;
  } catch {
    return null;
  }
}

export class SessionSocket {
  #socket: WebSocket | null = null;
  #tries = 0;
  #ping = 0;
  #stopped = false;
  #cancel: () => void = () => {};

  constructor(private readonly world: SocketWorld, private readonly events: SocketEvents) {
    this.#open();
  }

  /** Tries at once, if it is waiting to. */
  wake(): void {
    if (this.#socket || this.#stopped) return;
    this.#cancel();
    this.#open();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
    this.#socket?.close();
    this.#socket = null;
  }

  #open(): void {
    const socket = this.world.open();
    this.#socket = socket;
    socket.onmessage = (event) => this.#heard(event.data);
    socket.onclose = () => this.#lost(socket);
    this.#expectPong();
  }

  #heard(data: unknown): void {
    const message = parseMessage(data);
    if (!message || this.#stopped) return;
    this.#tries = 0;
    this.#cancel();
    this.#cancel = this.world.later(() => this.#sendPing(), PING_EVERY);
    if (message.t === 'status') this.events.message(message);
    this.events.connected(true);
  }

  #sendPing(): void {
    const ping: FromConsole = { t: 'ping', n: this.#ping++ };
    const socket = this.#socket;
    if (socket?.readyState === socket?.OPEN) socket?.send(JSON.stringify(ping));
    this.#expectPong();
  }

  #expectPong(): void {
    const socket = this.#socket;
    this.#cancel = this.world.later(() => {
      if (!socket) return;
      socket.close();
      this.#lost(socket);
    }, PONG_WITHIN);
  }

  #lost(socket: WebSocket): void {
    if (this.#socket !== socket || this.#stopped) return;
    this.#socket = null;
    this.#cancel();
    this.events.connected(false);
    this.#cancel = this.world.later(() => void this.#retry(), retryAfter(this.#tries++, this.world.random()));
  }

  async #retry(): Promise<void> {
    if (!(await this.world.worthwhile()) || this.#stopped || this.#socket) return;
    this.#open();
  }
}
