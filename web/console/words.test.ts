import { expect, test } from 'vitest';
import { denialWords } from '../shared/denials';
import type { SessionInfo } from '../shared/protocol/api';
import type { Mode, Person, Role, Rules } from '../shared/protocol/people';
import { commandOf, KEYS, keysOn, keepKeys, shortcuts, stepped } from './keys';
import { ageWords, listed } from './order';
import { pieces } from './pieces';
import { imageSign, wayWords, whyNoPictures } from './pictures';
import { handOf, hasTool, HIGHLIGHTS, LABEL, LASER, MARKS, whyNot } from './tools';
import { answerWords, lookingWords, modeWords, nameIn, roleChange, titleOf, writingWords } from './words';

const rules: Rules = {
  modes: ['view-only', 'shared'],
  acts: ['click', 'navigate'],
  tools: ['pointer', 'label', 'chat'],
  visitorTools: ['chat'],
  presets: ['Click this link'],
  ask: [],
  askSelectors: [],
  never: [],
  silentSupervisor: false,
  image: true,
};
const standing = (role: Role, mode: Mode = 'view-only') => ({ role, mode, rules });

test('every denial is one short sentence', () => {
  for (const text of Object.values(denialWords)) {
    expect(text).toMatch(/^[A-Z].*\.$/);
    expect(text.length).toBeLessThan(60);
  }
});

test.each([
  [null, ''],
  ['lost', 'The connection was lost. Try again.'],
  ['role', denialWords.role],
] as const)('%j as an answer', (answer, words) => expect(answerWords(answer)).toBe(words));

test.each([
  ['shared', null, 'The visitor allows you to act on the page.'],
  ['shared', 'declined', 'The visitor did not allow it. The session stays view-only.'],
  ['shared', 'unanswered', 'The visitor did not answer. The session stays view-only.'],
  ['view-only', null, 'View only now: you can look and point.'],
  ['view-only', 'inactive', denialWords.inactive],
] as const)('%s asked for, answer %j', (mode, answer, words) => expect(modeWords(mode, answer)).toBe(words));

test.each([
  ['agent', 'agent', ''],
  ['colleague', 'agent', 'You lead this session now.'],
  ['agent', 'colleague', 'You handed the session over. You are a colleague in it now.'],
  ['supervisor', 'colleague', ''],
] as const)('from %s to %s', (before, after, words) => expect(roleChange(before, after)).toBe(words));

test('names', () => {
  const people: Person[] = [{ id: 1, name: 'Justin', role: 'agent', watching: true }];
  expect([nameIn(people, 0, 1), nameIn(people, 1, 1), nameIn(people, 1, 2), nameIn(people, 9, 1)]).toEqual(['Visitor', 'You', 'Justin', 'Somebody']);
});

test.each([
  [[], ''],
  [['Visitor'], 'Visitor is writing…'],
  [['Visitor', 'Ada'], 'Visitor and Ada are writing…'],
  [['Visitor', 'Ada', 'Ben'], 'Several people are writing…'],
])('%j write', (names, words) => expect(writingWords(names)).toBe(words));

test('only who looks in is told how', () => {
  expect(lookingWords('agent', rules)).toBe('');
  expect(lookingWords('supervisor', rules)).toContain('sees your name');
  expect(lookingWords('supervisor', { ...rules, silentSupervisor: true })).toContain('silently');
});

test('the title counts what was not read', () => {
  expect(titleOf(0, 'Live', 'shop.example')).toBe('Live · shop.example · Alongside');
  expect(titleOf(2, 'Live', '')).toBe('(2) Live · Alongside');
});

const session = (id: string, over: Partial<SessionInfo>): SessionInfo => ({
  id, agent: 'Justin', role: 'agent', site: 'Shop', priority: 'normal', url: 'https://shop.example/', mode: 'view-only', state: { state: 'active' }, age: 10, ...over,
});

test('sessions are listed by priority, then by age; ended ones are not', () => {
  const all = [
    session('low', { priority: 'low', age: 999 }),
    session('young', { age: 5 }),
    session('over', { priority: 'high', state: { state: 'ended', by: 'agent' } }),
    session('old', { age: 500 }),
    session('high', { priority: 'high', age: 1 }),
    session('b', { age: 5 }),
  ];
  expect(listed(all).map(({ id }) => id)).toEqual(['high', 'old', 'b', 'young', 'low']);
});

