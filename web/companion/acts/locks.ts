// Who types where. An element in which somebody types is theirs until they leave it, or for 5 seconds of silence. Pure, but for the clock that
// it is given.
import type { PersonId } from '../../shared/protocol/people';

/** Number of the visitor. */
export const VISITOR: PersonId = 0;
/** Milliseconds of silence after which a lock ends. */
export const SILENCE = 5_000;

/** Time, as browsers have it. */
export interface Clock {
  now(): number;
  /** Runs once after so many milliseconds; gives what stops it. */
  after(milliseconds: number, run: () => void): () => void;
}

interface Held {
  by: PersonId;
  until: number;
}

/** The locks of one document and its frames of the same origin. */
export class Locks<T extends object> {
  private readonly held = new Map<T, Held>();
  private stop: (() => void) | null = null;

  constructor(
    private readonly clock: Clock,
    /** The list changed. */
    private readonly changed: () => void,
    /** A lock ended. */
    private readonly ended: (element: T, by: PersonId) => void,
  ) {}

  /** Who holds an element; null: nobody. */
  by(element: T): PersonId | null {
    const held = this.held.get(element);
    return held && held.until > this.clock.now() ? held.by : null;
  }

  /** What is held, in the order in which it was. */
  list(): { element: T; by: PersonId }[] {
    return [...this.held].map(([element, { by }]) => ({ element, by }));
  }

  /** An element that somebody holds other than `element`; null: there is none. */
  elsewhere(by: PersonId, element: T | null): T | null {
    for (const [other, held] of this.held) if (held.by === by && other !== element) return other;
    return null;
  }

  /** Somebody typed: the element is theirs for 5 seconds from now. Whoever held it loses it. A person holds one element at a time. */
  hold(element: T, by: PersonId): void {
    const before = this.held.get(element);
    this.held.set(element, { by, until: this.clock.now() + SILENCE });
    let change = before?.by !== by;
    if (before && change) this.ended(element, before.by);
    for (const [other, held] of this.held) {
      if (held.by !== by || other === element) continue;
      this.drop(other, held);
      change = true;
    }
    if (change) this.changed();
    this.wait();
  }

  /** The element is nobody's, or no longer `by`'s. */
  release(element: T, by?: PersonId): void {
    const held = this.held.get(element);
    if (!held || (by !== undefined && held.by !== by)) return;
    this.drop(element, held);
    this.changed();
  }

  /** Ends what a person holds, but for one element. */
  leave(by: PersonId, but: T | null = null): void {
    this.end((element, held) => held.by === by && element !== but);
  }

  /** Ends what anybody but the visitor holds. */
  leaveAll(): void {
    this.end((_, held) => held.by !== VISITOR);
  }

  /** Ends what is on elements that are gone. */
  forget(isGone: (element: T) => boolean): void {
    this.end((element) => isGone(element));
  }

  private end(which: (element: T, held: Held) => boolean): void {
    const ending = [...this.held].filter(([element, held]) => which(element, held));
    for (const [element, held] of ending) this.drop(element, held);
    if (ending.length) this.changed();
  }

  private drop(element: T, held: Held): void {
    this.held.delete(element);
    this.ended(element, held.by);
  }

  /** Looks again when the first of them is over. */
  private wait(): void {
    this.stop?.();
    this.stop = null;
    const first = Math.min(...[...this.held.values()].map(({ until }) => until));
    if (!Number.isFinite(first)) return;
    this.stop = this.clock.after(Math.max(0, first - this.clock.now()), () => {
      const now = this.clock.now();
      this.end((_, { until }) => until <= now);
      this.wait();
    });
  }
}
