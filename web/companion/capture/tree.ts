// The announced tree, and how changes of the DOM become `add`, `move` and `remove`: not from the mutation records themselves, whose
// order tells little once a batch is over, but by comparing each changed parent's children with its twin's.
import type { NodeId, NodeRecord, NodeState, Node as WireNode, PageEvent } from '../../shared/protocol/page';
import type { Native } from '../handover';
import * as dom from '../../shared/dom';
import { toldAttributes, toldText } from '../privacy/told';
import { isHidden, isSame, type Verdict, type Verdicts } from '../privacy/verdicts';
import { staying, Twin } from './twin';

/** What the tree needs of the page around it. */
export interface Env {
  readonly native: Native;
  readonly verdicts: Verdicts;
  /** The verdict of the frame element that holds the page, where somebody else announced it. */
  readonly outer: Verdict;
  /** The element is ours, not the page's. */
  ours(element: Element): boolean;
  shadowRoot(host: Element): ShadowRoot | null;
}

/** What the tree tells of nodes that come and go. */
export interface Watch {
  /** A node was announced; gives the state to announce with it. */
  enter(twin: Twin): NodeState | undefined;
  /** A node was taken back. */
  leave(twin: Twin): void;
}

/** The document is laid out as old browsers did. */
export function isQuirks(document: Document): boolean {
  return dom.compatMode(document) === 'BackCompat';
}

/** Siblings still to be recorded. */
interface Chain {
  node: Node | null;
  parent: Twin;
}

/** Frame numbers are the high part of an id. */
const FRAME = 2 ** 32;

export class Tree {
  root: Twin | null = null;
  private twins = new WeakMap<Node, Twin>();
  private ids = new Map<NodeId, Twin>();
  private dirty = new Set<Node>();
  private last = 0;
  /** Parents of new nodes that hold announced ones. */
  private later: Twin[] = [];

  constructor(
    private readonly env: Env,
    private readonly frame: number,
    private readonly watch: Watch,
    private readonly emit: (event: PageEvent) => void,
  ) {}

  /** The twin of an announced node. */
  of(node: Node): Twin | undefined {
    return this.twins.get(node);
  }

  /** The announced node with an id; null: it is not on the page any more. */
  node(id: NodeId): Node | null {
    return this.ids.get(id)?.node ?? null;
  }

  /** A new id, for a node or a sheet. */
  id(): NodeId {
    this.last += 1;
    return this.frame * FRAME + this.last;
  }

  /** Forgets everything and records the document as a whole. `host`: the frame element, announced by somebody else. */
  begin(document: Document, host?: NodeId): NodeRecord[] {
    if (this.root) this.forget(this.root);
    this.twins = new WeakMap();
    this.ids.clear();
    this.dirty.clear();
    const records: NodeRecord[] = [];
    this.root = this.announce(document, null, null, records);
    this.recordBelow(this.root, records);
    this.compareLater();
    if (host !== undefined && records[0]) records[0].parent = host;
    return records;
  }

  /** Children, shadow root or frame document of this node may have changed. */
  changed(node: Node): void {
    this.dirty.add(node);
  }

  /** Announces what changed. */
  sync(): void {
    if (!this.dirty.size) return;
    const parents: { twin: Twin; depth: number }[] = [];
    for (const node of this.dirty) {
      const twin = this.twins.get(node);
      const depth = twin ? this.depth(node) : -1;
      if (twin && depth >= 0) parents.push({ twin, depth });
    }
    this.dirty.clear();
    // From the top down: when a parent's turn comes, it stands itself where the DOM has it, so no move goes into its own subtree.
    parents.sort((a, b) => a.depth - b.depth);
    for (const { twin } of parents) {
      // A document holds one element: the old one goes before the new one comes.
      if (dom.nodeType(twin.node) === dom.DOCUMENT) this.removeGone(twin);
      this.compare(twin);
      this.compareLater();
    }
    for (const { twin } of parents) this.removeGone(twin);
  }

  /** Takes a node back, and announces it as it is now with the next comparison. */
  anew(twin: Twin): void {
    const { parent } = twin;
    if (!parent) return;
    this.remove(twin);
    this.changed(parent.node);
  }

  /** Whether what is told of a node, or of what is below it, has to be told anew within `parent`; verdicts that tell the same are changed. */
  review(top: Twin, parent: Twin | null): Twin[] {
    const { verdicts, outer } = this.env;
    const anew: Twin[] = [];
    const stack: [Twin, Verdict][] = [[top, parent ? parent.verdict : outer]];
    for (let next = stack.pop(); next; next = stack.pop()) {
      const [twin, around] = next;
      const verdict = verdicts.of(twin.node, around);
      if (!isSame(verdict, twin.verdict)) {
        anew.push(twin);
        continue;
      }
      const same = verdict === twin.verdict;
      twin.verdict = verdict;
      if (same && !verdicts.deep(twin.node)) continue;
      for (let child = twin.first; child; child = child.next) stack.push([child, verdict]);
      // Selectors do not look through these: what is in them changes by inheritance alone.
      if (same) continue;
      if (twin.shadow) stack.push([twin.shadow, verdict]);
      if (twin.content) stack.push([twin.content, verdict]);
    }
    return anew;
  }

