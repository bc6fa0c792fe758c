// What the whole console knows: who is signed in, the agent's sessions, and what is said about them.
import { SvelteMap } from 'svelte/reactivity';
import { agents, problemOf, UNREACHABLE } from '../shared/api';
import type { ChatMessage } from '../shared/protocol/chat';
import type { Colleague, Me, SessionInfo, SignIn, StartSession, TakeHelp } from '../shared/protocol/api';
import { inviteOf, InviteShelf } from './invite';
import { listed } from './order';
import { sessionHref } from './route';
import { Account } from '../shared/ui/account.svelte';
import { Watch } from './watch.svelte';

const POLL_EVERY = 5_000;
const AGAIN_AFTER = 2_000;
/** Sessions that are kept in sight at once; of more, only those that were opened. */
const MOST_WATCHED = 24;

export class Desk extends Account {
  /** Sessions that go on, in the order in which they are listed. */
  sessions = $state<SessionInfo[]>([]);
  readonly invites = new InviteShelf(sessionStorage);
  /** The session on show. */
  current = $state<string | null>(null);
  readonly watches = new SvelteMap<string, Watch>();
  /** Messages of all sessions that were not read. */
  readonly unread = $derived.by(() => [...this.watches.values()].reduce((sum, { chat, over }) => sum + (over ? 0 : chat.unread), 0));
  /** Sessions that began with a visitor's code. */
  readonly #taken = new Set<string>();
  #listed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Finds out who is signed in; tries on until the server answers. */
  async load(): Promise<void> {
    try {
      this.#signedIn(await this.call(agents.me()));
    } catch (error) {
      if (problemOf(error).status === UNREACHABLE) this.#timer = setTimeout(() => void this.load(), AGAIN_AFTER);
      else this.loading = false;
    }
  }

  async signIn(body: SignIn): Promise<void> {
    this.#signedIn(await this.call(agents.signIn(body)));
  }

  async signOut(): Promise<void> {
    await this.call(agents.signOut());
    this.signedOut();
  }

  override signedOut(): void {
    clearTimeout(this.#timer);
    for (const watch of [...this.watches.values()]) this.#forget(watch);
    super.signedOut();
    this.sessions = [];
    this.#listed = false;
  }

  /** Starts a session and gives its id. */
  async start(body: StartSession): Promise<string> {
    const made = await this.call(agents.start(body));
    this.invites.put(made.id, inviteOf(made, Date.now()));
    void this.refresh();
    return made.id;
  }

  /** Takes up a visitor's request for help and gives the session's id. */
  async takeHelp(body: TakeHelp): Promise<string> {
    const { id } = await this.call(agents.takeHelp(body));
    this.#taken.add(id);
    void this.refresh();
    return id;
  }

  /** It began with a visitor's code: it has no PIN. */
  isTaken(id: string): boolean {
    return this.#taken.has(id);
  }

  colleagues(): Promise<Colleague[]> {
    return this.call(agents.colleagues());
  }

  /** Reads the list of sessions anew, now and then every few seconds. */
  async refresh(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      if (this.me && !document.hidden) this.#list(await this.call(agents.sessions()));
    } catch {
      // The list stays as it was: `reachable` and `me` say what is wrong.
    }
    clearTimeout(this.#timer);
    if (this.me) this.#timer = setTimeout(() => void this.refresh(), POLL_EVERY);
  }

  /** A session's watch, begun when it is not there yet. It goes on when another session is opened. */
  watch(id: string): Watch {
    const known = this.watches.get(id);
    if (known) return known;
    const watch = new Watch(id, this);
    this.watches.set(id, watch);
    return watch;
  }

  /** A session is not on show any more: one that only looked in, or that is over, is let go. */
  left(watch: Watch): void {
    watch.chat.open = false;
    if (watch.over || watch.role === 'supervisor') this.#forget(watch);
  }

  /** Somebody wrote in a session: it is said when the reader does not see it by themselves. */
  wrote(watch: Watch, { by, name, text }: ChatMessage): void {
    if (by === watch.you || watch.chat.open) return;
    const start = text.length > 80 ? `${text.slice(0, 79)}…` : text;
    const open = (): void => {
      watch.panel = 'chat';
      location.hash = sessionHref(watch.id);
    };
    this.toasts.show(`${name}: ${start}`, 'plain', { label: 'Open chat', run: open });
  }

  #list(all: SessionInfo[]): void {
    const before = new Set(this.sessions.map(({ id }) => id));
    this.sessions = listed(all);
    for (const { id, role, agent } of this.sessions) {
      if (role === 'supervisor') continue;
      if (this.#listed && role === 'colleague' && !before.has(id)) {
        this.toasts.show(`${agent} invited you to a session.`, 'ok', { label: 'Open it', run: () => (location.hash = sessionHref(id)) });
      }
      const watch = this.watches.get(id);
      if (watch?.gone === 'out' || watch?.gone === 'unknown') watch.again();
      else if (this.watches.size < MOST_WATCHED) this.watch(id);
    }
    this.#listed = true;
    const running = new Set(this.sessions.map(({ id }) => id));
    for (const watch of [...this.watches.values()]) if (watch.over && !running.has(watch.id) && watch.id !== this.current) this.#forget(watch);
  }

  #forget(watch: Watch): void {
    watch.stop();
    this.watches.delete(watch.id);
  }

  #signedIn(me: Me): void {
    this.me = me;
    this.loading = false;
    void this.refresh();
  }
}
