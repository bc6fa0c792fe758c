// Texts that are too many to measure each of them: those near each other are measured as one.
import * as dom from '../../shared/dom';
import type { Listed } from './listing';

/** Most that is measured one by one. */
export const MOST = 500;
/** Levels that are climbed. */
const CLIMBS = 64;

/** What is measured, and for what of the list it stands. */
export interface Group {
  of: Pick<Listed, 'node' | 'part'>;
  members: readonly Listed[];
}

/** The list, with at most about `most` things to measure. Boxes are measured one by one, however many. */
export function grouped(list: readonly Listed[], most = MOST): Group[] {
  const alone = (of: Listed): Group => ({ of, members: [of] });
  const texts = list.filter(({ part }) => part === 'text');
  if (list.filter(({ part }) => part !== 'face').length <= most) return list.map(alone);
  let groups = new Map<Element, Listed[]>();
  for (const text of texts) {
    const parent = dom.parentNode(text.node);
    if (parent && dom.nodeType(parent) === dom.ELEMENT) add(groups, parent as Element, [text]);
  }
  for (let i = 0; groups.size > most / 2 && i < CLIMBS; i += 1) {
    const higher = new Map<Element, Listed[]>();
    for (const [element, members] of groups) add(higher, above(element) ?? element, members);
    if (higher.size === groups.size && [...higher.keys()].every((element) => groups.has(element))) break;
    groups = higher;
  }
  // Texts that stand in a shadow root itself have no element around them in their tree.
  const rest = list.filter(({ node, part }) => part !== 'text' || !dom.parentNode(node) || dom.nodeType(dom.parentNode(node) as Node) !== dom.ELEMENT);
  return [...rest.map(alone), ...[...groups].map(([node, members]): Group => ({ of: { node, part: 'texts' }, members }))];
}

function add(groups: Map<Element, Listed[]>, to: Element, members: Listed[]): void {
  const known = groups.get(to);
  if (known) known.push(...members);
  else groups.set(to, members);
}

/** The element around another one in its own tree: a range does not look into shadow trees. */
function above(element: Element): Element | null {
  const parent = dom.parentNode(element);
  return parent && dom.nodeType(parent) === dom.ELEMENT ? (parent as Element) : null;
}
