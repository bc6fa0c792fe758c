// What the console knows of one session, kept current by its socket.
import { agents, problemOf, socketAddress, UNREACHABLE } from '../shared/api';
import { Socket } from '../shared/socket';
import type { EndedBy, FromConsole, Presence, SessionState, ToConsole } from '../shared/protocol/agent';
import type { SessionInfo } from '../shared/protocol/api';
import type { Desk } from './desk.svelte';
import { inviteOf, type Invite } from './invite';

const AGAIN_AFTER = 2_000;

/** The server says that there is no such session (any more). */
const isGone = (status: number): boolean => [403, 404, 410].includes(status);
/** It may answer otherwise in a moment. */
const isPassing = (status: number): boolean => status === UNREACHABLE || status === 429 || status >= 500;

export class Watch {
  info = $state<SessionInfo | null>(null);
  session = $state<SessionState>({ state: 'waiting' });
  visitor = $state<Presence>('none');
  watchers = $state<string[]>([]);
  /** This console's own connection. */
  connected = $state(false);
  /** The server has it no longer: it ended, or it never was this agent's. */
  gone = $state<'' | 'ended' | 'unknown'>('');
  invite = $state<Invite | null>(null);
  /** End was pressed here. */
  endedHere = $state(false);
  #socket: Socket<ToConsole, FromConsole> | null = null;
  #pings = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(readonly id: string, private readonly desk: Desk) {
    this.invite = desk.invites.get(id, Date.now());
    void this.#load();
  }

  /** A new PIN and link; the old ones are void. */
  async newInvite(): Promise<void> {
    const invite = inviteOf(await this.desk.call(agents.newPin(this.id)), Date.now());
    this.desk.invites.put(this.id, invite);
    this.invite = invite;
  }

  async end(): Promise<void> {
    this.endedHere = true;
    try {
      await this.desk.call(agents.end(this.id));
      this.#ended('agent');
    } catch (error) {
      this.endedHere = false;
      throw error;
    }
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  async #load(): Promise<void> {
    try {
      const info = await this.desk.call(agents.session(this.id));
      if (this.#stopped) return;
      this.info = info;
      this.#stands(info.state);
      if (info.state.state !== 'ended') this.#connect();
    } catch (error) {
      if (this.#stopped) return;
      const { status } = problemOf(error);
      if (isGone(status)) this.#lost(status);
      else if (isPassing(status)) this.#timer = setTimeout(() => void this.#load(), AGAIN_AFTER);
    }
  }

  #connect(): void {
    this.#socket = new Socket(
      socketAddress(this.id, location.href),
      {
        open: () => {},
        message: (message) => this.#heard(message),
        lost: () => {
          this.connected = false;
          void this.#look();
        },
      },
      () => ({ t: 'ping', n: this.#pings++ }),
    );
  }

  /** After a lost socket: is there still a session to come back to? */
  async #look(): Promise<void> {
    try {
      this.#stands((await this.desk.call(agents.session(this.id))).state);
    } catch (error) {
      const { status } = problemOf(error);
      if (isGone(status)) this.#lost(status);
      else if (!isPassing(status)) this.#socket?.close();
    }
  }

  #heard(message: ToConsole): void {
    this.connected = true;
    if (message.t !== 'status') return;
    this.visitor = message.visitor;
    this.watchers = message.people.filter(({ watching }) => watching).map(({ name }) => name);
    this.#stands(message.session);
  }

  #stands(session: SessionState): void {
    const before = this.session.state;
    this.session = session;
    if (session.state !== 'waiting') {
      this.invite = null;
      this.desk.invites.drop(this.id);
    }
    if (session.state === 'ended') this.#socket?.close();
    if (session.state !== before) void this.desk.refresh();
  }

  #ended(by: EndedBy): void {
    if (this.session.state !== 'ended') this.#stands({ state: 'ended', by });
  }

  #lost(status: number): void {
    this.gone = status === 410 || this.info ? 'ended' : 'unknown';
    this.#socket?.close();
  }
}
