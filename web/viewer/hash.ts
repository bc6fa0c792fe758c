// The built page, hashed from the DOM itself.
import * as dom from '../shared/dom';
import type { Described, Source } from '../shared/hash';
import type { NodeState } from '../shared/protocol/page';
import type { Page } from './page';

/** The built tree as `src/wash/hash.rs` sees it. */
export function source(page: Page): Source<Node> {
  return {
    first: dom.firstChild,
    next: dom.nextSibling,
    inner: (node) => page.innerOf(node),
    describe: (node) => describe(page, node),
  };
}

function describe(page: Page, node: Node): Described {
  const id = page.id(node) ?? 0;
  switch (dom.nodeType(node)) {
    case dom.ELEMENT: {
      const element = node as Element;
      const rules = page.sheets.rulesOf(id);
      const described = { name: dom.qualifiedName(element), ns: dom.namespaceOf(element), attrs: attributes(page, element), state: state(page, element) };
      return { k: 'element', ...described, ...(rules && { rules }) };
    }
    case dom.DOCUMENT:
      return { k: 'document', quirks: page.isQuirks(node), adopted: page.sheets.adoptedRules(id) };
    case dom.DOCTYPE: {
      const { name, publicId, systemId } = node as DocumentType;
      return { k: 'doctype', name, publicId, systemId };
    }
    case dom.FRAGMENT:
      return { k: 'shadowRoot', adopted: page.sheets.adoptedRules(id) };
    default:
      return { k: 'text', text: dom.data(node) };
  }
}

function attributes(page: Page, element: Element): [string, string][] {
  const map = dom.attributes(element);
  return Array.from({ length: dom.attributeCount(map) }, (_, i): [string, string] => {
    const attribute = dom.attributeAt(map, i);
    return [dom.attributeName(attribute), page.reloads.announced(element, dom.attributeValue(attribute))];
  });
}

function state(page: Page, element: Element): NodeState {
  const state: NodeState = {};
  const name = dom.htmlName(element);
  if (name === 'input' || name === 'textarea') {
    const control = element as HTMLInputElement;
    if (!/^(checkbox|radio|hidden)$/.test(control.type)) state.value = page.states.valueOf(control);
    state.checked = control.checked === true;
    state.indeterminate = control.indeterminate === true;
  } else if (name === 'option') state.selected = dom.optionSelected(element as HTMLOptionElement);
  else if (name === 'dialog') state.modal = dom.matches(element, ':modal');
  if (dom.hasAttribute(element, 'popover')) state.popover = dom.matches(element, ':popover-open');
  return state;
}
