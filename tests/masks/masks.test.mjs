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
