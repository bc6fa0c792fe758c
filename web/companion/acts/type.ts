// Typing: each character and key with the events that a keyboard makes, and what a browser then does of itself.
import type { Denial, Key, Stroke } from '../../shared/protocol/act';
import * as dom from '../../shared/dom';
import { type ActPage, editingHost, isDisabled, isReadOnly, isTextField, settled, typeOf } from './env';
import { erase, insert, move } from './edit';
import { endOf, readField, selectField, writeCaret, writeField } from './caret';
import type { Fire } from './fire';
import { type Focus, isFocusable, radioGroup, selectsAll } from './focus';
import { defaultButton, isSubmittedByEnter } from './form';
import type { TextField } from './native';

/** What typing needs to know of the rest. */
export interface TypingRules {
  /** Why an element that the focus went to must not be typed into; null: it may be. */
  refusal(element: Element): Denial | null;
  /** Enter may activate this without a question (or after one). */
  mayEnter(element: Element): boolean;
  /** The field's value is about to change. */
  changing(field: TextField): void;
  /** The change was told. */
  told(field: Element): void;
}

/** Lines that the page keys scroll by, as a part of what is visible. */
const PAGE = 0.875;

/** Types. */
export class Keyboard {
  constructor(
    private readonly page: ActPage,
    private readonly fire: Fire,
    private readonly focus: Focus,
    private readonly rules: TypingRules,
  ) {}

  /** Types into an element; gives why it could not, or could not go on. */
  async type(element: Element, strokes: Stroke[]): Promise<Denial | null> {
    const start = editingHost(this.page, element) ?? element;
    if (isDisabled(start) || isReadOnly(this.page, start)) return 'unfit';
    const editable = isTextField(start) || editingHost(this.page, start) !== null;
    const keys = strokes.every((stroke) => stroke !== 'all' && 'key' in stroke);
    if (!editable && !(keys && isFocusable(this.page, start))) return 'unfit';
    if (!this.begin(start)) return 'unfit';
    await settled();
    let at = start;
    for (const stroke of strokes) {
      for (const piece of pieces(stroke)) {
        const next = this.now(at);
        if (!next) return 'gone';
        const refused = next === at ? null : this.rules.refusal(next);
        if (refused) return refused;
        at = next;
        if (piece === 'all') this.all(at);
        else if (piece.named) await this.key(at, piece.key as Key);
        else await this.character(at, piece.key);
      }
    }
    return null;
  }

  /** Leads the focus there; the caret goes to the end, unless it was there already. */
  private begin(element: Element): boolean {
    if (this.focus.has(element)) return true;
    const host = editingHost(this.page, element);
    if (!this.focus.give(element)) return host !== null;
    const selection = host && !this.focus.quiet ? this.selectionIn(host) : null;
    if (host && selection) endOf(selection, host);
    if (!isTextField(element)) return true;
    const { text } = readField(this.page, element as TextField);
    writeCaret(this.page, element as TextField, { text, start: text.length, end: text.length });
    return true;
  }

  /** Where the next key goes: a page may have moved the focus, or put another element in the place of this one. */
  private now(at: Element): Element | null {
    const document = dom.ownerDocument(at);
    const active = document && this.focus.current(document);
    if (active && dom.localName(active) !== 'body' && dom.localName(active) !== 'html') return active;
    return dom.isConnected(at) ? at : null;
  }

  private all(element: Element): void {
    if (isTextField(element)) selectField(this.page, element as TextField);
    else {
      const selection = this.selectionIn(element);
      const host = editingHost(this.page, element);
      if (host) selection?.selectAllChildren(host);
    }
  }

  private async character(element: Element, key: string): Promise<void> {
    const { fire } = this;
    const goes = fire.key('keydown', element, key);
    await settled();
    if (goes && fire.key('keypress', element, key)) await this.insert(element, key);
    await settled();
    fire.key('keyup', this.now(element) ?? element, key);
    await settled();
  }

  private async insert(element: Element, typed: string): Promise<void> {
    if (isTextField(element)) await this.edit(element as TextField, 'insertText', typed);
    else await this.editInPlace(element, 'insertText', 'insertText', typed);
  }

