// What the visitor does in the overlay, and what the page hears of it: nothing.
import assert from 'node:assert/strict';
import { after, before, test as nodeTest } from 'node:test';
import { DESKTOP, PHONE, start } from './page.mjs';
import { until } from '../until.mjs';
import { PEOPLE, SHOP } from './shop.mjs';

let browser;
before(async () => { browser = await start(); });
after(() => browser?.close());
const test = (name, body) => nodeTest(name, { timeout: 60_000 }, body);

/** Runs a body in a page at both widths. */
function both(name, body, options = {}) {
  for (const [width, size] of [['1440', DESKTOP], ['390', PHONE]]) {
    test(`at ${width} px, ${name}`, async () => {
      const page = await browser.open(SHOP, { size, touch: width === '390', ...options });
      await body(page, width === '390');
      await page.close();
    });
  }
}

const label = async (page, id, selector, text = 'Click this link') => page.told('note', { note: { id, by: 1, node: await page.id(selector), shape: { s: 'label', text, at: [0.5, 0.5] } } });
const sent = (page, t) => until(`${t} was sent`, async () => (await page.get('sent')).find((message) => message.t === t));
const gone = (page, attributes) => until('it is gone', async () => (await page.drawn(attributes)) === null);
/** Longer than presses count for what was there before a question. */
const settle = (page) => page.page.waitForTimeout(400);
/** Counts what the page hears of presses. */
const count = (page) => page.page.evaluate(() => {
  window.heard = [];
  for (const type of ['pointerdown', 'mousedown', 'mouseup', 'click', 'touchstart', 'keydown', 'submit']) document.body.addEventListener(type, (event) => window.heard.push(event.type));
});

both('the question whether agents may help: allowed with the mouse, refused by Escape, the keyboard back where it was', async (page) => {
  await page.page.focus('#link');
  await page.told('question', { id: 7, by: 1, what: { q: 'share' } });
  assert.match(await page.text({ 'data-part': 'question' }), /^Let Justin help fill in this page\?/);
  assert.equal(await page.focused(), 'Let Justin help fill in this page?');
  await page.page.keyboard.press('Enter');
  await page.page.keyboard.press('Space');
  assert.deepEqual(await page.get('sent'), [], 'keys on their way to the page allow nothing');
  await settle(page);
  await page.press('Allow');
  assert.deepEqual(await sent(page, 'answer'), { t: 'answer', id: 7, allow: true });
  await gone(page, { 'data-part': 'question' });
  assert.equal(await page.page.evaluate(() => document.activeElement.id), 'link');
  await page.told('question', { id: 8, by: 1, what: { q: 'share' } });
  await page.page.keyboard.press('Escape');
  assert.deepEqual((await page.get('sent')).at(-1), { t: 'answer', id: 8, allow: false });
  await page.told('question', { id: 9, by: 1, what: { q: 'share' } });
  await page.told('unasked', { id: 9 });
  await gone(page, { 'data-part': 'question' });
  assert.equal((await page.get('sent')).length, 2);
});

both('an act is asked about beside its element, or at the bar; one question at a time', async (page) => {
  await page.page.evaluate(() => document.querySelector('#pay').scrollIntoView({ block: 'center' }));
  await page.call('ask', 1, 'Justin wants to press Pay 42.00', '#pay');
  await page.call('ask', 1, 'Justin wants to open another page', null);
  await page.frames();
  const [card, pay, ring] = [await page.drawn({ 'data-part': 'question' }), await page.box('#pay'), await page.drawn({ 'data-part': 'asked' })];
  assert.ok(Math.abs(card.top - (pay.top + pay.height)) < 30 || Math.abs(card.top + card.height - pay.top) < 30, 'the card is beside the button');
  assert.deepEqual([ring.left, ring.top, ring.width], [pay.left, pay.top, pay.width]);
  await settle(page);
  await page.press('Allow');
  await until('the second is shown', async () => /another page/.test(await page.text({ 'data-part': 'question' }) ?? ''));
  await page.press('Don’t');
  assert.deepEqual(await page.get('answers'), [true, false]);
});

