// Questions about acts, carried to the visitor's screen.
import type { AskAct } from '../../shared/protocol/hosted';
import * as dom from '../../shared/dom';
import type { Asking } from '../acts/questions';
import type { AboutAct } from '../acts/top';
import type { Native } from '../handover';
import { Layout } from './layout';

/** Milliseconds that a question waits for its answer. */
const WAITS = 30_000;

export class Asks {
  private readonly open = new Map<number, (answer: boolean | null) => void>();
  private last = 0;

  constructor(
    private readonly native: Native,
    private readonly send: (message: { t: 'ask'; ask: AskAct } | { t: 'askGone'; id: number }) => void,
  ) {}

  /** Asks; no answer in time, or a withdrawal, gives null. */
  ask({ by, act, text, element }: AboutAct): Asking {
    this.last += 1;
    const id = this.last;
    let done: (answer: boolean | null) => void = () => undefined;
    const answer = new Promise<boolean | null>((resolve) => (done = resolve));
    const end = (result: boolean | null): void => {
      if (!this.open.delete(id)) return;
      this.native.clearTimeout(timer);
      if (result === null) this.send({ t: 'askGone', id });
      done(result);
    };
    const timer = this.native.setTimeout(() => end(null), WAITS);
    this.open.set(id, end);
    const place = element && new Layout().box(element, dom.boxOf(element));
    this.send({ t: 'ask', ask: { id, by, act, text, place } });
    return { answer, withdraw: () => end(null) };
  }

  /** The visitor's answer. */
  answered(id: number, allow: boolean): void {
    this.open.get(id)?.(allow);
  }
}
