// The agents' views cause no request at any of the shop's servers: its servers count the same for 0, 1 and 3 agents.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Agent, launch, same, shared, until } from './journey.mjs';
import { startServer } from './server.mjs';

let browser;

before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** The visitor's way, with a picture behind the log-in and one that can be fetched once. */
async function browse(visitor, watched) {
  const open = (path) => visitor.goto(new URL(path, visitor.url()).href);
  await watched();
  await visitor.getByRole('link', { name: 'Account', exact: true }).click();
  await visitor.getByLabel('Name').fill('robin');
  await visitor.getByLabel('Password').fill('fern');
  await visitor.getByRole('button', { name: 'Log in' }).click();
  await visitor.getByRole('heading', { name: 'Good morning' }).waitFor();
  await visitor.waitForLoadState('networkidle');
  await watched();
  for (const path of ['/product/tea-bowl', '/studio', '/gift-card']) {
    await open(path);
    await visitor.waitForLoadState('networkidle');
    await watched();
  }
}

/** All servers' counts after that way, watched by so many agents. */
async function counted(agents) {
  const server = await startServer();
  try {
    const { agent, visitor } = await shared(browser, server);
    const watching = [agent];
    if (agents === 0) {
      await agent.page.goto('about:blank');
      watching.length = 0;
    }
    while (watching.length < agents) {
      const next = await new Agent(await browser.person(), server).signIn();
      await next.page.goto(agent.page.url());
      watching.push(next);
    }
    let pictures = 0;
    await browse(visitor, async () => {
      for (const one of watching) {
        const seen = await same(visitor, one);
        const loaded = await until('the agent has the pictures', async () => {
          const states = await one.look((d) => [...d.images].filter((i) => i.getClientRects().length && i.clientWidth > 1).map((i) => i.complete && i.naturalWidth > 0));
          return states.every(Boolean) && states.length;
        });
        pictures += loaded;
        assert.ok(seen.text.length > 0);
      }
    });
    if (agents > 0) assert.ok(pictures > 10, `${pictures} pictures`);
    const counts = {};
    for (const name of ['shop', 'cdn', 'pay', 'tracker', 'ads']) counts[name] = await server.counts(name);
    for (const page of [visitor, agent.page, ...watching.map((one) => one.page)]) await page.context().close();
    return counts;
  } finally {
    await server.stop();
  }
}

test('0, 1 and 3 agents: the same requests at every server', async () => {
  const [none, one, three] = [await counted(0), await counted(1), await counted(3)];
  assert.deepEqual(one, none, 'one agent against none');
  assert.deepEqual(three, none, 'three agents against none');
  assert.equal(none.shop['/account/voucher.svg'], 1);
  assert.equal(none.shop['/account/card.svg'], 1);
  assert.deepEqual([none.tracker, none.ads], [{}, {}]);
});
