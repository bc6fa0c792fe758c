// What an element is called, as a screen reader would say it (Accessible Name and Description Computation, in short).
import * as dom from '../../shared/dom';
import { type ActPage, rootOf, typeOf } from './env';

/** Name of a control, link or form; empty: it has none. */
export function nameOf(page: ActPage, element: Element): string {
  const get = (of: Element, name: string) => (page.native.getAttribute(of, name) ?? '').trim();
  const root = rootOf(element);
  const ids = get(element, 'aria-labelledby').split(/\s+/).filter(Boolean);
  const labelled = root ? ids.map((id) => page.hands(element).queryAll(root, `[id="${CSS.escape(id)}"]`)[0]) : [];
  const texts = labelled.map((other) => (other ? textOf(page, other) : '')).filter(Boolean);
  if (texts.length) return texts.join(' ');
  if (get(element, 'aria-label')) return get(element, 'aria-label');
  const type = typeOf(element);
  if (['submit', 'button', 'reset'].includes(type)) return get(element, 'value') || (type === 'submit' ? 'Submit' : type === 'reset' ? 'Reset' : '');
  if (type === 'image') return get(element, 'alt') || get(element, 'value') || 'Submit';
  const labels = page.hands(element).labels(element).map((label) => textOf(page, label)).filter(Boolean);
  if (labels.length) return labels.join(' ');
  const name = dom.htmlName(element);
  const own = name === 'input' || name === 'select' || name === 'textarea' || name === 'form' ? '' : textOf(page, element);
  return own || get(element, 'title') || get(element, 'placeholder') || (name === 'form' ? get(element, 'name') : '');
}

/** Text of an element, with the alternatives of its pictures; what fields hold is no name. */
function textOf(page: ActPage, element: Element): string {
  const out: string[] = [];
  const stack: Node[] = [element];
  for (let node = stack.pop(); node; node = stack.pop()) {
    const name = dom.htmlName(node);
    if (dom.nodeType(node) === dom.TEXT) out.push(dom.data(node));
    if (name === 'img') out.push(page.native.getAttribute(node as Element, 'alt') ?? '');
    if (name === 'script' || name === 'style' || name === 'select' || name === 'textarea') continue;
    const inner = dom.nodeType(node) === dom.ELEMENT ? page.shadowRoot(node as Element) : null;
    for (let child = dom.lastChild(node); child; child = dom.previousSibling(child)) stack.push(child);
    if (inner) stack.push(inner);
  }
  return out.join(' ').replace(/\s+/g, ' ').trim();
}
