// Puts fields and scrolling back in place, as soon as the page has what they belong to: with the browser's own functions, and with the events by which pages
// learn of a change. What was done to a field meanwhile stays.
import type { Baggage, FieldState } from '../../shared/protocol/hosted';
import * as dom from '../../shared/dom';
import { type ActPage, isDisabled, settled, typeOf } from '../acts/env';
import type { Fire } from '../acts/fire';
import type { TextField } from '../acts/native';
import { find } from './path';

/** Milliseconds in which the page may still bring what belongs to it. */
const PATIENCE = 5_000;
/** Milliseconds between two tries. */
const AGAIN = 100;
/** Milliseconds that a page has to load before anything is put in place: scripts that take pages over do it until then. */
const LOADS = 1_500;
/** How often a field is set, on a page that sets it back. */
const TRIES = 3;

/** Who is asked whether something may still be put in place. */
export interface Heed {
  /** Somebody else has done something to the field since. */
  isTouched(element: Element): boolean;
  /** A field has what belongs in it. */
  filled(element: Element): void;
  /** The visitor has scrolled since. */
  scrolled(): boolean;
  /** What happens from here to the end of `run` is our own doing. */
  quietly(run: () => void): void;
}

interface Pending {
  state: FieldState;
  tries: number;
}

/** Unpacks. */
export class Unpacking {
  private readonly fields: Pending[];
  private scrolls: Baggage['scrolls'];
  private readonly began = performance.now();

  constructor(
    private readonly page: ActPage,
    private readonly fire: Fire,
    private readonly heed: Heed,
    baggage: Baggage,
  ) {
    this.fields = baggage.fields.map((state) => ({ state, tries: 0 }));
    this.scrolls = baggage.scrolls;
  }

  /** Goes on until all is in place, or nothing more is to be waited for. */
  async run(): Promise<void> {
    const { native } = this.page;
    for (;;) {
      const waited = performance.now() - this.began;
      if (document.readyState === 'complete' || waited > LOADS) {
        for (const pending of this.fields) await this.field(pending);
        this.scroll();
        if (!this.scrolls.length && this.fields.every(({ tries }) => tries >= TRIES)) return;
      }
      if (waited > PATIENCE) return;
      await new Promise<void>((done) => native.setTimeout(done, AGAIN));
    }
  }

  private async field(pending: Pending): Promise<void> {
    const { state } = pending;
    if (pending.tries >= TRIES) return;
    const element = find(this.page, state.path);
    if (!element) return;
    if (this.heed.isTouched(element)) {
      pending.tries = TRIES;
      return;
    }
    if (isDisabled(element)) return;
    // In place: looked at a few times more, for pages that set it back.
    this.heed.filled(element);
    pending.tries += this.isInPlace(element, state) || (await this.set(element, state)) ? 1 : 0;
  }

  private isInPlace(element: Element, { value, checked, selected }: FieldState): boolean {
    const hands = this.page.hands(element);
    if (checked !== undefined) return hands.checked(element as HTMLInputElement) === checked;
    if (selected !== undefined) return hands.options(element as HTMLSelectElement).every((option, i) => dom.optionSelected(option) === selected.includes(i));
    if (isField(element)) return hands.value(element as TextField) === value;
    return (element as HTMLElement).innerText === value;
  }

  /** False: the page has not yet what it takes. */
  private async set(element: Element, { value, checked, selected }: FieldState): Promise<boolean> {
    const hands = this.page.hands(element);
    if (checked !== undefined) {
      // A radio button is left by choosing another one.
      if (!checked && typeOf(element) === 'radio') return true;
      this.heed.quietly(() => hands.activate(element));
      return true;
    }
    if (selected !== undefined) return this.choose(element as HTMLSelectElement, selected);
    if (value === undefined) return true;
    if (!isField(element)) {
      this.heed.quietly(() => this.write(element, value));
      return true;
    }
    hands.setValue(element as TextField, value);
    await this.tell(element);
    return true;
  }

  private async choose(select: HTMLSelectElement, selected: readonly number[]): Promise<boolean> {
    const hands = this.page.hands(select);
    const options = hands.options(select);
    if (selected.some((place) => !options[place])) return false;
    if (hands.multiple(select)) options.forEach((option, i) => hands.setSelected(option, selected.includes(i)));
    else hands.setIndex(select, selected[0] ?? -1);
    await this.tell(select);
    return true;
  }

  private write(element: Element, text: string): void {
    const hands = this.page.hands(element);
    const own = dom.ownerDocument(element);
    if (!own) return;
    hands.focus(element, { preventScroll: true });
    hands.command(own, 'selectAll');
    if (!hands.command(own, 'insertText', text)) element.textContent = text;
    hands.blur(element);
  }

  private async tell(element: Element): Promise<void> {
    this.heed.quietly(() => this.fire.plain('input', element));
    await settled();
    this.heed.quietly(() => this.fire.plain('change', element));
    await settled();
  }

  private scroll(): void {
    if (this.heed.scrolled()) this.scrolls = [];
    this.scrolls = this.scrolls.filter(([path, left, top]) => {
      const element = path === '' ? dom.scroller(document) : find(this.page, path);
      if (!element) return true;
      this.page.hands(element).scrollTo(element, { left, top, behavior: 'instant' });
      return Math.abs(dom.scrollLeft(element) - left) > 1 || Math.abs(dom.scrollTop(element) - top) > 1;
    });
  }
}

function isField(element: Element): boolean {
  return dom.htmlName(element) === 'input' || dom.htmlName(element) === 'textarea';
}
