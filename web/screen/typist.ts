// Text for the page. It is written into a field of the screen's own, which lies unseen where the page's field is: so a phone shows the right
// keyboard, and input methods compose where the text will stand.
import type { Field } from '../shared/protocol/hosted';
import type { Input } from '../shared/protocol/image';
import { make } from '../companion/overlay/make';
import type { Box } from '../companion/overlay/geometry';
import { editOf } from './writing';

/** Stands in an empty field, so that a phone's Backspace has something to delete. */
const FILL = '\u200b';
/** Milliseconds after which what the page says of the text is newer than what was written here. */
const ECHO = 600;
/** Most UTF-16 units of a text that is sent at once. */
const MOST = 100_000;
/** Languages that are written by input methods which show what they have not settled. */
const COMPOSED = /^(zh|ja|ko|vi)\b/i;
/** What keyboards a field asks for by its type. */
const MODES: Record<string, string> = { email: 'email', url: 'url', tel: 'tel', number: 'decimal', search: 'search' };

export interface Typed {
  /** Where the fields go. */
  into: HTMLElement;
  /** What has the keyboard while nothing takes text. */
  rest: HTMLElement;
  /** A box of the page in the window. */
  toWindow(place: Field['place']): Box | null;
  send(input: Input): void;
  /** This is a phone or a tablet. */
  handheld(): boolean;
}

export class Typist {
  private readonly area = make('textarea', { class: 'typist', rows: '1' }) as HTMLTextAreaElement;
  private readonly secret = make('input', { class: 'typist', type: 'password' }) as HTMLInputElement;
  private field: Field | null = null;
  /** What the field of ours held when it was last read. */
  private known = '';
  private composing = false;
  private wrote = -Infinity;
  private timer = 0;
  /** The caret may be elsewhere than at the end of what was written: the page says where, next. */
  private moved = true;

  constructor(private readonly of: Typed) {
    for (const each of [this.area, this.secret] as HTMLElement[]) {
      for (const [name, value] of [['autocomplete', 'off'], ['autocorrect', 'off'], ['spellcheck', 'false'], ['tabindex', '-1'], ['aria-label', 'Text for the page']] as const) each.setAttribute(name, value);
      each.hidden = true;
      of.into.append(each);
      each.addEventListener('input', (event) => this.read(event as InputEvent));
      each.addEventListener('compositionstart', (event) => this.begin(event));
      each.addEventListener('compositionupdate', (event) => this.compose(event.data));
      each.addEventListener('compositionend', (event) => this.settle(event.data));
    }
  }

  /** The element that has the keyboard, when the picture has. */
  get target(): HTMLElement {
    return this.field ? this.own : this.of.rest;
  }

  /** A field of ours has the keyboard. */
  get writing(): boolean {
    return this.field !== null && document.activeElement === this.own;
  }

  /** The page's field with the focus is another, or stands elsewhere. `active`: the picture has the keyboard. */
  show(field: Field | null, active: boolean): void {
    const before = this.field;
    this.field = field;
    if (!field) {
      if (active && before) this.of.rest.focus({ preventScroll: true });
      this.area.hidden = this.secret.hidden = true;
      return;
    }
    const other = !before || before.kind !== field.kind || before.hints.join() !== field.hints.join();
    if (other) this.dress(field);
    this.place();
    if (other) this.moved = true;
    this.follow();
    if (active && document.activeElement !== this.own) this.focus();
  }

  /** Takes the keyboard. */
  focus(): void {
    // A phone moves what is written in above its keyboard, as it does with any field.
    this.target.focus({ preventScroll: !this.of.handheld() });
  }

  /** Shows a keyboard that was put away; in the event of a tap. */
  again(): void {
    if (this.field && document.activeElement === this.own) this.own.blur();
    if (this.field) this.focus();
  }

