// What the visitor does, as far as agents' acts have to mind it: where they type, what they touched, whether they scroll. What they type into an
// element that an agent holds is held back.
import * as dom from '../../shared/dom';
import { type ActPage, around, editingHost, focusedIn, isTextField, typeOf, upward } from './env';
import { hitAt } from './place';
import { controlOf } from './rules';

/** What the visitor's doings are told to. */
export interface Heed {
  /** An agent is acting at this moment: what happens is not the visitor's doing. */
  busy(): boolean;
  /** An agent holds the element. */
  isHeld(element: Element): boolean;
  /** The visitor types in an element. */
  typed(element: Element): void;
  /** The visitor did something to an element. */
  touched(element: Element): void;
  /** The browser told of a change of what was typed. */
  changed(element: Element): void;
  /** The visitor left an element. */
  left(element: Element): void;
  /** The visitor scrolls. */
  scrolled(): void;
  /** What an agent held cannot be held any longer: the visitor does something in it that cannot be held back. */
  take(element: Element): void;
}

const CHOSEN = new Set(['checkbox', 'radio', 'range', 'color', 'date', 'time', 'month', 'week', 'datetime-local', 'file']);
const SCROLLING = new Set(['PageUp', 'PageDown', 'ArrowUp', 'ArrowDown', 'Home', 'End', ' ']);

/** The element that a lock or a conflict is about: the field, the editable text, the control that a label or an option is of, else itself. */
export function subjectOf(page: ActPage, element: Element): Element {
  const host = editingHost(page, element);
  if (host) return host;
  const option = [...upward(element)].slice(0, 3).find((at) => dom.htmlName(at) === 'select');
  return option ?? controlOf(page, element) ?? element;
}

/** Listens in windows. */
export class Visitor {
  private readonly listeners: [string, (event: Event) => void][];

  constructor(
    private readonly page: ActPage,
    private readonly heed: Heed,
  ) {
    const typing = (event: Event) => this.typing(event);
    const choosing = (event: Event) => this.choosing(event);
    const scrolling = (event: Event) => event.isTrusted && heed.scrolled();
    this.listeners = [
      ['keydown', (event) => this.key(event as KeyboardEvent)],
      ...['beforeinput', 'input', 'paste', 'cut', 'drop', 'compositionstart'].map((type): [string, (event: Event) => void] => [type, typing]),
      ...['pointerdown', 'mousedown', 'click', 'change', 'dragstart'].map((type): [string, (event: Event) => void] => [type, choosing]),
      ['wheel', scrolling],
      ['touchmove', scrolling],
      ['focusout', (event) => this.leaving(event)],
    ];
  }

  /** Listens in a document's window. Doing it again changes nothing. */
  open(document: Document): void {
    const window = dom.defaultView(document);
    if (!window) return;
    for (const [type, listener] of this.listeners) {
      const passive = type === 'wheel' || type === 'touchmove';
      this.page.native.addEventListener(window, type, listener, { capture: true, passive });
    }
  }

  private isTheirs(event: Event): boolean {
    return event.isTrusted && !this.heed.busy();
  }

  private key(event: KeyboardEvent): void {
    if (!this.isTheirs(event)) return;
    const element = this.focused(event);
    if (!element) return;
    const subject = subjectOf(this.page, element);
    const edits = isEditing(event) || ['Enter', ' '].includes(event.key);
    if (SCROLLING.has(event.key) && !isEdited(this.page, subject)) this.heed.scrolled();
    const changes = edits || (event.key.startsWith('Arrow') && (CHOSEN.has(typeOf(subject)) || dom.htmlName(subject) === 'select' || typeOf(subject) === 'number'));
    if (!changes) return;
    if (this.heldBack(event, subject)) return;
    this.heed.touched(subject);
    if (isEditing(event) && isEdited(this.page, subject)) this.heed.typed(subject);
  }

  private typing(event: Event): void {
    if (!this.isTheirs(event)) return;
    const element = event.type === 'drop' ? this.innermost(event) : this.focused(event);
    if (!element) return;
    const subject = subjectOf(this.page, element);
    if (event.type === 'compositionstart' && this.heed.isHeld(subject)) this.heed.take(subject);
    if (this.heldBack(event, subject)) return;
    this.heed.touched(subject);
    if (isEdited(this.page, subject)) this.heed.typed(subject);
  }

  private choosing(event: Event): void {
    if (!this.isTheirs(event)) return;
    const element = this.innermost(event);
    if (!element) return;
    const subject = subjectOf(this.page, element);
    const chosen = CHOSEN.has(typeOf(subject)) || dom.htmlName(subject) === 'select';
    if (chosen && this.heldBack(event, subject)) return;
    if (event.type === 'change') this.heed.changed(subject);
    if (event.type === 'click' || event.type === 'change' || event.type === 'dragstart') this.heed.touched(subject);
  }

  private leaving(event: Event): void {
    if (!this.isTheirs(event)) return;
    const element = this.innermost(event);
    if (element) this.heed.left(subjectOf(this.page, element));
  }

  /** Whether it was taken from the page, because an agent holds the element. */
  private heldBack(event: Event, subject: Element): boolean {
    if (!this.heed.isHeld(subject)) return false;
    if (event.cancelable) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return true;
    }
    // What got in all the same (an input method, a finger on a slider) is the visitor's: they are in control.
    if (event.type === 'input') this.heed.take(subject);
    return event.type === 'change';
  }

  /** The focused element in the document that an event is of. */
  private focused(event: Event): Element | null {
    const top = this.innermost(event);
    const document = top && dom.ownerDocument(top);
    if (!document) return null;
    const active = focusedIn(this.page, document);
    if (!active || !top) return top;
    for (let at: Element | null = active; at; at = around(at)) if (at === top) return active;
    return top;
  }

  /** The element that an event is for, within closed shadow roots, too. */
  private innermost(event: Event): Element | null {
    const target = this.page.hands(document).path(event)[0];
    if (!target || !('nodeType' in target) || dom.nodeType(target as Node) !== dom.ELEMENT) return null;
    const element = target as Element;
    if (this.page.ours(element)) return null;
    if (!this.page.shadowRoot(element)) return element;
    const { clientX: x, clientY: y } = event as MouseEvent;
    const own = dom.ownerDocument(element);
    const hit = own && typeof x === 'number' && (x !== 0 || y !== 0) ? hitAt(this.page, own, x, y) : null;
    if (hit) for (let at: Element | null = hit; at; at = around(at)) if (at === element) return hit;
    const active = own && focusedIn(this.page, own);
    if (active) for (let at: Element | null = active; at; at = around(at)) if (at === element) return active;
    return element;
  }
}

/** A text that is typed. */
function isEdited(page: ActPage, element: Element): boolean {
  return isTextField(element) || editingHost(page, element) !== null;
}

/** A key that changes a text. */
function isEditing({ key, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey) return !altKey && ['v', 'x', 'z', 'y', 'Backspace', 'Delete'].includes(key.length === 1 ? key.toLowerCase() : key);
  return key.length === 1 || key === 'Backspace' || key === 'Delete';
}
