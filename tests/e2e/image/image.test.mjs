// Image mode from end to end: a Chrome on the server opens the demo's page, and visitor and agent see the same pictures of it, through the real binary.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { launch, pressOverlay, same, shared, until } from '../journey.mjs';
import { chromeOf, coloursAt, onScreen, pictured, samePicture, toPage, toPictures } from '../pictures.mjs';
import { startServer } from '../server.mjs';

/** How long both sides may take to be back after Chrome was killed. */
const BACK = 5_000;

let browser;
let server;
let agent;
let visitor;
let viewer;

before(async () => {
  [browser, server] = await Promise.all([launch(), startServer({ image: true })]);
});
afterEach(async () => {
  for (const page of [visitor, agent?.page]) await page?.context().close();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** A session that goes the image way at a page of the shop. */
async function begin(path, mode = 'shared') {
  ({ agent, visitor } = await shared(browser, server, { url: new URL(path, server.shop.shop).href, mode }));
  await same(visitor, agent);
  viewer = await toPictures(agent, visitor);
}

/** What the hosted page has, as the agent's washed copy of it shows. */
const page = (code, argument) => agent.look(code, argument);
const says = (id, text) => until(`${id} says ${text}`, () => page((d, [id, text]) => d.getElementById(id).textContent.includes(text), [id, text]));

test('both see the same frames with the same pixels', async () => {
  await begin('/design');
  await until('the mug is at rest', () => page((d) => d.getElementById('turned').textContent === 'at rest'));
  const { frame, width, height } = await samePicture([visitor, viewer]);
  assert.ok(frame > 0 && width >= 1280 && height >= 700, `${frame}: ${width}x${height}`);
  // WebGL is drawn: its ground and a side of the mug, not one colour.
  const [left, top, right, bottom] = await page((d) => {
    const { x, y, width, height } = d.getElementById('scene').getBoundingClientRect();
    return [x + 10, y + 10, x + width / 2, y + height / 2];
  });
  const density = width / (await visitor.evaluate(() => innerWidth));
  const [ground, side] = await coloursAt(viewer, [[left * density, top * density], [right * density, bottom * density]].map((at) => at.map(Math.round)));
  assert.ok(ground.some((part, i) => Math.abs(part - side[i]) > 30), `${ground} and ${side}`);
});

test('the visitor draws, types, chooses, answers and sends; the agent sees it', async () => {
  await begin('/design');
  const drawing = await onScreen(agent, visitor, '#drawing');
  await visitor.mouse.move(drawing.x + 60, drawing.y + 60);
  await visitor.mouse.down();
  await visitor.mouse.move(drawing.x + 160, drawing.y + 60, { steps: 4 });
  await visitor.mouse.up();
  await says('strokes', '1 stroke');
  await samePicture([visitor, viewer]);

  const press = async (selector) => {
    const box = await onScreen(agent, visitor, selector);
    await visitor.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  };
  await press('[name=owner]');
  await visitor.keyboard.type('Robin Field');
  await until('the field has it', () => page((d) => d.querySelector('[name=owner]').value === 'Robin Field'));
  await press('[name=size]');
  await visitor.getByRole('option', { name: 'Medium' }).click();
  await until('the list has it', () => page((d) => d.querySelector('[name=size]').value === 'medium'));

  await press('#confirm');
  await visitor.getByText('Wipe the drawing and start again?').waitFor();
  await viewer.locator('.notice').getByText('The page asks the visitor: “Wipe the drawing and start again?”').waitFor();
  await visitor.locator('.card .primary').click({ delay: 400 });
  await says('said', 'You start again');

  // The press that made the page ask for files still counts at the visitor's: their own dialog opens by itself.
  const choosing = visitor.waitForEvent('filechooser');
  await press('#file');
  await (await choosing).setFiles({ name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('twelve bytes') });
  await says('sent', 'note.txt, 12 bytes');
  await samePicture([visitor, viewer], { covered: true });
});

test('the agent acts in shared mode, and their label is in both pictures', async () => {
  await begin('/design');
  await agent.click('#turn');
  await says('turned', 'turning');
  await agent.type('[name=owner]', 'Wren');
  await until('the field has it', () => page((d) => d.querySelector('[name=owner]').value === 'Wren'));
  await agent.choose('[name=size]', 'Large');
  await until('the list has it', () => page((d) => d.querySelector('[name=size]').value === 'large'));
  const before = await samePicture([visitor, viewer]);
  await agent.hand('label', 'Write your name here');
  await agent.click('[name=owner]');
  await viewer.locator('.label').waitFor({ state: 'attached' });
  await until('the picture has it', async () => (await pictured(visitor)).pixels !== before.pixels);
  await samePicture([visitor, viewer]);
});

test('in view-only, an agent’s act is denied', async () => {
  await begin('/design', 'view-only');
  await agent.click('#turn');
  await until('it stays at rest', () => page((d) => d.getElementById('turned').textContent === 'at rest'));
  assert.equal(await viewer.evaluate(() => document.querySelector('.cover').dataset.acts), 'false');
});

test('there and back, a half-filled checkout keeps every value, and the cart', async () => {
  ({ agent, visitor } = await shared(browser, server, { mode: 'shared' }));
  await visitor.goto(new URL('/product/round-teapot', visitor.url()).href);
  await visitor.getByRole('button', { name: 'Add to basket' }).click();
  await visitor.goto(new URL('/log-in?next=/checkout', visitor.url()).href);
  await visitor.getByLabel('Name').fill('robin');
  await visitor.getByLabel('Password').fill('fern');
  await visitor.getByRole('button', { name: 'Log in' }).click();
  await visitor.getByRole('heading', { name: 'Checkout' }).waitFor();
  await visitor.locator('[name=name]').fill('Robin Field');
  await visitor.locator('[name=country]').selectOption('Norway');
  await visitor.locator('[name=date]').fill('2031-05-17');
  await visitor.locator('[name=delivery][value=courier]').check();
  await visitor.locator('[name=notes]').fill('Second door\nplease');
  await visitor.locator('[name=password]').fill('fern');
  await visitor.locator('[name=terms]').check();
  await visitor.evaluate(() => scrollTo(0, 120));
  const values = () => visitor.evaluate(() => [
    ...[...document.querySelectorAll('form [name]')].map((field) => [field.name, field.value, field.checked]),
    document.getElementById('count').textContent,
    scrollY,
  ]);
  const before = await values();
  await same(visitor, agent);
  viewer = await toPictures(agent, visitor);
  await until('the hosted page has the name', () => page((d) => d.querySelector('[name=name]').value === 'Robin Field'));
  await samePicture([visitor, viewer], { covered: true });
  await toPage(agent, visitor);
  await until('all is as it was', async () => assert.deepEqual(await values(), before) ?? true);
  await same(visitor, agent);
});

test('Chrome is killed: a message on both sides, and the page back within five seconds, logged in', async () => {
  await begin('/log-in?next=/account');
  await agent.type('[name=name]', 'robin');
  const field = await onScreen(agent, visitor, '[name=password]');
  await visitor.mouse.click(field.x + 20, field.y + field.height / 2);
  await visitor.keyboard.type('fern');
  await visitor.keyboard.press('Enter');
  await until('the account is open', () => page((d) => d.body.textContent.includes('Good morning')));
  await samePicture([visitor, viewer], { covered: true });
  const killed = Date.now();
  process.kill(await chromeOf(server.pid), 'SIGKILL');
  await viewer.locator('.trouble').getByText('The page stopped and is being opened again.').waitFor();
  await until('both see it again', async () => {
    const all = await Promise.all([visitor, viewer].map(pictured));
    return (await viewer.locator('.trouble').isHidden()) && all[0]?.frame === all[1]?.frame;
  });
  assert.ok(Date.now() - killed < BACK, `${Date.now() - killed} ms`);
  await until('they are logged in', () => page((d) => d.body.textContent.includes('Good morning')));
});

test('End: the context is gone, and nothing of it is on disk', async () => {
  await begin('/design');
  const folder = await profileOf(server.pid);
  const bytes = await visitor.evaluate(() => location.host.slice(0, 10));
  await pressOverlay(visitor, 'End sharing');
  await pressOverlay(visitor, 'Yes, end');
  await visitor.getByText(/ended/i).first().waitFor();
  await until('nothing names the session', async () => {
    const names = folder ? await readdir(folder, { recursive: true }) : [];
    return !names.some((name) => name.includes(bytes));
  });
  await agent.page.getByText('The visitor ended the session').waitFor();
});

/** The folder that the server's Chrome keeps its profile in, if it has one. */
async function profileOf(pid) {
  const line = await readFile(`/proc/${await chromeOf(pid)}/cmdline`, 'latin1');
  return /--user-data-dir=([^\0]+)/.exec(line)?.[1];
}
