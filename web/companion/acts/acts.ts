// Agents' acts in one document and its frames of the same origin: what speaks against each, what the visitor is asked, how it is done.
import type { Act, Denial, Lock, Outcome } from '../../shared/protocol/act';
import type { NodeId } from '../../shared/protocol/page';
import type { Mode, PersonId, Rules } from '../../shared/protocol/people';
import * as dom from '../../shared/dom';
import type { Capture } from '../capture/capture';
import { isHidden, isMasked } from '../privacy/verdicts';
import type { Handover } from '../handover';
import { type ActPage, isDisabled, pageOf, settled, typeOf } from './env';
import { Changes } from './changes';
import { Chooser } from './choose';
import { Fire } from './fire';
import { Focus } from './focus';
import { defaultButton } from './form';
import { Locks, VISITOR } from './locks';
import { nameOf } from './names';
import { spotOf } from './place';
import { Mouse } from './press';
import { isMeant, Judge, type Wish } from './rules';
import { Touched } from './touched';
import { Keyboard } from './type';
import { subjectOf, Visitor } from './visitor';

/** Milliseconds after the visitor's last scrolling in which nobody else scrolls. */
const SCROLLS = 500;
/** Acts whose numbers are remembered, so that none is done twice. */
const REMEMBERED = 1_000;

/** An act as it comes to the document that it is about. */
export interface Request {
  id: number;
  by: PersonId;
  /** The last batch that the agent knew, as this document counts them. */
  after: number;
  act: Act;
  /** The visitor types in another document of the page: the focus stays there. */
  quiet: boolean;
}

/** What became of a question. */
export type Answer = 'yes' | 'no' | 'none' | 'withdrawn';

/** What acts need of the companion around them. */
export interface ActsHost {
  readonly handover: Handover;
  readonly capture: Capture;
  ours(element: Element): boolean;
  /** Number of the last batch that left. */
  batch(): number;
  report(id: number, outcome: Outcome): void;
  ask(by: PersonId, wish: Wish, element: Element | null): Promise<Answer>;
  /** The locks are these now. */
  locked(locks: Lock[], elements: { element: Element; by: PersonId }[]): void;
  /** A click was done. */
  pressed(by: PersonId, element: Element, at: [number, number]): void;
}

/** The acts of one document. */
export class Acts {
  private readonly page: ActPage;
  private readonly focus: Focus;
  private readonly mouse: Mouse;
  private readonly keyboard: Keyboard;
  private readonly chooser: Chooser;
  private readonly changes: Changes;
  private readonly visitor: Visitor;
  private readonly judge: Judge;
  private readonly locks: Locks<Element>;
  private readonly touched = new Touched<Element>();
  private readonly done = new Set<number>();
  private mode: Mode = 'view-only';
  private rules: Rules | null = null;
  private acting = 0;
  private scrolledAt = -Infinity;
  /** Where Enter was asked about. */
  private entered: Element | null = null;
  /** Enter would have activated what nobody was asked about. */
  private stopped = false;
  private actor: PersonId = VISITOR;

  constructor(private readonly host: ActsHost) {
    const { handover, capture } = host;
    const { native } = handover;
    this.page = pageOf(native, capture, (element) => host.ours(element));
    const fire = new Fire(this.page);
    this.changes = new Changes(this.page, fire);
    this.focus = new Focus(this.page, fire, (element) => this.changes.tell(element));
    this.mouse = new Mouse(this.page, fire, this.focus);
    this.keyboard = new Keyboard(this.page, fire, this.focus, {
      refusal: (element) => this.refusalToType(element),
      mayEnter: (element) => this.mayEnter(element),
      changing: (field) => this.changes.begin(field),
      told: (field) => this.changes.tell(field),
    });
    this.chooser = new Chooser(this.page, fire, this.focus, this.mouse, (id) => capture.node(id));
    this.judge = new Judge(this.page, (element) => nameOf(this.page, element), (address) => handover.unmap(address));
    const clock = {
      now: () => performance.now(),
      after: (milliseconds: number, run: () => void) => {
        const timer = native.setTimeout(run, milliseconds);
        return () => native.clearTimeout(timer);
      },
    };
    this.locks = new Locks(clock, () => this.tellLocks(), (element, by) => by !== VISITOR && this.changes.tell(element));
    this.visitor = new Visitor(this.page, {
      busy: () => this.acting > 0,
      isHeld: (element) => (this.locks.by(element) ?? VISITOR) !== VISITOR,
      typed: (element) => this.locks.hold(element, VISITOR),
      touched: (element) => this.touch(element),
      changed: (element) => this.changes.forget(element),
      left: (element) => {
        this.locks.release(element, VISITOR);
        this.changes.tell(element);
      },
      scrolled: () => (this.scrolledAt = performance.now()),
      take: (element) => this.take(element),
    });
  }

  /** Listens in a document of this page. */
  open(document: Document): void {
    this.visitor.open(document);
  }

  /** The session stands like this now. */
  session(mode: Mode, rules: Rules | null): void {
    this.mode = mode;
    this.rules = rules;
    if (mode !== 'shared') this.locks.leaveAll();
  }

