// Things that come faster than anybody draws: at most sixty a second go on, the newest of them without delay.

/** Milliseconds between two. */
const LEAST = 1_000 / 60 - 1;

/** When something is due. */
export interface Clock {
  now(): number;
  /** Calls back with the next frame. */
  frame(run: () => void): void;
}

const BROWSER: Clock = { now: () => performance.now(), frame: (run) => void requestAnimationFrame(run) };

export class Pace {
  private last = -Infinity;
  private waiting: (() => void) | null = null;

  constructor(private readonly clock: Clock = BROWSER) {}

  /** Does it now, or with a frame to come; what waited before is not done. */
  put(run: () => void): void {
    const due = this.waiting !== null;
    this.waiting = run;
    if (this.clock.now() - this.last >= LEAST) this.flush();
    else if (!due) this.clock.frame(() => this.tick());
  }

  /** Does what waits. */
  flush(): void {
    const run = this.waiting;
    this.waiting = null;
    if (!run) return;
    this.last = this.clock.now();
    run();
  }

  private tick(): void {
    if (!this.waiting) return;
    if (this.clock.now() - this.last >= LEAST) this.flush();
    else this.clock.frame(() => this.tick());
  }
}
