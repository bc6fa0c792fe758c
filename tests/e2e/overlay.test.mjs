// What the visitor sees of the agents beside the page, through the real server: notes that stay with their element over scrolling, rendering
// anew, reloads and a way back, cursors, what the visitor shows and selects, and the connection of both sides.
import assert from 'node:assert/strict';
import { after, before, test as nodeTest } from 'node:test';
import { OverlayPage } from '../overlay/page.mjs';
import { Hands } from './hands.mjs';
import { DESKTOP, launch, PHONE, same, shared, until } from './journey.mjs';
import { startServer } from './server.mjs';

/** Most pixels between an anchor and where it is to be. */
const SLACK = 2;
const TITLE = 'h3:text-is("Morning mug")';

let browser;
let server;
before(async () => {
  [browser, server] = await Promise.all([launch(), startServer()]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});
const test = (name, body) => nodeTest(name, { timeout: 120_000 }, body);

/** A shared session with an agent's hands, and a reader of the overlay. */
async function open(viewport) {
  const both = await shared(browser, server, { viewport });
  await same(both.visitor, both.agent);
  const hands = await Hands.open(both.agent, both.session);
  const cdp = await both.visitor.context().newCDPSession(both.visitor);
  await cdp.send('DOM.enable');
  const overlay = new OverlayPage(both.visitor, cdp);
  return {
    ...both, hands, overlay,
    send: (message) => hands.page.evaluate((m) => window.hands.send(m), message),
    async close() {
      await both.visitor.context().close();
      await both.agent.page.context().close();
    },
  };
}

/** Waits until the first element of the overlay that matches is at a part of the page's element. */
async function isAt({ overlay, visitor }, attributes, selector, at) {
  let last;
  await until(`it is at ${selector}`, async () => {
    const [drawn, box] = [await overlay.drawn(attributes), await visitor.locator(selector).first().boundingBox()];
    last = { drawn, box };
    return drawn && box && Math.abs(drawn.left - box.x - at[0] * box.width) <= SLACK && Math.abs(drawn.top - box.y - at[1] * box.height) <= SLACK;
  }, 10_000).catch((error) => assert.fail(`${error.message} ${JSON.stringify(last)}`));
}

for (const [width, size] of [['1280', DESKTOP], ['390', PHONE]]) {
  test(`at ${width} px, a label and a highlight stay with their element`, async () => {
    const session = await open(size);
    const { hands, visitor, overlay, send } = session;
    const node = await hands.node({ text: 'Morning mug' }, 'h3');
    await visitor.locator(TITLE).scrollIntoViewIfNeeded();
    const at = [0.5, 0.5];
    await send({ t: 'note', n: 1, note: { node, shape: { s: 'label', text: 'Click this link', at } } });
    await send({ t: 'note', n: 2, note: { node, shape: { s: 'element' } } });
    const check = async () => {
      await isAt(session, { 'data-part': 'anchor' }, TITLE, at);
      await isAt(session, { 'data-part': 'box' }, TITLE, [0, 0]);
    };
    await check();
    await visitor.evaluate(() => scrollBy(0, 40));
    await check();
    // Rendered anew: another element in its place.
    await visitor.evaluate(() => {
      const found = [...document.querySelectorAll('h3')].find((each) => each.textContent === 'Morning mug');
      found.replaceWith(found.cloneNode(true));
    });
    await check();
    await visitor.reload();
    await visitor.locator(TITLE).scrollIntoViewIfNeeded();
    await check();
    await visitor.goto(new URL('/search', visitor.url()).href);
    await until('it is not on another page', async () => (await overlay.drawn({ 'data-part': 'anchor' })) === null);
    await visitor.goBack();
    await visitor.locator(TITLE).scrollIntoViewIfNeeded();
    await check();
    await overlay.press('Hide this label');
    await until('it is gone', async () => (await overlay.find({ 'data-part': 'anchor' })).length === 0);
    await session.close();
  });
}

test('cursor, people, what the visitor shows and selects, and how both are connected', async () => {
  const session = await open(DESKTOP);
  const { hands, visitor, overlay, agent, send } = session;
  const node = await hands.node({ text: 'Morning mug' }, 'h3');
  await visitor.locator(TITLE).scrollIntoViewIfNeeded();
  await send({ t: 'pointer', pointer: { action: 'move', node, at: [0.3, 0.5] } });
  await isAt(session, { 'data-part': 'cursor' }, TITLE, [0.3, 0.5]);
  assert.match(await overlay.text({ 'data-part': 'bar' }), /can see this page/);
  await overlay.press('About this shared visit');
  await until('both connections are told', async () => {
    const text = await overlay.text({ 'data-part': 'details' });
    return /messages take \d+ ms/.test(text) && text;
  });
  await visitor.keyboard.press('Escape');
  await overlay.press('Show something');
  await visitor.evaluate(() => scrollTo(0, 0));
  const heading = await visitor.locator('h1').first().boundingBox();
  await visitor.mouse.click(heading.x + 5, heading.y + heading.height / 2);
  const viewer = await agent.viewer();
  await until('the visitor sees it too', () => overlay.drawn({ 'data-part': 'box' }));
  await visitor.evaluate(() => getSelection().selectAllChildren(document.querySelector('h1')));
  await until('the agent sees what is selected', () => viewer.evaluate(() => document.querySelectorAll('.selection *').length > 0));
  await session.close();
});
