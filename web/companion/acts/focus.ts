// The focus, as a press or the Tab key moves it. While the visitor types elsewhere, the real one stays theirs: then only the events are made.
import * as dom from '../../shared/dom';
import { type ActPage, around, focusedIn, isDisabled, isTextField, rootOf, typeOf, upward } from './env';
import type { Fire } from './fire';

/** Moves it. */
export class Focus {
  /** The element that has the focus in the eyes of the page, while the visitor keeps the real one. */
  private apart: Element | null = null;
  /** The real focus stays where it is. */
  quiet = false;

  constructor(
    private readonly page: ActPage,
    private readonly fire: Fire,
    /** An element is about to lose the focus. */
    private readonly leaving: (element: Element) => void,
  ) {}

  /** The focused element of a document, as the agents' acts go on from it. */
  current(document: Document): Element | null {
    if (this.quiet) return this.apart;
    return focusedIn(this.page, document);
  }

  /** The element has the focus. */
  has(element: Element): boolean {
    const document = dom.ownerDocument(element);
    return document !== null && this.current(document) === element;
  }

  /** As pressing an element does: the nearest element that takes it, else none. */
  press(target: Element): void {
    // A label hands the focus on when it is clicked, not before.
    for (const element of upward(target)) if ((dom.htmlName(element) !== 'label' || isFocusable(this.page, element)) && this.give(element)) return;
    this.drop(target);
  }

  /** Focuses an element; false: it takes none. */
  give(element: Element): boolean {
    if (this.has(element)) return true;
    const takes = this.quiet ? isFocusable(this.page, element) : true;
    if (!takes) return false;
    return this.quiet ? this.giveApart(element) : this.giveReal(element);
  }

  /** Takes the focus away. */
  drop(near: Element): void {
    const document = dom.ownerDocument(near);
    const active = document && this.current(document);
    if (!active || dom.localName(active) === 'body') return;
    if (this.quiet) {
      this.leaveApart(null);
      return;
    }
    this.leaving(active);
    const told = this.listen(active, 'blur');
    this.page.hands(active).blur(active);
    if (!told()) this.tell('blur', active, null);
  }

  /** The next element in the order of the Tab key; null: there is none. */
  next(from: Element): Element | null {
    const document = dom.ownerDocument(from);
    if (!document) return null;
    const order = tabOrder(this.page, document);
    const at = order.indexOf(from);
    if (at >= 0) return order[at + 1] ?? null;
    return order.find((element) => (from.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0) ?? order[0] ?? null;
  }

  private giveReal(element: Element): boolean {
    const document = dom.ownerDocument(element);
    const root = rootOf(element);
    if (!document || !root) return false;
    if (this.apart) this.leaveApart(element);
    const before = focusedIn(this.page, document);
    if (before && isFocusable(this.page, element)) this.leaving(before);
    const told = this.listen(element, 'focus');
    this.page.hands(element).focus(element, { preventScroll: true });
    if (this.page.hands(root).activeElement(root) !== element) return false;
    if (told() || focusedIn(this.page, document) !== element) return true;
    // A window that is not in front makes no focus events.
    if (before && before !== element && dom.localName(before) !== 'body') this.tell('blur', before, element);
    this.tell('focus', element, before);
    return true;
  }

  private giveApart(element: Element): boolean {
    if (this.apart) this.leaveApart(element);
    this.apart = element;
    this.tell('focus', element, null);
    return true;
  }

  private leaveApart(to: Element | null): void {
    const element = this.apart;
    this.apart = null;
    if (!element) return;
    this.leaving(element);
    this.tell('blur', element, to);
  }

  private tell(what: 'focus' | 'blur', element: Element, related: Element | null): void {
    this.fire.focus(what, element, related);
    this.fire.focus(what === 'focus' ? 'focusin' : 'focusout', element, related);
  }

  /** Whether the browser makes an event of its own. */
  private listen(element: Element, type: 'focus' | 'blur'): () => boolean {
    const { native } = this.page;
    let heard = false;
    const hear = () => (heard = true);
    native.addEventListener(element, type, hear, true);
    return () => {
      native.removeEventListener(element, type, hear, true);
      return heard;
    };
  }
}

/** Whether an element takes the focus (HTML Standard, 6.6.2), as far as its attributes tell. */
export function isFocusable(page: ActPage, element: Element): boolean {
  const name = dom.htmlName(element);
  const has = (attribute: string) => page.native.getAttribute(element, attribute) !== null;
  if (isDisabled(element) || (name === 'input' && typeOf(element) === 'hidden')) return false;
  if (/^\s*-?\d/.test(page.native.getAttribute(element, 'tabindex') ?? '')) return true;
  if (name === 'a' || name === 'area') return has('href');
  if (name === 'summary') return dom.htmlName(around(element) ?? element) === 'details';
  if (name === 'audio' || name === 'video') return has('controls');
  if (has('contenteditable') && page.hands(element).isEditable(element)) return true;
  return name === 'button' || name === 'input' || name === 'select' || name === 'textarea' || name === 'iframe';
}

function tabIndex(page: ActPage, element: Element): number {
  const value = Number.parseInt(page.native.getAttribute(element, 'tabindex') ?? '', 10);
  return Number.isNaN(value) ? 0 : value;
}

/** All elements that the Tab key stops at, in its order. */
function tabOrder(page: ActPage, document: Document): Element[] {
  const found: Element[] = [];
  collect(page, document, found);
  const stops = found.filter((element) => tabIndex(page, element) >= 0 && isFocusable(page, element) && isShown(page, element) && isStop(page, element));
  const first = stops.filter((element) => tabIndex(page, element) > 0).sort((a, b) => tabIndex(page, a) - tabIndex(page, b));
  return [...first, ...stops.filter((element) => tabIndex(page, element) === 0)];
}

function collect(page: ActPage, top: Node, found: Element[]): void {
  const stack: Node[] = [top];
  for (let node = stack.pop(); node; node = stack.pop()) {
    if (dom.nodeType(node) === dom.ELEMENT) {
      if (page.ours(node as Element)) continue;
      found.push(node as Element);
    }
    for (let child = dom.lastChild(node); child; child = dom.previousSibling(child)) stack.push(child);
    const root = dom.nodeType(node) === dom.ELEMENT ? page.shadowRoot(node as Element) : null;
    if (root) stack.push(root);
  }
}

function isShown(page: ActPage, element: Element): boolean {
  const { width, height } = dom.boxOf(element);
  return (width > 0 || height > 0) && page.hands(element).style(element).visibility === 'visible';
}

/** Of the radio buttons of a group, the chosen one. */
function isStop(page: ActPage, element: Element): boolean {
  if (typeOf(element) !== 'radio') return true;
  const group = radioGroup(page, element as HTMLInputElement);
  const chosen = group.find((radio) => page.hands(radio).checked(radio));
  return element === (chosen ?? group[0]);
}

/** The radio buttons that a radio button belongs to, in order, itself included. */
export function radioGroup(page: ActPage, radio: HTMLInputElement): HTMLInputElement[] {
  const hands = page.hands(radio);
  const name = page.native.getAttribute(radio, 'name');
  const root = rootOf(radio);
  if (!name || !root) return [radio];
  const all = hands.queryAll(root, 'input[type="radio" i]') as HTMLInputElement[];
  return all.filter((other) => page.native.getAttribute(other, 'name') === name && hands.form(other) === hands.form(radio));
}

/** What entering a field with the Tab key selects. */
export function selectsAll(element: Element): boolean {
  return isTextField(element) && dom.htmlName(element) === 'input';
}
