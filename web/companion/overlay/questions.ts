// What the visitor is asked: whether agents may help, and about single acts. One question is shown at a time, the oldest first.
import type { PersonId } from '../../shared/protocol/people';
import { colourOf } from '../../shared/people';
import { Anchor } from './anchors';
import { activeIn, append, boundsOf, contains, focus, inline, keyOf, prevent, remove, setAttribute, show, type OverlayNative } from './dom';
import { clamp, overlap } from './geometry';
import { button, make } from './make';
import type { Model, Open, OpenAct, Part, Stage } from './stage';
import { actButtons, shareWords } from './words';

/** Milliseconds that a question waits for its answer. */
export const WAITS = 30_000;
/** Milliseconds in which a press was meant for what was there before the question. */
const MEANT_ELSEWHERE = 350;
/** Pixels between a card and its element. */
const GAP = 10;

/** A question that the visitor has before them. */
export interface Asked {
  /** What they answered; null: nothing within 30 s, or the question was withdrawn. */
  answer: Promise<boolean | null>;
  /** It need not be answered any more. */
  withdraw(): void;
}

/** Puts a question about an act into the model. `changed` is called when it comes and when it goes. */
export function askAbout(model: Model, native: OverlayNative, changed: () => void, question: { by: PersonId; text: string; element: Element | null }): Asked {
  let done: (answer: boolean | null) => void = () => undefined;
  const answer = new Promise<boolean | null>((resolve) => (done = resolve));
  const open: OpenAct = {
    ...question,
    since: performance.now(),
    end(result) {
      if (!model.asks.delete(open)) return;
      native.clearTimeout(timer);
      done(result);
      changed();
    },
  };
  const timer = native.setTimeout(() => open.end(null), WAITS);
  model.asks.add(open);
  changed();
  return { answer, withdraw: () => open.end(null) };
}

export interface Questions extends Part {
  /** The card that is shown; null: none. */
  readonly card: HTMLElement | null;
  /** Puts it where it belongs. */
  place(): void;
}

/** A question as it is shown. */
interface Figure {
  of: Open | OpenAct;
  card: HTMLElement;
  ring: HTMLElement | null;
  anchor: Anchor | null;
  /** What had the keyboard before. */
  before: HTMLElement | null;
  drawn: string;
}

export function makeQuestions(stage: Stage, typing: () => boolean): Questions {
  let figure: Figure | null = null;
  const update = (): void => {
    const next: Open | OpenAct | undefined = [...stage.model.questions.values()][0] ?? [...stage.model.asks][0];
    if (figure?.of === next) return;
    if (figure) close(stage, figure);
    figure = next ? open(stage, next, typing(), update) : null;
    stage.loop.wake();
  };
  stage.loop.add((now) => {
    if (figure) place(stage, figure, now);
    return Boolean(figure?.anchor);
  });
  return {
    update,
    get card() {
      return figure?.card ?? null;
    },
    place: () => {
      if (figure) place(stage, figure, performance.now());
    },
  };
}

function open(stage: Stage, of: Open | OpenAct, typing: boolean, answered: () => void): Figure {
  const act = 'end' in of ? of : null;
  const words = act ? { title: act.text, text: '', ...actButtons } : shareWords(stage.name(of.by));
  const answer = (is: boolean): void => {
    if (act) act.end(is);
    else if ('id' in of && stage.model.questions.delete(of.id)) {
      stage.send({ t: 'answer', id: of.id, allow: is });
      answered();
    }
  };
  const card = makeCard(stage, of, words, answer);
  const anchor = act?.element ? new Anchor(act.element) : null;
  const ring = anchor && make('div', { class: 'ring asked', 'data-part': 'asked', hidden: '' });
  for (const each of [card, ring]) if (each) inline(each).setProperty('--who', colourOf(of.by));
  if (ring) append(stage.parts.below, ring);
  append(stage.parts.panels, card);
  const active = activeIn(stage.parts.root) ?? document.activeElement;
  const figure: Figure = { of, card, ring, anchor, before: active instanceof HTMLElement ? active : null, drawn: '' };
  // Who types goes on typing; the question is heard, and F6 leads to it.
  if (typing) stage.say(`${words.title} ${words.text} Press F6 to answer.`);
  else focus(card, { preventScroll: true });
  place(stage, figure, performance.now());
  return figure;
}

