// What the page asks the visitor, and what the overlay has here: dialogs, lists, files, questions, chat, the bar. In Chromium, the test playing the server.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serious } from '../e2e/axe.mjs';
import { PHONE, screens } from './play.mjs';
import { until } from '../until.mjs';

const { on, open } = screens();

const OPTIONS = [
  { label: 'Berlin', group: 'Germany', selected: false, disabled: false },
  { label: 'Bonn', group: 'Germany', selected: true, disabled: false },
  { label: 'Hamburg', group: 'Germany', selected: false, disabled: true },
  { label: 'Basel', group: 'Switzerland', selected: false, disabled: false },
  { label: 'Elsewhere', group: '', selected: false, disabled: false },
];
const LIST = { id: 4, place: [100, 200, 240, 40], multiple: false, options: OPTIONS };
/** The browser's chooser that something opens. */
const opened = async (page, run) => (await Promise.all([page.waitForEvent('filechooser'), run()]))[0];
/** A press counts once the card has stood for a moment. */
const moment = (page) => page.waitForTimeout(330);

on('alert, confirm, prompt and leaving, as the site’s', {}, async (screen, page, play) => {
  const ask = async (kind, text, value = '') => {
    play.tell({ t: 'dialog', dialog: { kind, text, value } });
    const card = page.getByRole('alertdialog');
    await card.waitFor();
    await moment(page);
    return card;
  };
  const answers = () => play.of('dialog').map(({ accept, text }) => (text === undefined ? accept : [accept, text]));
  let card = await ask('alert', 'Saved.');
  assert.match(await card.textContent(), /shop\.example says.*Saved\./);
  assert.equal(await card.getByRole('button').count(), 1);
  await page.keyboard.press('Enter');
  await screen.heard('dialog');
  card = await ask('confirm', 'Remove it?');
  await card.getByRole('button', { name: 'Cancel' }).click();
  card = await ask('confirm', 'Remove it?');
  await page.keyboard.press('Escape');
  card = await ask('prompt', 'Your name', 'Maria');
  assert.equal(await page.evaluate(() => document.activeElement.value), 'Maria');
  await page.keyboard.type('Ada');
  await page.keyboard.press('Enter');
  card = await ask('leave', '');
  await card.getByRole('button', { name: 'Stay' }).click();
  await screen.heard('dialog', 5);
  assert.deepEqual(answers(), [true, false, false, [true, 'Ada'], false]);
  assert.deepEqual(play.inputs(), [], 'the page got none of it');
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('role')), 'application');
  await ask('confirm', 'Gone in a moment');
  play.tell({ t: 'dialogGone' });
  await until('it is gone', async () => (await page.getByRole('alertdialog').count()) === 0);
  await page.keyboard.press('q');
  await until('keys go to the page again', () => play.inputs('key').length === 2);
});

on('a press that was on its way answers no dialog', {}, async (screen, page, play) => {
  play.tell({ t: 'dialog', dialog: { kind: 'confirm', text: 'Pay?', value: '' } });
  await page.getByRole('alertdialog').waitFor();
  await page.evaluate(() => document.activeElement.click());
  assert.deepEqual(play.of('dialog'), []);
});

on('a list stands at its place, and goes by keys', {}, async (screen, page, play) => {
  play.tell({ t: 'list', list: LIST });
  const list = page.getByRole('listbox');
  await list.waitFor();
  const box = await page.locator('.list').boundingBox();
  assert.deepEqual([box.x, box.y], [100, 240]);
  assert.ok(box.width >= 240);
  const at = () => page.evaluate(() => document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.textContent);
  assert.equal(await at(), 'Bonn');
  await page.keyboard.press('ArrowDown');
  assert.equal(await at(), 'Basel', 'what cannot be chosen is left out');
  await page.keyboard.type('b');
  assert.equal(await at(), 'Berlin');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  assert.deepEqual((await screen.heard('choose')).at(-1), { t: 'choose', id: 4, options: [4] });
  assert.equal(await list.count(), 0);
  assert.deepEqual(play.inputs(), []);
});

