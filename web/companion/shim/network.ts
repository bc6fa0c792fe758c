// What scripts load: real addresses mapped on their way out, view addresses unmapped where scripts read them back.
import type { Context } from './context';
import { asText, attempt, HANDLED, uncurried, type Convert } from './wrap';

const COOKIE_HEADER = 'x-alongside-cookie';

/** Interfaces, and the properties of theirs that hold addresses which scripts may only read. */
const READ_BACKS: ReadonlyArray<[string, string]> = [
  ['Response', 'url'],
  ['Request', 'url'],
  ['Request', 'referrer'],
  ['XMLHttpRequest', 'responseURL'],
  ['WebSocket', 'url'],
  ['EventSource', 'url'],
  ['PerformanceEntry', 'name'],
  ['StyleSheet', 'href'],
  ['CSSImportRule', 'href'],
  ['Document', 'URL'],
  ['Document', 'documentURI'],
  ['Node', 'baseURI'],
  ['StorageEvent', 'url'],
  ['HashChangeEvent', 'oldURL'],
  ['HashChangeEvent', 'newURL'],
  ['NavigationHistoryEntry', 'url'],
  ['NavigationDestination', 'url'],
  ['ErrorEvent', 'filename'],
  ['MessageEvent', 'origin'],
];

/** Wraps what loads and what reads back. */
export function installNetwork(context: Context): void {
  const { wrap, realm } = context;
  const unmap: Convert = (value) => (typeof value === 'string' ? context.addresses.unmap(value) : value);
  for (const [name, property] of READ_BACKS) wrap.accessor(wrap.prototype(name), property, unmap);
  const named = (value: unknown): unknown => {
    const entry = value as { name?: unknown };
    return { ...entry, name: unmap(entry.name, entry) };
  };
  for (const name of ['PerformanceEntry', 'PerformanceResourceTiming', 'PerformanceNavigationTiming']) wrap.method(wrap.prototype(name), 'toJSON', null, named);
  wrap.method(wrap.prototype('Performance'), 'getEntriesByName', ([name, ...rest]) => [context.addresses.map(String(name)), ...rest]);
  wrap.accessor(realm, 'origin', (value) => (value === 'null' ? value : context.addresses.unmap(String(value))));
  installDocument(context);
  installRequests(context);
  installXhr(context);
  for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'WebTransport']) attempt(() => Reflect.deleteProperty(realm, name));
  wrap.instead(wrap.prototype('ServiceWorkerContainer'), 'register', () =>
    realm.Promise.reject(new realm.DOMException('Service workers are off in a shared session.', 'NotSupportedError')));
}

function installDocument(context: Context): void {
  const { wrap, realm } = context;
  const prototype = wrap.prototype('Document');
  const own = (value: unknown, self: unknown, mine: () => unknown): unknown => (self === realm.document ? mine() : value);
  wrap.accessor(prototype, 'referrer', (value, self) => own(value, self, () => context.addresses.unmap(context.config.referrer)));
  wrap.accessor(prototype, 'domain', (value, self) => own(value, self, () => context.addresses.real.host), (value) => {
    const host = context.addresses.real.host;
    return host === value || host.endsWith(`.${String(value)}`) ? HANDLED : value;
  });
}

function installRequests(context: Context): void {
  const { wrap, realm } = context;
  const mapped = (value: unknown): unknown => {
    const text = typeof realm.Request === 'function' && value instanceof realm.Request ? null : asText(value);
    return text === null ? value : context.addresses.map(text);
  };
  const firstMapped = ([url, ...rest]: unknown[]): unknown[] => [mapped(url), ...rest];
  const request = ([url, init, ...rest]: unknown[]): unknown[] => {
    const referrer = (init as RequestInit | undefined)?.referrer;
    const given = typeof referrer === 'string' && referrer !== '' ? { ...(init as RequestInit), referrer: context.addresses.map(referrer) } : init;
    return init === undefined ? [mapped(url)] : [mapped(url), given, ...rest];
  };
  const header = uncurried<[string], string | null>(wrap.prototype('Headers'), 'get');
  const headers = uncurried<[], Headers>(wrap.prototype('Response'), 'headers', 'get');
  wrap.method(realm, 'fetch', (args) => (args.length === 0 ? args : request(args)), (promise) => {
    const at = context.cookies.now();
    return (promise as Promise<Response>).then((response) => {
      context.cookies.refresh(header(headers(response), COOKIE_HEADER), at);
      return response;
    });
  });
  wrap.construct('Request', request);
  wrap.construct('WebSocket', firstMapped);
  wrap.construct('EventSource', firstMapped);
  wrap.construct('Worker', firstMapped);
  wrap.construct('SharedWorker', firstMapped);
  wrap.construct('Audio', (args) => (args.length ? firstMapped(args) : args));
  wrap.construct('FontFace', ([family, source, ...rest]) => [family, typeof source === 'string' ? context.addresses.css(source) : source, ...rest]);
  wrap.method(wrap.prototype('Navigator'), 'sendBeacon', firstMapped);
  wrap.method(wrap.prototype('Worklet'), 'addModule', firstMapped);
}

function installXhr(context: Context): void {
  const { wrap, native } = context;
  const prototype = wrap.prototype('XMLHttpRequest');
  const header = uncurried<[string], string | null>(prototype, 'getResponseHeader');
  const state = uncurried<[], number>(prototype, 'readyState', 'get');
  const sent = new WeakMap<object, number>();
  wrap.method(prototype, 'open', ([method, url, ...rest], self) => {
    if (!sent.has(self as object)) {
      native.addEventListener(self as EventTarget, 'readystatechange', () => {
        const at = sent.get(self as object);
        if (at === undefined || at < 0 || state(self) < 2) return;
        sent.set(self as object, -1);
        context.cookies.refresh(header(self, COOKIE_HEADER), at);
      });
    }
    sent.set(self as object, -1);
    const text = asText(url);
    return [method, text === null ? url : context.addresses.map(text), ...rest];
  });
  wrap.method(prototype, 'send', (_, self) => { sent.set(self as object, context.cookies.now()); });
  wrap.method(prototype, 'getAllResponseHeaders', null, (text) => String(text).replace(/^x-alongside-.*\r\n/gim, ''));
}