  /** Puts the field where the page's is. */
  place(): void {
    const box = this.field && this.of.toWindow(this.field.place);
    if (!box) return;
    Object.assign(this.own.style, { left: `${box.left}px`, top: `${box.top}px`, width: `${Math.max(8, box.width)}px`, height: `${Math.max(8, box.height)}px` });
  }

  /** A key or a press may have moved the caret. */
  caretMoved(): void {
    this.moved = true;
  }

  /** Text from elsewhere, such as the clipboard. */
  insert(text: string): void {
    if (text) this.of.send({ i: 'text', text: text.slice(0, MOST).toWellFormed() });
    this.moved = true;
  }

  private get own(): HTMLTextAreaElement | HTMLInputElement {
    return this.field?.kind === 'password' ? this.secret : this.area;
  }

  private dress({ kind, hints: [mode, enter, capital] }: Field): void {
    const { own } = this;
    const other = own === this.area ? this.secret : this.area;
    other.hidden = true;
    own.hidden = false;
    own.setAttribute('inputmode', mode || MODES[kind] || 'text');
    own.setAttribute('autocapitalize', capital || (/^(email|url|password)$/.test(kind) ? 'off' : 'sentences'));
    if (enter) own.setAttribute('enterkeyhint', enter);
    else own.removeAttribute('enterkeyhint');
  }

  /** Takes over what stands before the page's caret, unless it is older than what is written here. */
  private follow(): void {
    clearTimeout(this.timer);
    if (!this.field || this.composing) return;
    const left = this.moved ? 0 : this.wrote + ECHO - performance.now();
    if (left > 0) {
      this.timer = window.setTimeout(() => this.follow(), left);
      return;
    }
    this.moved = false;
    const value = this.field.before || FILL;
    if (this.own.value.replaceAll(FILL, '') !== this.field.before || this.own.value === '') this.own.value = value;
    this.known = this.own.value;
    this.own.setSelectionRange(this.known.length, this.known.length);
  }

  private read(event: InputEvent): void {
    if (this.composing && this.composes) return;
    if (event.inputType === 'insertFromPaste') return;
    this.settleText();
  }

  /** Sends what became of the text. */
  private settleText(): void {
    const { value } = this.own;
    const edit = editOf(this.known, value);
    this.known = value;
    this.wrote = performance.now();
    this.moved = false;
    this.press('ArrowLeft', edit.left);
    this.press('Backspace', edit.back);
    for (const [i, line] of edit.text.replaceAll(FILL, '').split(/\r\n|\r|\n/).entries()) {
      if (i > 0) this.press('Enter', 1);
      if (line) this.of.send({ i: 'text', text: line.toWellFormed() });
    }
    this.press('ArrowRight', edit.left);
    if (value === '') this.own.value = this.known = FILL;
  }

  private press(key: string, times: number): void {
    for (let i = 0; i < times; i += 1) {
      for (const down of [true, false]) this.of.send({ i: 'key', down, key, code: key, location: 0, repeat: false, held: 0 });
    }
  }

  /** Whether what an input method has not settled is shown as such: phones' keyboards compose every word, and change it as it is typed. */
  private get composes(): boolean {
    return !this.of.handheld() || COMPOSED.test(navigator.language);
  }

  private begin(event: CompositionEvent): void {
    this.composing = true;
    // What stood there already is composed anew.
    if (this.composes) this.press('Backspace', [...event.data].length);
  }

  private compose(text: string): void {
    if (!this.composes) return;
    this.wrote = performance.now();
    const at = text.length;
    this.of.send({ i: 'compose', text: text.toWellFormed(), selection: [at, at] });
  }

  private settle(text: string): void {
    this.composing = false;
    this.wrote = performance.now();
    if (!this.composes) {
      this.settleText();
      return;
    }
    if (text) this.of.send({ i: 'text', text: text.toWellFormed() });
    else this.of.send({ i: 'compose', text: '', selection: [0, 0] });
    this.known = this.own.value;
  }
}
