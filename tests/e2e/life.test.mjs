// A session's life: late and returning agents, returning visitors, dropped connections, and its end from either side.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { Agent, countSocketBytes, launch, pressOverlay, same, shared, until } from './journey.mjs';
import { startServer } from './server.mjs';

let browser;
let server;
let agent;
let visitor;
let session;

before(async () => {
  [browser, server] = await Promise.all([launch(), startServer()]);
});
beforeEach(async () => {
  ({ agent, visitor, session } = await shared(browser, server));
  await same(visitor, agent);
});
afterEach(async () => {
  for (const page of [visitor, agent?.page]) await page?.context().close();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test('an agent who comes late or reloads sees the page as it is, values included', async () => {
  await visitor.goto(new URL('/search', visitor.url()).href);
  await visitor.getByRole('searchbox').fill('fern');
  await visitor.getByText('things found').waitFor();
  await same(visitor, agent);
  await agent.page.reload();
  await same(visitor, agent);
  const late = await new Agent(await browser.person(), server).signIn();
  await late.page.goto(agent.page.url());
  const seen = await same(visitor, late);
  assert.equal(seen.fields[0].value, 'fern');
  await agent.page.getByRole('button', { name: 'Refresh' }).click();
  await same(visitor, agent);
  await late.page.context().close();
});

test('a visitor who reloads is in the same session', async () => {
  const before = visitor.url();
  await visitor.reload();
  assert.equal(visitor.url(), before);
  await same(visitor, agent);
  await visitor.getByRole('link', { name: 'Search', exact: true }).click();
  await visitor.getByRole('searchbox').waitFor();
  await same(visitor, agent);
});

for (const kind of ['view', 'viewer']) {
  test(`a dropped connection of the ${kind === 'view' ? 'visitor' : 'agent'} comes back by itself`, async () => {
    assert.ok(server.relay.cut(kind) > 0, 'there was no connection to cut');
    await visitor.evaluate(() => document.querySelector('h1').append(' (changed while away)'));
    server.relay.restore(kind);
    const seen = await same(visitor, agent);
    assert.match(seen.text, /changed while away/);
    await visitor.evaluate(() => document.querySelector('h1').append(' (and after)'));
    assert.match((await same(visitor, agent)).text, /and after/);
  });
}

/** After an end: the agent's view is blank, nothing comes any more, the visitor reads why and finds the way back. */
async function isOver(counted, { title, visitorReads }) {
  await agent.page.getByRole('heading', { name: title }).waitFor();
  await until('the view is gone', () => agent.page.frames().every((frame) => !frame.url().includes('-v.view.')));
  const at = counted.bytes;
  await visitor.getByText(visitorReads).first().waitFor();
  const back = visitor.getByRole('link').filter({ hasText: /./ }).first();
  assert.ok((await visitor.locator(`a[href^="${server.shop.shop}"]`).count()) > 0, 'no link to the real site');
  await back.waitFor();
  await visitor.goto(visitor.url());
  await visitor.getByText(visitorReads).first().waitFor();
  assert.equal(counted.bytes, at, 'bytes of the page came after the end');
}

test('the visitor ends it', async () => {
  const counted = await countSocketBytes(agent.page);
  await agent.page.reload();
  await same(visitor, agent);
  assert.ok(counted.bytes > 1000, 'the page came over the socket that is counted');
  await pressOverlay(visitor, 'End sharing');
  await pressOverlay(visitor, 'Yes, end');
  await isOver(counted, { title: 'The visitor ended the session', visitorReads: /ended/i });
});

test('the agent ends it', async () => {
  const counted = await countSocketBytes(agent.page);
  await agent.page.reload();
  await same(visitor, agent);
  await agent.page.getByRole('button', { name: 'End session' }).click();
  await agent.page.getByRole('button', { name: 'End now' }).click();
  await isOver(counted, { title: 'You ended the session', visitorReads: /ended/i });
  assert.ok(session.id.length === 10);
});

test('the end reaches a visitor whose connection is down', async () => {
  server.relay.cut('view');
  await agent.page.getByRole('button', { name: 'End session' }).click();
  await agent.page.getByRole('button', { name: 'End now' }).click();
  server.relay.restore('view');
  await until('the visitor reads it', () => visitor.getByText(/ended/i).first().isVisible());
});
