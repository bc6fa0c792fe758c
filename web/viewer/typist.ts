// Typing into the visitor's page. The keys, an input method or a phone's keyboard write into a field of the viewer's own, which lies unseen
// over the element; what comes out goes to the visitor as strokes, one request at a time, and stands beside the element until it is confirmed.
import type { Stroke } from '../shared/protocol/act';
import type { NodeId } from '../shared/protocol/page';
import * as dom from '../shared/dom';
import type { Acting } from './acting';
import { lay, made } from './dom';
import { attribute, nameOf } from './fields';
import { keyOf, leaves, merge, shown, take } from './strokes';
import type { View } from './view';

/** Milliseconds for which what follows a Tab waits for the visitor's focus to come along. */
const FOLLOW = 600;
/** Stands in the field so that a phone's backspace has something to delete. */
const FILL = '\u200b';

export class Typist {
  private readonly field = made('textarea', 'typist');
  private node: NodeId | null = null;
  private what = '';
  /** What was typed and is not asked for yet, by the element that it is meant for. */
  private waiting: { node: NodeId; strokes: Stroke[] }[] = [];
  private flying: Stroke[] = [];
  private following = 0;

  constructor(
    private readonly view: View,
    private readonly acting: Acting,
    /** The element at which the visitor's focus arrived can be typed into. */
    private readonly takesText: (element: Element) => boolean,
  ) {
    const { field } = this;
    field.tabIndex = -1;
    field.spellcheck = false;
    for (const [name, value] of [['aria-label', 'Typed at the visitor’s'], ['autocomplete', 'off'], ['autocorrect', 'off'], ['autocapitalize', 'off']] as const) field.setAttribute(name, value);
    view.stage.layer('typing').append(field);
    view.stage.onDraw(() => this.draw());
    field.addEventListener('keydown', (event) => this.key(event));
    field.addEventListener('input', (event) => (event as InputEvent).isComposing || this.read());
    field.addEventListener('compositionend', () => this.read());
    field.addEventListener('blur', () => this.left());
    this.empty();
  }

  /** The keyboard is in an element of the page. */
  get typing(): boolean {
    return this.node !== null;
  }

  /** The keyboard goes to an element of the page. */
  begin(node: NodeId, element: Element): void {
    this.node = node;
    this.what = whatIs(element);
    this.field.setAttribute('aria-label', `${nameOf(element) || 'Text'}: typed at the visitor’s`);
    this.draw();
    this.field.focus({ preventScroll: true });
  }

  /** Types on behalf of the page's own keyboard handling. */
  put(stroke: Stroke): void {
    if (this.node === null) return;
    const last = this.waiting[this.waiting.length - 1];
    if (last?.node === this.node) merge(last.strokes, stroke);
    else this.waiting.push({ node: this.node, strokes: [stroke] });
    this.send();
  }

  /** The visitor's focus went to an element: typing goes along where a stroke of the agent's sent it. */
  focused(node: NodeId | null, element: Element | null): void {
    if (this.node === null || node === this.node || !(this.following || this.flying.some(leaves))) return;
    const before = this.node;
    if (node !== null && element && this.takesText(element)) {
      for (const piece of this.waiting) if (piece.node === before) piece.node = node;
      this.begin(node, element);
    } else {
      this.waiting = this.waiting.filter((piece) => piece.node !== before);
      this.end();
    }
    this.followed();
  }

  /** A page was built, the same one anew perhaps: typing goes on only if the element is what it was. */
  anew(): void {
    this.waiting = [];
    const element = this.view.element(this.node);
    if (this.node !== null && (!element || whatIs(element) !== this.what)) this.end();
  }

  /** The keyboard goes back to the view. */
  end(): void {
    if (this.node === null) return;
    const had = document.activeElement === this.field;
    this.node = null;
    if (had) this.view.stage.cover.focus({ preventScroll: true });
  }

  private left(): void {
    // The agent may have gone to another window, and come back into the field.
    if (document.activeElement === this.field) return;
    this.node = null;
    this.empty();
  }

  private empty(): void {
    this.field.value = FILL;
    this.field.setSelectionRange(FILL.length, FILL.length);
  }

  /** What was written into the field. */
  private read(): void {
    const { value } = this.field;
    const text = value.replaceAll(FILL, '');
    if (!text && value.length < FILL.length) this.put({ key: 'Backspace' });
    // A pasted or dictated line break is a key, as it is when it is typed.
    for (const [i, line] of text.split(/\r\n|\r|\n/).entries()) {
      if (i > 0) this.put({ key: 'Enter' });
      if (line) this.put({ text: line });
    }
    this.empty();
  }

  private key(event: KeyboardEvent): void {
    if (event.isComposing || event.key === 'F6') return;
    event.stopPropagation();
    if (event.key === 'Escape') {
      event.preventDefault();
      this.end();
      this.view.say('No longer typing.');
      return;
    }
    if (event.ctrlKey || event.metaKey) {
      if (event.key.toLowerCase() !== 'a') return;
      event.preventDefault();
      this.put('all');
      return;
    }
    const key = keyOf(event.key);
    if (!key || event.altKey || (key === 'Tab' && event.shiftKey)) return;
    event.preventDefault();
    this.put({ key });
  }

  private send(): void {
    const [next] = this.waiting;
    if (!next || this.flying.length || this.following) return;
    const strokes = (this.flying = take(next.strokes));
    if (!next.strokes.length) this.waiting.shift();
    const { node } = next;
    const { era } = this.view;
    this.acting.ask({ a: 'type', node, strokes }, {
      quiet: true,
      done: () => this.done(node, strokes, era),
      failed: () => {
        this.flying = [];
        this.waiting = this.waiting.filter((piece) => piece.node !== node);
        this.send();
      },
    });
    if (this.flying.length) this.tell(node);
  }

  private done(node: NodeId, strokes: Stroke[], era: number): void {
    this.flying = [];
    if (era !== this.view.era) {
      this.send();
      return;
    }
    const last = strokes[strokes.length - 1];
    // Strokes that follow belong to where the focus goes, which the page tells in a moment.
    if (last && leaves(last) && this.node === node) this.following = window.setTimeout(() => this.followed(), FOLLOW);
    if (this.waiting[0]?.node === node) this.tell(node);
    else this.view.signs.put(node, 'done');
    this.send();
  }

  private followed(): void {
    clearTimeout(this.following);
    this.following = 0;
    this.send();
  }

  private tell(node: NodeId): void {
    const [next] = this.waiting;
    this.view.signs.put(node, 'pending', shown([...this.flying, ...(next?.node === node ? next.strokes : [])]));
  }

  private draw(): void {
    const box = this.view.stage.place(this.view.element(this.node));
    if (box) lay(this.field, box);
    else if (this.node !== null) this.end();
  }
}

/** By what an element is known again. */
function whatIs(element: Element): string {
  return [dom.localName(element), attribute(element, 'name'), attribute(element, 'id'), attribute(element, 'type')].join(' ');
}
