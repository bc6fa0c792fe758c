import { describe, expect, it } from 'vitest';
import { kindOf } from './attributes';
import { Markup, mapAttributeCss } from './markup';

const css = (text: string): string => text.replaceAll('https://real', 'http://view');
const hooks = {
  css,
  value: (element: string, attribute: string, value: string): string => {
    const kind = kindOf(element, attribute);
    return kind === 'css' ? mapAttributeCss(value, css) : kind === undefined ? value : css(value);
  },
};

const CASES: Array<[string, string]> = [
  ['<img src="https://real/x">', '<img src="http://view/x">'],
  ['<IMG SRC=https://real/x alt=a>', '<IMG SRC="http://view/x" alt=a>'],
  ["<a title='>' href='https://real/?a&amp;b'>https://real</a>", "<a title='>' href='http://view/?a&amp;b'>https://real</a>"],
  ['<!-- <img src="https://real/x"> --><img/src="https://real/y"/>', '<!-- <img src="https://real/x"> --><img/src="http://view/y"/>'],
  ['<script>"<img src=https://real/x>"</script><img src=https://real/y>', '<script>"<img src=https://real/x>"</script><img src="http://view/y">'],
  ['<style>a{b:url(https://real/x)}</style >', '<style>a{b:url(http://view/x)}</style >'],
  ['<p style="b:url(&quot;https://real/x&quot;)">', '<p style="b:url(&quot;http://view/x&quot;)">'],
  ['<textarea><img src="https://real/x"></textarea>', '<textarea><img src="https://real/x"></textarea>'],
  ['a < b <img src="https://real/x"> <', 'a < b <img src="http://view/x"> <'],
  ['<a href', '<a href'],
  ['<div data-src="https://real/x" title="https://real">', '<div data-src="https://real/x" title="https://real">'],
  ['<p a="1"b=2 style=x></p ><a href=https://real>', '<p a="1"b=2 style=x></p ><a href="http://view">'],
];

describe('markup', () => {
  it.each(CASES)('%s', (input, output) => {
    expect(new Markup(hooks).write(input, true)).toBe(output);
  });

  it('gives the same, however it is cut', () => {
    const input = CASES.slice(0, 8).map(([text]) => text).join('');
    const output = CASES.slice(0, 8).map(([, text]) => text).join('');
    for (let size = 1; size < 40; size += 1) {
      const stream = new Markup(hooks);
      let out = '';
      for (let at = 0; at < input.length; at += size) out += stream.write(input.slice(at, at + size), false);
      expect(out + stream.write('', true)).toBe(output);
    }
  });
});