on('a list: by the mouse, closed beside it or by Escape, above where there is no room below', {}, async (screen, page, play) => {
  play.tell({ t: 'list', list: LIST });
  await page.getByRole('option', { name: 'Basel' }).click();
  assert.deepEqual((await screen.heard('choose')).at(-1), { t: 'choose', id: 4, options: [3] });
  play.tell({ t: 'list', list: { ...LIST, id: 5, place: [900, 740, 100, 30] } });
  await page.getByRole('listbox').waitFor();
  const box = await page.locator('.list').boundingBox();
  assert.ok(Math.abs(box.y + box.height - 740) < 2, `${box.y + box.height}`);
  await page.keyboard.press('Escape');
  assert.deepEqual((await screen.heard('choose', 2)).at(-1), { t: 'choose', id: 5 });
  play.tell({ t: 'list', list: { ...LIST, id: 6 } });
  await page.getByRole('listbox').waitFor();
  await page.mouse.click(900, 300);
  assert.deepEqual((await screen.heard('choose', 3)).at(-1), { t: 'choose', id: 6 });
  play.tell({ t: 'list', list: { ...LIST, id: 7, multiple: true } });
  await page.getByRole('option', { name: 'Berlin' }).click();
  await page.getByRole('option', { name: 'Bonn' }).click();
  await page.getByRole('option', { name: 'Elsewhere' }).click();
  await page.getByRole('button', { name: 'Done' }).click();
  assert.deepEqual((await screen.heard('choose', 4)).at(-1), { t: 'choose', id: 7, options: [0, 4] });
  play.tell({ t: 'list', list: { ...LIST, id: 8 } });
  await page.getByRole('listbox').waitFor();
  play.tell({ t: 'listGone' });
  await until('it is gone', async () => (await page.getByRole('listbox').count()) === 0);
  assert.equal(play.of('choose').length, 4);
});

on('on a phone a list is the phone’s own', { size: PHONE, touch: true }, async (screen, page, play) => {
  await page.touchscreen.tap(50, 300);
  play.tell({ t: 'list', list: { ...LIST, place: [20, 200, 300, 44] } });
  await page.locator('select').waitFor({ state: 'attached' });
  assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll('select option')].map(({ label, disabled, parentElement }) => [label, disabled, parentElement.label ?? ''])), OPTIONS.map(({ label, disabled, group }) => [label, disabled, group]));
  await page.evaluate(() => {
    const select = document.querySelector('select');
    select.selectedIndex = 3;
    select.dispatchEvent(new Event('change'));
  });
  assert.deepEqual((await screen.heard('choose')).at(-1), { t: 'choose', id: 4, options: [3] });
});

on('on a phone that does not open it, a list is a sheet', { size: PHONE, touch: true }, async (screen, page, play) => {
  await page.evaluate(() => delete HTMLSelectElement.prototype.showPicker);
  play.tell({ t: 'list', list: LIST });
  await page.locator('.list.sheet').waitFor();
  await page.getByRole('option', { name: 'Elsewhere' }).tap();
  assert.deepEqual((await screen.heard('choose')).at(-1), { t: 'choose', id: 4, options: [4] });
});

on('files are chosen by a press, sent, and named by their keys', {}, async (screen, page, play) => {
  page.on('filechooser', () => undefined);
  await page.mouse.click(600, 500);
  // The press that made the page ask still counts: the browser's chooser comes by itself; else by the card's button.
  const chooser = await opened(page, () => play.tell({ t: 'chooser', id: 3, multiple: true, accept: '.txt' }));
  assert.ok(chooser.isMultiple());
  const card = page.getByRole('alertdialog');
  assert.match(await card.textContent(), /shop\.example asks for files/);
  const file = (name, text) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
  play.refuse = true;
  await chooser.setFiles([file('a.txt', 'one')]);
  await until('it is said', async () => /could not be sent/.test(await card.textContent()));
  play.refuse = false;
  await chooser.setFiles([file('ä b.txt', 'one'), file('b.txt', 'two')]);
  assert.deepEqual((await screen.heard('files')).at(-1), { t: 'files', id: 3, keys: ['key1', 'key2'] });
  assert.deepEqual(play.uploads, [{ name: 'ä b.txt', body: 'one' }, { name: 'b.txt', body: 'two' }]);
  await page.evaluate(() => Object.defineProperty(navigator, 'userActivation', { value: { isActive: false } }));
  play.tell({ t: 'chooser', id: 4, multiple: false, accept: '' });
  await card.waitFor();
  await moment(page);
  const one = await opened(page, () => card.getByRole('button', { name: 'Choose a file' }).click());
  assert.ok(!one.isMultiple());
  await card.getByRole('button', { name: 'Cancel' }).click();
  assert.deepEqual((await screen.heard('files', 2)).at(-1), { t: 'files', id: 4, keys: [] });
  screen.errors.length = 0;
});

