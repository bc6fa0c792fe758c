// The browser's own back and forward buttons, for the history of the page on the server. The screen stands between two entries of its own:
// going to one of them is a step of the page's, and the browser comes back to the middle. Where the page has nothing to go back to, the
// browser goes on to what it had before the screen.
import type { Step } from '../shared/protocol/image';

type Place = 'before' | 'here' | 'after';

const placeOf = (state: unknown): Place | null => {
  const place: unknown = typeof state === 'object' && state !== null ? Reflect.get(state, 'screen') : null;
  return place === 'before' || place === 'here' || place === 'after' ? place : null;
};

export class Steps {
  private page = { back: false, forward: false };
  /** There is an entry after the middle. */
  private after = false;

  constructor(private readonly step: (step: Extract<Step, 'back' | 'forward'>) => void) {
    if (placeOf(history.state) !== 'here') {
      history.replaceState({ screen: 'before' }, '');
      history.pushState({ screen: 'here' }, '');
    }
    addEventListener('popstate', ({ state }) => this.went(placeOf(state)));
  }

  /** What the page has to go to. */
  show(back: boolean, forward: boolean): void {
    this.page = { back, forward };
    if (forward && !this.after && placeOf(history.state) === 'here') {
      this.after = true;
      history.pushState({ screen: 'after' }, '');
      history.back();
    }
  }

  private went(place: Place | null): void {
    if (place === 'before') {
      if (this.page.back) {
        this.step('back');
        history.forward();
      } else history.back();
    } else if (place === 'after') {
      history.back();
      if (this.page.forward) this.step('forward');
    }
  }
}
