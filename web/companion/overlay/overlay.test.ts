import { expect, test } from 'vitest';
import type { Person, Rules } from '../../shared/protocol/people';
import type { OverlayState } from './index';
import { overlap } from './geometry';
import { cornerAt, keyStep, spotAt } from './place';
import { announcement, changes, chipText, note, sentence, veilText, writingText } from './words';

const person = (name: string, change: Partial<Person> = {}): Person => ({ id: name.length, name, role: 'agent', watching: true, ...change });
const justin = person('Justin');
const rules: Rules = { modes: ['view-only', 'shared'], acts: [], tools: [], visitorTools: [], presets: [], ask: [], askSelectors: [], never: [], silentSupervisor: false, image: true };
const state = (change: Partial<OverlayState> = {}): OverlayState => ({
  agent: 'Justin', people: [justin], mode: 'view-only', rules, shown: true, private: false, connection: 'connected', ...change,
});

test.each([
  [[], 'Justin can see this page'],
  [['Mia'], 'Mia can see this page'],
  [['Justin', 'Mia'], 'Justin and Mia can see this page'],
  [['Justin', 'Mia', 'Bo'], 'Justin, Mia and Bo can see this page'],
  [['Justin', 'Mia', 'Bo', 'Al'], 'Justin, Mia and 2 others can see this page'],
])('watched by %j', (watching, text) => expect(sentence(state({ people: watching.map((name) => person(name)) }))).toBe(text));

test('who is away is not named', () => expect(sentence(state({ people: [justin, person('Mia', { watching: false })] }))).toBe('Justin can see this page'));

test('before anything is known, it is calm and silent', () => {
  const unknown = state({ agent: '', people: [], rules: null, connection: 'connecting' });
  expect([sentence(unknown), note(unknown), announcement(null, unknown)]).toEqual(['This page is shared', 'Connecting…', '']);
  expect(announcement(unknown, state())).toBe('Justin can see this page. Press Alt+Shift+E to reach the End button, F6 to go round this bar.');
});

test.each([
  [{}, ''],
  [{ people: [] }, 'Not looking right now'],
  [{ shown: false }, 'Not this one, now'],
  [{ rules: { ...rules, silentSupervisor: true } }, 'A supervisor may look in'],
  [{ mode: 'shared', connection: 'connecting' }, 'Reconnecting…'],
] as [Partial<OverlayState>, string][])('note of %j', (change, text) => expect(note(state(change))).toBe(text));

test('tells a screen reader of the start and of changes only', () => {
  expect(announcement(null, state())).toBe('Justin can see this page. Press Alt+Shift+E to reach the End button, F6 to go round this bar.');
  expect(announcement(state(), state())).toBe('');
  expect(announcement(state(), state({ people: [{ ...justin, watching: false }] }))).toBe('Justin can see this page. Not looking right now');
  expect(announcement(state(), state({ connection: 'connecting' }))).toBe('The connection was lost. Reconnecting.');
  expect(announcement(state({ connection: 'connecting' }), state())).toBe('Connected again. Justin can see this page.');
  expect(announcement(state(), state({ mode: 'shared' }))).toBe('Justin can help fill in this page now');
});

test('tells who comes, goes and leads', () => {
  const mia = person('Mia', { role: 'colleague' });
  expect(changes(null, state())).toBe('');
  expect(changes(state(), state({ people: [justin, mia] }))).toBe('Mia joined');
  expect(changes(state({ people: [justin, mia] }), state({ agent: 'Mia', people: [mia] }))).toBe('Justin handed over to Mia. Justin left');
  expect(changes(state(), state({ shown: false }))).toBe('They can see another tab of yours now');
  expect(changes(state({ mode: 'shared' }), state())).toBe('They can only look now');
});

test('counts what is out of sight, and who is writing', () => {
  expect([chipText(1, 'below'), chipText(3, 'left')]).toEqual(['Label below ↓', '3 labels to the left ←']);
  expect([writingText([]), writingText(['Justin']), writingText(['Justin', 'Mia'])]).toEqual(['', 'Justin is writing…', 'Justin and Mia are writing…']);
});

const room = { left: 12, top: 12, width: 366, height: 820 };

test.each([
  [{ x: 0, y: 0 }, { left: 12, top: 12 }],
  [{ x: 1, y: 1 }, { left: 78, top: 784 }],
  [{ x: 0.5, y: 1 }, { left: 45, top: 784 }],
])('a bar of 300 x 48 at %j', (spot, corner) => {
  expect(cornerAt(spot, room, 300, 48)).toEqual(corner);
  expect(spotAt(corner.left, corner.top, room, 300, 48)).toEqual(spot);
});

test('the bar never leaves the room', () => {
  expect(spotAt(-500, 5000, room, 300, 48)).toEqual({ x: 0, y: 1 });
  expect(cornerAt({ x: 1, y: 1 }, room, 900, 900)).toEqual({ left: 12, top: 12 });
});

test('the room above a phone’s keyboard is what is visible of it', () => {
  expect(overlap(room, { left: 0, top: 100, width: 390, height: 400 })).toEqual({ left: 12, top: 100, width: 366, height: 400 });
  expect(overlap(room, { left: 0, top: 2000, width: 390, height: 400 })).toMatchObject({ height: 0 });
});

test('arrow keys move it, with Shift farther', () => {
  expect(keyStep('ArrowLeft', false)).toEqual({ dx: -24, dy: 0 });
  expect(keyStep('ArrowDown', true)).toEqual({ dx: 0, dy: 96 });
  expect(keyStep('a', false)).toBeNull();
});

test.each([
  [['Justin'], 'Justin sees the layout of this page, not its text', 'Justin does not see what is in this field'],
  [['Justin', 'Mia'], 'Justin and Mia see the layout of this page, not its text', 'Justin and Mia do not see what is in this field'],
])('what %j do not see', (watching, line, veil) => {
  const now = state({ private: true, people: watching.map((name) => person(name)) });
  expect([note(now), veilText(now, false)]).toEqual([line, veil]);
});
