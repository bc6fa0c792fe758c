import { describe, expect, it } from 'vitest';
import { mapCss } from './css';
import { mapSrcset } from './srcset';

const map = (address: string): string => address.replace('https://real', 'http://view');

describe('mapCss', () => {
  it.each([
    ['a{background:url(https://real/x.png)}', 'a{background:url(http://view/x.png)}'],
    ['a{background:URL( "https://real/x.png" ) no-repeat}', 'a{background:URL( "http://view/x.png" ) no-repeat}'],
    ["a{background:url('https://real/x.png')}", "a{background:url('http://view/x.png')}"],
    ['a{background:u\\72 l(https:\\/\\/real/x.png)}', 'a{background:u\\72 l(http://view/x.png)}'],
    ['@import "https://real/a.css" layer(x);', '@import "http://view/a.css" layer(x);'],
    ['@import url(https://real/a.css) supports(display: grid) screen;', '@import url(http://view/a.css) supports(display: grid) screen;'],
    ['@namespace "https://real/ns"; @namespace s url(https://real/ns);', '@namespace "https://real/ns"; @namespace s url(https://real/ns);'],
    ['/* url(https://real/x) */ a{}', '/* url(https://real/x) */ a{}'],
    ['a::after{content:"https://real/x"}', 'a::after{content:"https://real/x"}'],
    ['a{background:image-set("https://real/1.png" type("image/png") 1x, url(https://real/2.png) 2x)}', 'a{background:image-set("http://view/1.png" type("image/png") 1x, url(http://view/2.png) 2x)}'],
    ['a{fill:url(#g);b:url(data:image/png;base64,AA//)}', 'a{fill:url(#g);b:url(data:image/png;base64,AA//)}'],
    ['@font-face{src:url("https://real/f.woff2") format("woff2"),local("https://real/x")}', '@font-face{src:url("http://view/f.woff2") format("woff2"),local("https://real/x")}'],
    ['a{b:url("https://real/\\"q\\".png")}', 'a{b:url("http://view/\\22 q\\22 .png")}'],
    ['a{b:url(https://real/x', 'a{b:url(http://view/x'],
    ['a{b:"unclosed\n;c:url(https://real/x)}', 'a{b:"unclosed\n;c:url(http://view/x)}'],
    ['@import "x.css"; a{content:"https://real/"}', '@import "x.css"; a{content:"https://real/"}'],
  ])('%s', (input, output) => {
    expect(mapCss(input, map)).toBe(output);
  });
});

describe('mapSrcset', () => {
  it.each([
    ['https://real/a.png 1x, https://real/b.png 2x', 'http://view/a.png 1x, http://view/b.png 2x'],
    ['https://real/a,b.png,c 100w,\n https://real/d.png', 'http://view/a,b.png,c 100w,\n http://view/d.png'],
    ['https://real/a.png, https://real/b.png', 'http://view/a.png, http://view/b.png'],
    ['data:image/png;base64,AA,BB 1x, https://real/b (1,2) 2x,https://real/c 3x', 'data:image/png;base64,AA,BB 1x, http://view/b (1,2) 2x,http://view/c 3x'],
    [' , ,', ' , ,'],
    ['', ''],
  ])('%s', (input, output) => {
    expect(mapSrcset(input, map)).toBe(output);
  });
});
