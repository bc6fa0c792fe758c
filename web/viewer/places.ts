// Where elements of the built page are, in CSS pixels of the visitor's window, and which one is at a point.
import * as dom from '../shared/dom';
import type { Box, Point } from './geometry';

/** What is at a point. */
export interface Hit {
  element: Element;
  /** Its box. */
  box: Box;
}

/** The box of a rectangle of a document that is in the frame `top`, or in frames in it. */
export function outward(rect: Box, own: Document | null, top: Element): Box | null {
  const place = { x: rect.x, y: rect.y, width: rect.width, height: rect.height };
  for (let view = own && dom.defaultView(own); view; view = view.parent as typeof view) {
    const frame: Element | null = view.frameElement;
    if (!frame) return null;
    if (frame === top) return place;
    const outer = dom.boxOf(frame);
    place.x += outer.x + frame.clientLeft;
    place.y += outer.y + frame.clientTop;
  }
  return null;
}

/** An element's box; nothing when it is gone. */
export function placeOf(element: Element, top: Element): Box | null {
  return dom.isConnected(element) ? outward(dom.boxOf(element), dom.ownerDocument(element), top) : null;
}

/** The element around an element: across shadow roots, and out of frames up to `top`. */
export function around(element: Element, top: Element): Element | null {
  const parent = element.assignedSlot ?? dom.parentNode(element);
  if (!parent) return null;
  switch (dom.nodeType(parent)) {
    case dom.ELEMENT:
      return parent as Element;
    case dom.FRAGMENT:
      return (parent as ShadowRoot).host ?? null;
    default: {
      const frame = dom.defaultView(parent as Document)?.frameElement ?? null;
      return frame === top ? null : frame;
    }
  }
}

/** The innermost element at a point: in shadow trees and in frames, too. */
export function hit(document: Document, point: Point, top: Element): Hit | null {
  let [x, y] = point;
  let root: Document | ShadowRoot = document;
  let found: Element | null = null;
  for (;;) {
    const element: Element | null = root.elementFromPoint(x, y);
    if (!element || element === found) break;
    found = element;
    const shadow = dom.shadowRoot(element);
    const inner: Document | null = shadow ? null : contentOf(element);
    if (inner) {
      const outer = dom.boxOf(element);
      x -= outer.x + element.clientLeft;
      y -= outer.y + element.clientTop;
    }
    const next: Document | ShadowRoot | null = shadow ?? inner;
    if (!next) break;
    root = next;
  }
  const box = found && placeOf(found, top);
  return found && box ? { element: found, box } : null;
}

/** The document in a frame element. */
export function contentOf(element: Element): Document | null {
  return /^(iframe|frame)$/.test(dom.htmlName(element) ?? '') ? (element as HTMLIFrameElement).contentDocument : null;
}

/** The part of a box that what is around an element lets be seen: nothing where it is scrolled out of sight within the page. */
export function inSight(element: Element, box: Box, top: Element): boolean {
  let { x, y } = box;
  let [right, bottom] = [x + box.width, y + box.height];
  for (let at = around(element, top); at; at = around(at, top)) {
    if (at === dom.scroller(dom.ownerDocument(at) as Document)) continue;
    const clips = contentOf(at) !== null || /auto|scroll|hidden|clip/.test(styleOf(at).overflow);
    const outer = clips && placeOf(at, top);
    if (!outer) continue;
    [x, y] = [Math.max(x, outer.x), Math.max(y, outer.y)];
    [right, bottom] = [Math.min(right, outer.x + outer.width), Math.min(bottom, outer.y + outer.height)];
  }
  return right >= x && bottom >= y;
}

export function styleOf(element: Element): CSSStyleDeclaration {
  return (dom.defaultView(dom.ownerDocument(element) as Document) ?? window).getComputedStyle(element);
}

/** A thing that scrolls, and where it is: an element, or a document by its scrolling element. */
export function isScroller(element: Element): boolean {
  return element === dom.scroller(dom.ownerDocument(element) as Document);
}

/** The innermost element around (and with) `element` that can scroll by this. */
export function scrollable(element: Element, [dx, dy]: Point, top: Element): Element | null {
  for (let at: Element | null = element; at; at = around(at, top)) {
    if (!isScroller(at) && !/auto|scroll/.test(styleOf(at).overflow)) continue;
    const room = (by: number, offset: number, inner: number, outer: number) =>
      by > 0 ? offset + outer < inner - 1 : by < 0 ? offset > 0 : false;
    const { scrollWidth, scrollHeight, clientWidth, clientHeight } = at;
    if (room(dx, dom.scrollLeft(at), scrollWidth, clientWidth) || room(dy, dom.scrollTop(at), scrollHeight, clientHeight)) return at;
  }
  return null;
}
