// Labels: a bubble whose tip stays on its point of the element, or, where that is out of sight, a chip at the edge that leads there.
import type { Note, NoteId } from '../../shared/protocol/note';
import { colourOf } from '../../shared/people';
import type { Seen } from './anchors';
import { describe, focusable } from './describe';
import { activeIn, append, boundsOf, focus, inline, keyOf, prevent, remove, setAttribute, setText, show } from './dom';
import { bubbleAt, direction, holds, nearest, overlap, reachOf, within, type Box, type Point, type Side } from './geometry';
import { button, icon, make } from './make';
import type { Pins } from './pins';
import { still, type Stage } from './stage';
import { chipText, labelName } from './words';

export type LabelNote = Note & { shape: { s: 'label' } };

/** Pixels between a bubble and the edge of the screen. */
const MARGIN = 8;
const CROSS = 'M7 7l10 10M17 7L7 17';

/** One label on the screen. */
interface Figure {
  anchor: HTMLElement;
  bubble: HTMLElement;
  text: HTMLElement;
  who: HTMLElement;
  /** The element that it was last described with. */
  element: Element | null;
  /** Its size when it was last drawn. */
  size: { width: number; height: number } | null;
  drawn: string;
}

/** A label that is out of sight, and which way it is. */
interface Away {
  note: LabelNote;
  side: Side;
  at: Point;
}

export class Labels {
  private readonly figures = new Map<NoteId, Figure>();
  private readonly chips = new Map<Side, { element: HTMLElement; first: LabelNote; drawn: string }>();

  constructor(
    private readonly stage: Stage,
    private readonly pins: Pins,
    private readonly dismiss: (id: NoteId) => void,
  ) {}

  /** Makes what is new, and takes away what is gone. */
  update(notes: readonly LabelNote[]): void {
    const ids = new Set(notes.map(({ id }) => id));
    for (const [id, { anchor }] of this.figures) {
      if (ids.has(id)) continue;
      this.figures.delete(id);
      remove(anchor);
    }
    for (const note of notes) this.write(note);
  }

  private write(note: LabelNote): void {
    const { stage } = this;
    let figure = this.figures.get(note.id);
    if (!figure) {
      figure = this.make(note);
      this.figures.set(note.id, figure);
      append(stage.parts.labels, figure.anchor);
    }
    setText(figure.who, stage.name(note.by));
    setText(figure.text, note.shape.text);
    this.describe(note, figure);
    figure.size = null;
  }

  private describe(note: LabelNote, figure: Figure): void {
    figure.element = this.pins.of(note)?.element ?? null;
    setAttribute(figure.bubble, 'aria-label', labelName(this.stage.name(note.by), note.shape.text, figure.element ? describe(figure.element) : ''));
  }

  private make(note: LabelNote): Figure {
    const { id } = note;
    const who = make('span', { class: 'by' });
    const text = make('span', { class: 'words' });
    const close = button('close', '', { 'aria-label': 'Hide this label', title: 'Hide (Escape)' }, icon(CROSS));
    const tip = make('span', { class: 'tip', 'aria-hidden': 'true' });
    const bubble = make('div', { class: 'bubble', role: 'group', tabindex: '0', 'data-part': 'bubble' }, make('span', { class: 'said-by' }, who, text), close, tip);
    const anchor = make('div', { class: 'label', 'data-note': `${id}`, 'data-part': 'anchor', hidden: '' }, make('span', { class: 'stem', 'aria-hidden': 'true' }), bubble);
    inline(anchor).setProperty('--who', colourOf(note.by));
    this.stage.listen(close, 'click', () => this.dismiss(id));
    this.stage.listen(bubble, 'keydown', (event) => {
      const { key } = keyOf(event);
      if (key === 'Escape') this.dismiss(id);
      else if (key === 'Enter' && activeIn(this.stage.parts.root) === bubble) this.lead(id);
      else return;
      prevent(event);
    });
    return { anchor, bubble, text, who, element: null, size: null, drawn: '' };
  }

  /** Brings the visitor to the label's element, and the keyboard into it where that can be. */
  private lead(id: NoteId): void {
    const note = this.stage.model.notes.get(id);
    const element = note && this.pins.of(note)?.element;
    if (!element) return;
    element.scrollIntoView({ block: 'center', inline: 'nearest', behavior: still() ? 'auto' : 'smooth' });
    const target = focusable(element);
    if (target) focus(target, { preventScroll: true });
  }

  /** Puts all where they belong. `taken`: what they should not cover. */
  draw(notes: readonly LabelNote[], now: number, taken: readonly Box[]): void {
    const view = this.stage.view();
    const m = MARGIN / view.scale;
    const room = { left: view.left + m, top: view.top + m, width: view.width - 2 * m, height: view.height - 2 * m };
    const others = [...taken];
    const away: Away[] = [];
    for (const note of notes) {
      const figure = this.figures.get(note.id);
      if (!figure) continue;
      const seen = this.pins.see(note, now);
      if (seen && seen.element !== figure.element) this.describe(note, figure);
      const point = seen && within(seen.box, note.shape.at);
      const visible = seen && overlap(seen.clip, view);
      if (!seen || !point || !visible) this.hide(figure);
      else if (holds(visible, point, 1)) others.push(this.place(figure, point, seen, room, others, view.scale));
      else {
        this.hide(figure);
        // Where nothing of its container is on the screen, the way to the container is the label's.
        const target = visible.width * visible.height > 0 ? visible : view;
        away.push({ note, side: direction(target, point), at: nearest(target, point) });
      }
    }
    this.drawChips(away, room, taken, view.scale);
  }

