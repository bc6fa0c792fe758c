// Builds what is in the overlay's shadow root.
import { append, setText, type OverlayNative } from './dom';
import { button, draw, icon, make } from './make';
import { HOST_STYLE, SHEET } from './style';

/** The elements that change or are listened to. */
export interface Parts {
  host: HTMLElement;
  root: ShadowRoot;
  /** Popover that holds everything else. */
  layer: HTMLElement;
  /** Where the bar may be: the window without its safe areas. */
  room: HTMLElement;
  /** Highlights, rings and clicks. */
  below: HTMLElement;
  /** Marks and trails. */
  marks: SVGElement;
  /** Tags of highlights, and of fields in which somebody types. */
  tags: HTMLElement;
  labels: HTMLElement;
  cursors: HTMLElement;
  /** Takes what is pressed while the visitor shows something. */
  catcher: HTMLElement;
  /** Panels and questions. */
  panels: HTMLElement;
  bar: HTMLElement;
  grip: HTMLElement;
  dot: HTMLElement;
  faces: HTMLElement;
  who: HTMLElement;
  sentence: HTMLElement;
  note: HTMLElement;
  /** Lets agents help, or stops them. */
  help: HTMLElement;
  /** Begins to show something. */
  point: HTMLElement;
  chat: HTMLElement;
  badge: HTMLElement;
  more: HTMLElement;
  fold: HTMLElement;
  end: HTMLElement;
  question: HTMLElement;
  yes: HTMLElement;
  no: HTMLElement;
  hint: HTMLElement;
  asText: HTMLElement;
  leave: HTMLElement;
  said: HTMLElement;
}

/** Icons of the fold button: to fold, to unfold. */
export const FOLD = 'M6 12h12';
export const UNFOLD = 'M12 6v12M6 12h12';
const GRIP = 'M9.5 6h.01M14.5 6h.01M9.5 12h.01M14.5 12h.01M9.5 18h.01M14.5 18h.01';
const POINT = 'M5 5h4M5 5v4M19 5h-4M19 5v4M5 19h4M5 19v-4M12 11l7.5 3-3.4 1.2L14.8 19z';
const CHAT = 'M4 5h16v11.5h-9L6.5 20v-3.5H4zM8 9.5h8M8 12.5h5';
const MORE = 'M12 3.8a8.2 8.2 0 1 0 0 16.4 8.2 8.2 0 0 0 0-16.4zM12 11v5M12 7.8v.2';

/** Builds the parts; the host is in no document yet. `more`: what the style sheet has beside the usual. */
export function build(native: OverlayNative, more = ''): Parts {
  const host = make('alongside-overlay');
  host.style.cssText = HOST_STYLE;
  const root = native.attachShadow(host, { mode: 'closed' });
  const bar = buildBar();
  const said = make('div', { class: 'said', role: 'status', 'aria-live': 'polite' });
  const room = make('div', { class: 'room' });
  const below = make('div', { class: 'below', 'aria-hidden': 'true' });
  const marks = draw('svg', { class: 'marks', 'aria-hidden': 'true' });
  const tags = make('div', { class: 'tags' });
  const labels = make('div', { class: 'labels', role: 'region', 'aria-label': 'Labels on this page' });
  const cursors = make('div', { class: 'cursors', 'aria-hidden': 'true' });
  const catcher = make('div', { class: 'catcher', hidden: '' });
  const panels = make('div', { class: 'panels' });
  const layer = make(
    'div', { class: 'layer', popover: 'manual', lang: 'en', dir: 'ltr' },
    make('div', { class: 'frame' }), room, below, marks, tags, labels, cursors, catcher, bar.bar, panels, said,
  );
  addSheet(root, SHEET + more, (text) => {
    const style = make('style');
    setText(style, text);
    append(root, style);
  });
  append(root, layer);
  return { host, root, layer, room, below, marks, tags, labels, cursors, catcher, panels, said, ...bar };
}

function buildBar() {
  const grip = button('grip', '', { 'aria-label': 'Move this bar with the arrow keys', title: 'Move' }, icon(GRIP));
  const dot = make('span', { class: 'dot', role: 'img' });
  const faces = make('span', { class: 'faces', 'aria-hidden': 'true' });
  const sentence = make('span', { class: 'sentence' });
  const note = make('span', { class: 'note' });
  const who = make('span', { class: 'who' }, sentence, note);
  const help = button('help', '');
  const point = button('point', '', { 'aria-label': 'Show something', title: 'Show something' }, icon(POINT));
  const badge = make('span', { class: 'badge', 'aria-hidden': 'true', hidden: '' });
  const chat = button('talk', '', { 'aria-label': 'Chat', title: 'Chat', 'aria-expanded': 'false' }, icon(CHAT), badge);
  const more = button('more', '', { 'aria-label': 'About this shared visit', title: 'About this shared visit', 'aria-expanded': 'false' }, icon(MORE));
  const fold = button('fold', '', { 'aria-label': 'Show who sees this page', 'aria-expanded': 'true' }, icon(FOLD));
  const end = button('end', 'End', { 'aria-label': 'End sharing', 'aria-keyshortcuts': 'Alt+Shift+E', title: 'End sharing (Alt+Shift+E leads here)' });
  const question = make('span', { class: 'question', id: 'question' }, 'End sharing?');
  const yes = button('yes', 'Yes, end');
  const no = button('no', 'No');
  const ask = make('span', { class: 'ask', role: 'group', 'aria-labelledby': 'question' }, question, yes, no);
  const hint = make('span', { class: 'question', id: 'hint' });
  const asText = button('no', '');
  const leave = button('no', 'Cancel', { title: 'Cancel (Escape)' });
  const tool = make('span', { class: 'tool', role: 'group', 'aria-labelledby': 'hint' }, hint, asText, leave);
  const usual = make('span', { class: 'usual' }, dot, faces, who, help, point, chat, more, fold, end);
  const bar = make('div', { class: 'bar', role: 'region', 'aria-label': 'Shared visit', 'data-mode': 'usual', 'data-part': 'bar' }, grip, usual, ask, tool);
  return { bar, grip, dot, faces, who, sentence, note, help, point, chat, badge, more, fold, end, question, yes, no, hint, asText, leave };
}

/** As a constructed sheet, which no policy of the page's can refuse; as a style element where those are missing. */
function addSheet(root: ShadowRoot, text: string, asElement: (text: string) => void): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    root.adoptedStyleSheets = [sheet];
  } catch {
    asElement(text);
  }
}
