// Fingers on the picture: each goes to the page, so that what scrolls, swipes and pinches is the page.
import type { Input, TouchAction } from '../shared/protocol/image';
import type { Point } from '../companion/overlay/geometry';
import { heldOf } from './keys';
import { Pace } from './pace';
import type { Pointed } from './pointing';

/** A finger that moved by less than this many CSS pixels has tapped. */
const TAP = 10;

/** Small numbers for fingers, as browsers name them with any. */
export class Fingers {
  private readonly known = new Map<number, number>();

  /** The number of a finger; the smallest that is free for one that is new. */
  number(identifier: number): number {
    const known = this.known.get(identifier);
    if (known !== undefined) return known;
    const taken = new Set(this.known.values());
    let free = 0;
    while (taken.has(free)) free += 1;
    this.known.set(identifier, free);
    return free;
  }

  /** Only these are left. */
  keep(identifiers: readonly number[]): void {
    for (const known of this.known.keys()) if (!identifiers.includes(known)) this.known.delete(known);
  }
}

/** `tapped`: one finger touched and left, in the browser's own event, in which keyboards may be opened. */
export class Touching {
  private readonly fingers = new Fingers();
  private readonly moves = new Pace();
  private from: Point | null = null;

  constructor(private readonly of: Pointed, private readonly tapped: () => void) {
    const options = { passive: false };
    of.element.addEventListener('touchstart', (event) => this.heard('start', event), options);
    of.element.addEventListener('touchmove', (event) => this.heard('move', event), options);
    of.element.addEventListener('touchend', (event) => this.heard('end', event), options);
    of.element.addEventListener('touchcancel', (event) => this.heard('cancel', event), options);
  }

  private heard(action: TouchAction, event: TouchEvent): void {
    // Without it the browser would scroll, and make a mouse of the finger.
    if (event.cancelable) event.preventDefault();
    if (action === 'start') this.of.pressed();
    this.watchTap(action, event);
    const input = this.inputOf(action, event);
    if (!input) return;
    if (action === 'move') {
      this.moves.put(() => this.of.send(input));
      return;
    }
    this.moves.flush();
    this.of.send(input);
  }

  private inputOf(action: TouchAction, event: TouchEvent): Input | null {
    const touches = [...event.touches].filter(({ target }) => target === this.of.element || this.of.element.contains(target as Node));
    const points: [number, number, number][] = [];
    for (const { identifier, clientX, clientY } of action === 'cancel' ? [] : touches) {
      const at = this.of.toPage({ x: clientX, y: clientY });
      if (!at) return null;
      points.push([this.fingers.number(identifier), at.x, at.y]);
    }
    if (action !== 'move') this.fingers.keep(touches.map(({ identifier }) => identifier));
    return { i: 'touch', action, points, held: heldOf(event) };
  }

  private watchTap(action: TouchAction, event: TouchEvent): void {
    const [changed] = event.changedTouches;
    if (action === 'start') this.from = event.touches.length === 1 && changed ? { x: changed.clientX, y: changed.clientY } : null;
    else if (changed && this.from && Math.hypot(changed.clientX - this.from.x, changed.clientY - this.from.y) > TAP) this.from = null;
    if (action === 'end' && this.from && event.touches.length === 0) this.tapped();
  }
}
