// A page with the companion's capture and rules, without a server: the test reads what was told.
import { Capture } from '../../web/companion/capture/capture';
import { isHidden, isMasked } from '../../web/companion/privacy/verdicts';
import type { MaskSite } from '../../web/shared/protocol/rules';
import type { PageEvent } from '../../web/shared/protocol/page';
import { leave, plain } from '../converge/plain';
import { attach } from '../converge/shadows';
import { Mirror } from './mirror';

const handover = plain(window);
const mirror = new Mirror();
/** What was told since the last time, as it would be sent. */
let sent = '';

const tell = (events: PageEvent[]): void => {
  sent += JSON.stringify(events);
  events.forEach((event) => mirror.apply(event));
};
const capture = new Capture({
  handover,
  frame: 0,
  ours: () => false,
  deliver: tell,
  frameGone() {},
  again: () => tell([capture.snapshot()]),
});

function prepare(at: Window & typeof globalThis): void {
  if (at !== window) leave(at);
  attach(at.document);
  for (let i = 0; i < at.frames.length; i += 1) prepare(at.frames[i] as Window & typeof globalThis);
}

function find(id: string, root: Document | ShadowRoot = document): Element | null {
  const found = root.getElementById(id);
  if (found) return found;
  for (const element of root.querySelectorAll('*')) {
    const inner = capture.shadowRoot(element) ?? (element as HTMLIFrameElement).contentDocument;
    const below = inner && find(id, inner);
    if (below) return below;
  }
  return null;
}

function verdictOf(id: string): string {
  const element = find(id);
  if (!element) return 'gone';
  const now = name(capture.judge.of(element));
  const node = capture.idOf(element);
  const told = node === undefined ? 'hidden' : name(capture.judge.told(node) as number);
  return now === told ? told : `${told} (now ${now})`;
}

const name = (verdict: number): string => (isHidden(verdict) ? 'hidden' : isMasked(verdict) ? 'masked' : 'shown');

Object.assign(window, {
  masks: {
    prepare: () => prepare(window),
    /** Puts something of its own into each element with an id that has text, or is a field. */
    plant() {
      const walk = (root: Document | ShadowRoot): void => {
        for (const element of root.querySelectorAll('*')) {
          const text = [...element.childNodes].find((node) => node.nodeType === Node.TEXT_NODE && (node as Text).data.trim()) as Text | undefined;
          if (element.id && text && element.localName !== 'style') text.data = `Canary-${element.id}`;
          if (element.id && element.localName === 'input') (element as HTMLInputElement).value = `Canary-${element.id}`;
          if (element.id && element.localName === 'textarea') (element as HTMLTextAreaElement).value = `Canary-${element.id}`;
          const inner = capture.shadowRoot(element) ?? (element as HTMLIFrameElement).contentDocument;
          if (inner) walk(inner);
        }
      };
      walk(document);
    },
    begin(sites: MaskSite[]) {
      capture.judge.take(sites, 0);
      capture.start();
      tell([capture.snapshot()]);
    },
    rules(sites: MaskSite[]) {
      capture.judge.take(sites, 0);
      tell([capture.snapshot()]);
    },
    /** One change of the page; see `fixtures/masks/README.md`. */
    step(step: { set?: [string, string, string]; unset?: [string, string]; move?: [string, string]; remove?: string; add?: [string, string]; url?: string }) {
      const at = (id: string): Element => find(id) as Element;
      if (step.set) at(step.set[0]).setAttribute(step.set[1], step.set[2]);
      if (step.unset) at(step.unset[0]).removeAttribute(step.unset[1]);
      if (step.move) at(step.move[1]).append(at(step.move[0]));
      if (step.remove) at(step.remove).remove();
      if (step.add) at(step.add[0]).insertAdjacentHTML('beforeend', step.add[1]);
      if (step.url) history.pushState(null, '', step.url);
    },
    /** Tells what changed; gives what was told since the last time, and what stands of it now. */
    flush() {
      capture.flush();
      const now = sent;
      sent = '';
      return { sent: now, stands: mirror.text(), same: mirror.hash() === capture.hash() };
    },
    verdict: verdictOf,
    told: (id: string) => {
      const element = find(id);
      return element ? mirror.node(capture.idOf(element) ?? -1) : undefined;
    },
    marked: () => capture.marked().map(({ element, hidden }) => `${element.id} ${hidden}`),
  },
});
