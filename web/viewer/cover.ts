// The cover over the page takes mouse, touch, pen and wheel, and turns them into presses, drags and scrolls.
import { distance, type Point } from './geometry';
import type { HandOf } from './hand';
import type { Look } from './look';
import type { Pointing } from './pointing';
import { isDrawing, type Tools, toolOf } from './tools';
import type { View } from './view';
import { clamped } from './zoom';

/** A pointer that moves less, in pixels, presses; one that moves more drags. */
const SLOP = 6;
/** Milliseconds in which presses at one place belong together. */
const ROW = 400;
/** Percent by which a turn of the wheel enlarges, per pixel. */
const WHEEL = 0.002;
/** Pixels of a line, where the wheel counts in lines. */
const LINE = 16;

interface Held {
  start: Point;
  last: Point;
  /** Where it began and where it is, in pixels of the agent's window. */
  from: Point;
  now: Point;
  way: 'press' | 'draw' | 'scroll';
}

export class Cover {
  private readonly held = new Map<number, Held>();
  private row = { count: 0, at: [0, 0] as Point, since: -Infinity };
  private pinch: { apart: number; percent: number } | null = null;

  constructor(
    private readonly view: View,
    private readonly hand: HandOf,
    private readonly tools: Tools,
    private readonly pointing: Pointing,
    private readonly look: Look,
  ) {
    const { cover } = view.stage;
    cover.addEventListener('pointerdown', (event) => this.down(event));
    cover.addEventListener('pointermove', (event) => this.move(event));
    cover.addEventListener('pointerup', (event) => this.up(event));
    cover.addEventListener('pointercancel', (event) => this.cancel(event));
    cover.addEventListener('pointerleave', () => this.held.size || this.pointing.leave());
    cover.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    cover.addEventListener('contextmenu', (event) => event.preventDefault());
  }

  private down(event: PointerEvent): void {
    if (event.button > 1) return;
    const { view } = this;
    const point = view.stage.point(event);
    event.preventDefault();
    view.stage.cover.focus({ preventScroll: true });
    view.stage.cover.setPointerCapture(event.pointerId);
    const { hand } = this.hand;
    const draws = event.button === 0 && isDrawing(hand) && view.standing.may(toolOf(hand));
    const scrolls = event.button === 1 || (event.pointerType === 'touch' && !draws);
    this.held.set(event.pointerId, { start: point, last: point, from: [event.clientX, event.clientY], now: [event.clientX, event.clientY], way: draws ? 'draw' : scrolls ? 'scroll' : 'press' });
    if (this.held.size === 2) this.beginPinch();
    else if (draws && isDrawing(hand)) this.tools.begin(hand, point);
  }

  private move(event: PointerEvent): void {
    const point = this.view.stage.point(event);
    if (event.pointerType !== 'touch' || this.hand.hand === 'laser') this.pointing.move(point);
    const held = this.held.get(event.pointerId);
    if (!held) return;
    const before = held.last;
    held.last = point;
    held.now = [event.clientX, event.clientY];
    if (this.pinch) this.spread();
    else if (held.way === 'draw') this.tools.drag(point);
    else if (held.way === 'scroll' && this.far(held, event) && this.hand.hand !== 'laser') {
      const by: Point = [before[0] - point[0], before[1] - point[1]];
      this.look.wheel(held.start, by);
    }
  }

  private up(event: PointerEvent): void {
    const held = this.held.get(event.pointerId);
    this.held.delete(event.pointerId);
    if (!held) return;
    if (this.pinch) {
      if (!this.held.size) this.pinch = null;
      return;
    }
    if (held.way === 'draw') this.tools.finish(this.view.stage.point(event));
    else if (event.button === 0 && !this.far(held, event)) this.press(held.start, event);
  }

  private cancel(event: PointerEvent): void {
    this.held.delete(event.pointerId);
    this.tools.cancel();
    if (!this.held.size) this.pinch = null;
  }

  private press(point: Point, event: PointerEvent): void {
    if (event.ctrlKey || event.metaKey) {
      this.hand.wiggle(point);
      return;
    }
    const now = performance.now();
    const on = now - this.row.since < ROW && distance(point, this.row.at) * this.view.stage.scale < SLOP;
    this.row = { count: on ? (this.row.count % 3) + 1 : 1, at: point, since: now };
    this.hand.press(point, this.row.count);
  }

  private far({ from }: Held, { clientX, clientY }: PointerEvent): boolean {
    return distance(from, [clientX, clientY]) > SLOP;
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const { stage } = this.view;
    if (event.ctrlKey || event.metaKey) {
      const { x, y } = stage.over.getBoundingClientRect();
      const percent = stage.percent * Math.exp(-event.deltaY * WHEEL);
      stage.enlarge({ percent: Math.round(clamped(percent)) }, [event.clientX - x, event.clientY - y]);
      return;
    }
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? stage.window.height : event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : 1;
    const turned: Point = event.shiftKey && !event.deltaX ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
    this.look.wheel(stage.point(event), [turned[0] * unit, turned[1] * unit]);
  }

  /** Two fingers: they enlarge. */
  private beginPinch(): void {
    this.tools.cancel();
    this.pinch = { apart: this.apart(), percent: this.view.stage.percent };
  }

  private spread(): void {
    if (!this.pinch || this.held.size !== 2) return;
    const percent = Math.round(clamped((this.pinch.percent * this.apart()) / this.pinch.apart));
    if (Math.abs(percent - this.view.stage.percent) >= 1) this.view.stage.enlarge({ percent });
  }

  private apart(): number {
    const [a, b] = [...this.held.values()];
    return a && b ? Math.max(1, distance(a.now, b.now)) : 1;
  }
}
