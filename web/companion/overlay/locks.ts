// Where agents type: a ring around the field and a chip that says who, with a way to take over.
import { colourOf } from '../../shared/people';
import type { PersonId } from '../../shared/protocol/people';
import { Anchor } from './anchors';
import { append, boundsOf, inline, remove, show } from './dom';
import { clamp, overlap } from './geometry';
import { button, make } from './make';
import { type Part, type Stage, VISITOR } from './stage';
import { lockText } from './words';

interface Figure {
  anchor: Anchor;
  by: PersonId;
  ring: HTMLElement;
  chip: HTMLElement;
  size: { width: number; height: number } | null;
  drawn: string;
}

export function makeLocks(stage: Stage): Part {
  const { model, parts, loop } = stage;
  let figures = new Map<Element, Figure>();
  loop.add((now) => {
    for (const figure of figures.values()) place(stage, figure, now);
    return figures.size > 0;
  });
  return {
    update() {
      const next = new Map<Element, Figure>();
      for (const { element, by } of model.locks) {
        if (by === VISITOR) continue;
        const known = figures.get(element);
        next.set(element, known?.by === by ? known : makeFigure(stage, element, by));
      }
      for (const [element, figure] of figures) {
        if (next.get(element) === figure) continue;
        remove(figure.ring);
        remove(figure.chip);
      }
      for (const [element, figure] of next) {
        if (figures.get(element) === figure) continue;
        append(parts.below, figure.ring);
        append(parts.tags, figure.chip);
        stage.say(lockText(stage.name(figure.by)));
      }
      figures = next;
      loop.wake();
    },
  };
}

function makeFigure(stage: Stage, element: Element, by: PersonId): Figure {
  const take = button('take', 'Take over', { title: 'Type here yourself' });
  const dots = make('span', { class: 'dots', 'aria-hidden': 'true' }, make('i'), make('i'), make('i'));
  const chip = make('div', { class: 'lock', 'data-part': 'lock', 'data-person': `${by}`, hidden: '' }, dots, make('span', {}, lockText(stage.name(by))), take);
  const ring = make('div', { class: 'ring', 'data-part': 'lock-ring', hidden: '' });
  for (const each of [chip, ring]) inline(each).setProperty('--who', colourOf(by));
  stage.listen(take, 'click', () => stage.model.take(element));
  return { anchor: new Anchor(element), by, ring, chip, size: null, drawn: 'hidden' };
}

function place(stage: Stage, figure: Figure, now: number): void {
  const seen = figure.anchor.see(now);
  const view = stage.view();
  const visible = seen && overlap(overlap(seen.box, seen.clip), view);
  if (!seen || !visible || visible.width * visible.height === 0) {
    if (figure.drawn !== 'hidden') for (const each of [figure.ring, figure.chip]) show(each, false);
    figure.drawn = 'hidden';
    return;
  }
  const { left, top, width, height } = seen.box;
  const drawn = [left, top, width, height, view.left, view.top, view.width, view.scale].map((n) => n.toFixed(1)).join(' ');
  if (drawn === figure.drawn) return;
  if (figure.drawn === 'hidden') for (const each of [figure.ring, figure.chip]) show(each, true);
  figure.drawn = drawn;
  const ring = inline(figure.ring);
  ring.translate = `${left}px ${top}px`;
  ring.width = `${width}px`;
  ring.height = `${height}px`;
  const chip = inline(figure.chip);
  chip.scale = view.scale === 1 ? 'none' : `${1 / view.scale}`;
  figure.size ??= boundsOf(figure.chip);
  const size = { width: figure.size.width / view.scale, height: figure.size.height / view.scale };
  const gap = 6 / view.scale;
  const above = visible.top - size.height - gap;
  const x = clamp(visible.left, view.left + gap, view.left + view.width - size.width - gap);
  const y = above > view.top ? above : Math.min(visible.top + visible.height + gap, view.top + view.height - size.height);
  chip.translate = `${x}px ${y}px`;
}
