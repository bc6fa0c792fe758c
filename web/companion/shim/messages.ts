// postMessage between windows: a page names real origins, the browser compares view origins.
//
// A window of another origin cannot be changed from here, so scripts get a stand-in for it: the same one wherever they meet that window
// (parent, opener, a frame's contentWindow, a message's source, what `open` gave), so that comparing them works. `top` and `frames[n]`
// cannot be replaced and stay the browser's own.
import type { Context } from './context';
import { attempt, type Realm } from './wrap';

/** Wraps them. */
export function installMessages(context: Context): void {
  const { wrap, realm } = context;
  wrap.method(realm, 'postMessage', (args) => mapTarget(context, args));
  const stands = new WeakMap<object, object>();
  const standIn = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || isReachable(value) || !isWindow(value)) return value;
    let stand = stands.get(value);
    if (!stand) {
      stand = makeStandIn(context, value as Window);
      stands.set(value, stand);
      stands.set(stand, stand);
    }
    return stand;
  };
  wrap.accessor(realm, 'parent', standIn);
  wrap.accessor(realm, 'opener', standIn);
  wrap.accessor(wrap.prototype('MessageEvent'), 'source', standIn);
  wrap.method(realm, 'open', null, standIn);
  for (const name of ['IFrame', 'Frame', 'Object']) {
    wrap.accessor(wrap.prototype(`HTML${name}Element`), 'contentWindow', standIn);
  }
}

/** Arguments of `postMessage` with the target's origin mapped. */
function mapTarget({ addresses }: Context, args: unknown[]): unknown[] {
  const [message, target, ...rest] = args;
  if (typeof target === 'string') return [message, mapOrigin(addresses, target), ...rest];
  const origin = (target as WindowPostMessageOptions | null | undefined)?.targetOrigin;
  if (typeof origin !== 'string') return args;
  return [message, { ...(target as WindowPostMessageOptions), targetOrigin: mapOrigin(addresses, origin) }, ...rest];
}

function mapOrigin(addresses: Context['addresses'], origin: string): string {
  const mapped = addresses.map(origin);
  return mapped.includes('/.alongside/') ? origin : mapped;
}

function makeStandIn(context: Context, window: Window): object {
  const functions = new Map<PropertyKey, unknown>();
  const bound = (key: PropertyKey, value: unknown): unknown => {
    if (typeof value !== 'function') return value;
    let own = functions.get(key);
    if (!own) {
      const native = value as (...args: unknown[]) => unknown;
      own = (...args: unknown[]) => Reflect.apply(native, window, key === 'postMessage' ? mapTarget(context, args) : args);
      functions.set(key, own);
    }
    return own;
  };
  const stand: object = new Proxy(Object.create(null) as object, {
    get: (_, key) => (key === 'window' || key === 'self' || key === 'frames' ? stand : bound(key, Reflect.get(window, key, window))),
    set: (_, key, value) => Reflect.set(window, key, value, window),
    has: (_, key) => Reflect.has(window, key),
    getPrototypeOf: () => null,
  });
  return stand;
}

/** Whether scripts of this realm may reach into a window. */
function isReachable(window: object): boolean {
  return attempt(() => (window as Realm).document !== undefined, false);
}

function isWindow(value: object): boolean {
  return attempt(() => (value as Window).window === value, false);
}
