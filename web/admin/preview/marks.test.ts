import { expect, test } from 'vitest';
import type { PreviewMark } from '../../shared/protocol/admin';
import { newSite } from '../drafts';
import { counted, insteadWords, ruleWords } from './marks';

const mark = (kind: PreviewMark['kind'], rule = ''): PreviewMark => ({ place: 0, kind, rule, element: 'p', shows: '' });

test('counts by kind', () => {
  expect(counted([mark('hidden'), mark('hidden'), mark('washed')])).toEqual({ washed: 1, foreign: 0, masked: 0, hidden: 2, scrubbed: 0 });
});

test('which rule made a mark', () => {
  const site = newSite([]);
  site.privacy.mask.push({ name: '', selector: '.balance', action: 'hide', pages: [] }, { name: 'Limits', selector: '.limit', action: 'mask', pages: [] });
  site.privacy.scrub.push({ name: '', ready: 'card' }, { name: '', pattern: 'K-\\d+' });
  const ready = [{ ready: 'card', title: 'Card numbers', example: '', replacement: '' }];
  const words = (one: PreviewMark): string => ruleWords(one, site, ready);
  expect(words(mark('hidden', 'privacy.mask.0'))).toBe('.balance');
  expect(words(mark('masked', 'privacy.mask.1'))).toBe('Limits');
  expect(words(mark('scrubbed', 'privacy.scrub.0'))).toBe('Card numbers');
  expect(words(mark('scrubbed', 'privacy.scrub.1'))).toBe('K-\\d+');
  expect(words(mark('scrubbed', 'privacy.scrub.7'))).toBe('Rule 8 about texts');
  expect(words(mark('masked', 'privacy.private'))).toBe('The site is private');
  expect(words(mark('foreign'))).toBe('On no allowlist');
});

test('what agents see instead', () => {
  expect(insteadWords({ ...mark('scrubbed'), shows: '•••• 1111' })).toBe('•••• 1111');
  expect([insteadWords(mark('scrubbed')), insteadWords(mark('masked')), insteadWords(mark('hidden')), insteadWords(mark('washed'))]).toEqual(['nothing', '***', 'a box', '']);
});
