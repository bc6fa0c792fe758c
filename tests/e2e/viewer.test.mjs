// The agent's view, used as an agent does: acts, notes, looking around, zoom, and the picture, all by mouse and keyboard.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { PNG } from 'pngjs';
import { launch, pressOverlay, same, shared, until } from './journey.mjs';
import { startServer } from './server.mjs';

let browser;
let server;
let agent;
let visitor;

before(async () => {
  [browser, server] = await Promise.all([launch(), startServer()]);
  ({ agent, visitor } = await shared(browser, server, { mode: 'shared' }));
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function open(path) {
  await visitor.goto(new URL(path, visitor.url()).href);
  await same(visitor, agent);
}

/** What is drawn over the page, by its class. */
async function drawn(selector) {
  return (await agent.viewer()).locator(selector).filter({ visible: true });
}

const scrolled = () => visitor.evaluate(() => document.scrollingElement.scrollTop);
const looks = () => agent.look((d) => d.scrollingElement.scrollTop);

/** Where the agent's mouse is over the middle of the view. */
async function overPage() {
  const { x, y, width, height } = await (await agent.viewer()).locator('.room').boundingBox();
  await agent.page.mouse.move(x + width / 2, y + height / 2);
}

test('acts', async (t) => {
  await t.test('a click follows a link at the visitor’s', async () => {
    await same(visitor, agent);
    await agent.click('li a h3');
    await visitor.waitForURL(/product/);
    await same(visitor, agent);
  });
  await t.test('typing, choosing, checking', async () => {
    await open('/log-in');
    await agent.type('[name=name]', 'robin');
    await visitor.getByLabel('Password').fill('fern');
    await visitor.getByRole('button', { name: 'Log in' }).click();
    await visitor.getByRole('heading', { name: 'Good morning' }).waitFor();
    await open('/checkout');
    await agent.type('[name=name]', 'Robin Field');
    await until('the visitor’s field has it', () => visitor.evaluate(() => document.querySelector('[name=name]').value === 'Robin Field'));
    await agent.choose('[name=country]', 'Norway');
    await until('the visitor’s list shows it', () => visitor.evaluate(() => document.querySelector('[name=country]').selectedOptions[0].text === 'Norway'));
    await agent.click('[name=delivery][value=courier]');
    await until('the visitor’s box is checked', () => visitor.evaluate(() => document.querySelector('[name=delivery][value=courier]').checked));
    await agent.type('textarea', 'Second door\nplease');
    await until('the visitor’s text has two lines', () => visitor.evaluate(() => document.querySelector('textarea').value === 'Second door\nplease'));
    await same(visitor, agent);
  });
  await t.test('keys within a field, and on to the next', async () => {
    await agent.type('[name=name]', 'x');
    const { keyboard } = agent.page;
    await keyboard.press('Control+a');
    await keyboard.type('Wren ');
    await keyboard.press('Backspace');
    await keyboard.press('Home');
    await keyboard.type('J. ');
    await until('the visitor’s field has it', () => visitor.evaluate(() => document.querySelector('[name=name]').value === 'J. Wren'));
    await same(visitor, agent);
  });
  await t.test('a private field takes nothing, and nothing is asked for', async () => {
    await agent.click('[type=password]');
    await (await drawn('.sign.private')).waitFor();
    assert.equal(await visitor.evaluate(() => document.querySelector('[type=password]').value), '');
  });
  await t.test('the wheel scrolls the visitor’s page', async () => {
    await open('/');
    await overPage();
    await agent.page.mouse.wheel(0, 300);
    await until('the visitor’s page has scrolled', async () => (await scrolled()) > 200);
    await same(visitor, agent);
  });
});

test('by keyboard alone: to a field, type, on to the next, check, follow a link', async () => {
  await open('/log-in');
  const viewer = await agent.viewer();
  const said = () => viewer.locator('.speaker').evaluate((e) => e.textContent);
  const { keyboard } = agent.page;
  const to = (what) => until(what, async () => {
    if ((await said()).startsWith(what)) return true;
    await keyboard.press('ArrowDown');
    return (await said()).startsWith(what);
  });
  await viewer.locator('.cover').focus();
  await to('Name, text field');
  await keyboard.type('wren');
  await until('the visitor’s field has it', () => visitor.evaluate(() => document.querySelector('[name=name]').value === 'wren'));
  await keyboard.press('Escape');
  await to('Password, text field, private');
  await keyboard.press('Enter');
  await (await drawn('.sign.private')).waitFor();
  await to('Oddments, link');
  await keyboard.press('Enter');
  await visitor.waitForURL(/oddments/);
  await same(visitor, agent);
});

test('what is editable without being a field', async () => {
  await open('/oddments');
  await visitor.evaluate(() => document.querySelector('[contenteditable]').classList.add('editable-here'));
  await until('the agent sees it', () => agent.look((d) => d.querySelector('.editable-here') !== null));
  await agent.type('.editable-here', 'Yes.');
  await until('the visitor’s page has it', () => visitor.evaluate(() => document.querySelector('.editable-here').textContent.includes('Yes.')));
});

test('what the visitor is asked about waits on the element, and says what became of it', async () => {
  await open('/log-in');
  await agent.click('main form button');
  await (await drawn('.sign.asking .chip')).filter({ hasText: 'Waiting for the visitor' }).waitFor();
  await pressOverlay(visitor, 'Don’t');
  await (await drawn('.sign.denied .chip')).filter({ hasText: 'The visitor said no.' }).waitFor();
  await until('it is told for 3 seconds', async () => (await (await drawn('.sign.denied')).count()) === 0);
});

test('two presses in a row are a double press at the visitor’s', async () => {
  await open('/');
  await visitor.evaluate(() => {
    window.presses = [];
    for (const name of ['mousedown', 'click', 'dblclick']) document.querySelector('h1').addEventListener(name, ({ detail }) => window.presses.push(`${name} ${detail}`));
  });
  await agent.click('h1', { count: 2 });
  await until('both have come', () => visitor.evaluate(() => window.presses.includes('dblclick 2')));
  assert.deepEqual(await visitor.evaluate(() => window.presses), ['mousedown 1', 'click 1', 'mousedown 2', 'click 2', 'dblclick 2']);
});

test('who types where is told on the element', async () => {
  await open('/log-in');
  await visitor.getByLabel('Name').pressSequentially('ro');
  await (await drawn('.sign.lock .chip')).filter({ hasText: 'Visitor is typing' }).waitFor();
  await agent.click('[name=name]');
  await (await drawn('.sign.denied .chip')).waitFor();
  await visitor.getByLabel('Name').blur();
  await until('nobody types any more', async () => (await (await drawn('.sign.lock')).count()) === 0);
});

test('looking around, and back', async () => {
  await open('/');
  await agent.page.getByRole('button', { name: 'Follow', exact: true }).click();
  await (await drawn('.notice')).waitFor();
  await overPage();
  await agent.page.mouse.wheel(0, 350);
  await until('the agent’s view has scrolled', async () => (await looks()) > 300);
  assert.equal(await scrolled(), 0, 'the visitor’s page stays');
  await visitor.mouse.move(300, 300);
  await visitor.mouse.wheel(0, 120);
  await until('the visitor scrolls', async () => (await scrolled()) === 120);
  assert.ok((await looks()) > 300, 'the agent looks where they did');
  const viewer = await agent.viewer();
  await viewer.locator('.cover').focus();
  await agent.page.keyboard.press('Escape');
  await until('the agent sees what the visitor sees', async () => (await looks()) === 120);
  await agent.page.getByRole('button', { name: 'Follow', exact: true }).click();
  await overPage();
  await agent.page.mouse.wheel(0, 300);
  await until('the agent’s view has scrolled', async () => (await looks()) > 350);
  const where = await looks();
  // Whoever scrolls is not interrupted: right after the visitor did, it is denied.
  await until('the visitor is there', async () => {
    const bring = viewer.getByRole('button', { name: 'Bring the visitor here' });
    if (await bring.isVisible()) await bring.click();
    return Math.abs((await scrolled()) - where) <= 1;
  });
  await same(visitor, agent);
});

/** How far the tip of a label is from the middle of its element, in pixels of the agent's screen. */
async function offTip(selector) {
  const viewer = await agent.viewer();
  return viewer.evaluate((selector) => {
    const frame = [...document.querySelectorAll('iframe')].find((e) => e.getClientRects().length > 0);
    const outer = frame.getBoundingClientRect();
    const scale = outer.width / frame.offsetWidth;
    const box = frame.contentDocument.querySelector(selector).getBoundingClientRect();
    const label = document.querySelector('.label');
    const tip = label.querySelector('.tip').getBoundingClientRect();
    const apex = [tip.x + tip.width / 2, label.classList.contains('above') ? tip.bottom : tip.y];
    return Math.hypot(apex[0] - (outer.x + (box.x + box.width / 2) * scale), apex[1] - (outer.y + (box.y + box.height / 2) * scale));
  }, selector);
}

test('notes', async (t) => {
  await open('/');
  await t.test('a label keeps to its element at each size and after scrolling', async () => {
    await agent.hand('label', 'Look at this');
    await agent.click('h1');
    await (await drawn('.label .text')).waitFor();
    for (const zoom of ['50 %', '100 %, its own size', '200 %', 'Whole window']) {
      await agent.page.getByRole('toolbar', { name: 'Tools' }).getByRole('button', { name: 'Zoom' }).or(agent.page.locator('[title^="Zoom"]')).first().click();
      await agent.page.getByRole('button', { name: zoom }).filter({ visible: true }).first().click();
      await until(`the label is at its element at ${zoom}`, async () => (await offTip('h1')) < 2);
    }
    await visitor.mouse.move(300, 300);
    await visitor.mouse.wheel(0, 40);
    await until('the page has scrolled', async () => (await looks()) === 40);
    await until('the label has gone along', async () => (await offTip('h1')) < 2);
  });
  await t.test('each tool', async () => {
    const count = async () => (await drawn('.away')).count();
    const tools = [
      ['element', () => agent.click('h1')],
      ['area', () => agent.drag('main', [0.1, 0.1], [0.3, 0.2])],
      ['text', () => agent.drag('h1', [0.01, 0.5], [0.1, 0.5])],
      ['freehand', () => agent.drag('main', [0.2, 0.1], [0.3, 0.15])],
      ['line', () => agent.drag('main', [0.2, 0.1], [0.3, 0.15])],
      ['arrow', () => agent.drag('main', [0.2, 0.1], [0.3, 0.15])],
      ['rectangle', () => agent.drag('main', [0.2, 0.1], [0.3, 0.15])],
    ];
    for (const [name, draw] of tools) {
      const before = await count();
      await agent.hand(name);
      await draw();
      await until(`${name} is there`, async () => (await count()) === before + 1);
    }
  });
  await t.test('undo and clear', async () => {
    const bar = agent.page.getByRole('toolbar', { name: 'Tools' });
    await bar.getByRole('button', { name: 'Undo' }).click();
    await until('one is gone', async () => (await (await drawn('.away')).count()) === 7);
    await bar.getByRole('button', { name: 'Clear' }).click();
    await until('all are gone', async () => (await (await drawn('.away')).count()) === 0);
  });
});

test('the picture has the page and its notes', async () => {
  await open('/');
  await agent.hand('rectangle');
  await agent.drag('h1', [0, 0], [0.5, 1]);
  await (await drawn('.mark')).waitFor();
  const [download] = await Promise.all([
    agent.page.waitForEvent('download'),
    agent.page.getByRole('button', { name: 'Save picture' }).click(),
  ]);
  const png = PNG.sync.read(await readFile(await download.path()));
  assert.deepEqual([png.width, png.height], [1280, 800]);
  const colour = (x, y) => [...png.data.subarray(4 * (png.width * Math.round(y) + Math.round(x)), 4 * (png.width * Math.round(y) + Math.round(x)) + 3)];
  const near = (a, b) => a.every((part, i) => Math.abs(part - b[i]) < 24);
  const { box, ground } = await agent.look((d) => {
    const { x, y, width, height } = d.querySelector('h1').getBoundingClientRect();
    return { box: { x, y, width, height }, ground: d.defaultView.getComputedStyle(d.body).backgroundColor.match(/\d+/g).slice(0, 3).map(Number) };
  });
  assert.ok(near(colour(3, 790), ground), `the ground is ${colour(3, 790)}, not ${ground}`);
  // The colour of the first agent: the left side of the rectangle.
  assert.ok(near(colour(box.x, box.y + box.height / 2), [0x1d, 0x5f, 0xd1]), String(colour(box.x, box.y + box.height / 2)));
  const row = Array.from({ length: Math.floor(box.width / 2) }, (_, i) => colour(box.x + 4 + i, box.y + box.height / 2));
  assert.ok(row.some((found) => !near(found, ground)), 'the words of the heading are in it');
});

test('in view-only, a press points and changes nothing; what cannot be done is said', async () => {
  await open('/');
  await agent.page.getByRole('group', { name: 'Mode' }).getByRole('button', { name: 'View only' }).click();
  const viewer = await agent.viewer();
  await until('the view points', () => viewer.evaluate(() => document.querySelector('.cover').dataset.acts === 'false'));
  await agent.hand('act');
  const before = visitor.url();
  const circle = viewer.evaluate(() => new Promise((done) => {
    new MutationObserver((_, watch) => document.querySelector('.ripple') && (watch.disconnect(), done(true))).observe(document.body, { childList: true, subtree: true });
  }));
  await agent.click('li a h3');
  assert.ok(await circle, 'a circle shows where it was pressed');
  await overPage();
  await agent.page.mouse.wheel(0, 300);
  await until('the agent looks around', async () => (await looks()) > 200);
  await viewer.getByRole('button', { name: 'Bring the visitor here' }).click();
  await viewer.getByRole('button', { name: 'Highlight what is here' }).click();
  await until('it is highlighted', async () => (await (await drawn('.light.element span')).count()) === 1);
  assert.equal(await scrolled(), 0);
  assert.equal(visitor.url(), before);
  await viewer.getByRole('button', { name: 'Back to the visitor' }).click();
  await until('the agent sees what the visitor sees', async () => (await looks()) === 0);
});
