// The notes of both sides, each kept on its element.
import { colourOf, VISITOR } from '../shared/people';
import type { Note, NoteId, Shape } from '../shared/protocol/note';
import type { PersonId } from '../shared/protocol/people';
import { button, div, lay, made, svg } from './dom';
import { around, type Box, type Point, pointAt } from './geometry';
import { drawing, isMark, outline } from './marks';
import { boxesOf } from './ranges';
import type { View } from './view';

/** Pixels beside the place of a label in a picture at which it can be taken away. */
const BESIDE = 20;

/** How a note is drawn, once it is known where its element is. */
interface Drawn {
  note: Note;
  parts: (HTMLElement | SVGElement)[];
  /** Places it; gives the corner at which it can be taken away, or nothing where it is not to be seen. */
  place(box: Box): Point | null;
  away: HTMLElement;
}

export class Notes {
  private readonly flat: HTMLElement;
  private readonly high: HTMLElement;
  private readonly marks = svg('svg', { class: 'marks' });
  private readonly notes = new Map<NoteId, Drawn>();

  constructor(
    private readonly view: View,
    private readonly changed: () => void,
  ) {
    this.flat = view.stage.layer('notes');
    this.high = view.stage.layer('handles', true);
    this.flat.append(this.marks);
    view.stage.onDraw(() => this.draw());
  }

  set(notes: Note[]): void {
    for (const id of [...this.notes.keys()]) this.drop(id);
    for (const note of notes) this.add(note);
    this.changed();
  }

  put(note: Note): void {
    const fresh = !this.notes.has(note.id);
    this.drop(note.id);
    this.add(note);
    if (fresh && note.by !== this.you) this.view.say(`${this.nameOf(note.by)}: ${words(note.shape)}`);
    this.changed();
  }

  gone(id: NoteId): void {
    this.drop(id);
    this.changed();
  }

  /** Takes the newest note of this agent's away. */
  undo(): void {
    const own = [...this.notes.values()].filter(({ note }) => note.by === this.you);
    const last = own[own.length - 1];
    if (last) this.takeAway(last.note.id);
    else this.view.say('There is no note of yours.');
  }

  /** Notes of the agents' side that are on the page. */
  get count(): number {
    return [...this.notes.values()].filter(({ note }) => note.by !== VISITOR && note.node !== undefined).length;
  }

  private get you(): PersonId | undefined {
    return this.view.standing.told?.you;
  }

  private nameOf(by: PersonId): string {
    return by === VISITOR ? 'Visitor' : this.view.standing.name(by);
  }

  private takeAway(id: NoteId): void {
    this.view.requests.ask((n) => ({ t: 'unnote', n, id }), { failed: (why) => this.view.tell({ t: 'refused', reason: why === 'lost' ? 'away' : why }) });
  }

  private drop(id: NoteId): void {
    const known = this.notes.get(id);
    this.notes.delete(id);
    for (const part of known ? [...known.parts, known.away] : []) part.remove();
  }

  private add(note: Note): void {
    const { shape } = note;
    const away = button('×', 'away', () => this.takeAway(note.id));
    away.setAttribute('aria-label', `Remove: ${words(shape)}`);
    const made = shape.s === 'label' ? this.label(shape) : isMark(shape) ? this.mark(shape) : this.highlight(shape);
    const drawn: Drawn = { note, ...made, away };
    for (const part of [...drawn.parts, away]) {
      part.style.setProperty('--colour', colourOf(note.by));
      part.dataset['note'] = String(note.id);
    }
    this.high.append(away);
    this.notes.set(note.id, drawn);
    this.view.stage.draw();
  }

  private label(shape: Extract<Shape, { s: 'label' }>): Pick<Drawn, 'parts' | 'place'> {
    const label = div('label');
    const text = div('text', shape.text);
    label.append(div('tip'), text);
    this.high.append(label);
    const place = (box: Box): Point => {
      const [x, y] = pointAt(shape.at, box);
      label.style.translate = `${x}px ${y}px`;
      const { pictured, scale, window } = this.view.stage;
      // A picture has the label in it, wherever the visitor's side found room for it.
      if (pictured) return [x + BESIDE / scale, y];
      const [width, height] = [text.offsetWidth, text.offsetHeight + 10 / scale];
      const [left, above] = [x + width > window.width && x > width, y + height > window.height && y > height];
      label.classList.toggle('left', left);
      label.classList.toggle('above', above);
      return [left ? x + 12 / scale : x - 12 / scale + width, above ? y - height : y + 10 / scale];
    };
    return { parts: [label], place };
  }

  private mark(shape: Parameters<typeof outline>[0]): Pick<Drawn, 'parts' | 'place'> {
    const { group, draw } = drawing();
    this.marks.append(group);
    const place = (box: Box): Point => {
      draw(outline(shape, box, this.view.stage.scale));
      const places = shape.s === 'freehand' ? shape.points : [shape.from, shape.to];
      const { x, y, width } = around(places.map((at) => pointAt(at, box)));
      return [x + width, y];
    };
    return { parts: [group], place };
  }

  private highlight(shape: Exclude<Shape, { s: 'label' | 'freehand' | 'line' | 'arrow' | 'rectangle' }>): Pick<Drawn, 'parts' | 'place'> {
    const light = div(`light ${shape.s}`);
    this.flat.append(light);
    const place = (box: Box): Point | null => {
      const boxes = this.boxes(shape, box);
      if (!boxes.length) return null;
      while (light.childElementCount > boxes.length) light.lastElementChild?.remove();
      while (light.childElementCount < boxes.length) light.append(made('span'));
      boxes.forEach((box, i) => lay(light.children[i] as HTMLElement, box));
      const { x, y, width } = boxes[0] as Box;
      return [x + width, y];
    };
    return { parts: [light], place };
  }

  private boxes(shape: Shape, box: Box): Box[] {
    if (shape.s === 'area') return [around([pointAt(shape.from, box), pointAt(shape.to, box)])];
    if (shape.s !== 'text') return [box];
    const { top } = this.view.stage;
    return top ? boxesOf(this.view.page, shape.range, top) : [];
  }

  private draw(): void {
    for (const { note, parts, place, away } of this.notes.values()) {
      const element = this.view.element(note.node);
      const box = this.view.stage.seen(element);
      const show = (shown: boolean) => {
        for (const part of [...parts, away]) part.style.display = shown ? '' : 'none';
      };
      // Shown first: what is hidden has no size.
      show(box !== null);
      if (!box) continue;
      const corner = place(box);
      if (corner) away.style.translate = `${corner[0]}px ${corner[1]}px`;
      else show(false);
    }
  }
}

function words(shape: Shape): string {
  if (shape.s === 'label') return `label “${shape.text}”`;
  return isMark(shape) ? `mark, ${shape.s}` : `highlight, ${shape.s}`;
}
