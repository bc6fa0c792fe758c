// Requests of this view: numbered, each told what became of it.
import type { Denial, Outcome } from '../shared/protocol/act';
import type { FromViewer } from '../shared/protocol/agent';

/** Why a request failed: the reasons of the other side, or the connection went before its answer came. */
export type Failure = Denial | 'lost';

/** What became of a request, in the end; asking may come first, once or more. */
export interface Ears {
  asking?(): void;
  done?(): void;
  failed?(why: Failure): void;
}

export class Requests {
  private last = 0;
  private readonly open = new Map<number, Ears>();

  constructor(private readonly send: (message: FromViewer) => boolean) {}

  /** Asks; `make` puts the request's number into the message. */
  ask(make: (n: number) => FromViewer, ears: Ears): void {
    const n = (this.last += 1);
    this.open.set(n, ears);
    if (!this.send(make(n))) this.end(n, 'lost');
  }

  heard(n: number, outcome: Outcome): void {
    if (outcome.o === 'asking') this.open.get(n)?.asking?.();
    else this.end(n, outcome.o === 'denied' ? outcome.reason : null);
  }

  /** The connection went: nobody knows what became of what was asked. */
  lost(): void {
    for (const n of [...this.open.keys()]) this.end(n, 'lost');
  }

  private end(n: number, why: Failure | null): void {
    const ears = this.open.get(n);
    this.open.delete(n);
    if (why === null) ears?.done?.();
    else ears?.failed?.(why);
  }
}
