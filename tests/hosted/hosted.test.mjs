// What a hosted page tells the visitor's screen, and is told by it, in Chromium: fields, lists, the cursor, the clipboard, questions about acts.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { start } from './page.mjs';
import { until } from '../until.mjs';

let browser;
before(async () => {
  browser = await start();
});
after(() => browser?.close());

const near = (a, b, by = 2) => a.forEach((each, i) => assert.ok(Math.abs(each - b[i]) <= by, `${a} is not ${b}`));
const boxOf = (page, selector) => page.evaluate((s) => (({ left, top, width, height }) => [left, top, width, height])(document.querySelector(s).getBoundingClientRect()), selector);

describe('the field with the focus', () => {
  test('is told with what stands before its caret, and where it is', async () => {
    const page = await browser.open('<input id=a inputmode=numeric enterkeyhint=go autocapitalize=off style="margin:40px"><div style="height:2000px"></div>');
    await page.page.click('#a');
    const { field } = await page.next('field', ({ field }) => field !== null);
    assert.deepEqual([field.kind, field.hints, field.before], ['text', ['numeric', 'go', 'off'], '']);
    near(field.place, await boxOf(page, '#a'));
    await page.page.keyboard.type('hello');
    await page.next('field', ({ field }) => field.before === 'hello');
    await page.page.keyboard.press('ArrowLeft');
    await page.next('field', ({ field }) => field.before === 'hell');
    await page.evaluate(() => window.scrollTo(0, 30));
    near((await page.next('field', ({ field }) => field.place[1] < 30)).field.place, await boxOf(page, '#a'));
    await page.evaluate(() => document.activeElement.blur());
    await page.next('field', ({ field }) => field === null);
    await page.close();
  });

  test('says nothing of a password', async () => {
    const page = await browser.open('<input id=a type=password>');
    await page.page.click('#a');
    await page.page.keyboard.type('secret');
    await page.frames();
    const fields = (await page.news()).filter(({ t, field }) => t === 'field' && field);
    assert.ok(fields.length > 0 && fields.every(({ field }) => field.kind === 'password' && field.before === ''), JSON.stringify(fields));
    await page.close();
  });

  test('may be a text area, an editable text, in a shadow tree or a frame; what takes no text is none', async () => {
    const page = await browser.open('<textarea id=a>one</textarea><p id=b contenteditable>two</p><div id=s><template shadowrootmode=closed><input id=c></template></div><iframe id=f srcdoc="<input id=d type=date>"></iframe><input id=e type=checkbox><input id=g readonly>');
    await page.frames();
    for (const [selector, kind] of [['#a', 'textarea'], ['#b', 'editable'], ['#s >>> #c', 'text'], ['#f >>> #d', 'date'], ['#e', null], ['#a', 'textarea'], ['#g', null]]) {
      await page.evaluate((s) => window.driven.find(s).focus(), selector);
      await page.next('field', ({ field }) => (field?.kind ?? null) === kind);
    }
    await page.close();
  });
});

