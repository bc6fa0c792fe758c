// What the whole console knows: who is signed in, and the agent's sessions.
import { agents, Problem, problemOf, UNREACHABLE } from '../shared/api';
import type { Me, SessionInfo, SignIn, StartSession } from '../shared/protocol/api';
import { inviteOf, InviteShelf } from './invite';

const POLL_EVERY = 5_000;
const AGAIN_AFTER = 2_000;

export class Desk {
  me = $state<Me | null>(null);
  /** The first answer about who is signed in is still due. */
  loading = $state(true);
  /** The server answered the last call that was made. */
  reachable = $state(true);
  /** Sessions that go on, newest first. */
  sessions = $state<SessionInfo[]>([]);
  readonly invites = new InviteShelf(sessionStorage);
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
    this.#signedOut();
  }

  /** Starts a session and gives its id. */
  async start(body: StartSession): Promise<string> {
    const made = await this.call(agents.start(body));
    this.invites.put(made.id, inviteOf(made, Date.now()));
    void this.refresh();
    return made.id;
  }

  /** Waits for a call, and draws the general conclusions from how it went. */
  async call<T>(reply: Promise<T>): Promise<T> {
    try {
      const value = await reply;
      this.reachable = true;
      return value;
    } catch (error) {
      const problem = problemOf(error);
      this.reachable = problem.status !== UNREACHABLE;
      if (problem.status === 401 && this.me) {
        this.#signedOut();
        throw new Problem(401, problem.code, 'You have been signed out. Sign in again.');
      }
      throw problem;
    }
  }

  /** Reads the list of sessions anew, now and then every few seconds. */
  async refresh(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      if (this.me && !document.hidden) {
        const all = await this.call(agents.sessions());
        this.sessions = all.filter((session) => session.state.state !== 'ended').sort((a, b) => a.age - b.age);
      }
    } catch {
      // The list stays as it was: `reachable` and `me` say what is wrong.
    }
    clearTimeout(this.#timer);
    if (this.me) this.#timer = setTimeout(() => void this.refresh(), POLL_EVERY);
  }

  #signedIn(me: Me): void {
    this.me = me;
    this.loading = false;
    void this.refresh();
  }

  #signedOut(): void {
    clearTimeout(this.#timer);
    this.me = null;
    this.sessions = [];
  }
}
