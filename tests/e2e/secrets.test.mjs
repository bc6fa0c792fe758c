// Nothing of what is secret comes into the log, not even where it is most talkative: a whole journey with things planted, then a search.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Agent, allow, joinByLink, joinByPin, launch, pressOverlay, same, typePin, until } from './journey.mjs';
import { startServer } from './server.mjs';

const CANARY = 'canary7f3a';
const SECRETS = {
  'a field': `${CANARY}-field`,
  'a password': `${CANARY}-password`,
  'a card': '4111222233334444',
  'a cookie of a script': `${CANARY}-cookie`,
  'a query': `${CANARY}-query`,
  'a fragment': `${CANARY}-fragment`,
  'text of a page': 'Round teapot',
};

let browser;
let server;

before(async () => {
  [browser, server] = await Promise.all([launch(), startServer({ args: ['--log', 'debug,alongside=trace'] })]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test('the log holds no secret', async () => {
  const told = { ...SECRETS, 'the password of the agent': server.agent.password };
  const agent = await new Agent(await browser.person(), server).signIn();
  const session = await agent.start();
  told['the PIN'] = session.pin;
  told['the token of the link'] = new URL(session.link).pathname.split('/').pop();
  const visitor = await browser.person();
  visitor.on('request', (request) => {
    const ticket = new URL(request.url()).searchParams.get('ticket');
    if (ticket) told['the ticket'] = ticket;
  });
  await visitor.goto(session.joinUrl);
  await typePin(visitor, '000000');
  await visitor.getByText(/does not work/).waitFor();
  await joinByPin(visitor, session);
  await allow(visitor);
  await same(visitor, agent);

  await visitor.evaluate((value) => {
    document.cookie = `planted=${value}; path=/`;
  }, told['a cookie of a script']);
  await visitor.goto(new URL(`/search?q=${told['a query']}#${told['a fragment']}`, visitor.url()).href);
  await same(visitor, agent);
  await visitor.goto(new URL('/account', visitor.url()).href);
  await visitor.getByLabel('Name').fill(told['a field']);
  await visitor.getByLabel('Password').fill(told['a password']);
  await same(visitor, agent);
  await visitor.getByRole('button', { name: 'Log in' }).click();
  await visitor.getByText('Name or password is wrong').waitFor();
  await visitor.evaluate((card) => {
    document.body.insertAdjacentHTML('beforeend', '<input autocomplete="cc-number" aria-label="Card">');
    document.querySelector('[aria-label=Card]').value = card;
  }, told['a card']);
  // Addresses that cannot be opened have pages of their own.
  await visitor.evaluate((query) => fetch(`https://nowhere.example/${query}`).catch(() => {}), told['a query']);
  for (const { name, value } of await visitor.context().cookies()) told[`the cookie ${name}`] = value;
  for (const { name, value } of await agent.page.context().cookies()) told[`the cookie ${name} of the agent`] = value;
  told['the capability of the view'] = new URL((await agent.viewer()).url()).pathname.split('/')[1];
  await pressOverlay(visitor, 'End sharing');
  await pressOverlay(visitor, 'Yes, end');
  await agent.page.getByRole('heading', { name: 'The visitor ended the session' }).waitFor();

  const again = await agent.page.context().newPage();
  await joinByLink(again, session).catch(() => {});
  const log = await until('the log tells of the end', () => server.log().includes('session ended') && server.log());
  for (const name of ['the ticket', 'the capability of the view', 'the cookie __Host-alongside of the agent']) assert.ok(told[name]?.length > 20, `${name} was not seen`);
  for (const [name, secret] of Object.entries(told)) {
    assert.ok(secret.length > 5, `${name} is too short to be searched for`);
    // Six digits may stand by chance within a longer number.
    const at = /^\d{6}$/.test(secret) ? log.search(new RegExp(`\\b${secret}\\b`)) : log.indexOf(secret);
    assert.equal(at, -1, `${name} is in the log: ${log.slice(Math.max(0, at - 200), at + 100)}`);
  }
});
