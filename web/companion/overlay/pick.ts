// What of the page is at a point, within an area, or selected.
import type { NodeId, Range as WireRange } from '../../shared/protocol/page';
import { selectedText } from '../selection';
import { onScreen } from './anchors';
import { boundsOf } from './dom';
import type { Box, Point } from './geometry';
import type { Stage } from './stage';

/** The innermost element of the page at a point: within shadow roots and frames of the same origin. */
export function elementUnder({ nodes, parts }: Stage, { x, y }: Point): Element | null {
  let found = document.elementsFromPoint(x, y).find((element) => element !== parts.host) ?? null;
  let at = { x, y };
  for (let inner: Element | null = found; inner; ) {
    found = inner;
    const root = nodes.shadowRoot(inner);
    const content = contentOf(inner);
    if (content) {
      const box = onScreen(content.documentElement, { left: 0, top: 0, width: 1, height: 1 });
      at = { x: (x - box.left) / (box.width || 1), y: (y - box.top) / (box.height || 1) };
    }
    const next: Element | null = (content ?? root)?.elementFromPoint(at.x, at.y) ?? null;
    inner = next === found ? null : next;
  }
  return found && knownOf(nodes, found);
}

function contentOf(element: Element): Document | null {
  return element.localName === 'iframe' ? (element as HTMLIFrameElement).contentDocument : null;
}

/** The element, or the nearest around it that agents may be told of. */
function knownOf(nodes: Stage['nodes'], element: Element): Element | null {
  for (let at: Element | null = element; at; at = at.parentElement) if (nodes.id(at) !== null) return at;
  return null;
}

/** Where an element is on the screen. */
export function boxOn(element: Element): Box;
export function boxOn(element: Element | null): Box | null;
export function boxOn(element: Element | null): Box | null {
  return element && onScreen(element, boundsOf(element));
}

/** The innermost element that holds what is at the corners and in the middle of an area. */
export function commonElement(stage: Stage, { left, top, width, height }: Box): Element | null {
  const corners = [[1, 1], [width - 1, 1], [1, height - 1], [width - 1, height - 1], [width / 2, height / 2]] as const;
  const found = corners.map(([x, y]) => elementUnder(stage, { x: left + x, y: top + y })).filter((element) => element !== null);
  let [common = null] = found;
  while (common && !found.every((element) => element === common || common?.contains(element))) common = common.parentElement;
  return common;
}

/** The text that is selected on the page, bound to the element around it. */
export function textRange({ nodes }: Stage): { node: NodeId; range: WireRange } | null {
  const selected = selectedText(window);
  if (!selected) return null;
  const [start, end] = [nodes.id(selected.start), nodes.id(selected.end)];
  let element: Element | null = selected.start.parentElement;
  while (element && !element.contains(selected.end)) element = element.parentElement;
  const node = element && nodes.id(element);
  if (start === null || end === null || node === null) return null;
  return { node, range: { start, startOffset: selected.startOffset, end, endOffset: selected.endOffset } };
}
