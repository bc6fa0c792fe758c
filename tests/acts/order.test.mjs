// The events of acts, compared with those that a real mouse and keyboard make on the same page.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { start } from './page.mjs';

let browser;
before(async () => (browser = await start()));
after(() => browser?.close());

const FORM = '<form id="form"><input id="text" name="t"><button id="button">Send</button></form>';

/** A case: what is on the stage, what a person does, what the act is. */
const CASES = [
  ['a button', '<button id="button" type="button"><span id="icon">Press</span></button>', (page) => page.mouse.click(...page.at('#icon')), (acts) => acts.click('#icon')],
  ['a button, twice', '<button id="button" type="button">Press</button>', (page) => page.mouse.dblclick(...page.at('#button')), (acts) => acts.click('#button', { count: 2 })],
  ['a link', '<a id="link" href="#there">There</a>', (page) => page.mouse.click(...page.at('#link')), (acts) => acts.click('#link')],
  ['a label', '<label id="label" for="box">Yes</label> <input type="checkbox" id="box">', (page) => page.mouse.click(...page.at('#label')), (acts) => acts.click('#label')],
  ['a box', '<input type="checkbox" id="box">', (page) => page.mouse.click(...page.at('#box')), (acts) => acts.do({ a: 'check', on: '#box', checked: true })],
  ['a radio button', '<input type="radio" name="r" id="one" checked><input type="radio" name="r" id="two">', (page) => page.mouse.click(...page.at('#two')), (acts) => acts.do({ a: 'check', on: '#two', checked: true })],
  ['details', '<details id="details"><summary id="summary">More</summary>text</details>', (page) => page.mouse.click(...page.at('#summary')), (acts) => acts.click('#summary')],
  ['a field', '<input id="text">', (page) => page.mouse.click(...page.at('#text')), (acts) => acts.click('#text')],
  ['nothing in particular, after a field', '<input id="text" autofocus><p id="p">text</p>', (page) => page.mouse.click(...page.at('#p')), (acts) => acts.click('#p')],
  ['a submit button', FORM, (page) => page.mouse.click(...page.at('#button')), (acts) => acts.click('#button')],
  ['a submit button of a form that is not valid', '<form id="form"><input id="text" required><button id="button">Send</button></form>', (page) => page.mouse.click(...page.at('#button')), (acts) => acts.click('#button')],
  ['a reset button', '<form id="form"><input id="text"><button id="button" type="reset">Clear</button></form>', (page) => page.mouse.click(...page.at('#button')), (acts) => acts.click('#button')],
  ['typing', '<input id="text"><textarea id="area"></textarea>', (page) => page.locator('#text').focus().then(() => page.keyboard.type('ab')), (acts) => acts.type('#text', 'ab')],
  ['typing, keys', '<input id="text" value="abc">', (page) => keys(page, '#text', ['End', 'Backspace', 'ArrowLeft', 'Delete', 'Home', 'x', 'Escape']),
    (acts) => acts.type('#text', [{ key: 'End' }, { key: 'Backspace' }, { key: 'ArrowLeft' }, { key: 'Delete' }, { key: 'Home' }, 'x', { key: 'Escape' }])],
  ['typing in a textarea', '<textarea id="area"></textarea>', (page) => keys(page, '#area', ['a', 'Enter', 'b']), (acts) => acts.type('#area', 'a\nb')],
  ['typing in a number', '<input id="text" type="number">', (page) => keys(page, '#text', ['1', 'x', '2']), (acts) => acts.type('#text', '1x2')],
  ['typing in place', '<div id="edit" contenteditable>old</div>', (page) => keys(page, '#edit', ['a', 'b', 'Backspace']), (acts) => acts.type('#edit', ['ab', { key: 'Backspace' }])],
  ['Enter in a field of a form', FORM, (page) => keys(page, '#text', ['a', 'Enter']), (acts) => acts.type('#text', ['a', { key: 'Enter' }])],
  ['Enter in the only field of a form without a button', '<form id="form"><input id="text"></form>', (page) => keys(page, '#text', ['a', 'Enter']), (acts) => acts.type('#text', ['a', { key: 'Enter' }])],
  ['Enter in one of two fields without a button', '<form id="form"><input id="text"><input id="other"></form>', (page) => keys(page, '#text', ['Enter']), (acts) => acts.type('#text', [{ key: 'Enter' }])],
  ['Enter with a disabled button', '<form id="form"><input id="text"><button id="button" disabled>Send</button></form>', (page) => keys(page, '#text', ['Enter']), (acts) => acts.type('#text', [{ key: 'Enter' }])],
  ['Enter on a button', '<button id="button" type="button">Press</button>', (page) => keys(page, '#button', ['Enter']), (acts) => acts.type('#button', [{ key: 'Enter' }])],
  ['Tab', '<input id="one"><input id="hidden" type="hidden"><span tabindex="-1">not</span><input id="two" disabled><input id="three">', (page) => keys(page, '#one', ['a', 'Tab', 'b']), (acts) => acts.type('#one', ['a', { key: 'Tab' }, 'b'])],
  ['from one field to another', '<input id="one"><input id="two">', (page) => keys(page, '#one', ['a']).then(() => page.mouse.click(...page.at('#two'))), (acts) => acts.type('#one', 'a').then(() => acts.click('#two'))],
  ['arrows in a radio group', '<input type="radio" name="r" id="one" checked><input type="radio" name="r" id="two">', (page) => keys(page, '#one', ['ArrowDown']), (acts) => acts.type('#one', [{ key: 'ArrowDown' }])],
  ['a list', '<select id="list"><option id="a">A<option id="b">B</select>', (page) => page.locator('#list').focus().then(() => page.selectOption('#list', 'B')), (acts) => acts.do({ a: 'choose', on: '#list', choice: { value: 'B' } })],
  ['a date', '<input id="date" type="date">', (page) => page.fill('#date', '2026-11-24'), (acts) => acts.do({ a: 'choose', on: '#date', choice: { value: '2026-11-24' } })],
];

