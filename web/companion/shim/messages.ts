// postMessage between windows: a page names real origins, the browser compares view origins.
//
// A window of another origin cannot be changed from here, so scripts get a stand-in for it: the same one wherever they meet that window
// (parent, opener, a frame's contentWindow, a message's source, what `open` gave), so that comparing them works. `top` and `frames[n]`
// cannot be replaced and stay the browser's own. Pop-ups have a stand-in whatever their origin: no `navigate` event tells of a blank
// one's `location` being set.
import type { Context } from './context';
import { attempt, type Realm } from './wrap';

/** Wraps them. */
export function installMessages(context: Context): void {
  const { wrap, realm } = context;
  wrap.method(realm, 'postMessage', (args) => mapTarget(context, args));
  const stands = new WeakMap<object, object>();
  const always = (value: object): object => {
    const stand = makeStandIn(context, value as Window);
    stands.set(value, stand);
    stands.set(stand, stand);
    return stand;
  };
  const standIn = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    return stands.get(value) ?? (isReachable(value) || !isWindow(value) ? value : always(value));
  };
  wrap.accessor(realm, 'parent', standIn);
  wrap.accessor(realm, 'opener', standIn);
  wrap.accessor(wrap.prototype('MessageEvent'), 'source', standIn);
  wrap.method(realm, 'open', null, (opened) => {
    if (typeof opened !== 'object' || opened === null || opened === realm) return opened;
    context.adopt(opened);
    return stands.get(opened) ?? always(opened);
  });
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
  const own = new Map<PropertyKey, unknown>();
  const location = (): unknown => {
    const place = makeLocation(context, window.location);
    own.set('location', place);
    return place;
  };
  const stand: object = new Proxy({}, {
    get(_, key) {
      if (key === 'window' || key === 'self' || key === 'frames') return stand;
      if (key === 'location') return own.get(key) ?? location();
      return bound(own, window, key, (args) => (key === 'postMessage' ? mapTarget(context, args) : args));
    },
    set: (_, key, value) => Reflect.set(window, key, key === 'location' ? context.addresses.map(String(value)) : value, window),
    has: (_, key) => Reflect.has(window, key),
    deleteProperty: (_, key) => Reflect.deleteProperty(window, key),
    getPrototypeOf: () => attempt(() => Reflect.getPrototypeOf(window), null),
  });
  return stand;
}

/** A location whose navigations are mapped. */
function makeLocation({ addresses }: Context, location: Location): object {
  const own = new Map<PropertyKey, unknown>();
  return new Proxy({}, {
    get: (_, key) => bound(own, location, key, (args) => (key === 'assign' || key === 'replace' ? [addresses.map(String(args[0]))] : args)),
    set: (_, key, value) => Reflect.set(location, key, key === 'href' ? addresses.map(String(value)) : value, location),
    has: (_, key) => Reflect.has(location, key),
  });
}

/** A property of a window or location; its functions bound to it, with their arguments converted. Constructors stay. */
function bound(own: Map<PropertyKey, unknown>, target: object, key: PropertyKey, convert: (args: unknown[]) => unknown[]): unknown {
  const value: unknown = Reflect.get(target, key, target);
  if (typeof value !== 'function' || Object.hasOwn(value, 'prototype')) return value;
  const found = own.get(key);
  if (found) return found;
  const native = value as (...args: unknown[]) => unknown;
  const made = (...args: unknown[]): unknown => Reflect.apply(native, target, attempt(() => convert(args), args));
  own.set(key, made);
  return made;
}

/** Whether scripts of this realm may reach into a window. */
function isReachable(window: object): boolean {
  return attempt(() => (window as Realm).document !== undefined, false);
}

function isWindow(value: object): boolean {
  return attempt(() => (value as Window).window === value, false);
}