test('who types goes on typing when a question comes, and F6 leads to it', async () => {
  const page = await browser.open(SHOP);
  await page.page.focus('#name');
  await page.page.keyboard.type('Mari');
  await page.call('ask', 1, 'Justin wants to press Pay', '#pay');
  await page.page.keyboard.type('a K');
  assert.equal(await page.page.inputValue('#name'), 'Maria K');
  await page.page.keyboard.press('F6');
  assert.equal(await page.focused(), 'Justin wants to press Pay');
  await page.page.keyboard.press('Escape');
  assert.deepEqual(await page.get('answers'), [false]);
  await page.close();
});

test('a page’s own script can neither reach the questions nor answer them', async () => {
  const page = await browser.open(SHOP);
  await page.page.evaluate(() => {
    window.caught = [];
    const spy = (name, object, key) => { const own = object[key]; object[key] = function (...args) { window.caught.push([name, this?.localName ?? this?.target?.localName]); return own.apply(this, args); }; };
    spy('append', Node.prototype, 'appendChild');
    spy('setAttribute', Element.prototype, 'setAttribute');
    spy('stop', Event.prototype, 'stopPropagation');
    spy('prevent', Event.prototype, 'preventDefault');
    spy('box', Element.prototype, 'getBoundingClientRect');
    spy('focus', HTMLElement.prototype, 'focus');
    spy('animate', Element.prototype, 'animate');
  });
  await label(page, 1, '#add');
  await page.call('ask', 1, 'Justin wants to press Pay', '#pay');
  await page.told('wiggle', { by: 1, node: await page.id('#add') });
  await page.frames();
  const caught = () => page.page.evaluate(() => window.caught.map(([name, element]) => `${name} ${element}`));
  assert.deepEqual(await caught(), []);
  await page.press('About this shared visit');
  await page.page.keyboard.press('Escape');
  // To press it, the test itself asks for its box.
  assert.deepEqual((await caught()).filter((name) => name !== 'box button'), []);
  const hits = await page.page.evaluate(() => {
    const host = document.querySelector('alongside-overlay');
    host.click();
    host.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true }));
    return [host.shadowRoot, host.children.length];
  });
  assert.deepEqual(hits, [null, 0]);
  assert.deepEqual(await page.get('answers'), []);
  await page.close();
});

both('a label: its name for those who hear, Enter to its element, Escape and its button hide it', async (page) => {
  await label(page, 1, '#add');
  await label(page, 2, '#link', 'Read this');
  await page.frames();
  await until('it is announced', async () => /Justin: Read this, at More about it/.test(await page.text({ role: 'status' }) ?? ''));
  await page.page.keyboard.press('Alt+l');
  assert.equal(await page.focused(), 'Justin: Click this link, at Add to basket');
  await page.page.keyboard.press('Enter');
  assert.equal(await page.page.evaluate(() => document.activeElement.id), 'add');
  await page.page.keyboard.press('Alt+l');
  await page.page.keyboard.press('Escape');
  assert.deepEqual(await sent(page, 'dismiss'), { t: 'dismiss', note: 1 });
  await gone(page, { 'data-note': '1', 'data-part': 'anchor' });
  await page.page.evaluate(() => document.querySelector('#link').scrollIntoView({ block: 'center' }));
  await page.frames();
  await page.press('Hide this label');
  assert.deepEqual((await page.get('sent')).at(-1), { t: 'dismiss', note: 2 });
});

test('F6 goes from the page to labels, to the bar, and back', async () => {
  const page = await browser.open(SHOP);
  await label(page, 1, '#add');
  await page.frames();
  await page.page.focus('#street');
  await page.page.keyboard.press('F6');
  assert.match(await page.focused(), /^Justin: Click this link/);
  await page.page.keyboard.press('F6');
  assert.equal(await page.focused(), 'About this shared visit');
  await page.page.keyboard.press('F6');
  assert.equal(await page.page.evaluate(() => document.activeElement.id), 'street');
  await page.close();
});