test.each([[0, 'now'], [59, 'now'], [60, '1 min'], [3599, '59 min'], [3900, '1 h 5 min']])('%d s old', (age, words) => expect(ageWords(age)).toBe(words));

test.each([
  ['hello', [{ text: 'hello' }]],
  ['see https://shop.example/a?b=1.', [{ text: 'see ' }, { text: 'https://shop.example/a?b=1', href: 'https://shop.example/a?b=1' }, { text: '.' }]],
  ['(http://a.example) javascript:alert(1)', [{ text: '(' }, { text: 'http://a.example', href: 'http://a.example/' }, { text: ') javascript:alert(1)' }]],
  ['https://', [{ text: 'https://' }]],
  ['', []],
])('%j in pieces', (text, parts) => {
  expect(pieces(text)).toEqual(parts);
  expect(pieces(text).map((piece) => piece.text).join('')).toBe(text);
});

test('tools go by role and rules', () => {
  expect(hasTool(standing('agent'), 'label')).toBe(true);
  expect(hasTool(standing('colleague'), 'mark')).toBe(false);
  expect(hasTool(standing('supervisor'), 'label')).toBe(false);
  expect(handOf('T', standing('agent'))).toBe('label');
  expect(handOf('d', standing('agent'))).toBe(null);
  expect(handOf('l', standing('supervisor'))).toBe(null);
});

test.each([
  ['agent', 'shared', 'navigate', ''],
  ['agent', 'view-only', 'navigate', 'only in shared mode'],
  ['agent', 'shared', 'scroll', 'the rules of this site do not allow it'],
  ['supervisor', 'shared', 'navigate', 'you are looking in'],
] as const)('%s in %s: %s', (role, mode, act, reason) => expect(whyNot(standing(role, mode), act)).toBe(reason));

test('no key stands for two things', () => {
  const hands = ['v', ...[LASER, LABEL, ...HIGHLIGHTS, ...MARKS].map(({ key }) => key)];
  const keys = [...hands, ...Object.values(KEYS)];
  expect(new Set(keys).size).toBe(keys.length);
  expect(keys.every((key) => key.length === 1 && key === key.toLowerCase())).toBe(true);
  expect(commandOf('Z')).toBe('undo');
  expect(commandOf('F6')).toBe(null);
});

test('the list of shortcuts has only tools that are there', () => {
  const tools = shortcuts(standing('supervisor')).find(({ title }) => title === 'Tools');
  expect(tools?.keys.map(([key]) => key)).toEqual(['v']);
});

test.each([[84, true, 100], [84, false, 75], [100, true, 125], [100, false, 75], [300, true, 300], [300, false, 200], [20, false, 20], [20, true, 50]] as const)(
  'from %d %%, larger: %j, to %d %%',
  (from, larger, to) => expect(stepped(from, larger)).toBe(to),
);

test('single keys can be turned off, and stay so', () => {
  const kept = new Map<string, string>();
  const storage = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
  expect(keysOn(storage)).toBe(true);
  keepKeys(storage, false);
  expect(keysOn(storage)).toBe(false);
});

test.each(['off', 'no-chrome', 'no-sandbox', 'full'] as const)('why there are no pictures: %s', (offer) => {
  const words = whyNoPictures[offer];
  // It goes on behind "Pictures: " and gets its full stop there.
  expect(words).toMatch(/^[a-z].*[^.]$/);
});

test('without a browser, the console says what to install', () => {
  expect(whyNoPictures['no-chrome']).toContain('Ask your administrator to install Chromium on the server (Debian: chromium-headless-shell)');
  expect(whyNoPictures.ready).toBe('');
});

test.each([
  ['page', 'live', undefined],
  ['image', 'live', undefined],
  ['image', 'off', 'Opening it on the server…'],
  ['image', 'starting', 'Opening it on the server…'],
  ['image', 'restarting', 'Opening it again…'],
  ['image', 'failed', 'It could not be opened'],
] as const)('way %s, pictures %s', (way, state, text) => expect(imageSign(way, state)?.text).toBe(text));

test.each([
  ['image', null, 'Pictures now: the page is opened on the server.'],
  ['page', null, 'The page itself now: the visitor’s own browser shows it.'],
  ['image', 'unavailable', 'Pictures are not to be had right now.'],
  ['image', 'role', denialWords.role],
  ['image', 'lost', 'The connection was lost. Try again.'],
] as const)('asked for %s, answered %j', (way, answer, words) => expect(wayWords(way, answer)).toBe(words));
