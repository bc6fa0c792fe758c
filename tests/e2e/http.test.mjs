// The short way over plain HTTP on loopback, which is what `make run` starts.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, PHONE, same, shared } from './journey.mjs';
import { startServer } from './server.mjs';

let browser;
let server;

before(async () => {
  [browser, server] = await Promise.all([launch(), startServer({ tls: false })]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test('a visitor on a phone browses, and the agent follows', async () => {
  const { agent, visitor } = await shared(browser, server, { viewport: PHONE });
  assert.match(visitor.url(), /^http:/);
  assert.ok(await visitor.evaluate(() => isSecureContext));
  await same(visitor, agent);
  await visitor.getByRole('link', { name: 'Round teapot' }).click();
  await visitor.getByRole('button', { name: 'Add to basket' }).click();
  await visitor.getByRole('heading', { name: 'Basket' }).waitFor();
  assert.match((await same(visitor, agent)).text, /£38\.00/);
  assert.deepEqual(await server.counts('tracker'), {});
});