both('the visitor stops help, lets agents help, and sees who is there', async (page, phone) => {
  await page.call('state', { people: PEOPLE });
  const press = async (name) => {
    if (phone) await page.press('About this shared visit');
    await page.press(name);
    if (phone) await page.page.keyboard.press('Escape');
  };
  assert.match(await page.text({ 'data-part': 'bar' }), /Justin and Amira can see this page/);
  await press('Let Justin help');
  assert.deepEqual((await page.get('sent')).at(-1), { t: 'mode', mode: 'shared' });
  await page.call('state', { mode: 'shared' });
  assert.match(await page.text({ 'data-part': 'bar' }), /Justin and Amira can see and help fill in this page/);
  await press('Stop help');
  assert.deepEqual((await page.get('sent')).at(-1), { t: 'mode', mode: 'view-only' });
  await page.call('state', { mode: 'view-only' });
  await page.call('rules', { modes: ['view-only'], silentSupervisor: true });
  assert.equal((await page.find({ 'data-way': 'up' })).filter(({ attributes }) => !attributes.has('hidden')).length, 0, 'nothing offers what the rules do not allow');
  await page.press('About this shared visit');
  const details = await page.text({ 'data-part': 'details' });
  for (const words of ['Justin leads, sees this page, 34 ms', 'Amira invited, sees this page, 51 ms', 'A supervisor may look in', 'messages take 12 ms', 'F6']) assert.ok(details.includes(words), `${words}: ${details}`);
});

both('a lock is shown at its field, and the visitor takes over', async (page) => {
  await page.page.evaluate(() => document.querySelector('#street').scrollIntoView({ block: 'center' }));
  await page.call('locks', 1, '#street');
  await page.frames();
  const [ring, field] = [await page.drawn({ 'data-part': 'lock-ring' }), await page.box('#street')];
  for (const key of ['left', 'top', 'width', 'height']) assert.ok(Math.abs(ring[key] - field[key]) <= 2, key);
  assert.match(await page.text({ 'data-part': 'lock' }), /Justin is typing/);
  await page.press('Take over');
  assert.deepEqual(await page.get('taken'), ['street']);
  await page.call('locks', 0, '#street');
  await gone(page, { 'data-part': 'lock' });
});

both('chat: written with Enter, unread counted, links only once they are allowed', async (page) => {
  await page.told('chat', { message: { id: 1, by: 1, name: 'Justin', at: Date.now(), text: 'See https://shop.example/care?a=1, and javascript:alert(1)' } });
  await page.press('Chat, 1 new');
  assert.equal(await page.focused(), 'Write a message');
  await page.page.keyboard.type('Thanks');
  await page.page.keyboard.press('Shift+Enter');
  await page.page.keyboard.type('a lot');
  await page.page.keyboard.press('Enter');
  assert.deepEqual(await sent(page, 'chat'), { t: 'chat', text: 'Thanks\na lot' });
  assert.deepEqual((await page.get('sent')).filter(({ t }) => t === 'writing').map(({ writing }) => writing), [true, false]);
  assert.deepEqual((await page.find({ href: true })).length, 0);
  await page.press('Make links work');
  const links = await page.find({ href: true });
  assert.deepEqual(links.map(({ attributes }) => [attributes.get('href'), attributes.get('rel'), attributes.get('target')]), [['https://shop.example/care?a=1', 'noopener noreferrer', '_blank']]);
  await page.told('writing', { by: 1, writing: true });
  assert.match(await page.text({ 'data-part': 'chat' }), /Justin is writing…/);
  await page.page.keyboard.press('Escape');
  assert.equal(await page.focused(), 'Chat');
  await page.call('rules', { visitorTools: [], tools: ['chat'] });
  await page.press('Chat');
  assert.match(await page.text({ 'data-part': 'chat' }), /You can read here, not write/);
  await page.call('rules', { visitorTools: [], tools: [] });
  await gone(page, { 'data-part': 'chat' });
});