describe('a list', () => {
  const SELECT = '<select id=a style="margin:30px"><option>one<optgroup label=more><option disabled>two<option selected>three</optgroup></select><p id=p>other</p>';

  test('opens on the screen, and what is chosen there is chosen', async () => {
    const page = await browser.open(SELECT);
    await page.evaluate(() => {
      window.seen = [];
      for (const type of ['input', 'change']) document.querySelector('#a').addEventListener(type, () => window.seen.push(`${type} ${document.querySelector('#a').value}`));
    });
    await page.page.click('#a');
    const { list } = await page.next('list');
    near(list.place, await boxOf(page, '#a'));
    assert.deepEqual(list.options, [
      { label: 'one', group: '', selected: false, disabled: false }, { label: 'two', group: 'more', selected: false, disabled: true }, { label: 'three', group: 'more', selected: true, disabled: false },
    ]);
    assert.equal(await page.evaluate(() => document.activeElement.id), 'a');
    await page.tell({ t: 'choose', id: list.id, options: [0] });
    assert.equal((await page.next('list')).list, null);
    assert.deepEqual(await page.evaluate(() => window.seen), ['input one', 'change one']);
    await page.close();
  });

  test('opens by the keyboard, and not where it is drawn in the page', async () => {
    const page = await browser.open(`${SELECT}<select id=b size=3><option>x<option>y</select><select id=c multiple><option>x</select>`);
    for (const key of [' ', 'Enter', 'Alt+ArrowDown']) {
      await page.evaluate(() => document.querySelector('#a').focus());
      await page.page.keyboard.press(key);
      const { list } = await page.next('list', ({ list }) => list !== null);
      await page.tell({ t: 'choose', id: list.id });
      await page.next('list', ({ list }) => list === null);
      assert.equal(await page.evaluate(() => document.querySelector('#a').selectedIndex), 2);
    }
    await page.page.keyboard.press('o');
    assert.equal(await page.evaluate(() => document.querySelector('#a').value), 'one', 'letters choose as ever');
    await page.page.click('#b option:nth-child(2)');
    await page.page.click('#c option');
    await page.frames();
    assert.deepEqual((await page.news()).filter(({ t, list }) => t === 'list' && list), []);
    await page.close();
  });

  test('closes when something else is pressed, or it goes; an option that cannot be chosen is not', async () => {
    const page = await browser.open(SELECT);
    await page.page.click('#a');
    const { list } = await page.next('list');
    await page.tell({ t: 'choose', id: list.id, options: [1] });
    await page.next('list', ({ list }) => list === null);
    assert.equal(await page.evaluate(() => document.querySelector('#a').selectedIndex), 2);
    await page.page.click('#a');
    await page.next('list', ({ list }) => list !== null);
    await page.page.click('#p');
    await page.next('list', ({ list }) => list === null);
    await page.page.click('#a');
    await page.next('list', ({ list }) => list !== null);
    await page.evaluate(() => document.querySelector('#a').remove());
    await page.next('list', ({ list }) => list === null);
    await page.close();
  });
});

test('the clipboard: what is selected, of fields too, never of passwords', async () => {
  const page = await browser.open('<p id=a>a text</p><input id=b value="of a field"><input id=c type=password value=secret>');
  const copy = async (cut = false) => (await page.tell({ t: 'copy', cut }), (await page.next('copied')).text);
  assert.equal(await copy(), '');
  await page.evaluate(() => window.getSelection().selectAllChildren(document.querySelector('#a')));
  assert.equal(await copy(true), 'a text');
  assert.equal(await page.evaluate(() => document.querySelector('#a').textContent), 'a text', 'what cannot be edited stays');
  await page.evaluate(() => document.querySelector('#b').select());
  assert.equal(await copy(), 'of a field');
  assert.equal(await copy(true), 'of a field');
  assert.equal(await page.evaluate(() => document.querySelector('#b').value), '');
  await page.evaluate(() => document.querySelector('#c').select());
  assert.equal(await copy(true), '');
  await page.close();
});

test('the cursor: what the page wants, or what a browser makes of it', async () => {
  const page = await browser.open('<div style="height:60px"><a id=a href="#">link</a></div><p id=b>text</p><input id=c><div id=d style="cursor:url(x.png) 2 2, crosshair">x</div><div id=e style="width:200px;height:50px"></div><p id=f style="user-select:none">text</p>');
  for (const [selector, cursor] of [['#a', 'pointer'], ['#b', 'text'], ['#d', 'crosshair'], ['#c', 'text'], ['#e', 'default'], ['#a', 'pointer'], ['#f', 'default']]) {
    const [left, top, , height] = await boxOf(page, selector);
    await page.page.mouse.move(left + 8, top + height / 2);
    await page.next('cursor', (message) => message.cursor === cursor);
  }
  await page.close();
});

const RULES = { modes: ['view-only', 'shared'], acts: ['click', 'type', 'choose', 'check', 'scroll', 'navigate', 'back', 'forward', 'submit'], tools: [], visitorTools: [], presets: [], ask: ['submit', 'payment', 'navigate'], askSelectors: ['#a'], never: [], silentSupervisor: false };
const session = (page) => page.tell({ t: 'session', agent: 'Justin', people: [{ id: 1, name: 'Justin', role: 'agent', watching: true }], mode: 'shared', rules: RULES, shown: true });
const pageNumber = (page) => page.evaluate(() => window.driven.page());
const click = async (page, id, selector) => page.tell({ t: 'act', id, by: 1, page: await pageNumber(page), after: 1_000_000, act: { a: 'click', node: await page.id(selector), at: [0.5, 0.5], count: 1 } });

