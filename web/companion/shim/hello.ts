// How a frame of another origin reaches the companion of the page around it: a message with a port. The page must not get it, or it would
// read the frame: so it is taken here, by the first listener of the window, with the browser's own functions.
import { HELLO, type Channel, type Handover } from '../handover';
import type { Context } from './context';
import { attempt } from './wrap';

type Hello = Parameters<Parameters<Handover['frames']>[0]>;

/** Takes the messages; gives the companion's side of it. */
export function installHello(context: Context): Pick<Handover, 'frames' | 'channel'> {
  const { native, realm } = context;
  const read = readers();
  let tell: ((...hello: Hello) => void) | null = null;
  const waiting: Hello[] = [];
  native.addEventListener(realm, 'message', (event) => {
    const message = event as MessageEvent;
    if (!message.isTrusted || read.data(message) !== HELLO) return;
    message.stopImmediatePropagation();
    const port = read.ports(message)[0];
    const source = read.source(message);
    if (!port || !source) return;
    const hello: Hello = [source as Window, native.messageOrigin(message), read.channel(port)];
    if (tell) tell(...hello);
    else waiting.push(hello);
  }, { capture: true });
  return {
    frames(callback) {
      tell = (...hello) => attempt(() => { callback(...hello); });
      for (const hello of waiting.splice(0)) tell(...hello);
    },
    channel: (port) => read.channel(port),
  };
}

/** The browser's own accessors of messages and ports. */
function readers() {
  const { apply } = Reflect;
  const of = (prototype: object, name: string): (() => unknown) | undefined => Object.getOwnPropertyDescriptor(prototype, name)?.get;
  const { data, ports, source } = { data: of(MessageEvent.prototype, 'data'), ports: of(MessageEvent.prototype, 'ports'), source: of(MessageEvent.prototype, 'source') };
  const { postMessage, start, close } = MessagePort.prototype;
  const { addEventListener } = EventTarget.prototype;
  const get = (getter: (() => unknown) | undefined, event: MessageEvent): unknown => getter && apply(getter, event, []);
  const read = {
    data: (event: MessageEvent): unknown => get(data, event),
    ports: (event: MessageEvent) => (get(ports, event) ?? []) as readonly MessagePort[],
    source: (event: MessageEvent) => get(source, event) as MessageEventSource | null,
    channel: (port: MessagePort): Channel => ({
      post: (message, transfer = []) => { apply(postMessage, port, [message, transfer]); },
      listen(callback) {
        const listener = (event: Event): void => { callback(read.data(event as MessageEvent), read.ports(event as MessageEvent)); };
        apply(addEventListener, port, ['message', listener]);
        apply(start, port, []);
      },
      close: () => { apply(close, port, []); },
    }),
  };
  return read;
}
