import { describe, expect, test } from 'vitest';
import { deviceOf, type Facts } from './device';
import { inputOf, useOf, type Pressed } from './keys';
import { chosenAfter, foundBy, stepFrom } from './options';
import { Pace } from './pace';
import { fit, toPage, toWindow } from './place';
import { turnOf } from './pointing';
import { Fingers } from './touching';
import { dialogWords, hostOf, sending, stateText } from './words';
import { editOf } from './writing';

const FACTS: Facts = {
  window: { width: 1280, height: 800 }, screen: { width: 1920, height: 1080 }, density: 1, coarse: false, mobile: false, orientation: 'landscape-primary',
  dark: false, still: false, languages: ['de-CH', 'en'], timeZone: 'Europe/Zurich',
};

describe('device', () => {
  test('a desk', () => {
    expect(deviceOf(FACTS)).toEqual({
      width: 1280, height: 800, density: 1, touch: false, mobile: false, landscape: true, dark: false, still: false, languages: ['de-CH', 'en'], timeZone: 'Europe/Zurich',
    });
  });
  test.each<[string, Partial<Facts>, Partial<ReturnType<typeof deviceOf>>]>([
    ['a phone without client hints', { mobile: undefined, coarse: true, screen: { width: 390, height: 844 }, orientation: '' }, { touch: true, mobile: true, landscape: false }],
    ['a phone that says so', { mobile: true, coarse: true }, { mobile: true }],
    ['a wall that is touched', { mobile: false, coarse: true, screen: { width: 3840, height: 2160 } }, { touch: true, mobile: false }],
    ['a window as narrow as a line', { window: { width: 40, height: 9_000.4 } }, { width: 200, height: 4_000 }],
    ['densities out of bounds', { density: 9 }, { density: 4 }],
    ['no density', { density: Number.NaN }, { density: 0.5 }],
    ['many languages', { languages: Array.from({ length: 30 }, (_, i) => `l${i}`) }, { languages: ['l0', 'l1', 'l2', 'l3', 'l4', 'l5', 'l6', 'l7'] }],
  ])('%s', (_, facts, wanted) => expect(deviceOf({ ...FACTS, ...facts })).toMatchObject(wanted));
});

describe('place', () => {
  test('a picture for this window is drawn pixel by pixel', () => {
    expect(fit({ width: 2560, height: 1601 }, { width: 1280, height: 800 }, 2)).toEqual({ left: 0, top: 0, width: 1280, height: 800.5 });
  });
  test('another one is shown whole, at the top', () => {
    expect(fit({ width: 400, height: 800 }, { width: 800, height: 400 }, 1)).toEqual({ left: 300, top: 0, width: 200, height: 400 });
  });
  test('places go there and back', () => {
    const shown = { box: { left: 300, top: 0, width: 200, height: 400 }, view: { left: 50, top: 20, width: 100, height: 200 } };
    expect(toPage(shown, { x: 400, y: 200 })).toEqual({ x: 100, y: 120 });
    expect(toWindow(shown, [100, 120, 10, 5])).toEqual({ left: 400, top: 200, width: 20, height: 10 });
  });
});

const pressed = (name: string, held: Partial<Pressed> = {}): Pressed => ({
  key: name, code: /^[a-z]$/i.test(name) ? `Key${name.toUpperCase()}` : name, location: 0, repeat: false, altKey: false, ctrlKey: false, metaKey: false, shiftKey: false, altGraph: false, ...held,
});

describe('keys', () => {
  test.each<[string, Pressed, boolean, string]>([
    ['a letter', pressed('a'), false, 'page'],
    ['a dead key', pressed('Dead'), false, 'text'],
    ['an input method', pressed('Process'), false, 'text'],
    ['a phone', pressed('Unidentified'), false, 'text'],
    ['copy', pressed('c', { ctrlKey: true }), false, 'browser'],
    ['paste plain text', pressed('V', { ctrlKey: true, shiftKey: true }), false, 'browser'],
    ['cut as it was once', pressed('Delete', { shiftKey: true }), false, 'browser'],
    ['copy on a Mac', pressed('c', { metaKey: true }), true, 'browser'],
    ['Ctrl+C on a Mac', pressed('c', { ctrlKey: true }), true, 'page'],
    ['all', pressed('a', { ctrlKey: true }), false, 'page'],
    ['bold', pressed('b', { ctrlKey: true }), false, 'page'],
    ['find', pressed('f', { ctrlKey: true }), false, 'page'],
    ['load again', pressed('r', { ctrlKey: true }), false, 'reload'],
    ['load the screen again', pressed('R', { ctrlKey: true, shiftKey: true }), false, 'browser'],
    ['F5', pressed('F5'), false, 'reload'],
    ['a new tab', pressed('t', { ctrlKey: true }), false, 'browser'],
    ['enlarge', pressed('+', { ctrlKey: true }), false, 'browser'],
    ['back', pressed('ArrowLeft', { altKey: true }), false, 'browser'],
    ['a word to the left on a Mac', pressed('ArrowLeft', { altKey: true }), true, 'page'],
    ['the way out', pressed('F6'), false, 'browser'],
    ['AltGr+Q, which writes', pressed('@', { ctrlKey: true, altKey: true, altGraph: true }), false, 'page'],
    ['Tab', pressed('Tab'), false, 'page'],
  ])('%s', (_, key, mac, use) => expect(useOf(key, mac)).toBe(use));

  test.each<[string, Pressed, boolean, object]>([
    ['held keys', pressed('A', { shiftKey: true }), false, { key: 'A', held: 8 }],
    ['AltGr is not held for what it writes', pressed('@', { ctrlKey: true, altKey: true, altGraph: true }), false, { key: '@', held: 0 }],
    ['Option on a Mac writes', pressed('å', { altKey: true }), true, { key: 'å', held: 0 }],
    ['all on a Mac', pressed('a', { metaKey: true }), true, { key: 'a', held: 2 }],
    ['begin of the line on a Mac', pressed('ArrowLeft', { metaKey: true, shiftKey: true }), true, { key: 'Home', code: 'Home', held: 8 }],
    ['a word back on a Mac', pressed('Backspace', { altKey: true }), true, { key: 'Backspace', held: 2 }],
    ['what else is done with Meta', pressed('k', { metaKey: true }), true, { key: 'k', held: 4 }],
  ])('%s', (_, key, mac, wanted) => expect(inputOf(key, true, mac)).toMatchObject({ i: 'key', down: true, ...wanted }));
});

