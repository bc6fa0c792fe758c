// What the hand draws: areas, texts and marks by dragging, bound to the smallest element that has all of it.
import type { Hand } from '../shared/protocol/frame';
import type { NewNote, Shape } from '../shared/protocol/note';
import type { Tool } from '../shared/protocol/people';
import * as dom from '../shared/dom';
import { colourOf } from '../shared/people';
import { div, lay, made, svg } from './dom';
import { around as boxAround, type Box, contains, middle, partsOf, partsWithin, type Point, thinned } from './geometry';
import { drawing, type Mark, outline } from './marks';
import { around } from './places';
import { between, boxesOf, caretAt, type Caret } from './ranges';
import type { View } from './view';

export type DrawHand = Extract<Hand, 'area' | 'text' | 'freehand' | 'line' | 'arrow' | 'rectangle'>;

/** Points of a freehand mark are this far apart, in pixels of the agent's window; the protocol takes 2,000. */
const APART = 2;
const MOST_POINTS = 2_000;
/** A shorter drag, in pixels of the agent's window, is none. */
const SHORTEST = 4;
/** The whole of the visitor's window as parts of itself: drafts are drawn in it. */
const UNIT: Box = { x: 0, y: 0, width: 1, height: 1 };

export function isDrawing(hand: Hand): hand is DrawHand {
  return /^(area|text|freehand|line|arrow|rectangle)$/.test(hand);
}

/** The tool whose permission a hand needs. */
export function toolOf(hand: Exclude<Hand, 'act'>): Tool {
  if (hand === 'laser') return 'pointer';
  if (hand === 'label') return 'label';
  return /^(element|area|text)$/.test(hand) ? 'highlight' : 'mark';
}

export class Tools {
  private readonly layer: HTMLElement;
  private readonly canvas = svg('svg', { class: 'marks' });
  private readonly ink = drawing();
  private readonly light = div('light area');
  private readonly texts = div('light text');
  private points: Point[] = [];
  private hand: DrawHand | null = null;
  private caret: Caret | null = null;

  constructor(private readonly view: View) {
    this.layer = view.stage.layer('draft');
    this.canvas.append(this.ink.group);
    this.light.append(made('span'));
    this.layer.append(this.light, this.texts, this.canvas);
    this.hide();
  }

  begin(hand: DrawHand, point: Point): void {
    this.hand = hand;
    this.points = [point];
    this.layer.style.setProperty('--colour', colourOf(this.view.standing.told?.you ?? 1));
    this.caret = hand === 'text' ? this.caretAt(point) : null;
    this.hide();
  }

  drag(point: Point): void {
    this.points.push(point);
    const [first] = this.points;
    if (!this.hand || !first) return;
    if (this.hand === 'text') this.showText(point);
    else if (this.hand === 'area') {
      this.light.hidden = false;
      lay(this.light.firstElementChild as HTMLElement, boxAround([first, point]));
    } else {
      this.canvas.style.display = '';
      this.ink.draw(outline(this.mark(this.hand, UNIT, point), UNIT, this.view.stage.scale));
    }
  }

  /** Puts what was drawn on the page. */
  finish(point: Point): void {
    const { hand, points } = this;
    const [first] = points;
    this.cancel();
    const { stage } = this.view;
    if (!hand || !first || boxAround([...points, point]).width + boxAround([...points, point]).height < SHORTEST / stage.scale) return;
    points.push(point);
    const note = hand === 'text' ? this.text(point) : this.bound(hand, points, point);
    if (note) this.put(note);
  }

  cancel(): void {
    this.hand = null;
    this.points = [];
    this.hide();
  }

  /** Highlights a text, an area or a rectangle around an element, without a pointer. */
  whole(hand: DrawHand, node: number, element: Element): void {
    if (hand === 'text') {
      this.put({ node, shape: { s: 'text', range: { start: node, startOffset: 0, end: node, endOffset: element.childNodes.length } } });
    } else if (hand === 'area') this.put({ node, shape: { s: 'area', from: [0, 0], to: [1, 1] } });
    else if (hand === 'rectangle') this.put({ node, shape: { s: 'rectangle', from: [0, 0], to: [1, 1] } });
    else this.view.say('This tool needs a pointer.');
  }

  put(note: NewNote): void {
    this.view.requests.ask((n) => ({ t: 'note', n, note }), {
      failed: (why) => this.view.tell({ t: 'refused', reason: why === 'lost' ? 'away' : why }),
    });
  }

  private hide(): void {
    this.light.hidden = true;
    this.canvas.style.display = 'none';
    this.texts.replaceChildren();
  }

  private caretAt(point: Point): Caret | null {
    const { shown, top } = this.view.stage;
    return shown && top ? caretAt(shown, point, top) : null;
  }

  private selected(point: Point): ReturnType<typeof between> {
    const end = this.caretAt(point);
    return this.caret && end && between(this.view.page, this.caret, end);
  }

  private showText(point: Point): void {
    const { top } = this.view.stage;
    const found = this.selected(point);
    const boxes = found && top ? boxesOf(this.view.page, found.range, top) : [];
    this.texts.replaceChildren(
      ...boxes.map((box) => {
        const line = made('span');
        lay(line, box);
        return line;
      }),
    );
  }

  private text(point: Point): NewNote | null {
    const found = this.selected(point);
    const node = found && this.view.page.id(found.element);
    return found && node != null ? { node, shape: { s: 'text', range: found.range } } : null;
  }

  /** The smallest element that has all of a drawing, and the drawing as parts of its box. */
  private bound(hand: Exclude<DrawHand, 'text'>, points: Point[], last: Point): NewNote | null {
    const [first] = points as [Point];
    const drawn = boxAround(hand === 'freehand' ? points : [first, last]);
    const { stage, page } = this.view;
    const { top, shown } = stage;
    const start = stage.at(middle(drawn))?.element ?? stage.at(first)?.element ?? (shown && dom.documentElement(shown));
    if (!top || !start) return null;
    let element: Element = start;
    for (let at: Element | null = start; at; at = around(at, top)) {
      const box = stage.place(at);
      if (page.id(at) === undefined) continue;
      element = at;
      if (box && contains(box, drawn)) break;
    }
    const node = page.id(element);
    const box = stage.place(element);
    if (node === undefined || !box) return null;
    this.points = points;
    const shape: Shape = hand === 'area' ? { s: 'area', from: partsWithin(first, box), to: partsWithin(last, box) } : this.mark(hand, box, last);
    this.points = [];
    return { node, shape };
  }

  private mark(hand: Exclude<DrawHand, 'text' | 'area'>, box: Box, last: Point): Mark {
    const parts = (point: Point): Point => (box === UNIT ? point : partsOf(point, box));
    const [first = last] = this.points;
    if (hand !== 'freehand') return { s: hand, from: parts(first), to: parts(last) };
    const points = thinned(this.points, APART / this.view.stage.scale, MOST_POINTS).map(parts);
    return { s: 'freehand', points: points.length > 1 ? points : [parts(first), parts(last)] };
  }
}

