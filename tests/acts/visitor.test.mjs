// The visitor in control: locks, conflicts, what an agent holds, rules and questions. The visitor's hands are a real mouse and keyboard.
import assert from 'node:assert/strict';
import { after, before, test as nodeTest } from 'node:test';
import { start } from './page.mjs';

let browser;
before(async () => (browser = await start()));
after(() => browser?.close());

function test(name, html, body, options) {
  nodeTest(name, { timeout: 30_000 }, async () => {
    const acts = await browser.open(html, options);
    try {
      await body(acts, acts.page);
    } finally {
      await acts.close();
    }
  });
}

const FIELDS = '<input id="one"><input id="two"><button id="button" type="button">x</button>';

test('where the visitor types, agents do not, until they leave', FIELDS, async (acts, page) => {
  await page.locator('#one').focus();
  assert.deepEqual(await acts.locks(), [], 'looking is not typing');
  await page.keyboard.type('a');
  assert.deepEqual(await acts.locks(), ['one:0']);
  assert.equal(await acts.type('#one', 'x'), 'locked');
  assert.equal(await acts.click('#one'), 'locked');
  assert.equal(await acts.type('#two', 'x'), 'done');
  assert.deepEqual(await acts.locks(), ['one:0', 'two:1']);
  await page.locator('#button').focus();
  assert.deepEqual(await acts.locks(), ['two:1']);
  assert.equal(await acts.type('#one', 'x'), 'done');
  assert.equal(await acts.value('#one'), 'ax');
  assert.deepEqual(await acts.locks(), ['one:1']);
});

test('an agent does not take the caret of a visitor who types elsewhere', FIELDS, async (acts, page) => {
  await page.locator('#one').focus();
  await page.keyboard.type('ab');
  await acts.seen();
  assert.equal(await acts.type('#two', 'x'), 'done');
  assert.equal(await acts.click('#button'), 'done');
  assert.equal(await acts.evaluate(() => document.activeElement.id), 'one');
  assert.deepEqual((await acts.seen()).filter((line) => /^(focus|blur|change) /.test(line)), ['focus two', 'change two', 'blur two', 'focus button']);
  await page.keyboard.type('c');
  assert.equal(await acts.value('#one'), 'abc');
  assert.equal(await acts.value('#two'), 'x');
});

test('an agent does not take the caret of a visitor who writes in the overlay', `${FIELDS}<alongside-overlay id="ours" tabindex="0">ours</alongside-overlay>`, async (acts, page) => {
  await page.locator('#ours').focus();
  await page.keyboard.type('abc');
  assert.deepEqual(await acts.locks(), []);
  assert.equal(await acts.type('#one', ['x', { key: 'Tab' }, 'y']), 'done');
  assert.equal(await acts.click('#button'), 'done');
  assert.equal(await acts.evaluate(() => document.activeElement.id), 'ours');
  assert.deepEqual([await acts.value('#one'), await acts.value('#two')], ['x', 'y']);
});

test('a lock ends after 5 seconds of silence', FIELDS, async (acts, page) => {
  await page.clock.install();
  await page.locator('#one').focus();
  await page.keyboard.type('a');
  await page.clock.fastForward(4_000);
  await page.keyboard.type('b');
  await page.clock.fastForward(4_500);
  assert.deepEqual(await acts.locks(), ['one:0']);
  await page.clock.fastForward(600);
  assert.deepEqual(await acts.locks(), []);
  assert.equal(await acts.type('#one', 'c'), 'done');
  assert.deepEqual(await acts.locks(), ['one:1']);
  await acts.seen();
  await page.clock.fastForward(5_100);
  assert.deepEqual(await acts.locks(), []);
  assert.deepEqual(await acts.seen(), ['change one']);
});

