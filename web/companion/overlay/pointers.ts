// The agents' cursors: each by element and place within it, in its person's colour. Clicks, wiggling and laser trails belong to them.
import type { NodeId, Pointer } from '../../shared/protocol/page';
import type { PersonId } from '../../shared/protocol/people';
import { colourOf } from '../../shared/people';
import { Anchor } from './anchors';
import { animate, append, inline, remove, setAttribute, setText, show, styleOf, toggle } from './dom';
import { holds, overlap, within, type Point } from './geometry';
import { draw, make } from './make';
import { elementOf, still, type Part, type Stage } from './stage';
import { Trail } from './trail';

/** Milliseconds of stillness after which a cursor is hidden. */
const STILL = 10_000;
/** Milliseconds in which a cursor glides from one place to the next: a little more than between two messages. */
const GLIDES = 70;
/** Milliseconds that a click is seen. */
const CLICK = 650;
/** Milliseconds that a wiggle takes. */
const WIGGLE = 800;
const ARROW = 'M3 2.2 19.4 9.9 12 12.4 8.6 19.5z';

export interface Pointers extends Part {
  moved(by: PersonId, pointer: Pointer, laser: boolean): void;
  wiggle(by: PersonId, node: NodeId): void;
  pressed(by: PersonId, element: Element, at: [number, number]): void;
}

/** One agent's cursor. */
interface Cursor {
  element: HTMLElement;
  name: HTMLElement;
  anchor: Anchor | null;
  at: [number, number];
  /** How far it still is from its place. */
  behind: Point;
  from: number;
  /** Where it was drawn last. */
  drawn: Point | null;
  moved: number;
  laser: boolean;
  trail: Trail | null;
}

/** Something that stays at an element for a moment. */
interface Moment {
  element: HTMLElement;
  anchor: Anchor;
  /** A place of the element; null: around it. */
  at: [number, number] | null;
  until: number;
}

export function makePointers(stage: Stage): Pointers {
  const cursors = new Map<PersonId, Cursor>();
  let moments: Moment[] = [];
  const moment = (element: HTMLElement, at: Moment['at'], on: Element, lasts: number): void => {
    append(stage.parts.below, element);
    moments.push({ element, anchor: new Anchor(on), at, until: performance.now() + lasts });
    stage.loop.wake();
  };
  const click = (by: PersonId, on: Element, at: [number, number]): void => {
    const circle = make('div', { class: 'press', 'data-part': 'press', 'data-person': `${by}` });
    inline(circle).setProperty('--who', colourOf(by));
    moment(circle, at, on, CLICK);
  };
  stage.loop.add((now) => {
    let more = false;
    for (const cursor of cursors.values()) more = drawCursor(stage, cursor, now) || more;
    moments = moments.filter((each) => drawMoment(stage, each, now));
    return more || moments.length > 0;
  });
  return {
    update() {
      for (const [id, { name }] of cursors) setText(name, stage.name(id));
    },
    moved(by, pointer, laser) {
      const cursor = cursors.get(by) ?? makeCursor(stage, by);
      cursors.set(by, cursor);
      const element = pointer.node === undefined ? null : elementOf(stage.nodes.node(pointer.node));
      // Where in a frame of another origin it is cannot be seen from here: in its middle.
      const at: [number, number] = pointer.node !== undefined && stage.nodes.foreign(pointer.node) ? [0.5, 0.5] : pointer.at;
      move(cursor, pointer.action === 'leave' ? null : element, at);
      cursor.laser = laser;
      if (laser) cursor.trail ??= new Trail(stage.parts.marks, by);
      if (pointer.action === 'down' && element) click(by, element, at);
      stage.loop.wake();
    },
    wiggle(by, node) {
      const element = elementOf(stage.nodes.node(node));
      if (!element) return;
      const ring = make('div', { class: 'ring wiggle', 'data-part': 'wiggle', 'data-person': `${by}` });
      inline(ring).setProperty('--who', colourOf(by));
      moment(ring, null, element, still() ? WIGGLE * 2 : WIGGLE);
      if (!still()) shake(element);
    },
    pressed: click,
  };
}

