// What the whole administration knows: who is signed in, and what is said about what happened.
import { agents, Problem, problemOf, UNREACHABLE } from '../shared/api';
import type { Me, SignIn } from '../shared/protocol/api';
import { Toasts } from '../shared/ui/toasts.svelte';

const AGAIN_AFTER = 2_000;

export class Office {
  me = $state<Me | null>(null);
  /** The first answer about who is signed in is still due. */
  loading = $state(true);
  /** The server answered the last call that was made. */
  reachable = $state(true);
  readonly toasts = new Toasts();

  /** Finds out who is signed in; tries on until the server answers. */
  async load(): Promise<void> {
    try {
      this.me = await this.call(agents.me());
    } catch (error) {
      if (problemOf(error).status === UNREACHABLE) return void setTimeout(() => void this.load(), AGAIN_AFTER);
    }
    this.loading = false;
  }

  async signIn(body: SignIn): Promise<void> {
    this.me = await this.call(agents.signIn(body));
  }

  async signOut(): Promise<void> {
    await this.call(agents.signOut());
    this.me = null;
  }

  /** The sign-in of this browser was ended. */
  signedOut(): void {
    this.me = null;
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
        this.me = null;
        throw new Problem(401, problem.code, 'You have been signed out. Sign in again.');
      }
      throw problem;
    }
  }

  /** Does something and says how it went; true: it went well. */
  async attempt(work: () => Promise<unknown>, done: string): Promise<boolean> {
    try {
      await this.call(work());
      if (done) this.toasts.show(done, 'ok');
      return true;
    } catch (error) {
      this.toasts.show(problemOf(error).message, 'warn');
      return false;
    }
  }
}
