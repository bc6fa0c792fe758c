// What the agent's hand does with what it presses.
import type { Hand } from '../shared/protocol/frame';
import type { NodeId } from '../shared/protocol/page';
import * as dom from '../shared/dom';
import { type Acting, wordsOf } from './acting';
import { div, lay } from './dom';
import { type Field, fieldOf, isPrivate } from './fields';
import type { Point } from './geometry';
import type { Labels } from './labels';
import type { Pickers } from './pickers';
import type { Pointing } from './pointing';
import { around } from './places';
import type { Tools } from './tools';
import type { Typist } from './typist';
import type { View } from './view';

/** Milliseconds in which the visitor's focus still comes from a press of the agent's. */
const FOCUS = 2_000;

/** An element of the page, and the place in it that is meant. */
export interface Target {
  node: NodeId;
  element: Element;
  at: Point;
}

export interface Parts {
  acting: Acting;
  labels: Labels;
  pickers: Pickers;
  pointing: Pointing;
  tools: Tools;
  typist: Typist;
}

export class HandOf {
  hand: Hand = 'act';
  private focused: NodeId | null = null;
  private pressed = -Infinity;

  constructor(
    private readonly view: View,
    private readonly parts: Parts,
  ) {}

  /** The element at a point, as the hand means it. */
  target(point: Point): Target | null {
    const { stage, page } = this.view;
    const found = stage.at(point);
    const { top } = stage;
    for (let element = found?.element ?? null; element && top; element = around(element, top)) {
      const node = page.id(element);
      if (node !== undefined) return { node, element, at: found?.at ?? [0.5, 0.5] };
    }
    return null;
  }

  /** Pressed at a point, for the `count`th time in a row. */
  press(point: Point, count: number): void {
    const target = this.target(point);
    const { labels, pointing, tools } = this.parts;
    if (!target) return;
    switch (this.hand) {
      case 'act':
        if (this.view.standing.denies('click')) this.point(point);
        else this.act(target, count);
        return;
      case 'laser':
        pointing.press(point);
        return;
      case 'label':
        labels.begin(target.node, target.at);
        return;
      case 'element':
        tools.put({ node: target.node, shape: { s: 'element' } });
    }
  }

  /** Enter on an element, without a pointer. */
  enter({ node, element, at }: Target): void {
    const { hand } = this;
    if (hand === 'act' && !this.view.standing.denies('click')) this.act({ node, element, at }, 1);
    else if (hand === 'act' || hand === 'laser') this.pointAt(element, at);
    else if (hand === 'label') this.parts.labels.begin(node, at);
    else if (hand === 'element') this.parts.tools.put({ node, shape: { s: 'element' } });
    else this.parts.tools.whole(hand, node, element);
  }

  /** Space on an element: checks what can be checked. */
  space(target: Target): void {
    const field = fieldOf(target.element);
    if (field?.sort !== 'check' || this.hand !== 'act' || this.view.standing.denies('check')) {
      this.enter(target);
      return;
    }
    const checked = dom.inputType(field.element as HTMLInputElement) === 'radio' || !dom.inputChecked(field.element as HTMLInputElement);
    this.parts.acting.ask({ a: 'check', node: target.node, checked });
  }

  /** Makes an element move for a moment, at the visitor's and here. */
  wiggle(point: Point): void {
    const target = this.target(point);
    if (!target || !this.view.standing.may('pointer')) return;
    const { node, element } = target;
    const box = this.view.stage.place(element);
    this.view.requests.ask((n) => ({ t: 'wiggle', n, node }), {
      failed: (why) => this.view.tell({ t: 'refused', reason: why === 'lost' ? 'away' : why }),
    });
    if (!box) return;
    const mark = div('wiggle');
    lay(mark, box);
    this.view.stage.cover.before(mark);
    mark.addEventListener('animationend', () => mark.remove());
  }

  /** The visitor's focus went somewhere: to what the agent pressed, perhaps. */
  focus(node: NodeId | null, element: Element | null): void {
    this.focused = node;
    const { typist } = this.parts;
    if (typist.typing) typist.focused(node, element);
    else if (node !== null && element && performance.now() - this.pressed < FOCUS) this.write(node, element);
  }

  /** Text can be typed into it: a field, or, since views are not told what is editable, what took the focus and is nothing else. */
  takesText(element: Element): boolean {
    if (isPrivate(element, this.view.page.states)) return false;
    const field = fieldOf(element);
    if (field) return field.sort === 'text' || field.sort === 'editable';
    return !/^(a|area|button|summary|input|select|textarea|iframe|frame|object|embed|audio|video)$/.test(dom.localName(element)) && !dom.hasAttribute(element, 'tabindex');
  }

  private act(target: Target, count: number): void {
    const { node, element } = target;
    const field = fieldOf(element);
    if (field && isPrivate(field.element, this.view.page.states)) {
      this.parts.acting.deny(node, 'masked', target.at);
      return;
    }
    if (field && this.choose(field)) return;
    this.pressed = performance.now();
    if (field && /^(text|editable)$/.test(field.sort) && this.view.standing.lockedBy(node) === null) this.write(node, element);
    this.parts.acting.ask({ a: 'click', node, at: target.at, count }, { done: () => this.clicked(target) });
  }

  /** Lists and fields whose value is chosen open here, not at the visitor's. */
  private choose({ element, sort }: Field): boolean {
    const node = this.view.page.id(element);
    if (node === undefined || (sort !== 'list' && sort !== 'value')) return false;
    const why = this.view.standing.denies('choose');
    if (why) this.parts.acting.deny(node, why);
    else if (sort === 'list') this.parts.pickers.list(node, element as HTMLSelectElement);
    else this.parts.pickers.value(node, element as HTMLInputElement);
    return true;
  }

  /** A press in something editable that had the focus before brings no news of it. */
  private clicked({ element }: Target): void {
    const { focused, view } = this;
    const { top } = view.stage;
    const editable = view.element(focused);
    if (!top || this.parts.typist.typing || focused === null || !editable || !this.takesText(editable)) return;
    for (let at: Element | null = element; at; at = around(at, top)) if (at === editable) this.write(focused, editable);
  }

  private write(node: NodeId, element: Element): void {
    if (this.view.standing.denies('type') || !this.takesText(element)) return;
    this.parts.typist.begin(node, element);
  }

  private point(point: Point): void {
    const why = this.view.standing.denies('click');
    if (why && why !== 'mode') this.view.say(wordsOf(why));
    this.parts.pointing.press(point);
  }

  private pointAt(element: Element, at: Point): void {
    const box = this.view.stage.place(element);
    if (box) this.parts.pointing.press([box.x + at[0] * box.width, box.y + at[1] * box.height]);
  }
}
