import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { inFront, linkToken } from './arrival';
import { settled, SETTLED_AFTER } from './settled';

/** As much of a document as these parts look at. */
class FakeDocument extends EventTarget {
  visibilityState: DocumentVisibilityState = 'visible';
  prerendering = false;

  show(state: DocumentVisibilityState): void {
    this.visibilityState = state;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

const as = (fake: FakeDocument): Document => fake as unknown as Document;

test.each([
  ['/join', null],
  ['/join/', null],
  ['/join/abc', 'abc'],
  ['/join/abc/', 'abc'],
  ['/join/a%2Fb', 'a/b'],
  ['/join/%E0%A4%A', '%E0%A4%A'],
  ['/join/a/b', null],
])('token in %s', (path, token) => expect(linkToken(path)).toBe(token));

test('a link is not used before the page is in front', async () => {
  const doc = new FakeDocument();
  doc.prerendering = true;
  doc.visibilityState = 'hidden';
  let there = false;
  const arrived = inFront(as(doc)).then(() => (there = true));
  doc.prerendering = false;
  doc.dispatchEvent(new Event('prerenderingchange'));
  await Promise.resolve();
  await Promise.resolve();
  expect(there).toBe(false);
  doc.show('visible');
  await arrived;
  expect(there).toBe(true);
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('consent needs a page that has been in front for a while', () => {
  const doc = new FakeDocument();
  const told: boolean[] = [];
  const stop = settled((is) => told.push(is), as(doc));
  vi.advanceTimersByTime(SETTLED_AFTER - 1);
  expect(told).toEqual([false]);
  vi.advanceTimersByTime(1);
  expect(told).toEqual([false, true]);
  doc.show('hidden');
  vi.advanceTimersByTime(10 * SETTLED_AFTER);
  expect(told).toEqual([false, true, false]);
  doc.show('visible');
  vi.advanceTimersByTime(SETTLED_AFTER);
  expect(told).toEqual([false, true, false, false, true]);
  stop();
  doc.show('hidden');
  expect(told).toHaveLength(5);
});
