// A hand-over as the shim makes it, without the shim: for pages that no proxy serves.
import { takeHands } from '../../web/companion/acts/native';
import { HANDOVER, type Handover, type Native, type Observed } from '../../web/companion/handover';

type Callbacks = { [K in keyof Observed]: Set<(...told: Observed[K]) => void> };

const natives = (window: Window & typeof globalThis): Native => ({
  getAttribute: (element, name) => element.getAttribute(name),
  setAttribute: (element, name, value) => element.setAttribute(name, value),
  removeAttribute: (element, name) => element.removeAttribute(name),
  attrValue: (attr) => attr.value,
  appendChild: (parent, child) => parent.appendChild(child),
  attachShadow: (host, init) => host.attachShadow(init),
  adoptedStyleSheets: (root) => root.adoptedStyleSheets,
  contentDocument: (frame) => frame.contentDocument,
  contentWindow: (frame) => frame.contentWindow,
  documentURL: (document) => document.URL,
  baseURI: (node) => node.baseURI,
  sheetHref: (sheet) => sheet.href,
  addEventListener: (target, type, listener, options) => target.addEventListener(type, listener, options),
  removeEventListener: (target, type, listener, options) => target.removeEventListener(type, listener, options),
  messageOrigin: (event) => event.origin,
  postMessage: (target, message, origin, transfer) => target.postMessage(message, origin, transfer),
  setTimeout: (callback, milliseconds) => Number(setTimeout(callback, milliseconds)),
  clearTimeout: (id) => clearTimeout(id),
  requestAnimationFrame: (callback) => requestAnimationFrame(callback),
  queueMicrotask: (callback) => queueMicrotask(callback),
  fetch: (input, init) => fetch(input, init),
  MutationObserver,
  hands: takeHands(window),
});

/** Hooks what the capture cannot see by itself, and gives the hand-over. */
export function plain(window: Window & typeof globalThis): Handover {
  const native = natives(window);
  const callbacks: Callbacks = { shadow: new Set(), sheet: new Set(), adopted: new Set(), state: new Set(), canvas: new Set(), gpu: new Set(), url: new Set() };
  const tell = <K extends keyof Observed>(kind: K, ...told: Observed[K]) => callbacks[kind].forEach((callback) => callback(...told));
  const closed = new WeakMap<Element, ShadowRoot>();
  after(window.Element.prototype, 'attachShadow', (host, root) => {
    closed.set(host as Element, root as ShadowRoot);
    tell('shadow', root as ShadowRoot);
  });
  for (const name of ['insertRule', 'deleteRule', 'replaceSync']) {
    after(window.CSSStyleSheet.prototype, name, (sheet) => tell('sheet', sheet as CSSStyleSheet, { kind: 'all' }));
  }
  after(window.HTMLCanvasElement.prototype, 'getContext', (canvas, drawing) => {
    if (/WebGL/.test(drawing?.constructor.name ?? '')) tell('gpu', canvas as HTMLCanvasElement);
  });
  after(window.CanvasRenderingContext2D.prototype, 'fillRect', (drawing) => tell('canvas', (drawing as CanvasRenderingContext2D).canvas));
  for (const [prototype, name] of [
    [window.HTMLInputElement.prototype, 'value'],
    [window.HTMLInputElement.prototype, 'checked'],
    [window.HTMLInputElement.prototype, 'indeterminate'],
    [window.HTMLTextAreaElement.prototype, 'value'],
    [window.HTMLOptionElement.prototype, 'selected'],
    [window.HTMLSelectElement.prototype, 'selectedIndex'],
    [window.HTMLSelectElement.prototype, 'value'],
  ] as const) afterSet(prototype, name, (element) => tell('state', element as Element));
  return {
    config: {} as Handover['config'],
    native,
    map: (address) => address,
    unmap: (address) => address,
    shadowRoot: (host) => closed.get(host) ?? host.shadowRoot,
    observe(kind, callback) {
      callbacks[kind].add(callback);
      return () => callbacks[kind].delete(callback);
    },
    frames() {},
    channel() {
      throw new Error('no frames of other origins here');
    },
  };
}

const left = new WeakSet<Window>();

/** Leaves it where the companion of the page around takes it. */
export function leave(window: Window & typeof globalThis): void {
  if (left.has(window)) return;
  left.add(window);
  Object.defineProperty(window, HANDOVER, { value: plain(window), configurable: true });
}

function after(prototype: object, name: string, then: (self: unknown, result: unknown) => void): void {
  const own = Reflect.get(prototype, name) as (...args: unknown[]) => unknown;
  Reflect.set(prototype, name, function (this: unknown, ...args: unknown[]) {
    const result = own.apply(this, args);
    then(this, result);
    return result;
  });
}

function afterSet(prototype: object, name: string, then: (self: unknown) => void): void {
  const own = Object.getOwnPropertyDescriptor(prototype, name);
  if (!own?.set) return;
  const { set } = own;
  Object.defineProperty(prototype, name, {
    ...own,
    set(value: unknown) {
      set.call(this, value);
      then(this);
    },
  });
}
