// Cards of the screen: what the page asks. They stand over the picture, which takes nothing meanwhile; the bar stays in reach.
import { button, make } from '../companion/overlay/make';

/** Milliseconds in which a press was meant for what was there before the card. */
const MEANT_ELSEWHERE = 300;

export interface CardOptions {
  name: string;
  title: string;
  text: string;
  content?: HTMLElement[];
  /** Text of the button that says yes; what Enter presses. */
  yes: string;
  /** Text of the button that says no; empty: there is none. */
  no: string;
  /** What takes the keyboard; absent: the button that says yes. */
  first?: HTMLElement;
}

export interface Card {
  readonly element: HTMLElement;
  readonly yes: HTMLButtonElement;
  /** Shows another text. */
  say(text: string): void;
  close(): void;
}

export interface Desk {
  /** Where cards go. */
  shade: HTMLElement;
  /** A card came or went. */
  changed(): void;
}

/** Opens one. `answer`: what was pressed; the card stays open until it is closed. */
export function openCard(desk: Desk, options: CardOptions, answer: (yes: boolean) => void): Card {
  const { name, title, text, content = [], first } = options;
  const heading = make('h2', { id: `${name}-title` }, title);
  const words = make('p', { id: `${name}-text`, class: 'text' }, text);
  words.hidden = text === '';
  const yes = button('primary', options.yes);
  const no = button('secondary', options.no || 'Cancel');
  no.hidden = options.no === '';
  const element = make(
    'dialog',
    { class: `card ${name}`, role: 'alertdialog', 'aria-labelledby': `${name}-title`, 'aria-describedby': `${name}-text`, 'aria-modal': 'false', open: '', tabindex: '-1' },
    heading, words, ...content, make('div', { class: 'answers' }, no, yes),
  );
  const shown = performance.now();
  const meant = (): boolean => performance.now() - shown > MEANT_ELSEWHERE;
  yes.addEventListener('click', () => meant() && answer(true));
  no.addEventListener('click', () => meant() && answer(false));
  element.addEventListener('keydown', (event) => {
    if (event.isComposing || !/^(Escape|Enter)$/.test(event.key)) return;
    if (event.key === 'Enter' && event.target instanceof HTMLButtonElement) return;
    event.preventDefault();
    // There is no other answer than yes to what only tells.
    if (meant()) answer(event.key === 'Enter' || options.no === '');
  });
  desk.shade.append(element);
  desk.changed();
  (first ?? yes).focus({ preventScroll: true });
  return {
    element,
    yes,
    say: (value) => {
      words.textContent = value;
      words.hidden = value === '';
    },
    close: () => {
      element.remove();
      desk.changed();
    },
  };
}