  private compareLater(): void {
    for (let twin = this.later.pop(); twin; twin = this.later.pop()) this.compare(twin);
  }

  /** Steps to the top document; -1: not in it. */
  private depth(node: Node): number {
    let steps = 0;
    for (let at: Node | null = node; at; steps += 1) {
      if (at === this.root?.node) return steps;
      const above: Node | null = dom.parentNode(at);
      if (above) at = above;
      else at = this.twins.get(at)?.parent?.node ?? null;
    }
    return -1;
  }

  private compare(parent: Twin): void {
    if (this.twins.get(parent.node) !== parent) return;
    this.compareRoots(parent);
    let node = this.firstCaptured(parent.node);
    let twin = parent.first;
    while (node && twin && twin.node === node) {
      node = this.nextCaptured(node);
      twin = twin.next;
    }
    if (!node) return;
    const middle: Node[] = [];
    for (let at: Node | null = node; at; at = this.nextCaptured(at)) middle.push(at);
    let end = parent.last;
    let after: Twin | null = null;
    while (middle.length && end && end !== twin?.previous && end.node === middle.at(-1)) {
      after = end;
      middle.pop();
      end = end.previous;
    }
    if (middle.length) this.arrange(parent, middle, twin, after);
  }

  /** Brings `middle` into order before `after`; `from` is the first twin that may be out of order. */
  private arrange(parent: Twin, middle: Node[], from: Twin | null, after: Twin | null): void {
    let count = 0;
    for (let twin = from; twin && twin !== after; twin = twin.next) twin.place = count++;
    const here = middle.map((node) => this.twins.get(node)).filter((twin) => twin?.parent === parent) as Twin[];
    const stay = staying(here.map((twin) => twin.place));
    const anchors = new Array<Twin | null>(middle.length);
    let anchor = after;
    for (let i = middle.length - 1; i >= 0; i -= 1) {
      anchors[i] = anchor;
      const twin = this.twins.get(middle[i] as Node);
      if (twin?.parent === parent && stay.has(twin.place)) anchor = twin;
    }
    middle.forEach((node, i) => {
      const twin = this.twins.get(node);
      const before = anchors[i] ?? null;
      if (!twin) this.add(node, parent, before);
      else if (twin.parent !== parent && this.review(twin, parent).length) {
        this.remove(twin);
        this.add(node, parent, before);
      } else if (twin.parent !== parent || !stay.has(twin.place)) {
        twin.insert(parent, before);
        this.emit({ t: 'move', node: twin.id, parent: parent.id, ...(before && { before: before.id }) });
      }
    });
  }

  /** A shadow root or frame document that came, went or was replaced. */
  private compareRoots(parent: Twin): void {
    if (dom.nodeType(parent.node) !== dom.ELEMENT) return;
    const element = parent.node as Element;
    const shadow = this.shadowOf(element);
    if (shadow && !parent.shadow) this.add(shadow, parent, null);
    if (!this.replaced(parent)) return;
    if (parent.content) this.remove(parent.content);
    const content = this.contentOf(element);
    if (content) this.add(content, parent, null);
  }

  /** A frame element has another document than the announced one, or the same in another mode. */
  replaced(frame: Twin): boolean {
    const content = this.contentOf(frame.node as Element);
    if (!content || !frame.content) return Boolean(content ?? frame.content);
    return frame.content.node !== content || frame.content.quirks !== isQuirks(content);
  }

  /** Document of a frame element, where it may be read and told. */
  contentOf(element: Element): Document | null {
    const name = dom.htmlName(element);
    if (name !== 'iframe' && name !== 'frame' && name !== 'object') return null;
    return this.hidden(element) ? null : this.env.native.contentDocument(element as HTMLIFrameElement);
  }

  /** Shadow root of an element, where it is told. */
  shadowOf(element: Element): ShadowRoot | null {
    return this.hidden(element) ? null : this.env.shadowRoot(element);
  }

  private hidden(node: Node): boolean {
    const twin = this.twins.get(node);
    return twin !== undefined && isHidden(twin.verdict);
  }

  private removeGone(parent: Twin): void {
    if (this.twins.get(parent.node) !== parent) return;
    for (let twin = parent.first; twin; ) {
      const { next } = twin;
      if (dom.parentNode(twin.node) !== parent.node) this.remove(twin);
      twin = next;
    }
  }

  /** Takes a node back, with all below it. */
  private remove(twin: Twin): void {
    twin.detach();
    this.forget(twin);
    this.emit({ t: 'remove', node: twin.id });
  }

  private forget(twin: Twin): void {
    for (const each of twin.all()) {
      if (this.twins.get(each.node) === each) this.twins.delete(each.node);
      this.ids.delete(each.id);
      this.watch.leave(each);
    }
  }

