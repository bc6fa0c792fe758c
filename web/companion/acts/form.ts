// How forms are submitted.
import * as dom from '../../shared/dom';
import { type ActPage, isDisabled, rootOf, typeOf } from './env';

/** Inputs of which a form may have but one to be submitted by Enter without a button (HTML Standard, 4.10.21.2). */
const BLOCKING = new Set(['text', 'search', 'tel', 'url', 'email', 'password', 'date', 'month', 'week', 'time', 'datetime-local', 'number']);

/** A button that submits the form that it belongs to. */
export function isSubmitter(element: Element): boolean {
  const name = dom.htmlName(element);
  if (name === 'button') return (element as HTMLButtonElement).type === 'submit';
  return ['submit', 'image'].includes(typeOf(element));
}

/** Enter in this field submits its form. */
export function isSubmittedByEnter(element: Element): boolean {
  const type = typeOf(element);
  return BLOCKING.has(type) || ['checkbox', 'radio', 'range', 'color'].includes(type);
}

/** The button by which a form is submitted; `none`: it is submitted without one; null: it is not submitted. */
export function defaultButton(page: ActPage, form: HTMLFormElement): HTMLElement | 'none' | null {
  const root = rootOf(form);
  if (!root) return null;
  const hands = page.hands(form);
  const own = hands.queryAll(root, 'button, input').filter((control) => hands.form(control) === form);
  const button = own.find(isSubmitter);
  if (button) return isDisabled(button) ? null : (button as HTMLElement);
  return own.filter((control) => BLOCKING.has(typeOf(control))).length > 1 ? null : 'none';
}
