// The built page, hashed from the DOM itself.
import type { Described, Source } from '../shared/hash';
import type { NodeState } from '../shared/protocol/page';
import type { Page } from './page';

/** The built tree as `src/wash/hash.rs` sees it. */
export function source(page: Page): Source<Node> {
  return {
    first: (node) => node.firstChild,
    next: (node) => node.nextSibling,
    inner: (node) => page.innerOf(node),
    describe: (node) => describe(page, node),
  };
}

function describe(page: Page, node: Node): Described {
  const id = page.id(node) ?? 0;
  switch (node.nodeType) {
    case Node.ELEMENT_NODE: {
      const element = node as Element;
      const rules = page.sheets.rulesOf(id);
      const attrs = [...element.attributes].map(({ name, value }): [string, string] => [name, value]);
      return { k: 'element', name: qualifiedName(element), ns: namespace(element), attrs, state: state(page, element), ...(rules && { rules }) };
    }
    case Node.DOCUMENT_NODE:
      return { k: 'document', quirks: page.isQuirks(node), adopted: page.sheets.adoptedRules(id) };
    case Node.DOCUMENT_TYPE_NODE: {
      const { name, publicId, systemId } = node as DocumentType;
      return { k: 'doctype', name, publicId, systemId };
    }
    case Node.DOCUMENT_FRAGMENT_NODE:
      return { k: 'shadowRoot', adopted: page.sheets.adoptedRules(id) };
    default:
      return { k: 'text', text: (node as Text).data };
  }
}

function qualifiedName({ prefix, localName }: Element): string {
  return prefix ? `${prefix}:${localName}` : localName;
}

function namespace(element: Element): 'html' | 'svg' | 'mathml' | 'other' {
  if (element.namespaceURI === 'http://www.w3.org/1999/xhtml') return 'html';
  if (element.namespaceURI === 'http://www.w3.org/2000/svg') return 'svg';
  return element.namespaceURI === 'http://www.w3.org/1998/Math/MathML' ? 'mathml' : 'other';
}

function state(page: Page, element: Element): NodeState {
  const state: NodeState = {};
  const name = element.localName;
  if (name === 'input' || name === 'textarea') {
    const control = element as HTMLInputElement;
    if (!/^(checkbox|radio|hidden)$/.test(control.type)) state.value = page.states.valueOf(control);
    state.checked = control.checked === true;
    state.indeterminate = control.indeterminate === true;
  } else if (name === 'option') state.selected = (element as HTMLOptionElement).selected;
  else if (name === 'dialog') state.modal = element.matches(':modal');
  if (element.hasAttribute('popover')) state.popover = element.matches(':popover-open');
  return state;
}
