// How the documents of a page lie in the top document's layout viewport, at one moment: frames of the same origin have coordinates of their own.
import * as dom from '../../shared/dom';

/** Left, top, width, height in CSS pixels of the top document's layout viewport. */
export type Box = [number, number, number, number];

/** A rectangle of a document. */
export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What turns a document's coordinates into the top document's. `whole`: they cannot be told apart, this box holds them all. */
interface Shift {
  left: number;
  top: number;
  x: number;
  y: number;
  whole: Box | null;
}

const NONE: Shift = { left: 0, top: 0, x: 1, y: 1, whole: null };

/** Boxes are told in steps of a quarter of a pixel, outwards: so what stands still tells the same each time. */
const STEPS = 4;

/** The layout of one moment: to be made anew whenever something may have moved. */
export class Layout {
  private readonly shifts = new Map<Document, Shift>();

  /** A rectangle of a node's document as it is in the top document, larger by `outset` on each side. */
  box(of: Node, rect: Rect, outset = 0): Box {
    const document = dom.nodeType(of) === dom.DOCUMENT ? (of as Document) : dom.ownerDocument(of);
    const { left, top, x, y, whole } = document ? this.shift(document) : NONE;
    if (whole) return whole;
    const from = (at: number) => Math.floor(at * STEPS) / STEPS;
    const to = (at: number) => Math.ceil(at * STEPS) / STEPS;
    const l = from(left + (rect.left - outset) * x);
    const t = from(top + (rect.top - outset) * y);
    return [l, t, to(left + (rect.left + rect.width + outset) * x) - l, to(top + (rect.top + rect.height + outset) * y) - t];
  }

  private shift(document: Document): Shift {
    const known = this.shifts.get(document);
    if (known) return known;
    const shift = this.measure(document);
    this.shifts.set(document, shift);
    return shift;
  }

  private measure(document: Document): Shift {
    const frame = frameOf(document);
    if (!frame) return NONE;
    const box = dom.boxOf(frame);
    const around = this.box(frame, box);
    const outer = this.shift(dom.ownerDocument(frame) as Document);
    if (outer.whole) return outer;
    if (isTurned(frame)) return { ...NONE, whole: around };
    const { clientLeft, clientTop, offsetWidth, offsetHeight } = frame as HTMLElement;
    const style = styleOf(frame);
    const x = offsetWidth ? box.width / offsetWidth : 1;
    const y = offsetHeight ? box.height / offsetHeight : 1;
    return {
      left: outer.left + (box.left + (clientLeft + length(style.paddingLeft)) * x) * outer.x,
      top: outer.top + (box.top + (clientTop + length(style.paddingTop)) * y) * outer.y,
      x: outer.x * x,
      y: outer.y * y,
      whole: null,
    };
  }
}

const { getComputedStyle } = window;

/** Style of an element, or of a pseudo-element of it. */
export function styleOf(element: Element, pseudo?: string): CSSStyleDeclaration {
  return Reflect.apply(getComputedStyle, window, [element, pseudo]) as CSSStyleDeclaration;
}

/** The frame element, of the same origin, that shows a document. */
export function frameOf(document: Document): Element | null {
  try {
    return dom.defaultView(document)?.frameElement ?? null;
  } catch {
    return null;
  }
}

/** The element around a node, through shadow roots and frames of the same origin. */
export function around(node: Node): Element | null {
  const parent = dom.parentNode(node);
  if (!parent) return null;
  switch (dom.nodeType(parent)) {
    case dom.ELEMENT:
      return parent as Element;
    case dom.FRAGMENT:
      return (parent as ShadowRoot).host ?? null;
    default:
      return null;
  }
}

/** An element is turned, skewed or in perspective: its bounding box does not say where its content is. */
function isTurned(element: Element): boolean {
  for (let at: Element | null = element; at; at = around(at)) {
    const { transform, rotate, offsetPath } = styleOf(at);
    if ((rotate && rotate !== 'none') || (offsetPath && offsetPath !== 'none')) return true;
    if (!transform || transform === 'none') continue;
    const [, b = 0, c = 0] = /^matrix\((.*)\)$/.exec(transform)?.[1]?.split(',').map(Number) ?? [0, 1];
    if (Math.abs(b) > 1e-6 || Math.abs(c) > 1e-6) return true;
  }
  return false;
}

function length(text: string): number {
  return Number.parseFloat(text) || 0;
}
