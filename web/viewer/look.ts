// Where the agent looks: along with the visitor's scrolling, or freely. What can be scrolled for the visitor is an act; what is looked at is not.
import * as dom from '../shared/dom';
import type { NodeId } from '../shared/protocol/page';
import type { Acting } from './acting';
import { button, div } from './dom';
import { middle, type Point, scrollParts } from './geometry';
import { around, isScroller, scrollable, styleOf } from './places';
import type { Tools } from './tools';
import type { View } from './view';

/** A scroll that was asked for, or is about to be. */
interface Wanted {
  element: Element;
  to: Point;
}

export class Look {
  private readonly notice = div('notice');
  private readonly offer = div('notice');
  private wanted: Wanted | null = null;
  private flying: Wanted | null = null;
  /** What was scrolled while looking around. */
  private readonly touched = new Set<NodeId>();

  constructor(
    private readonly view: View,
    private readonly acting: Acting,
    private readonly tools: Tools,
    private readonly changed: () => void,
  ) {
    const bring = button('Bring the visitor here', 'small', () => this.bring());
    this.notice.append(div('words', 'You are looking around'), button('Back to the visitor', 'small', () => this.follow(true)), bring);
    this.notice.hidden = true;
    this.offer.hidden = true;
    this.offer.setAttribute('role', 'status');
    view.stage.notices.append(this.notice, this.offer);
  }

  /** Another page is shown: what was scrolled on the one before is forgotten. */
  anew(): void {
    this.touched.clear();
    this.wanted = null;
  }

  get following(): boolean {
    return this.view.page.states.following;
  }

  /** Follows the visitor's scrolling, or does not. A picture shows what the visitor sees and nothing else. */
  follow(follow: boolean): void {
    if (follow === this.following) return;
    if (!follow && this.view.stage.pictured) return this.view.say('A picture follows the visitor.');
    this.view.page.states.following = follow;
    if (follow) this.back();
    if (this.notice.contains(document.activeElement)) this.view.stage.cover.focus();
    this.notice.hidden = follow;
    if (follow) this.offer.hidden = true;
    this.view.say(follow ? 'Following the visitor.' : 'You are looking around. Escape: back to the visitor.');
    this.changed();
    this.view.stage.moved();
  }

  /** A turn of the wheel over a point: scrolls for the visitor where that is possible, else looks around. */
  wheel(point: Point, delta: Point): void {
    const { stage } = this.view;
    if (stage.pan(delta[0] * Math.min(1, stage.scale), delta[1] * Math.min(1, stage.scale))) return;
    this.scroll(stage.at(point)?.element ?? this.main, delta);
  }

  /** Scrolls the innermost container around an element that can be scrolled that way. */
  scroll(element: Element | null, delta: Point): void {
    const { top } = this.view.stage;
    const flying = this.wanted ?? this.flying;
    const shared = this.following && this.view.standing.denies('scroll') === null;
    // Where a scroll is on its way, the same goes on: the page has not caught up yet.
    const container = element && top && (shared && flying && this.within(element, flying.element) ? flying.element : scrollable(element, delta, top));
    if (!container) return;
    if (shared) this.want(container, delta);
    else this.free(container, { left: dom.scrollLeft(container) + delta[0], top: dom.scrollTop(container) + delta[1] });
  }

  /** Looks at a place, freely; in a picture, the visitor is scrolled along or nobody is. */
  free(container: Element, { left, top }: { left: number; top: number }): void {
    if (this.view.stage.pictured) return this.along(container, [left, top]);
    this.follow(false);
    dom.scrollTo(container, { left, top, behavior: 'instant' });
    this.touch(container);
    this.view.stage.draw();
  }

  /** Brings an element into sight, freely where it is not in sight yet. */
  reveal(element: Element): void {
    const before = this.offsets(element);
    element.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' });
    const moved = before.filter(({ element, left, top }) => dom.scrollLeft(element) !== left || dom.scrollTop(element) !== top);
    if (this.view.stage.pictured) {
      for (const { element, left, top } of moved) {
        const to: Point = [dom.scrollLeft(element), dom.scrollTop(element)];
        dom.scrollTo(element, { left, top, behavior: 'instant' });
        this.along(element, to);
      }
      return;
    }
    if (moved.length) this.follow(false);
    for (const { element } of moved) this.touch(element);
    this.view.stage.moved();
  }

  /** Asks for the visitor's page to be scrolled to where the agent looks. */
  bring(): void {
    const why = this.view.standing.denies('scroll');
    if (why) {
      this.view.tell({ t: 'acted', kind: 'scroll', denied: why });
      this.offerHighlight();
      return;
    }
    const scrolled = new Set([...this.touched, ...this.view.page.states.offsets().map(([id]) => id)]);
    const apart = [...scrolled].filter((id) => this.differs(id));
    for (const id of apart) this.ask(id);
    if (!apart.length) this.follow(true);
  }

