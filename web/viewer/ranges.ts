// Ranges of text on the built page: from the protocol and back, and where they are.
import * as dom from '../shared/dom';
import type { Range as Told } from '../shared/protocol/page';
import type { Box, Point } from './geometry';
import type { Page } from './page';
import { hit, outward } from './places';

/** A place in a text. */
export interface Caret {
  node: Node;
  offset: number;
}

/** More boxes than that are not drawn. */
const MOST = 500;

/** The boxes of a range's lines; none where it is not on the page. */
export function boxesOf(page: Page, told: Told, top: Element): Box[] {
  const start = page.node(told.start);
  const end = page.node(told.end);
  const document = start && dom.ownerDocument(start);
  if (!start || !end || !document || !dom.isConnected(start) || !dom.isConnected(end)) return [];
  const range = document.createRange();
  try {
    range.setStart(start, Math.min(told.startOffset, length(start)));
    range.setEnd(end, Math.min(told.endOffset, length(end)));
  } catch {
    // The two are not in one document any more.
    return [];
  }
  const boxes: Box[] = [];
  for (const rect of [...range.getClientRects()].slice(0, MOST)) {
    const box = rect.width > 0 && outward(rect, document, top);
    if (box) boxes.push(box);
  }
  return boxes;
}

function length(node: Node): number {
  return dom.nodeType(node) === dom.TEXT ? dom.data(node).length : node.childNodes.length;
}

/** The place in the text at a point of the visitor's window. */
export function caretAt(document: Document, point: Point, top: Element): Caret | null {
  const found = hit(document, point, top);
  const own = found && dom.ownerDocument(found.element);
  if (!own) return null;
  const origin = outward({ x: 0, y: 0, width: 0, height: 0 }, own, top);
  if (!origin) return null;
  const [x, y] = [point[0] - origin.x, point[1] - origin.y];
  const root = found.element.getRootNode();
  const shadowRoots = dom.nodeType(root) === dom.FRAGMENT ? [root as ShadowRoot] : [];
  if ('caretPositionFromPoint' in own) {
    const caret = own.caretPositionFromPoint(x, y, { shadowRoots });
    return caret && { node: caret.offsetNode, offset: caret.offset };
  }
  const range = (own as Document).caretRangeFromPoint(x, y);
  return range && { node: range.startContainer, offset: range.startOffset };
}

/** What is between two places, as it is told, and the element around both; nothing where they are in different trees, or are one. */
export function between(page: Page, a: Caret, b: Caret): { range: Told; element: Element } | null {
  const document = dom.ownerDocument(a.node);
  if (!document || document !== dom.ownerDocument(b.node) || a.node.getRootNode() !== b.node.getRootNode()) return null;
  const range = document.createRange();
  range.setStart(a.node, a.offset);
  range.setEnd(b.node, b.offset);
  // A range whose end comes first falls together at its end.
  if (range.collapsed) {
    range.setStart(b.node, b.offset);
    range.setEnd(a.node, a.offset);
  }
  const { startContainer, startOffset, endContainer, endOffset, commonAncestorContainer: common } = range;
  const element = dom.nodeType(common) === dom.ELEMENT ? (common as Element) : (dom.parentNode(common) as Element | null);
  const [start, end] = [page.id(startContainer), page.id(endContainer)];
  if (range.collapsed || start === undefined || end === undefined || !element || page.id(element) === undefined) return null;
  return { range: { start, startOffset, end, endOffset }, element };
}
