// Builds what is in the overlay's shadow root. Element by element: pages with Trusted Types refuse markup.
import { createElement, createSvg, setText, type OverlayNative } from './dom';
import { HOST_STYLE, SHEET } from './style';

/** The elements that change or are listened to. */
export interface Parts {
  host: HTMLElement;
  root: ShadowRoot;
  /** Popover that holds everything else. */
  layer: HTMLElement;
  /** Where the bar may be: the window without its safe areas. */
  room: HTMLElement;
  bar: HTMLElement;
  grip: HTMLElement;
  dot: HTMLElement;
  who: HTMLElement;
  sentence: HTMLElement;
  note: HTMLElement;
  fold: HTMLElement;
  end: HTMLElement;
  ask: HTMLElement;
  question: HTMLElement;
  yes: HTMLElement;
  no: HTMLElement;
  said: HTMLElement;
}

const SVG = 'http://www.w3.org/2000/svg';
/** Icons of the fold button: to fold, to unfold. */
export const FOLD = 'M6 12h12';
export const UNFOLD = 'M12 6v12M6 12h12';
const GRIP = 'M9.5 6h.01M14.5 6h.01M9.5 12h.01M14.5 12h.01M9.5 18h.01M14.5 18h.01';

type Attributes = Record<string, string>;

/** Builds the parts; the host is in no document yet. */
export function build(doc: Document, native: OverlayNative): Parts {
  const make = (tag: string, attributes: Attributes, ...children: Node[]): HTMLElement => {
    const element = createElement(doc, tag);
    for (const [name, value] of Object.entries(attributes)) native.setAttribute(element, name, value);
    for (const child of children) native.appendChild(element, child);
    return element;
  };
  const icon = (path: string): Element => {
    const svg = createSvg(doc, SVG, 'svg');
    native.setAttribute(svg, 'viewBox', '0 0 24 24');
    native.setAttribute(svg, 'aria-hidden', 'true');
    const line = createSvg(doc, SVG, 'path');
    native.setAttribute(line, 'd', path);
    native.appendChild(svg, line);
    return svg;
  };
  const button = (name: string, text: string, attributes: Attributes = {}): HTMLElement => {
    const element = make('button', { type: 'button', class: name, ...attributes });
    if (text) setText(element, text);
    return element;
  };

  const host = make('alongside-overlay', {});
  host.style.cssText = HOST_STYLE;
  const root = native.attachShadow(host, { mode: 'closed' });
  const grip = make('button', { type: 'button', class: 'grip', 'aria-label': 'Move this bar with the arrow keys', title: 'Move' }, icon(GRIP));
  const dot = make('span', { class: 'dot' });
  const sentence = make('span', { class: 'sentence' });
  const note = make('span', { class: 'note' });
  const who = make('span', { class: 'who' }, sentence, note);
  const fold = make('button', { type: 'button', class: 'fold', 'aria-label': 'Show who sees this page', 'aria-expanded': 'true' }, icon(FOLD));
  const end = button('end', 'End', { 'aria-label': 'End sharing', 'aria-keyshortcuts': 'Alt+Shift+E', title: 'End sharing (Alt+Shift+E leads here)' });
  const question = make('span', { class: 'question', id: 'question' });
  setText(question, 'End sharing?');
  const yes = button('yes', 'Yes, end');
  const no = button('no', 'No');
  const ask = make('span', { class: 'ask', role: 'group', 'aria-labelledby': 'question', hidden: '' }, question, yes, no);
  const bar = make('div', { class: 'bar', role: 'region', 'aria-label': 'Shared visit' }, grip, dot, who, fold, end, ask);
  const said = make('div', { class: 'said', role: 'status', 'aria-live': 'polite' });
  const room = make('div', { class: 'room' });
  const layer = make('div', { class: 'layer', popover: 'manual', lang: 'en', dir: 'ltr' }, make('div', { class: 'frame' }), room, bar, said);
  addSheet(root, (text) => {
    const style = make('style', {});
    setText(style, text);
    native.appendChild(root, style);
  });
  native.appendChild(root, layer);
  return { host, root, layer, room, bar, grip, dot, who, sentence, note, fold, end, ask, question, yes, no, said };
}

/** As a constructed sheet, which no policy of the page's can refuse; as a style element where those are missing. */
function addSheet(root: ShadowRoot, asElement: (text: string) => void): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(SHEET);
    root.adoptedStyleSheets = [sheet];
  } catch {
    asElement(SHEET);
  }
}