  /** Everything where the visitor has it. */
  private back(): void {
    const { states } = this.view.page;
    for (const id of this.touched) {
      const [left, top] = states.offset(id);
      const element = this.container(id);
      if (element) dom.scrollTo(element, { left, top, behavior: 'instant' });
    }
    this.touched.clear();
    states.again();
  }

  /** Asks for something to be scrolled for both sides. */
  private along(container: Element, to: Point): void {
    const node = this.idOf(container);
    if (this.view.standing.denies('scroll')) this.offerHighlight();
    else if (node !== undefined) this.acting.ask({ a: 'scroll', node, to: scrollParts(to, inner(container), outer(container)) }, { quiet: true });
  }

  private touch(container: Element): void {
    const id = this.idOf(container);
    if (id !== undefined) this.touched.add(id);
  }

  /** The id by which something that scrolls is scrolled: a document's for its viewport. */
  private idOf(container: Element): NodeId | undefined {
    const own = isScroller(container) ? dom.ownerDocument(container) : container;
    return own ? this.view.page.id(own) : undefined;
  }

  private ask(id: NodeId): void {
    const element = this.container(id);
    if (!element) return;
    const to = scrollParts([dom.scrollLeft(element), dom.scrollTop(element)], inner(element), outer(element));
    this.acting.ask({ a: 'scroll', node: id, to }, { quiet: true, done: () => this.follow(true) });
  }

  private get main(): Element | null {
    const { shown } = this.view.stage;
    return shown && dom.scroller(shown);
  }

  /** The element that scrolls, of an element or a document. */
  private container(id: NodeId): Element | null {
    const node = this.view.page.node(id);
    if (!node) return null;
    return dom.nodeType(node) === dom.DOCUMENT ? dom.scroller(node as Document) : this.view.element(id);
  }

  private differs(id: NodeId): boolean {
    const element = this.container(id);
    const told = this.view.page.states.offset(id);
    return element !== null && (Math.abs(dom.scrollLeft(element) - told[0]) > 1 || Math.abs(dom.scrollTop(element) - told[1]) > 1);
  }

  private within(element: Element, container: Element): boolean {
    const { top } = this.view.stage;
    for (let at: Element | null = element; at && top; at = around(at, top)) if (at === container) return dom.isConnected(container);
    return false;
  }

  private want(element: Element, delta: Point): void {
    const last = [this.wanted, this.flying].find((wanted) => wanted?.element === element)?.to ?? [dom.scrollLeft(element), dom.scrollTop(element)];
    const most: Point = [element.scrollWidth - element.clientWidth, element.scrollHeight - element.clientHeight];
    const to = last.map((at, i) => Math.min(most[i as 0 | 1], Math.max(0, at + delta[i as 0 | 1]))) as Point;
    this.wanted = { element, to };
    this.fly();
  }

  /** One scroll is on its way at a time; what is wanted meanwhile goes after it, as one. */
  private fly(): void {
    const { wanted } = this;
    if (this.flying || !wanted) return;
    this.wanted = null;
    const node = this.idOf(wanted.element);
    if (node === undefined) return;
    this.flying = wanted;
    const landed = () => {
      this.flying = null;
      this.fly();
    };
    this.acting.ask({ a: 'scroll', node, to: scrollParts(wanted.to, inner(wanted.element), outer(wanted.element)) }, { quiet: true, done: landed, failed: landed });
  }

  private offsets(element: Element): { element: Element; left: number; top: number }[] {
    const { top } = this.view.stage;
    const all = [];
    for (let at = top && around(element, top); at && top; at = around(at, top)) all.push({ element: at, left: dom.scrollLeft(at), top: dom.scrollTop(at) });
    return all;
  }

  /** In view-only, the visitor can be shown the place instead. */
  private offerHighlight(): void {
    // What a picture shows, the visitor sees already.
    const able = this.view.standing.may('highlight') && !this.view.stage.pictured;
    this.offer.replaceChildren(div('words', able ? 'Only the visitor can scroll now. A highlight shows them the place.' : 'Only the visitor can scroll now.'));
    const shut = () => (this.offer.hidden = true);
    if (able) this.offer.append(button('Highlight what is here', 'small', () => (shut(), this.highlight())));
    this.offer.append(button('Close', 'small', shut));
    this.offer.hidden = false;
  }

  /** Highlights what is in the middle of what the agent sees. */
  private highlight(): void {
    const { stage, page } = this.view;
    const { x, y, width, height } = stage.sight;
    const found = stage.at(middle({ x, y, width: Math.min(width, stage.window.width), height: Math.min(height, stage.window.height) }));
    let element = found?.element ?? null;
    // Words within a line say less than the block that they are in.
    for (const { top } = stage; element && top && styleOf(element).display === 'inline'; ) element = around(element, top);
    const node = element ? page.id(element) : undefined;
    if (node !== undefined) this.tools.put({ node, shape: { s: 'element' } });
  }
}

function inner({ scrollWidth: width, scrollHeight: height }: Element): { width: number; height: number } {
  return { width, height };
}

function outer({ clientWidth: width, clientHeight: height }: Element): { width: number; height: number } {
  return { width, height };
}
