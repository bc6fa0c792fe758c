// Dialogs of the page: alert, confirm, prompt, and whether it may be left.
import type { Dialog, FromScreen } from '../shared/protocol/image';
import { make } from '../companion/overlay/make';
import { openCard, type Card, type Desk } from './card';
import { dialogWords } from './words';

/** Most characters of an answer to a prompt. */
const LONGEST = 10_000;

export class Dialogs {
  private card: Card | null = null;

  constructor(private readonly desk: Desk, private readonly send: (message: FromScreen) => void) {}

  show({ kind, text, value }: Dialog, host: string): void {
    this.gone();
    const words = dialogWords(kind, host);
    const field = make('input', { type: 'text', autocomplete: 'off', 'aria-labelledby': 'dialog-title', 'aria-describedby': 'dialog-text', maxlength: `${LONGEST}` }) as HTMLInputElement;
    field.value = value;
    const asks = kind === 'prompt';
    const card = openCard(this.desk, { name: 'dialog', ...words, text: words.text || text, ...(asks && { content: [field], first: field }) }, (accept) => {
      this.gone();
      this.send({ t: 'dialog', accept, ...(asks && accept && { text: field.value }) });
    });
    card.element.dataset.kind = kind;
    if (asks) field.select();
    this.card = card;
  }

  gone(): void {
    this.card?.close();
    this.card = null;
  }
}
