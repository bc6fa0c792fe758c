import { expect, test } from 'vitest';
import { auditQuery } from '../shared/admin';
import type { Fault } from '../shared/protocol/rules';
import { freeName, linesOf, move, newSite, pageOf, trialSite } from './drafts';
import { countWords, faultsAt, faultsOfTab, faultsUnder, pieces, routeOfFault, tabOf, whereWords } from './faults';
import { hrefOf, parseRoute, sectionOf, type Route } from './route';

const fault = (place: string, span?: [number, number]): Fault => ({ place, message: 'wrong', hint: 'do this', ...(span && { span }) });

test.each<[string, Route]>([
  ['', { at: 'sites' }],
  ['#/sites', { at: 'sites' }],
  ['#/sites/12/texts', { at: 'site', index: 12, tab: 'texts' }],
  ['#/sites/0', { at: 'site', index: 0, tab: 'addresses' }],
  ['#/sites/0/nothing', { at: 'site', index: 0, tab: 'addresses' }],
  ['#/sites/-1/texts', { at: 'sites' }],
  ['#/versions', { at: 'versions' }],
  ['#/versions/7', { at: 'version', version: 7 }],
  ['#/versions/x', { at: 'sites' }],
  ['#/import', { at: 'import' }],
  ['#/audit', { at: 'audit' }],
])('route of %j', (hash, route) => {
  expect(parseRoute(hash)).toEqual(route);
  expect(parseRoute(hrefOf(route))).toEqual(route);
});

test('sections', () => {
  expect(sectionOf({ at: 'site', index: 0, tab: 'masks' })).toBe('sites');
  expect(sectionOf({ at: 'import' })).toBe('versions');
  expect(sectionOf({ at: 'own' })).toBe('own');
});

test.each([
  ['name', 'addresses'],
  ['networks.0', 'addresses'],
  ['agent.never.0', 'agents'],
  ['visitor.tools', 'agents'],
  ['privacy.mask.0.selector', 'masks'],
  ['privacy', 'masks'],
  ['privacy.scrub.3.pattern', 'texts'],
])('the tab of %s', (below, tab) => expect(tabOf(below)).toBe(tab));

test('faults of a place, of all below it, of a tab', () => {
  const all = [fault('1.pages.1'), fault('1.pages.12'), fault('1.privacy.scrub.0.pattern'), fault('11.name')];
  expect(faultsAt(all, '1.pages.1')).toHaveLength(1);
  expect(faultsUnder(all, '1.pages.1')).toHaveLength(1);
  expect(faultsUnder(all, '1')).toHaveLength(3);
  expect(faultsOfTab(all, 1, 'texts')).toEqual([all[2]]);
  expect(routeOfFault(fault('1.privacy.scrub.0.pattern'))).toEqual({ at: 'site', index: 1, tab: 'texts' });
  expect(routeOfFault(fault(''))).toEqual({ at: 'sites' });
});

test('where a fault is, in words', () => {
  const sites = [newSite([]), { ...newSite([]), name: ' ' }];
  expect(whereWords(fault('0.privacy.scrub.1.pattern'), sites)).toBe('New site, Texts, rule 2');
  expect(whereWords(fault('1.pages.0'), sites)).toBe('Site 2, Addresses, page 1');
  expect(whereWords(fault(''), sites)).toBe('All sites');
  expect(whereWords(fault('7.name'), sites)).toBe('All sites');
  expect([countWords(1), countWords(3)]).toEqual(['1 thing to put right', '3 things to put right']);
});

const marked = (value: string, ...spans: [number, number][]): string =>
  pieces(value, spans.map((span) => fault('', span))).map(({ text, wrong }) => (wrong ? `[${text}]` : text)).join('');

test.each<[string, [number, number][], string]>([
  ['a(bc', [[1, 2]], 'a[(]bc'],
  ['a(bc', [[1, 3], [2, 4]], 'a[(bc]'],
  ['😀x😀', [[1, 2]], '😀[x]😀'],
  ['abc', [], 'abc'],
  ['abc', [[3, 3]], 'ab[c]'],
  ['abc', [[1, 1]], 'a[b]c'],
  ['abc', [[0, 99]], '[abc]'],
  ['abc', [[7, 9]], 'ab[c]'],
  ['', [[0, 1]], ''],
])('the wrong characters of %j at %j', (value, spans, expected) => expect(marked(value, ...spans)).toBe(expected));

test('names that nobody has', () => {
  expect(freeName('Shop', [])).toBe('Shop');
  expect(freeName('Shop', ['Shop', 'Shop 2'])).toBe('Shop 3');
  expect(freeName('Shop 2', ['Shop', 'Shop 2'])).toBe('Shop 3');
});

test('moving within a list', () => {
  const list = ['a', 'b', 'c'];
  move(list, 0, 2);
  expect(list.join('')).toBe('bca');
  move(list, 2, 3);
  move(list, -1, 0);
  expect(list.join('')).toBe('bca');
});

test('lines that were pasted', () => {
  expect(linesOf(' https://a.example \r\n\n"https://b.example",\n- https://c.example\n')).toEqual(['https://a.example', 'https://b.example', 'https://c.example']);
});

test('one rule by itself, and a page to try it on', () => {
  const trial = trialSite({ name: 'n', off: true, pattern: 'x', replacement: 'y', pages: ['https://p'] });
  expect(trial.off).toBeUndefined();
  expect(trial.pages).toEqual([trial.start]);
  expect(trial.privacy).toEqual({ private: false, mask: [], scrub: [{ name: 'n', pattern: 'x', replacement: 'y' }] });
  expect(pageOf('<b>&"')).toContain('<p>&lt;b&gt;&amp;&quot;</p>');
});

test('what the audit trail is asked for', () => {
  expect(auditQuery({ who: 'Ada & Co', what: '', before: 12, limit: 50 })).toBe('?who=Ada+%26+Co&before=12&limit=50');
  expect(auditQuery({})).toBe('');
});