test('where an agent types, the visitor is held back, and may take over', `${FIELDS}<input type="checkbox" id="box"><select id="list"><option>a<option>b</select>`, async (acts, page) => {
  await acts.type('#one', 'agent');
  await page.locator('#one').focus();
  await page.keyboard.type('x');
  await page.keyboard.press('Backspace');
  await page.evaluate(() => navigator.clipboard?.writeText?.('p').catch(() => {}));
  await page.keyboard.press('Control+v');
  assert.equal(await acts.value('#one'), 'agent');
  assert.deepEqual(await acts.locks(), ['one:1']);
  await acts.evaluate(() => window.acts.take('#one'));
  assert.deepEqual(await acts.locks(), ['one:0']);
  await page.keyboard.type('!');
  assert.equal(await acts.value('#one'), 'agent!');
  assert.equal(await acts.type('#one', 'x'), 'locked');

  await acts.do({ a: 'check', on: '#box', checked: true });
  await page.locator('#box').click({ force: true });
  assert.equal(await acts.evaluate(() => document.querySelector('#box').checked), true);
  await acts.do({ a: 'choose', on: '#list', choice: { value: 'b' } });
  await page.locator('#list').focus();
  await page.keyboard.press('ArrowUp');
  assert.equal(await acts.value('#list'), 'b');
});

test('another agent is held off, too; the next act elsewhere ends a lock', FIELDS, async (acts) => {
  await acts.type('#one', 'a', { by: 1 });
  assert.equal(await acts.type('#one', 'b', { by: 2 }), 'locked');
  assert.equal(await acts.type('#two', 'b', { by: 2 }), 'done');
  assert.deepEqual(await acts.locks(), ['one:1', 'two:2']);
  await acts.click('#button', {}, { by: 1 });
  assert.deepEqual(await acts.locks(), ['two:2']);
  assert.equal(await acts.type('#one', 'b', { by: 2 }), 'done');
  await acts.evaluate(() => document.querySelector('#one').remove());
  await acts.batch();
  assert.deepEqual(await acts.locks(), []);
});

test('what the visitor did and the agent had not seen is a conflict', `${FIELDS}<label id="label"><input type="checkbox" id="box">yes</label><select id="list"><option>a<option id="b">b</select><form id="form"><input id="field"><button id="send">s</button></form>`, async (acts, page) => {
  const before = await acts.batch();
  await page.locator('#box').click();
  const after = await acts.batch();
  assert.ok(after > before);
  assert.equal(await acts.do({ a: 'check', on: '#box', checked: false }, { after: before }), 'conflict');
  assert.equal(await acts.click('#label', {}, { after: before }), 'conflict');
  assert.equal(await acts.click('#button', {}, { after: before }), 'done', 'something else');
  assert.equal(await acts.do({ a: 'check', on: '#box', checked: false }, { after }), 'done');

  const seen = await acts.batch();
  await page.locator('#list').selectOption('b').catch(() => {});
  await page.locator('#list').focus();
  await page.keyboard.press('ArrowUp');
  assert.equal(await acts.do({ a: 'choose', on: '#list', choice: { value: 'a' } }, { after: seen }), 'conflict');
  await page.locator('#field').fill('');
  await page.locator('#field').focus();
  await page.keyboard.type('x');
  assert.equal(await acts.do({ a: 'submit', on: '#form' }, { after: seen }), 'conflict');
  assert.equal(await acts.do({ a: 'submit', on: '#form' }), 'done');
});

test('a doing that changed nothing is news to nobody', '<button id="button" type="button">x</button>', async (acts, page) => {
  await page.locator('#button').click();
  const after = await acts.batch();
  assert.equal(await acts.click('#button', {}, { after }), 'done');
});

test('while the visitor scrolls, nobody else does', '<div style="height: 5000px"></div>', async (acts, page) => {
  await page.mouse.move(100, 100);
  const scroll = () => acts.do({ a: 'scroll', on: 'document', to: [0, 1] });
  // On a busy machine half a second may pass between the wheel and the act: then once more.
  let outcome = '';
  for (let turn = 0; turn < 10 && outcome !== 'conflict'; turn += 1) {
    await page.mouse.wheel(0, -100);
    outcome = await scroll();
  }
  assert.equal(outcome, 'conflict');
  const end = Date.now() + 5_000;
  while ((outcome = await scroll()) !== 'done') assert.ok(outcome === 'conflict' && Date.now() < end, outcome);
});

