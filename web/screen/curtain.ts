// What stands over the picture while there is none, or while it is not the page any more; the line that tells of loading; what is said once.
import type { ImageState } from '../shared/protocol/image';
import { button, make } from '../companion/overlay/make';
import { arrival, BACK_TO_PAGE, stateText } from './words';

/** Set in a tab that was told where it is. */
const TOLD = 'alongside-told';

/** State of the picture, in words. */
export class Curtain {
  private readonly words = make('p', {});
  private readonly back = button('secondary', BACK_TO_PAGE);
  private readonly element = make('div', { class: 'curtain' }, make('div', { class: 'wait', 'aria-hidden': 'true' }), this.words, this.back);
  private state: ImageState = 'starting';
  private seen = false;
  private said = '';

  constructor(into: HTMLElement, private readonly on: { say(text: string): void; leave(): void; changed(): void }) {
    this.back.addEventListener('click', () => on.leave());
    into.append(this.element);
    this.show();
  }

  /** Something covers the picture. */
  get up(): boolean {
    return !this.element.hidden;
  }

  stands(state: ImageState): void {
    this.state = state;
    this.update();
  }

  /** There is a picture. */
  drawn(): void {
    this.seen = true;
    this.update();
  }

  private update(): void {
    const before = this.up;
    this.show();
    if (this.up !== before) this.on.changed();
  }

  private show(): void {
    const text = stateText(this.state, this.seen);
    this.element.hidden = text === '';
    this.element.dataset.state = this.state;
    this.element.dataset.over = `${this.seen}`;
    this.back.hidden = this.state !== 'failed';
    this.words.textContent = text;
    if (text !== this.said) this.on.say(text);
    this.said = text;
  }
}

/** The thin line at the top while the page is being loaded. */
export function makeProgress(into: HTMLElement): (loading: boolean) => void {
  const line = make('div', { class: 'loading', 'aria-hidden': 'true' });
  line.hidden = true;
  into.append(line);
  return (loading) => {
    line.hidden = !loading;
  };
}

/** Tells, once in a tab, that this is a picture. */
export class Notice {
  private element: HTMLElement | null = null;

  constructor(
    private readonly into: HTMLElement,
    private readonly say: (text: string) => void,
    private readonly on: { leave(): void; closed(): void },
  ) {}

  show(agent: string): void {
    if (this.element || sessionStorage.getItem(TOLD)) return;
    const { title, text } = arrival(agent);
    const back = button('secondary', BACK_TO_PAGE);
    const ok = button('primary', 'OK');
    const element = make('section', { class: 'notice', role: 'region', 'aria-labelledby': 'notice-title' }, make('h2', { id: 'notice-title' }, title), make('p', {}, text), make('div', { class: 'answers' }, back, ok));
    ok.addEventListener('click', () => this.close());
    back.addEventListener('click', () => this.on.leave());
    element.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      this.close();
    });
    this.element = element;
    this.into.append(element);
    this.say(`${title}. ${text}`);
  }

  /** The next time that this tab comes here, it is told again. */
  static forget(): void {
    sessionStorage.removeItem(TOLD);
  }

  private close(): void {
    sessionStorage.setItem(TOLD, '1');
    const had = this.element?.contains(document.activeElement);
    this.element?.remove();
    if (had) this.on.closed();
  }
}
