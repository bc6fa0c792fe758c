// Where elements of the page are on the screen, and what of them is clipped away: in the coordinates of the top document's layout
// viewport, in which the overlay is drawn. Frames of the same origin and shadow trees are looked into.
import { boundsOf, isConnected, styleOf } from './dom';
import { overlap, type Box } from './geometry';

/** Milliseconds for which the list of clipping ancestors counts. */
const KNOWN_FOR = 500;
/** Clips nothing. */
const EVERYWHERE: Box = { left: -1e6, top: -1e6, width: 2e6, height: 2e6 };

/** An element as it is on the screen. */
export interface Seen {
  element: Element;
  box: Box;
  /** What inner containers leave of the page at this place. */
  clip: Box;
  /** `clip` is less than everything. */
  clipped: boolean;
}

/** An element that something is drawn at. */
export class Anchor {
  private clippers: Element[] = [];
  private known = -Infinity;

  constructor(readonly element: Element) {}

  /** Where it is; null: it is not shown at all. */
  see(now: number): Seen | null {
    const { element } = this;
    if (!isConnected(element) || !hasBox(element)) return null;
    if (now - this.known > KNOWN_FOR) {
      this.known = now;
      this.clippers = clippersOf(element);
    }
    const box = onScreen(element, boundsOf(element));
    const clip = this.clippers.reduce((left, clipper) => overlap(left, paddingBox(clipper)), EVERYWHERE);
    return { element, box, clip, clipped: this.clippers.length > 0 };
  }
}

function hasBox(element: Element): boolean {
  return element.checkVisibility?.({ visibilityProperty: true }) ?? element.getClientRects().length > 0;
}

/** The frame element, of the same origin, that shows the document of this element. */
function frameOf(element: Element): Element | null {
  return element.ownerDocument.defaultView?.frameElement ?? null;
}

/** A box of an element's document, as it is in the top document. */
export function onScreen(element: Element, box: Box): Box {
  let { left, top, width, height } = box;
  for (let frame = frameOf(element); frame; frame = frameOf(frame)) {
    const { left: x, top: y, scale } = contentOf(frame);
    left = x + left * scale.x;
    top = y + top * scale.y;
    width *= scale.x;
    height *= scale.y;
  }
  return { left, top, width, height };
}

/** Where the content of a frame element begins in its own document, and how much it is enlarged. */
function contentOf(frame: Element): { left: number; top: number; width: number; height: number; scale: { x: number; y: number } } {
  const box = boundsOf(frame);
  const { offsetWidth, offsetHeight, clientLeft, clientTop, clientWidth, clientHeight } = frame as HTMLElement;
  const style = styleOf(frame);
  const [padLeft, padTop] = [Number.parseFloat(style.paddingLeft) || 0, Number.parseFloat(style.paddingTop) || 0];
  const scale = { x: offsetWidth ? box.width / offsetWidth : 1, y: offsetHeight ? box.height / offsetHeight : 1 };
  return {
    left: box.left + (clientLeft + padLeft) * scale.x,
    top: box.top + (clientTop + padTop) * scale.y,
    width: clientWidth * scale.x,
    height: clientHeight * scale.y,
    scale,
  };
}

/** What a clipping element shows of what is in it. */
function paddingBox(element: Element): Box {
  if (element.localName === 'iframe' || element.localName === 'frame') {
    const { left, top, width, height } = contentOf(element);
    return onScreen(element, { left, top, width, height });
  }
  const box = boundsOf(element);
  const { clientLeft, clientTop, clientWidth, clientHeight, offsetWidth, offsetHeight } = element as HTMLElement;
  const x = offsetWidth ? box.width / offsetWidth : 1;
  const y = offsetHeight ? box.height / offsetHeight : 1;
  return onScreen(element, { left: box.left + clientLeft * x, top: box.top + clientTop * y, width: clientWidth * x, height: clientHeight * y });
}

/** The element around this one: through slots, shadow roots and frames of the same origin. */
function around(element: Element): Element | null {
  if (element.assignedSlot) return element.assignedSlot;
  const { parentNode } = element;
  if (parentNode?.nodeType === Node.DOCUMENT_FRAGMENT_NODE) return (parentNode as ShadowRoot).host;
  return parentNode?.nodeType === Node.ELEMENT_NODE ? (parentNode as Element) : null;
}

/** Whether an element that is fixed or absolute is placed by this one, whatever its `position`. */
function holdsFixed(style: CSSStyleDeclaration): boolean {
  return (
    style.transform !== 'none' || style.perspective !== 'none' || style.filter !== 'none' ||
    /paint|layout|strict|content/.test(style.contain) || /transform|perspective|filter/.test(style.willChange)
  );
}

/** The elements that clip this one, as CSS 2 (11.1.1) has it: those between it and what places it do not. */
function clippersOf(element: Element): Element[] {
  const found: Element[] = [];
  let position = styleOf(element).position;
  for (let at = around(element) ?? leave(element, found); at; at = around(at) ?? leave(at, found)) {
    if (at.localName === 'iframe' || at.localName === 'frame') {
      position = styleOf(at).position;
      continue;
    }
    const style = styleOf(at);
    const holder = holdsFixed(style);
    if (position === 'fixed' && !holder) continue;
    if (position === 'absolute' && style.position === 'static' && !holder) continue;
    if (clips(at, style)) found.push(at);
    ({ position } = style);
  }
  return found;
}

/** Out of a document into the frame element that shows it, which clips it. */
function leave(element: Element, found: Element[]): Element | null {
  const frame = frameOf(element);
  if (frame) found.push(frame);
  return frame;
}

function clips(element: Element, style: CSSStyleDeclaration): boolean {
  if (style.display === 'inline' || style.display === 'contents') return false;
  const { documentElement, body } = element.ownerDocument;
  if (element === documentElement) return false;
  // The body's overflow is the viewport's, unless the document element has one of its own.
  if (element === body && styleOf(documentElement).overflowX === 'visible') return false;
  return style.overflowX !== 'visible' || style.overflowY !== 'visible' || /paint|strict|content/.test(style.contain);
}
