// Who takes part: their faces and names in the bar, more of them in a panel, with what they may do and how all are connected.
import type { Person } from '../../shared/protocol/people';
import { colourOf } from '../../shared/people';
import { append, empty, inline, setAttribute, setText, show } from './dom';
import { button, make } from './make';
import type { Panel, Panels } from './panel';
import type { Part, Stage } from './stage';
import { connection, detail, helpButton, hideAll, HELP_TEXT, KEYS, modeText, note, sentence } from './words';

/** Milliseconds for which news stands in the bar. */
const NEWS = 6_000;
/** Most faces in the bar. */
const FACES = 3;

export interface PeopleOptions {
  /** The visitor takes all notes away. */
  clear(): void;
  /** The visitor wants to show something. */
  point(): void;
  /** The bar has another size. */
  placed(): void;
  /** What comes first in the panel. */
  about: HTMLElement[];
}

export interface People extends Part {
  /** Tells of what is different from before, for a moment. */
  news(text: string): void;
}

export function makePeople(stage: Stage, panels: Panels, options: PeopleOptions): People {
  const { model, parts, native } = stage;
  let news = '';
  let timer = 0;
  const details = makeDetails(stage, panels, options);
  const step = (event: Event): void => {
    const { state } = model;
    if (state && event.isTrusted) stage.send({ t: 'mode', mode: state.mode === 'shared' ? 'view-only' : 'shared' });
  };
  stage.listen(parts.help, 'click', step);
  stage.listen(details.help, 'click', step);
  const update = (): void => {
    const { state } = model;
    if (!state) return;
    setText(parts.sentence, sentence(state));
    setText(parts.note, news || note(state));
    setAttribute(parts.layer, 'data-connection', state.connection);
    setAttribute(parts.layer, 'data-mode', state.mode);
    setAttribute(parts.dot, 'title', connection(state));
    setAttribute(parts.dot, 'aria-label', connection(state));
    for (const each of [parts.help, details.help]) {
      const text = helpButton(state);
      setText(each, text);
      show(each, text !== '');
      setAttribute(each, 'data-way', state.mode === 'shared' ? 'down' : 'up');
    }
    faces(parts.faces, state.people.filter(({ watching }) => watching));
    show(parts.point, canPoint(stage));
    details.update();
    options.placed();
  };
  return {
    update,
    news(text) {
      news = text;
      native.clearTimeout(timer);
      timer = native.setTimeout(() => {
        news = '';
        update();
      }, NEWS);
      update();
    },
  };
}

function canPoint({ model }: Stage): boolean {
  return Boolean(model.state?.rules?.visitorTools.includes('highlight'));
}

function face({ id, name }: Person): HTMLElement {
  const element = make('span', { class: 'face', title: name }, [...name][0]?.toUpperCase() ?? '?');
  inline(element).setProperty('--who', colourOf(id));
  return element;
}

function faces(into: HTMLElement, people: readonly Person[]): void {
  empty(into);
  for (const person of people.slice(0, FACES)) append(into, face(person));
  if (people.length > FACES) append(into, make('span', { class: 'face rest' }, `+${people.length - FACES}`));
}

interface Details {
  help: HTMLElement;
  panel: Panel;
  update(): void;
}

function makeDetails(stage: Stage, panels: Panels, options: PeopleOptions): Details {
  const { model, parts } = stage;
  const list = make('ul', { class: 'people' });
  const silent = make('p', { class: 'quiet' }, 'A supervisor may look in without being named here.');
  const mode = make('p', {});
  const help = button('help wide', '');
  const point = button('wide', 'Show something');
  const clear = button('wide', '');
  const line = make('p', { class: 'quiet' });
  const keys = make('dl', { class: 'keys' });
  for (const [key, text] of KEYS) for (const each of [make('dt', {}, key), make('dd', {}, text)]) append(keys, each);
  const content = [...options.about, list, silent, mode, make('div', { class: 'buttons' }, help, point, clear), line, make('h3', {}, 'With the keyboard'), keys];
  const panel = panels.make({ name: 'details', title: 'Who can see this page', opener: parts.more, content, first: () => panel.element });
  setAttribute(panel.element, 'tabindex', '-1');
  stage.listen(point, 'click', options.point);
  stage.listen(clear, 'click', () => options.clear());
  return {
    help,
    panel,
    update() {
      const { state } = model;
      if (!state) return;
      empty(list);
      for (const person of state.people) {
        const text = make('span', { class: 'person' }, make('strong', {}, person.name), make('span', {}, detail(person)));
        append(list, make('li', {}, face(person), text));
      }
      show(silent, Boolean(state.rules?.silentSupervisor));
      setText(mode, modeText(state));
      show(point, canPoint(stage));
      setText(clear, hideAll(model.notes.size));
      show(clear, model.notes.size > 0);
      setText(line, `${connection(state)} ${HELP_TEXT}`);
      panel.place();
    },
  };
}
