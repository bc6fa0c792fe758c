// The agent's pointer, as the visitor and the other agents see it: by element and the place within it.
import type { Pointer, PointerAction } from '../shared/protocol/page';
import type { Point } from './geometry';
import type { View } from './view';

/** Milliseconds between two places of a moving pointer: 30 a second. */
const EVERY = 33;

export class Pointing {
  /** It leaves a trail. */
  laser = false;
  private last = 0;
  private waiting: Point | null = null;
  private timer = 0;
  private told = '';

  constructor(
    private readonly view: View,
    private readonly send: (pointer: Pointer, laser: boolean) => void,
  ) {}

  move(point: Point): void {
    if (this.laser) this.view.cursors.own(this.you, point, 'move', true);
    this.waiting = point;
    const wait = this.last + EVERY - performance.now();
    if (wait <= 0) this.flush();
    else this.timer ||= window.setTimeout(() => this.flush(), wait);
  }

  /** Pressed, to show a place; both sides see a circle there. */
  press(point: Point): void {
    this.flush();
    if (!this.view.standing.may('pointer')) return;
    this.view.cursors.own(this.you, point, 'down', this.laser);
    this.tell('down', point);
    this.tell('up', point);
  }

  leave(): void {
    clearTimeout(this.timer);
    this.timer = 0;
    this.waiting = null;
    if (!this.told) return;
    this.told = '';
    this.send({ action: 'leave', at: [0, 0] }, false);
  }

  private get you(): number {
    return this.view.standing.told?.you ?? 0;
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = 0;
    const { waiting } = this;
    this.waiting = null;
    if (waiting && this.view.standing.may('pointer')) this.tell('move', waiting);
  }

  private tell(action: PointerAction, point: Point): void {
    const found = this.view.stage.at(point);
    const node = found && this.view.page.id(found.element);
    if (!found || node == null) return;
    const told = `${node} ${found.at.join(' ')}`;
    if (action === 'move' && told === this.told) return;
    this.told = told;
    this.last = performance.now();
    this.send({ action, node, at: found.at }, this.laser);
  }
}
