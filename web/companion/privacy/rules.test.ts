import { describe, expect, test } from 'vitest';
import type { MaskRule, MaskSite } from '../../shared/protocol/rules';
import { MaskRules } from './rules';

const rule = (selector: string, action: MaskRule['action'] = 'mask', pages: string[] = []): MaskRule => ({ selector, action, pages });
const site = (scope: string, rules: MaskRule[], all = false): MaskSite => ({ scope: [scope], private: all, rules });

const RULES = new MaskRules([
  site('https://shop.example', [rule('.a'), rule('.b', 'mask', ['https://shop.example/account']), rule('#c', 'hide'), rule('.d', 'show')]),
  site('https://bank.example', [rule('[data-x] > b')], true),
]);

describe('which rules hold', () => {
  test('those of the site that covers the address', () => {
    expect(RULES.of('https://bank.example/x')).toMatchObject({ private: true, mask: '[data-x] > b', hide: '', show: '' });
    expect(RULES.of('https://shop.example/')).toMatchObject({ private: false, mask: '.a', hide: '#c', show: '.d' });
  });
  test('those of the first where none covers it', () => expect(RULES.of('https://other.example/')).toBe(RULES.of('https://shop.example/')));
  test('those of the first of a document whose address says nothing', () => expect(RULES.of('')).toBe(RULES.of('https://shop.example/')));
  test('a rule with pages holds there alone', () => {
    expect(RULES.of('https://shop.example/account/1').mask).toBe('.a, .b');
    expect(RULES.of('https://shop.example/account')).toBe(RULES.of('https://shop.example/account/1'));
    expect(RULES.of('https://shop.example/accounts')).toBe(RULES.of('https://shop.example/'));
  });
  test('without a site, none', () => expect(new MaskRules([]).of('https://shop.example/')).toMatchObject({ private: false, hide: '', mask: '', show: '' }));
});

test('a selector that the browser cannot read hides or masks all, and shows nothing', () => {
  const rules = new MaskRules([site('https://shop.example', [rule(':new(x)', 'hide'), rule(':new(x)', 'mask'), rule(':new(x)', 'show'), rule('.a')])], (selector) => !selector.startsWith(':new'));
  expect(rules.of('https://shop.example/')).toMatchObject({ hide: '*', mask: '*, .a', show: '' });
});

const one = (selector: string) => new MaskRules([site('https://shop.example', [rule(selector)])]).of('https://shop.example/');

test.each([
  ['.a', ['class'], ['id', 'title', 'style']],
  ['#a', ['id'], ['class']],
  ['[lang=de]', ['lang', 'LANG'], ['class', 'title']],
  ['p:not([title])', ['title'], ['class']],
  ['a\\.b', ['class', 'id', 'anything'], []],
])('attributes that decide for %s', (selector, names, others) => {
  const { decides } = one(selector);
  for (const name of [...names, 'data-alongside-mask', 'data-alongside-hide', 'type', 'autocomplete']) expect(decides(name), name).toBe(true);
  for (const name of others) expect(decides(name), name).toBe(false);
});

test.each([
  ['.a', false],
  ['.a , .b', false],
  ['[ title = x ]', false],
  ['.a .b', true],
  ['[title=x] .b', true],
  [':is(.a) b', true],
  ['.a>.b', true],
  [':is(.a .b)', true],
  [':is( .a, .b )', false],
])('%s looks at what an element is in: %s', (selector, deep) => expect(one(selector).deep).toBe(deep));