  private add(node: Node, parent: Twin, before: Twin | null): void {
    const records: NodeRecord[] = [];
    const twin = this.announce(node, parent, before, records);
    if (before && records[0]) records[0].before = before.id;
    this.recordBelow(twin, records);
    this.emit({ t: 'add', nodes: records });
  }

  private announce(node: Node, parent: Twin | null, before: Twin | null, records: NodeRecord[]): Twin {
    const twin = new Twin(this.id(), node);
    this.twins.set(node, twin);
    this.ids.set(twin.id, twin);
    if (parent) {
      const type = dom.nodeType(node);
      if (type === dom.FRAGMENT || type === dom.DOCUMENT) {
        twin.parent = parent;
        parent[type === dom.FRAGMENT ? 'shadow' : 'content'] = twin;
      } else twin.insert(parent, before);
    }
    if (dom.nodeType(node) === dom.DOCUMENT) this.env.verdicts.open(node as Document);
    twin.verdict = this.env.verdicts.of(node, parent ? parent.verdict : this.env.outer);
    const record: NodeRecord = { id: twin.id, node: this.describe(twin) };
    if (parent) record.parent = parent.id;
    const state = this.watch.enter(twin);
    if (state) record.state = state;
    records.push(record);
    return twin;
  }

  /** Records all below a new twin, without recursion: pages may be nested as deeply as they like. */
  private recordBelow(top: Twin, records: NodeRecord[]): void {
    const stack: Chain[] = [];
    this.open(top, stack);
    for (let chain = stack.at(-1); chain; chain = stack.at(-1)) {
      const { node, parent } = chain;
      if (!node) {
        stack.pop();
        continue;
      }
      chain.node = this.nextCaptured(node);
      // Already announced: it was moved here. Its move follows once the new parent is there.
      if (this.twins.has(node)) this.later.push(parent);
      else this.open(this.announce(node, parent, null, records), stack);
    }
  }

  private open(twin: Twin, stack: Chain[]): void {
    const { node } = twin;
    const child = this.firstCaptured(node);
    if (child) stack.push({ node: child, parent: twin });
    if (dom.nodeType(node) !== dom.ELEMENT) return;
    const content = this.contentOf(node as Element);
    if (content) stack.push({ node: content, parent: twin });
    const shadow = this.shadowOf(node as Element);
    if (shadow) stack.push({ node: shadow, parent: twin });
  }

  private describe(twin: Twin): WireNode {
    const { node } = twin;
    switch (dom.nodeType(node)) {
      case dom.ELEMENT: {
        const element = node as Element;
        const ns = dom.namespaceOf(element);
        const described: WireNode = { k: 'element', name: dom.qualifiedName(element) };
        if (ns !== 'html') described.ns = ns;
        const attrs = toldAttributes(this.env.native, element, twin.verdict);
        if (attrs.length) described.attrs = attrs;
        return described;
      }
      case dom.DOCUMENT: {
        const described: WireNode = { k: 'document', url: this.address(twin) };
        twin.quirks = isQuirks(node as Document);
        if (twin.quirks) described.quirks = true;
        return described;
      }
      case dom.DOCTYPE: {
        const { name, publicId, systemId } = node as DocumentType;
        return { k: 'doctype', name, publicId, systemId };
      }
      case dom.FRAGMENT:
        return { k: 'shadowRoot', ...(dom.delegatesFocus(node as ShadowRoot) && { delegatesFocus: true }) };
      default:
        return { k: 'text', text: this.textOf(twin) };
    }
  }

  /** Text as it is announced. */
  textOf(twin: Twin): string {
    return toldText(twin.node, twin.verdict);
  }

  /** Address of a document; of an about: document, what its addresses are resolved against: that of the page around it. */
  private address(twin: Twin): string {
    const own = this.env.native.documentURL(twin.node as Document);
    if (!own.startsWith('about:') || !twin.parent) return own;
    return this.env.native.baseURI(twin.parent.node);
  }

  private captured(node: Node | null, next: (node: Node) => Node | null): Node | null {
    for (let at = node; at; at = next(at)) {
      const type = dom.nodeType(at);
      if (type === dom.TEXT || type === dom.CDATA || type === dom.DOCTYPE) return at;
      if (type === dom.ELEMENT && !this.env.ours(at as Element)) return at;
    }
    return null;
  }

  /** First child that is announced. What scripts are made of never is: nobody shows it; nor is what is in a hidden element. */
  firstCaptured(parent: Node): Node | null {
    if (this.hidden(parent)) return null;
    if (dom.nodeType(parent) === dom.ELEMENT && dom.localName(parent as Element) === 'script') return null;
    return this.captured(dom.firstChild(parent), dom.nextSibling);
  }

  /** Next sibling that is announced; none after a document or a shadow root. */
  nextCaptured(node: Node): Node | null {
    return this.captured(dom.nextSibling(node), dom.nextSibling);
  }
}
