// What is not for agents: what the page's own verdicts mask or hide, as it is announced and taken back, and what the server named beside it.
import type { NodeId } from '../../shared/protocol/page';
import * as dom from '../../shared/dom';
import type { Twin } from '../capture/twin';
import { isField, isHidden, isMasked } from '../privacy/verdicts';
import type { Part } from './boxes';

/** In what is masked, pictures are covered: no star stands for them. So is what draws a value. */
const DRAWN: ReadonlySet<string | null> = new Set(['img', 'video', 'audio', 'canvas', 'object', 'embed', 'iframe', 'frame', 'meter', 'progress', 'fencedframe']);

/** What of an announced node is not for agents; null: nothing. */
export function partOf({ node, verdict }: Twin): Part | null {
  const type = dom.nodeType(node);
  const masked = isMasked(verdict);
  if (type === dom.TEXT || type === dom.CDATA) return masked ? 'text' : null;
  if (type !== dom.ELEMENT) return null;
  const element = node as Element;
  if (isHidden(verdict)) return 'whole';
  // A document that nobody can look into.
  if (dom.htmlName(element) === 'embed') return 'box';
  if (!masked) return null;
  if (isField(element) || DRAWN.has(dom.htmlName(element)) || isDrawing(element)) return 'box';
  return 'face';
}

function isDrawing(element: Element): boolean {
  return dom.namespaceURI(element) === dom.SVG && dom.localName(element) === 'svg';
}

/** One entry of the list. */
export interface Listed {
  id: NodeId;
  node: Node;
  part: Part;
}

/** The list. */
export class Listing {
  private readonly own = new Map<Twin, Part>();
  private named: readonly NodeId[] = [];
  /** Number of the message that named them. */
  guard = 0;
  /** Counts its changes. */
  turn = 0;

  constructor(private readonly node: (id: NodeId) => Node | null) {}

  /** A node was announced; whether it is on the list. */
  enter(twin: Twin): boolean {
    const part = partOf(twin);
    if (!part) return false;
    this.own.set(twin, part);
    this.turn += 1;
    return true;
  }

  /** A node was taken back; whether it was on the list. */
  leave(twin: Twin): boolean {
    if (!this.own.delete(twin)) return false;
    this.turn += 1;
    return true;
  }

  /** The server names these, in place of those before; gives those that are named no longer. */
  name(guard: number, nodes: readonly NodeId[]): NodeId[] {
    const now = new Set(nodes);
    const gone = this.named.filter((id) => !now.has(id));
    this.guard = guard;
    this.named = [...now];
    this.turn += 1;
    return gone;
  }

  /** Named nodes, wherever they are. */
  get names(): readonly NodeId[] {
    return this.named;
  }

  get empty(): boolean {
    return this.own.size === 0 && this.named.length === 0;
  }

  /** All of it that is in documents that can be read from here. */
  all(): Listed[] {
    const all: Listed[] = [];
    for (const [{ id, node }, part] of this.own) all.push({ id, node, part });
    for (const id of this.named) {
      const node = this.node(id);
      if (node) all.push({ id, node, part: dom.nodeType(node) === dom.ELEMENT ? 'whole' : 'text' });
    }
    return all;
  }
}
