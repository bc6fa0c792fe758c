// Highlights: of an element, of a part of it, of a text. Each has a tag that says whose it is and takes it away.
import type { Note, NoteId } from '../../shared/protocol/note';
import type { Range as WireRange } from '../../shared/protocol/page';
import { colourOf } from '../../shared/people';
import { onScreen, type Seen } from './anchors';
import { append, boundsOf, empty, inline, remove, setAttribute, setText, show } from './dom';
import { between, clamp, clipPath, overlap, within, type Box } from './geometry';
import { button, icon, make } from './make';
import type { Pins } from './pins';
import type { Stage } from './stage';

export type HighlightNote = Note & { shape: { s: 'element' | 'area' | 'text' } };

const CROSS = 'M7 7l10 10M17 7L7 17';
/** Milliseconds after which the lines of a highlighted text are looked up again. */
const LINES_FOR = 400;
/** An end that is that of the text, however long it is (`Range::WHOLE`). */
const WHOLE = 0xffff_ffff;
/** Most lines of a text that are drawn. */
const MOST_LINES = 200;

interface Figure {
  box: HTMLElement;
  tag: HTMLElement;
  name: HTMLElement;
  drawn: string;
  size: { width: number; height: number } | null;
  /** Lines of a text, in the coordinates of its element's box. */
  lines: { at: number; of: string; boxes: Box[] };
}

export class Highlights {
  private readonly figures = new Map<NoteId, Figure>();

  constructor(
    private readonly stage: Stage,
    private readonly pins: Pins,
    private readonly dismiss: (id: NoteId) => void,
  ) {}

  update(notes: readonly HighlightNote[]): void {
    const ids = new Set(notes.map(({ id }) => id));
    for (const [id, { box, tag }] of this.figures) {
      if (ids.has(id)) continue;
      this.figures.delete(id);
      remove(box);
      remove(tag);
    }
    for (const note of notes) {
      const figure = this.figures.get(note.id) ?? this.make(note);
      setText(figure.name, this.stage.name(note.by));
      figure.size = null;
      figure.lines.at = -Infinity;
    }
  }

  private make(note: HighlightNote): Figure {
    const { id } = note;
    const name = make('span', {});
    const close = button('close', '', { 'aria-label': 'Hide this highlight', title: 'Hide' }, icon(CROSS));
    const box = make('div', { class: note.shape.s === 'text' ? 'glow lines' : 'glow', 'data-note': `${id}`, 'data-part': 'box', hidden: '' });
    const tag = make('div', { class: 'tag', 'data-note': `${id}`, 'data-part': 'tag', hidden: '' }, name, close);
    for (const element of [box, tag]) inline(element).setProperty('--who', colourOf(note.by));
    this.stage.listen(close, 'click', () => this.dismiss(id));
    append(this.stage.parts.below, box);
    append(this.stage.parts.tags, tag);
    const figure: Figure = { box, tag, name, drawn: 'hidden', size: null, lines: { at: -Infinity, of: '', boxes: [] } };
    this.figures.set(id, figure);
    return figure;
  }

  draw(notes: readonly HighlightNote[], now: number): void {
    const view = this.stage.view();
    for (const note of notes) {
      const figure = this.figures.get(note.id);
      if (!figure) continue;
      const seen = this.pins.see(note, now);
      const box = seen && this.boxOf(note, figure, seen, now);
      const visible = box && seen && overlap(overlap(box, seen.clip), view);
      if (!box || !seen || !visible || (visible.width * visible.height === 0 && !isThin(box))) hide(figure);
      else place(figure, box, seen, visible, view);
    }
  }

