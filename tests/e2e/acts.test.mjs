// Acts, through the real binary: every kind changes the visitor's page in shared mode and is confirmed, none does in view-only; conflicts, locks, questions
// on both sides; what React, Vue and Svelte make of it.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test as nodeTest } from 'node:test';
import { FRAMEWORKS, startFrameworks } from '../frameworks/build.mjs';
import { Hands } from './hands.mjs';
import { launch, pressOverlay, same, shared, until } from './journey.mjs';
import { startServe, startServer } from './server.mjs';

let browser, demo, site, server, folder;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alongside-acts-'));
  site = await startFrameworks();
  [browser, demo, server] = await Promise.all([launch(), startServer(), startServe(folder, [site.origin], '[site.agent]\nask = []\n')]);
});
after(async () => {
  for (const each of [server, demo, site]) await each?.stop();
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

const test = (name, body) => nodeTest(name, { timeout: 120_000 }, body);

/** A shared session with an agent's hands. */
async function open(at, url, mode = 'shared') {
  const both = await shared(browser, at, { url, mode });
  const hands = await Hands.open(both.agent, both.session);
  return {
    ...both,
    hands,
    text: (selector) => both.visitor.locator(selector).textContent(),
    state: async () => JSON.parse(await both.visitor.locator('#state').textContent()),
    async close() {
      await both.visitor.context().close();
      await both.agent.page.context().close();
    },
  };
}

const at = [0.5, 0.5];
const text = (...strokes) => strokes.map((stroke) => (stroke === 'all' ? 'all' : /^[A-Z][a-z]+$/.test(stroke) && ['Enter', 'Tab', 'Backspace'].includes(stroke) ? { key: stroke } : { text: stroke }));

for (const name of FRAMEWORKS) {
  test(`${name}: fields bound to its state take text, choice and check, and both sides have the same page`, async () => {
    const { hands, visitor, agent, state, close } = await open(server, `${site.origin}/${name}`);
    const node = (id) => hands.node({ id });
    const done = async (act) => assert.equal(await hands.do(act), 'done', JSON.stringify(act));
    await done({ a: 'type', node: await node('name'), strokes: text('Mix', 'Backspace', 'a') });
    await done({ a: 'type', node: await node('note'), strokes: text('two\nlines') });
    await done({ a: 'choose', node: await node('colour'), choice: { options: [await hands.node({ value: 'green' }, 'option')] } });
    await done({ a: 'check', node: await node('terms'), checked: true });
    await done({ a: 'check', node: await node('size-large'), checked: true });
    await done({ a: 'type', node: await node('count'), strokes: text('12') });
    const { items: _, ...got } = await state();
    assert.deepEqual(got, { name: 'Mia', note: 'two\nlines', colour: 'green', terms: true, size: 'large', count: '12', sent: 0 });
    await done({ a: 'click', node: await node('shuffle'), at, count: 1 });
    await done({ a: 'submit', node: await node('name') });
    assert.equal((await state()).sent, 1);
    await same(visitor, agent);
    await close();
  });
}

/** Every act about an element, on one of the pages. */
const acts = async (hands) => [
  { a: 'click', node: await hands.node({ id: 'shuffle' }), at, count: 1 },
  { a: 'type', node: await hands.node({ id: 'name' }), strokes: text('x') },
  { a: 'choose', node: await hands.node({ id: 'colour' }), choice: { options: [await hands.node({ value: 'blue' }, 'option')] } },
  { a: 'check', node: await hands.node({ id: 'terms' }), checked: true },
  { a: 'submit', node: await hands.node({ id: 'name' }) },
  { a: 'scroll', node: await hands.document(), to: [0, 0.5] },
];

/** What they change. */
const shown = (visitor) => visitor.evaluate(() => {
  const [name, colour, terms] = ['name', 'colour', 'terms'].map((id) => document.getElementById(id));
  return [document.querySelector('li').textContent, name.value, colour.value, terms.checked, JSON.parse(document.querySelector('#state').textContent).sent, scrollY > 100];
});

const lengthen = async ({ visitor, hands }) => {
  await visitor.evaluate(() => document.body.append(Object.assign(document.createElement('div'), { style: 'height: 3000px', id: 'long' })));
  await hands.node({ id: 'long' });
};

test('view-only: no act is done', async () => {
  const both = await open(server, `${site.origin}/react`, 'view-only');
  await lengthen(both);
  const { hands, visitor, close } = both;
  const before = await shown(visitor);
  for (const act of [...(await acts(hands)), { a: 'navigate', url: `${site.origin}/vue` }, { a: 'back' }, { a: 'forward' }]) assert.equal(await hands.do(act), 'mode', act.a);
  assert.deepEqual(await shown(visitor), before);
  await close();
});

test('shared: every act is done and confirmed', async () => {
  const both = await open(server, `${site.origin}/react`);
  await lengthen(both);
  const { hands, visitor, agent, close } = both;
  for (const act of await acts(hands)) assert.equal(await hands.do(act), 'done', act.a);
  assert.deepEqual(await shown(visitor), ['cherry', 'x', 'blue', true, 1, true]);
  await same(visitor, agent);
  const title = (name) => until(`the visitor is at ${name}`, async () => (await visitor.title().catch(() => '')) === name);
  assert.equal(await hands.do({ a: 'back' }), 'unfit', 'before the first page is the one that asked');
  assert.equal(await hands.do({ a: 'navigate', url: `${site.origin}/vue` }), 'done');
  await title('vue');
  await until('the agent is there', async () => (await agent.sees()).text.startsWith('vue'));
  assert.equal(await hands.do({ a: 'back' }), 'done');
  await title('react');
  await until('the agent is there', async () => (await agent.sees()).text.startsWith('react'));
  assert.equal(await hands.do({ a: 'forward' }), 'done');
  await title('vue');
  await until('the agent is there', async () => (await agent.sees()).text.startsWith('vue'));
  assert.equal(await hands.do({ a: 'navigate', url: 'https://elsewhere.example/' }), 'address');
  await same(visitor, agent);
  await close();
});

test('with the view itself: pressed with the mouse, typed on the keyboard', async () => {
  const { visitor, agent, state, hands, close } = await open(server, `${site.origin}/svelte`);
  await hands.close();
  await same(visitor, agent);
  const viewer = await agent.viewer();
  const press = async (selector) => {
    const box = await until(`${selector} in the view`, async () => {
      for (const frame of viewer.childFrames()) {
        const box = await frame.locator(selector).boundingBox({ timeout: 500 }).catch(() => null);
        if (box) return box;
      }
      return null;
    });
    await agent.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  };
  await press('#shuffle');
  await until('the list is shuffled', async () => (await visitor.locator('li').first().textContent()) === 'cherry');
  await press('#name');
  await until('the visitor’s field has the focus', () => visitor.evaluate(() => document.activeElement.id === 'name'));
  await agent.page.keyboard.type('Mia Thorn');
  await until('the name arrives', async () => (await state()).name === 'Mia Thorn');
  await press('#terms');
  await until('the box is checked', async () => (await state()).terms === true);
  await same(visitor, agent);
  await close();
});

test('locks, in both directions, on both sides', async () => {
  const { hands, visitor, close } = await open(server, `${site.origin}/react`);
  const [name, note] = [await hands.node({ id: 'name' }), await hands.node({ id: 'note' })];
  await visitor.locator('#name').focus();
  await visitor.keyboard.type('mine');
  await until('the agent sees the lock', async () => (await hands.locks()).some((lock) => lock.node === name && lock.by === 0));
  assert.equal(await hands.do({ a: 'type', node: name, strokes: text('x') }), 'locked');
  assert.equal(await hands.do({ a: 'type', node: note, strokes: text('hers') }), 'done');
  const { you } = await hands.session();
  await until('both are locked', async () => (await hands.locks()).some((lock) => lock.node === note && lock.by === you));
  assert.equal(await visitor.evaluate(() => document.activeElement.id), 'name', 'the caret stays');
  await visitor.locator('#note').focus();
  await visitor.keyboard.type('no');
  assert.equal(await visitor.locator('#note').inputValue(), 'hers');
  await until('the visitor left the name', async () => !(await hands.locks()).some((lock) => lock.node === name));
  await pressOverlay(visitor, 'Take over');
  await until('the agent sees that the visitor took over', async () => (await hands.locks()).some((lock) => lock.node === note && lock.by === 0));
  await visitor.locator('#note').focus();
  await visitor.keyboard.press('End');
  await visitor.keyboard.type('+mine');
  assert.equal(await visitor.locator('#note').inputValue(), 'hers+mine');
  await until('the lock ends in silence', async () => (await hands.locks()).length === 0, 9_000);
  assert.equal(await hands.do({ a: 'type', node: note, strokes: text('!') }), 'done');
  await close();
});

test('what the visitor did, and the agent had not seen, is a conflict', async () => {
  const { hands, visitor, close } = await open(server, `${site.origin}/vue`);
  const terms = await hands.node({ id: 'terms' });
  const seen = await hands.seen();
  await visitor.locator('#terms').click();
  await until('the agent has it', async () => (await hands.seen()) > seen);
  assert.equal(await hands.do({ a: 'check', node: terms, checked: false }, seen), 'conflict');
  assert.equal(await visitor.locator('#terms').isChecked(), true);
  assert.equal(await hands.do({ a: 'check', node: terms, checked: false }), 'done');
  await close();
});

test('the demo: what sends a form is asked about, and both sides see it', async () => {
  const { hands, visitor, agent, close } = await open(demo, new URL('/search', demo.shop.shop).href);
  assert.equal(await hands.do({ a: 'type', node: await hands.node({ id: 'q' }), strokes: text('kettle') }), 'done');
  await visitor.getByText('3 things found').waitFor();
  await until('the agent sees it', async () => (await agent.sees()).text.includes('3 things found'));
  await visitor.getByRole('link', { name: /Gooseneck/ }).click();
  await visitor.getByRole('button', { name: 'Add to basket' }).waitFor();
  assert.equal(await hands.do({ a: 'choose', node: await hands.node({ name: 'count' }, 'select'), choice: { options: [await hands.node({ text: '2' }, 'option')] } }), 'done');
  const press = async () => hands.begin({ a: 'click', node: await hands.node({ text: 'Add to basket' }, 'button'), at, count: 1 });
  const first = await press();
  await hands.outcome(first, ([outcome]) => outcome === 'asking');
  await answer(visitor, 'Justin wants to press “Add to basket”', 'Don’t');
  assert.equal(await hands.outcome(first), 'declined');
  assert.match(visitor.url(), /product/);
  const second = await press();
  await answer(visitor, 'Justin wants to press “Add to basket”', 'Allow');
  assert.equal(await hands.outcome(second), 'done');
  await visitor.getByRole('heading', { level: 1, name: 'Basket' }).waitFor();
  await until('the agent is there', async () => (await agent.sees()).text.includes('£145.00'));
  await visitor.getByRole('link', { name: 'Go to checkout' }).click();
  await visitor.getByLabel('Password').waitFor();
  assert.equal(await hands.do({ a: 'type', node: await hands.node({ name: 'name' }, 'input'), strokes: text('robin', 'Tab', 'fern') }), 'masked', 'the Tab key leads no agent into a password');
  assert.equal(await hands.do({ a: 'type', node: await hands.node({ name: 'password' }), strokes: text('x') }), 'masked');
  assert.deepEqual([await visitor.getByLabel('Name').inputValue(), await visitor.getByLabel('Password').inputValue()], ['robin', '']);
  await same(visitor, agent);
  await close();
});

test('the demo: a visitor who stops help ends questions and locks, and nothing more is done', async () => {
  const { hands, visitor, close } = await open(demo, new URL('/search', demo.shop.shop).href);
  const query = await hands.node({ id: 'q' });
  assert.equal(await hands.do({ a: 'type', node: query, strokes: text('teapot') }), 'done');
  await visitor.getByRole('link', { name: /teapot/i }).first().click();
  await visitor.getByRole('button', { name: 'Add to basket' }).waitFor();
  const count = await hands.node({ name: 'count' }, 'select');
  assert.equal(await hands.do({ a: 'choose', node: count, choice: { options: [await hands.node({ text: '3' }, 'option')] } }), 'done');
  const press = await hands.begin({ a: 'click', node: await hands.node({ text: 'Add to basket' }, 'button'), at, count: 1 });
  await until('the visitor is asked', () => isAsked(visitor, 'Justin wants to press “Add to basket”'));
  await pressOverlay(visitor, 'Stop help');
  assert.equal(await hands.outcome(press), 'mode');
  await until('both sides know', async () => (await hands.session()).mode === 'view-only' && (await hands.locks()).length === 0 && !(await isAsked(visitor, 'Justin wants to press')));
  assert.equal(await hands.do({ a: 'choose', node: count, choice: { options: [await hands.node({ text: '1' }, 'option')] } }), 'mode');
  assert.equal(await visitor.getByLabel('How many').inputValue(), '3');
  await close();
});

test('the demo: a frame of another origin is acted in, and asks', async () => {
  const { hands, visitor, agent, close } = await open(demo, new URL('/gift-card', demo.shop.shop).href);
  const frame = visitor.frameLocator('#pay');
  const holder = await hands.node({ name: 'holder' });
  assert.equal(await hands.do({ a: 'type', node: holder, strokes: text('Robin Field') }), 'done');
  assert.equal(await frame.locator('[name=holder]').inputValue(), 'Robin Field');
  const { you } = await hands.session();
  assert.deepEqual(await hands.locks(), [{ node: holder, by: you }]);
  const pay = await hands.begin({ a: 'click', node: await hands.node({ text: 'Pay' }, 'button'), at, count: 1 });
  await answer(visitor, 'Justin wants to press “Pay”', 'Allow');
  assert.equal(await hands.outcome(pay), 'done');
  await frame.getByText('Paid', { exact: true }).waitFor();
  await frame.locator('[name=holder]').focus();
  const seen = await hands.seen();
  await visitor.keyboard.type('!');
  await until('the agent sees the lock', async () => (await hands.locks()).some((lock) => lock.node === holder && lock.by === 0));
  assert.equal(await hands.do({ a: 'type', node: holder, strokes: text('x') }), 'locked');
  await frame.locator('button').focus();
  await until('the lock is gone', async () => !(await hands.locks()).length);
  assert.equal(await hands.do({ a: 'type', node: holder, strokes: text('x') }, seen), 'conflict');
  await same(visitor, agent);
  await close();
});

/** Whether the visitor is asked this now: the question is in a closed shadow root, read from the accessibility tree. */
async function isAsked(page, words) {
  const cdp = await page.context().newCDPSession(page);
  try {
    const { nodes } = await cdp.send('Accessibility.getFullAXTree');
    return nodes.some((node) => node.name?.value?.includes(words));
  } finally {
    await cdp.detach();
  }
}

/** Waits for a question and answers it. The overlay does not take a press that was meant for what lay there before: so it may take two. */
async function answer(page, words, button) {
  await until(`the question ${words}`, () => isAsked(page, words));
  await until(`${words} is answered`, async () => {
    await pressOverlay(page, button);
    return !(await isAsked(page, words));
  });
}
