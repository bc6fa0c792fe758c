// What the visitor always sees of a session: a frame around the page, and a bar that says who sees it, how the connection
// stands, and ends it. Plain DOM in a closed shadow root, so that the page's styles and scripts have no hold on it.
import type { Mode, Person, PersonId, Rules } from '../../shared/protocol/people';
import type { FromVisitor, ToVisitor } from '../../shared/protocol/visitor';
import { VISITOR } from '../../shared/people';
import type { PageNodes } from '../nodes';
import { makeBar } from './bar';
import { focus, ownNative, setText, type OverlayNative } from './dom';
import { keep, type Keeper } from './keeper';
import { build, type Parts } from './markup';
import { ask, type Asked } from './questions';
import { announcement, note, sentence } from './words';

/** What the overlay tells. */
export interface OverlayState {
  /** The agent who started the session; empty: not known yet. */
  agent: string;
  /** Everybody on the agents' side, but those who look in silently. */
  people: Person[];
  /** What agents may do. */
  mode: Mode;
  /** The site's rules; null: not known yet. */
  rules: Rules | null;
  /** This tab is the one that agents see. */
  shown: boolean;
  /** The companion's own connection. */
  connection: 'connected' | 'connecting';
}

/** What the overlay asks for. */
export interface OverlayCallbacks {
  /** The visitor ends the session (asked and confirmed). */
  end(): void;
  /** What the visitor says or does in the overlay. */
  send(message: Said): void;
}

/** What the overlay shows of what the server tells. */
export type Told = Extract<ToVisitor, { t: 'pointer' | 'wiggle' | 'notes' | 'note' | 'noteGone' | 'question' | 'unasked' | 'chats' | 'chat' | 'writing' }>;

/** What the visitor says or does in the overlay. */
export type Said = Extract<FromVisitor, { t: 'note' | 'dismiss' | 'mode' | 'answer' | 'chat' | 'writing' }>;

/** An element in which somebody types. */
export interface ShownLock {
  element: Element;
  by: PersonId;
}

/** The overlay of one document. */
export interface Overlay {
  /**
   * The one element that it puts into the page, the last child of the document element or of what holds the page (a modal
   * dialog, a full-screen element). Not part of the page: never to be captured. Another element after the page replaced its
   * whole document (`document.open`).
   */
  readonly host: HTMLElement;
  /** Shows a new state. Until the first one, the overlay is not on the page. */
  update(state: OverlayState): void;
  /** Shows what the server tells. */
  told(message: Told): void;
  /** Asks the visitor about an act on `element`; null: about no element. No answer within 30 seconds, or a withdrawal, gives null. */
  ask(question: { by: PersonId; text: string; element: Element | null }): Asked;
  /** Shows where agents type, in place of what was shown before; `take`: the visitor wants to type there. The visitor's own are not shown. */
  locks(locks: ShownLock[], take: (element: Element) => void): void;
  /** Illustrates a click of an agent's that was done; `at`: part of the element's box. */
  pressed(by: PersonId, element: Element, at: [number, number]): void;
  /** Takes it off the page for good. */
  destroy(): void;
}

/** Events that stay in the overlay: the page's shortcuts and "click outside" listeners are not for what happens in it. */
const OWN_EVENTS = [
  'pointerdown', 'pointerup', 'mousedown', 'mouseup', 'click', 'dblclick', 'contextmenu', 'touchstart', 'touchend',
  'keydown', 'keyup', 'keypress', 'focusin', 'focusout', 'wheel',
];
/** A screen reader misses what stands in a live region when the region appears. */
const ANNOUNCE_AFTER = 400;

/** Makes the overlay of this document, a top document. `native`: the shim's, where there is one. */
export function createOverlay(callbacks: OverlayCallbacks, nodes: PageNodes, native: OverlayNative = ownNative): Overlay {
  let shown: OverlayState | null = null;
  let figure = makeFigure(native, callbacks);
  let kept = false;

  // `document.open` takes the listeners off every node, so that the elements are of no use any more.
  const anew = (): void => {
    figure.stop();
    figure = makeFigure(native, callbacks);
    if (shown) figure.show(shown);
    figure.keep(anew);
  };
  return {
    get host() {
      return figure.parts.host;
    },
    update(state) {
      const news = announcement(shown, state);
      shown = state;
      figure.show(state);
      if (!kept) figure.keep(anew);
      kept = true;
      if (news) native.setTimeout(() => setText(figure.parts.said, news), ANNOUNCE_AFTER);
    },
    told: () => void nodes,
    ask: ({ text }) => ask(figure.parts.layer, native, text),
    locks: (locks) => void locks.filter(({ by }) => by !== VISITOR),
    pressed: () => undefined,
    destroy: () => figure.stop(),
  };
}

/** The elements with their behaviour. */
interface Figure {
  readonly parts: Parts;
  show(state: OverlayState): void;
  /** Puts it on the page; told when the document was replaced under it. */
  keep(onreplaced: () => void): void;
  stop(): void;
}

function makeFigure(native: OverlayNative, callbacks: OverlayCallbacks): Figure {
  const parts = build(document, native);
  const bar = makeBar(parts, native, () => callbacks.end());
  let keeper: Keeper | null = null;

  for (const type of OWN_EVENTS) native.addEventListener(parts.root, type, (event) => event.stopPropagation());
  const shortcut = (event: Event): void => {
    if (!(event instanceof KeyboardEvent) || !event.altKey || !event.shiftKey || event.code !== 'KeyE') return;
    event.preventDefault();
    event.stopImmediatePropagation();
    focus(parts.ask.hidden ? parts.end : parts.yes, { preventScroll: true });
  };
  native.addEventListener(window, 'keydown', shortcut, true);
  return {
    parts,
    show(state) {
      setText(parts.sentence, sentence(state));
      setText(parts.note, note(state));
      native.setAttribute(parts.layer, 'data-connection', state.connection);
      bar.place();
    },
    keep(onreplaced) {
      keeper = keep(document, parts, native, { placed: bar.place, replaced: onreplaced });
    },
    stop() {
      keeper?.stop();
      bar.stop();
      native.removeEventListener(window, 'keydown', shortcut, true);
    },
  };
}
