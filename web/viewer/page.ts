// The visitor's page, built again from events: nodes by createElementNS in a document without scripts, never by parsing.
import * as dom from '../shared/dom';
import { hashTree } from '../shared/hash';
import type { NodeId, NodeRecord, PageEvent, Range, Viewport } from '../shared/protocol/page';
import { Frames } from './frames';
import { source } from './hash';
import { Reloads } from './reload';
import { Sheets } from './sheets';
import { States } from './states';

const NAMESPACES = { html: dom.HTML, svg: dom.SVG, mathml: dom.MATHML, other: 'urn:alongside:other' };

/** Attributes of frames that would load something into them. */
const FRAME_LOADS = new Set(['src', 'srcdoc', 'data']);

/** What the page around the built page is told. */
export interface Told {
  viewport(viewport: Viewport): void;
  pointer(pointer: Extract<PageEvent, { t: 'pointer' }>): void;
  url(url: string): void;
  focus(node: NodeId | null): void;
  selection(range: Range | null): void;
}

export class Page {
  readonly frames: Frames;
  readonly sheets: Sheets;
  readonly states: States;
  readonly reloads = new Reloads();
  private readonly nodes = new Map<NodeId, Node>();
  private ids = new WeakMap<Node, NodeId>();
  /** Shadow roots and frame documents by the element that holds them. */
  private readonly inner = new Map<NodeId, NodeId>();
  private readonly quirks = new Set<NodeId>();
  private root: Document | null = null;

  constructor(private readonly told: Told) {
    const node = (id: NodeId) => this.nodes.get(id);
    this.sheets = new Sheets(node);
    this.states = new States(node, this.sheets);
    this.frames = new Frames((id) => this.quirks.has(id), (id, document) => this.mounted(id, document));
  }

  /** Takes events; `frame` makes the document that a snapshot is built in. */
  async apply(events: PageEvent[], frame: (quirks: boolean) => Promise<Document>): Promise<void> {
    for (const event of events) {
      if (event.t === 'snapshot') {
        const quirks = event.nodes[0]?.node.k === 'document' && event.nodes[0].node.quirks === true;
        this.snapshot(event, await frame(quirks));
      } else if (this.root) this.one(event);
    }
    this.settle();
  }

  /** Loads again what uses these assets. */
  reload(keys: ReadonlySet<string>): void {
    this.reloads.load(this.nodes.values(), keys);
    this.states.later();
  }

  node(id: NodeId): Node | undefined {
    return this.nodes.get(id);
  }

  /** The shadow root or frame document in an element. */
  innerOf(node: Node): Node | null {
    const id = this.ids.get(node);
    const inner = id === undefined ? undefined : this.inner.get(id);
    return (inner !== undefined && this.nodes.get(inner)) || null;
  }

  id(node: Node): NodeId | undefined {
    return this.ids.get(node);
  }

  get title(): string {
    return this.root ? dom.titleOf(this.root) : '';
  }

  /** See `src/wash/hash.rs`. */
  hash(as = hashTree<Node>): number {
    return as(this.root, source(this));
  }

  isQuirks(node: Node): boolean {
    const id = this.ids.get(node);
    return id !== undefined && this.quirks.has(id);
  }

  /** Forgets the page. */
  clear(): void {
    this.nodes.clear();
    this.ids = new WeakMap();
    this.inner.clear();
    this.quirks.clear();
    this.frames.clear();
    this.sheets.clear();
    this.states.clear();
    this.root = null;
  }

  private snapshot(event: Extract<PageEvent, { t: 'snapshot' }>, document: Document): void {
    this.clear();
    this.root = document;
    for (const { sheet, rules } of event.sheets) this.sheets.set(sheet, rules);
    const [top, ...rest] = event.nodes;
    if (!top) return;
    this.register(top, document);
    // Children of the document wait until all is below them: the browser lays out once.
    const waiting: Node[] = [];
    for (const record of rest) {
      const node = this.build(record);
      if (record.parent === top.id) waiting.push(node);
      else this.place(record, node, null);
    }
    dom.empty(document);
    for (const node of waiting) dom.insertBefore(document, node, null);
    this.frames.mount();
    this.told.viewport(event.viewport);
    this.told.url(event.url);
    this.told.focus(event.focus ?? null);
  }

  private one(event: PageEvent): void {
    switch (event.t) {
      case 'add':
        this.add(event.nodes);
        return;
      case 'remove':
        this.remove(event.node);
        return;
      case 'move':
        this.move(event.node, event.parent, event.before);
        return;
      case 'attribute':
        this.attribute(event.node, event.name, event.value);
        return;
      case 'text': {
        const node = this.nodes.get(event.node);
        if (node) (node as Text).data = event.text;
        return;
      }
      case 'state':
        this.states.take(event.node, event.state);
        return;
      case 'sheet':
        this.sheets.set(event.sheet, event.rules);
        return;
      case 'insertRule':
        this.sheets.insertRule(event.sheet, event.index, event.rule);
        return;
      case 'deleteRule':
        this.sheets.deleteRule(event.sheet, event.index);
        return;
      default:
        this.tell(event);
    }
  }

  private tell(event: PageEvent): void {
    if (event.t === 'viewport') this.told.viewport(event);
    else if (event.t === 'pointer') this.told.pointer(event);
    else if (event.t === 'url') this.told.url(event.url);
    else if (event.t === 'focus') this.told.focus(event.node);
    else if (event.t === 'selection') this.told.selection(event.range);
  }

  private settle(): void {
    this.frames.mount();
    this.sheets.settle();
    this.states.settle();
  }

