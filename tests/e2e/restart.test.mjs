// Sessions that outlive the server: killed without notice, or stopped by an operator, both sides come back by themselves.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { launch, pressOverlay, same, shared, until } from './journey.mjs';
import { startServe, startServer } from './server.mjs';

/** How long both sides may take to be back. */
const BACK = 5_000;

let browser;
let demo;
let folder;
let server;
let agent;
let visitor;

before(async () => {
  [browser, demo] = await Promise.all([launch(), startServer({ tls: false })]);
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alongside-restart-'));
  const origin = (name) => new URL(demo.shop[name]).origin;
  const env = { ALONGSIDE_STORE__KEY: randomBytes(32).toString('base64') };
  const loads = [origin('cdn'), origin('pay')];
  server = await startServe(folder, [origin('shop')], `loads = ${JSON.stringify(loads)}`, env);
  await until('the server answers', async () => (await fetch(`http://127.0.0.1:${server.plain}/`)).status);
  ({ agent, visitor } = await shared(browser, server, { url: demo.shop.shop, mode: 'shared' }));
});
afterEach(async () => {
  for (const page of [visitor, agent?.page]) await page?.context().close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

async function logIn() {
  await visitor.goto(new URL('/account', visitor.url()).href);
  await visitor.getByLabel('Name').fill('robin');
  await visitor.getByLabel('Password').fill('fern');
  await visitor.getByRole('button', { name: 'Log in' }).click();
  await visitor.getByRole('heading', { name: 'Good morning' }).waitFor();
  await visitor.goto(new URL('/', visitor.url()).href);
}

/** Whether the agent's console says that the session is shared. */
const isShared = () => agent.page.getByRole('group', { name: 'Mode' }).getByRole('button', { name: 'Shared' }).getAttribute('aria-pressed');

/** Whether both sides have the label: the agent's view draws it, the visitor's overlay tells it. */
async function labelled() {
  const viewer = await agent.viewer();
  const drawn = await viewer.evaluate(() => document.querySelector('.label .text')?.textContent === 'Look at this');
  const cdp = await visitor.context().newCDPSession(visitor);
  try {
    const { nodes } = await cdp.send('Accessibility.getFullAXTree');
    return drawn && nodes.some(({ name, ignored }) => !ignored && name?.value?.includes('Look at this'));
  } finally {
    await cdp.detach();
  }
}

/** Bytes of the store, its log included. */
async function stored() {
  const files = ['alongside.db', 'alongside.db-wal'].map((name) => readFile(join(folder, name)).catch(() => Buffer.alloc(0)));
  return Buffer.concat(await Promise.all(files));
}

test('after kill -9 both sides are back in the session, with mode, label, page and log-in', async () => {
  await logIn();
  await agent.hand('label', 'Look at this');
  await agent.click('h1');
  await until('both see the label', labelled);
  const before = await same(visitor, agent);
  assert.ok(before.pictures.length > 2, 'the page has pictures');
  await visitor.evaluate(() => (document.cookie = 'planted=needle-in-the-store'));
  const address = visitor.url();
  const loads = await visitor.evaluate(() => performance.timeOrigin);

  await server.kill();
  await visitor.evaluate(() => document.querySelector('h1').append(' (changed while it was down)'));
  const start = Date.now();
  server.start();
  const seen = await same(visitor, agent, 'both are back', BACK);
  const took = Date.now() - start;
  assert.match(seen.text, /changed while it was down/);
  assert.equal(visitor.url(), address);
  assert.equal(await visitor.evaluate(() => performance.timeOrigin), loads, 'the page was not loaded anew');
  assert.deepEqual(seen.pictures, before.pictures);
  assert.equal(await isShared(), 'true');
  await until('both have the label', labelled, BACK - took);
  console.log(`both sides were back after ${took} ms`);

  for (const page of [visitor, agent.page]) await page.reload();
  await same(visitor, agent);
  await until('both have the label again', labelled);
  await visitor.getByRole('link', { name: 'Account' }).click();
  await visitor.getByRole('heading', { name: 'Good morning' }).waitFor();
  await same(visitor, agent);
  assert.equal(await visitor.evaluate(() => document.cookie.includes('needle-in-the-store')), true);

  const bytes = await stored();
  assert.ok(bytes.includes('Justin'), 'the search finds what is there');
  for (const value of ['needle-in-the-store', 'planted', 'customer', 'Robin']) assert.ok(!bytes.includes(value), `${value} is in the store`);
  await pressOverlay(visitor, 'End sharing');
  await pressOverlay(visitor, 'Yes, end');
  await visitor.waitForLoadState();
  await agent.page.getByText('ended').first().waitFor();
});

test('an operator restarts the server: nobody is told of an end, and the session goes on', async () => {
  const before = await same(visitor, agent);
  assert.equal(await server.kill('SIGTERM'), 0);
  server.start();
  const seen = await same(visitor, agent, 'both are back', BACK);
  assert.deepEqual(seen.pictures, before.pictures);
  await visitor.getByRole('link', { name: 'Search', exact: true }).click();
  await visitor.getByRole('searchbox').waitFor();
  await same(visitor, agent);
});