  private async key(element: Element, key: Key): Promise<void> {
    const { fire } = this;
    const goes = fire.key('keydown', element, key) && (key !== 'Enter' || fire.key('keypress', element, key));
    await settled();
    if (goes) await this.byItself(element, key);
    await settled();
    fire.key('keyup', this.now(element) ?? element, key);
    await settled();
  }

  /** What the browser does at a key that the page left alone. */
  private async byItself(element: Element, key: Key): Promise<void> {
    if (key === 'Tab') this.tab(element);
    else if (key === 'Enter') await this.enter(element);
    else if (isTextField(element)) await this.inField(element as TextField, key);
    else if (editingHost(this.page, element)) await this.inPlace(element, key);
    else if (typeOf(element) === 'radio') await this.inGroup(element as HTMLInputElement, key);
    else if (typeOf(element) === 'range') this.step(element as HTMLInputElement, key);
    else if (dom.htmlName(element) === 'select') this.inList(element as HTMLSelectElement, key);
    else if (key === 'PageUp' || key === 'PageDown') this.scroll(element, key);
  }

  private tab(element: Element): void {
    const next = this.focus.next(element);
    if (!next) return;
    this.focus.give(next);
    if (selectsAll(next)) selectField(this.page, next as TextField);
  }

  private async enter(element: Element): Promise<void> {
    const name = dom.htmlName(element);
    if (name === 'textarea') await this.edit(element as TextField, 'insertLineBreak', '\n');
    else if (editingHost(this.page, element)) await this.editInPlace(element, 'insertParagraph', 'insertParagraph', null);
    else if (!this.rules.mayEnter(element)) return;
    else if (name === 'a' || name === 'button' || name === 'summary' || ['submit', 'button', 'reset', 'image'].includes(typeOf(element))) this.page.hands(element).activate(element);
    else if (isSubmittedByEnter(element)) await this.submit(element);
  }

  /** As browsers submit a form from a field (HTML Standard, 4.10.21.2). */
  private async submit(field: Element): Promise<void> {
    if (isTextField(field) && !this.fire.beforeInput(field, 'insertLineBreak', null)) return;
    this.rules.told(field);
    await settled();
    const form = this.page.hands(field).form(field);
    if (!form) return;
    const button = defaultButton(this.page, form);
    if (button === 'none') this.page.hands(form).requestSubmit(form, null);
    else if (button) this.page.hands(button).activate(button);
  }

  private async inField(field: TextField, key: Key): Promise<void> {
    if (key === 'Backspace' || key === 'Delete') {
      await this.edit(field, key === 'Backspace' ? 'deleteContentBackward' : 'deleteContentForward', null, key);
      return;
    }
    if (typeOf(field) === 'number' && (key === 'ArrowUp' || key === 'ArrowDown')) this.step(field as HTMLInputElement, key);
    else {
      const moved = move(readField(this.page, field), key, dom.htmlName(field) === 'textarea');
      if (moved) writeCaret(this.page, field, moved);
    }
  }

  /** One change of a field's text, if the page does not prevent it. */
  private async edit(field: TextField, inputType: string, data: string | null, key: 'Backspace' | 'Delete' | null = null): Promise<void> {
    const told = inputType === 'insertText' ? data : null;
    const now = readField(this.page, field);
    const edited = key ? erase(now, key) : this.accepts(field, data ?? '') ? insert(now, data ?? '', this.most(field)) : null;
    if (!this.fire.beforeInput(field, inputType, told) || !edited) return;
    await settled();
    if (isReadOnly(this.page, field)) return;
    this.rules.changing(field);
    writeField(this.page, field, edited);
    this.fire.input(field, inputType, told);
    await settled();
  }

  private accepts(field: TextField, data: string): boolean {
    return typeOf(field) !== 'number' || /^[0-9+\-.eE]*$/.test(data);
  }

  private most(field: TextField): number {
    const most = Number.parseInt(this.page.native.getAttribute(field, 'maxlength') ?? '', 10);
    return most >= 0 && typeOf(field) !== 'number' ? most : Infinity;
  }

  private selectionIn(element: Element): Selection | null {
    const document = dom.ownerDocument(element);
    return document && this.page.hands(document).selection(document);
  }

  private async inPlace(element: Element, key: Key): Promise<void> {
    if (key === 'Backspace') await this.editInPlace(element, 'deleteContentBackward', 'delete', null);
    else if (key === 'Delete') await this.editInPlace(element, 'deleteContentForward', 'forwardDelete', null);
    else {
      const step = STEPS[key];
      if (step && !this.focus.quiet) this.selectionIn(element)?.modify('move', ...step);
    }
  }

