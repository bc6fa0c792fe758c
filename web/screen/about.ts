// What the bar and its panel have here beside what an overlay has: whose page it is, and steps through its pages, since the browser's own
// address bar shows none of that.
import type { Step } from '../shared/protocol/image';
import { button, icon, make } from '../companion/overlay/make';
import type { Extras } from '../companion/overlay';
import { BACK_TO_PAGE, GOING_BACK, hostOf } from './words';

const LOCK = 'M7 11V8a5 5 0 0 1 10 0v3M5.5 11h13v9h-13z';
const BACK = 'M14.5 5.5 8 12l6.5 6.5';
const FORWARD = 'M9.5 5.5 16 12l-6.5 6.5';
const RELOAD = 'M19 12a7 7 0 1 1-2.2-5.1M19 4v4.2h-4.2';

const SHEET = `
.site { display: flex; align-items: center; gap: .3em; min-width: 0; font-size: .8em; line-height: 1.35; opacity: .92; }
.site svg { flex: none; width: 1em; height: 1em; stroke-width: 2.4; }
.site span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.bar[data-small] .site { display: none; }
.steps { display: flex; align-items: center; gap: .3em; }
.steps .site { flex: 1; font-size: 1em; font-weight: 600; }
.step { border: 1px solid var(--rule); }
.step:hover { background: var(--sunken); }
.step[disabled] { opacity: .4; }
.step[disabled]:hover { background: none; }
`;

export interface AboutEvents {
  step(step: Step): void;
  leave(): void;
}

export interface About extends Extras {
  /** Real address, and what there is to go to. */
  show(page: { url: string; back: boolean; forward: boolean }): void;
  /** The visitor is on the way back to the page itself. */
  leaving(): void;
}

export function makeAbout(on: AboutEvents): About {
  const [line, site] = [siteLine(), siteLine()];
  line.element.hidden = true;
  const [back, forward, again] = [step('Back', BACK), step('Forward', FORWARD), step('Load again', RELOAD)];
  back.addEventListener('click', () => on.step('back'));
  forward.addEventListener('click', () => on.step('forward'));
  again.addEventListener('click', () => on.step('reload'));
  const leave = button('wide', BACK_TO_PAGE);
  leave.addEventListener('click', () => on.leave());
  const about = [
    make('div', { class: 'steps' }, site.element, back, forward, again),
    make('p', {}, 'What you see is a picture of the page, made on our server. What you type goes to it.'),
    make('div', { class: 'buttons' }, leave),
  ];
  return {
    line: line.element,
    about,
    sheet: SHEET,
    show(page) {
      const { host, secure } = hostOf(page.url);
      for (const each of [line, site]) each.show(host, secure);
      line.element.hidden = host === '';
      back.disabled = !page.back;
      forward.disabled = !page.forward;
    },
    leaving() {
      leave.textContent = GOING_BACK;
      leave.disabled = true;
    },
  };
}

function step(name: string, path: string): HTMLButtonElement {
  return button('step', '', { 'aria-label': name, title: name }, icon(path));
}

function siteLine(): { element: HTMLElement; show(host: string, secure: boolean): void } {
  const lock = icon(LOCK);
  const host = make('span', {});
  const element = make('span', { class: 'site' }, lock, host);
  return {
    element,
    show(name, secure) {
      host.textContent = name;
      lock.style.display = secure ? '' : 'none';
      element.title = secure ? `${name}: the connection to it is encrypted` : `${name}: the connection to it is not encrypted`;
    },
  };
}
