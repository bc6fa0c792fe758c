// What sort of field an element is, and what it is called.
import * as dom from '../shared/dom';
import type { States } from './states';

/** `value`: chosen in a small window of the browser's rather than typed. `editable`: text that is no field. */
export type Sort = 'text' | 'list' | 'value' | 'check' | 'editable';

const TEXTS = /^(text|search|url|tel|email|password|number)$/;
const VALUES = /^(date|time|month|week|datetime-local|color|range)$/;

export interface Field {
  element: Element;
  sort: Sort;
}

/** The field that an element is, or is in (an option of a list). */
export function fieldOf(element: Element): Field | null {
  switch (dom.htmlName(element)) {
    case 'input': {
      const sort = inputSort(dom.inputType(element as HTMLInputElement));
      return sort && !off(element) ? { element, sort } : null;
    }
    case 'textarea':
      return off(element) ? null : { element, sort: 'text' };
    case 'select':
      return off(element) ? null : { element, sort: 'list' };
    case 'option':
    case 'optgroup': {
      const parent = dom.parentNode(element);
      return parent && dom.nodeType(parent) === dom.ELEMENT ? fieldOf(parent as Element) : null;
    }
    default:
      return /^(textbox|searchbox)$/.test(attribute(element, 'role')) ? { element, sort: 'editable' } : null;
  }
}

function inputSort(type: string): Sort | null {
  if (TEXTS.test(type)) return 'text';
  if (VALUES.test(type)) return 'value';
  return type === 'checkbox' || type === 'radio' ? 'check' : null;
}

function off(element: Element): boolean {
  return dom.matches(element, ':disabled') || (dom.hasAttribute(element, 'readonly') && !dom.matches(element, '[type=checkbox], [type=radio]'));
}

/** What is in it is for the visitor alone. */
export function isPrivate(element: Element, states: States): boolean {
  const type = dom.htmlName(element) === 'input' ? dom.inputType(element as HTMLInputElement) : '';
  return type === 'password' || states.isMasked(element);
}

export function attribute(element: Element, name: string): string {
  const found = dom.attributeOf(element, null, name);
  return found ? dom.attributeValue(found) : '';
}

/** Longest name that is read out. */
const LONGEST = 120;

/** The name by which a screen reader would call an element; a plain reading of the rules (ARIA, accessible name computation). */
export function nameOf(element: Element): string {
  const name = labelled(element) || attribute(element, 'aria-label') || native(element) || textOf(element) || attribute(element, 'title') || attribute(element, 'placeholder');
  const tidy = name.replace(/\s+/g, ' ').trim();
  return tidy.length > LONGEST ? `${tidy.slice(0, LONGEST)}…` : tidy;
}

function labelled(element: Element): string {
  const root = element.getRootNode() as Document | ShadowRoot;
  const ids = attribute(element, 'aria-labelledby').split(/\s+/).filter(Boolean);
  return ids.map((id) => textOf(root.getElementById(id))).join(' ');
}

function native(element: Element): string {
  const name = dom.htmlName(element) ?? '';
  if (name === 'img' || name === 'area') return attribute(element, 'alt');
  if (!/^(input|select|textarea|button)$/.test(name)) return '';
  if (name === 'input' && /^(submit|reset|button)$/.test(dom.inputType(element as HTMLInputElement))) {
    return attribute(element, 'value') || (dom.inputType(element as HTMLInputElement) === 'reset' ? 'Reset' : 'Submit');
  }
  const labels = [...((element as HTMLInputElement).labels ?? [])];
  return labels.map(textOf).join(' ') || (name === 'input' && attribute(element, 'alt')) || '';
}

/** The text in an element, pictures by what stands for them. */
function textOf(element: Element | null): string {
  if (!element || /^(select|textarea|input|script|style)$/.test(dom.htmlName(element) ?? '')) return '';
  let text = '';
  for (let child = dom.firstChild(element); child && text.length < 2 * LONGEST; child = dom.nextSibling(child)) {
    if (dom.nodeType(child) === dom.TEXT) text += dom.data(child);
    else if (dom.nodeType(child) === dom.ELEMENT) text += ` ${attribute(child as Element, 'aria-label') || attribute(child as Element, 'alt') || textOf(child as Element)} `;
  }
  return text.trim();
}

/** What it is, in a word or two. */
export function roleOf(element: Element): string {
  const role = attribute(element, 'role');
  if (role) return role;
  const name = dom.htmlName(element) ?? '';
  if (/^h[1-6]$/.test(name)) return `heading ${name[1]}`;
  if (name === 'a') return 'link';
  if (name === 'select') return 'list';
  if (name === 'textarea') return 'text field';
  if (name !== 'input') return name === 'button' || name === 'summary' ? 'button' : '';
  const type = dom.inputType(element as HTMLInputElement);
  if (TEXTS.test(type)) return 'text field';
  if (/^(submit|reset|button|image)$/.test(type)) return 'button';
  return type === 'radio' ? 'radio button' : type;
}
