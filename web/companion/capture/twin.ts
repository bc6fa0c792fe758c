// What the other side knows: one twin for each node that was announced, linked as the other side has them. The capture compares
// the DOM with the twins, and never forgets to change them with what it sends: that makes the two sides converge.
import type { NodeId, NodeState } from '../../shared/protocol/page';
import type { Verdict } from '../privacy/verdicts';

/** An announced node. */
export class Twin {
  parent: Twin | null = null;
  first: Twin | null = null;
  last: Twin | null = null;
  previous: Twin | null = null;
  next: Twin | null = null;
  /** Of a frame element: its document. */
  content: Twin | null = null;
  /** Of a host: its shadow root. */
  shadow: Twin | null = null;
  /** By which it was announced. */
  verdict: Verdict = 0;
  /** State as it was last sent. */
  sent: NodeState | null = null;
  /** Of a `style` or `link` element whose rules scripts changed: the rules as they were last sent. */
  rules: string[] | null = null;
  /** Of a document: it was announced as one in quirks mode. */
  quirks = false;
  /** Place among its siblings; used within one comparison. */
  place = -1;

  constructor(
    readonly id: NodeId,
    readonly node: Node,
  ) {}

  /** Puts it into its place; `before` is a child of `parent`. */
  insert(parent: Twin, before: Twin | null): void {
    this.detach();
    this.parent = parent;
    this.next = before;
    this.previous = before ? before.previous : parent.last;
    if (this.previous) this.previous.next = this;
    else parent.first = this;
    if (before) before.previous = this;
    else parent.last = this;
  }

  /** Takes it from its parent, as child, shadow root or frame document. */
  detach(): void {
    const { parent } = this;
    if (!parent) return;
    if (parent.content === this) parent.content = null;
    else if (parent.shadow === this) parent.shadow = null;
    else {
      if (this.previous) this.previous.next = this.next;
      else parent.first = this.next;
      if (this.next) this.next.previous = this.previous;
      else parent.last = this.previous;
    }
    this.parent = this.previous = this.next = null;
  }

  /** It and all below it, shadow trees and frames included. */
  *all(): Generator<Twin> {
    const stack: Twin[] = [this];
    for (let twin = stack.pop(); twin; twin = stack.pop()) {
      yield twin;
      if (twin.shadow) stack.push(twin.shadow);
      if (twin.content) stack.push(twin.content);
      for (let child = twin.first; child; child = child.next) stack.push(child);
    }
  }
}

/** Which of `places` (distinct, in DOM order) can stay where they are so that the fewest others move: a longest increasing run. */
export function staying(places: number[]): Set<number> {
  const tails: number[] = [];
  const back = new Array<number>(places.length);
  places.forEach((place, i) => {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((places[tails[middle] as number] as number) < place) low = middle + 1;
      else high = middle;
    }
    back[i] = low > 0 ? (tails[low - 1] as number) : -1;
    tails[low] = i;
  });
  const stay = new Set<number>();
  for (let i = tails.at(-1) ?? -1; i >= 0; i = back[i] as number) stay.add(places[i] as number);
  return stay;
}