both('the visitor shows an element, an area and a text, and the page hears nothing of it', async (page, phone) => {
  await count(page);
  const begin = async () => {
    if (phone) await page.press('About this shared visit');
    await page.press('Show something');
  };
  await page.page.evaluate(() => document.querySelector('#add').scrollIntoView({ block: 'center' }));
  await begin();
  const add = await page.box('#add');
  await page.page.mouse.click(add.left + add.width / 2, add.top + add.height / 2);
  assert.deepEqual(await sent(page, 'note'), { t: 'note', note: { node: await page.id('#add'), shape: { s: 'element' } } });
  await begin();
  const pic = await page.box('#mug .pic');
  await page.page.mouse.move(pic.left + 10, pic.top + 10);
  await page.page.mouse.down();
  await page.page.mouse.move(pic.left + 60, pic.top + 50, { steps: 3 });
  await page.page.mouse.up();
  const area = (await page.get('sent')).at(-1).note;
  assert.equal(area.node, await page.id('#mug .pic'));
  assert.equal(area.shape.s, 'area');
  assert.ok(Math.abs(area.shape.from[0] * pic.width - 10) < 1 && Math.abs(area.shape.to[1] * pic.height - 50) < 1, JSON.stringify(area));
  await begin();
  await page.press('Select text');
  const words = await page.box('#words');
  await page.page.evaluate(() => document.querySelector('#words').scrollIntoView({ block: 'center' }));
  const at = await page.box('#words');
  await page.page.mouse.move(at.left + 2, at.top + 12);
  await page.page.mouse.down();
  await page.page.mouse.move(at.left + Math.min(200, words.width - 10), at.top + 12, { steps: 4 });
  await page.page.mouse.up();
  const text = await until('a text is shown', async () => (await page.get('sent')).find((message) => message.note?.shape.s === 'text'));
  assert.equal(text.note.node, await page.id('#words'));
  assert.ok(text.note.shape.range.endOffset > text.note.shape.range.startOffset);
  assert.deepEqual(await page.page.evaluate(() => window.heard), []);
  await page.page.evaluate(() => getSelection().removeAllRanges());
  await begin();
  await page.page.keyboard.press('Escape');
  await page.page.evaluate(() => document.querySelector('#add').scrollIntoView({ block: 'center' }));
  const again = await page.box('#add');
  await page.page.mouse.click(again.left + 5, again.top + 5);
  assert.ok((await page.page.evaluate(() => window.heard)).includes('click'), 'after Escape the page is itself again');
});

test('what the visitor selects is told from text to text, and nothing of fields', async () => {
  const page = await browser.open(SHOP);
  await page.page.evaluate(() => getSelection().selectAllChildren(document.querySelector('#bowl')));
  const told = () => page.page.evaluate(() => { window.driven.flush(); return window.driven.events.filter(({ t }) => t === 'selection'); });
  const [{ range }] = await until('it is told', async () => { const events = await told(); return events.length > 0 && events; });
  assert.equal(range.start, await page.call('text', '#bowl h3'));
  assert.equal(range.end, await page.call('text', '#bowl button'));
  assert.deepEqual([range.startOffset, range.endOffset], [0, 'Add to basket'.length]);
  await page.page.evaluate(() => getSelection().removeAllRanges());
  await until('it is taken back', async () => (await told()).at(-1).range === null);
  await page.page.fill('#card', '4111111111111111');
  await page.page.locator('#card').selectText();
  await page.page.waitForTimeout(250);
  assert.equal((await told()).at(-1).range, null);
  await page.close();
});

