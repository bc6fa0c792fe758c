// What the visitor is asked: about single acts of agents.
import { focus, remove, type OverlayNative } from './dom';
import { make } from './make';

/** Milliseconds that a question waits for its answer. */
export const WAITS = 30_000;

/** A question that the visitor has before them. */
export interface Asked {
  /** What they answered; null: nothing within 30 s, or the question was withdrawn. */
  answer: Promise<boolean | null>;
  /** It need not be answered any more. */
  withdraw(): void;
}

/** Shows a question in `layer`. */
export function ask(layer: HTMLElement, native: OverlayNative, text: string): Asked {
  const allow = make('button', { type: 'button', class: 'allow' }, 'Allow');
  const refuse = make('button', { type: 'button', class: 'no' }, 'Don’t');
  const card = make('div', { class: 'card', role: 'alertdialog', 'aria-label': text, tabindex: '-1' }, make('p', {}, text), allow, refuse);
  let end: (answer: boolean | null) => void = () => undefined;
  const answer = new Promise<boolean | null>((resolve) => (end = resolve));
  const timer = native.setTimeout(() => close(null), WAITS);
  const close = (result: boolean | null): void => {
    native.clearTimeout(timer);
    remove(card);
    end(result);
  };
  native.addEventListener(allow, 'click', (event) => event.isTrusted && close(true));
  native.addEventListener(refuse, 'click', () => close(false));
  native.appendChild(layer, card);
  focus(card, { preventScroll: true });
  return { answer, withdraw: () => close(null) };
}
