// What changed of announced nodes and was not told yet: attributes, texts, state, scrolling.
import type { NodeState, PageEvent } from '../../shared/protocol/page';
import * as dom from '../../shared/dom';
import type { Sizes } from '../privacy/sizes';
import { toldAttribute } from '../privacy/told';
import { isHidden } from '../privacy/verdicts';
import { changedState, isMedia, isWatched, readScroll } from './state';
import type { Env, Tree } from './tree';
import type { Twin } from './twin';

/** With more watched elements than this, they are compared on the tick only. */
const MANY_WATCHED = 500;

export class Pending {
  private readonly attributes = new Map<Element, Map<string, string | null>>();
  private readonly texts = new Set<Node>();
  private readonly states = new Set<Element>();
  private readonly scrolls = new Set<Node>();
  /** Elements whose state may change without a word. */
  private readonly watched = new Set<Twin>();
  /** Custom elements that are not defined yet. */
  private readonly undefined = new Set<Twin>();
  private checkWatched = false;

  constructor(
    private readonly env: Env,
    private readonly tree: Tree,
    private readonly sizes: Sizes,
    private readonly emit: (event: PageEvent) => void,
  ) {}

  /** An element was announced; gives its state. */
  enter(twin: Twin, element: Element): NodeState | undefined {
    if (isWatched(this.env, element)) this.watched.add(twin);
    const state = changedState(this.env, twin);
    if (dom.localName(element).includes('-') && !state?.defined) this.undefined.add(twin);
    return state;
  }

  /** A node was taken back. */
  leave(twin: Twin): void {
    this.watched.delete(twin);
    this.undefined.delete(twin);
  }

  /** Forgets everything: the page is told as a whole. */
  clear(): void {
    for (const set of [this.attributes, this.texts, this.states, this.scrolls, this.watched, this.undefined]) set.clear();
  }

  attribute(element: Element, name: string, namespace: string | null): void {
    let names = this.attributes.get(element);
    if (!names) this.attributes.set(element, (names = new Map()));
    names.set(name, namespace);
    // What stands for a masked value depends on it.
    if (name === 'type') names.set('value', null);
  }

  text(node: Node): void {
    this.texts.add(node);
  }

  state(element: Element): void {
    this.checkWatched = true;
    if (dom.htmlName(element) === 'select') for (const option of (element as HTMLSelectElement).options) this.states.add(option);
    this.states.add(element);
  }

  scroll(node: Node): void {
    this.scrolls.add(node);
  }

  /** Something happened: what may have changed without a word is looked at. */
  look(): void {
    this.checkWatched = true;
  }

  /** Elements whose state is about to be told, as far as it is something else. */
  *due(): Generator<Twin> {
    if (this.watched.size <= MANY_WATCHED) yield* this.watched;
    for (const element of this.states) {
      const twin = this.tree.of(element);
      if (twin) yield twin;
    }
  }

  /** Now and then. */
  tick(): void {
    if (this.watched.size > MANY_WATCHED) for (const twin of this.watched) this.states.add(twin.node as Element);
    else this.checkWatched = true;
    for (const twin of this.watched) if (isMedia(twin.node)) this.states.add(twin.node);
  }

  /** Tells all but scrolling. */
  flush(): void {
    this.flushAttributes();
    this.flushTexts();
    this.flushStates();
  }

  private flushAttributes(): void {
    for (const [element, names] of this.attributes) {
      const twin = this.tree.of(element);
      if (!twin) continue;
      for (const [name, namespace] of names) this.flushAttribute(twin, element, name, namespace);
      if (!isWatched(this.env, element)) this.watched.delete(twin);
      else this.watched.add(twin);
      this.states.add(element);
    }
    this.attributes.clear();
  }

  private flushAttribute(twin: Twin, element: Element, name: string, namespace: string | null): void {
    const { native } = this.env;
    const attribute = dom.attributeOf(element, namespace, name);
    const full = attribute ? dom.attributeName(attribute) : qualified(name, namespace);
    const told = toldAttribute(element, twin.verdict, full, attribute ? native.attrValue(attribute) : '');
    if (told !== null) this.emit({ t: 'attribute', node: twin.id, name: full, value: attribute && told });
  }

  private flushTexts(): void {
    for (const node of this.texts) {
      const twin = this.tree.of(node);
      if (twin) this.emit({ t: 'text', node: twin.id, text: this.tree.textOf(twin) });
    }
    this.texts.clear();
  }

  private flushStates(): void {
    const twins = new Set<Twin>();
    for (const element of this.states) {
      const twin = this.tree.of(element);
      if (twin) twins.add(twin);
    }
    this.states.clear();
    if (this.checkWatched && this.watched.size <= MANY_WATCHED) for (const twin of this.watched) twins.add(twin);
    this.checkWatched = false;
    for (const twin of this.undefined) if (dom.matches(twin.node as Element, ':defined')) twins.add(twin);
    for (const twin of twins) {
      const state = changedState(this.env, twin);
      if (state?.defined) this.undefined.delete(twin);
      if (state?.size) this.sizes.watch(twin.node as Element);
      if (state) this.emit({ t: 'state', node: twin.id, state });
    }
  }

  /** Tells where boxes are scrolled to. */
  flushScrolls(): void {
    for (const node of this.scrolls) {
      const twin = this.tree.of(node);
      if (!twin || (isHidden(twin.verdict) && dom.nodeType(node) === dom.ELEMENT)) continue;
      const scroll = readScroll(node);
      const [left, top] = twin.sent?.scroll ?? [0, 0];
      if (left === scroll[0] && top === scroll[1]) continue;
      twin.sent = { ...twin.sent, scroll };
      this.emit({ t: 'state', node: twin.id, state: { scroll } });
    }
    this.scrolls.clear();
  }
}

/** Qualified name of an attribute that is gone. */
function qualified(name: string, namespace: string | null): string {
  if (namespace === 'http://www.w3.org/1999/xlink') return `xlink:${name}`;
  if (namespace === 'http://www.w3.org/XML/1998/namespace') return `xml:${name}`;
  return name;
}
