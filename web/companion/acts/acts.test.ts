import { expect, test } from 'vitest';
import { erase, insert, move, wordAt } from './edit';
import { keyOf } from './keys';
import { type Clock, Locks } from './locks';
import { Questions } from './questions';
import { Touched } from './touched';
import { cut, paysByName, sentence } from './words';

test.each([
  [{ kind: 'press', name: 'Pay £24.00', what: 'a button' }, 'Justin wants to press “Pay £24.00”'],
  [{ kind: 'press', name: '', what: 'a button' }, 'Justin wants to press a button'],
  [{ kind: 'type', name: 'Name', what: 'a field' }, 'Justin wants to type in “Name”'],
  [{ kind: 'choose', name: ' Ship \n to ', what: 'a list' }, 'Justin wants to choose in “Ship to”'],
  [{ kind: 'check', name: 'I agree', what: 'a field' }, 'Justin wants to change “I agree”'],
  [{ kind: 'enter', name: 'E-mail', what: 'a field' }, 'Justin wants to press Enter in “E-mail”, which sends the form'],
  [{ kind: 'submit', name: '' }, 'Justin wants to send this form'],
  [{ kind: 'submit', name: 'Checkout' }, 'Justin wants to send the form “Checkout”'],
  [{ kind: 'open', address: 'https://shop.example/cart' }, 'Justin wants to open shop.example/cart'],
] as const)('a question about %j', (wish, text) => expect(sentence('Justin', wish)).toBe(text));

test('a name is cut at 60 characters', () => {
  expect(cut('x'.repeat(60))).toBe('x'.repeat(60));
  expect(cut('x'.repeat(61))).toBe(`${'x'.repeat(59)}…`);
  expect([...cut('🙂'.repeat(80))]).toHaveLength(60);
});

test.each(['Pay', 'Pay £24.00', 'PAY NOW', 'Buy it now', 'Place order', 'Order', 'Proceed to checkout', 'Jetzt kaufen', 'Zahlungspflichtig bestellen', 'Payer 12 €', 'Acheter', 'Comprar ahora', 'Pagar', 'Köp nu', 'Afrekenen', 'Zapłać teraz'])(
  '%s pays', (name) => expect(paysByName(name)).toBe(true));
test.each(['Payment methods', 'Order history', 'Orders', 'Border', 'Search', 'Buyers', 'Repay later?'.replace('Repay', 'Prepay'), 'Add to basket', ''])('%j does not pay', (name) => expect(paysByName(name)).toBe(false));

test('typing into a text', () => {
  expect(insert({ text: 'ac', start: 1, end: 1 }, 'b')).toEqual({ text: 'abc', start: 2, end: 2 });
  expect(insert({ text: 'abcd', start: 1, end: 3 }, 'x')).toEqual({ text: 'axd', start: 2, end: 2 });
  expect(insert({ text: 'abc', start: 3, end: 3 }, 'd', 3)).toBeNull();
  expect(insert({ text: 'abc', start: 2, end: 3 }, 'd', 3)).toEqual({ text: 'abd', start: 3, end: 3 });
  expect(insert({ text: 'ab', start: 2, end: 2 }, '🙂', 3)).toBeNull();
  expect(erase({ text: 'a🙂', start: 3, end: 3 }, 'Backspace')).toEqual({ text: 'a', start: 1, end: 1 });
  expect(erase({ text: 'ab', start: 2, end: 2 }, 'Delete')).toBeNull();
  expect(erase({ text: 'abc', start: 0, end: 2 }, 'Delete')).toEqual({ text: 'c', start: 0, end: 0 });
});

test.each([
  ['ArrowLeft', 4, 3], ['ArrowRight', 4, 5], ['Home', 5, 4], ['End', 5, 6], ['ArrowUp', 5, 1], ['ArrowUp', 1, 0], ['ArrowDown', 5, 8], ['ArrowDown', 6, 9], ['ArrowDown', 8, 10],
] as const)('%s in a text of lines, from %i to %i', (key, from, to) => {
  expect(move({ text: 'abc\nde\nfgh', start: from, end: from }, key, true)).toEqual({ text: 'abc\nde\nfgh', start: to, end: to });
});

test('keys without a place for the caret move none', () => {
  expect(move({ text: 'abc', start: 1, end: 1 }, 'Escape', false)).toBeNull();
  expect(wordAt('one two', 5)).toEqual([4, 7]);
  expect(wordAt('one  two', 4)).toEqual([4, 4]);
});

