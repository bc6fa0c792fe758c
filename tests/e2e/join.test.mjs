// The ways into a session, and those that lead nowhere.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Agent, allow, joinByLink, joinByPin, launch, same, typePin, until } from './journey.mjs';
import { startServer } from './server.mjs';

let browser;
let server;
let agent;

before(async () => {
  [browser, server] = await Promise.all([launch(), startServer()]);
  agent = await new Agent(await browser.person(), server).signIn();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function again() {
  await agent.page.goto(`${server.control}/#/`);
  await agent.page.getByRole('heading', { name: 'Start a session' }).waitFor();
}

const alert = (page) => page.getByRole('alert').filter({ hasText: /\S/ });

test('a visitor joins with the PIN, reads who asks, and allows', async () => {
  const session = await agent.start();
  assert.match(session.pin, /^\d{6}$/);
  const visitor = await browser.person();
  await joinByPin(visitor, session);
  assert.match(await visitor.getByRole('heading', { level: 1 }).innerText(), /would like to look at .+ with you/);
  await agent.page.getByText('reading what will be shared').waitFor();
  await allow(visitor);
  assert.match(new URL(visitor.url()).hostname, new RegExp(`^${session.id}-q\\d+-shop-localhost\\.view\\.localhost$`));
  const seen = await same(visitor, agent);
  assert.match(seen.text, /Tea, and something green/);
  await visitor.context().close();
});

test('a visitor joins by the link', async () => {
  await again();
  const session = await agent.start();
  const visitor = await browser.person();
  await joinByLink(visitor, session);
  assert.ok(!visitor.url().includes(new URL(session.link).pathname.split('/').pop()), 'the token stays out of the address');
  await allow(visitor);
  await same(visitor, agent);
  await visitor.context().close();
});

test('a visitor who denies shares nothing, and the agent is told', async () => {
  await again();
  const session = await agent.start();
  const visitor = await browser.person();
  await joinByPin(visitor, session);
  await visitor.getByRole('button', { name: 'Deny' }).click();
  await visitor.getByRole('heading', { name: 'Nothing was shared' }).waitFor();
  await agent.page.getByRole('heading', { name: 'The visitor chose not to share' }).waitFor();
  await visitor.goto(session.joinUrl);
  await typePin(visitor, session.pin);
  await alert(visitor).waitFor();
  await visitor.context().close();
});

test('a wrong PIN, and a PIN and a link that were used, open nothing', async () => {
  await again();
  const session = await agent.start();
  const stranger = await browser.person();
  await stranger.goto(session.joinUrl);
  await typePin(stranger, session.pin === '123456' ? '654321' : '123456');
  await alert(stranger).waitFor();

  const visitor = await browser.person();
  await joinByPin(visitor, session);
  for (const use of [() => typePin(stranger, session.pin), () => stranger.goto(session.link)]) {
    await stranger.goto(session.joinUrl);
    await use();
    await alert(stranger).waitFor();
    assert.equal(await stranger.getByRole('button', { name: 'Allow' }).count(), 0);
  }
  await allow(visitor);
  await visitor.context().close();
  await stranger.context().close();
});

test('a label without the session\'s cookie gets nothing', async () => {
  await again();
  const session = await agent.start();
  const visitor = await browser.person();
  await joinByLink(visitor, session);
  await allow(visitor);
  const stranger = await browser.person();
  const reply = await stranger.goto(visitor.url());
  assert.ok(reply.status() >= 400, `${reply.status()}`);
  assert.ok(!(await reply.text()).includes('Kettle'), 'a page of the shop was given');
  await visitor.context().close();
  await stranger.context().close();
});

test('an expired PIN opens nothing', async () => {
  const hasty = await startServer({ env: { ALONGSIDE_SESSION__PIN_SECONDS: '30' } });
  try {
    const agent = await new Agent(await browser.person(), hasty).signIn();
    const session = await agent.start();
    const visitor = await browser.person();
    await until('the waiting room says that it expired', () => agent.page.getByText('have expired').isVisible(), 45_000);
    await visitor.goto(session.joinUrl);
    await typePin(visitor, session.pin);
    await alert(visitor).waitFor();
    await agent.page.getByRole('button', { name: 'New PIN' }).click();
    const pin = await until('there is another PIN', async () => {
      const shown = (await agent.page.getByTestId('pin').innerText()).replace(/\D/g, '');
      return shown.length === 6 && shown !== session.pin && shown;
    });
    await typePin(visitor, pin);
    await visitor.getByRole('button', { name: 'Allow' }).waitFor();
  } finally {
    await hasty.stop();
  }
});
