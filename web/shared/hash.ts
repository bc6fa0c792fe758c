// The hash by which two trees are compared. `src/wash/hash.rs` has the specification, `fixtures/hash/vectors.json` the test vectors.
import type { NodeState } from './protocol/page';

/** A node as the hash sees it. */
export type Described =
  | { k: 'document'; quirks: boolean; adopted: string[][] }
  | { k: 'doctype'; name: string; publicId: string; systemId: string }
  | {
      k: 'element';
      name: string;
      ns: 'html' | 'svg' | 'mathml' | 'other';
      attrs: [string, string][];
      state?: NodeState;
      /** Rules that a sheet event set. */
      rules?: string[];
    }
  | { k: 'text'; text: string }
  | { k: 'shadowRoot'; adopted: string[][] };

/** A tree of any kind. */
export interface Source<N> {
  describe(node: N): Described;
  /** Shadow root, or frame document. */
  inner(node: N): N | null;
  first(node: N): N | null;
  next(node: N): N | null;
}

const NAMESPACES = { html: 0, svg: 1, mathml: 2, other: 3 };
const NO_VALUE = new Set(['hidden', 'submit', 'image', 'reset', 'button', 'checkbox', 'radio', 'file']);

class Units {
  private a = 0xdeadbeef;
  private b = 0x41c6ce57;

  unit(unit: number): void {
    this.a = Math.imul(this.a ^ unit, 2654435761);
    this.b = Math.imul(this.b ^ unit, 1597334677);
  }

  text(text: string): void {
    const whole = text.isWellFormed() ? text : text.toWellFormed();
    for (let i = 0; i < whole.length; i += 1) this.unit(whole.charCodeAt(i));
    this.unit(0xffff);
  }

  rules(kind: number, rules: string[]): void {
    this.unit(kind);
    for (const rule of rules) this.text(rule);
    this.unit(0);
  }

  finish(): number {
    let { a, b } = this;
    a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
    b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
    return (b & 0x1fffff) * 2 ** 32 + (a >>> 0);
  }
}

/** 53-bit hash of a tree; `null`: no page. */
export function hashTree<N>(root: N | null, source: Source<N>): number {
  const units = new Units();
  const stack: { node: N | null; sibling: boolean }[] = root ? [{ node: root, sibling: false }] : [];
  for (let at = stack.pop(); at; at = stack.pop()) {
    const { node } = at;
    if (node === null) {
      units.unit(0);
      continue;
    }
    if (at.sibling) {
      const next = source.next(node);
      if (next) stack.push({ node: next, sibling: true });
    }
    if (!enter(units, source.describe(node))) continue;
    stack.push({ node: null, sibling: false });
    const child = source.first(node);
    if (child) stack.push({ node: child, sibling: true });
    const inner = source.inner(node);
    if (inner) stack.push({ node: inner, sibling: false });
  }
  return units.finish();
}

/** Writes what comes before a node's children; whether it can have any. */
function enter(units: Units, node: Described): boolean {
  switch (node.k) {
    case 'document':
      units.unit(1);
      units.unit(node.quirks ? 1 : 0);
      for (const rules of node.adopted) units.rules(9, rules);
      return true;
    case 'doctype':
      units.unit(2);
      for (const text of [node.name, node.publicId, node.systemId]) units.text(text);
      return false;
    case 'element':
      units.unit(3);
      units.unit(NAMESPACES[node.ns]);
      units.text(node.name);
      attributes(units, node.attrs);
      if (node.ns === 'html' && node.state) state(units, node.name, node.attrs, node.state);
      if (node.rules) units.rules(10, node.rules);
      return true;
    case 'text':
      units.unit(7);
      units.text(node.text);
      return false;
    case 'shadowRoot':
      units.unit(8);
      for (const rules of node.adopted) units.rules(9, rules);
      return true;
  }
}

function attributes(units: Units, attrs: [string, string][]): void {
  const sorted = attrs.length > 1 ? [...attrs].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)) : attrs;
  let last: string | undefined;
  for (const [name, value] of sorted) {
    if (name === last) continue;
    last = name;
    units.unit(4);
    units.text(name);
    units.text(value);
  }
}

function state(units: Units, name: string, attrs: [string, string][], state: NodeState): void {
  const input = name === 'input';
  const type = input ? (attrs.find(([attr]) => attr === 'type')?.[1] ?? '').replace(/[A-Z]/g, (c) => c.toLowerCase()) : '';
  if (state.value && (name === 'textarea' || (input && !NO_VALUE.has(type)))) {
    units.unit(5);
    units.text(state.value);
  }
  const flags: [boolean | undefined, boolean][] = [
    [state.checked, input && (type === 'checkbox' || type === 'radio')],
    [state.indeterminate, input && type === 'checkbox'],
    [state.selected, name === 'option'],
    [state.modal, name === 'dialog'],
    [state.popover, true],
  ];
  flags.forEach(([set, applies], i) => {
    if (!set || !applies) return;
    units.unit(6);
    units.unit(i + 1);
  });
}
