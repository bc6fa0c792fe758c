// Samples: where everything stands that is not for agents, in Chromium.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { start } from './page.mjs';
import { until } from '../until.mjs';

let browser;
before(async () => {
  browser = await start();
});
after(() => browser?.close());

/** All of the box is in one of the others. */
const covered = (box, boxes) => boxes.some(([l, t, w, h]) => box[0] >= l && box[1] >= t && box[0] + box[2] <= l + w && box[1] + box[3] <= t + h);
const boxesOf = (sample) => sample.stands.flatMap(({ boxes }) => boxes);

/** Boxes of the texts below what is selected, or of the elements, in the top document; frames are told by their offset. */
const measured = (page, selector) => page.evaluate((s) => {
  const { find } = window.driven;
  const element = find(s);
  let [x, y] = [0, 0];
  for (let frame = element.ownerDocument.defaultView.frameElement; frame; frame = frame.ownerDocument.defaultView.frameElement) {
    const { left, top } = frame.getBoundingClientRect();
    x += left + frame.clientLeft;
    y += top + frame.clientTop;
  }
  const texts = [...element.childNodes].filter((node) => node.nodeType === 3 && node.data.trim());
  const range = element.ownerDocument.createRange();
  const rects = texts.length ? texts.flatMap((node) => (range.selectNodeContents(node), [...range.getClientRects()])) : [...element.getClientRects()];
  return rects.map(({ left, top, width, height }) => [x + left, y + top, width, height]);
}, selector);

const LONG = 'a text that is long enough to be broken into lines '.repeat(4);

/** What it is, the page, what has to be covered, and what is done before. */
const CASES = [
  ['a password', '<p>shown<p><input id=a type=password value=x>', ['#a']],
  ['a masked field', '<textarea id=a class=m>x</textarea>', ['#a']],
  ['a list', '<select id=a class=m><option>x</select>', ['#a']],
  ['a text of one line', '<p>shown <b id=a class=m>secret</b> shown', ['#a']],
  ['a text of several lines', `<p style="width:200px">shown <b id=a class=m>${LONG}</b> shown`, ['#a']],
  ['a picture in what is masked', '<div class=m><img id=a width=40 height=30 src="data:image/gif;base64,R0lGODlhAQABAAAAACw="></div>', ['#a']],
  ['a drawing in what is masked', '<div class=m><canvas id=a width=40 height=30></canvas></div>', ['#a']],
  ['a drawing of lines in what is masked', '<div class=m><svg id=a width=40 height=30><path d="M0 0 L9 9"/></svg></div>', ['#a']],
  ['what is hidden', '<div id=a class=h style="width:90px;height:40px">x</div>', ['#a']],
  ['a text that reaches out of what is hidden', '<div class=h style="width:30px;height:20px;white-space:nowrap"><span id=a>a long text without a break</span></div>', ['#a']],
  ['what stands beside what is hidden and is in it', '<div class=h style="position:relative;width:30px;height:20px"><i><b id=a style="position:absolute;left:200px;top:100px;width:50px;height:50px;background:red"></b></i></div>', ['#a']],
  ['a shadow tree in what is hidden', '<div class=h style="width:30px;height:20px"><div id=s><template shadowrootmode=closed><b id=a style="position:absolute;left:200px;width:50px;height:50px"></b></template></div></div>', ['#s >>> #a']],
  ['boxes without a box', '<div class=h style="display:contents"><p id=a>text</p></div>', ['#a']],
  ['a scrolled box in a scrolled page', `<div style="height:400px"></div><div id=s style="height:100px;overflow:auto"><div style="height:80px"></div><p id=a class=m>secret</p><div style="height:500px"></div></div><div style="height:2000px"></div>`, ['#a'],
    () => { document.querySelector('#s').scrollTop = 50; window.scrollTo(0, 120); }],
  ['an open shadow tree', '<div id=s><template shadowrootmode=open><p>shown<p id=a class=m>secret</template></div>', ['#s >>> #a']],
  ['a closed shadow tree', '<div id=s><template shadowrootmode=closed><p>shown<p id=a class=m>secret</template></div>', ['#s >>> #a']],
  ['a frame with an edge', '<p>shown<iframe id=s style="border:7px solid;margin-left:30px" srcdoc="<style>.m{margin:20px}</style><p class=m id=a>secret"></iframe>', ['#s >>> #a']],
  ['a frame in a frame', '<iframe id=s srcdoc="<p>shown</p><iframe id=t srcdoc=\'<p class=m id=a>secret\'></iframe>"></iframe>', ['#s >>> #t >>> #a']],
  ['a turned frame: all of it', '<iframe id=s style="transform:rotate(20deg);margin:60px" srcdoc="<p class=m id=a>secret"></iframe>', ['#s']],
  ['a turned text', '<p id=a class=m style="transform:rotate(30deg) translate(100px,50px);width:200px">secret', ['#a']],
  ['the shadow of a text', '<p id=a class=m style="margin:50px;text-shadow:30px 20px 2px red">secret', ['#a'], undefined, [50, 50, 75, 40]],
  ['what a style sheet writes', '<style>#a::before{content:"4711"}</style><p id=a class=m style="margin:50px;height:20px"></p>', ['#a']],
  ['the number of a list', '<ol style="padding-left:80px;margin:0"><li id=a class=m>secret</ol>', ['#a'], undefined, [40, 0, 100, 20]],
  ['a frame of another site', '<iframe id=a src="http://other.test/frame" width=200 height=100></iframe>', ['#a']],
  ['a private site', '<div id=b><p id=a>secret<p id=c>more</div>', ['#a', '#c'], undefined, undefined, { private: true }],
];

