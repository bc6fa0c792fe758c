// Notes and cursors keep to their element: measured in Chromium at both widths, at every zoom, after scrolling, inner scrolling, a change of
// layout and a new snapshot.
import assert from 'node:assert/strict';
import { after, before, test as nodeTest } from 'node:test';
import { DESKTOP, PHONE, start } from './page.mjs';
import { until } from '../until.mjs';

/** Most pixels between where an anchor is and where it is to be. */
const SLACK = 2;
const PAGE = `<!DOCTYPE html><meta name="viewport" content="width=device-width"><title>page</title>
<style>body { margin: 0; font: 16px/1.5 sans-serif } .row { display: flex; flex-wrap: wrap; gap: 20px; padding: 20px } .tile { flex: 1 1 300px; height: 120px; background: #def }
 #list { height: 200px; overflow: auto; border: 5px solid #888; margin: 20px; position: relative } #list p { height: 60px; margin: 0 } iframe { width: 300px; height: 150px; border: 7px solid #aaa; padding: 4px }
 #deep { transform: scale(.8); transform-origin: 0 0 } </style>
<div class="row"><div class="tile" id="a">a</div><div class="tile" id="b">b</div><div class="tile" id="c">c</div></div>
<div id="list">${Array.from({ length: 20 }, (_, i) => `<p id="p${i}">line ${i}</p>`).join('')}</div>
<p id="text">Some words that may be selected, and some more of them so that there are lines enough on a phone.</p>
<div id="deep"><iframe srcdoc="<body style='margin:0'><div style='height:40px'></div><button id=inner style='height:30px;width:120px'>inner</button><div style='height:600px'></div>"></iframe></div>
<div id="host"></div><div style="height: 2000px"></div><p id="far">far below</p><div style="height: 900px"></div>
<script>document.querySelector('#host').attachShadow({ mode: 'open' }).innerHTML = '<button id="shady" style="height:44px;width:160px">shady</button>'</script>`;

let browser;
before(async () => { browser = await start(); });
after(() => browser?.close());
const test = (name, body) => nodeTest(name, { timeout: 60_000 }, body);

const near = (what, a, b) => assert.ok(Math.abs(a - b) <= SLACK, `${what}: ${a} is not within ${SLACK} px of ${b}`);

/** Waits until what is drawn is where the element is; fails with both. */
async function keeps(page, note, part, selector, at) {
  let last;
  const matches = () => until(`note ${note} is at ${selector}`, async () => {
    await page.frames();
    const [drawn, box] = [await page.drawn({ 'data-note': `${note}`, 'data-part': part }), await page.box(selector)];
    last = { drawn, box };
    if (!drawn) return false;
    return at ? close(drawn.left, box.left + at[0] * box.width) && close(drawn.top, box.top + at[1] * box.height)
      : close(drawn.left, box.left) && close(drawn.top, box.top) && close(drawn.width, box.width) && close(drawn.height, box.height);
  }, 2_000);
  await matches().catch((error) => assert.fail(`${error.message}: ${JSON.stringify(last)}`));
}
const close = (a, b) => Math.abs(a - b) <= SLACK;

const label = (id, node, at, text = 'Look here, please') => ({ note: { id, by: 1, node, shape: { s: 'label', text, at } } });

