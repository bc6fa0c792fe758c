import { expect, test } from 'vitest';
import { addressOf, hostOf, pathOf, pictureName } from './address';
import { parseRoute, sessionHref } from './route';
import { parseViewerMessage } from './viewer';

test.each([
  ['', { at: 'desk' }],
  ['#/', { at: 'desk' }],
  ['#/s/abcdefgh23', { at: 'session', id: 'abcdefgh23' }],
  ['#/s/abcdefgh2', { at: 'desk' }],
  ['#/s/2bcdefgh23', { at: 'desk' }],
  ['#/s/abcdefgh18', { at: 'desk' }],
  ['#/s/abcdefgh23/x', { at: 'desk' }],
])('route of %j', (hash, route) => expect(parseRoute(hash)).toEqual(route));

test('a session’s address leads back to it', () => expect(parseRoute(sessionHref('abcdefgh23'))).toEqual({ at: 'session', id: 'abcdefgh23' }));

test.each([
  [{ t: 'link', connected: true }, { t: 'link', connected: true }],
  [{ t: 'page', url: 'u', title: 't', width: 1, height: 2, more: 3 }, { t: 'page', url: 'u', title: 't', width: 1, height: 2 }],
  [{ t: 'link', connected: 'yes' }, null],
  [{ t: 'page', url: 'u', title: 't', width: '1', height: 2 }, null],
  [{ t: 'page' }, null],
  [{ t: 'ended' }, null],
  [{ t: 'view', hand: 'act', zoom: { percent: 50 }, percent: 50, following: true, notes: 2 }, { t: 'view', hand: 'act', zoom: { percent: 50 }, percent: 50, following: true, notes: 2 }],
  [{ t: 'view', hand: 'foot', zoom: 'whole', percent: 50, following: true, notes: 2 }, null],
  [{ t: 'view', hand: 'act', zoom: { percent: '50' }, percent: 50, following: true, notes: 2 }, null],
  [{ t: 'acted', kind: 'click' }, { t: 'acted', kind: 'click' }],
  [{ t: 'acted', kind: 'navigate', denied: 'address' }, { t: 'acted', kind: 'navigate', denied: 'address' }],
  [{ t: 'acted', kind: 'navigate', denied: 'toString' }, null],
  [{ t: 'acted', kind: 'dance' }, null],
  [{ t: 'refused', reason: 'rule' }, { t: 'refused', reason: 'rule' }],
  [{ t: 'refused', reason: 1 }, null],
  [{ t: 'picture', url: 'data:image/png;base64,AA==' }, { t: 'picture', url: 'data:image/png;base64,AA==' }],
  [{ t: 'picture', url: '' }, { t: 'picture', url: '' }],
  [{ t: 'picture', url: 'https://example.com/' }, null],
  [{ t: 'leave', back: true }, { t: 'leave', back: true }],
  [{ t: 'leave' }, null],
  ['link', null],
  [null, null],
])('viewer message %j', (data, message) => expect(parseViewerMessage(data)).toEqual(message));

test.each([
  ['https://shop.example/', 'shop.example', ''],
  ['https://shop.example:8443/a?b=c#d', 'shop.example:8443', '/a?b=c#d'],
  ['about nothing', 'about nothing', ''],
])('%s in the bar', (url, host, path) => expect([hostOf(url), pathOf(url)]).toEqual([host, path]));

test.each([
  ['', null],
  ['  ', null],
  ['shop.example', 'https://shop.example/'],
  [' http://shop.example/a ', 'http://shop.example/a'],
  ['/basket?x=1', 'https://here.example/basket?x=1'],
  ['?page=2', 'https://here.example/a/b?page=2'],
  ['localhost:8080/a', 'https://localhost:8080/a'],
  ['javascript:alert(1)', null],
  ['javascript://x/%0aalert(1)', null],
  ['ftp://shop.example/', null],
  ['a b', null],
])('%j typed into the address bar', (typed, address) => expect(addressOf(typed, 'https://here.example/a/b')).toBe(address));

test('without an address to start from, a path is none', () => expect(addressOf('/basket')).toBe(null));

test.each([
  ['Kettle & Fern', 'kettle-fern-2026-11-24.png'],
  ['  Café Müller ', 'cafe-muller-2026-11-24.png'],
  ['../..', 'page-2026-11-24.png'],
  ['日本', '日本-2026-11-24.png'],
])('a picture of %j is %s', (site, name) => expect(pictureName(site, new Date(2026, 10, 24, 9, 5))).toBe(name));
