// What the visitor sees of a session beside the page: a frame around it, a bar that says who sees it and ends it, cursors, notes, questions,
// chat. Plain DOM in a closed shadow root, so that the page's styles and scripts have no hold on it.
import type { Mode, Person, PersonId, Rules } from '../../shared/protocol/people';
import type { FromVisitor, ToVisitor } from '../../shared/protocol/visitor';
import type { Marked } from '../capture/capture';
import type { PageNodes } from '../nodes';
import { ownNative, setText, type OverlayNative } from './dom';
import { makeFigure } from './figure';
import { askAbout, type Asked, WAITS } from './questions';
import { Model } from './stage';
import { announcement, changes } from './words';

/** What the overlay tells. */
export interface OverlayState {
  /** The agent who leads the session; empty: not known yet. */
  agent: string;
  /** Everybody on the agents' side, but those who look in silently. */
  people: Person[];
  /** What agents may do. */
  mode: Mode;
  /** The site's rules; null: not known yet. */
  rules: Rules | null;
  /** This tab is the one that agents see. */
  shown: boolean;
  /** All texts and values of this page are masked but what a rule shows. */
  private: boolean;
  /** The companion's own connection. */
  connection: 'connected' | 'connecting';
  /** Milliseconds there and back on it; absent: not known. */
  rtt?: number;
}

/** What the overlay asks for. */
export interface OverlayCallbacks {
  /** The visitor ends the session (asked and confirmed). */
  end(): void;
  /** What the visitor says or does in the overlay. */
  send(message: Said): void;
}

/** What the page of pictures has in its overlay beside the usual. */
export interface Extras {
  /** A line above the sentence in the bar. */
  line: HTMLElement;
  /** What comes first in the panel about the visit. */
  about: HTMLElement[];
  /** How these look. */
  sheet: string;
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
  /** Marks what agents do not see, in place of what was marked before. */
  marked(marked: Marked[]): void;
  /** Illustrates a click of an agent's that was done; `at`: part of the element's box. */
  pressed(by: PersonId, element: Element, at: [number, number]): void;
  /** Takes it off the page for good. */
  destroy(): void;
}

/** What the overlay of a hosted page shows of what the server tells. */
const PICTURED: ReadonlySet<Told['t']> = new Set<Told['t']>(['pointer', 'wiggle', 'notes', 'note', 'noteGone']);

/** A screen reader misses what stands in a live region when the region appears, or follows too closely. */
const ANNOUNCE_AFTER = 400;

/**
 * Makes the overlay of this document, a top document. `native`: the shim's, where there is one. `hosted`: nobody sits before it; it shows what is part of
 * the picture (notes, agents' cursors, where they type), all else is the screen's.
 */
export function createOverlay(callbacks: OverlayCallbacks, nodes: PageNodes, native: OverlayNative = ownNative, extras?: Extras, hosted = false): Overlay {
  const model = new Model();
  const news: string[] = [];
  let kept = false;
  const speak = (): void => {
    const said = news.splice(0).join('. ');
    if (said) setText(figure.parts.said, said);
  };
  const say = (text: string): void => {
    if (text && news.push(text) === 1) native.setTimeout(speak, ANNOUNCE_AFTER);
  };
  const make = () => makeFigure({ model, native, nodes, callbacks, say, extras, hosted });
  let figure = make();

  // `document.open` takes the listeners off every node, so that the elements are of no use any more.
  const anew = (): void => {
    figure.stop();
    figure = make();
    figure.update();
    figure.keep(anew);
  };
  return {
    get host() {
      return figure.parts.host;
    },
    update(state) {
      const before = model.state;
      model.state = state;
      figure.update();
      if (!kept) figure.keep(anew);
      kept = true;
      say(announcement(before, state));
      const told = changes(before, state);
      if (told) figure.news(told);
    },
    told(message) {
      if (hosted && !PICTURED.has(message.t)) return;
      if (message.t === 'question') expire(message.id);
      figure.told(message);
    },
    ask: (question) => askAbout(model, native, () => figure.asked(), question),
    locks(locks, take) {
      model.locks = locks;
      model.take = take;
      figure.locked();
    },
    marked(marked) {
      model.veiled = marked;
      figure.veiled();
    },
    pressed: (by, element, at) => figure.pressed(by, element, at),
    destroy: () => figure.stop(),
  };

  /** Who does not answer in time says no. */
  function expire(id: number): void {
    native.setTimeout(() => {
      if (!model.questions.delete(id)) return;
      callbacks.send({ t: 'answer', id, allow: false });
      figure.asked();
    }, WAITS);
  }
}
