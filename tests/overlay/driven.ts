// A page with the companion's capture and overlay, without a server: the test plays the server, and reads what the visitor said.
import { Capture } from '../../web/companion/capture/capture';
import { createOverlay, type OverlayState, type Said, type Told } from '../../web/companion/overlay';
import { ownNative } from '../../web/companion/overlay/dom';
import { pageNodes } from '../../web/companion/nodes';
import type { PageEvent } from '../../web/shared/protocol/page';
import type { Rules } from '../../web/shared/protocol/people';
import { plain } from '../converge/plain';

const handover = { ...plain(window), config: { scheme: 'http', sid: 'abcdefgh23', domain: 'view.localhost', referrer: '' } as never };
const sent: (Said | { t: 'end' })[] = [];
const events: PageEvent[] = [];
const answers: (boolean | null)[] = [];
const taken: string[] = [];

const rules: Rules = {
  modes: ['view-only', 'shared'], acts: [], tools: ['pointer', 'label', 'highlight', 'mark', 'chat'], visitorTools: ['highlight', 'chat'],
  presets: [], ask: [], askSelectors: [], never: [], silentSupervisor: false,
};
let state: OverlayState = {
  agent: 'Justin', people: [{ id: 1, name: 'Justin', role: 'agent', watching: true, rtt: 34 }], mode: 'view-only', rules, shown: true, private: false, connection: 'connected', rtt: 12,
};
const capture = new Capture({
  handover,
  frame: 0,
  ours: (element) => element.localName === 'alongside-overlay',
  deliver: (out) => void events.push(...out),
  frameGone() {},
  opened() {},
  again() {},
});
const overlay = createOverlay(
  { end: () => void sent.push({ t: 'end' }), send: (message) => void sent.push(message) },
  pageNodes(capture, { host: (id: number) => id } as never),
  // What the shim's are like: taken before the page changed anything.
  { ...handover.native, ...ownNative },
);
capture.start();
capture.snapshot();
overlay.update(state);

const find = (selector: string): Element => {
  const [own, within] = selector.split(' >>> ') as [string, string?];
  const element = document.querySelector(own);
  const inner = element?.shadowRoot ?? (element as HTMLIFrameElement | null)?.contentDocument;
  const found = within ? inner?.querySelector(within) : element;
  if (!found) throw new Error(`nothing is ${selector}`);
  return found;
};

/** What the test uses. */
const driven = {
  sent, events, answers, taken,
  state: (change: Partial<OverlayState>) => overlay.update((state = { ...state, ...change })),
  rules: (change: Partial<Rules>) => driven.state({ rules: { ...state.rules!, ...change } }),
  told: (message: Told) => overlay.told(message),
  id: (selector: string) => (capture.flush(), capture.idOf(find(selector))),
  text: (selector: string) => (capture.flush(), capture.idOf(find(selector).firstChild!)),
  box: (selector: string) => find(selector).getBoundingClientRect().toJSON() as DOMRect,
  flush: () => capture.flush(),
  again: () => capture.snapshot(),
  ask: (by: number, text: string, selector: string | null) => void overlay.ask({ by, text, element: selector === null ? null : find(selector) }).answer.then((answer) => answers.push(answer)),
  locks: (by: number, ...selectors: string[]) => overlay.locks(selectors.map((selector) => ({ by, element: find(selector) })), (element) => void taken.push(element.id)),
  /** These are masked; `#x hidden`: all of it. */
  marked: (...marks: string[]) => overlay.marked(marks.map((mark) => ({ element: find(mark.split(' ')[0] as string), hidden: mark.endsWith(' hidden') }))),
  pressed: (by: number, selector: string, at: [number, number]) => overlay.pressed(by, find(selector), at),
};
Reflect.set(window, 'driven', driven);
