// Random changes of a page, the same for the same seed.

/** Numbers from 0 to 1 (mulberry32). */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Random = () => number;
type Leave = (window: Window & typeof globalThis) => void;

/** Prepares a frame's window, as the shim does when a script reaches into it. */
let reach: Leave = () => {};

/** Nodes that were taken out and may come back. */
const limbo: Node[] = [];
const closed = new Map<Element, ShadowRoot>();
const constructed: CSSStyleSheet[] = [];

/** Makes a batch of changes. `leave` prepares a frame's window as the shim would. */
export async function change(seed: number, leave: Leave): Promise<void> {
  reach = leave;
  const next = random(seed);
  const steps = 1 + Math.floor(next() * 12);
  for (let i = 0; i < steps; i += 1) {
    pick(next, CHANGES)(next);
    const pause = next();
    if (pause < 0.1) await Promise.resolve();
    else if (pause < 0.15) await new Promise((resolve) => setTimeout(resolve, 0));
  }
}

function pick<T>(next: Random, list: readonly T[]): T {
  return list[Math.floor(next() * list.length)] as T;
}

/** All roots: the document, shadow roots, frames' documents. */
function roots(): (Document | ShadowRoot)[] {
  const found: (Document | ShadowRoot)[] = [document];
  for (const root of found) {
    for (const element of root.querySelectorAll('*')) {
      const shadow = closed.get(element) ?? element.shadowRoot;
      if (shadow) found.push(shadow);
      const inner = element.localName === 'iframe' ? (element as HTMLIFrameElement).contentDocument : null;
      if (!inner) continue;
      reach(inner.defaultView as Window & typeof globalThis);
      found.push(inner);
    }
  }
  return found;
}

function elements(next: Random, selector = 'body, body *, :host, div, span'): Element[] {
  const root = pick(next, roots());
  const found = [...root.querySelectorAll(selector)].filter((element) => !element.closest('svg, select, script, style, textarea'));
  return found.length ? found : [document.body];
}

function parent(next: Random): Node {
  const root = pick(next, roots());
  if (root instanceof ShadowRoot || (root.nodeType === 11 && next() < 0.5)) return root;
  const found = elements(next);
  const element = pick(next, found);
  return /^(iframe|input|img|br)$/.test(element.localName) ? document.body : element;
}

function place(next: Random, parent: Node): Node | null {
  return next() < 0.4 ? null : pick(next, [...parent.childNodes, null]);
}

function put(next: Random, node: Node): void {
  const to = parent(next);
  if (node.contains(to) || includes(node, to)) return;
  try {
    to.insertBefore(node, place(next, to));
  } catch {
    // Not everything goes everywhere.
  }
}

/** `node` is around `inner`, through shadow roots and frames. */
function includes(node: Node, inner: Node): boolean {
  for (let at: Node | null = inner; at; ) {
    if (at === node) return true;
    const root: Node = at.getRootNode();
    if (root === at) at = at instanceof Document || at.nodeType === 9 ? ((at as Document).defaultView?.frameElement ?? null) : ((at as ShadowRoot).host ?? null);
    else at = at.parentNode;
  }
  return false;
}

let count = 0;

function made(next: Random, depth = 0): Node {
  count += 1;
  const kind = next();
  if (kind < 0.2) return document.createTextNode(pick(next, ['text', ' ', '', 'ü€😀', 'a\ud800b']) + count);
  if (kind < 0.24) return document.createComment('not captured');
  if (kind < 0.3) {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const use = document.createElementNS('http://www.w3.org/2000/svg', 'linearGradient');
    use.setAttributeNS('http://www.w3.org/1999/xlink', 'xlink:href', `#g${count}`);
    svg.append(use);
    return svg;
  }
  if (kind < 0.45) return control(next);
  const element = document.createElement(pick(next, ['div', 'span', 'p', 'table', 'a', 'x-part', 'ul', 'form', 'section']));
  element.setAttribute('data-n', String(count));
  for (let i = Math.floor(next() * 4); i > 0 && depth < 4; i -= 1) element.append(made(next, depth + 1));
  return element;
}

function control(next: Random): Element {
  const name = pick(next, ['input', 'textarea', 'select', 'style', 'dialog']);
  const element = document.createElement(name);
  if (element instanceof HTMLInputElement) {
    element.type = pick(next, ['text', 'password', 'checkbox', 'radio', 'number', 'hidden', 'color', 'range']);
    element.name = pick(next, ['a', 'b']);
    if (next() < 0.5) element.setAttribute('value', String(count));
    if (next() < 0.3) element.setAttribute('checked', '');
  } else if (element instanceof HTMLSelectElement) {
    element.multiple = next() < 0.3;
    for (let i = 0; i < 3; i += 1) element.append(new Option(`option ${i}`, String(i), next() < 0.2));
  } else if (element instanceof HTMLStyleElement) element.textContent = `.c${count} { color: rgb(1, 2, 3) }`;
  else if (element instanceof HTMLTextAreaElement) element.append(`default ${count}`);
  return element;
}

type Change = (next: Random) => void;

