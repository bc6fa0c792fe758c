// The other way in: a visitor asks for help on the real site, reads a code out, and an agent enters it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Agent, allow, launch, pressOverlay, same, until } from './journey.mjs';
import { startServer } from './server.mjs';

let browser;
let server;
let agent;

before(async () => {
  // Without TLS: the shop has none, and its pages load the button's script from the control origin.
  [browser, server] = await Promise.all([launch(), startServer({ tls: false })]);
  agent = await new Agent(await browser.person(), server).signIn();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const onShop = (path) => new URL(path, server.shop.shop).href;
const digits = async (page) => (await page.getByTestId('code').innerText()).replace(/\D/g, '');

async function askFor(path) {
  const visitor = await browser.person();
  await visitor.goto(`${server.control}/help?url=${encodeURIComponent(onShop(path))}`);
  await visitor.getByRole('button', { name: 'Get a code' }).click();
  await visitor.getByTestId('code').waitFor();
  return visitor;
}

async function enter(code) {
  const { page } = agent;
  await page.goto(`${server.control}/#/`);
  await page.getByLabel('Session code').fill(code);
  await page.getByRole('button', { name: 'Join your visitor' }).click();
}

/** Where the button is, by the accessibility tree: its shadow root is closed. */
async function buttons(page) {
  const cdp = await page.context().newCDPSession(page);
  const { nodes } = await cdp.send('Accessibility.getFullAXTree');
  await cdp.detach();
  return nodes.filter((node) => node.role?.value === 'link' && node.name?.value === 'Need help?' && !node.ignored).length;
}

test('from the site to a session and back, by a code that is read out', async () => {
  const visitor = await browser.person();
  await visitor.goto(onShop('/basket'));
  assert.equal(await until('the button is there', async () => (await buttons(visitor)) === 2 && 2), 2, 'the button and the link');
  await visitor.locator('footer').getByRole('link', { name: 'Need help?' }).click();
  await visitor.getByRole('heading', { name: 'Need help?' }).waitFor();
  await visitor.getByRole('button', { name: 'Get a code' }).click();
  const code = await digits(visitor);
  assert.match(code, /^\d{8}$/);
  await visitor.reload();
  assert.equal(await digits(visitor), code, 'a reload shows the same code');
  await enter(code);
  await visitor.getByText('Someone has taken your call').waitFor();
  // The consent page comes by itself.
  await visitor.getByRole('heading', { name: 'would like to look at' }).waitFor();
  await allow(visitor);
  assert.equal(new URL(visitor.url()).pathname, '/basket');
  await same(visitor, agent);
  assert.equal(await buttons(visitor), 0, 'neither button nor link within a session');
  await pressOverlay(visitor, 'End sharing');
  await pressOverlay(visitor, 'Yes, end');
  await visitor.getByRole('link', { name: 'Need help again?' }).click();
  await visitor.getByRole('button', { name: 'Get a code' }).waitFor();
  assert.equal(new URL(visitor.url()).searchParams.get('url'), onShop('/basket'));
  await visitor.context().close();
});

test('the button leads to the page for help, from the address that the page has then', async () => {
  const visitor = await browser.person();
  await visitor.goto(onShop('/finder'));
  await until('the button is there', async () => (await buttons(visitor)) === 2);
  await visitor.evaluate(() => history.pushState(null, '', '/finder/strong?a=b#c'));
  const box = await visitor.locator('alongside-help').boundingBox();
  const { width, height } = visitor.viewportSize();
  assert.deepEqual([width - box.x - box.width, height - box.y - box.height], [16, 16], 'it floats in the corner');
  await visitor.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await visitor.waitForURL((url) => url.pathname === '/help');
  assert.equal(new URL(visitor.url()).searchParams.get('url'), onShop('/finder/strong?a=b#c'));
  await visitor.context().close();
});

test('who no longer needs help leaves, and the code is no longer good', async () => {
  const visitor = await askFor('/');
  const code = await digits(visitor);
  await visitor.getByRole('button', { name: 'I no longer need help' }).click();
  await visitor.getByRole('button', { name: 'Get a code' }).waitFor();
  await enter(code);
  await agent.page.getByRole('alert').getByText('This code does not work').waitFor();
  await visitor.context().close();
});

test('who denies, or is left by the agent, can ask again', async () => {
  const visitor = await askFor('/');
  await enter(await digits(visitor));
  await visitor.getByRole('button', { name: 'Deny' }).click();
  await visitor.getByRole('heading', { name: 'Nothing was shared' }).waitFor();
  await visitor.getByRole('button', { name: 'Need help again?' }).click();
  await visitor.getByRole('button', { name: 'Get a code' }).click();
  await enter(await digits(visitor));
  await visitor.getByRole('button', { name: 'Allow' }).first().waitFor();
  await agent.page.getByRole('button', { name: 'Cancel session' }).click();
  await agent.page.getByRole('heading', { name: 'ended' }).waitFor();
  await visitor.locator('button:has-text("Allow"):not([disabled])').first().click();
  await visitor.getByRole('button', { name: /Need help again\?|Get a code/ }).waitFor();
  await visitor.context().close();
});

test('what cannot be helped with is said in words', async () => {
  const visitor = await browser.person();
  const ask = async (url) => {
    await visitor.goto(`${server.control}/help?url=${encodeURIComponent(url)}`);
    await visitor.getByRole('button', { name: 'Get a code' }).click();
    return visitor.getByRole('alert').filter({ hasText: /\S/ }).innerText();
  };
  assert.match(await ask('https://elsewhere.example/'), /Help cannot be asked for on this page/);
  await visitor.goto(`${server.control}/help?url=javascript:alert(1)`);
  await visitor.getByText('go to the page where you need it').waitFor();
  assert.equal(await visitor.getByRole('button', { name: 'Get a code' }).count(), 0);
  let last = '';
  for (let i = 0; i < 30 && !last.includes('too often'); i++) {
    await visitor.goto(`${server.control}/help?url=${encodeURIComponent(onShop('/'))}`);
    const leave = visitor.getByRole('button', { name: 'I no longer need help' });
    const get = visitor.getByRole('button', { name: 'Get a code' });
    await get.or(leave).waitFor();
    if (await leave.count()) await leave.click();
    await get.click();
    const told = visitor.getByRole('alert').filter({ hasText: /\S/ });
    await told.or(leave).first().waitFor();
    last = (await told.count()) ? await told.innerText() : '';
  }
  assert.match(last, /too often/);
  await visitor.context().close();
});
