// Mouse and wheel over the picture. What begins on it goes on outside of the window.
import type { Input } from '../shared/protocol/image';
import type { Point } from '../companion/overlay/geometry';
import { heldOf } from './keys';
import { Pace } from './pace';

/** CSS pixels of a line that a wheel turns by. */
const LINE = 100 / 3;
/** The last button of a mouse that is the page's: those after it go back and forward. */
const LAST_BUTTON = 2;

export interface Pointed {
  /** The element over the picture. */
  element: HTMLElement;
  toPage(point: Point): Point | null;
  send(input: Input): void;
  /** A button went down: the keyboard is meant for the page. */
  pressed(): void;
}

/** CSS pixels of a wheel's turn. */
export function turnOf(event: Pick<WheelEvent, 'deltaX' | 'deltaY' | 'deltaMode' | 'shiftKey'>, page: { width: number; height: number }): { dx: number; dy: number } {
  const { deltaX, deltaY, deltaMode } = event;
  if (deltaMode === 1) return { dx: deltaX * LINE, dy: deltaY * LINE };
  if (deltaMode === 2) return { dx: deltaX * page.width, dy: deltaY * page.height };
  return { dx: deltaX, dy: deltaY };
}

export class Pointing {
  private readonly moves = new Pace();
  private readonly turns = new Pace();
  private turn = { dx: 0, dy: 0 };
  /** Buttons that went down here and have not come up. */
  private readonly down = new Set<number>();

  constructor(private readonly of: Pointed) {
    const { element } = of;
    element.addEventListener('pointerdown', (event) => {
      if (event.pointerType !== 'touch') element.setPointerCapture(event.pointerId);
    });
    element.addEventListener('mousedown', (event) => this.pressed(event));
    element.addEventListener('mouseup', (event) => this.released(event));
    element.addEventListener('mousemove', (event) => this.moved(event));
    element.addEventListener('wheel', (event) => this.turned(event), { passive: false });
    element.addEventListener('lostpointercapture', () => this.letGo());
    for (const type of ['contextmenu', 'dragstart', 'selectstart', 'auxclick']) element.addEventListener(type, (event) => event.preventDefault());
  }

  private pressed(event: MouseEvent): void {
    if (event.button > LAST_BUTTON) return;
    event.preventDefault();
    this.of.pressed();
    this.down.add(event.button);
    this.mouse('down', event);
  }

  private released(event: MouseEvent): void {
    if (!this.down.delete(event.button)) return;
    event.preventDefault();
    this.mouse('up', event);
  }

  private moved(event: MouseEvent): void {
    this.moves.put(() => this.tell('move', event));
  }

  private mouse(action: 'down' | 'up', event: MouseEvent): void {
    this.turns.flush();
    this.moves.flush();
    this.tell(action, event);
  }

  private tell(action: 'move' | 'down' | 'up', event: MouseEvent): void {
    const at = this.of.toPage({ x: event.clientX, y: event.clientY });
    if (!at) return;
    const count = action === 'move' ? 0 : Math.min(255, Math.max(1, event.detail));
    const button = action === 'move' ? 0 : event.button;
    this.last = event;
    this.of.send({ i: 'mouse', action, ...at, button, buttons: event.buttons & 7, count, held: heldOf(event) });
  }

  private last: MouseEvent | null = null;

  /** The browser took the pointer away with buttons down: a page would wait for them for ever. */
  private letGo(): void {
    const { last } = this;
    if (last) for (const button of this.down) this.of.send({ i: 'mouse', action: 'up', ...(this.of.toPage({ x: last.clientX, y: last.clientY }) ?? { x: 0, y: 0 }), button, buttons: 0, count: 1, held: 0 });
    this.down.clear();
  }

  private turned(event: WheelEvent): void {
    event.preventDefault();
    const { dx, dy } = turnOf(event, { width: innerWidth, height: innerHeight });
    this.turn = { dx: this.turn.dx + dx, dy: this.turn.dy + dy };
    this.turns.put(() => {
      const at = this.of.toPage({ x: event.clientX, y: event.clientY });
      const by = this.turn;
      this.turn = { dx: 0, dy: 0 };
      if (at && (by.dx || by.dy)) this.of.send({ i: 'wheel', ...at, ...by, held: heldOf(event) });
    });
  }
}
