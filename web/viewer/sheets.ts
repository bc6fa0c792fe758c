// Rules that scripts of the visitor's page set: constructed sheets, and changed sheets of `style` and `link` elements.
import * as dom from '../shared/dom';
import type { NodeId } from '../shared/protocol/page';
import { BOXES } from './boxes';

/** Keeps the place of a rule that this browser does not understand. */
const PLACEHOLDER = '@media not all {}';

/** What the built page needs beyond the visitor's own styles: without scripts, browsers would show what is meant for those without. */
const OWN = `noscript { display: none !important }${BOXES}`;

export class Sheets {
  /** Rules as announced, by sheet or element. */
  private readonly rules = new Map<NodeId, string[]>();
  /** Constructed sheets are bound to one document each. */
  private readonly made = new Map<NodeId, Map<Document, CSSStyleSheet>>();
  private readonly own = new WeakMap<Document, CSSStyleSheet>();
  /** Which sheets the roots adopted. */
  private readonly adopted = new Map<NodeId, NodeId[]>();
  /** The sheets of elements that have their announced rules. */
  private readonly applied = new Map<NodeId, CSSStyleSheet>();
  private readonly dirtyRoots = new Set<NodeId>();

  constructor(private readonly node: (id: NodeId) => Node | undefined) {}

  clear(): void {
    for (const known of [this.rules, this.made, this.adopted, this.applied, this.dirtyRoots]) known.clear();
  }

  drop(id: NodeId): void {
    this.adopted.delete(id);
    this.dirtyRoots.delete(id);
    if (!this.made.has(id)) this.rules.delete(id);
    this.applied.delete(id);
  }

  /** Rules that were announced for an element. */
  rulesOf(id: NodeId): string[] | undefined {
    return this.rules.get(id);
  }

  /** Rules of what a root adopted. */
  adoptedRules(root: NodeId): string[][] {
    return (this.adopted.get(root) ?? []).map((sheet) => this.rules.get(sheet) ?? []);
  }

  set(id: NodeId, rules: string[] | null): void {
    this.applied.delete(id);
    if (rules) this.rules.set(id, [...rules]);
    else {
      this.rules.delete(id);
      restore(this.node(id));
    }
    for (const sheet of this.made.get(id)?.values() ?? []) replace(sheet, rules ?? []);
  }

  insertRule(id: NodeId, index: number, rule: string): void {
    this.rules.get(id)?.splice(index, 0, rule);
    for (const sheet of this.live(id)) insertRule(sheet, rule, index);
  }

  deleteRule(id: NodeId, index: number): void {
    this.rules.get(id)?.splice(index, 1);
    for (const sheet of this.live(id)) if (index < sheet.cssRules.length) sheet.deleteRule(index);
  }

  adopt(root: NodeId, sheets: NodeId[]): void {
    this.adopted.set(root, sheets);
    this.dirtyRoots.add(root);
  }

  /** A document or shadow root of its own has to have the page's base styles. */
  root(id: NodeId): void {
    if (!this.adopted.has(id)) this.adopted.set(id, []);
    this.dirtyRoots.add(id);
  }

  /** Roots came into another document, where sheets of the old one do not count. */
  readopt(): void {
    for (const root of this.adopted.keys()) this.dirtyRoots.add(root);
  }

  /** Puts everything announced into effect that is not yet. */
  settle(): void {
    for (const id of this.dirtyRoots) this.settleRoot(id);
    this.dirtyRoots.clear();
    for (const [id, rules] of this.rules) {
      const sheet = sheetOf(this.node(id));
      if (!sheet || this.applied.get(id) === sheet) continue;
      replace(sheet, rules);
      this.applied.set(id, sheet);
    }
  }

  private settleRoot(id: NodeId): void {
    const root = this.node(id) as Document | ShadowRoot | undefined;
    const document = root && (dom.nodeType(root) === dom.DOCUMENT ? (root as Document) : dom.ownerDocument(root));
    if (!root || !document || !dom.defaultView(document) || !('adoptedStyleSheets' in root)) return;
    const sheets = (this.adopted.get(id) ?? []).map((sheet) => this.instance(sheet, document));
    root.adoptedStyleSheets = [this.base(document), ...sheets];
  }

  private instance(id: NodeId, document: Document): CSSStyleSheet {
    let instances = this.made.get(id);
    if (!instances) this.made.set(id, (instances = new Map()));
    let sheet = instances.get(document);
    if (!sheet) {
      sheet = construct(document);
      replace(sheet, this.rules.get(id) ?? []);
      instances.set(document, sheet);
    }
    return sheet;
  }

  private base(document: Document): CSSStyleSheet {
    let sheet = this.own.get(document);
    if (!sheet) {
      sheet = construct(document);
      sheet.replaceSync(OWN);
      this.own.set(document, sheet);
    }
    return sheet;
  }

  private live(id: NodeId): CSSStyleSheet[] {
    const made = this.made.get(id);
    if (made) return [...made.values()];
    const applied = this.applied.get(id);
    return applied ? [applied] : [];
  }
}

function construct(document: Document): CSSStyleSheet {
  return new (dom.defaultView(document)?.CSSStyleSheet ?? CSSStyleSheet)();
}

function sheetOf(node: Node | undefined): CSSStyleSheet | null {
  return node ? dom.sheetOf(node) : null;
}

function replace(sheet: CSSStyleSheet, rules: string[]): void {
  try {
    while (sheet.cssRules.length) sheet.deleteRule(sheet.cssRules.length - 1);
  } catch {
    return;
  }
  rules.forEach((rule, i) => insertRule(sheet, rule, i));
}

function insertRule(sheet: CSSStyleSheet, rule: string, index: number): void {
  const at = Math.min(index, sheet.cssRules.length);
  try {
    sheet.insertRule(rule, at);
  } catch {
    sheet.insertRule(PLACEHOLDER, at);
  }
}

/** The element's own text or file holds again: it is read anew when the element comes back into the page. */
function restore(node: Node | undefined): void {
  const parent = node && dom.parentNode(node);
  if (!parent || !sheetOf(node)) return;
  const next = dom.nextSibling(node);
  dom.removeChild(parent, node);
  dom.insertBefore(parent, node, next);
}
