// What a page for people who sign in knows of them, and what follows from how its calls went.
import { Problem, problemOf, UNREACHABLE } from '../api';
import type { Me } from '../protocol/api';
import { Toasts } from './toasts.svelte';

export class Account {
  me = $state<Me | null>(null);
  /** The first answer about who is signed in is still due. */
  loading = $state(true);
  /** The server answered the last call that was made. */
  reachable = $state(true);
  readonly toasts = new Toasts();

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
        this.signedOut();
        throw new Problem(401, problem.code, 'You have been signed out. Sign in again.');
      }
      throw problem;
    }
  }
}
