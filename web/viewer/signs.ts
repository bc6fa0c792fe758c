// What is said on the elements themselves: what is on its way to the visitor, what was done or denied, who types where.
import { colourOf } from '../shared/people';
import type { Lock } from '../shared/protocol/act';
import type { NodeId } from '../shared/protocol/page';
import type { PersonId } from '../shared/protocol/people';
import { div, lay, svg } from './dom';
import { type Point, pointAt } from './geometry';
import type { Stage } from './stage';

export type Sort = 'pending' | 'asking' | 'done' | 'denied' | 'private';

/** How long a sign stays, in milliseconds; those that are not here stay until another comes. */
const STAYS: Partial<Record<Sort, number>> = { done: 900, denied: 3_000, private: 3_000 };
/** An element taller than this (in the visitor's pixels) is not outlined: its sign stands at the place that was pressed. */
const TALL = 240;

interface Sign {
  mark: HTMLElement;
  node: NodeId;
  at: Point | null;
}

export class Signs {
  private readonly layer: HTMLElement;
  private readonly signs = new Map<NodeId, Sign & { timer: number }>();
  private locks: Sign[] = [];

  constructor(
    private readonly stage: Stage,
    private readonly element: (id: NodeId) => Element | null,
    private readonly say: (text: string) => void,
  ) {
    this.layer = stage.layer('signs');
    stage.onDraw(() => this.draw());
  }

  /** Says something on an element, in place of what was said there; `at`: where it was pressed. */
  put(node: NodeId, sort: Sort, text = '', at: Point | null = null): void {
    const before = this.signs.get(node);
    this.take(node);
    const mark = div(`sign ${sort}`);
    const chip = div('chip');
    if (sort === 'private') chip.append(lockPicture());
    if (sort === 'done') chip.append(tick());
    chip.append(text);
    mark.append(chip);
    const stays = STAYS[sort];
    const timer = stays === undefined ? 0 : window.setTimeout(() => this.take(node), stays);
    this.signs.set(node, { mark, node, at: at ?? before?.at ?? null, timer });
    this.layer.append(mark);
    if (text && sort !== 'pending') this.say(text);
    this.stage.draw();
  }

  /** Nothing is said on it any more. */
  take(node: NodeId): void {
    const sign = this.signs.get(node);
    if (!sign) return;
    clearTimeout(sign.timer);
    sign.mark.remove();
    this.signs.delete(node);
  }

  /** Who types where: all of it. */
  lock(locks: Lock[], nameOf: (id: PersonId) => string): void {
    for (const { mark } of this.locks) mark.remove();
    this.locks = locks.map(({ node, by }) => {
      const mark = div('sign lock');
      mark.style.setProperty('--colour', colourOf(by));
      mark.append(div('chip', `${nameOf(by)} is typing`));
      this.layer.append(mark);
      return { mark, node, at: null };
    });
    this.stage.draw();
  }

  /** Another page: what was said about acts is over. Who types is told anew where it changes. */
  forget(): void {
    for (const node of [...this.signs.keys()]) this.take(node);
  }

  clear(): void {
    this.forget();
    this.lock([], String);
  }

  private draw(): void {
    for (const sign of [...this.signs.values(), ...this.locks]) {
      const box = this.stage.seen(this.element(sign.node));
      sign.mark.hidden = !box;
      if (!box) continue;
      const spot = sign.at && box.height > TALL ? pointAt(sign.at, box) : null;
      sign.mark.classList.toggle('spot', spot !== null);
      lay(sign.mark, spot ? { x: spot[0], y: spot[1], width: 0, height: 0 } : box);
      // The words stand below, or above where there is no room.
      const below = this.stage.window.height - (spot ? spot[1] : box.y + box.height);
      sign.mark.classList.toggle('above', below < 34 / this.stage.scale);
      const chip = sign.mark.firstElementChild as HTMLElement;
      sign.mark.classList.toggle('left', (spot ? spot[0] : box.x) + chip.offsetWidth > this.stage.window.width);
    }
  }
}

function lockPicture(): SVGSVGElement {
  const picture = svg('svg', { viewBox: '0 0 16 16', class: 'picture', 'aria-hidden': 'true' });
  picture.append(svg('rect', { x: 3, y: 7, width: 10, height: 7, rx: 1.5, fill: 'currentColor' }));
  picture.append(svg('path', { d: 'M5 7V5a3 3 0 0 1 6 0v2', fill: 'none', stroke: 'currentColor', 'stroke-width': 1.6 }));
  return picture;
}

function tick(): SVGSVGElement {
  const picture = svg('svg', { viewBox: '0 0 16 16', class: 'picture', 'aria-hidden': 'true' });
  picture.append(svg('path', { d: 'M3 8.5l3.5 3.5L13 4.5', fill: 'none', stroke: 'currentColor', 'stroke-width': 2.2 }));
  return picture;
}
