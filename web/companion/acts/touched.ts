// What the visitor did last to which element, as batches count: an act whose agent had not seen it yet is a conflict. Pure.

/** Remembers. An element that was touched a moment ago has no batch yet: the next one that leaves tells of it, or the last one, if nothing is to tell. */
export class Touched<T extends object> {
  private batches = new WeakMap<T, number>();
  private fresh = new Set<T>();

  /** The visitor did something to an element. */
  touch(element: T): void {
    this.fresh.add(element);
  }

  /** All that happened until now is in batches up to this one. */
  told(batch: number): void {
    for (const element of this.fresh) this.batches.set(element, batch);
    this.fresh.clear();
  }

  /** A snapshot left: whoever has it knows everything. */
  begin(): void {
    this.batches = new WeakMap();
    this.fresh.clear();
  }

  /** The visitor did something to the element that whoever saw the batches up to `after` does not know. Call `told` before. */
  isNews(element: T, after: number): boolean {
    return this.fresh.has(element) || (this.batches.get(element) ?? -1) > after;
  }
}
