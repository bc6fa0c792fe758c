// What the companion does in a page that our own Chrome opens (image mode): nobody sits before it. Whatever a browser would tell or show beside the page goes
// to the visitor's screen, and the server is told where everything stands that is not for agents.
import type { FromVisitor, ToVisitor } from '../../shared/protocol/visitor';
import * as dom from '../../shared/dom';
import { type ActPage, pageOf } from '../acts/env';
import { Fire } from '../acts/fire';
import { hitAt } from '../acts/place';
import type { Asking } from '../acts/questions';
import type { AboutAct } from '../acts/top';
import type { Capture, Follow } from '../capture/capture';
import type { Twin } from '../capture/twin';
import type { Hub } from '../frames';
import type { Native } from '../handover';
import type { Line } from '../socket';
import { Asks } from './asks';
import { selected } from './clip';
import { cursorAt } from './cursor';
import { fieldOf, focusedWithin } from './focused';
import { Lists } from './lists';
import { Samples } from './samples';

/** What it is told. */
export type ToHosted = Extract<ToVisitor, { t: 'guard' | 'look' | 'allow' | 'choose' | 'copy' }>;

export interface HostedHost {
  readonly native: Native;
  readonly capture: Capture;
  readonly line: Pick<Line, 'page' | 'batch' | 'current' | 'send'>;
  readonly hub: Pick<Hub, 'host' | 'busy' | 'look' | 'isClear'>;
  ours(element: Element): boolean;
}

/** Events after which the focus, or what is before the caret, may be others. */
const FIELD = ['focusin', 'focusout', 'input', 'selectionchange', 'keyup'];

export class Hosted implements Follow {
  private readonly samples: Samples;
  private readonly asks: Asks;
  private readonly opened = new WeakSet<Document>();
  /** Made when the first document is listened to: the capture is there by then. */
  private parts: { page: ActPage; lists: Lists } | null = null;
  private told = { field: 'null', cursor: '' };
  private pointer: { event: MouseEvent; document: Document } | null = null;
  private due = false;

  constructor(private readonly host: HostedHost) {
    this.samples = new Samples(host);
    this.asks = new Asks(host.native, (message) => this.send(message));
  }

  enter(twin: Twin): void {
    this.samples.enter(twin);
  }

  leave(twin: Twin): void {
    this.samples.leave(twin);
  }

  stirred(): void {
    this.samples.stirred();
    if (this.parts) this.later();
  }

  changed(element: Element | null): void {
    this.samples.changed(element);
  }

  /** Listens in a document of the page. */
  open(document: Document): void {
    const window = dom.defaultView(document);
    if (!window || this.opened.has(document)) return;
    this.opened.add(document);
    this.samples.open(document);
    const { lists } = this.ready();
    const listen = (type: string, run: (event: Event) => void): void => this.host.native.addEventListener(type === 'selectionchange' ? document : window, type, run, true);
    const trusted = (run: (event: Event, target: Element | null) => void) => (event: Event): void => {
      if (event.isTrusted) run(event, this.innermost(event, document));
    };
    for (const type of FIELD) listen(type, () => this.later());
    listen('mousedown', trusted((event, target) => lists.pressed(event as MouseEvent, target)));
    listen('keydown', trusted((event, target) => lists.key(event as KeyboardEvent, target)));
    listen('click', trusted((event, target) => lists.clicked(event, target)));
    for (const type of ['pointermove', 'pointerover', 'pointerdown', 'pointerup']) {
      listen(type, (event) => {
        if (!event.isTrusted) return;
        this.pointer = { event: event as MouseEvent, document };
        this.later();
      });
    }
  }

  /** The page was announced as a whole, and that is on its way. */
  began(): void {
    this.samples.began();
  }

  /** The connection is a new one: what was told before is not known there. */
  connected(): void {
    this.told = { field: 'null', cursor: '' };
    this.later();
  }

  /** Frames of other origins say something else of what is masked in them. */
  clear(): void {
    this.samples.wake(true);
  }

  ask(question: AboutAct): Asking {
    return this.asks.ask(question);
  }

  heard(message: ToHosted): void {
    switch (message.t) {
      case 'guard':
        this.samples.guard(message.n, message.nodes);
        break;
      case 'look':
        this.samples.look(message.n);
        break;
      case 'allow':
        this.asks.answered(message.id, message.allow);
        break;
      case 'choose':
        void this.ready().lists.choose(message.id, message.options);
        break;
      case 'copy':
        this.send({ t: 'copied', text: selected(this.ready().page, document, message.cut) });
    }
  }

  private ready(): { page: ActPage; lists: Lists } {
    if (!this.parts) {
      const page = pageOf(this.host.native, this.host.capture, (element) => this.host.ours(element));
      this.parts = { page, lists: new Lists(page, new Fire(page), (list) => this.send({ t: 'list', list })) };
    }
    return this.parts;
  }

  private send(message: Exclude<FromVisitor, { t: 'events' | 'hash' }>): void {
    this.host.line.send(message);
  }

  /** With the next frame. */
  private later(): void {
    if (this.due) return;
    this.due = true;
    this.host.native.requestAnimationFrame(() => {
      this.due = false;
      this.look();
    });
  }

  private look(): void {
    const { page, lists } = this.ready();
    lists.look();
    const field = fieldOf(page, focusedWithin(page, document));
    const text = JSON.stringify(field);
    if (text !== this.told.field) {
      this.told.field = text;
      this.send({ t: 'field', field });
    }
    if (this.pointer) this.point(page, this.pointer);
    this.pointer = null;
  }

  private point(page: ActPage, { event, document }: { event: MouseEvent; document: Document }): void {
    const { target, clientX, clientY } = event;
    // In the overlay only what can be pressed takes the pointer.
    const own = target && 'nodeType' in target && this.host.ours(target as Element);
    const hit = own ? null : hitAt(page, document, clientX, clientY);
    const cursor = own ? 'pointer' : hit ? cursorAt(page, hit, clientX, clientY) : 'default';
    if (cursor === this.told.cursor) return;
    this.told.cursor = cursor;
    this.send({ t: 'cursor', cursor });
  }

  /** The element that an event is for, within shadow roots, too. */
  private innermost(event: Event, document: Document): Element | null {
    const { page } = this.ready();
    const { target } = event;
    if (!target || !('nodeType' in target) || dom.nodeType(target as Node) !== dom.ELEMENT || this.host.ours(target as Element)) return null;
    const top = target as Element;
    if (!page.shadowRoot(top)) return top;
    if (event.type.startsWith('key')) return focusedWithin(page, document) ?? top;
    const { clientX, clientY } = event as MouseEvent;
    return hitAt(page, document, clientX, clientY) ?? top;
  }
}
