// The vectors of `src/wash/hash.rs`, hashed from records instead of a DOM.
import { describe, expect, test } from 'vitest';
import file from '../../fixtures/hash/vectors.json';
import { type Described, hashTree } from './hash';
import type { NodeRecord, Snapshot } from './protocol/page';

interface Vector {
  name: string;
  snapshot: Snapshot;
  hash: number;
}

const vectors = file as unknown as Vector[];

function hashOf({ nodes, sheets }: Snapshot): number {
  const rules = new Map(sheets.map((sheet) => [sheet.sheet, sheet.rules]));
  const isInner = ({ node: { k } }: NodeRecord) => k === 'document' || k === 'shadowRoot';
  const below = (parent: NodeRecord, inner: boolean) => nodes.filter((record) => record.parent === parent.id && isInner(record) === inner);
  const adopted = (record: NodeRecord) => (record.state?.adopted ?? []).map((id) => rules.get(id) ?? []);
  return hashTree<NodeRecord>(nodes[0] ?? null, {
    first: (record) => below(record, false)[0] ?? null,
    next(record) {
      const siblings = nodes.filter((other) => other.parent === record.parent && !isInner(other));
      return siblings[siblings.indexOf(record) + 1] ?? null;
    },
    inner: (record) => below(record, true)[0] ?? null,
    describe(record): Described {
      const { node } = record;
      switch (node.k) {
        case 'document':
          return { k: 'document', quirks: node.quirks === true, adopted: adopted(record) };
        case 'shadowRoot':
          return { k: 'shadowRoot', adopted: adopted(record) };
        case 'element': {
          const own = rules.get(record.id);
          return { ...node, ns: node.ns ?? 'html', attrs: node.attrs ?? [], ...(record.state && { state: record.state }), ...(own && { rules: own }) };
        }
        default:
          return node;
      }
    },
  });
}

describe('hash', () => {
  test('there are vectors', () => expect(vectors.length).toBeGreaterThan(10));
  test.each(vectors)('$name', ({ snapshot, hash }) => expect(hashOf(snapshot)).toBe(hash));
  test('no page', () => expect(hashTree(null, { first: () => null, next: () => null, inner: () => null, describe: () => ({ k: 'text', text: '' }) })).toBeGreaterThan(0));
});
