// Which acts an agent must not do, and which the visitor is asked about, as the site's rules have it.
import type { Act, ActKind } from '../../shared/protocol/act';
import type { Rules } from '../../shared/protocol/people';
import * as dom from '../../shared/dom';
import { type ActPage, typeOf, upward } from './env';
import { defaultButton, isSubmittedByEnter, isSubmitter } from './form';
import { paysByName } from './words';

/** Levels above an element at which a rule's selector still means it: a selector names a button, a press hits the icon in it. */
const LEVELS = 3;

/** What is asked about. */
export type Wish =
  | { kind: 'press' | 'type' | 'choose' | 'check' | 'enter'; name: string; what: string }
  | { kind: 'submit'; name: string }
  | { kind: 'open'; address: string };

/** Whether one of the selectors means an element. A selector that browsers do not know means none; the server warns of it. */
export function isMeant(element: Element, selectors: string[]): boolean {
  const near = [...upward(element)].slice(0, LEVELS + 1);
  return selectors.some((selector) => near.some((at) => matches(at, selector)));
}

function matches(element: Element, selector: string): boolean {
  try {
    return dom.matches(element, selector);
  } catch {
    return false;
  }
}

/** What a press would activate: the nearest control or link around an element, through its label. */
export function controlOf(page: ActPage, element: Element): Element | null {
  for (const at of upward(element)) {
    const name = dom.htmlName(at);
    if (name === 'label') return page.hands(at).labelled(at);
    if (name === 'button' || name === 'input' || name === 'select' || name === 'textarea' || name === 'summary') return at;
    if ((name === 'a' || name === 'area') && page.native.getAttribute(at, 'href') !== null) return at;
    if (['button', 'link', 'menuitem'].includes(page.native.getAttribute(at, 'role') ?? '')) return at;
  }
  return null;
}

/** Decides for one document. */
export class Judge {
  constructor(
    private readonly page: ActPage,
    private readonly name: (element: Element) => string,
    private readonly unmap: (address: string) => string,
  ) {}

  /** What the visitor is to be asked before the act; null: nothing. */
  wish(act: Act, element: Element | null, rules: Rules): Wish | null {
    if (act.a === 'navigate') return rules.ask.includes('navigate') ? { kind: 'open', address: this.unmap(act.url) } : null;
    if (!element) return null;
    switch (act.a) {
      case 'click':
        return this.press(element, rules);
      case 'submit': {
        const form = this.formOf(element);
        return form && (this.asksForForm(form, rules) || isMeant(element, rules.askSelectors)) ? { kind: 'submit', name: this.name(form) } : null;
      }
      case 'type':
        if (isMeant(element, rules.askSelectors)) return this.about('type', element);
        return act.strokes.some(isEnter) ? this.enter(element, rules) : null;
      case 'choose':
      case 'check':
        return isMeant(element, rules.askSelectors) ? this.about(act.a, element) : null;
      default:
        return null;
    }
  }

  /** What an act comes to beside what it is: pressing a box checks it, pressing a button or Enter may send a form. */
  implied(act: Act, element: Element): ActKind | null {
    if (act.a === 'type') return act.strokes.some(isEnter) && this.sendsByEnter(element) ? 'submit' : null;
    const control = act.a === 'click' ? controlOf(this.page, element) : null;
    if (!control) return null;
    if (['checkbox', 'radio'].includes(typeOf(control))) return 'check';
    return isSubmitter(control) && this.page.hands(control).form(control) ? 'submit' : null;
  }

  private sendsByEnter(element: Element): boolean {
    const form = isSubmittedByEnter(element) && this.page.hands(element).form(element);
    return form ? defaultButton(this.page, form) !== null : false;
  }

  /** What the visitor is to be asked before Enter is pressed in an element. */
  enter(element: Element, rules: Rules): Wish | null {
    if (isSubmittedByEnter(element)) {
      const form = this.page.hands(element).form(element);
      const button = form && defaultButton(this.page, form);
      if (!form || !button) return null;
      const asked = this.asksForForm(form, rules) || (button !== 'none' && this.asksFor(button, rules));
      return asked ? this.about('enter', element) : null;
    }
    const control = controlOf(this.page, element);
    return control === element && dom.htmlName(element) !== 'textarea' ? this.press(element, rules) : null;
  }

  private press(element: Element, rules: Rules): Wish | null {
    const control = controlOf(this.page, element);
    if (isMeant(element, rules.askSelectors)) return this.about('press', control ?? element);
    return control && this.asksFor(control, rules) ? this.about('press', control) : null;
  }

  private asksFor(control: Element, rules: Rules): boolean {
    if (isMeant(control, rules.askSelectors)) return true;
    const form = isSubmitter(control) ? this.page.hands(control).form(control) : null;
    if (form && this.asksForForm(form, rules)) return true;
    return rules.ask.includes('payment') && isPressed(this.page, control) && paysByName(this.name(control));
  }

  private asksForForm(form: HTMLFormElement, rules: Rules): boolean {
    if (rules.ask.includes('payment') && this.page.hands(form).queryAll(form, '[autocomplete*="cc-" i]').length > 0) return true;
    return rules.ask.includes('submit') && !isSearch(this.page, form);
  }

  private formOf(element: Element): HTMLFormElement | null {
    return dom.htmlName(element) === 'form' ? (element as HTMLFormElement) : this.page.hands(element).form(element);
  }

  private about(kind: 'press' | 'type' | 'choose' | 'check' | 'enter', element: Element): Wish {
    return { kind, name: this.name(element), what: whatOf(this.page, element) };
  }
}

function isEnter(stroke: Extract<Act, { a: 'type' }>['strokes'][number]): boolean {
  if (stroke === 'all') return false;
  return 'key' in stroke ? stroke.key === 'Enter' : /[\r\n]/.test(stroke.text);
}

function isPressed(page: ActPage, control: Element): boolean {
  const name = dom.htmlName(control);
  return name === 'a' || name === 'button' || ['submit', 'image', 'button'].includes(typeOf(control)) || ['button', 'link', 'menuitem'].includes(page.native.getAttribute(control, 'role') ?? '');
}

/** A form that finds things. */
export function isSearch(page: ActPage, form: Element): boolean {
  for (const at of upward(form)) if (dom.localName(at) === 'search' || page.native.getAttribute(at, 'role') === 'search') return true;
  return page.hands(form).queryAll(form, 'input[type="search" i]').length > 0;
}

function whatOf(page: ActPage, element: Element): string {
  const role = page.native.getAttribute(element, 'role');
  const name = dom.htmlName(element);
  if (name === 'a' || role === 'link') return 'a link';
  if (name === 'button' || role === 'button' || ['submit', 'button', 'image', 'reset'].includes(typeOf(element))) return 'a button';
  if (name === 'select') return 'a list';
  return name === 'input' || name === 'textarea' ? 'a field' : 'something on this page';
}