describe('writing', () => {
  test.each([
    ['ma', 'mari', { left: 0, back: 0, text: 'ri' }],
    ['mari', 'maria K', { left: 0, back: 0, text: 'a K' }],
    ['teh', 'the', { left: 0, back: 2, text: 'he' }],
    ['hello', 'hell', { left: 0, back: 1, text: '' }],
    ['a😀', 'a', { left: 0, back: 1, text: '' }],
    ['a👩‍👩‍👧', 'a', { left: 0, back: 1, text: '' }],
    ['ab cd', 'ax cd', { left: 3, back: 1, text: 'x' }],
    ['aa', 'aaa', { left: 0, back: 0, text: 'a' }],
    ['same', 'same', { left: 0, back: 0, text: '' }],
  ])('%s to %s', (before, after, edit) => expect(editOf(before, after)).toEqual(edit));
});

describe('options', () => {
  const option = (label: string, disabled = false) => ({ label, group: '', selected: false, disabled });
  const options = [option('Berlin', true), option('Basel'), option('Bonn'), option('Cologne'), option('Celle', true)];
  test('keys pass what cannot be chosen', () => {
    expect([stepFrom(options, -1, 'down'), stepFrom(options, 1, 'up'), stepFrom(options, 3, 'down'), stepFrom(options, 1, 'last'), stepFrom(options, 3, 'first')]).toEqual([1, 1, 3, 3, 1]);
    expect(stepFrom([option('a', true)], -1, 'down')).toBe(-1);
  });
  test('letters find, one letter goes on', () => {
    expect([foundBy(options, 'b', -1), foundBy(options, 'b', 1), foundBy(options, 'bb', 2), foundBy(options, 'bo', 1), foundBy(options, 'x', 2), foundBy([], 'x', -1)]).toEqual([1, 2, 1, 2, 2, -1]);
  });
  test('one or more', () => {
    expect([...chosenAfter(new Set([1]), 2, false)]).toEqual([2]);
    expect([...chosenAfter(new Set([1]), 2, true)]).toEqual([1, 2]);
    expect([...chosenAfter(new Set([1, 2]), 1, true)]).toEqual([2]);
  });
});

test('the first goes at once, then one a frame, the newest', () => {
  let now = 0;
  const frames: (() => void)[] = [];
  const pace = new Pace({ now: () => now, frame: (run) => void frames.push(run) });
  const done: number[] = [];
  const put = (n: number) => pace.put(() => void done.push(n));
  put(1);
  put(2);
  put(3);
  expect([done, frames.length]).toEqual([[1], 1]);
  // A screen of 144 Hz has a frame too early.
  now = 7;
  frames.shift()?.();
  expect([done, frames.length]).toEqual([[1], 1]);
  now = 17;
  frames.shift()?.();
  expect(done).toEqual([1, 3]);
  put(4);
  pace.flush();
  pace.flush();
  expect(done).toEqual([1, 3, 4]);
});

test('a wheel turns by pixels, lines or pages', () => {
  const page = { width: 1000, height: 600 };
  const turn = (deltaMode: number) => turnOf({ deltaX: 1, deltaY: 3, deltaMode, shiftKey: false }, page);
  expect([turn(0), turn(1).dy, turn(2)]).toEqual([{ dx: 1, dy: 3 }, 100, { dx: 1000, dy: 1800 }]);
});

test('fingers have small numbers', () => {
  const fingers = new Fingers();
  expect([fingers.number(987), fingers.number(-4), fingers.number(987)]).toEqual([0, 1, 0]);
  fingers.keep([-4]);
  expect([fingers.number(5), fingers.number(-4)]).toEqual([0, 1]);
});

test('words', () => {
  expect(hostOf('https://shop.example:8443/a')).toEqual({ host: 'shop.example:8443', secure: true });
  expect(hostOf('')).toEqual({ host: '', secure: false });
  expect(stateText('live', true)).toBe('');
  expect(stateText('live', false)).not.toBe('');
  expect(dialogWords('alert', '')).toMatchObject({ title: 'This page says', no: '' });
  expect(sending(['a.txt'], 0.456)).toBe('Sending a.txt: 45 %');
});
