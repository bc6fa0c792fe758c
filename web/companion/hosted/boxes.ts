// All boxes in which something is drawn. Too large is safe, too small is not.
import * as dom from '../../shared/dom';
import { around, type Box, type Layout, type Rect } from './layout';
import { lookedAt, type Looks } from './looks';

/** What of a node is covered. */
export type Part =
  /** An element with all that is in it. */
  | 'whole'
  /** An element's own boxes. */
  | 'box'
  /** What style sheets write into an element. */
  | 'face'
  | 'text'
  /** All texts in an element, as one. */
  | 'texts';

/** Letters reach out of their line by as much, as a part of its height. */
const INK = 0.15;
/** Pixels around boxes: edges are drawn smoothly. */
const EDGE = 1;
/** Elements in a hidden one that are measured with each sample. */
const MEASURED = 200;
/** Milliseconds for which the reach of larger ones counts. */
const KNOWN_FOR = 250;
/** Elements in a hidden one that are looked at. */
const MOST_WITHIN = 5_000;
/** More boxes than that of one node become one. */
const MANY = 12;

/** What is in a hidden element. */
interface Innards {
  epoch: number;
  elements: Element[];
  roots: Node[];
  reach: { at: number; rects: Rect[] } | null;
}

/** Measures, at one moment after another. */
export class Boxes {
  private epoch = 0;
  private readonly innards = new WeakMap<Element, Innards>();

  constructor(
    private readonly looks: Looks,
    private readonly shadowRoot: (host: Element) => ShadowRoot | null,
  ) {}

  /** Elements may have come, gone or changed. */
  changed(): void {
    this.epoch += 1;
  }

  /** All is measured: ranges that stay in the page would have to be kept up to date with it. */
  end(): void {
    ranges.clear();
  }

  /** Where a node is drawn. */
  of(node: Node, part: Part, layout: Layout): Box[] {
    if (!dom.isConnected(node)) return [];
    const boxes = part === 'text' ? this.text(node, layout) : this.element(node as Element, part, layout);
    return boxes.length > MANY ? [union(boxes)] : boxes;
  }

  private text(node: Node, layout: Layout): Box[] {
    if (!/\S/.test(dom.data(node))) return [];
    const parent = lookedAt(node);
    if (parent && dom.isVisible(parent, { visibilityProperty: true }) === false) return [];
    const outset = parent ? this.looks.of(parent).outset : 0;
    return texts(node).map((rect) => layout.box(node, rect, EDGE + INK * rect.height + outset));
  }

  private element(element: Element, part: Part, layout: Layout): Box[] {
    if (part === 'face') return this.face(element, layout);
    if (part === 'texts') return [this.texts(element, layout)];
    if (part === 'box' && dom.isVisible(element, { visibilityProperty: true }) === false) return [];
    const own = shown(dom.rectsOf(element));
    const rects = part === 'whole' ? [...own, ...this.within(element, own)] : own;
    return rects.map((rect) => layout.box(element, rect, EDGE));
  }

  private texts(element: Element, layout: Layout): Box {
    const range = rangeOf(element);
    const rect = range ? dom.rangeBox(range) : dom.boxOf(element);
    const { outset } = this.looks.of(element);
    return layout.box(element, hull([dom.boxOf(element), rect].filter(({ width, height }) => width > 0 || height > 0)), 4 * EDGE + outset);
  }

  private face(element: Element, layout: Layout): Box[] {
    const { writes, listed, outset } = this.looks.of(element);
    if ((!writes && !listed) || dom.isVisible(element, { visibilityProperty: true }) === false) return [];
    const own = shown(dom.rectsOf(element));
    const first = own[0];
    const outer = listed ? around(element) : null;
    if (outer && first) {
      const { left, width } = dom.boxOf(outer);
      own.push({ left, top: first.top, width, height: first.height });
    }
    // Without a box of its own, what is written stands in the box around it.
    if (!own.length && writes && around(element)) own.push(dom.boxOf(around(element) as Element));
    return own.map((rect) => layout.box(element, rect, EDGE + outset));
  }

