import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { helpPage, inFront, isHelp, linkToken } from './arrival';
import { choices } from './choices';
import { groups, spokenCode } from './help';
import { EVERY, HIDDEN_FOR, poll } from './poll';
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

test.each([['/help', true], ['/help/', true], ['/helper', false], ['/join', false]])('%s is the help page: %s', (path, is) => expect(isHelp(path)).toBe(is));

test.each([
  ['?url=https%3A%2F%2Fshop.example%2Fcart%3Fa%3D1%26b%3D2', 'https://shop.example/cart?a=1&b=2'],
  ['?url=http://shop.example', 'http://shop.example/'],
  ['?url=javascript:alert(1)', undefined],
  ['?url=/cart', undefined],
  ['?url=', undefined],
  ['', undefined],
])('help for %s', (search, page) => expect(helpPage(search)?.href).toBe(page));

test('a code is read out in groups', () => {
  expect(groups('48291365')).toEqual(['4829', '1365']);
  expect(spokenCode('48291365')).toBe('4 8 2 9, 1 3 6 5');
});

const offer = { agent: 'Justin', site: 'Shop', host: 'shop.example', silentSupervisor: false };

test.each([
  ['view-only', ['view-only', 'shared'], ['view-only: Allow']],
  ['shared', ['view-only', 'shared'], ['view-only: Allow, looking and pointing only', 'shared: Allow, and let Justin help to fill in']],
  ['shared', ['shared'], ['shared: Allow']],
] as const)('asked for %s where rules have %s', (mode, modes, buttons) => {
  expect(choices({ ...offer, mode, modes: [...modes] }).map((choice) => `${choice.mode}: ${choice.button}`)).toEqual(buttons);
});

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

test('asks again and again, but not for a page that nobody looks at', async () => {
  const doc = new FakeDocument();
  let asked = 0;
  const stop = poll(async () => void asked++, as(doc));
  await vi.advanceTimersByTimeAsync(2 * EVERY);
  expect(asked).toBe(3);
  doc.show('hidden');
  await vi.advanceTimersByTimeAsync(HIDDEN_FOR + EVERY);
  const before = asked;
  expect(before).toBeGreaterThan(50);
  await vi.advanceTimersByTimeAsync(10 * EVERY);
  expect(asked).toBe(before);
  doc.show('visible');
  expect(asked).toBe(before + 1);
  await vi.advanceTimersByTimeAsync(EVERY);
  expect(asked).toBe(before + 2);
  stop();
  doc.show('visible');
  await vi.advanceTimersByTimeAsync(10 * EVERY);
  expect(asked).toBe(before + 2);
});