describe('a sample covers', () => {
  for (const [name, html, selectors, act, more, options] of CASES) {
    test(name, async () => {
      const page = await browser.open(html, options);
      await page.frames();
      if (act) await page.evaluate(act);
      const boxes = boxesOf(await page.look());
      for (const selector of selectors) for (const box of await measured(page, selector)) assert.ok(covered(box, boxes), `${selector} is at ${box}, covered is ${JSON.stringify(boxes)}`);
      if (more) assert.ok(covered(more, boxes), `${more} is not in ${JSON.stringify(boxes)}`);
      await page.close();
    });
  }

  test('no more than that', async () => {
    const page = await browser.open('<p style="margin:0">shown</p><p id=a class=m style="margin:0">secret</p><p>shown</p><div style="visibility:hidden" class=m>gone</div><div style="display:none" class=m>gone</div>');
    const boxes = boxesOf(await page.look());
    const [box] = await measured(page, '#a');
    assert.equal(boxes.length, 1);
    boxes[0].forEach((length, i) => assert.ok(Math.abs(length - box[i]) <= 9, `${boxes[0]} for ${box}`));
    await page.close();
  });

  test('more than can be measured one by one, in groups', async () => {
    const rows = Array.from({ length: 900 }, (_, i) => `<tr><td id=n${i}>number ${i}</td></tr>`).join('');
    const page = await browser.open(`<table class=m>${rows}</table>`);
    // What style sheets write is looked up bit by bit, and taken for granted until then.
    const sample = await until('groups', async () => {
      const now = await page.look();
      return now.stands.length <= 500 && now;
    });
    for (const i of [0, 1, 450, 899]) for (const box of await measured(page, `#n${i}`)) assert.ok(covered(box, boxesOf(sample)), `${box}`);
    await page.close();
  });
});