function makeCard(stage: Stage, of: Open | OpenAct, words: ReturnType<typeof shareWords>, answer: (is: boolean) => void): HTMLElement {
  const allow = button('allow', words.yes);
  const refuse = button('refuse', words.no);
  const time = make('span', { class: 'time', 'aria-hidden': 'true' });
  inline(time).animationDelay = `${of.since - performance.now()}ms`;
  const title = make('h2', { id: 'asked' }, words.title);
  const text = words.text ? [make('p', { id: 'asked-more' }, words.text)] : [];
  const attributes = { class: 'card', role: 'alertdialog', 'aria-labelledby': 'asked', tabindex: '-1', 'data-part': 'question', ...(words.text && { 'aria-describedby': 'asked-more' }) };
  const card = make('div', attributes, title, ...text, make('div', { class: 'answers' }, refuse, allow), time);
  const shown = performance.now();
  stage.listen(allow, 'click', (event) => {
    if (event.isTrusted && performance.now() - shown > MEANT_ELSEWHERE) answer(true);
  });
  stage.listen(refuse, 'click', () => answer(false));
  stage.listen(card, 'keydown', (event) => {
    if (keyOf(event).key !== 'Escape') return;
    prevent(event);
    answer(false);
  });
  return card;
}

function close(stage: Stage, { card, ring, before }: Figure): void {
  const had = contains(card, activeIn(stage.parts.root));
  remove(card);
  if (ring) remove(ring);
  if (had && before?.isConnected) focus(before, { preventScroll: true });
}

/** Beside its element where that is on the screen, else at the bar. */
function place(stage: Stage, figure: Figure, now: number): void {
  const { card, ring } = figure;
  const view = stage.view();
  const bar = boundsOf(stage.parts.bar);
  const gap = GAP / view.scale;
  const seen = figure.anchor?.see(now) ?? null;
  const visible = seen && overlap(overlap(seen.box, seen.clip), view);
  const inView = visible !== null && visible.width * visible.height > 0;
  if (ring) {
    show(ring, inView);
    if (seen) {
      inline(ring).translate = `${seen.box.left}px ${seen.box.top}px`;
      inline(ring).width = `${seen.box.width}px`;
      inline(ring).height = `${seen.box.height}px`;
    }
  }
  const { width, height } = boundsOf(card);
  const bottom = view.top + view.height;
  const atBottom = bar.top + bar.height / 2 > view.top + view.height / 2;
  const floor = atBottom ? bar.top : bottom;
  let at = { x: view.left + (view.width - width) / 2, y: atBottom ? bar.top - gap - height : bar.bottom + gap };
  let side = 'bar';
  if (inView) {
    const x = clamp(visible.left + (visible.width - width) / 2, view.left + gap, view.left + view.width - gap - width);
    const below = visible.top + visible.height + gap;
    const above = visible.top - gap - height;
    if (below + height <= floor) [at, side] = [{ x, y: below }, 'below'];
    else if (above >= view.top) [at, side] = [{ x, y: above }, 'above'];
  }
  const drawn = `${at.x.toFixed(1)} ${at.y.toFixed(1)} ${view.scale}`;
  if (drawn === figure.drawn) return;
  figure.drawn = drawn;
  inline(card).scale = view.scale === 1 ? 'none' : `${1 / view.scale}`;
  inline(card).translate = `${at.x}px ${at.y}px`;
  setAttribute(card, 'data-side', side);
}
