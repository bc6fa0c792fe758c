// Acts of a top document: what the server asks for, what it is told, and what the visitor sees of it.
import type { ActKind, Lock, Outcome } from '../../shared/protocol/act';
import type { Mode, Person, PersonId, Rules } from '../../shared/protocol/people';
import type { ToVisitor } from '../../shared/protocol/visitor';
import { nameOf } from '../../shared/people';
import * as dom from '../../shared/dom';
import type { Capture } from '../capture/capture';
import type { Hub } from '../frames';
import type { Handover } from '../handover';
import type { Overlay } from '../overlay';
import type { Line } from '../socket';
import { Acts, type Answer } from './acts';
import { type Asking, Questions } from './questions';
import { type FromFrameActs, Relay } from './relay';
import type { Wish } from './rules';
import { sentence } from './words';

/** A question about an act; null: about no element. */
export interface AboutAct {
  by: PersonId;
  act: ActKind;
  text: string;
  element: Element | null;
}

const KINDS: Readonly<Record<Wish['kind'], ActKind>> = { press: 'click', type: 'type', choose: 'choose', check: 'check', enter: 'submit', submit: 'submit', open: 'navigate' };

/** What they need of the companion. */
export interface TopHost {
  readonly handover: Handover;
  readonly capture: Capture;
  readonly hub: Hub;
  readonly line: Pick<Line, 'page' | 'batch' | 'send'>;
  ours(element: Element): boolean;
  overlay(): Overlay | null;
  /** Puts a question about an act before the visitor. */
  ask(question: AboutAct): Asking;
  people(): Person[];
}

/** The acts of a top document and of all frames in it. */
export class TopActs {
  private readonly acts: Acts;
  private readonly relay: Relay;
  private readonly questions = new Questions();
  private own: { locks: Lock[]; elements: { element: Element; by: PersonId }[] } = { locks: [], elements: [] };
  private lastTold = '';
  private mode: Mode = 'view-only';
  private rules: Rules | null = null;

  constructor(private readonly host: TopHost) {
    const { handover, capture, hub } = host;
    const report = (id: number, outcome: Outcome) => host.line.send({ t: 'acted', id, outcome });
    this.acts = new Acts({
      handover,
      capture,
      ours: (element) => host.ours(element),
      batch: () => host.line.batch,
      report,
      ask: (by, wish, element) => this.ask(by, wish, element),
      locked: (locks, elements) => {
        this.own = { locks, elements };
        this.locked();
      },
      pressed: (by, element, at) => host.overlay()?.pressed(by, element, at),
    });
    this.relay = new Relay(hub, {
      report,
      ask: (by, wish, frame) => this.ask(by, wish, this.frame(frame)),
      // Where in the frame it was, only the frame knows.
      pressed: (by, frame) => {
        const element = this.frame(frame);
        if (element) host.overlay()?.pressed(by, element, [0.5, 0.5]);
      },
      locked: () => this.locked(),
    });
  }

  /** An act that an agent asks for. */
  act({ id, by, page, after, act }: Extract<ToVisitor, { t: 'act' }>): void {
    if (page !== this.host.line.page) {
      this.host.line.send({ t: 'acted', id, outcome: { o: 'denied', reason: 'gone' } });
      return;
    }
    const request = { id, by, after, act, quiet: false };
    if (!this.relay.act(request, this.acts)) void this.acts.handle(request);
  }

  /** The session stands like this now. */
  session(mode: Mode, rules: Rules): void {
    if (mode !== 'shared' && this.mode === 'shared') this.questions.withdraw();
    this.mode = mode;
    this.rules = rules;
    this.acts.session(mode, rules);
    this.host.hub.tellAll({ k: 'session', mode, rules });
  }

  open(document: Document): void {
    this.acts.open(document);
  }

  told(batch: number): void {
    this.acts.told(batch);
  }

  begin(): void {
    this.acts.begin();
  }

  /** Tells all locks, to a server that may not know them. */
  tellLocks(): void {
    this.lastTold = '';
    this.acts.tellLocks();
  }

  heard(frame: number, message: FromFrameActs): void {
    this.relay.heard(frame, message);
  }

  /** A frame began anew. */
  began(frame: number): void {
    this.host.hub.tell(frame, { k: 'session', mode: this.mode, rules: this.rules });
  }

  gone(frame: number): void {
    this.relay.gone(frame);
  }

  private ask(by: PersonId, wish: Wish, element: Element | null): Promise<Answer> {
    const text = sentence(nameOf(this.host.people(), by), wish);
    return this.questions.ask(() => this.host.ask({ by, text, element, act: KINDS[wish.kind] }));
  }

  /** The element in this document that holds a frame. */
  private frame(frame: number): Element | null {
    const id = this.host.hub.hostOf(frame);
    const node = id === null ? null : this.host.capture.node(id);
    return node && dom.nodeType(node) === dom.ELEMENT ? (node as Element) : null;
  }

  private locked(): void {
    const within = this.relay.all();
    const locks = [...this.own.locks, ...within.map(({ lock }) => lock)];
    const text = JSON.stringify(locks);
    if (text !== this.lastTold) this.host.line.send({ t: 'locks', locks });
    this.lastTold = text;
    const frames = within.map(({ frame, lock: { by } }) => ({ element: this.frame(frame), by, frame }));
    const shown = frames.filter((lock): lock is { element: Element; by: PersonId; frame: number } => lock.element !== null);
    this.host.overlay()?.locks([...this.own.elements, ...shown], (element) => {
      this.acts.take(element);
      for (const { element: holder, frame } of shown) if (holder === element) this.host.hub.tell(frame, { k: 'take' });
    });
  }
}