test('questions about acts are asked on the screen', async () => {
  const page = await browser.open('<button id=a style="margin:40px">Pay</button>');
  await page.evaluate(() => {
    window.clicks = 0;
    document.querySelector('#a').addEventListener('click', () => (window.clicks += 1));
  });
  await session(page);
  await click(page, 1, '#a');
  const { ask } = await page.next('ask');
  assert.deepEqual([ask.by, ask.act], [1, 'click']);
  assert.match(ask.text, /Justin.*Pay/);
  near(ask.place, await boxOf(page, '#a'));
  await page.tell({ t: 'allow', id: ask.id, allow: false });
  assert.deepEqual((await page.next('acted', ({ outcome }) => outcome.o !== 'asking')).outcome, { o: 'denied', reason: 'declined' });
  await click(page, 2, '#a');
  const second = (await page.next('ask')).ask;
  await page.tell({ t: 'allow', id: second.id, allow: true });
  assert.deepEqual((await page.next('acted', ({ outcome }) => outcome.o !== 'asking')).outcome, { o: 'done' });
  assert.equal(await page.evaluate(() => window.clicks), 1);
  await click(page, 3, '#a');
  const third = (await page.next('ask')).ask;
  await page.tell({ t: 'session', agent: 'Justin', people: [], mode: 'view-only', rules: RULES, shown: true });
  assert.equal((await page.next('askGone')).id, third.id);
  await page.close();
});

test('the overlay is in the picture, without the bar, cards and locks of masked fields; a label is closed by the visitor alone', async () => {
  const page = await browser.open('<input type=password><p id=a style="margin:200px">text</p>');
  const cdp = await page.page.context().newCDPSession(page.page);
  await session(page);
  await page.tell({ t: 'question', id: 1, by: 1, what: { q: 'share' } });
  await page.tell({ t: 'notes', notes: [{ id: 5, by: 1, node: await page.id('#a'), shape: { s: 'label', at: [0.5, 0.5], text: 'here' } }] });
  await page.frames();
  const shown = async () => {
    const { nodes } = await cdp.send('Accessibility.getFullAXTree');
    return nodes.filter(({ ignored, role }) => !ignored && ['button', 'alertdialog', 'region', 'img'].includes(role?.value)).map(({ role, name, backendDOMNodeId }) => ({ is: `${role.value} ${name?.value}`, backendDOMNodeId }));
  };
  const parts = await shown();
  assert.deepEqual(parts.map(({ is }) => is), ['region Labels on this page', 'button Hide this label']);
  const { model } = await cdp.send('DOM.getBoxModel', { backendNodeId: parts[1].backendDOMNodeId });
  await page.page.mouse.click((model.border[0] + model.border[2]) / 2, (model.border[1] + model.border[5]) / 2);
  assert.equal((await page.next('dismiss')).note, 5);
  await page.close();
});

test('an end does not load the page anew, and drawings are not sent', async () => {
  const page = await browser.open('<canvas id=a width=50 height=50></canvas>');
  await page.evaluate(() => document.querySelector('#a').getContext('2d').fillRect(0, 0, 50, 50));
  await page.evaluate(() => new Promise((done) => setTimeout(done, 1_200)));
  assert.ok(!(await page.evaluate(() => JSON.stringify(window.driven.events))).includes('data:image'));
  await page.tell({ t: 'ended', by: 'visitor' });
  await page.evaluate(() => new Promise((done) => setTimeout(done, 300)));
  assert.ok(await page.evaluate(() => Boolean(window.driven)));
  await page.close();
});

test('a large WebGL drawing is a reason for pictures, said once, and not by a hosted page', async () => {
  for (const hosted of [false, true]) {
    const page = await browser.open('<canvas id=a width=500 height=400></canvas>', { hosted });
    const made = await page.evaluate(() => {
      const canvas = document.querySelector('#a');
      if (canvas.getContext('webgl')) return 'webgl';
      canvas.getContext('2d').fillRect(0, 0, 500, 400);
      return '2d';
    });
    if (hosted) await page.evaluate(() => new Promise((done) => setTimeout(done, 3_500)));
    else await until(`a suggestion for ${made}`, async () => (await page.said()).some(({ t }) => t === 'suggest'));
    assert.equal((await page.said()).filter(({ t }) => t === 'suggest').length, hosted ? 0 : 1);
    await page.close();
  }
});
