// Makes elements one by one: pages with Trusted Types refuse markup. With the browser's own functions, whatever the page put in their place.
import { append, createElement, createSvg, createText, setAttribute } from './dom';

const SVG = 'http://www.w3.org/2000/svg';

export type Attributes = Record<string, string>;

/** An HTML element with attributes and children; strings are texts. */
export function make(tag: string, attributes: Attributes = {}, ...children: (Node | string)[]): HTMLElement {
  const element = createElement(document, tag);
  fill(element, attributes, children);
  return element;
}

/** An SVG element. */
export function draw(tag: string, attributes: Attributes = {}, ...children: Node[]): SVGElement {
  const element = createSvg(document, SVG, tag) as SVGElement;
  fill(element, attributes, children);
  return element;
}

/** A picture of lines in a square of 24. */
export function icon(path: string): SVGElement {
  return draw('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true' }, draw('path', { d: path }));
}

/** A button; without a text it needs an `aria-label`. */
export function button(name: string, text: string, attributes: Attributes = {}, ...children: Node[]): HTMLButtonElement {
  return make('button', { type: 'button', class: name, ...attributes }, ...children, ...(text ? [text] : [])) as HTMLButtonElement;
}

function fill(element: Element, attributes: Attributes, children: (Node | string)[]): void {
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  for (const child of children) append(element, typeof child === 'string' ? createText(document, child) : child);
}