test('over a page that fights for the top, and without a change of its document', async () => {
  const page = await browser.open(SHOP);
  await page.page.evaluate(() => {
    const wall = document.createElement('dialog');
    wall.style.cssText = 'position: fixed; inset: 0; width: 100vw; height: 100vh; max-width: none; max-height: none; z-index: 2147483647; background: #fcc';
    wall.innerHTML = '<p id="inside">inside</p>';
    document.body.append(wall);
    wall.showModal();
  });
  await label(page, 1, '#inside');
  await until('the label is on top of it', () => page.page.evaluate(async () => {
    const box = document.querySelector('#inside').getBoundingClientRect();
    return document.elementFromPoint(box.left + box.width / 2, box.top + box.height + 30)?.localName === 'alongside-overlay';
  }));
  await page.page.evaluate(() => document.querySelector('dialog').remove());
  const changes = page.page.evaluate(() => new Promise((done) => {
    let seen = 0;
    new MutationObserver((records) => { seen += records.length; }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    setTimeout(() => done(seen), 400);
  }));
  await page.told('wiggle', { by: 1, node: await page.id('#add') });
  await page.call('pressed', 1, '#add', [0.5, 0.5]);
  await page.told('pointer', { by: 1, laser: true, pointer: { action: 'down', node: await page.id('#add'), at: [0.5, 0.5] } });
  assert.equal(await changes, 0);
  assert.ok(await page.page.evaluate(() => document.querySelector('#add').getAnimations().length) <= 1);
  await page.close();
});

test('without motion, a wiggle turns nothing', async () => {
  const page = await browser.open(SHOP, { motion: 'reduce' });
  await page.told('wiggle', { by: 1, node: await page.id('#add') });
  await page.frames();
  assert.equal(await page.page.evaluate(() => document.querySelector('#add').getAnimations().length), 0);
  assert.ok(await page.drawn({ 'data-part': 'wiggle' }));
  await page.close();
});

both('everything to press is large enough for its screen', async (page, phone) => {
  await page.call('state', { people: PEOPLE });
  await label(page, 1, '#add');
  await page.told('chat', { message: { id: 1, by: 1, name: 'Justin', at: Date.now(), text: 'https://a.example' } });
  await page.press('Chat, 1 new');
  await page.frames();
  const least = phone ? 44 : 24;
  for (const { node } of await page.find({ type: 'button' })) {
    const box = await page.boxOf(node.backendNodeId);
    if (box) assert.ok(box.width >= least && box.height >= least, `${JSON.stringify(node.attributes)}: ${box.width} x ${box.height}`);
  }
  const view = page.page.viewportSize();
  for (const part of ['bar', 'chat']) {
    const box = await page.drawn({ 'data-part': part });
    assert.ok(box.left >= 0 && box.left + box.width <= view.width && box.top >= 0 && box.top + box.height <= view.height, `${part} is on the screen: ${JSON.stringify(box)}`);
  }
});

both('what agents do not see is marked: at the field, named, out of the way of presses, gone where something lies over it', async (page) => {
  await page.page.evaluate(() => document.querySelector('#street').scrollIntoView({ block: 'center' }));
  await page.call('marked', '#street', '#mug hidden');
  const veil = await until('a lock is drawn', () => page.drawn({ 'data-part': 'veil', 'data-hides': 'value' }));
  const field = await page.box('#street');
  const middle = { x: veil.left + veil.width / 2, y: veil.top + veil.height / 2 };
  assert.ok(middle.x > field.left + field.width / 2 && middle.x <= field.right && Math.abs(middle.y - field.top) < 4, 'at the end of the field');
  assert.equal(await page.page.evaluate(({ x, y }) => document.elementFromPoint(x, y + 3)?.id, { x: middle.x, y: field.top }), 'street', 'presses go to the field');
  const names = await page.find({ 'data-part': 'veil' });
  assert.deepEqual(names.map(({ attributes }) => attributes.get('aria-label')), ['Justin does not see what is in this field', 'Justin does not see what is here']);
  await page.page.evaluate(() => document.body.insertAdjacentHTML('beforeend', '<div id="over" style="position: fixed; inset: 0; background: #fff"></div>'));
  await gone(page, { 'data-part': 'veil', 'data-hides': 'value' });
  await page.page.evaluate(() => document.querySelector('#over').remove());
  await until('it is drawn again', () => page.drawn({ 'data-part': 'veil', 'data-hides': 'value' }));
  await page.call('marked');
  assert.deepEqual(await page.find({ 'data-part': 'veil' }), []);
});

both('on a private page the bar says what agents see', async (page) => {
  await page.call('state', { private: true });
  assert.match(await page.text({ class: 'note' }), /^Justin sees the layout of this page, not its text/);
});
