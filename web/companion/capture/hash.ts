// The announced tree, hashed from the DOM itself.
import type { Described, Source } from '../../shared/hash';
import * as dom from '../../shared/dom';
import { toldAttributes } from '../privacy/told';
import { isHidden } from '../privacy/verdicts';
import type { Sheets } from './sheets';
import { readState } from './state';
import type { Env, Tree } from './tree';

/** The announced tree as `src/wash/hash.rs` sees it. */
export function source(env: Env, tree: Tree, sheets: Sheets): Source<Node> {
  return {
    first: (node) => tree.firstCaptured(node),
    next: (node) => tree.nextCaptured(node),
    inner(node) {
      if (dom.nodeType(node) !== dom.ELEMENT) return null;
      return tree.shadowOf(node as Element) ?? tree.contentOf(node as Element);
    },
    describe: (node) => describe(env, tree, sheets, node),
  };
}

function describe(env: Env, tree: Tree, sheets: Sheets, node: Node): Described {
  const twin = tree.of(node);
  switch (dom.nodeType(node)) {
    case dom.ELEMENT: {
      const element = node as Element;
      const ns = dom.namespaceOf(element);
      const verdict = twin?.verdict ?? env.outer;
      const attrs = toldAttributes(env.native, element, verdict);
      const state = isHidden(verdict) ? undefined : readState(env, element, verdict, true);
      const rules = twin?.rules;
      return { k: 'element', name: dom.qualifiedName(element), ns, attrs, ...(state && { state }), ...(rules && { rules }) };
    }
    case dom.DOCUMENT:
      return { k: 'document', quirks: dom.compatMode(node as Document) === 'BackCompat', adopted: sheets.rulesOf(node as Document) };
    case dom.DOCTYPE: {
      const { name, publicId, systemId } = node as DocumentType;
      return { k: 'doctype', name, publicId, systemId };
    }
    case dom.FRAGMENT:
      return { k: 'shadowRoot', adopted: sheets.rulesOf(node as ShadowRoot) };
    default:
      return { k: 'text', text: twin ? tree.textOf(twin) : '' };
  }
}