  /** One change of a text that is edited in place. */
  private async editInPlace(element: Element, inputType: string, command: string, data: string | null): Promise<void> {
    const host = editingHost(this.page, element);
    const document = dom.ownerDocument(element);
    const selection = this.selectionIn(element);
    if (!host || !document) return;
    const here = selection?.anchorNode && host.contains(selection.anchorNode);
    if (!this.focus.quiet && selection && !here) endOf(selection, host);
    if (!this.fire.beforeInput(host, inputType, data, this.ranges(host, selection))) return;
    await settled();
    const hands = this.page.hands(element);
    if (!this.focus.quiet && hands.command(document, command, data ?? undefined)) return;
    if (data === null && inputType !== 'insertParagraph') return;
    host.append(data ?? document.createElement('br'));
    this.fire.input(host, inputType, data);
  }

  private ranges(host: Element, selection: Selection | null): StaticRange[] {
    if (!selection?.rangeCount || this.focus.quiet) return [];
    const { startContainer, startOffset, endContainer, endOffset } = selection.getRangeAt(0);
    const hands = this.page.hands(host);
    return [new hands.StaticRange({ startContainer, startOffset, endContainer, endOffset })];
  }

  /** Arrow keys choose the next radio button of a group. */
  private async inGroup(radio: HTMLInputElement, key: Key): Promise<void> {
    const by = key === 'ArrowDown' || key === 'ArrowRight' ? 1 : key === 'ArrowUp' || key === 'ArrowLeft' ? -1 : 0;
    const group = radioGroup(this.page, radio).filter((other) => !isDisabled(other));
    const next = by && group.length > 1 ? group.at((group.indexOf(radio) + by) % group.length) : null;
    if (!next) return;
    this.focus.give(next);
    await settled();
    this.page.hands(next).activate(next);
  }

  private step(input: HTMLInputElement, key: Key): void {
    const by = key === 'ArrowUp' || key === 'ArrowRight' ? 1 : key === 'ArrowDown' || key === 'ArrowLeft' ? -1 : 0;
    if (!by || isReadOnly(this.page, input)) return;
    const hands = this.page.hands(input);
    const before = hands.value(input);
    hands.step(input, by);
    if (hands.value(input) === before) return;
    this.fire.plain('input', input);
    this.fire.plain('change', input);
  }

  private inList(select: HTMLSelectElement, key: Key): void {
    const hands = this.page.hands(select);
    if (hands.multiple(select)) return;
    const options = hands.options(select).filter((option) => !isDisabled(option));
    const at = options.findIndex((option) => dom.optionSelected(option));
    const next = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: options.length - 1 }[key as string];
    const option = next === undefined ? undefined : options[next];
    if (!option || next === at) return;
    hands.setIndex(select, hands.options(select).indexOf(option));
    this.fire.plain('input', select);
    this.fire.plain('change', select);
  }

  private scroll(element: Element, key: 'PageUp' | 'PageDown'): void {
    const document = dom.ownerDocument(element);
    const scroller = document && dom.scroller(document);
    if (!scroller) return;
    const by = (key === 'PageDown' ? 1 : -1) * scroller.clientHeight * PAGE;
    this.page.hands(scroller).scrollTo(scroller, { top: dom.scrollTop(scroller) + by, behavior: 'instant' });
  }
}

type Step = [direction: 'forward' | 'backward', granularity: string];

const STEPS: Partial<Record<Key, Step>> = {
  ArrowLeft: ['backward', 'character'], ArrowRight: ['forward', 'character'], ArrowUp: ['backward', 'line'], ArrowDown: ['forward', 'line'],
  Home: ['backward', 'lineboundary'], End: ['forward', 'lineboundary'],
};

/** One key press each. */
function pieces(stroke: Stroke): ('all' | { key: string; named: boolean })[] {
  if (stroke === 'all') return ['all'];
  if ('key' in stroke) return [{ key: stroke.key, named: true }];
  const characters = [...stroke.text.replaceAll('\r\n', '\n')];
  return characters.map((key) => (key === '\n' ? { key: 'Enter', named: true } : key === '\t' ? { key: 'Tab', named: true } : { key, named: false }));
}