async function keys(page, selector, list) {
  await page.locator(selector).focus();
  // As acts have it: the caret is at the end.
  await page.locator(selector).evaluate((e) => {
    if (e.isContentEditable) getSelection().selectAllChildren(e), getSelection().collapseToEnd();
    else if (e.type !== 'number' && e.setSelectionRange && 'selectionStart' in e && e.selectionStart !== null) e.setSelectionRange(e.value.length, e.value.length);
  });
  for (const key of list) await page.keyboard.press(key);
}

/** Events that browsers send a task later (`toggle`, `hashchange`) have been sent. */
const settled = () => new Promise((done) => requestAnimationFrame(() => setTimeout(() => requestAnimationFrame(() => setTimeout(done)))));

/** State of all fields, and what has the focus. */
const state = () => ({
  values: [...document.querySelectorAll('#stage input, #stage textarea, #stage select')].map((e) => [e.value, e.checked ?? null]),
  texts: [...document.querySelectorAll('[contenteditable]')].map((e) => e.textContent),
  open: [...document.querySelectorAll('details')].map((e) => e.open),
  focus: document.activeElement.id || document.activeElement.localName,
  hash: location.hash,
});

for (const [name, html, person, act] of CASES) {
  test(name, { timeout: 20_000 }, async () => {
    const real = await browser.open(html, { acts: false });
    const { page } = real;
    const boxes = await page.evaluate(() => Object.fromEntries([...document.querySelectorAll('[id]')].map((e) => {
      const { left, top, width, height } = e.getBoundingClientRect();
      return [`#${e.id}`, [left + width / 2, top + height / 2]];
    })));
    page.at = (selector) => boxes[selector];
    await person(page);
    await page.evaluate(settled);
    const [wanted, wantedState] = [await real.seen(), await page.evaluate(state)];
    await real.close();

    const acts = await browser.open(html);
    assert.equal(await act(acts), 'done');
    await acts.evaluate(settled);
    const [got, gotState] = [await acts.seen(), await acts.evaluate(state)];
    await acts.close();
    assert.deepEqual(got, wanted);
    assert.deepEqual(gotState, wantedState);
  });
}
