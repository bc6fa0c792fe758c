// The shape of the cursor, as the page wants it: pictures have none.
import * as dom from '../../shared/dom';
import { type ActPage, isTextField } from '../acts/env';

/** Keywords of the CSS property `cursor` (CSS Basic User Interface 4). */
const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'default none context-menu help pointer progress wait cell crosshair text vertical-text alias copy move no-drop not-allowed grab grabbing e-resize n-resize ' +
    'ne-resize nw-resize s-resize se-resize sw-resize w-resize ew-resize ns-resize nesw-resize nwse-resize col-resize row-resize all-scroll zoom-in zoom-out'
  ).split(' '),
);

/** The keyword that a browser would draw; pictures of the page's own have one beside them. Null: the browser decides by what is there. */
export function keywordOf(cursor: string): string | null {
  const last = cursor.split(',').at(-1)?.trim() ?? '';
  return KEYWORDS.has(last) ? last : null;
}

/** The cursor over an element, at a point of its document. */
export function cursorAt(page: ActPage, element: Element, x: number, y: number): string {
  const hands = page.hands(element);
  const style = hands.style(element);
  const keyword = keywordOf(style.cursor);
  if (keyword) return keyword;
  if (isTextField(element) || hands.isEditable(element)) return 'text';
  return style.userSelect !== 'none' && isOverText(page, element, x, y) ? 'text' : 'default';
}

function isOverText(page: ActPage, element: Element, x: number, y: number): boolean {
  const document = dom.ownerDocument(element);
  const caret = document && page.hands(element).caretAt(document, x, y);
  if (!document || !caret || dom.nodeType(caret.node) !== dom.TEXT || dom.parentNode(caret.node) !== element) return false;
  const range = dom.createRange(document);
  dom.selectContents(range, caret.node);
  return [...dom.rangeRects(range)].some(({ left, top, right, bottom }) => x >= left && x <= right && y >= top && y <= bottom);
}