for (const [name, size] of [['1440', DESKTOP], ['390', PHONE]]) {
  for (const zoom of [0.5, 1, 2]) {
    test(`at ${name} px and ${zoom * 100} %, labels, highlights and marks keep to their element`, async () => {
      // What a browser's zoom does: fewer, larger pixels.
      const viewport = { width: Math.round(size.width / zoom), height: Math.round(size.height / zoom) };
      const page = await browser.open(PAGE, { size: viewport });
      await page.cdp.send('Emulation.setDeviceMetricsOverride', { ...viewport, deviceScaleFactor: zoom, mobile: false });
      const at = [0.25, 0.75];
      await page.told('note', label(1, await page.id('#a'), at));
      await page.told('note', { note: { id: 2, by: 2, node: await page.id('#b'), shape: { s: 'element' } } });
      await page.told('note', { note: { id: 3, by: 1, node: await page.id('#b'), shape: { s: 'rectangle', from: [0, 0], to: [1, 1] } } });
      await page.told('note', label(4, await page.id('#p1'), [0.5, 0.5]));
      const check = async () => {
        await keeps(page, 1, 'anchor', '#a', at);
        await keeps(page, 2, 'box', '#b');
        await keeps(page, 3, 'mark', '#b');
      };
      await check();
      await page.page.evaluate(() => document.querySelector('#list').scrollIntoView());
      await keeps(page, 4, 'anchor', '#p1', [0.5, 0.5]);
      await page.page.evaluate(() => scrollTo(0, 60));
      await check();
      await page.page.evaluate(() => { document.querySelector('#list').scrollIntoView(); document.querySelector('#list').scrollTo(0, 40); });
      await keeps(page, 4, 'anchor', '#p1', [0.5, 0.5]);
      await page.page.evaluate(() => scrollTo(0, 0));
      await page.page.evaluate(() => { document.querySelector('#a').style.flexBasis = '200px'; document.body.insertAdjacentHTML('afterbegin', '<p>one more line</p>'); });
      await check();
      await page.page.evaluate(() => { document.body.style.zoom = 1.25; });
      await check();
      await page.page.evaluate(() => { document.body.style.zoom = ''; document.documentElement.style.zoom = 1.25; dispatchEvent(new Event('resize')); });
      await check();
      await page.close();
    });
  }

  test(`at ${name} px, a note within a container that is scrolled away is not drawn`, async () => {
    const page = await browser.open(PAGE, { size });
    await page.told('note', label(1, await page.id('#p2'), [0.1, 0.5]));
    await keeps(page, 1, 'anchor', '#p2', [0.1, 0.5]);
    await page.page.evaluate(() => document.querySelector('#list').scrollTo(0, 600));
    await until('it is gone', async () => (await page.drawn({ 'data-note': '1', 'data-part': 'anchor' })) === null);
    assert.equal(await page.text({ 'data-part': 'chip-above' }), 'Label above ↑');
    await page.press('Label above ↑');
    await keeps(page, 1, 'anchor', '#p2', [0.1, 0.5]);
    await page.close();
  });

  test(`at ${name} px, the bubble stays on the screen, and a chip leads to what is out of sight`, async () => {
    const page = await browser.open(PAGE, { size });
    const corners = [['#a', [0, 0]], ['#c', [1, 0]], ['#p1', [0, 0.5]], ['#p1', [1, 0.5]]];
    for (const [i, [selector, at]] of corners.entries()) await page.told('note', label(i + 1, await page.id(selector), at, 'A longer text that takes more than one line in its bubble'));
    await page.told('note', label(9, await page.id('#far'), [0, 0]));
    await page.frames();
    for (const { node } of await page.find({ 'data-part': 'bubble' })) {
      const box = await page.boxOf(node.backendNodeId);
      if (!box) continue;
      assert.ok(box.left >= 0 && box.top >= 0 && box.left + box.width <= size.width && box.top + box.height <= size.height, JSON.stringify(box));
    }
    await page.press('Label below ↓');
    await keeps(page, 9, 'anchor', '#far', [0, 0]);
    await page.close();
  });
}

test('within a shadow tree and a scaled frame', async () => {
  const page = await browser.open(PAGE);
  await page.told('note', label(1, await page.id('#host >>> #shady'), [0.5, 0.5]));
  await keeps(page, 1, 'anchor', '#host >>> #shady', [0.5, 0.5]);
  await page.told('note', label(2, await page.id('iframe >>> #inner'), [0.5, 0.5]));
  const frame = await page.box('iframe');
  const inner = async () => {
    const box = await page.box('iframe >>> #inner');
    return { x: frame.left + 0.8 * (11 + box.left + box.width / 2), y: frame.top + 0.8 * (11 + box.top + box.height / 2) };
  };
  const there = async () => {
    await page.frames();
    const [drawn, at] = [await page.drawn({ 'data-note': '2', 'data-part': 'anchor' }), await inner()];
    return drawn && { drawn, at };
  };
  const first = await until('it is drawn', there);
  near('left', first.drawn.left, first.at.x);
  near('top', first.drawn.top, first.at.y);
  await page.page.evaluate(() => document.querySelector('iframe').contentWindow.scrollTo(0, 30));
  const second = await until('it is drawn', there);
  near('top after scrolling', second.drawn.top, second.at.y);
  await page.page.evaluate(() => document.querySelector('iframe').contentWindow.scrollTo(0, 300));
  await until('it is gone', async () => (await page.drawn({ 'data-note': '2', 'data-part': 'anchor' })) === null);
  await page.close();
});

