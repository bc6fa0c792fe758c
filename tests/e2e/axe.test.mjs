// axe-core finds nothing serious or critical: in our pages, the console's live view with each of its panels, the view itself, and the
// visitor's overlay. The overlay's shadow root is closed: in this test alone, `attachShadow` opens every root before any script runs, so
// that axe looks at the very overlay of a session.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Ada } from './ada.mjs';
import { serious } from './axe.mjs';
import { Agent, allow, joinByLink, joinByPin, launch, PHONE, until } from './journey.mjs';
import { startServer } from './server.mjs';

let browser;
let server;
/** How many states were looked at. */
let looked = 0;
/** What was found, of all of them. */
const found = [];

before(async () => {
  [browser, server] = await Promise.all([launch(), startServer({ tls: false })]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
  console.log(`axe-core looked at ${looked} states`);
});

/** Asks axe in light and in dark colours; what it finds fails the run at its end. `frame`: what is asked instead of the page's own document. */
async function clean(page, what, { frame = page, part } = {}) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // Colours that change slowly have no contrast of their own.
    found.push(...(await serious(frame, part)).map((text) => `${what}, ${colorScheme}: ${text}`));
    looked += 1;
  }
}

test('ways in: sign-in, join, consent, denied, ended, help', async () => {
  const page = await browser.person();
  await page.goto(server.control);
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await clean(page, 'sign-in');
  const agent = await new Agent(page, server).signIn();
  await clean(page, 'desk');
  await page.getByRole('button', { name: 'My account' }).click();
  await page.getByText('this browser').waitFor();
  await clean(page, 'my account');
  await page.keyboard.press('Escape');
  const session = await agent.start(undefined, { mode: 'shared' });
  await clean(page, 'waiting room');

  const visitor = await browser.person(PHONE);
  await visitor.goto(session.joinUrl);
  await visitor.getByLabel('PIN', { exact: true }).waitFor();
  await clean(visitor, 'join');
  await visitor.getByLabel('PIN', { exact: true }).fill('1');
  await visitor.getByRole('button', { name: 'Continue' }).click();
  await visitor.getByRole('alert').waitFor();
  await clean(visitor, 'join with an error');
  await joinByPin(visitor, session);
  assert.equal(await visitor.getByRole('button', { name: 'Allow' }).count(), 2, 'both modes are offered');
  await until('consent can be given', () => visitor.locator('button:not([disabled]):has-text("Allow")').count());
  await clean(visitor, 'consent');
  await visitor.getByRole('button', { name: 'Deny' }).click();
  await visitor.getByRole('heading', { name: 'Nothing was shared' }).waitFor();
  await clean(visitor, 'denied');
  await page.getByRole('heading', { name: 'chose not to share' }).waitFor();
  await clean(page, 'ended, at the agent');

  await visitor.goto(`${server.control}/help?url=${encodeURIComponent(server.shop.shop)}`);
  await visitor.getByRole('button', { name: 'Get a code' }).waitFor();
  await clean(visitor, 'help');
  await visitor.getByRole('button', { name: 'Get a code' }).click();
  await visitor.getByTestId('code').waitFor();
  await clean(visitor, 'help with a code');
  for (const one of [visitor, page]) await one.context().close();
});

/** A visitor whose page opens its shadow roots. */
async function opened(viewport) {
  const visitor = await browser.person(viewport);
  await visitor.addInitScript(() => {
    const { attachShadow } = Element.prototype;
    Element.prototype.attachShadow = function (init) {
      return attachShadow.call(this, { ...init, mode: 'open' });
    };
  });
  return visitor;
}

/** Opens each of the console's menus, and asks about it. */
async function menus(page) {
  const openers = page.locator('[data-region] button[aria-expanded][popovertarget], [data-region] button[aria-haspopup]');
  const count = await openers.count();
  assert.ok(count > 2, `${count} menus`);
  for (let i = 0; i < count; i++) {
    const opener = openers.nth(i);
    if (!(await opener.isVisible()) || (await opener.isDisabled())) continue;
    const name = (await opener.getAttribute('aria-label')) ?? (await opener.innerText());
    await opener.click();
    await clean(page, `menu ${name}`);
    await page.keyboard.press('Escape');
  }
}

