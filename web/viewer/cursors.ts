// The pointers of the visitor and of other agents, over the same place of the same element as at theirs; what they press; their trails.
import { colourOf, VISITOR } from '../shared/people';
import type { NodeId, Pointer } from '../shared/protocol/page';
import type { PersonId } from '../shared/protocol/people';
import * as dom from '../shared/dom';
import { div, lay, svg } from './dom';
import { type Point, pointAt } from './geometry';
import type { Stage } from './stage';

/** Milliseconds after which a piece of a trail is gone. */
const TRAIL = 1_200;

interface Cursor {
  mark: HTMLElement;
  name: HTMLElement;
  node: NodeId | null;
  at: Point;
  /** Pieces of its trail, with the time at which each came. */
  trail: { point: Point; since: number }[];
  line: SVGPolylineElement;
}

export class Cursors {
  private readonly layer: HTMLElement;
  private readonly trails = svg('svg', { class: 'trails' });
  private readonly ring = div('ring');
  private readonly cursors = new Map<PersonId, Cursor>();
  private focused: NodeId | null = null;

  constructor(
    private readonly stage: Stage,
    private readonly element: (id: NodeId | null | undefined) => Element | null,
    private readonly nameOf: (id: PersonId) => string,
  ) {
    this.layer = stage.layer('cursors');
    this.ring.hidden = true;
    this.layer.append(this.ring, this.trails);
    stage.onDraw(() => this.draw());
  }

  /** A pointer did something. */
  point(by: PersonId, { action, node, at }: Pointer, laser = false): void {
    const cursor = this.cursor(by);
    cursor.node = action === 'leave' ? null : (node ?? null);
    cursor.at = at;
    cursor.mark.classList.toggle('laser', laser);
    const place = this.stage.seen(this.element(cursor.node));
    if (place && laser) cursor.trail.push({ point: pointAt(at, place), since: performance.now() });
    if (place && action === 'down') this.ripple(by, pointAt(at, place));
    this.stage.draw();
  }

  /** The agent's own trail and presses, which nobody sends back. */
  own(by: PersonId, point: Point, action: 'move' | 'down', laser: boolean): void {
    if (action === 'down') this.ripple(by, point);
    if (!laser) return;
    const cursor = this.cursor(by);
    cursor.node = null;
    cursor.trail.push({ point, since: performance.now() });
    this.stage.draw();
  }

  /** What the visitor's keyboard is in; rings only what can be typed into or pressed, no container. */
  focus(node: NodeId | null): void {
    this.focused = node;
    this.stage.draw();
  }

  /** People may have left, or changed their names. */
  people(here: (id: PersonId) => boolean): void {
    for (const [id, cursor] of this.cursors) {
      cursor.name.textContent = this.title(id);
      if (here(id)) continue;
      cursor.mark.remove();
      cursor.line.remove();
      this.cursors.delete(id);
    }
  }

  clear(): void {
    this.people(() => false);
    this.focus(null);
  }

  /** Another page: what was pointed at is gone. */
  forget(): void {
    for (const cursor of this.cursors.values()) cursor.node = null;
    this.focused = null;
  }

  private ripple(by: PersonId, point: Point): void {
    const ripple = div('ripple');
    ripple.dataset['by'] = String(by);
    ripple.style.translate = `${point[0]}px ${point[1]}px`;
    ripple.addEventListener('animationend', () => ripple.remove());
    this.layer.append(ripple);
  }

  private title(id: PersonId): string {
    return id === VISITOR ? 'Visitor' : this.nameOf(id);
  }

  private cursor(by: PersonId): Cursor {
    const known = this.cursors.get(by);
    if (known) return known;
    const name = div('name', this.title(by));
    const mark = div('cursor');
    mark.dataset['by'] = String(by);
    mark.style.setProperty('--colour', colourOf(by));
    mark.append(name);
    const line = svg('polyline', { stroke: colourOf(by), 'data-by': by });
    this.trails.append(line);
    this.layer.append(mark);
    const cursor: Cursor = { mark, name, node: null, at: [0, 0], trail: [], line };
    this.cursors.set(by, cursor);
    return cursor;
  }

  private draw(): void {
    for (const cursor of this.cursors.values()) this.drawOne(cursor);
    const element = this.element(this.focused);
    const ringed = element && /^(input|textarea|select|button|a|summary)$/.test(dom.localName(element)) && this.stage.seen(element);
    this.ring.hidden = !ringed || !ringed.width;
    if (ringed) lay(this.ring, ringed);
  }

  private drawOne(cursor: Cursor): void {
    const place = this.stage.seen(this.element(cursor.node));
    cursor.mark.hidden = !place;
    if (place) {
      const [x, y] = pointAt(cursor.at, place);
      cursor.mark.style.translate = `${x}px ${y}px`;
    }
    const now = performance.now();
    cursor.trail = cursor.trail.filter(({ since }) => now - since < TRAIL);
    cursor.line.setAttribute('points', cursor.trail.map(({ point }) => point.join(',')).join(' '));
    if (cursor.trail.length) this.stage.draw();
  }
}
