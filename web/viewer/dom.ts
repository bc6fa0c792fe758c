// Small things for what the viewer draws itself; the page's own nodes go through `../shared/dom`.

const SVG = 'http://www.w3.org/2000/svg';

export function div(name: string, text = ''): HTMLElement {
  return made('div', name, text);
}

export function made<K extends keyof HTMLElementTagNameMap>(tag: K, name = '', text = ''): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (name) element.className = name;
  if (text) element.textContent = text;
  return element;
}

export function button(text: string, name: string, press: () => void): HTMLButtonElement {
  const element = made('button', name, text);
  element.type = 'button';
  element.addEventListener('click', press);
  return element;
}

export function svg<K extends keyof SVGElementTagNameMap>(tag: K, attributes: Record<string, string | number> = {}): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

/** Puts an element where a box is. */
export function lay(element: HTMLElement, { x, y, width, height }: { x: number; y: number; width: number; height: number }): void {
  element.style.translate = `${x}px ${y}px`;
  element.style.width = `${width}px`;
  element.style.height = `${height}px`;
}