test.each([
  ['a', { code: 'KeyA', number: 65, character: 97, shift: false }],
  ['A', { code: 'KeyA', number: 65, character: 65, shift: true }],
  ['7', { code: 'Digit7', number: 55, character: 55, shift: false }],
  ['&', { code: 'Digit7', number: 55, character: 38, shift: true }],
  [' ', { code: 'Space', number: 32, character: 32, shift: false }],
  ['Enter', { code: 'Enter', number: 13, character: 13, shift: false }],
  ['Tab', { code: 'Tab', number: 9, character: 0, shift: false }],
  ['ü', { code: '', number: 0, character: 252, shift: false }],
])('key %j', (key, info) => expect(keyOf(key)).toEqual(info));

/** A clock that stands until it is moved. */
class Standing implements Clock {
  private time = 0;
  private readonly waiting = new Map<number, () => void>();
  now = () => this.time;
  after(milliseconds: number, run: () => void): () => void {
    const at = this.time + milliseconds;
    this.waiting.set(at, run);
    return () => this.waiting.delete(at);
  }
  move(milliseconds: number): void {
    const end = this.time + milliseconds;
    for (;;) {
      const next = [...this.waiting].filter(([at]) => at <= end).sort(([a], [b]) => a - b)[0];
      if (!next) break;
      this.time = next[0];
      this.waiting.delete(next[0]);
      next[1]();
    }
    this.time = end;
  }
}

function locks() {
  const clock = new Standing();
  const log: string[] = [];
  const made: Locks<{ name: string }> = new Locks(clock, () => log.push(made.list().map(({ element, by }) => `${element.name}:${by}`).join(' ') || '-'), (element, by) => log.push(`end ${element.name}:${by}`));
  return { clock, made, told: () => log.splice(0) };
}

const [a, b] = [{ name: 'a' }, { name: 'b' }];

test('a lock lasts for 5 seconds after the last key, and is told when it changes only', () => {
  const { clock, made, told } = locks();
  made.hold(a, 0);
  clock.move(3_000);
  made.hold(a, 0);
  clock.move(4_999);
  expect([made.by(a), told()]).toEqual([0, ['a:0']]);
  clock.move(1);
  expect([made.by(a), told()]).toEqual([null, ['end a:0', '-']]);
});

test('a person holds one element, an element has one holder', () => {
  const { made, told } = locks();
  made.hold(a, 1);
  made.hold(b, 1);
  expect(told()).toEqual(['a:1', 'end a:1', 'b:1']);
  made.hold(b, 0);
  expect(told()).toEqual(['end b:1', 'b:0']);
  expect([made.by(b), made.elsewhere(0, a), made.elsewhere(0, b)]).toEqual([0, b, null]);
});

test('leaving, the end of sharing, elements that go', () => {
  const { clock, made, told } = locks();
  made.hold(a, 1);
  made.hold(b, 0);
  made.release(b, 1);
  expect(made.by(b)).toBe(0);
  made.leaveAll();
  expect(made.list()).toEqual([{ element: b, by: 0 }]);
  made.forget((element) => element === b);
  told();
  clock.move(10_000);
  expect([made.list(), told()]).toEqual([[], []]);
});

test('two locks end each in its time', () => {
  const { clock, made, told } = locks();
  made.hold(a, 1);
  clock.move(2_000);
  made.hold(b, 2);
  clock.move(3_000);
  expect(made.list()).toEqual([{ element: b, by: 2 }]);
  clock.move(2_000);
  expect(made.list()).toEqual([]);
  expect(told().at(-1)).toBe('-');
});

test('what the visitor did is news until a batch that tells of it was seen', () => {
  const touched = new Touched<object>();
  touched.touch(a);
  expect(touched.isNews(a, 5)).toBe(true);
  touched.told(6);
  expect([touched.isNews(a, 5), touched.isNews(a, 6), touched.isNews(b, 0)]).toEqual([true, false, false]);
  touched.begin();
  expect(touched.isNews(a, 0)).toBe(false);
});

test('questions come one at a time, in order; a withdrawal ends all that wait', async () => {
  const questions = new Questions();
  const shown: ((answer: boolean | null) => void)[] = [];
  const show = () => {
    let end: (answer: boolean | null) => void = () => {};
    const answer = new Promise<boolean | null>((resolve) => (end = resolve));
    shown.push(end);
    return { answer, withdraw: () => end(null) };
  };
  const first = questions.ask(show);
  const second = questions.ask(show);
  await null;
  expect(shown).toHaveLength(1);
  shown[0]?.(true);
  expect(await first).toBe('yes');
  const third = questions.ask(show);
  await null;
  questions.withdraw();
  expect([await second, await third]).toEqual(['withdrawn', 'withdrawn']);
  const last = questions.ask(show);
  await null;
  await null;
  shown.at(-1)?.(null);
  expect(await last).toBe('none');
  expect(shown).toHaveLength(3);
});