test('a selected text is highlighted line by line', async () => {
  const page = await browser.open(PAGE, { size: PHONE });
  const text = await page.call('text', '#text');
  await page.told('note', { note: { id: 1, by: 1, node: await page.id('#text'), shape: { s: 'text', range: { start: text, startOffset: 5, end: text, endOffset: 90 } } } });
  await page.frames();
  const rects = await page.page.evaluate(() => {
    const range = new Range();
    const node = document.querySelector('#text').firstChild;
    range.setStart(node, 5);
    range.setEnd(node, 90);
    return [...range.getClientRects()].map(({ left, top, width, height }) => ({ left, top, width, height }));
  });
  const lines = await page.find({ 'data-part': 'line' });
  assert.equal(lines.length, rects.length);
  for (const [i, { node }] of lines.entries()) {
    const box = await page.boxOf(node.backendNodeId);
    for (const key of ['left', 'top', 'width', 'height']) near(`${key} of line ${i}`, box[key], rects[i][key]);
  }
  await page.close();
});

test('pinched larger, the anchor stays, and the bubble keeps its size on the screen', async () => {
  const page = await browser.open(PAGE, { size: PHONE, touch: true });
  await page.told('note', label(1, await page.id('#a'), [0.5, 0.5]));
  await keeps(page, 1, 'anchor', '#a', [0.5, 0.5]);
  const before = await page.drawn({ 'data-part': 'bubble' });
  await page.cdp.send('Emulation.setPageScaleFactor', { pageScaleFactor: 2 });
  await until('it is pinched', () => page.page.evaluate(() => visualViewport.scale === 2));
  await keeps(page, 1, 'anchor', '#a', [0.5, 0.5]);
  const after = await page.drawn({ 'data-part': 'bubble' });
  near('width', after.width, before.width / 2);
  await page.close();
});

test('a new snapshot gives other ids: the label stays until the server has bound it anew, and moves with the element that it gets', async () => {
  const page = await browser.open(PAGE);
  await page.told('note', label(1, await page.id('#a'), [0.5, 0.5]));
  await page.call('again');
  await keeps(page, 1, 'anchor', '#a', [0.5, 0.5]);
  await page.told('note', label(1, await page.id('#b'), [0.5, 0.5]));
  await keeps(page, 1, 'anchor', '#b', [0.5, 0.5]);
  await page.told('note', { note: { id: 1, by: 1, shape: { s: 'label', text: 'x', at: [0, 0] } } });
  await until('it is gone', async () => (await page.drawn({ 'data-note': '1', 'data-part': 'anchor' })) === null);
  await page.close();
});

test('a cursor is at its part of the element in both layouts, goes with scrolling, and leaves', async () => {
  for (const size of [DESKTOP, PHONE]) {
    const page = await browser.open(PAGE, { size });
    const pointer = { action: 'move', node: await page.id('#b'), at: [0.2, 0.6] };
    await page.told('pointer', { by: 1, pointer });
    const there = () => until('the cursor is there', async () => {
      const [drawn, box] = [await page.drawn({ 'data-part': 'cursor' }), await page.box('#b')];
      return drawn && close(drawn.left, box.left + 0.2 * box.width) && close(drawn.top, box.top + 0.6 * box.height);
    });
    await there();
    await page.page.evaluate(() => scrollTo(0, 50));
    await there();
    await page.told('pointer', { by: 1, pointer: { action: 'leave', at: [0, 0] } });
    await until('it left', async () => (await page.drawn({ 'data-part': 'cursor' })) === null);
    await page.close();
  }
});

test('nothing is drawn in frames when nothing is shown', async () => {
  const page = await browser.open(PAGE);
  await page.frames();
  const count = () => page.page.evaluate(async () => {
    let frames = 0;
    const own = window.requestAnimationFrame;
    const seen = performance.now();
    await new Promise((done) => { const tick = () => { frames += 1; if (performance.now() - seen > 300) done(); else own.call(window, tick); }; own.call(window, tick); });
    return frames;
  });
  assert.ok((await count()) > 0);
  // Boxes are read in frames that are drawn, and in no others.
  const reads = () => page.page.evaluate(() => new Promise((done) => {
    let reads = 0;
    const style = window.getComputedStyle;
    const { checkVisibility } = Element.prototype;
    Element.prototype.checkVisibility = function (...args) { reads += 1; return checkVisibility.apply(this, args); };
    setTimeout(() => { Element.prototype.checkVisibility = checkVisibility; window.getComputedStyle = style; done(reads); }, 300);
  }));
  assert.equal(await reads(), 0);
  await page.told('note', label(1, await page.id('#a'), [0.5, 0.5]));
  assert.ok((await reads()) > 3);
  await page.told('noteGone', { id: 1 });
  await page.frames();
  assert.equal(await reads(), 0);
  await page.close();
});
