// What is said over the picture: why there is none, or that the page waits for the visitor.
import type { Dialog, ImageState } from '../../shared/protocol/image';
import { div } from '../dom';
import type { Stage } from '../stage';

/** Why no picture comes, or the one that is shown is not what is; empty: it is. */
export function troubleWords(state: ImageState, connected: boolean, fresh: boolean): string {
  switch (state) {
    case 'restarting':
      return 'The page stopped and is being opened again.';
    case 'failed':
      return 'The page could not be opened on the server. The visitor’s own browser shows it again.';
    case 'off':
    case 'starting':
      return 'The page is being opened on the server.';
    case 'live':
      if (!connected) return 'The connection to the pictures was lost. It is being made again.';
      return fresh ? '' : 'The page is being opened on the server.';
  }
}

/** That the page stands still until the visitor answers it. */
export function dialogWords({ kind, text }: Dialog): string {
  if (kind === 'leave') return 'The page asks the visitor whether to leave it.';
  const said = text.trim() ? `: “${text.trim()}”` : '.';
  return kind === 'alert' ? `The page tells the visitor${said}` : `The page asks the visitor${said}`;
}

/** A line in the middle of the view, and one at its top for the page's dialogs. */
export class Cards {
  private readonly trouble = div('trouble');
  private readonly dialog = div('notice');

  constructor({ over, notices }: Stage, private readonly say: (text: string) => void) {
    this.trouble.hidden = true;
    this.dialog.hidden = true;
    over.append(this.trouble);
    notices.append(this.dialog);
  }

  troubles(words: string): void {
    this.show(this.trouble, words);
  }

  asks(dialog: Dialog | null): void {
    this.show(this.dialog, dialog ? dialogWords(dialog) : '');
  }

  private show(card: HTMLElement, words: string): void {
    if (card.textContent === words) return;
    card.textContent = words;
    card.hidden = words === '';
    if (words) this.say(words);
  }
}
