// The view by keyboard: a ring goes over what can be used on the page, and over its headings; each is read out.
import * as dom from '../shared/dom';
import { div, lay } from './dom';
import { fieldOf, isPrivate, nameOf, roleOf } from './fields';
import type { HandOf, Target } from './hand';
import type { Help } from './help';
import type { Look } from './look';
import { contentOf } from './places';
import type { Typist } from './typist';
import type { View } from './view';
import { stepped } from './zoom';

const STOPS =
  'a[href], button, input:not([type=hidden]), select, textarea, summary, h1, h2, h3, h4, h5, h6, audio[controls], video[controls], ' +
  '[tabindex]:not([tabindex="-1"]), [role=button], [role=link], [role=checkbox], [role=radio], [role=switch], [role=tab], [role=menuitem], [role=option], [role=textbox], [role=searchbox], [role=combobox], [role=heading]';

/** Part of the window by which the page keys scroll. */
const PAGE = 0.85;
/** Pixels by which Home and End scroll at most: more than any page has. */
const FAR = 1e7;

export class Keys {
  private readonly ring = div('stop');
  private at: Element | null = null;
  /** Escape was pressed: the next Tab leaves the view. */
  private leaving = false;

  constructor(
    private readonly view: View,
    private readonly hand: HandOf,
    private readonly look: Look,
    private readonly typist: Typist,
    private readonly help: Help,
    private readonly undo: () => void,
  ) {
    const { cover } = view.stage;
    cover.tabIndex = 0;
    cover.setAttribute('role', 'application');
    cover.setAttribute('aria-label', 'The visitor’s page. Arrow keys go from element to element, Enter uses one, question mark: all keys.');
    this.ring.hidden = true;
    view.stage.layer('stops').append(this.ring);
    view.stage.onDraw(() => this.draw());
    cover.addEventListener('keydown', (event) => this.key(event));
    cover.addEventListener('focus', () => (this.leaving = false));
    cover.addEventListener('pointerdown', () => this.go(null));
    addEventListener('keydown', (event) => {
      if (event.key !== 'F6') return;
      event.preventDefault();
      view.tell({ t: 'leave', back: event.shiftKey });
    });
  }

  private key(event: KeyboardEvent): void {
    if (event.altKey) return;
    const used = event.ctrlKey || event.metaKey ? this.zoomKey(event.key) : this.plain(event);
    if (!used) return;
    event.preventDefault();
    event.stopPropagation();
  }

  private plain(event: KeyboardEvent): boolean {
    const { key } = event;
    if (this.writes(event)) return true;
    if (key === 'Escape') return this.escape();
    if (key === 'Tab') return !this.leaving && this.step(event.shiftKey ? -1 : 1, false);
    if (key === 'ArrowDown' || key === 'ArrowRight') return this.step(1, true);
    if (key === 'ArrowUp' || key === 'ArrowLeft') return this.step(-1, true);
    if (key === 'Enter') return this.use((target) => this.hand.enter(target));
    if (key === ' ') return this.use((target) => this.hand.space(target));
    return this.scrollKey(key) || this.zoomKey(key) || this.letter(key);
  }

  private letter(key: string): boolean {
    switch (key) {
      case '?':
        this.help.open();
        return true;
      case 'f':
        this.look.follow(!this.look.following);
        return true;
      case 'b':
        this.look.bring();
        return true;
      case 'z':
        this.undo();
        return true;
      default:
        return false;
    }
  }

  /** A letter in a text field begins to type there. */
  private writes({ key, ctrlKey, metaKey }: KeyboardEvent): boolean {
    const target = this.target();
    if (key.length !== 1 || key === ' ' || ctrlKey || metaKey || !target || this.hand.hand !== 'act') return false;
    if (!/^(text|editable)$/.test(fieldOf(target.element)?.sort ?? '') || isPrivate(target.element, this.view.page.states)) return false;
    if (this.view.standing.denies('type') || this.view.standing.denies('click')) return false;
    this.hand.enter(target);
    if (this.typist.typing) this.typist.put({ text: key });
    return true;
  }

