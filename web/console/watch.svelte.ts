// What the console knows of one session, kept current by its socket.
import { agents, problemOf, socketAddress, UNREACHABLE } from '../shared/api';
import type { Denial } from '../shared/protocol/act';
import type { EndedBy, FromConsole, Presence, SessionState, Tab, ToConsole } from '../shared/protocol/agent';
import type { SessionInfo } from '../shared/protocol/api';
import type { ImageOffer, ImageState, Way } from '../shared/protocol/image';
import type { Mode, Person, PersonId, Priority, Role, Rules } from '../shared/protocol/people';
import { Socket, transport } from '../shared/socket';
import { Chat } from './chat.svelte';
import type { Desk } from './desk.svelte';
import { inviteOf, type Invite } from './invite';
import { wayWords, wentWords, whyNoPictures } from './pictures';
import { roleChange } from './words';

const AGAIN_AFTER = 2_000;

type Status = Extract<ToConsole, { t: 'status' }>;
/** A message that is answered with an outcome, without its number. */
type Request = DistributiveOmit<Extract<FromConsole, { n: number }>, 'n' | 'rtt'>;
type DistributiveOmit<T, K extends PropertyKey> = T extends { t: 'ping' } ? never : T extends unknown ? Omit<T, K> : never;
/** Why a request was not done: a denial, or the connection that went. Null: it was done. */
export type Answer = Denial | 'lost' | null;
export type PanelName = 'chat' | 'people';

/** The server says that there is no such session (any more). */
const isGone = (status: number): boolean => [403, 404, 410].includes(status);
/** It may answer otherwise in a moment. */
const isPassing = (status: number): boolean => status === UNREACHABLE || status === 429 || status >= 500;

export class Watch {
  info = $state<SessionInfo | null>(null);
  session = $state<SessionState>({ state: 'waiting' });
  visitor = $state<Presence>('none');
  /** The visitor's page is not part of the session: nothing of it is shown. */
  outside = $state(false);
  /** Milliseconds to the visitor's page and back; null: not known. */
  visitorRtt = $state<number | null>(null);
  mode = $state<Mode>('view-only');
  /** The visitor is being asked whether agents may act. */
  asking = $state(false);
  priority = $state<Priority>('normal');
  /** The reader's number; null: not known yet. */
  you = $state<PersonId | null>(null);
  role = $state<Role>('agent');
  people = $state<Person[]>([]);
  tabs = $state<Tab[]>([]);
  rules = $state<Rules | null>(null);
  /** How the page is shown. */
  way = $state<Way>('page');
  /** How its pictures stand. */
  image = $state<ImageState>('off');
  /** Whether there are any to be had. */
  offer = $state<ImageOffer>('off');
  /** They would show the page better. */
  suggest = $state(false);
  /** This console's own connection. */
  connected = $state(false);
  /** It was connected before. */
  known = $state(false);
  rtt = $state<number | null>(null);
  /** Why it is not to be had any more. `out`: the reader left it or was taken out. */
  gone = $state<'' | 'ended' | 'out' | 'unknown'>('');
  invite = $state<Invite | null>(null);
  /** End was pressed here. */
  endedHere = $state(false);
  /** The panel that is open beside the page. */
  panel = $state<PanelName | null>(null);
  readonly chat: Chat;
  #socket: Socket<ToConsole, FromConsole> | null = null;
  #numbers = 0;
  #pinged: { n: number; at: number } | null = null;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #modeAsked = 0;
  #wayAsked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(readonly id: string, private readonly desk: Desk) {
    this.chat = new Chat(id, () => this.you, (writing) => this.#socket?.send({ t: 'writing', writing }), sessionStorage);
    this.invite = desk.invites.get(id, Date.now());
    void this.#load();
  }

