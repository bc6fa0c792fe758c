// The viewer's page in the console's frame: what it tells, and what it is told. It is on an origin of its own, so each message is checked.
import type { Act, ActKind } from '../shared/protocol/act';
import type { ConsoleToViewer, Hand, ViewerToConsole, Zoom } from '../shared/protocol/frame';
import { denialWords } from '../shared/denials';
import type { Toasts } from '../shared/ui/toasts.svelte';
import { parseViewerMessage, type PageNote } from './viewer';
import { doneWords } from './words';

/** How long the visitor's page may take over an address, in milliseconds: it may have to ask. */
const OPENING_FOR = 40_000;

/** What the frame around the view does with its news. */
export interface ViewEvents {
  picture(url: string): void;
  /** F6 was pressed in it. */
  leave(back: boolean): void;
}

export class View {
  page = $state<PageNote | null>(null);
  /** State of the viewer's own socket; null: it has not spoken yet. */
  linked = $state<boolean | null>(null);
  hand = $state<Hand>('act');
  /** Text of the labels that the hand puts; null: it asks each time. */
  label = $state<string | null>(null);
  zoom = $state<Zoom>('whole');
  percent = $state(100);
  following = $state(true);
  notes = $state(0);
  /** The visitor's page was asked to go elsewhere, and has not answered. */
  opening = $state(false);
  frame: HTMLIFrameElement | undefined = $state();
  #origin = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly toasts: Toasts, private readonly events: ViewEvents) {}

  /** The frame is about to show another viewer. */
  opened(address: string): void {
    this.#origin = new URL(address).origin;
    this.linked = null;
  }

  send(message: ConsoleToViewer): void {
    if (this.#origin) this.frame?.contentWindow?.postMessage(message, this.#origin);
  }

  setHand(hand: Hand, text: string | null = null): void {
    this.hand = hand;
    this.label = text;
    this.send({ t: 'hand', hand, ...(text !== null && { text }) });
  }

  setZoom(zoom: Zoom): void {
    this.zoom = zoom;
    this.send({ t: 'zoom', zoom });
  }

  /** Has the visitor's page go somewhere. */
  go(act: Extract<Act, { a: 'navigate' | 'back' | 'forward' }>): void {
    this.send({ t: 'act', act });
    this.opening = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.opening = false), OPENING_FOR);
  }

  focus(): void {
    this.frame?.focus();
    this.send({ t: 'focus' });
  }

  hear({ source, origin, data }: MessageEvent<unknown>): void {
    if (!this.frame || source !== this.frame.contentWindow || origin !== this.#origin) return;
    const message = parseViewerMessage(data);
    if (message) this.#take(message);
  }

  #take(message: ViewerToConsole): void {
    switch (message.t) {
      case 'page':
        this.page = message;
        return;
      case 'link':
        this.linked = message.connected;
        return;
      case 'view':
        if (message.hand !== this.hand) this.label = null;
        this.hand = message.hand;
        this.zoom = message.zoom;
        this.percent = message.percent;
        this.following = message.following;
        this.notes = message.notes;
        return;
      case 'acted':
        return this.#acted(message.kind, message.denied);
      case 'refused':
        return this.toasts.show(denialWords[message.reason], 'warn');
      case 'picture':
        if (message.url) this.events.picture(message.url);
        else this.toasts.show('The picture could not be made.', 'warn');
        return;
      case 'leave':
        this.events.leave(message.back);
    }
  }

  #acted(kind: ActKind, denied: Extract<ViewerToConsole, { t: 'acted' }>['denied']): void {
    if (kind === 'navigate' || kind === 'back' || kind === 'forward') {
      clearTimeout(this.#timer);
      this.opening = false;
    }
    if (denied) this.toasts.show(denialWords[denied], 'warn');
    else if (doneWords[kind]) this.toasts.show(doneWords[kind], 'ok');
  }
}
