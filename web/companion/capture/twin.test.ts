import { describe, expect, test } from 'vitest';
import { staying, Twin } from './twin';

const node = {} as Node;

function children(parent: Twin): number[] {
  const ids: number[] = [];
  for (let child = parent.first; child; child = child.next) ids.push(child.id);
  const back: number[] = [];
  for (let child = parent.last; child; child = child.previous) back.unshift(child.id);
  expect(back).toEqual(ids);
  return ids;
}

function family(count: number): [Twin, Twin[]] {
  const parent = new Twin(0, node);
  const list = Array.from({ length: count }, (_, i) => new Twin(i + 1, node));
  for (const child of list) child.insert(parent, null);
  return [parent, list];
}

describe('twins', () => {
  test('keep the order in which they are put', () => {
    const [parent, [first, second, third]] = family(3) as [Twin, [Twin, Twin, Twin]];
    expect(children(parent)).toEqual([1, 2, 3]);
    third.insert(parent, first);
    expect(children(parent)).toEqual([3, 1, 2]);
    first.detach();
    expect(children(parent)).toEqual([3, 2]);
    first.insert(second, null);
    expect(children(second)).toEqual([1]);
    expect(first.parent).toBe(second);
  });

  test('give all below them, shadow roots and frame documents included', () => {
    const [parent, [first]] = family(2) as [Twin, [Twin, Twin]];
    const shadow = new Twin(10, node);
    shadow.parent = first;
    first.shadow = shadow;
    new Twin(11, node).insert(shadow, null);
    const content = new Twin(12, node);
    content.parent = first;
    first.content = content;
    expect([...parent.all()].map(({ id }) => id).sort((a, b) => a - b)).toEqual([0, 1, 2, 10, 11, 12]);
    shadow.detach();
    expect(first.shadow).toBeNull();
    expect([...parent.all()]).toHaveLength(4);
  });
});

describe('what stays', () => {
  test.each([
    { places: [], stay: [] },
    { places: [0, 1, 2], stay: [0, 1, 2] },
    { places: [1, 2, 3, 0], stay: [1, 2, 3] },
    { places: [3, 0, 1, 2], stay: [0, 1, 2] },
    { places: [2, 1, 0], stay: [0] },
  ])('$places', ({ places, stay }) => expect([...staying(places)].sort((a, b) => a - b)).toEqual(stay));

  test('is a longest increasing run', () => {
    for (let seed = 1; seed < 200; seed += 1) {
      const places = Array.from({ length: 8 }, (_, i) => ({ i, key: Math.sin(seed * 31 + i * 7) })).sort((a, b) => a.key - b.key).map(({ i }) => i);
      const stay = staying(places);
      const kept = places.filter((place) => stay.has(place));
      expect(kept).toEqual([...kept].sort((a, b) => a - b));
      expect(kept).toHaveLength(longest(places));
    }
  });
});

/** By trying all subsets. */
function longest(places: number[]): number {
  let best = 0;
  for (let bits = 0; bits < 1 << places.length; bits += 1) {
    const kept = places.filter((_, i) => bits & (1 << i));
    if (kept.every((place, i) => i === 0 || place > (kept[i - 1] as number))) best = Math.max(best, kept.length);
  }
  return best;
}