  /** Builds a subtree and puts it into place once it is whole. */
  private add(records: NodeRecord[]): void {
    const [top, ...rest] = records;
    if (!top) return;
    const root = this.build(top);
    for (const record of rest) this.place(record, this.build(record), null);
    this.place(top, root, top.before ?? null);
  }

  private build(record: NodeRecord): Node {
    const { node } = record;
    const document = this.root as Document;
    const parent = record.parent === undefined ? undefined : this.nodes.get(record.parent);
    switch (node.k) {
      case 'element': {
        const element = createElement(document, NAMESPACES[node.ns ?? 'html'], node.name);
        for (const [name, value] of node.attrs ?? []) setAttribute(element, name, value);
        return this.register(record, element);
      }
      case 'text':
        return this.register(record, dom.createText(document, node.text));
      case 'doctype':
        return this.register(record, dom.implementation(document).createDocumentType(node.name, node.publicId, node.systemId));
      case 'shadowRoot':
        return this.register(record, attachShadow(document, parent, node.delegatesFocus === true));
      case 'document':
        return this.register(record, this.frames.hold(record.id, document));
    }
  }

  private register(record: NodeRecord, node: Node): Node {
    if (record.node.k === 'document' && record.node.quirks) this.quirks.add(record.id);
    this.nodes.set(record.id, node);
    this.ids.set(node, record.id);
    if (record.node.k === 'document' || record.node.k === 'shadowRoot') this.sheets.root(record.id);
    if (record.state) this.states.take(record.id, record.state);
    return node;
  }

  private place(record: NodeRecord, node: Node, before: NodeId | null): void {
    if (record.parent === undefined) return;
    const parent = this.nodes.get(record.parent);
    if (!parent) return;
    const { k } = record.node;
    if (k === 'document' || k === 'shadowRoot') {
      this.inner.set(record.parent, record.id);
      if (k === 'document') this.frames.put(record.id, parent as Element);
      return;
    }
    insert(parent, node, before === null ? null : (this.nodes.get(before) ?? null));
  }

  private move(id: NodeId, parentId: NodeId, before: NodeId | undefined): void {
    const node = this.nodes.get(id);
    const parent = this.nodes.get(parentId);
    if (!node || !parent) return;
    insert(parent, node, before === undefined ? null : (this.nodes.get(before) ?? null));
    this.frames.mount();
    this.sheets.readopt();
  }

  private remove(id: NodeId): void {
    const node = this.nodes.get(id);
    if (!node) return;
    for (const [host, inner] of this.inner) {
      if (inner !== id) continue;
      this.inner.delete(host);
      break;
    }
    this.forget(node);
    const parent = dom.parentNode(node);
    if (dom.nodeType(node) === dom.DOCUMENT) dom.empty(node as Document);
    else if (parent) dom.removeChild(parent, node);
  }

  private forget(top: Node): void {
    const stack = [top];
    for (let node = stack.pop(); node; node = stack.pop()) {
      const inner = this.innerOf(node);
      if (inner) stack.push(inner);
      for (let child = dom.firstChild(node); child; child = dom.nextSibling(child)) stack.push(child);
      const id = this.ids.get(node);
      if (id === undefined) continue;
      this.ids.delete(node);
      for (const known of [this.nodes, this.inner, this.quirks]) known.delete(id);
      this.frames.drop(id);
      this.sheets.drop(id);
      this.states.drop(id);
    }
  }

  private attribute(id: NodeId, name: string, value: string | null): void {
    const element = this.nodes.get(id);
    if (!element || dom.nodeType(element) !== dom.ELEMENT) return;
    if (value === null) dom.removeAttribute(element as Element, name);
    else setAttribute(element as Element, name, value);
  }

  private mounted(id: NodeId, document: Document): void {
    this.nodes.set(id, document);
    this.ids.set(document, id);
    this.sheets.readopt();
    this.states.again();
  }
}

function insert(parent: Node, node: Node, before: Node | null): void {
  const next = before && dom.parentNode(before) === parent ? before : null;
  // Moves without reloading frames and restarting animations, where the browser can.
  if (dom.moveBefore && dom.isConnected(node) && dom.isConnected(parent) && dom.ownerDocument(node) === dom.ownerDocument(parent)) {
    try {
      dom.moveBefore(parent, node, next);
      return;
    } catch {
      // It is particular about what moves where.
    }
  }
  dom.insertBefore(parent, node, next);
}

function createElement(document: Document, namespace: string, name: string): Element {
  try {
    return dom.createElement(document, namespace, name);
  } catch {
    // Names that only parsers make, such as `a"b`.
    return dom.createElement(document, namespace, 'alongside-unknown');
  }
}

function setAttribute(element: Element, name: string, value: string): void {
  if (FRAME_LOADS.has(name) && /^(iframe|frame|object|embed)$/.test(dom.localName(element))) return;
  try {
    if (name.startsWith('xlink:')) dom.setAttributeNS(element, 'http://www.w3.org/1999/xlink', name, value);
    else if (name.startsWith('xml:')) dom.setAttributeNS(element, 'http://www.w3.org/XML/1998/namespace', name, value);
    else dom.setAttribute(element, name, value);
  } catch {
    // Names that only parsers make, such as `"`.
  }
}

function attachShadow(document: Document, host: Node | undefined, delegatesFocus: boolean): Node {
  try {
    const element = host as Element;
    return dom.shadowRoot(element) ?? dom.attachShadow(element, { mode: 'open', delegatesFocus });
  } catch {
    return dom.createFragment(document);
  }
}
