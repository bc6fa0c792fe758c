// Where an element can be pressed: a point of it that is on the screen, with nothing else over it.
import * as dom from '../../shared/dom';
import { type ActPage, rootOf, upward, within } from './env';
import type { Place } from './fire';
import { controlOf } from './rules';

/** An element that a press would reach, and where. */
export interface Spot extends Place {
  target: Element;
}

/** The spot at a part of an element's box, scrolled to if need be; null: it cannot be seen there. */
export function spotOf(page: ActPage, element: Element, at: readonly [number, number]): Spot | null {
  return look(page, element, at) ?? bring(page, element, at);
}

function bring(page: ActPage, element: Element, at: readonly [number, number]): Spot | null {
  page.hands(element).scrollIntoView(element, { block: 'center', inline: 'center', behavior: 'instant' });
  const found = look(page, element, at);
  if (found) return found;
  // An element that is larger than the window.
  const document = dom.ownerDocument(element);
  const scroller = document && dom.scroller(document);
  const point = pointOf(element, at);
  if (!document || !scroller || !point) return null;
  const view = dom.defaultView(document);
  const top = dom.scrollTop(scroller) + point.y - (view?.innerHeight ?? 0) / 2;
  const left = dom.scrollLeft(scroller) + point.x - (view?.innerWidth ?? 0) / 2;
  page.hands(element).scrollTo(scroller, { left, top, behavior: 'instant' });
  return look(page, element, at);
}

/** The point of the element's box, a little within its edges. */
function pointOf(element: Element, [x, y]: readonly [number, number]): Place | null {
  const box = dom.boxOf(element);
  if (!(box.width > 0) || !(box.height > 0)) return null;
  const inside = (part: number, size: number) => Math.min(Math.max(part * size, Math.min(0.5, size / 2)), size - Math.min(0.5, size / 2));
  return { x: box.left + inside(x, box.width), y: box.top + inside(y, box.height) };
}

/** Inline elements that wrap have boxes of several lines: where the whole box is empty, the first line counts. */
function points(element: Element, at: readonly [number, number]): Place[] {
  const point = pointOf(element, at);
  const lines = [...element.getClientRects()].filter(({ width, height }) => width > 0 && height > 0);
  const first = lines[0];
  return [...(point ? [point] : []), ...(lines.length > 1 && first ? [{ x: first.left + first.width / 2, y: first.top + first.height / 2 }] : [])];
}

function look(page: ActPage, element: Element, at: readonly [number, number]): Spot | null {
  const document = dom.ownerDocument(element);
  if (!document || !canBeHit(page, element)) return null;
  for (const { x, y } of points(element, at)) {
    const hit = hitAt(page, document, x, y);
    if (hit && (within(hit, element) || holds(page, hit, element)) && uncovered(page, document, x, y)) return { x, y, target: hit };
  }
  return null;
}

function canBeHit(page: ActPage, element: Element): boolean {
  const { visibility, pointerEvents } = page.hands(element).style(element);
  if (visibility !== 'visible' || pointerEvents === 'none') return false;
  for (const at of upward(element)) if (page.native.getAttribute(at, 'inert') !== null) return false;
  return true;
}

/** The hit element is around this one, and a press on either presses the same control. */
function holds(page: ActPage, hit: Element, element: Element): boolean {
  const control = controlOf(page, element);
  return control !== null && within(element, hit) && within(hit, control);
}

/** The innermost element at a point of a document, through shadow roots; ours does not count. */
export function hitAt(page: ActPage, document: Document, x: number, y: number): Element | null {
  let found: Element | null = null;
  for (let root: Document | ShadowRoot | null = document; root; ) {
    const hit: Element | undefined = page.hands(document).elementsFromPoint(root, x, y).find((element) => !page.ours(element) && rootOf(element) === root);
    if (!hit || hit === found) break;
    found = hit;
    root = page.shadowRoot(hit);
  }
  return found;
}

/** Nothing lies over the frames around a document at that point. */
function uncovered(page: ActPage, document: Document, x: number, y: number): boolean {
  for (let at = document; ; ) {
    const frame = frameOf(at);
    const outer = frame && dom.ownerDocument(frame);
    if (!frame || !outer) return true;
    const box = dom.boxOf(frame);
    x += box.left + frame.clientLeft;
    y += box.top + frame.clientTop;
    const hit = hitAt(page, outer, x, y);
    if (hit !== frame) return false;
    at = outer;
  }
}

/** The frame element that holds a document, where it may be read. */
export function frameOf(document: Document): Element | null {
  try {
    return dom.defaultView(document)?.frameElement ?? null;
  } catch {
    return null;
  }
}