  private scrollKey(key: string): boolean {
    const { height } = this.view.stage.sight;
    const by: Record<string, number> = { PageDown: height * PAGE, PageUp: -height * PAGE, Home: -FAR, End: FAR };
    const down = by[key];
    if (down === undefined) return false;
    const { shown } = this.view.stage;
    const from = this.at ?? (shown && dom.scroller(shown));
    if (!this.view.stage.pan(0, down * this.view.stage.scale)) this.look.scroll(from, [0, down]);
    return true;
  }

  private zoomKey(key: string): boolean {
    const { stage } = this.view;
    if (key === '+' || key === '=') stage.enlarge({ percent: stepped(stage.percent, 1) });
    else if (key === '-') stage.enlarge({ percent: stepped(stage.percent, -1) });
    else if (key === '0') stage.enlarge('whole');
    else if (key === '1') stage.enlarge({ percent: 100 });
    else if (key === '2') stage.enlarge('width');
    else return false;
    return true;
  }

  private escape(): boolean {
    if (!this.look.following) this.look.follow(true);
    else {
      this.go(null);
      this.leaving = true;
      this.view.say('Tab leaves the view.');
    }
    return true;
  }

  private use(how: (target: Target) => void): boolean {
    const target = this.target();
    if (target) how(target);
    return target !== null;
  }

  private target(): Target | null {
    const node = this.at && this.view.page.id(this.at);
    return this.at && node != null && this.view.stage.place(this.at) ? { node, element: this.at, at: [0.5, 0.5] } : null;
  }

  /** Goes to the next or previous stop; at the ends, Tab goes out of the view. */
  private step(by: 1 | -1, stay: boolean): boolean {
    const stops = this.stops();
    const now = this.at ? stops.indexOf(this.at) : -1;
    const next = now < 0 ? (by > 0 ? 0 : stops.length - 1) : now + by;
    const element = stops[next];
    if (!element) {
      if (stay) this.view.say(by > 0 ? 'End of the page.' : 'Start of the page.');
      return stay;
    }
    this.go(element);
    this.look.reveal(element);
    const state = stateOf(element, isPrivate(element, this.view.page.states));
    this.view.say([nameOf(element), roleOf(element), state, `${next + 1} of ${stops.length}`].filter(Boolean).join(', '));
    return true;
  }

  private go(element: Element | null): void {
    this.at = element;
    this.leaving = false;
    this.view.stage.draw();
  }

  /** What can be used and seen, and the headings, in the order of the page. */
  private stops(): Element[] {
    const { shown } = this.view.stage;
    const found: Element[] = [];
    if (shown) this.collect(shown, found);
    return found;
  }

  private collect(root: Document | ShadowRoot, found: Element[]): void {
    for (const element of root.querySelectorAll('*')) {
      if (dom.matches(element, STOPS) && this.usable(element)) found.push(element);
      const inner = dom.shadowRoot(element) ?? contentOf(element);
      if (inner) this.collect(inner, found);
    }
  }

  private usable(element: Element): boolean {
    if (dom.matches(element, ':disabled, [inert], [inert] *, [aria-hidden=true], [aria-hidden=true] *')) return false;
    return element.checkVisibility({ visibilityProperty: true }) && dom.boxOf(element).width > 0;
  }

  private draw(): void {
    const box = document.activeElement === this.view.stage.cover ? this.view.stage.place(this.at) : null;
    this.ring.hidden = !box;
    if (box) lay(this.ring, box);
  }
}

/** What a field holds, in words. */
function stateOf(element: Element, hidden: boolean): string {
  const name = dom.htmlName(element);
  if (hidden) return 'private to the visitor';
  if (name === 'select') return [...(element as HTMLSelectElement).selectedOptions].map(({ label }) => label).join(', ');
  if (name === 'textarea') return dom.areaValue(element as HTMLTextAreaElement);
  if (name !== 'input') return '';
  const input = element as HTMLInputElement;
  if (/^(checkbox|radio)$/.test(dom.inputType(input))) return dom.inputChecked(input) ? 'checked' : 'not checked';
  return /^(submit|reset|button|image|file)$/.test(dom.inputType(input)) ? '' : dom.inputValue(input);
}
