// What the whole administration knows: who is signed in, and what is said about what happened.
import { agents, problemOf, UNREACHABLE } from '../shared/api';
import type { SignIn } from '../shared/protocol/api';
import { Account } from '../shared/ui/account.svelte';

const AGAIN_AFTER = 2_000;

export class Office extends Account {
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
    this.signedOut();
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
