// The text that the visitor has selected, as agents are told of it: from text node to text node, never within fields.
import type { Range as WireRange, PageEvent } from '../../shared/protocol/page';
import { selectedText } from '../selection';
import * as dom from '../../shared/dom';
import type { Env, Tree } from './tree';

/** Least milliseconds between two looks. */
const EVERY = 100;

export class Selected {
  private at: Document = document;
  private sent = 'null';
  private last = -Infinity;
  private waiting = false;
  private due = false;

  constructor(
    private readonly env: Env,
    private readonly tree: Tree,
    private readonly emit: (event: PageEvent) => void,
    private readonly wake: () => void,
  ) {}

  /** The selection of a document changed. */
  changed(document: Document): void {
    this.at = document;
    if (this.waiting) return;
    this.waiting = true;
    this.env.native.setTimeout(() => {
      this.waiting = false;
      this.due = true;
      this.wake();
    }, Math.max(0, this.last + EVERY - performance.now()));
  }

  /** The page is told anew, without a selection. */
  begin(): void {
    this.sent = 'null';
    this.changed(this.at);
  }

  /** Announces the selection if it changed. */
  flush(): void {
    if (!this.due) return;
    this.due = false;
    this.last = performance.now();
    const range = this.range();
    const told = JSON.stringify(range);
    if (told === this.sent) return;
    this.sent = told;
    this.emit({ t: 'selection', range });
  }

  private range(): WireRange | null {
    const window = dom.defaultView(this.at);
    const selected = window && selectedText(window);
    const start = selected && this.tree.of(selected.start);
    const end = selected && this.tree.of(selected.end);
    if (!selected || !start || !end) return null;
    return { start: start.id, startOffset: selected.startOffset, end: end.id, endOffset: selected.endOffset };
  }
}
