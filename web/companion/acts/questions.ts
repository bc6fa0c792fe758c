// Questions to the visitor about single acts: one at a time, in order.
import type { Answer } from './acts';

/** A question before the visitor. */
export interface Asking {
  answer: Promise<boolean | null>;
  withdraw(): void;
}

/** Asks. */
export class Questions {
  private last: Promise<unknown> = Promise.resolve();
  private now: Asking | null = null;
  /** Counts withdrawals: a question that waited through one is not asked any more. */
  private turn = 0;

  /** Puts a question after those that wait; `show` puts it before the visitor. */
  ask(show: () => Asking): Promise<Answer> {
    const { turn } = this;
    const answer = this.last.then(() => this.put(show, turn));
    this.last = answer;
    return answer;
  }

  /** Nobody needs answers any more. */
  withdraw(): void {
    this.turn += 1;
    this.now?.withdraw();
  }

  private async put(show: () => Asking, turn: number): Promise<Answer> {
    if (turn !== this.turn) return 'withdrawn';
    this.now = show();
    const answer = await this.now.answer;
    this.now = null;
    if (turn !== this.turn) return 'withdrawn';
    return answer === null ? 'none' : answer ? 'yes' : 'no';
  }
}
