// A page with the companion's capture and acts, without a server: the test asks for acts and reads what came of them.
import type { Act, Outcome } from '../../web/shared/protocol/act';
import type { PageEvent } from '../../web/shared/protocol/page';
import type { Mode, Rules } from '../../web/shared/protocol/people';
import { Acts, type Answer } from '../../web/companion/acts/acts';
import { Questions, type Asking } from '../../web/companion/acts/questions';
import { sentence } from '../../web/companion/acts/words';
import { Capture } from '../../web/companion/capture/capture';
import { leave, plain } from '../converge/plain';

const handover = { ...plain(window), config: { scheme: 'http', sid: 'abcdefgh23', domain: 'view.localhost', referrer: '' } as never };
for (let i = 0; i < window.frames.length; i += 1) leave(window.frames[i] as Window & typeof globalThis);

let batch = -1;
const events: PageEvent[] = [];
const outcomes = new Map<number, Outcome[]>();
const asked: { text: string; answer(allow: boolean | null): void }[] = [];
let locks: { id: string; by: number }[] = [];
let pressed: string[] = [];
const questions = new Questions();

function show(text: string): Asking {
  let end: (allow: boolean | null) => void = () => {};
  const answer = new Promise<boolean | null>((resolve) => (end = resolve));
  asked.push({ text, answer: end });
  return { answer, withdraw: () => end(null) };
}

const capture = new Capture({
  handover,
  frame: 0,
  ours: (element) => element.localName === 'alongside-overlay',
  deliver: (out) => {
    batch += 1;
    events.push(...out);
    acts.told(batch);
  },
  frameGone() {},
  opened: (document) => acts.open(document),
  again() {},
});
const acts = new Acts({
  handover,
  capture,
  ours: (element) => element.localName === 'alongside-overlay',
  batch: () => batch,
  report: (id, outcome) => outcomes.get(id)?.push(outcome),
  ask: (by, wish): Promise<Answer> => questions.ask(() => show(sentence(`Agent ${by}`, wish))),
  locked: (_, elements) => (locks = elements.map(({ element, by }) => ({ id: element.id, by }))),
  pressed: (by, element) => pressed.push(`${by}:${element.id}`),
});

const RULES: Rules = { modes: ['view-only', 'shared'], acts: ['click', 'type', 'choose', 'check', 'scroll', 'navigate', 'back', 'forward', 'submit'], tools: [], visitorTools: [], presets: [], ask: [], askSelectors: [], never: [], silentSupervisor: false };

capture.start();
capture.snapshot();
batch = 0;
acts.session('shared', RULES);

let last = 0;

/** The element of a selector; `>>>` goes into shadow roots and frames. */
function find(selector: string): Element {
  let root: Document | ShadowRoot = document;
  const parts = selector.split(' >>> ');
  for (const part of parts.slice(0, -1)) {
    const host: Element = root.querySelector(part) as Element;
    root = capture.shadowRoot(host) ?? (host as HTMLIFrameElement).contentDocument as Document;
  }
  return root.querySelector(parts.at(-1) as string) as Element;
}

Object.assign(window, {
  acts: {
    id: (selector: string) => (selector === 'document' ? capture.idOf(document) : capture.idOf(find(selector))),
    batch: () => {
      capture.flush();
      return batch;
    },
    session: (mode: Mode, rules: Partial<Rules> = {}) => {
      if (mode !== 'shared') questions.withdraw();
      acts.session(mode, { ...RULES, ...rules });
    },
    /** Asks for an act; gives its number at once. */
    begin(act: Act, { by = 1, after = 1e9, quiet = false, id = (last += 1) } = {}): number {
      if (!outcomes.has(id)) outcomes.set(id, []);
      void acts.handle({ id, by, after, act, quiet });
      return id;
    },
    outcomes: (id: number) => outcomes.get(id)?.map((outcome) => (outcome.o === 'denied' ? outcome.reason : outcome.o)),
    asked: () => asked.map(({ text }) => text),
    answer: (allow: boolean | null) => asked.at(-1)?.answer(allow),
    take: (selector: string) => acts.take(find(selector)),
    locks: () => locks.map(({ id, by }) => `${id}:${by}`),
    pressed: () => pressed.splice(0),
    events: () => events.splice(0),
  },
});