  /** The box that is drawn; of a text, the one around its lines. */
  private boxOf({ shape }: HighlightNote, figure: Figure, seen: Seen, now: number): Box | null {
    const { box } = seen;
    if (shape.s === 'element') return box;
    if (shape.s === 'area') return between(within(box, shape.from), within(box, shape.to));
    const of = `${box.width} ${box.height}`;
    if (figure.lines.of !== of || now - figure.lines.at > LINES_FOR) {
      const boxes = this.linesOf(shape.range).map((line) => ({ ...line, left: line.left - box.left, top: line.top - box.top }));
      if (JSON.stringify(boxes) !== JSON.stringify(figure.lines.boxes)) writeLines(figure, boxes);
      figure.lines = { at: now, of, boxes };
    }
    const around = hull(figure.lines.boxes);
    return around && { ...around, left: around.left + box.left, top: around.top + box.top };
  }

  private linesOf({ start, startOffset, end, endOffset }: WireRange): Box[] {
    const [first, last] = [this.stage.nodes.node(start), this.stage.nodes.node(end)];
    const element = first?.parentNode;
    if (!first || !last || !element || first.ownerDocument !== last.ownerDocument || !first.ownerDocument) return [];
    const range = first.ownerDocument.createRange();
    try {
      range.setStart(first, startOffset);
      range.setEnd(last, endOffset === WHOLE ? (last as Text).data.length : endOffset);
    } catch {
      // The text is shorter now.
      return [];
    }
    const rects = [...range.getClientRects()].slice(0, MOST_LINES).filter(({ width, height }) => width > 0 && height > 0);
    return rects.map(({ left, top, width, height }) => onScreen(element as Element, { left, top, width, height }));
  }
}

function hide(figure: Figure): void {
  if (figure.drawn === 'hidden') return;
  figure.drawn = 'hidden';
  show(figure.box, false);
  show(figure.tag, false);
}

function place(figure: Figure, box: Box, seen: Seen, visible: Box, view: Box & { scale: number }): void {
  const { left, top, width, height } = box;
  const clip = seen.clipped ? clipPath(box, seen.clip) : 'none';
  const drawn = [left, top, width, height].map((n) => n.toFixed(1)).join(' ') + clip + visible.left.toFixed() + visible.top.toFixed() + view.scale;
  if (drawn === figure.drawn) return;
  if (figure.drawn === 'hidden') {
    show(figure.box, true);
    show(figure.tag, true);
  }
  figure.drawn = drawn;
  const style = inline(figure.box);
  style.translate = `${left}px ${top}px`;
  style.width = `${width}px`;
  style.height = `${height}px`;
  style.clipPath = clip;
  const tag = inline(figure.tag);
  tag.scale = view.scale === 1 ? 'none' : `${1 / view.scale}`;
  figure.size ??= boundsOf(figure.tag);
  const size = { width: figure.size.width / view.scale, height: figure.size.height / view.scale };
  const x = clamp(visible.left + visible.width - size.width, view.left, view.left + view.width - size.width);
  const above = visible.top - size.height;
  const y = above >= view.top ? above : visible.top;
  tag.translate = `${x}px ${y}px`;
  setAttribute(figure.tag, 'data-inside', `${above < view.top}`);
}

function writeLines(figure: Figure, boxes: readonly Box[]): void {
  const around = hull(boxes);
  empty(figure.box);
  figure.drawn = figure.drawn === 'hidden' ? 'hidden' : '';
  if (!around) return;
  for (const { left, top, width, height } of boxes) {
    const line = make('div', { class: 'line', 'data-part': 'line' });
    inline(line).translate = `${left - around.left}px ${top - around.top}px`;
    inline(line).width = `${width}px`;
    inline(line).height = `${height}px`;
    append(figure.box, line);
  }
}

function hull(boxes: readonly Box[]): Box | null {
  const [first] = boxes;
  if (!first) return null;
  const left = Math.min(...boxes.map((box) => box.left));
  const top = Math.min(...boxes.map((box) => box.top));
  const right = Math.max(...boxes.map((box) => box.left + box.width));
  const bottom = Math.max(...boxes.map((box) => box.top + box.height));
  return { left, top, width: right - left, height: bottom - top };
}

function isThin({ width, height }: Box): boolean {
  return width === 0 || height === 0;
}
