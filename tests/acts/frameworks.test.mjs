// Fields that React, Vue and Svelte bind to their state take typed text, choices and checks: the state follows, and the field keeps what it got.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { FRAMEWORKS, startFrameworks } from '../frameworks/build.mjs';
import { start } from './page.mjs';

let browser, site;
before(async () => {
  site = await startFrameworks();
  browser = await start();
});
after(async () => {
  await browser?.close();
  await site?.stop();
});

for (const name of FRAMEWORKS) {
  test(name, { timeout: 30_000 }, async () => {
    const acts = await browser.visit(`${site.origin}/${name}`, '#state');
    const state = () => acts.evaluate(() => JSON.parse(document.querySelector('#state').textContent));
    const field = (selector) => acts.evaluate((s) => (({ type, checked, value }) => (type === 'checkbox' || type === 'radio' ? checked : value))(document.querySelector(s)), selector);
    const done = async (outcome) => assert.equal(await outcome, 'done');
    await done(acts.type('#name', ['Mia', { key: 'ArrowLeft' }, 'n', { key: 'Backspace' }]));
    await done(acts.type('#note', 'two\nlines'));
    await done(acts.do({ a: 'choose', on: '#colour', choice: { options: [await acts.id('#colour option:nth-child(3)')] } }));
    await done(acts.do({ a: 'check', on: '#terms', checked: true }));
    await done(acts.do({ a: 'check', on: '#size-large', checked: true }));
    await done(acts.type('#count', '12'));
    const wanted = { name: 'Mia', note: 'two\nlines', colour: 'blue', terms: true, size: 'large', count: '12' };
    const { sent, items, ...got } = await state();
    assert.deepEqual(got, wanted);
    assert.deepEqual([await field('#name'), await field('#note'), await field('#colour'), await field('#terms'), await field('#size-large'), await field('#count')], Object.values(wanted).map((value) => (value === 'large' ? true : value)));
    await done(acts.click('#shuffle'));
    assert.deepEqual(await acts.evaluate(() => [...document.querySelectorAll('li')].map((e) => e.textContent)), ['cherry', 'plum', 'pear', 'apple']);
    await done(acts.type('#name', ['all', 'Bo', { key: 'Enter' }]));
    assert.deepEqual(await state().then(({ name: now, sent: times }) => [now, times]), ['Bo', 1]);
    const before = await acts.id('#name');
    await done(acts.click('#again'));
    assert.equal(await acts.do({ a: 'type', node: before, strokes: [{ text: 'x' }] }), 'gone', 'an element that was rendered anew is another one');
    await done(acts.do({ a: 'submit', on: '#name' }));
    assert.equal((await state()).sent, 2);
    await acts.close();
  });
}