test('view-only: nothing is done', FIELDS, async (acts) => {
  await acts.type('#one', 'a');
  await acts.session('view-only');
  assert.deepEqual(await acts.locks(), []);
  for (const act of [{ a: 'click', on: '#button', at: [0, 0], count: 1 }, { a: 'type', on: '#one', strokes: [{ text: 'x' }] }, { a: 'scroll', on: 'document', to: [0, 0] }, { a: 'navigate', url: 'http://x/' }, { a: 'back' }]) {
    assert.equal(await acts.do(act), 'mode');
  }
  assert.equal(await acts.value('#one'), 'a');
});

test('rules: never, and masked', `<div class="danger"><p><button id="delete"><i id="icon">x</i></button></p></div><input id="secret" type="password"><input id="card" autocomplete="cc-number"><input id="one"><input id="pass" type="password">
  <form><input id="name"><input id="pin" type="password"></form>`, async (acts) => {
  await acts.session('shared', { never: ['.danger', '!!!', '#one'] });
  for (const id of ['delete', 'icon']) assert.equal(await acts.click(`#${id}`), 'rule', id);
  assert.equal(await acts.type('#one', 'x'), 'rule');
  assert.equal(await acts.do({ a: 'navigate', url: 'https://elsewhere.example/' }), 'address');
  assert.equal(await acts.type('#secret', 'x'), 'masked');
  assert.equal(await acts.type('#card', '4'), 'masked');
  assert.equal(await acts.type('#name', ['a', { key: 'Tab' }, 'secret']), 'masked', 'the Tab key leads no agent into a password');
  assert.deepEqual(await acts.evaluate(() => ['secret', 'card', 'name', 'pin'].map((id) => document.getElementById(id).value)), ['', '', 'a', '']);
  await acts.session('shared');
  await acts.evaluate(() => document.querySelector('#secret').setAttribute('type', 'text'));
  assert.equal(await acts.type('#secret', 'x'), 'masked', 'a password that was made readable');
});

const PAY = `<form id="form" onsubmit="window.sent = (window.sent || 0) + 1"><input id="name"><button id="send">Send it</button></form>
  <form role="search"><input id="query"><button id="find">Find</button></form><button id="pay" type="button" onclick="window.paid = true">Pay £24.00</button><a id="buy" href="#buy">Jetzt kaufen</a><a id="history" href="#h">Order history</a>`;

test('rules: what a press or a key comes to is an act of its own', PAY + '<input id="box" type="checkbox">', async (acts) => {
  await acts.session('shared', { ask: [], acts: ['click', 'type'] });
  assert.equal(await acts.click('#send'), 'rule');
  assert.equal(await acts.type('#name', ['a', { key: 'Enter' }]), 'rule');
  assert.equal(await acts.click('#box'), 'rule');
  assert.equal(await acts.type('#name', 'a'), 'done');
  assert.equal(await acts.click('#history'), 'done');
  assert.deepEqual(await acts.evaluate(() => [window.sent ?? 0, document.getElementById('box').checked]), [0, false]);
  await acts.session('shared', { ask: [], acts: ['click', 'type', 'submit', 'check'] });
  assert.equal(await acts.click('#box'), 'done');
  assert.equal(await acts.type('#name', [{ key: 'Enter' }]), 'done');
  assert.equal(await acts.evaluate(() => window.sent), 1);
});

