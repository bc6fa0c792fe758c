// Marks: lines, arrows, rectangles and what is drawn by hand, in one picture over the page.
import type { Note, NoteId } from '../../shared/protocol/note';
import { colourOf } from '../../shared/people';
import type { Seen } from './anchors';
import { append, inlineSvg, remove, removeAttribute, setAttribute } from './dom';
import { arrow, between, smooth, within, type Box } from './geometry';
import { draw } from './make';
import type { Pins } from './pins';
import type { Stage } from './stage';

export type MarkNote = Note & { shape: { s: 'freehand' | 'line' | 'arrow' | 'rectangle' } };

/** Length of an arrow's head in pixels. */
const HEAD = 18;

interface Figure {
  group: SVGElement;
  /** A light edge under the line, so that it can be seen on any colour. */
  lines: SVGElement[];
  /** What the container leaves of it. */
  hole: SVGElement;
  clip: SVGElement;
  size: string;
  drawn: string;
}

export class Marks {
  private readonly figures = new Map<NoteId, Figure>();

  constructor(
    private readonly stage: Stage,
    private readonly pins: Pins,
  ) {}

  update(notes: readonly MarkNote[]): void {
    const ids = new Set(notes.map(({ id }) => id));
    for (const [id, { group }] of this.figures) {
      if (ids.has(id)) continue;
      this.figures.delete(id);
      remove(group);
    }
    for (const note of notes) {
      const figure = this.figures.get(note.id) ?? this.make(note);
      figure.size = '';
    }
  }

  private make({ id, by }: MarkNote): Figure {
    const lines = ['under', 'over'].map((name) => draw('path', { class: name }));
    const hole = draw('rect');
    const clip = draw('clipPath', { id: `clip-${id}` }, hole);
    const group = draw('g', { 'data-note': `${id}`, 'data-part': 'mark', style: '' }, ...lines);
    const outer = draw('g', {}, clip, group);
    inlineSvg(outer).setProperty('--who', colourOf(by));
    append(this.stage.parts.marks, outer);
    const figure: Figure = { group: outer, lines, hole, clip, size: '', drawn: 'hidden' };
    setAttribute(outer, 'display', 'none');
    this.figures.set(id, figure);
    return figure;
  }

  draw(notes: readonly MarkNote[], now: number): void {
    for (const note of notes) {
      const figure = this.figures.get(note.id);
      if (!figure) continue;
      const seen = this.pins.see(note, now);
      if (seen) place(figure, note, seen);
      else if (figure.drawn !== 'hidden') {
        figure.drawn = 'hidden';
        setAttribute(figure.group, 'display', 'none');
      }
    }
  }
}

function place(figure: Figure, note: MarkNote, { box, clip, clipped }: Seen): void {
  const size = `${box.width} ${box.height}`;
  if (size !== figure.size) {
    figure.size = size;
    const path = pathOf(note.shape, { left: 0, top: 0, width: box.width, height: box.height });
    for (const line of figure.lines) setAttribute(line, 'd', path);
  }
  const drawn = `${box.left.toFixed(1)} ${box.top.toFixed(1)} ${clipped ? Object.values(clip).map((n: number) => n.toFixed()).join(' ') : ''}`;
  if (drawn === figure.drawn) return;
  if (figure.drawn === 'hidden') removeAttribute(figure.group, 'display');
  figure.drawn = drawn;
  for (const line of figure.lines) setAttribute(line, 'transform', `translate(${box.left} ${box.top})`);
  if (!clipped) {
    removeAttribute(figure.group, 'clip-path');
    return;
  }
  const { left: x, top: y, width, height } = clip;
  for (const [name, value] of Object.entries({ x, y, width, height })) setAttribute(figure.hole, name, `${value}`);
  setAttribute(figure.group, 'clip-path', `url(#clip-${note.id})`);
}

function pathOf(shape: MarkNote['shape'], box: Box): string {
  switch (shape.s) {
    case 'freehand':
      return smooth(shape.points.map((point) => within(box, point)));
    case 'arrow':
      return arrow(within(box, shape.from), within(box, shape.to), HEAD);
    case 'rectangle': {
      const { left, top, width, height } = between(within(box, shape.from), within(box, shape.to));
      return `M${left} ${top}h${width}v${height}h${-width}z`;
    }
    default: {
      const [a, b] = [within(box, shape.from), within(box, shape.to)];
      return `M${a.x} ${a.y}L${b.x} ${b.y}`;
    }
  }
}
