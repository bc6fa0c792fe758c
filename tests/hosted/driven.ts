// A page with the whole companion, hosted or not, without a server: the test plays the server, and reads what the companion said.
import { Companion } from '../../web/companion/companion';
import type { PageConfig, FromVisitor, ToVisitor } from '../../web/shared/protocol/visitor';
import type { MaskSite } from '../../web/shared/protocol/rules';
import type { PageEvent } from '../../web/shared/protocol/page';
import { leave, plain } from '../converge/plain';
import { attach } from '../converge/shadows';

const hosted = Reflect.get(window, 'hostedPage') !== false;
const config = { sid: 'abcdefgh23', domain: 'view.localhost', scheme: 'http', port: 8080, url: location.href, origin: location.origin, referrer: '', cookie: '', companion: '', ...(hosted && { hosted }) } satisfies PageConfig;
const handover = { ...plain(window), config };

function prepare(at: Window & typeof globalThis): void {
  if (at !== window) leave(at);
  attach(at.document);
  for (let i = 0; i < at.frames.length; i += 1) {
    const frame = at.frames[i] as Window & typeof globalThis;
    try {
      if (frame.document) prepare(frame);
    } catch {
      // Of another origin.
    }
  }
}
prepare(window);

const sent: FromVisitor[] = [];
const events: PageEvent[] = [];
let tell: (message: ToVisitor) => void = () => undefined;

const companion = new Companion(handover, {
  connect: ({ open, message }) => {
    tell = (said) => message(JSON.stringify(said));
    queueMicrotask(open);
    return { send: (said) => note(JSON.parse(said) as FromVisitor), close() {}, readyState: 1, bufferedAmount: 0 };
  },
  read: (said) => JSON.parse(said) as unknown,
  write: (said) => JSON.stringify(said),
});

function note(message: FromVisitor): void {
  if (message.t === 'events') events.push(...message.events);
  if (message.t !== 'ping' && message.t !== 'hash') sent.push(message);
}

/** The element of a selector; ` >>> ` goes into shadow roots and frames. */
function find(selector: string): Element {
  let root: Document | ShadowRoot = document;
  const parts = selector.split(' >>> ');
  for (const part of parts.slice(0, -1)) {
    const host: Element = root.querySelector(part) as Element;
    root = handover.shadowRoot(host) ?? ((host as HTMLIFrameElement).contentDocument as Document);
  }
  const found = root.querySelector(parts.at(-1) as string);
  if (!found) throw new Error(`nothing is ${selector}`);
  return found;
}

const capture = Reflect.get(companion, 'capture') as { idOf(node: Node): number | undefined; flush(): void };

const driven = {
  sent, events, find, companion,
  tell: (message: ToVisitor) => tell(message),
  begin: (sites: MaskSite[]) => tell({ t: 'privacy', sites }),
  id: (selector: string) => (capture.flush(), capture.idOf(find(selector))),
  text: (selector: string) => (capture.flush(), capture.idOf(find(selector).firstChild as Node)),
  /** Number of this load of the page. */
  page: () => (Reflect.get(companion, 'line') as { page: number }).page,
  /** What a sample takes. */
  measure: () => (Reflect.get(Reflect.get(companion, 'hosted') as object, 'samples') as { measure(): unknown }).measure(),
  /** What was said since the last time. */
  take: (t?: string) => {
    const out = sent.filter((message) => !t || message.t === t);
    sent.splice(0);
    return out;
  },
};
Reflect.set(window, 'driven', driven);
