// What the screen says beside the overlay.
import type { DialogKind, ImageState } from '../shared/protocol/image';

/** What a visitor is told who comes here. */
export function arrival(agent: string): { title: string; text: string } {
  return {
    title: `${agent ? `You and ${agent}` : 'You'} now see a picture of this page`,
    text: 'It is made on our server, where the page is open now. What you type goes to it.',
  };
}

export const BACK_TO_PAGE = 'Back to the page itself';
export const GOING_BACK = 'Going back…';

/** How the picture is called. */
export function pictureName(title: string): string {
  return `${title || 'The page'}: a picture of it. Keys go to the page; F6 leads to the bar.`;
}

/** What stands in place of a picture; empty: the picture is what there is to see. */
export function stateText(state: ImageState, seen: boolean): string {
  switch (state) {
    case 'restarting':
      return 'The page stopped and is being opened again.';
    case 'failed':
      return 'The page could not be opened as a picture. You go back to the page itself.';
    case 'live':
      return seen ? '' : 'Opening the page…';
    default:
      return 'Opening the page…';
  }
}

/** Words of a dialog of the page's; `host`: whose page it is. */
export function dialogWords(kind: DialogKind, host: string): { title: string; text: string; yes: string; no: string } {
  if (kind === 'leave') return { title: 'Leave this page?', text: 'What you have entered may not be saved.', yes: 'Leave', no: 'Stay' };
  return { title: `${host || 'This page'} says`, text: '', yes: 'OK', no: kind === 'alert' ? '' : 'Cancel' };
}

export function chooserWords(multiple: boolean, host: string): { title: string; text: string; choose: string } {
  return {
    title: `${host || 'This page'} asks for ${multiple ? 'files' : 'a file'}`,
    text: `What you choose is sent to ${host || 'it'} by way of our server.`,
    choose: multiple ? 'Choose files' : 'Choose a file',
  };
}

/** How far files are sent. */
export function sending(names: readonly string[], part: number): string {
  const what = names.length === 1 ? names[0] : `${names.length} files`;
  return `Sending ${what}: ${Math.floor(part * 100)} %`;
}

export const NOT_SENT = 'That could not be sent. Try again, or choose something smaller.';
export const COPIED = 'Copied.';
export const LIST_DONE = 'Done';

/** The host of an address, and whether it was reached by TLS. */
export function hostOf(url: string): { host: string; secure: boolean } {
  if (!URL.canParse(url)) return { host: '', secure: false };
  const { host, protocol } = new URL(url);
  return { host, secure: protocol === 'https:' };
}
