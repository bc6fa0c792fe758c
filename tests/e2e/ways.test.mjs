// The console's switch between the page and pictures of it, with a server that the test has say what there is: why it is not to be had, the hint, the
// state, and screenshots.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { serious } from './axe.mjs';
import { Agent, allow, joinByLink, launch, PHONE, same, until } from './journey.mjs';
import { startServer } from './server.mjs';

let browser;
let server;
let agent;
let page;
/** What the console is told beside what the server says. */
let claims = {};
let status;
let socket;
/** Requests for another way. */
const asked = [];

before(async () => {
  [browser, server] = await Promise.all([launch(), startServer({ tls: false })]);
  page = await browser.person();
  await page.routeWebSocket(/\/api\/sessions\/.*\/socket$/, (own) => {
    socket = own;
    const onward = own.connectToServer();
    onward.onMessage((text) => {
      const message = JSON.parse(text);
      if (message.t === 'status') status = message;
      own.send(message.t === 'status' ? JSON.stringify({ ...message, ...claims }) : text);
    });
    own.onMessage((text) => {
      const message = JSON.parse(text);
      if (message.t === 'way') asked.push(message);
      else onward.send(text);
    });
  });
  agent = await new Agent(page, server).signIn();
  const session = await agent.start();
  const visitor = await browser.person();
  await joinByLink(visitor, session);
  await allow(visitor);
  await same(visitor, agent);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** The server says so from now on. */
function says(more) {
  claims = { ...claims, ...more };
  socket.send(JSON.stringify({ ...status, ...claims }));
}

const ways = () => page.getByRole('group', { name: 'How the page is shown' });
const pictures = () => ways().getByRole('button', { name: 'Pictures' });
const hint = () => page.getByText('This page draws with canvas or WebGL: pictures may show it better.');

/** axe finds nothing, in light and in dark. */
async function clean(what) {
  const found = [];
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    found.push(...(await serious(page)));
  }
  assert.deepEqual(found, [], what);
}

for (const [offer, words] of [
  ['off', 'they are turned off on this server'],
  ['no-chrome', 'Ask your administrator to install Chromium on the server (Debian: chromium-headless-shell)'],
  ['no-sandbox', 'the server cannot start Chromium with its sandbox'],
  ['full', 'as many sessions as the server bears are shown by pictures'],
]) {
  test(`pictures are not to be had: ${offer}`, async () => {
    says({ offer });
    await until('the title says why', async () => (await pictures().getAttribute('title')).includes(words));
    assert.equal(await pictures().getAttribute('aria-disabled'), 'true');
    await pictures().click({ force: true });
    await agent.told(words);
    assert.deepEqual(asked, []);
  });
}

test('where the rules have no pictures, the switch says so', async () => {
  says({ offer: 'ready', rules: { ...status.rules, image: false } });
  await until('the title says why', async () => (await pictures().getAttribute('title')).includes('the rules of this site do not allow them'));
  says({ rules: status.rules });
  await until('it can be pressed', async () => (await pictures().getAttribute('aria-disabled')) === null);
  await clean('with pictures to be had');
});

test('the hint is quiet, and goes for the page', async () => {
  says({ suggest: true });
  await hint().waitFor();
  await clean('with the hint');
  await page.getByRole('button', { name: 'Close: not for this page' }).click();
  await hint().waitFor({ state: 'detached' });
  says({ suggest: false });
  says({ suggest: true });
  assert.equal(await hint().count(), 0);
});

test('the switch asks the server, and says what became of it', async () => {
  await pictures().click();
  const first = await until('it is asked', () => asked[0]);
  assert.equal(first.way, 'image');
  socket.send(JSON.stringify({ t: 'outcome', n: first.n, outcome: { o: 'denied', reason: 'unavailable' } }));
  await agent.told('Pictures are not to be had right now.');
  await ways().getByRole('button', { name: 'Page', pressed: true }).waitFor();
  await page.getByRole('heading', { name: 'The visitor’s page' }).focus();
  await page.keyboard.press('g');
  const second = await until('the key asks', () => asked[1]);
  socket.send(JSON.stringify({ t: 'outcome', n: second.n, outcome: { o: 'done' } }));
  says({ way: 'image', image: 'starting', suggest: false });
  await agent.told('Pictures now: the page is opened on the server.');
  await ways().getByRole('button', { name: 'Pictures', pressed: true }).waitFor();
  await page.getByText('Opening it on the server…').waitFor();
  await clean('while pictures start');
  says({ image: 'restarting' });
  await page.getByText('Opening it again…').waitFor();
  says({ image: 'live' });
  await page.getByText('Opening it again…').waitFor({ state: 'detached' });
});

test('a picture follows the visitor: there is no looking around', async () => {
  const follow = page.getByRole('button', { name: 'Follow' });
  assert.equal(await follow.getAttribute('aria-disabled'), 'true');
  assert.match(await follow.getAttribute('title'), /a picture always follows the visitor/);
});

test('screenshots are saved as files, of the view and of the whole page', async () => {
  const wanted = [];
  await page.route(/\/still\?whole=/, (route) => {
    wanted.push(new URL(route.request().url()).searchParams.get('whole'));
    return route.fulfill({ contentType: 'image/png', body: Buffer.from(`png ${wanted.at(-1)}`) });
  });
  for (const [name, whole] of [['Save the view', 'false'], ['Save the whole page', 'true']]) {
    await page.getByRole('button', { name: 'Screenshot' }).click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name, exact: true }).click()]);
    assert.match(download.suggestedFilename(), /^kettle-fern-\d{4}-\d\d-\d\d\.png$/);
    assert.equal(await readFile(await download.path(), 'utf8'), `png ${whole}`);
  }
  await page.getByRole('heading', { name: 'The visitor’s page' }).focus();
  const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('p')]);
  assert.equal(await readFile(await download.path(), 'utf8'), 'png false');
  await page.unroute(/\/still\?whole=/);
  await page.route(/\/still\?whole=/, (route) => route.fulfill({ status: 409, json: { code: 'away', message: 'There is no picture of the page at the moment.' } }));
  await page.getByRole('heading', { name: 'The visitor’s page' }).focus();
  await page.keyboard.press('p');
  await agent.told('There is no picture of the page at the moment.');
});

test('on a phone, the switch is in reach', async () => {
  await page.setViewportSize(PHONE);
  await pictures().scrollIntoViewIfNeeded();
  const { x, width } = await pictures().boundingBox();
  assert.ok(x >= 0 && x + width <= PHONE.width, `${x}, ${width}`);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await clean('on a phone');
});

test('pictures that stop by themselves give way to the page', async () => {
  says({ image: 'failed' });
  await page.getByText('It could not be opened', { exact: true }).waitFor();
  says({ way: 'page', image: 'off' });
  await agent.told('The page could not be opened on the server. The visitor’s own browser shows it again.');
  await ways().getByRole('button', { name: 'Page', pressed: true }).waitFor();
});

test('who does not lead sees the way and no switch', async () => {
  says({ way: 'image', image: 'live', role: 'colleague' });
  await ways().waitFor({ state: 'detached' });
  await page.getByText('Pictures', { exact: true }).waitFor();
});