on('a question about an act is asked beside its element', {}, async (screen, page, play) => {
  play.tell({ t: 'ask', ask: { id: 9, by: 1, act: 'click', text: 'Justin wants to press “Pay”', place: [500, 300, 120, 40] } });
  const card = page.getByRole('alertdialog', { name: /Justin wants to press/ });
  await card.waitFor();
  const box = await card.boundingBox();
  assert.ok(box.y > 340 && box.y < 360 && box.x < 560 && box.x + box.width > 560, JSON.stringify(box));
  await page.waitForTimeout(400);
  await card.getByRole('button', { name: 'Allow' }).click();
  assert.deepEqual((await screen.heard('allow')).at(-1), { t: 'allow', id: 9, allow: true });
  play.tell({ t: 'ask', ask: { id: 10, by: 1, act: 'navigate', text: 'Justin wants to open another page', place: null } });
  await card.or(page.getByRole('alertdialog', { name: /another page/ })).waitFor();
  play.tell({ t: 'askGone', id: 10 });
  await until('it is gone', async () => (await page.getByRole('alertdialog').count()) === 0);
  play.tell({ t: 'ask', ask: { id: 11, by: 1, act: 'click', text: 'Justin wants to press “No”', place: null } });
  await page.getByRole('alertdialog').getByRole('button', { name: 'Don’t' }).click();
  assert.deepEqual((await screen.heard('allow', 2)).map(({ id, allow }) => [id, allow]), [[9, true], [11, false]]);
});

on('the bar: who sees, whose page it is, mode, chat, the way back, the end', {}, async (screen, page, play) => {
  const bar = page.getByRole('region', { name: 'Shared visit' });
  assert.match(await bar.textContent(), /shop\.example.*Justin can see this page/);
  assert.equal(await bar.getByRole('button', { name: 'Show something' }).count(), 0);
  const said = (t) => until(t, () => play.of('visitor').map(({ message }) => message).filter((message) => message.t === t).at(-1));
  await bar.getByRole('button', { name: 'Let Justin help' }).click();
  assert.deepEqual(await said('mode'), { t: 'mode', mode: 'shared' });
  play.visitor({ t: 'question', id: 2, by: 1, what: { q: 'share' } });
  await page.waitForTimeout(400);
  await page.getByRole('button', { name: 'Allow' }).click();
  assert.deepEqual(await said('answer'), { t: 'answer', id: 2, allow: true });
  await bar.getByRole('button', { name: 'Chat' }).click();
  await page.keyboard.type('Hello');
  await page.keyboard.press('Enter');
  assert.deepEqual(await said('chat'), { t: 'chat', text: 'Hello' });
  assert.deepEqual(play.inputs('key'), [], 'what is written to agents does not go to the page');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'About this shared visit' }).click();
  await page.getByRole('button', { name: 'Load again' }).click();
  assert.deepEqual((await screen.heard('step')).at(-1), { t: 'step', step: 'reload' });
  await page.getByRole('button', { name: 'Back to the page itself' }).click();
  await screen.heard('leave');
  await page.keyboard.press('Escape');
  await bar.getByRole('button', { name: 'End sharing' }).click();
  await bar.getByRole('button', { name: 'Yes, end' }).click();
  await said('end');
});

on('the keyboard reaches the bar and comes back, also over a dialog', {}, async (screen, page, play) => {
  await page.keyboard.press('F6');
  const focused = () => page.evaluate(() => document.activeElement.localName);
  assert.equal(await focused(), 'alongside-overlay');
  await page.keyboard.press('F6');
  assert.equal(await page.evaluate(() => document.activeElement.className), 'page arrived');
  await page.keyboard.press('x');
  await until('it goes to the page', () => play.inputs('key').length === 2);
  assert.equal(await page.evaluate(() => document.activeElement.className), 'page');
  play.tell({ t: 'dialog', dialog: { kind: 'confirm', text: 'Sure?', value: '' } });
  await page.getByRole('alertdialog').waitFor();
  await page.keyboard.press('Alt+Shift+E');
  assert.equal(await focused(), 'alongside-overlay');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Yes, end' }).click();
  await until('the end', () => play.of('visitor').some(({ message }) => message.t === 'end'));
});

test('axe-core finds nothing serious, light or dark', async () => {
  const found = [];
  for (const scheme of ['light', 'dark']) {
    const screen = await open({ scheme, picture: false });
    const { page, play } = screen;
    const look = async (what) => found.push(...(await serious(page)).map((text) => `${what}, ${scheme}: ${text}`));
    await look('opening');
    await screen.live({ notice: true });
    await page.getByText('now see a picture').first().waitFor();
    await look('notice');
    await page.getByRole('button', { name: 'OK' }).click();
    play.tell({ t: 'list', list: LIST });
    await page.getByRole('listbox').waitFor();
    await look('list');
    play.tell({ t: 'listGone' });
    play.tell({ t: 'dialog', dialog: { kind: 'prompt', text: 'Your name', value: '' } });
    await page.getByRole('alertdialog').waitFor();
    await moment(page);
    await look('prompt');
    play.tell({ t: 'dialogGone' });
    // Otherwise the browser's chooser opens, and nobody is there to choose.
    await page.evaluate(() => Object.defineProperty(navigator, 'userActivation', { value: { isActive: false } }));
    play.tell({ t: 'chooser', id: 1, multiple: false, accept: '' });
    await page.getByText('asks for a file').waitFor();
    await moment(page);
    await look('chooser');
    await screen.close();
  }
  assert.deepEqual(found, []);
});