  /** What of an element's content is drawn outside of its own boxes. */
  private within(element: Element, own: readonly Rect[]): Rect[] {
    const inner = this.inner(element);
    if (inner.elements.length <= MEASURED) return measure(inner);
    const now = performance.now();
    if (!inner.reach || now - inner.reach.at > KNOWN_FOR) inner.reach = { at: now, rects: measure(inner).map((rect) => relative(rect, own[0])) };
    return inner.reach.rects.map((rect) => absolute(rect, own[0]));

    function measure(this: void, { elements, roots }: Innards): Rect[] {
      const all = [...roots.flatMap(texts), ...elements.flatMap((each) => shown(dom.rectsOf(each)))];
      const outside = all.filter((rect) => !own.some((box) => holds(box, rect)));
      return outside.length > 1 ? [hull(outside)] : outside;
    }
  }

  private inner(element: Element): Innards {
    const known = this.innards.get(element);
    if (known?.epoch === this.epoch) return known;
    const elements: Element[] = [];
    const roots: Node[] = [];
    const stack: Node[] = [element];
    for (let node = stack.pop(); node && elements.length < MOST_WITHIN; node = stack.pop()) {
      if (dom.nodeType(node) === dom.ELEMENT) {
        if (node !== element) elements.push(node as Element);
        const root = this.shadowRoot(node as Element);
        if (root) stack.push(root);
      }
      if (node === element || dom.nodeType(node) === dom.FRAGMENT) roots.push(node);
      for (let child = dom.firstChild(node); child; child = dom.nextSibling(child)) if (dom.nodeType(child) === dom.ELEMENT) stack.push(child);
    }
    const innards = { epoch: this.epoch, elements, roots, reach: null };
    this.innards.set(element, innards);
    return innards;
  }
}

const ranges = new Map<Document, Range>();

/** A range with all that is in a node. */
function rangeOf(node: Node): Range | null {
  const document = dom.ownerDocument(node);
  if (!document) return null;
  let range = ranges.get(document);
  if (!range) ranges.set(document, (range = dom.createRange(document)));
  dom.selectContents(range, node);
  return range;
}

/** Rectangles of a text, or of the texts in a root. */
function texts(node: Node): Rect[] {
  const range = rangeOf(node);
  return range ? shown(dom.rangeRects(range)) : [];
}

function shown(list: DOMRectList): Rect[] {
  const rects: Rect[] = [];
  for (let i = 0; i < list.length; i += 1) {
    const rect = list[i] as DOMRect;
    if (rect.width > 0 || rect.height > 0) rects.push(rect);
  }
  return rects;
}

function holds(box: Rect, rect: Rect): boolean {
  return rect.left >= box.left && rect.top >= box.top && rect.left + rect.width <= box.left + box.width && rect.top + rect.height <= box.top + box.height;
}

function hull(rects: readonly Rect[]): Rect {
  if (!rects.length) return { left: 0, top: 0, width: 0, height: 0 };
  const left = Math.min(...rects.map((rect) => rect.left));
  const top = Math.min(...rects.map((rect) => rect.top));
  return { left, top, width: Math.max(...rects.map((rect) => rect.left + rect.width)) - left, height: Math.max(...rects.map((rect) => rect.top + rect.height)) - top };
}

/** The smallest box that holds all of these. */
export function union(boxes: readonly Box[]): Box {
  const { left, top, width, height } = hull(boxes.map(([l, t, w, h]) => ({ left: l, top: t, width: w, height: h })));
  return [left, top, width, height];
}

function relative(rect: Rect, to: Rect | undefined): Rect {
  return { ...rectOf(rect), left: rect.left - (to?.left ?? 0), top: rect.top - (to?.top ?? 0) };
}

function absolute(rect: Rect, to: Rect | undefined): Rect {
  return { ...rect, left: rect.left + (to?.left ?? 0), top: rect.top + (to?.top ?? 0) };
}

function rectOf({ left, top, width, height }: Rect): Rect {
  return { left, top, width, height };
}
