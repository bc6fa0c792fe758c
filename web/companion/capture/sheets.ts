// Style sheets that scripts made or changed. Others are not announced: the element's text or the link's file says it all.
import type { NodeId, PageEvent } from '../../shared/protocol/page';
import * as dom from '../../shared/dom';
import type { Env } from './tree';
import type { Twin } from './twin';

/** Above this many changed rules, the sheet is sent anew. */
const SINGLE_RULES = 64;

interface Constructed {
  id: NodeId;
  rules: string[];
}

export class Sheets {
  private constructed = new WeakMap<CSSStyleSheet, Constructed>();
  /** Elements whose rules were announced, with the sheet that they had then. */
  private overridden = new Map<Twin, CSSStyleSheet>();
  private touched = new WeakSet<CSSStyleSheet>();
  private dirty = new Set<CSSStyleSheet>();

  constructor(
    private readonly env: Env,
    private readonly id: () => NodeId,
    private readonly of: (node: Node) => Twin | undefined,
    private readonly emit: (event: PageEvent) => void,
  ) {}

  /** Forgets what was announced. */
  begin(): void {
    this.constructed = new WeakMap();
    this.overridden.clear();
    this.dirty.clear();
  }

  /** A script changed this sheet. */
  touch(sheet: CSSStyleSheet): void {
    this.touched.add(sheet);
    this.dirty.add(sheet);
  }

  /** Ids of the sheets that a root adopted, announced as needed. */
  adopted(root: Document | ShadowRoot): NodeId[] {
    return [...this.env.native.adoptedStyleSheets(root)].map((sheet) => {
      let known = this.constructed.get(sheet);
      if (!known) {
        known = { id: this.id(), rules: readRules(sheet) ?? [] };
        this.constructed.set(sheet, known);
        this.emit({ t: 'sheet', sheet: known.id, rules: known.rules });
      }
      return known.id;
    });
  }

  /** The rules of a root's adopted sheets, as they were last announced. */
  rulesOf(root: Document | ShadowRoot): string[][] {
    return [...this.env.native.adoptedStyleSheets(root)].map((sheet) => this.constructed.get(sheet)?.rules ?? []);
  }

  /** A `style` or `link` element was announced; what scripts did to its rules follows with the next flush. */
  enter(twin: Twin): void {
    const sheet = dom.sheetOf(twin.node);
    if (!sheet) return;
    if (!this.touched.has(sheet) && differsFromText(twin.node, sheet)) this.touched.add(sheet);
    if (this.touched.has(sheet)) this.dirty.add(sheet);
  }

  /** A `style` or `link` element was taken back. */
  leave(twin: Twin): void {
    this.overridden.delete(twin);
  }

  /** Announces what changed. */
  flush(): void {
    for (const [twin, sheet] of this.overridden) {
      const now = dom.sheetOf(twin.node);
      if (now === sheet) continue;
      this.overridden.delete(twin);
      twin.rules = null;
      if (now && this.touched.has(now)) this.dirty.add(now);
      else this.emit({ t: 'sheet', sheet: twin.id, rules: null });
    }
    for (const sheet of this.dirty) this.flushSheet(sheet);
    this.dirty.clear();
  }

  private flushSheet(sheet: CSSStyleSheet): void {
    const known = this.constructed.get(sheet);
    const owner = sheet.ownerNode;
    const twin = owner ? this.of(owner) : undefined;
    if (!known && !twin) return;
    const rules = readRules(sheet);
    if (!rules) return;
    if (known) {
      this.difference(known.id, known.rules, rules);
      known.rules = rules;
    } else if (twin) {
      if (twin.rules) this.difference(twin.id, twin.rules, rules);
      else this.emit({ t: 'sheet', sheet: twin.id, rules });
      twin.rules = rules;
      this.overridden.set(twin, sheet);
    }
  }

  private difference(sheet: NodeId, old: string[], now: string[]): void {
    let start = 0;
    while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
    let same = 0;
    while (same < old.length - start && same < now.length - start && old.at(-1 - same) === now.at(-1 - same)) same += 1;
    const gone = old.length - start - same;
    const come = now.slice(start, now.length - same);
    if (gone + come.length > SINGLE_RULES) {
      this.emit({ t: 'sheet', sheet, rules: now });
      return;
    }
    for (let i = start + gone - 1; i >= start; i -= 1) this.emit({ t: 'deleteRule', sheet, index: i });
    come.forEach((rule, i) => this.emit({ t: 'insertRule', sheet, index: start + i, rule }));
  }
}

/** The rules as text; `null` where they may not be read (a sheet of another origin). */
function readRules(sheet: CSSStyleSheet): string[] | null {
  try {
    return [...dom.cssRules(sheet)].map((rule) => rule.cssText);
  } catch {
    return null;
  }
}

/** Scripts changed the rules of a `style` element before anybody watched. */
function differsFromText(node: Node, sheet: CSSStyleSheet): boolean {
  if (dom.htmlName(node) === 'link') return false;
  const rules = readRules(sheet);
  if (!rules) return false;
  const own = node.textContent ?? '';
  if (!own.trim()) return rules.length > 0;
  if (own.includes('@import')) return false;
  const parsed = new CSSStyleSheet();
  parsed.replaceSync(own);
  const texts = readRules(parsed) ?? [];
  return texts.length !== rules.length || texts.some((text, i) => text !== rules[i]);
}
