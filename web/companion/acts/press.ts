// A press with the mouse, in the order of events in which a browser makes them.
import * as dom from '../../shared/dom';
import { type ActPage, isTextField, settled, upward, within } from './env';
import type { Fire, Place } from './fire';
import type { Focus } from './focus';
import { hitAt, type Spot } from './place';
import { setCaret } from './caret';

/** Milliseconds in which a press goes on with the row of the one before. */
const ROW = 1_500;

/** The mouse of the agents. */
export class Mouse {
  private last: { target: Element; count: number; since: number } | null = null;
  /** Elements that the mouse is over, innermost first. */
  private over: Element[] = [];

  constructor(
    private readonly page: ActPage,
    private readonly fire: Fire,
    private readonly focus: Focus,
  ) {}

  /** Moves to a spot and presses, `count` times in a row; where the press before was one less of the same row, once. */
  async press(spot: Spot, count: number): Promise<void> {
    const { last } = this;
    const first = last?.target === spot.target && last.count === count - 1 && performance.now() - last.since < ROW ? count : 1;
    this.last = { target: spot.target, count, since: performance.now() };
    await this.move(spot.target, spot);
    for (let n = first; n <= count; n += 1) {
      const target = n === first ? spot.target : this.under(spot, spot.target);
      if (!target) return;
      await this.once(target, spot, n);
    }
  }

  /** Moves to an element: what is left hears of it, what is entered, too. */
  async move(target: Element, place: Place): Promise<void> {
    const { fire } = this;
    const left = this.over.filter((element) => dom.isConnected(element));
    const path = [...upward(target)];
    const was = left[0] && dom.ownerDocument(left[0]) === dom.ownerDocument(target) ? left[0] : null;
    const gone = left.filter((element) => !path.includes(element));
    const come = path.filter((element) => !left.includes(element)).reverse();
    this.over = path;
    const from = left[0];
    if (from !== target) {
      if (from) fire.pointer('pointerout', from, place, { relatedTarget: target });
      for (const element of gone) fire.pointer('pointerleave', element, place, { relatedTarget: target });
      fire.pointer('pointerover', target, place, { relatedTarget: was });
      for (const element of come) fire.pointer('pointerenter', element, place, { relatedTarget: was });
      if (from) fire.mouse('mouseout', from, place, { relatedTarget: target });
      for (const element of gone) fire.mouse('mouseleave', element, place, { relatedTarget: target });
      fire.mouse('mouseover', target, place, { relatedTarget: was });
      for (const element of come) fire.mouse('mouseenter', element, place, { relatedTarget: was });
    }
    fire.pointer('pointermove', target, place);
    fire.mouse('mousemove', target, place);
    await settled();
  }

  private async once(target: Element, place: Place, n: number): Promise<void> {
    const { fire } = this;
    const compatible = fire.pointer('pointerdown', target, place, { button: 0, buttons: 1, pressure: 0.5 });
    await settled();
    if (compatible) {
      if (fire.mouse('mousedown', target, place, { button: 0, buttons: 1, detail: n })) {
        this.focus.press(target);
        this.setCaret(target, place, n);
      }
      await settled();
    }
    // What a page does on the way may take the element away, or put another one under the mouse.
    const up = this.under(place, target);
    if (!up) return;
    fire.pointer('pointerup', up, place, { button: 0, buttons: 0 });
    if (compatible) fire.mouse('mouseup', up, place, { button: 0, buttons: 0, detail: n });
    await settled();
    const clicked = dom.isConnected(target) ? common(target, up) : null;
    if (!clicked || !dom.isConnected(clicked)) return;
    fire.pointer('click', clicked, place, { button: 0, buttons: 0, detail: n });
    await settled();
    if (n === 2 && dom.isConnected(clicked)) fire.mouse('dblclick', clicked, place, { button: 0, detail: n });
    await settled();
  }

  /** The element that is under the mouse now. */
  private under({ x, y }: Place, target: Element): Element | null {
    const document = dom.ownerDocument(target);
    const hit = document && hitAt(this.page, document, x, y);
    if (hit) return hit;
    return dom.isConnected(target) ? target : null;
  }

  /** Where a press puts the caret: at the point; twice, around the word; three times, around all. */
  private setCaret(target: Element, { x, y }: Place, n: number): void {
    const document = dom.ownerDocument(target);
    const field = [...upward(target)].find(isTextField);
    if (!document || this.focus.quiet) return;
    setCaret(this.page, document, field ?? target, this.page.hands(target).caretAt(document, x, y), n);
  }
}

/** The innermost element around both. */
function common(a: Element, b: Element): Element | null {
  for (const element of upward(a)) if (within(b, element)) return element;
  return null;
}