describe('a sample comes', () => {
  test('after a snapshot, and never before it', async () => {
    const page = await browser.open('<input id=a type=password>');
    await page.next('sample');
    const kinds = (await page.evaluate(() => window.driven.events.map(({ t }) => t)))[0];
    assert.equal(kinds, 'snapshot');
    await page.close();
  });

  test('as an answer, after all events up to then', async () => {
    const page = await browser.open('<p id=a>shown</p>');
    await page.frames();
    await page.news();
    await page.evaluate(() => {
      document.querySelector('#a').insertAdjacentHTML('afterend', '<p id=b class=m>secret</p>');
      window.driven.tell({ t: 'look', n: 77 });
    });
    const { sample } = await page.next('sample', ({ sample: { look } }) => look === 77);
    const id = await page.id('#b');
    const batches = await page.evaluate(() => window.driven.events.some(({ t }) => t === 'add'));
    assert.ok(batches && id !== undefined);
    assert.ok(covered((await measured(page, '#b'))[0], boxesOf(sample)));
    assert.ok(Math.abs(sample.at - Date.now()) < 5_000);
    await page.close();
  });

  test('for each frame in which something moved, with where it is then', async () => {
    const page = await browser.open('<p id=a class=m style="position:absolute;left:0;top:0">secret</p>');
    await page.look();
    await page.news();
    const lefts = await page.evaluate(() => new Promise((done) => {
      const all = [];
      const move = () => {
        all.push(all.length * 20 + 20);
        document.querySelector('#a').style.left = `${all.at(-1)}px`;
        if (all.length < 20) requestAnimationFrame(move);
        else setTimeout(() => done(all), 200);
      };
      requestAnimationFrame(move);
    }));
    const seen = (await page.news()).filter(({ t }) => t === 'sample').flatMap(({ sample }) => boxesOf(sample).map(([left]) => left));
    for (const left of lefts) assert.ok(seen.some((at) => at <= left && at > left - 6), `${left} is not in ${seen}`);
    await page.close();
  });

  test('of what a style sheet or a scroll moves, too', async () => {
    const page = await browser.open('<style>@keyframes go { to { transform: translateX(300px) } } .go { animation: go .3s linear forwards }</style><p id=a class=m>secret</p><div style="height:3000px">');
    await page.look();
    await page.news();
    await page.evaluate(() => document.querySelector('#a').classList.add('go'));
    await page.next('sample', ({ sample }) => boxesOf(sample).some(([left]) => left > 100 && left < 280));
    await page.next('sample', ({ sample }) => boxesOf(sample).some(([left]) => left > 290));
    await page.page.mouse.move(100, 100);
    await page.page.mouse.wheel(0, 150);
    await page.next('sample', ({ sample }) => boxesOf(sample).some(([, top]) => top < -100));
    await page.close();
  });

  test('with what is gone, once more', async () => {
    const page = await browser.open('<p id=a class=m>secret</p>');
    const before = await page.look();
    const [box] = boxesOf(before);
    await page.evaluate(() => document.querySelector('#a').remove());
    const { sample } = await page.next('sample');
    assert.deepEqual(boxesOf(sample), [box]);
    const { sample: then } = await page.next('sample');
    assert.deepEqual(boxesOf(then), []);
    await page.close();
  });

  test('of what appears for one frame', async () => {
    const page = await browser.open('<p id=a>shown</p>');
    await page.look();
    await page.news();
    await page.evaluate(() => new Promise((done) => {
      requestAnimationFrame(() => {
        document.querySelector('#a').insertAdjacentHTML('afterend', '<p id=b class=m style="position:absolute;left:300px;top:200px;margin:0">secret</p>');
        requestAnimationFrame(() => {
          document.querySelector('#b').remove();
          done();
        });
      });
    }));
    await page.next('sample', ({ sample }) => boxesOf(sample).some(([left, top]) => left > 290 && left < 301 && top > 190 && top < 201));
    await page.next('sample', ({ sample }) => boxesOf(sample).length === 0);
    await page.close();
  });

  test('with what the server names, until it names others', async () => {
    const page = await browser.open('<p id=a>4111 1111</p><p id=b><input id=c placeholder=x></p>');
    await page.tell({ t: 'guard', n: 3, nodes: [await page.text('#a'), await page.id('#c'), 999] });
    const { sample } = await page.next('sample', ({ sample: { guard } }) => guard === 3);
    for (const selector of ['#a', '#c']) for (const box of await measured(page, selector)) assert.ok(covered(box, boxesOf(sample)), selector);
    assert.deepEqual(sample.stands.find(({ node }) => node === 999).boxes, []);
    await page.tell({ t: 'guard', n: 4, nodes: [] });
    const { sample: then } = await page.next('sample', ({ sample: { guard } }) => guard === 4);
    assert.equal(boxesOf(then).length, 2, 'where they were, once more');
    assert.deepEqual(boxesOf(await page.look()), []);
    await page.close();
  });

  test('never again while nothing happens', async () => {
    const page = await browser.open('<p id=a>shown</p>');
    await page.look();
    await page.evaluate(() => new Promise((done) => setTimeout(done, 900)));
    await page.news();
    const drawn = await page.evaluate(() => new Promise((done) => {
      const own = window.requestAnimationFrame;
      let count = 0;
      window.requestAnimationFrame = (run) => (count++, own.call(window, run));
      setTimeout(() => done(count), 1_500);
    }));
    assert.equal(drawn, 0, 'no frame was asked for');
    assert.deepEqual((await page.news()).filter(({ t }) => t === 'sample'), []);
    await page.close();
  });
});

test('500 boxes take little time, more not much longer', async () => {
  for (const [count, most] of [[250, 5], [2_500, 20]]) {
    const rows = Array.from({ length: count }, (_, i) => `<tr><td>number ${i}</td><td>text ${i}</td></tr>`).join('');
    const page = await browser.open(`<table class=m>${rows}</table>`);
    await until('all is looked at', async () => (await page.look()).stands.every(({ boxes }) => boxes.every(([, , width, height]) => width < 800 || height < 600)));
    const times = await page.evaluate(() => new Promise((done) => {
      const all = [];
      const each = () => {
        const begun = performance.now();
        window.driven.measure();
        all.push(performance.now() - begun);
        window.scrollTo(0, all.length * 3);
        if (all.length < 40) requestAnimationFrame(each);
        else done(all.sort((a, b) => a - b));
      };
      setTimeout(() => requestAnimationFrame(each), 500);
    }));
    console.log(`${2 * count} texts: median ${times[20].toFixed(2)} ms, worst ${times.at(-1).toFixed(2)} ms`);
    assert.ok(times[10] < most, `${times}`);
    await page.close();
  }
});
