// Masks in the visitor's browser: by the cases that companion and server share, and what is told in Chromium of pages that have secrets in them.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { chromium } from 'playwright-core';
import { bundle } from '../converge/bundle.mjs';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
if (!existsSync(executablePath)) throw new Error(`no Chromium at ${executablePath}: install the package chromium, or name it in CHROMIUM`);
const FIXTURES = new URL('../../fixtures/masks/', import.meta.url);
const URL_OF_CASES = 'https://shop.example/account';

let browser;
let page;
let script;
let html = '';

before(async () => {
  script = await bundle('driven', import.meta.url);
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  page = await (await browser.newContext({ viewport: { width: 800, height: 600 } })).newPage();
  page.on('pageerror', (error) => console.error(`page error: ${error.stack}`));
  await page.route('https://shop.example/**', (route) =>
    route.request().resourceType() === 'document' && route.request().frame() === page.mainFrame() ? route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }) : route.abort());
});
after(() => browser?.close());

const call = (name, ...args) => page.evaluate(([n, a]) => window.masks[n](...a), [name, args]);
const sites = (rules, all = false) => [{ scope: ['https://shop.example'], private: all, rules: rules.map(([action, selector, pages = []]) => ({ action, selector, pages })) }];

async function open(body, { url = URL_OF_CASES, quirks = false } = {}) {
  html = `${quirks ? '' : '<!doctype html>'}${body.replaceAll('shadowrootmode', 'data-shadow')}`;
  await page.goto(url);
  await page.evaluate(script);
  await call('prepare');
}

/** The verdicts are those; what is not shown was not told. */
async function agrees(verdicts, first) {
  const { sent, stands, same } = await call('flush');
  const got = {};
  for (const id of Object.keys(verdicts)) got[id] = await call('verdict', id);
  assert.deepEqual(got, verdicts);
  assert.ok(same, 'what stands of what was told is the page as it is told');
  for (const [id, verdict] of Object.entries(verdicts)) {
    const canary = new RegExp(`Canary-${id}\\b`);
    if (verdict !== 'shown') assert.ok(!canary.test(sent) && !canary.test(stands), `${id} is ${verdict}, and was told`);
    else if (first && (await call('told', id))?.children.length) assert.ok(sent.includes(`"${id}"`), `${id} is shown, and was not told`);
  }
}

for (const file of readdirSync(FIXTURES).filter((name) => name.endsWith('.json'))) {
  describe(file, () => {
    for (const { name, html: body, url, quirks, private: all, rules, verdicts, steps = [] } of JSON.parse(readFileSync(new URL(file, FIXTURES), 'utf8'))) {
      test(name, async () => {
        await open(body, { url, quirks });
        await call('plant');
        await call('begin', sites(rules, all));
        await agrees(verdicts, true);
        for (const { verdicts: then, ...step } of steps) {
          await call('step', step);
          await agrees(then, false);
        }
      });
    }
  });
}

describe('what is told', () => {
  const until = async (what, attempt) => {
    for (const end = Date.now() + 10_000; !(await attempt()); ) if (Date.now() > end) throw new Error(`${what}: not yet`);
  };
  const sizeOf = async (id) => (await call('flush'), (await call('told', id))?.state?.size);

  test('the size of boxes, as the layout has it before any transform, whenever it changes', async () => {
    await open('<div id=a class=h style="width:200px;height:100px;transform:scale(.5)">x</div><img id=b src=/none.png width=50 height=40><object id=c width=30 height=20></object><div id=d style="width:9px">y</div>');
    await call('begin', sites([['hide', '.h']]));
    assert.deepEqual(await sizeOf('a'), [200, 100]);
    await until('a picture that failed', async () => JSON.stringify(await sizeOf('b')) === '[50,40]');
    assert.deepEqual(await sizeOf('c'), [30, 20]);
    assert.equal(await sizeOf('d'), undefined);
    await page.evaluate(() => (document.querySelector('#a').style.width = '120px'));
    await until('the new size', async () => JSON.stringify(await sizeOf('a')) === '[120,100]');
  });

  test('after other rules came, nothing by the old ones', async () => {
    await open('<p id=a>x</p><p id=b>y</p><input id=c>');
    await call('begin', sites([]));
    await call('flush');
    // In one task: what changed before the rules came is told by them, too.
    await page.evaluate((rules) => {
      document.querySelector('#a').textContent = 'Canary-a';
      window.masks.rules(rules);
      document.querySelector('#c').value = 'Canary-c';
    }, sites([['mask', '#a, #c']]));
    await agrees({ a: 'masked', b: 'shown', c: 'masked' }, false);
    await call('rules', sites([]));
    await agrees({ a: 'shown', c: 'masked' }, false);
    assert.ok(!JSON.stringify(await call('told', 'c')).includes('Canary'), 'a field that was masked once stays so');
  });

  const change = (field) => page.evaluate(field);
  test('the text field that a framework puts in place of a password is masked, whatever its value', async () => {
    await open('<form><span id=f><input id=a type=password></span></form>');
    await call('begin', sites([]));
    await change(() => (document.querySelector('#a').value = 'c4n'));
    await agrees({ a: 'masked' }, false);
    await change(() => {
      const field = document.createElement('input');
      Object.assign(field, { id: 'b', value: document.querySelector('#a').value });
      const around = document.createElement('div');
      around.append(field);
      document.querySelector('#f').replaceWith(around);
    });
    await agrees({ b: 'masked' }, false);
    assert.equal((await call('told', 'b')).state.value, '***');
    await change(() => (document.querySelector('#b').value = 'something else'));
    await agrees({ b: 'masked' }, false);
    assert.ok(!/something|c4n/.test(JSON.stringify(await call('told', 'b'))));
  });

  test('a text field that is kept beside a password is masked once it has what that has', async () => {
    await open('<input id=b><input id=a type=password><input id=c><textarea id=d></textarea>');
    await change(() => { document.querySelector('#a').value = document.querySelector('#b').value = 'Canary-b'; });
    await call('begin', sites([]));
    await agrees({ a: 'masked', b: 'masked', c: 'shown', d: 'shown' }, false);
    await change(() => { document.querySelector('#c').value = 'Canary-'; });
    await agrees({ c: 'shown' }, false);
    await change(() => { document.querySelector('#a').value = document.querySelector('#d').value = 'Canary-d'; });
    await agrees({ a: 'masked', b: 'masked', c: 'shown', d: 'masked' }, false);
  });

  test('a drawing in what is masked is not read', async () => {
    await open('<div class=m><canvas id=a width=9 height=9></canvas></div><canvas id=b width=9 height=9></canvas>');
    await page.evaluate(() => {
      for (const canvas of document.querySelectorAll('canvas')) canvas.getContext('2d').fillRect(0, 0, 9, 9);
    });
    await call('begin', sites([['mask', '.m']]));
    await until('the drawing that is shown', async () => (await call('flush'), (await call('told', 'b')).state?.canvas?.startsWith('data:image/png')));
    assert.equal((await call('told', 'a')).state.canvas, undefined);
    assert.deepEqual(await call('marked'), ['a true']);
  });
});
