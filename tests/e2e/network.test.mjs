// The agent's browser, watched where its packets leave it: whatever page the visitor is on, it contacts the control and viewer origins alone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, same, shared } from './journey.mjs';
import { PAGES } from './pages.mjs';
import { startServer } from './server.mjs';
import { startWire } from './wire.mjs';

let browser;
let server;
let wire;
before(async () => {
  [browser, server, wire] = await Promise.all([launch(), startServer(), startWire()]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
  wire?.stop();
});

test('on every page of the demo, the agent’s browser contacts nobody but Alongside', { timeout: 180_000 }, async () => {
  const { agent, visitor } = await shared(browser, server, { wire });
  for (const [name, path, act] of PAGES) {
    await visitor.goto(new URL(path, visitor.url()).href);
    await act?.(visitor);
    await same(visitor, agent, `the agent sees ${name}`);
    assert.deepEqual(wire.strangers(server.control), [], name);
  }
  const counts = await Promise.all(['tracker', 'ads'].map((shop) => server.counts(shop)));
  assert.deepEqual(counts.map((paths) => Object.keys(paths).filter((path) => path !== '/.counts')), [[], []], 'what is on no allowlist was asked by nobody');

  // What the wire would not see here, it would not have seen above.
  const elsewhere = await agent.page.context().newPage();
  await elsewhere.goto(server.shop.ads).catch(() => {});
  assert.deepEqual(wire.strangers(server.control), [new URL(server.shop.ads).host]);
});
