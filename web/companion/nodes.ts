// Which node of the page an id means, and the other way round.
import type { NodeId } from '../shared/protocol/page';
import type { Capture } from './capture/capture';
import type { Hub } from './frames';

/** The nodes of the page by the ids that all sides share. */
export interface PageNodes {
  /** The node; of a frame that captures itself, the frame's element. Null: not on the page now. */
  node(id: NodeId): Node | null;
  /** The node is in a frame that captures itself: where in the frame it is cannot be seen from here. */
  foreign(id: NodeId): boolean;
  /** The id of a node that was announced; null: it was not, or is none of the page's. */
  id(node: Node): NodeId | null;
  /** The shadow root of an element of the page, closed ones too. */
  shadowRoot(element: Element): ShadowRoot | null;
}

/** Those of a top document. */
export function pageNodes(capture: Capture, hub: Hub): PageNodes {
  return {
    node(id) {
      const own = hub.host(id);
      return own === null ? null : capture.node(own);
    },
    foreign: (id) => hub.host(id) !== id,
    id: (node) => capture.idOf(node) ?? null,
    shadowRoot: (element) => capture.shadowRoot(element),
  };
}
