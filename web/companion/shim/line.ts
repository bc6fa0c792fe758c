// The way to the session's socket, which only the companion of a tab's own document has. The server gives such a document a key, in the shim's
// element; here it goes out of the page's reach, before any script of the page runs. What is said over the socket is the visitor's word.
import { LINE, type Wire } from '../handover';
import { uncurried, type Realm } from './wrap';

/** Leaves it to the companion: `companion` gets it once, while it runs, and nobody else. */
export function leaveLine(realm: Realm, key: string, companion: HTMLScriptElement): void {
  const current = uncurried<[], Element | null>(realm.Document.prototype, 'currentScript', 'get');
  const { document } = realm;
  let wire: Wire | undefined = makeWire(realm, key);
  Object.defineProperty(realm, LINE, {
    get: () => {
      if (current(document) !== companion) return undefined;
      const given = wire;
      wire = undefined;
      return given;
    },
  });
}

/** Sockets with the browser's own functions; the page's objects never meet them. */
function makeWire(realm: Realm, key: string): Wire {
  const { WebSocket: Native, JSON: { parse, stringify } } = realm;
  const socket = Native.prototype;
  const listen = uncurried<[string, (event: Event) => void], void>(realm.EventTarget.prototype, 'addEventListener');
  const data = uncurried<[], unknown>(realm.MessageEvent.prototype, 'data', 'get');
  const send = uncurried<[string], void>(socket, 'send');
  const close = uncurried<[], void>(socket, 'close');
  const state = uncurried<[], number>(socket, 'readyState', 'get');
  const queued = uncurried<[], number>(socket, 'bufferedAmount', 'get');
  const includes = uncurried<[string], boolean>(realm.String.prototype, 'includes');
  const wellFormed = uncurried<[], string>(realm.String.prototype, 'toWellFormed');
  const url = `${realm.location.protocol === 'https:' ? 'wss:' : 'ws:'}//${realm.location.host}/.alongside/socket?key=${key}`;
  return {
    connect: ({ open, message, lost }) => {
      const own = new Native(url);
      listen(own, 'open', () => { open(); });
      listen(own, 'message', (event) => { message(data(event)); });
      listen(own, 'close', () => { lost(); });
      return {
        send: (text) => { send(own, text); },
        close: () => { close(own); },
        get readyState() { return state(own); },
        get bufferedAmount() { return queued(own); },
      };
    },
    read: (text) => parse(text) as unknown,
    write: (message) => {
      // A `toJSON` that the page gave all objects has no say.
      const plain = { ...(message as object), toJSON: undefined };
      const json = stringify(plain);
      return includes(json, '\\ud') ? stringify(plain, (_, value: unknown) => (typeof value === 'string' ? wellFormed(value) : value)) : json;
    },
  };
}
