// What agents do not see of the page, marked so that the visitor knows: a small lock at the end of each masked field and hidden region that is in view.
import type { Marked } from '../capture/capture';
import { Anchor } from './anchors';
import { append, boundsOf, contains, elementAt, inline, remove, setAttribute, show, styleOf } from './dom';
import { overlap, type Box } from './geometry';
import { icon, make } from './make';
import type { Part, Stage } from './stage';
import { veilText } from './words';

const LOCK = 'M7 11V8a5 5 0 0 1 10 0v3M6 11h12v9H6z';
/** Milliseconds between two looks at a page on which nothing tells of its changes. */
const EVERY = 300;
/** Most that are drawn at once. */
const MOST = 60;
/** Side of a badge, in pixels of the screen. */
const SIDE = 18;
/** Fields less wide have it beside them. */
const NARROW = 48;

interface Figure {
  anchor: Anchor;
  badge: HTMLElement;
  hidden: boolean;
  drawn: string;
}

export interface Veils extends Part {
  stop(): void;
}

export function makeVeils(stage: Stage): Veils {
  const { model, parts, loop, native } = stage;
  let figures = new Map<Element, Figure>();
  let timer = 0;
  const later = (): void => {
    native.clearTimeout(timer);
    timer = figures.size ? native.setTimeout(() => { loop.wake(); later(); }, EVERY) : 0;
  };
  const wake = (): void => {
    if (figures.size) loop.wake();
  };
  loop.add((now) => {
    let left = MOST;
    for (const figure of figures.values()) if (place(stage, figure, now, left > 0)) left -= 1;
    return false;
  });
  native.addEventListener(window, 'scroll', wake, { capture: true, passive: true });
  native.addEventListener(window, 'resize', wake);
  return {
    update() {
      const next = new Map<Element, Figure>();
      for (const { element, hidden } of model.veiled) {
        const known = figures.get(element);
        next.set(element, known?.hidden === hidden ? known : makeFigure({ element, hidden }));
      }
      for (const [element, figure] of figures) if (next.get(element) !== figure) remove(figure.badge);
      for (const [element, figure] of next) {
        if (figures.get(element) !== figure) append(parts.tags, figure.badge);
        setAttribute(figure.badge, 'aria-label', model.state ? veilText(model.state, figure.hidden) : '');
      }
      figures = next;
      wake();
      later();
    },
    stop() {
      native.clearTimeout(timer);
      figures.clear();
      native.removeEventListener(window, 'scroll', wake, { capture: true });
      native.removeEventListener(window, 'resize', wake);
    },
  };
}

function makeFigure({ element, hidden }: Marked): Figure {
  const badge = make('div', { class: 'veil', role: 'img', 'data-part': 'veil', 'data-hides': hidden ? 'all' : 'value', hidden: '' }, icon(LOCK));
  return { anchor: new Anchor(element), badge, hidden, drawn: '' };
}

/** Draws it where it belongs; whether it is drawn. */
function place(stage: Stage, figure: Figure, now: number, room: boolean): boolean {
  const at = room ? spotOf(stage, figure, now) : null;
  const { scale } = stage.view();
  const drawn = at ? `${at.x.toFixed(1)}px ${at.y.toFixed(1)}px ${scale}` : '';
  if (drawn === figure.drawn) return at !== null;
  if (!drawn || !figure.drawn) show(figure.badge, drawn !== '');
  figure.drawn = drawn;
  if (!at) return false;
  const style = inline(figure.badge);
  style.translate = `${at.x}px ${at.y}px`;
  style.scale = scale === 1 ? 'none' : `${1 / scale}`;
  return true;
}

/** Upper left corner of its badge; null: it is not in view. */
function spotOf(stage: Stage, { anchor }: Figure, now: number): { x: number; y: number } | null {
  const { element } = anchor;
  const view = stage.view();
  const top = element.ownerDocument === document;
  if (top && !area(overlap(boundsOf(element), view))) return null;
  const seen = anchor.see(now);
  const visible = seen && overlap(overlap(seen.box, seen.clip), view);
  if (!seen || !visible || !area(visible) || (top && isCovered(element, visible))) return null;
  const side = SIDE / view.scale;
  const { left, top: y, width } = seen.box;
  const rtl = styleOf(element).direction === 'rtl';
  const above = Math.max(view.top, y - side / 2);
  if (width < NARROW) return { x: rtl ? left - side - 2 : left + width + 2, y: above };
  return { x: rtl ? left + side / 3 : left + width - side * 4 / 3, y: above };
}

function area({ width, height }: Box): boolean {
  return width >= 2 && height >= 2;
}

/** Something else of the page lies over it. */
function isCovered(element: Element, { left, top, width, height }: Box): boolean {
  const hit = elementAt(document, left + width / 2, top + height / 2);
  return hit !== null && !contains(element, hit) && !contains(hit, element) && hit.getRootNode() === element.getRootNode();
}