test('the live view with each of its panels, and what the visitor sees', async () => {
  const page = await browser.person();
  const agent = await new Agent(page, server).signIn();
  const session = await agent.start();
  const visitor = await opened();
  await joinByLink(visitor, session);
  await allow(visitor);
  const overlay = { part: 'alongside-overlay' };
  await visitor.getByRole('button', { name: 'End sharing' }).waitFor();
  await clean(visitor, 'overlay', overlay);
  const planted = await visitor.evaluateHandle(() => document.querySelector('alongside-overlay').shadowRoot.querySelector('[data-part=bar]').appendChild(document.createElement('button')));
  assert.match((await serious(visitor, overlay.part)).join(), /^button-name/, 'axe sees what is in the overlay');
  await planted.evaluate((button) => button.remove());

  const viewer = await agent.viewer();
  await viewer.locator('[role=application]').waitFor();
  await clean(page, 'live');
  await clean(page, 'view', { frame: viewer });
  await menus(page);
  for (const [key, role] of [['c', 'Chat'], ['o', 'People'], ['?', 'Shortcuts']]) {
    await page.getByRole('heading', { level: 1 }).focus();
    await page.keyboard.press(key);
    await clean(page, role);
    if (key === 'c') await page.keyboard.type('See https://shop.example/?a=b');
    if (key === 'c') await page.keyboard.press('Enter');
    if (key === 'c') await page.getByRole('log').getByText('See').waitFor();
    if (key === 'c') await clean(page, 'chat with a message');
    await page.keyboard.press('Escape');
  }

  // A label and a highlight by the keyboard, a question, chat and people at the visitor's.
  await viewer.locator('[role=application]').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('?');
  await clean(page, 'keys of the view', { frame: viewer });
  await page.keyboard.press('Escape');
  await put(agent, 't', 'Enter information in the form');
  await visitor.getByText('Enter information in the form').first().waitFor();
  await clean(visitor, 'overlay with a label', overlay);
  await clean(page, 'view with a label', { frame: viewer });
  await page.getByRole('button', { name: 'Shared', exact: true }).click();
  await visitor.getByRole('button', { name: 'Allow' }).waitFor();
  await clean(visitor, 'overlay with a question', overlay);
  await clean(page, 'live, asking');
  await visitor.getByRole('button', { name: 'Allow' }).click();
  await page.locator('[aria-pressed=true]', { hasText: 'Shared' }).waitFor();
  await clean(visitor, 'overlay, shared', overlay);
  for (const name of [/^Chat/, 'About this shared visit']) {
    await visitor.getByRole('button', { name }).click();
    await clean(visitor, `overlay: ${name}`, overlay);
    await visitor.keyboard.press('Escape');
  }
  const [tab] = await Promise.all([visitor.context().waitForEvent('page'), visitor.evaluate(() => void window.open('/basket'))]);
  await page.getByText('Basket').first().waitFor();
  await clean(page, 'tabs');
  await tab.close();
  await visitor.bringToFront();
  await visitor.getByRole('button', { name: 'Show something' }).click();
  await clean(visitor, 'overlay, showing something', overlay);
  await visitor.getByRole('button', { name: 'Cancel' }).click();
  await visitor.getByRole('button', { name: 'End sharing' }).click();
  await clean(visitor, 'overlay, ending', overlay);

  await page.getByRole('button', { name: 'End session' }).click();
  await clean(page, 'end dialog');
  await page.getByRole('dialog').getByRole('button', { name: /^End/ }).click();
  await visitor.getByRole('heading', { name: 'The session has ended' }).waitFor();
  await clean(visitor, 'ended, at the visitor');
  for (const one of [visitor, page]) await one.context().close();
});

/** Chooses a tool with its key, and puts a note on the element where the keyboard is. */
async function put(agent, key, text) {
  const { page } = agent;
  const viewer = await agent.viewer();
  await page.getByRole('heading', { level: 1, includeHidden: true }).first().focus();
  await page.keyboard.press(key);
  await viewer.locator('[role=application]').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await viewer.getByLabel('Text of the label').waitFor();
  await clean(page, 'the entry for a label', { frame: viewer });
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

test('the administration: its pages, with mistakes, dialogs and a preview', async () => {
  for (const size of [{ width: 1440, height: 900 }, PHONE]) await administration(size, size === PHONE ? ' on a phone' : '');
});

async function administration(size, where) {
  const page = await browser.person(size);
  const at = async (hash, heading) => {
    await page.goto(`${server.control}/admin#/${hash}`);
    await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
  };
  const look = (what) => clean(page, `administration: ${what}${where}`);
  await new Ada(page, server).signIn();
  await look('sites');
  for (const tab of ['addresses', 'agents', 'masks', 'texts']) {
    await at(`sites/0/${tab}`, 'Kettle & Fern');
    await look(tab);
  }
  await page.getByRole('button', { name: 'Ready-made rules' }).click();
  await page.getByRole('dialog').getByRole('switch').nth(3).check();
  await look('ready-made rules');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Write a rule' }).click();
  await page.keyboard.type('a(');
  await page.locator('[aria-invalid]').waitFor();
  await look('a mistake');
  await page.getByRole('button', { name: /to put right/ }).click();
  await look('what to put right');
  await page.keyboard.press('Escape');
  await page.getByRole('textbox', { name: 'Pattern' }).fill('mug');
  await page.locator('[aria-invalid]').waitFor({ state: 'detached' });
  if (size === PHONE) await page.getByRole('button', { name: 'Preview' }).click();
  await page.getByRole('button', { name: 'Show page' }).click();
  await page.getByTitle('The page as the agent sees it').waitFor();
  await look('preview');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Save…' }).click();
  await look('saving');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Discard' }).click();
  await look('discarding');
  await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
  for (const [hash, heading] of [['versions', 'Versions'], ['import', 'Import'], ['accounts', 'Accounts'], ['audit', 'Audit trail'], ['own', 'My account']]) {
    await at(hash, heading);
    await page.locator('[aria-busy=true]').waitFor({ state: 'detached' });
    await look(heading);
  }
  await at('accounts', 'Accounts');
  await page.getByRole('button', { name: 'Add an account' }).click();
  await look('a new account');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Remove/ }).first().click();
  await look('removing an account');
  await page.context().close();
}

test('nothing serious was found', () => assert.deepEqual(found, []));