  /** Whether it has come to its end, for the reader. */
  get over(): boolean {
    return this.gone !== '' || this.session.state === 'ended';
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

  /** Sends a request and waits for what becomes of it; `asking` does not end the waiting. */
  ask(request: Request): Promise<Answer> {
    const n = (this.#numbers += 1);
    return new Promise((resolve) => {
      if (this.#socket?.send({ ...request, n } as FromConsole)) this.#waiting.set(n, resolve);
      else resolve('lost');
    });
  }

  /** Asks for another mode. */
  async changeMode(mode: Mode): Promise<Answer> {
    this.#modeAsked += 1;
    try {
      const answer = await this.ask({ t: 'mode', mode });
      // The status that says so may come after the answer.
      if (answer === null) this.mode = mode;
      return answer;
    } finally {
      this.#modeAsked -= 1;
    }
  }

  /** Why the page cannot be shown in this way; empty: it can. The way that is gone can always be left. */
  whyNot(way: Way): string {
    if (way === 'page' || this.way === 'image') return '';
    return this.rules?.image ? whyNoPictures[this.offer] : 'the rules of this site do not allow them';
  }

  /** Asks for the page to be shown in another way, and says what became of it. */
  async changeWay(way: Way): Promise<void> {
    const { toasts } = this.desk;
    if (way === this.way) return;
    if (this.whyNot(way)) return toasts.show(`Pictures: ${this.whyNot(way)}.`, 'warn');
    this.#wayAsked += 1;
    const answer = await this.ask({ t: 'way', way });
    this.#wayAsked -= 1;
    // The status that says so may come after the answer.
    if (answer === null) this.way = way;
    toasts.show(wayWords(way, answer), answer === null ? 'ok' : 'warn');
  }

  /** Leaves the session. */
  async leave(): Promise<Answer> {
    if (this.you === null) return 'lost';
    const answer = await this.ask({ t: 'remove', person: this.you });
    if (answer === null) this.#lose('out');
    // The connection may go before the answer comes.
    if (answer === 'lost') await this.#look();
    return this.over ? null : answer;
  }

  /** The reader is in it again, after they were taken out. */
  again(): void {
    this.gone = '';
    this.you = null;
    void this.#load();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
    this.#settleAll();
  }

  async #load(): Promise<void> {
    try {
      const info = await this.desk.call(agents.session(this.id));
      if (this.#stopped) return;
      this.info = info;
      this.role = info.role;
      this.mode = info.mode;
      this.priority = info.priority;
      this.#stands(info.state);
      if (info.state.state !== 'ended') this.#connect();
    } catch (error) {
      if (this.#stopped) return;
      const { status } = problemOf(error);
      if (isGone(status)) this.#lose(status === 410 ? 'ended' : this.info ? 'out' : 'unknown');
      else if (isPassing(status)) this.#timer = setTimeout(() => void this.#load(), AGAIN_AFTER);
    }
  }

  #connect(): void {
    this.#socket = new Socket(
      transport(socketAddress(this.id, location.href)),
      {
        open: () => this.#socket?.send(this.#ping()),
        message: (message) => this.#heard(message),
        lost: () => {
          this.connected = false;
          this.rtt = null;
          this.#settleAll();
          void this.#look();
        },
      },
      () => this.#ping(),
    );
  }

  #ping(): FromConsole {
    this.#pinged = { n: (this.#numbers += 1), at: performance.now() };
    return { t: 'ping', n: this.#pinged.n, ...(this.rtt !== null && { rtt: this.rtt }) };
  }

  /** After a lost socket: is there still a session to come back to? */
  async #look(): Promise<void> {
    try {
      this.#stands((await this.desk.call(agents.session(this.id))).state);
    } catch (error) {
      const { status } = problemOf(error);
      if (isGone(status)) this.#lose(status === 410 ? 'ended' : 'out');
      else if (!isPassing(status)) this.#socket?.close();
    }
  }

  #heard(message: ToConsole): void {
    this.connected = true;
    this.known = true;
    switch (message.t) {
      case 'status':
        return this.#status(message);
      case 'chats':
        return this.chat.all(message.messages);
      case 'chat':
        this.chat.add(message.message);
        return this.desk.wrote(this, message.message);
      case 'writing':
        return this.chat.wrote(message.by, message.writing);
      case 'outcome':
        if (message.outcome.o === 'asking') return;
        return this.#settle(message.n, message.outcome.o === 'done' ? null : message.outcome.reason);
      case 'pong':
        if (message.n === this.#pinged?.n) this.rtt = Math.round(performance.now() - this.#pinged.at);
    }
  }

  #status(status: Status): void {
    const first = this.you === null;
    const words = first ? '' : roleChange(this.role, status.role);
    if (words) this.desk.toasts.show(words, 'ok');
    if (!first && status.mode !== this.mode && this.#modeAsked === 0 && status.session.state === 'active') {
      this.desk.toasts.show(status.mode === 'shared' ? 'Shared now: agents may act on the page.' : 'View only now: agents can look and point.');
    }
    if (!first && status.way !== this.way && this.#wayAsked === 0 && status.session.state === 'active') {
      const failed = status.way === 'page' && (this.image === 'failed' || status.image === 'failed');
      this.desk.toasts.show(wentWords(status.way, failed), failed ? 'warn' : 'plain');
    }
    this.visitor = status.visitor;
    this.outside = status.outside ?? false;
    this.visitorRtt = status.rtt ?? null;
    this.mode = status.mode;
    this.asking = status.asking;
    this.priority = status.priority;
    this.you = status.you;
    this.role = status.role;
    this.people = status.people;
    this.tabs = status.tabs;
    this.rules = status.rules;
    this.way = status.way;
    this.image = status.image;
    this.offer = status.offer;
    this.suggest = status.suggest ?? false;
    this.#stands(status.session);
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

  #lose(how: 'ended' | 'out' | 'unknown'): void {
    this.gone = how;
    this.#socket?.close();
    this.#settleAll();
    void this.desk.refresh();
  }

  #settle(n: number, answer: Answer): void {
    this.#waiting.get(n)?.(answer);
    this.#waiting.delete(n);
  }

  #settleAll(): void {
    for (const n of [...this.#waiting.keys()]) this.#settle(n, 'lost');
  }
}
