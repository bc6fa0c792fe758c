// How the overlay looks. Lengths are in em of the browser's own font size, never of the page's.
import { BAR } from './look/bar';
import { BASE, LAST } from './look/base';
import { NOTES } from './look/notes';
import { PANELS } from './look/panels';

/** Style attribute of the host: nothing of the page's style reaches what is inside, and the host itself takes no room. */
export const HOST_STYLE =
  'all: initial !important; display: block !important; position: fixed !important; inset: 0 auto auto 0 !important; ' +
  'width: 0 !important; height: 0 !important; z-index: 2147483647 !important; pointer-events: none !important; direction: ltr !important;';

/** The shadow root's style sheet. */
export const SHEET = BASE + BAR + NOTES + PANELS + LAST;
