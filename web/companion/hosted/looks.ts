// What is drawn of elements beside their boxes and texts: shadows of texts, what style sheets write before and after them, the numbers of lists. Looked up
// when something changed that styles may depend on, not with each sample.
import * as dom from '../../shared/dom';
import { around, styleOf } from './layout';

export interface Look {
  /** Pixels around its texts in which they are drawn, too. */
  outset: number;
  /** Style sheets write something into it: its box has it. */
  writes: boolean;
  /** It has a number or a bullet, as far out as the box around it. */
  listed: boolean;
}

/** Looked up at most in one sample. Others are as they were looked up last; those that never were, count as if they had anything. */
const MOST = 100;
const UNKNOWN: Look = { outset: 32, writes: true, listed: false };

export class Looks {
  private readonly known = new WeakMap<Element, { epoch: number; look: Look }>();
  private epoch = 0;
  private left = MOST;

  /** Styles may be others now; those of an element are. */
  changed(element: Element | null): void {
    if (element) this.known.delete(element);
    else this.epoch += 1;
  }

  /** A sample begins. */
  begin(): void {
    this.left = MOST;
  }

  /** Some were not looked up: the next sample goes on with them. */
  get behind(): boolean {
    return this.left <= 0;
  }

  /** It was looked up once. */
  has(element: Element): boolean {
    return this.known.has(element);
  }

  of(element: Element): Look {
    const known = this.known.get(element);
    if (known?.epoch === this.epoch) return known.look;
    if (this.left <= 0) return known?.look ?? UNKNOWN;
    this.left -= 1;
    const look = read(element);
    this.known.set(element, { epoch: this.epoch, look });
    return look;
  }
}

function read(element: Element): Look {
  const { textShadow, filter, display } = styleOf(element);
  const outset = Math.max(reach(textShadow), /drop-shadow/.test(filter) ? reach(filter) : 0);
  return { outset, writes: ['::before', '::after'].some((part) => writes(styleOf(element, part).content)), listed: display === 'list-item' && around(element) !== null };
}

/** `content` has something to read. */
export function writes(content: string): boolean {
  return content !== '' && content !== 'none' && content !== 'normal' && !/^(""|'')$/.test(content);
}

/** How far shadows reach: the largest sum of a shadow's lengths. */
export function reach(shadows: string): number {
  const lengths = [...shadows.matchAll(/(-?[\d.]+)px/g)].map(([, text]) => Math.abs(Number(text)));
  // Two offsets and what is blurred, of each shadow.
  let most = 0;
  for (let i = 0; i < lengths.length; i += 3) most = Math.max(most, Math.max(lengths[i] ?? 0, lengths[i + 1] ?? 0) + 2 * (lengths[i + 2] ?? 0));
  return most;
}

/** The element whose look says how a text is drawn. */
export function lookedAt(text: Node): Element | null {
  const parent = dom.parentNode(text);
  return parent && dom.nodeType(parent) === dom.ELEMENT ? (parent as Element) : null;
}