/** Moves an element of the page as it is drawn, without a change of the document: inline boxes, which cannot be moved so, have the ring. */
function shake(element: Element): void {
  if (styleOf(element).display === 'inline') return;
  const turn = [0, -1.6, 1.6, -1.6, 1.6, -0.8, 0].map((degrees) => ({ transform: `rotate(${degrees}deg)` }));
  animate(element, turn, { duration: WIGGLE, composite: 'add', easing: 'ease-in-out' });
}

function makeCursor(stage: Stage, by: PersonId): Cursor {
  const name = make('span', { class: 'name' }, stage.name(by));
  const arrow = draw('svg', { viewBox: '0 0 22 22', 'aria-hidden': 'true' }, draw('path', { d: ARROW }));
  const element = make('div', { class: 'cursor', 'data-part': 'cursor', 'data-person': `${by}`, 'aria-hidden': 'true', hidden: '' }, arrow, name);
  inline(element).setProperty('--who', colourOf(by));
  append(stage.parts.cursors, element);
  return { element, name, anchor: null, at: [0, 0], behind: { x: 0, y: 0 }, from: 0, drawn: null, moved: 0, laser: false, trail: null };
}

function move(cursor: Cursor, element: Element | null, at: [number, number]): void {
  const now = performance.now();
  const before = cursor.drawn;
  if (!element) cursor.anchor = null;
  else if (cursor.anchor?.element !== element) cursor.anchor = new Anchor(element);
  cursor.at = at;
  cursor.moved = now;
  const seen = cursor.anchor?.see(now);
  // It glides from where it is seen; what the page scrolls meanwhile, it scrolls with.
  const to = seen && within(seen.box, at);
  cursor.behind = before && to && !still() ? { x: before.x - to.x, y: before.y - to.y } : { x: 0, y: 0 };
  cursor.from = now;
}

/** Draws a cursor and its trail; gives whether there is anything to see. */
function drawCursor(stage: Stage, cursor: Cursor, now: number): boolean {
  const seen = now - cursor.moved < STILL ? cursor.anchor?.see(now) : null;
  const view = stage.view();
  const target = seen ? within(seen.box, cursor.at) : null;
  const visible = seen && target && holds(overlap(seen.clip, view), target, 1);
  if (!target || !visible) {
    if (cursor.drawn) show(cursor.element, false);
    cursor.drawn = null;
  } else {
    const left = Math.max(0, 1 - (now - cursor.from) / GLIDES);
    const point = { x: target.x + cursor.behind.x * left, y: target.y + cursor.behind.y * left };
    if (!cursor.drawn) show(cursor.element, true);
    if (cursor.drawn?.x !== point.x || cursor.drawn.y !== point.y) {
      inline(cursor.element).translate = `${point.x}px ${point.y}px`;
      inline(cursor.element).scale = view.scale === 1 ? 'none' : `${1 / view.scale}`;
      toggle(cursor.element, 'data-left', point.x > view.left + view.width - 120 / view.scale);
      toggle(cursor.element, 'data-up', point.y > view.top + view.height - 50 / view.scale);
      setAttribute(cursor.element, 'data-laser', `${cursor.laser}`);
    }
    cursor.drawn = point;
    if (cursor.laser) cursor.trail?.add(point, now);
  }
  const trailing = cursor.trail?.draw(now) ?? false;
  if (cursor.trail && !trailing && !cursor.laser) {
    cursor.trail.stop();
    cursor.trail = null;
  }
  return trailing || (cursor.anchor !== null && now - cursor.moved < STILL);
}

/** Draws something that passes; gives whether it is still there. */
function drawMoment(stage: Stage, { element, anchor, at, until }: Moment, now: number): boolean {
  const seen = now < until ? anchor.see(now) : null;
  if (!seen) {
    remove(element);
    return false;
  }
  const { box, clip } = seen;
  const place = at ? within(box, at) : { x: box.left, y: box.top };
  const visible = overlap(overlap(clip, box), stage.view());
  show(element, at ? holds(visible, place, 2) : visible.width * visible.height > 0);
  const style = inline(element);
  style.translate = `${place.x}px ${place.y}px`;
  if (at) return true;
  style.width = `${box.width}px`;
  style.height = `${box.height}px`;
  return true;
}