  /** A batch left. */
  told(batch: number): void {
    this.touched.told(batch);
    this.locks.forget((element) => !dom.isConnected(element));
  }

  /** A snapshot is about to leave. */
  begin(): void {
    this.touched.begin();
  }

  /** Tells all locks again. */
  tellLocks(): void {
    const elements = this.locks.list();
    const locks = elements.flatMap(({ element, by }): Lock[] => {
      const node = this.host.capture.idOf(element);
      return node === undefined ? [] : [{ node, by }];
    });
    this.host.locked(locks, elements);
  }

  /** The visitor wants to type in an element that an agent holds. */
  take(element: Element): void {
    const by = this.locks.by(element);
    if (by !== null && by !== VISITOR) this.locks.hold(element, VISITOR);
  }

  /** The visitor wants to type in this document. */
  takeAll(): void {
    for (const { element } of this.locks.list()) this.take(element);
  }

  /** The visitor types in this document. */
  isTypedIn(): boolean {
    return this.locks.elsewhere(VISITOR, null) !== null;
  }

  /** An agent acts in another document of the page: what they hold in this one, they hold no longer. */
  elsewhere(by: PersonId): void {
    this.locks.leave(by);
  }

  /** Does an act, or denies it. */
  async handle(request: Request): Promise<void> {
    const { id, by, act } = request;
    if (this.done.has(id)) return;
    this.remember(id);
    const element = this.elementOf(act);
    let denial = this.refusal(request);
    const wish = denial ? null : this.judge.wish(act, element, this.rules ?? NO_RULES);
    if (wish) {
      this.host.report(id, { o: 'asking' });
      denial = DENIED[await this.host.ask(by, wish, element)] ?? this.refusal(request);
    }
    denial ??= await this.attempt(request, wish !== null);
    // What the act changed is on its way before the outcome is.
    this.host.capture.flush();
    this.host.report(id, denial ? { o: 'denied', reason: denial } : { o: 'done' });
  }

  private remember(id: number): void {
    this.done.add(id);
    for (const first of this.done) {
      if (this.done.size <= REMEMBERED) break;
      this.done.delete(first);
    }
  }

  private elementOf(act: Act): Element | null {
    const node = 'node' in act ? this.host.capture.node(act.node) : null;
    return node && dom.nodeType(node) === dom.ELEMENT ? (node as Element) : null;
  }

  /** What speaks against an act at this moment. */
  private refusal({ by, after, act }: Request): Denial | null {
    this.host.capture.flush();
    this.touched.told(this.host.batch());
    if (this.mode !== 'shared') return 'mode';
    if (!('node' in act)) return null;
    const node = this.host.capture.node(act.node);
    if (!node || !dom.isConnected(node)) return 'gone';
    if (act.a === 'scroll') return this.refusalToScroll(node);
    const element = this.elementOf(act);
    if (!element) return 'unfit';
    const subject = subjectOf(this.page, element);
    if (this.isForbidden(element) || this.isForbidden(subject)) return 'rule';
    const implied = this.judge.implied(act, element);
    if (implied && !this.rules?.acts.includes(implied)) return 'rule';
    if (this.isUnseen(act, element) || this.isUnseen(act, subject)) return 'masked';
    if ((this.locks.by(subject) ?? by) !== by) return 'locked';
    return this.touched.isNews(subject, after) ? 'conflict' : null;
  }

  private refusalToScroll(node: Node): Denial | null {
    if (dom.nodeType(node) === dom.ELEMENT && this.isForbidden(node as Element)) return 'rule';
    return performance.now() - this.scrolledAt < SCROLLS ? 'conflict' : null;
  }

  private refusalToType(element: Element): Denial | null {
    if (this.isForbidden(element)) return 'rule';
    if (isMasked(this.host.capture.judge.of(element))) return 'masked';
    return (this.locks.by(subjectOf(this.page, element)) ?? this.actor) === this.actor ? null : 'locked';
  }

  /** What agents do not see they do not change. */
  private isUnseen(act: Act, element: Element): boolean {
    const verdict = this.host.capture.judge.of(element);
    return isHidden(verdict) || ((act.a === 'type' || act.a === 'choose') && isMasked(verdict));
  }

  private isForbidden(element: Element): boolean {
    return isMeant(element, this.rules?.never ?? []);
  }

  private mayEnter(element: Element): boolean {
    if (this.entered === element) return true;
    const may = !this.judge.enter(element, this.rules ?? NO_RULES);
    if (!may) this.stopped = true;
    return may;
  }

  private touch(element: Element): void {
    this.touched.touch(element);
    const form = this.page.hands(element).form(element);
    if (form) this.touched.touch(form);
  }

  /** Does it; a page on which that fails gives no answer. */
  private async attempt(request: Request, asked: boolean): Promise<Denial | null> {
    try {
      return await this.apply(request, asked);
    } catch {
      return 'unanswered';
    }
  }

