// The overlay's elements with their behaviour. They are made anew when the page replaces its document; what is known is in the model.
import { nameOf, VISITOR } from '../../shared/people';
import type { PersonId } from '../../shared/protocol/people';
import type { PageNodes } from '../nodes';
import { makeBar } from './bar';
import { makeChat } from './chat';
import { focus, inline, insertFirst, matches, setAttribute, stop, toggle, zoomOf, type OverlayNative } from './dom';
import type { Extras, OverlayCallbacks, Told } from './index';
import { keep, type Keeper } from './keeper';
import { makeKeys } from './keys';
import { makeLocks } from './locks';
import { makeLoop } from './loop';
import { build, type Parts } from './markup';
import { makeNotes } from './notes';
import { Panels } from './panel';
import { makePeople } from './people';
import { makePointers } from './pointers';
import { makeQuestions } from './questions';
import { isPhone, viewNow, type Model, type Stage } from './stage';
import { makeTool } from './tool';
import { makeVeils } from './veils';

/** Events that stay in the overlay: the page's shortcuts and "click outside" listeners are not for what happens in it. */
const OWN_EVENTS = [
  'pointerdown', 'pointerup', 'mousedown', 'mouseup', 'click', 'dblclick', 'contextmenu', 'touchstart', 'touchend',
  'keydown', 'keyup', 'keypress', 'focusin', 'focusout', 'wheel', 'input', 'beforeinput', 'paste', 'copy', 'cut',
];

export interface Figure {
  readonly parts: Parts;
  /** Shows the model as it is. */
  update(): void;
  told(message: Told): void;
  /** Questions about acts came or went. */
  asked(): void;
  locked(): void;
  veiled(): void;
  pressed(by: PersonId, element: Element, at: [number, number]): void;
  /** Tells of a change in the bar, for a moment. */
  news(text: string): void;
  /** Puts it on the page; told when the document was replaced under it. */
  keep(onreplaced: () => void): void;
  stop(): void;
}

interface Needs {
  model: Model;
  native: OverlayNative;
  nodes: PageNodes;
  callbacks: OverlayCallbacks;
  say(text: string): void;
  extras?: Extras | undefined;
  /** The page is hosted, see `createOverlay`. */
  hosted: boolean;
}

export function makeFigure({ model, native, nodes, callbacks, say, extras, hosted }: Needs): Figure {
  const parts = build(native, extras?.sheet);
  if (extras) insertFirst(parts.who, extras.line);
  const loop = makeLoop(native);
  const stage: Stage = {
    parts, native, nodes, loop, model, say,
    changed: () => !hosted && people.update(),
    send: (message) => callbacks.send(message),
    name: (id) => (id === VISITOR ? 'You' : nameOf(model.state?.people ?? [], id)),
    view: viewNow,
    listen: (target, type, run) => native.addEventListener(target, type, run),
  };
  const panels = new Panels(stage);
  const bar = makeBar(parts, native, () => callbacks.end(), () => {
    panels.place();
    questions.place();
    loop.wake();
  });
  const place = (): void => {
    const view = viewNow();
    setAttribute(parts.layer, 'data-phone', `${isPhone(view)}`);
    // What the page's own `zoom` would enlarge is drawn in pixels of the screen.
    const zoom = zoomOf(parts.host);
    inline(parts.layer).setProperty('zoom', zoom === 1 ? '' : `${1 / zoom}`);
    bar.place();
  };
  const tool = makeTool(stage, bar.mode);
  const point = (): void => {
    panels.closeAll();
    tool.start();
  };
  const keys = makeKeys(stage, () => questions.card, () => focus(matches(parts.bar, '[data-mode=ask]') ? parts.yes : parts.end, { preventScroll: true }));
  const questions = makeQuestions(stage, () => keys.typing());
  const notes = makeNotes(stage);
  const pointers = makePointers(stage);
  const locks = makeLocks(stage);
  const veils = makeVeils(stage);
  const chat = makeChat(stage, panels);
  const people = makePeople(stage, panels, { clear: notes.clear, point, placed: place, about: extras?.about ?? [] });
  const all = hosted ? [notes, pointers, locks] : [people, notes, pointers, veils, locks, chat, questions];
  if (hosted) {
    toggle(parts.layer, 'data-hosted', true);
    keys.stop();
    place();
  }
  let keeper: Keeper | null = null;

  native.addEventListener(window, 'resize', place);
  stage.listen(parts.point, 'click', point);
  for (const type of OWN_EVENTS) native.addEventListener(parts.root, type, stop);
  return {
    parts,
    update: () => all.forEach((part) => part.update()),
    told: (message) => tell({ model, notes, pointers, chat, questions }, message),
    asked: () => !hosted && questions.update(),
    locked: locks.update,
    veiled: () => !hosted && veils.update(),
    pressed: pointers.pressed,
    news: (text) => !hosted && people.news(text),
    keep(onreplaced) {
      keeper = keep(document, parts, native, { placed: place, replaced: onreplaced });
    },
    stop() {
      tool.stop();
      keeper?.stop();
      loop.stop();
      keys.stop();
      bar.stop();
      veils.stop();
      native.removeEventListener(window, 'resize', place);
    },
  };
}

interface Listeners {
  model: Model;
  notes: ReturnType<typeof makeNotes>;
  pointers: ReturnType<typeof makePointers>;
  chat: ReturnType<typeof makeChat>;
  questions: ReturnType<typeof makeQuestions>;
}

/** Hands a message to the part that it is for. */
function tell({ model, notes, pointers, chat, questions }: Listeners, message: Told): void {
  switch (message.t) {
    case 'pointer':
      return pointers.moved(message.by, message.pointer, message.laser ?? false);
    case 'wiggle':
      return pointers.wiggle(message.by, message.node);
    case 'notes':
      return notes.all(message.notes);
    case 'note':
      return notes.one(message.note);
    case 'noteGone':
      return notes.gone(message.id);
    case 'question':
      model.questions.set(message.id, { id: message.id, by: message.by, since: performance.now() });
      return questions.update();
    case 'unasked':
      model.questions.delete(message.id);
      return questions.update();
    case 'chats':
      return chat.all(message.messages);
    case 'chat':
      return chat.one(message.message);
    case 'writing':
      return chat.writing(message.by, message.writing);
  }
}
