// What the console says about pages and pictures of them.
import type { Denial } from '../shared/protocol/act';
import type { ImageOffer, ImageState, Way } from '../shared/protocol/image';
import { answerWords, type Sign } from './words';

export const wayName: Record<Way, string> = { page: 'Page', image: 'Pictures' };

export const wayTitle: Record<Way, string> = {
  page: 'The visitor’s browser opens the page, and you see a copy of it',
  image: 'A browser on the server opens the page, and both of you see pictures of it: for canvas, WebGL, and sites that a copy cannot show',
};

const INSTALL = 'Ask your administrator to install Chromium on the server (Debian: chromium-headless-shell)';

/** Why the image way is not to be had; empty: it is. */
export const whyNoPictures: Record<ImageOffer, string> = {
  ready: '',
  off: 'they are turned off on this server',
  'no-chrome': `there is no Chromium on the server. ${INSTALL}`,
  'no-sandbox': 'the server cannot start Chromium with its sandbox. Ask your administrator to allow it, as the guide to image mode says',
  full: 'as many sessions as the server bears are shown by pictures. Try again when one of them has ended',
};

/** How the pictures stand, where that is worth a word. */
export function imageSign(way: Way, state: ImageState): Sign | null {
  if (way === 'page') return null;
  switch (state) {
    case 'live':
      return null;
    case 'restarting':
      return { tone: 'warn', text: 'Opening it again…', pulse: true };
    case 'failed':
      return { tone: 'danger', text: 'It could not be opened' };
    case 'off':
    case 'starting':
      return { tone: 'warn', text: 'Opening it on the server…', pulse: true };
  }
}

/** What became of a request for another way. */
export function wayWords(way: Way, answer: Denial | 'lost' | null): string {
  if (answer === null) return wentWords(way);
  return answer === 'unavailable' ? 'Pictures are not to be had right now.' : answerWords(answer);
}

/** The page is shown this way from now on. `failed`: the pictures stopped by themselves. */
export function wentWords(way: Way, failed = false): string {
  if (failed) return 'The page could not be opened on the server. The visitor’s own browser shows it again.';
  return way === 'image' ? 'Pictures now: the page is opened on the server.' : 'The page itself now: the visitor’s own browser shows it.';
}