test('questions: submit, payment, selectors, in order', PAY, async (acts) => {
  await acts.session('shared', { ask: ['submit', 'payment'], askSelectors: ['#name'] });
  const send = await acts.begin({ a: 'click', on: '#send', at: [0.5, 0.5], count: 1 });
  const pay = await acts.begin({ a: 'click', on: '#pay', at: [0.5, 0.5], count: 1 });
  await acts.batch();
  assert.deepEqual([await acts.outcomes(send), await acts.outcomes(pay)], [['asking'], ['asking']]);
  assert.deepEqual(await acts.asked(), ['Agent 1 wants to press “Send it”']);
  assert.equal(await acts.click('#find'), 'done', 'what needs no question does not wait');
  assert.equal(await acts.evaluate(() => window.sent ?? 0), 0);
  await acts.answer(true);
  await acts.batch();
  assert.deepEqual(await acts.outcomes(send), ['asking', 'done']);
  assert.equal(await acts.evaluate(() => window.sent), 1);
  assert.deepEqual((await acts.asked()).slice(1), ['Agent 1 wants to press “Pay £24.00”']);
  await acts.answer(false);
  await acts.batch();
  assert.deepEqual(await acts.outcomes(pay), ['asking', 'declined']);
  assert.equal(await acts.evaluate(() => window.paid ?? false), false);
  const ask = async (act, text, allow, outcome) => {
    const id = await acts.begin(act);
    await acts.batch();
    assert.equal((await acts.asked()).at(-1), text);
    await acts.answer(allow);
    await acts.batch();
    assert.deepEqual(await acts.outcomes(id), ['asking', outcome]);
  };
  await ask({ a: 'submit', on: '#name' }, 'Agent 1 wants to send this form', null, 'unanswered');
  await ask({ a: 'type', on: '#name', strokes: [{ text: 'x' }] }, 'Agent 1 wants to type in a field', true, 'done');
  await ask({ a: 'click', on: '#buy', at: [0.5, 0.5], count: 1 }, 'Agent 1 wants to press “Jetzt kaufen”', false, 'declined');
  await acts.session('shared', { ask: ['submit', 'navigate'] });
  await ask({ a: 'type', on: '#name', strokes: [{ text: 'x' }, { key: 'Enter' }] }, 'Agent 1 wants to press Enter in a field, which sends the form', true, 'done');
  assert.equal(await acts.evaluate(() => window.sent), 2);
  await ask({ a: 'navigate', url: 'http://abcdefgh23-sx.view.localhost/page' }, 'Agent 1 wants to open abcdefgh23-sx.view.localhost/page', false, 'declined');
  for (const id of ['history', 'find', 'buy']) assert.equal(await acts.click(`#${id}`), 'done', id);
  assert.equal(await acts.type('#query', ['q', { key: 'Enter' }]), 'done');
});

test('a question is withdrawn with the mode, and what changed meanwhile counts', PAY, async (acts, page) => {
  await acts.session('shared', { ask: ['submit'] });
  const send = { a: 'click', on: '#send', at: [0.5, 0.5], count: 1 };
  const first = await acts.begin(send);
  const second = await acts.begin(send);
  await acts.session('view-only', { ask: ['submit'] });
  await acts.batch();
  assert.deepEqual([await acts.outcomes(first), await acts.outcomes(second)], [['asking', 'mode'], ['asking', 'mode']]);
  await acts.session('shared', { ask: ['submit'] });
  const third = await acts.begin(send, { after: await acts.batch() });
  await page.locator('#send').click();
  await acts.answer(true);
  await acts.batch();
  assert.deepEqual(await acts.outcomes(third), ['asking', 'conflict']);
  const fourth = await acts.begin(send);
  await acts.evaluate(() => document.querySelector('#send').remove());
  await acts.answer(true);
  await acts.batch();
  assert.deepEqual(await acts.outcomes(fourth), ['asking', 'gone']);
});

test('Tab and Enter in one act do not press what would be asked about', '<form id="form" onsubmit="window.sent = true"><textarea id="text"></textarea><button id="send">Send</button></form>', async (acts) => {
  await acts.session('shared', { ask: ['submit'] });
  assert.equal(await acts.type('#text', [{ key: 'Tab' }, { key: 'Enter' }]), 'rule');
  assert.equal(await acts.evaluate(() => window.sent ?? false), false);
});
