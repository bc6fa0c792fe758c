// What a hash is made of, as lines that a person can compare.
import type { hashTree, Source } from '../../web/shared/hash';

/** One line for each node, as it is described to the hash; of its state, what is set. */
export function lines(hash: (as: typeof hashTree<Node>) => number): string[] {
  const out: string[] = [];
  const walk = (node: Node | null, source: Source<Node>, depth: number): void => {
    if (!node) return;
    const described = source.describe(node);
    const state = described.k === 'element' ? Object.entries(described.state ?? {}).filter(([key, value]) => value && key !== 'masked') : [];
    out.push(' '.repeat(depth) + JSON.stringify({ ...described, state: state.length ? state : undefined }));
    walk(source.inner(node), source, depth + 1);
    for (let child = source.first(node); child; child = source.next(child)) walk(child, source, depth + 1);
  };
  hash((root, source) => {
    walk(root, source, 0);
    return 0;
  });
  return out;
}