const CHANGES: readonly Change[] = [
  (next) => put(next, made(next)),
  (next) => put(next, made(next)),
  function move(next) {
    const found = elements(next, 'body *');
    const element = pick(next, found);
    if (element !== document.body) put(next, element);
  },
  function remove(next) {
    const node = pick(next, elements(next, 'body *'));
    if (node === document.body || document.querySelectorAll('*').length < 40) return;
    node.remove();
    if (limbo.push(node) > 20) limbo.shift();
  },
  function comeBack(next) {
    const node = limbo.pop();
    if (!node) return;
    if (node instanceof Element) node.setAttribute('data-changed', String(count++));
    node.appendChild(document.createTextNode('changed while away'));
    put(next, node);
  },
  function wrap(next) {
    const element = pick(next, elements(next, 'body *'));
    if (element.localName === 'body') return;
    const wrapper = document.createElement('div');
    element.replaceWith(wrapper);
    wrapper.append('before', element);
  },
  function unwrap(next) {
    const element = pick(next, elements(next, 'body div, body span, body section'));
    if (element.localName !== 'body') element.replaceWith(...element.childNodes);
  },
  function shuffle(next) {
    const element = parent(next);
    for (const child of [...element.childNodes].sort(() => next() - 0.5)) element.appendChild(child);
  },
  function text(next) {
    const node = pick(next, elements(next)).firstChild;
    if (node?.nodeType === 3) (node as Text).data += pick(next, ['!', 'ß', '\udc00']);
  },
  function attribute(next) {
    const element = pick(next, elements(next));
    const name = pick(next, ['class', 'title', 'style', 'data-x', 'hidden', 'type', 'value', 'autocomplete', 'popover', 'checked']);
    if (next() < 0.3) element.removeAttribute(name);
    else element.setAttribute(name, pick(next, ['', 'a', 'color: red', 'text', 'checkbox', 'cc-number']));
  },
  function value(next) {
    for (const element of elements(next, 'input, textarea, option')) {
      if (next() < 0.5) continue;
      if (element instanceof HTMLInputElement && element.type !== 'file') element.value = String(Math.floor(next() * 100));
      if (element instanceof HTMLInputElement) element.checked = next() < 0.5;
      if (element instanceof HTMLInputElement) element.indeterminate = next() < 0.2;
      if (element instanceof HTMLTextAreaElement) element.value = `typed ${count}`;
    }
    const root = pick(next, roots());
    for (const select of root.querySelectorAll('select')) select.selectedIndex = Math.floor(next() * 4) - 1;
  },
  function sheet(next) {
    const root = pick(next, roots());
    for (const style of root.querySelectorAll('style')) {
      if (next() < 0.5 || !style.sheet) continue;
      if (next() < 0.6 || !style.sheet.cssRules.length) style.sheet.insertRule(`.r${count++} { margin: 1px }`, 0);
      else if (next() < 0.5) style.sheet.deleteRule(0);
      else style.textContent += ` .t${count++} { top: 0 }`;
    }
  },
  function adopt(next) {
    const root = pick(next, roots());
    if (root.nodeType !== 11 && root !== document) return;
    if (root.ownerDocument !== document && root !== document) return;
    if (constructed.length < 3 || next() < 0.2) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`.a${count++} { left: 0 }`);
      constructed.push(sheet);
    }
    const sheet = pick(next, constructed);
    const kind = next();
    if (kind < 0.4) root.adoptedStyleSheets = [...new Set([...root.adoptedStyleSheets, sheet])];
    else if (kind < 0.6) root.adoptedStyleSheets = [];
    else if (kind < 0.8) sheet.insertRule(`.i${count++} { right: 0 }`, 0);
    else sheet.replaceSync(`.s${count++} { bottom: 0 } .more { top: 1px }`);
  },
  function shadow(next) {
    const host = pick(next, elements(next, 'div, span, p, section, x-part'));
    if (host.shadowRoot || closed.has(host) || host.localName === 'body' || roots().length > 12) return;
    const root = host.attachShadow({ mode: next() < 0.5 ? 'open' : 'closed' });
    closed.set(host, root);
    root.append('in the shadow', document.createElement('slot'), made(next));
  },
  function frame(next) {
    if (roots().filter((root) => root.nodeType === 9).length > 4) return;
    const frame = document.createElement('iframe');
    put(next, frame);
    const inner = frame.contentDocument;
    if (!inner) return;
    reach(frame.contentWindow as Window & typeof globalThis);
    if (next() < 0.5) {
      inner.open();
      inner.write('<!DOCTYPE html><title>inner</title><p>written');
      inner.close();
    }
    inner.body.append(inner.createElement('div'), 'in the frame');
  },
  function dialog(next) {
    for (const dialog of pick(next, roots()).querySelectorAll('dialog')) {
      if (!dialog.isConnected) continue;
      if (dialog.open) dialog.close();
      else if (!dialog.hasAttribute('popover')) dialog[next() < 0.5 ? 'showModal' : 'show']();
    }
  },
  function html(next) {
    const element = pick(next, elements(next, 'body div, body p, body section'));
    if (element.localName !== 'body') element.innerHTML = '<b>bold</b> <i class=x>italic</i><!-- c --><input value=1><table><tr><td>cell</table>';
  },
  function normalize(next) {
    pick(next, elements(next)).normalize();
  },
];
