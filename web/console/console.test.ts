import { expect, test } from 'vitest';
import { parseRoute, sessionHref } from './route';
import { parseViewerMessage } from './viewer';
import { hostOf, pathOf } from './words';

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
  ['link', null],
  [null, null],
])('viewer message %j', (data, message) => expect(parseViewerMessage(data)).toEqual(message));

test.each([
  ['https://shop.example/', 'shop.example', ''],
  ['https://shop.example:8443/a?b=c#d', 'shop.example:8443', '/a?b=c#d'],
  ['about nothing', 'about nothing', ''],
])('%s in the bar', (url, host, path) => expect([hostOf(url), pathOf(url)]).toEqual([host, path]));