  private async apply(request: Request, asked: boolean): Promise<Denial | null> {
    const { by, act } = request;
    const element = this.elementOf(act);
    const subject = element && subjectOf(this.page, element);
    const holds = act.a === 'type' || act.a === 'choose' || act.a === 'check';
    this.acting += 1;
    this.actor = by;
    this.entered = asked ? element : null;
    this.stopped = false;
    try {
      this.focus.quiet = request.quiet || this.locks.elsewhere(VISITOR, subject) !== null || this.isInOurs();
      if (holds && subject) this.locks.hold(subject, by);
      const denial = await this.perform(request, element);
      if (denial && holds && subject) this.locks.release(subject, by);
      this.locks.leave(by, subject);
      await settled();
      return denial;
    } finally {
      this.acting -= 1;
    }
  }

  /** The visitor's focus is in the overlay: they may be writing there. */
  private isInOurs(): boolean {
    const active = this.page.hands(document).activeElement(document);
    return active !== null && this.page.ours(active);
  }

  private async perform({ by, act }: Request, element: Element | null): Promise<Denial | null> {
    switch (act.a) {
      case 'click':
        return element ? this.click(by, element, act.at, act.count) : 'unfit';
      case 'type':
        return element ? ((await this.keyboard.type(element, act.strokes)) ?? (this.stopped ? 'rule' : null)) : 'unfit';
      case 'choose':
        return element ? this.chooser.choose(element, act.choice) : 'unfit';
      case 'check':
        return element ? this.chooser.check(element, act.checked) : 'unfit';
      case 'submit':
        return element ? this.submit(element) : 'unfit';
      case 'scroll':
        return this.scroll(act.node, act.to);
      default:
        return this.go(act);
    }
  }

  private async click(by: PersonId, element: Element, at: [number, number], count: number): Promise<Denial | null> {
    if (dom.htmlName(element) === 'option') return this.pick(element as HTMLOptionElement);
    if (isDisabled(element) || typeOf(element) === 'file') return 'unfit';
    const spot = spotOf(this.page, element, at);
    if (!spot) return 'gone';
    if (isDisabled(spot.target)) return 'unfit';
    if (this.isForbidden(spot.target)) return 'rule';
    await this.mouse.press(spot, Math.min(Math.max(count, 1), 3));
    this.host.pressed(by, element, at);
    return null;
  }

  /** A press on an option of a list that shows its options. */
  private pick(option: HTMLOptionElement): Promise<Denial | null> | Denial {
    const list = this.page.hands(option).closest(option, 'select');
    const id = this.host.capture.idOf(option);
    return list && id !== undefined ? this.chooser.choose(list, { options: [id] }) : 'unfit';
  }

  private submit(element: Element): Denial | null {
    const hands = this.page.hands(element);
    const form = dom.htmlName(element) === 'form' ? (element as HTMLFormElement) : hands.form(element);
    if (!form) return 'unfit';
    const button = defaultButton(this.page, form);
    if (button && button !== 'none' && this.isForbidden(button)) return 'rule';
    this.changes.tellAll();
    hands.requestSubmit(form, button === 'none' ? null : button);
    return null;
  }

  private scroll(id: NodeId, [x, y]: [number, number]): Denial | null {
    const node = this.host.capture.node(id);
    if (!node) return 'gone';
    const scroller = dom.nodeType(node) === dom.DOCUMENT ? dom.scroller(node as Document) : dom.nodeType(node) === dom.ELEMENT ? (node as Element) : null;
    if (!scroller) return 'unfit';
    const left = x * (scroller.scrollWidth - scroller.clientWidth);
    const top = y * (scroller.scrollHeight - scroller.clientHeight);
    this.page.hands(scroller).scrollTo(scroller, { left, top, behavior: 'instant' });
    return null;
  }

  private go(act: Act): Denial | null {
    const { handover } = this.host;
    if (act.a === 'navigate') {
      if (!isViewAddress(handover, act.url)) return 'address';
      // The outcome leaves first.
      handover.native.setTimeout(() => location.assign(act.url), 0);
      return null;
    }
    const can = (window as { navigation?: { canGoBack: boolean; canGoForward: boolean } }).navigation;
    // Before the first page of a session is the one that asked the visitor; what was of another origin is known by the page that led here.
    if (act.a === 'back' && can && !can.canGoBack && handover.config.referrer === '') return 'unfit';
    const { hands } = handover.native;
    handover.native.setTimeout(() => (act.a === 'back' ? hands.back(history) : hands.forward(history)), 0);
    return null;
  }
}

const NO_RULES: Rules = { modes: [], acts: [], tools: [], visitorTools: [], presets: [], ask: ['submit', 'payment', 'navigate'], askSelectors: [], never: [], silentSupervisor: false, image: false };

const DENIED: Readonly<Record<Answer, Denial | undefined>> = { yes: undefined, no: 'declined', none: 'unanswered', withdrawn: 'mode' };

/** An address of this session's view. */
function isViewAddress({ config }: Handover, address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === `${config.scheme}:` && hostname.startsWith(`${config.sid}-`) && hostname.endsWith(`.${config.domain}`);
}