  private hide(figure: Figure): void {
    if (figure.drawn === 'hidden') return;
    figure.drawn = 'hidden';
    show(figure.anchor, false);
  }

  private place(figure: Figure, point: Point, seen: Seen, room: Box, taken: readonly Box[], scale: number): Box {
    const { anchor, bubble } = figure;
    if (figure.drawn === 'hidden' || figure.drawn === '') show(anchor, true);
    if (!figure.size || figure.drawn === 'hidden') {
      inline(bubble).scale = 'none';
      const { width, height } = boundsOf(bubble);
      figure.size = { width, height };
      figure.drawn = 'shown';
    }
    const width = figure.size.width / scale;
    const height = figure.size.height / scale;
    // Away from the middle of the element, so that what is labelled can still be read.
    const low = point.y > seen.box.top + seen.box.height / 2;
    const sides: Side[] = low ? ['below', 'above', 'right', 'left'] : ['above', 'below', 'right', 'left'];
    const { side, left, top, tip } = bubbleAt(point, width, height, room, taken, sides, 1 / scale, reachOf(seen.box, point));
    const drawn = `${point.x.toFixed(1)} ${point.y.toFixed(1)} ${left.toFixed(1)} ${top.toFixed(1)} ${side} ${scale}`;
    if (drawn !== figure.drawn) {
      figure.drawn = drawn;
      inline(anchor).translate = `${point.x}px ${point.y}px`;
      inline(bubble).translate = `${left - point.x}px ${top - point.y}px`;
      inline(bubble).scale = scale === 1 ? 'none' : `${1 / scale}`;
      inline(bubble).setProperty('--tip', `${tip * scale}px`);
      const gap = { above: point.y - top - height, below: top - point.y, left: point.x - left - width, right: left - point.x }[side];
      inline(anchor).setProperty('--stem', `${Math.max(0, gap)}px`);
      setAttribute(anchor, 'data-side', side);
    }
    return { left, top, width, height };
  }

  private drawChips(away: readonly Away[], room: Box, taken: readonly Box[], scale: number): void {
    for (const side of ['above', 'below', 'left', 'right'] as const) {
      const there = away.filter((each) => each.side === side);
      const first = there[0];
      const chip = this.chips.get(side);
      if (!first) {
        if (chip) this.dropChip(chip);
        this.chips.delete(side);
        continue;
      }
      const { element } = chip ?? this.chip(side);
      const text = chipText(there.length, side);
      const drawn = `${text} ${first.at.x.toFixed(0)} ${first.at.y.toFixed(0)} ${first.note.by} ${scale} ${room.width} ${room.height} ${taken[0]?.top.toFixed(0)}`;
      if (chip?.drawn !== drawn) {
        setText(element, text);
        inline(element).setProperty('--who', colourOf(first.note.by));
        inline(element).scale = scale === 1 ? 'none' : `${1 / scale}`;
        const size = boundsOf(element);
        const wanted = { x: first.at.x - size.width / 2, y: first.at.y - (side === 'below' ? size.height : 0) };
        const at = beside(nearest({ left: room.left, top: room.top, width: room.width - size.width, height: room.height - size.height }, wanted), size, taken, room);
        inline(element).translate = `${at.x}px ${at.y}px`;
      }
      this.chips.set(side, { element, first: first.note, drawn });
    }
  }

  /** Takes a chip away; the keyboard goes on to the label that it stood for, which came into sight. */
  private dropChip({ element, first }: { element: HTMLElement; first: LabelNote }): void {
    const had = this.stage.parts.root.activeElement === element;
    remove(element);
    const bubble = this.figures.get(first.id)?.bubble;
    if (had && bubble) focus(bubble, { preventScroll: true });
  }

  private chip(side: Side): { element: HTMLElement } {
    const element = button('chip', '', { 'data-part': `chip-${side}` });
    append(this.stage.parts.labels, element);
    this.stage.listen(element, 'click', () => {
      const chip = this.chips.get(side);
      if (chip) this.lead(chip.first.id);
    });
    return { element };
  }
}

/** Out of what is taken, towards the middle of the room. */
function beside(at: Point, { width, height }: { width: number; height: number }, taken: readonly Box[], room: Box): Point {
  for (const box of taken) {
    const covered = overlap(box, { left: at.x, top: at.y, width, height });
    if (covered.width * covered.height === 0) continue;
    const low = box.top + box.height / 2 > room.top + room.height / 2;
    return { x: at.x, y: low ? box.top - MARGIN - height : box.top + box.height + MARGIN };
  }
  return at;
}
