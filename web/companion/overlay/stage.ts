// What the parts of the overlay share: the elements they draw in, what is known of the session, and ways to speak and to be heard.
import type { ChatMessage } from '../../shared/protocol/chat';
import type { Note, NoteId } from '../../shared/protocol/note';
import type { PersonId } from '../../shared/protocol/people';
import { VISITOR } from '../../shared/people';
import type { Marked } from '../capture/capture';
import type { PageNodes } from '../nodes';
import type { OverlayNative } from './dom';
import type { Box } from './geometry';
import type { OverlayState, Said, ShownLock } from './index';
import type { Loop } from './loop';
import type { Parts } from './markup';

/** A question of the server's, before the visitor. */
export interface Open {
  id: number;
  by: PersonId;
  /** When it was asked: `performance.now()`. */
  since: number;
}

/** A question about an act. */
export interface OpenAct {
  by: PersonId;
  text: string;
  element: Element | null;
  since: number;
  /** Takes the visitor's answer; null: none came. */
  end(answer: boolean | null): void;
}

/** What is known. It outlives the elements, which have to be made anew when the page replaces its document. */
export class Model {
  state: OverlayState | null = null;
  readonly notes = new Map<NoteId, Note>();
  chats: ChatMessage[] = [];
  /** Number of the last message that the visitor has seen; -1: none. */
  read = -1;
  readonly writing = new Set<PersonId>();
  readonly questions = new Map<number, Open>();
  readonly asks = new Set<OpenAct>();
  veiled: Marked[] = [];
  locks: ShownLock[] = [];
  take: (element: Element) => void = () => undefined;
}

export interface Stage {
  readonly parts: Parts;
  readonly native: OverlayNative;
  readonly nodes: PageNodes;
  readonly loop: Loop;
  readonly model: Model;
  /** The visitor says or does something. */
  send(message: Said): void;
  /** Something that the bar and its panels show has changed. */
  changed(): void;
  /** Tells a screen reader. */
  say(text: string): void;
  /** Name of somebody: of the visitor, `You`. */
  name(id: PersonId): string;
  /** What of the page is on the screen: less than the window when it is pinched larger, or a keyboard is shown. */
  view(): Box & { scale: number };
  listen(target: EventTarget, type: string, run: (event: Event) => void): void;
}

/** One part of the overlay. */
export interface Part {
  /** Shows the model as it is now. */
  update(): void;
}

/** What is on the screen now. */
export function viewNow(): Box & { scale: number } {
  const visual = window.visualViewport;
  if (!visual) return { left: 0, top: 0, width: window.innerWidth, height: window.innerHeight, scale: 1 };
  return { left: visual.offsetLeft, top: visual.offsetTop, width: visual.width, height: visual.height, scale: visual.scale };
}

/** Below this many pixels the screen is a phone's. */
const PHONE = 640;

/** Whether what is on the screen is as narrow as a phone's. */
export function isPhone(view: Box & { scale: number }): boolean {
  return view.width * view.scale < PHONE;
}

/** The element that a node of the page is, or stands in. */
export function elementOf(node: Node | null): Element | null {
  for (let at = node; at; ) {
    if (at.nodeType === Node.ELEMENT_NODE) return at as Element;
    if (at.nodeType === Node.DOCUMENT_NODE) return (at as Document).documentElement;
    at = at.nodeType === Node.DOCUMENT_FRAGMENT_NODE ? (at as ShadowRoot).host : at.parentNode;
  }
  return null;
}

/** Motion is not wanted. */
export function still(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}

export { VISITOR };
