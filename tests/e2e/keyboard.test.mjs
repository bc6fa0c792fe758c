// A whole session with the keyboard alone: an agent's and a visitor's. No mouse is used anywhere here.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Agent, allow, joinByLink, launch, until } from './journey.mjs';
import { finds, focused, hasFocus, tabTo, told } from './senses.mjs';
import { startServer } from './server.mjs';

let browser;
let server;

before(async () => {
  [browser, server] = await Promise.all([launch(), startServer()]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

async function signIn(page) {
  await page.goto(server.control);
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await tabTo(page, 'Name');
  await page.keyboard.type(server.agent.name);
  await tabTo(page, 'Password');
  await page.keyboard.type(server.agent.password);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Start a session' }).waitFor();
}

/** Starts a session; gives the PIN that the waiting room shows. */
async function start(page) {
  await tabTo(page, 'Start session');
  await page.keyboard.press('Enter');
  await hasFocus(page, 'Invite your visitor');
  const { name } = await finds(page, 'image', /^PIN/);
  return name.replace(/\D/g, '');
}

async function join(page, pin) {
  await page.goto(`${server.control}/join`);
  await hasFocus(page, 'PIN');
  await page.keyboard.type(pin);
  await page.keyboard.press('Enter');
  await hasFocus(page, /^Justin would like to look at/);
  await finds(page, 'heading', 'Justin will see');
  await finds(page, 'listitem', /passwords/);
  await until('consent can be given', () => page.locator('button:not([disabled]):has-text("Allow")').count());
  await tabTo(page, 'Allow');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.hostname.endsWith('.view.localhost'));
  await finds(page, 'button', 'End sharing');
}

/** What the view says to a screen reader. */
async function said(agent) {
  const viewer = await agent.viewer();
  return viewer.evaluate(() => [...document.querySelectorAll('[role=status], [aria-live]')].map((e) => e.textContent).join(' '));
}

/** F6 until the view has the keyboard, then arrow keys until this element is read out. */
async function stopAt(agent, words) {
  const { page } = agent;
  const inView = () => page.evaluate(() => document.activeElement?.localName === 'iframe');
  await until('F6 leads into the view', async () => (await inView()) || (await page.keyboard.press('F6'), await inView()));
  const heard = [];
  for (let i = 0; i < 80; i++) {
    await page.keyboard.press('ArrowDown');
    const now = await until('an element is read out', async () => {
      const text = await said(agent);
      return text && text !== heard.at(-1) && text;
    });
    heard.push(now);
    if (words.test(now)) return;
  }
  throw new Error(`the arrow keys never lead to ${words}; they led to:\n${heard.join('\n')}`);
}

async function label(agent, text) {
  const { page } = agent;
  await hasFocus(page, 'The visitor’s page');
  await (await agent.viewer()).locator('[role=application]').waitFor();
  await page.keyboard.press('t');
  await stopAt(agent, /Morning mug/);
  await page.keyboard.press('Enter');
  const viewer = await agent.viewer();
  await until('the entry has the keyboard', () => viewer.evaluate(() => document.activeElement?.getAttribute('aria-label') === 'Text of the label'));
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

/** Out of the view, to the console's own keys. */
async function leaveView(page) {
  await until('F6 leads out of the view', async () => {
    await page.keyboard.press('F6');
    return page.evaluate(() => document.activeElement?.localName !== 'iframe');
  });
}

async function chat(page, text) {
  await leaveView(page);
  await tabTo(page, /^Chat/);
  await page.keyboard.press('Enter');
  await until('the field for a message has the keyboard', async () => /textbox/.test((await focused(page)).role));
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

test('an agent and a visitor, from sign-in to the end', async () => {
  const agent = new Agent(await browser.person(), server);
  const visitor = await browser.person();
  await signIn(agent.page);
  await join(visitor, await start(agent.page));
  await told(visitor, /Justin can see this page/);

  // The agent puts a label; the visitor hears of it, goes to it, and hides it.
  await label(agent, 'Have a look at this one');
  await told(visitor, /Justin: Have a look at this one/);
  // It is out of sight: the chip at the edge leads to what it is on.
  await visitor.keyboard.press('Alt+l');
  await hasFocus(visitor, /^Label below/);
  await visitor.keyboard.press('Enter');
  await hasFocus(visitor, /^Morning mug/);
  await visitor.keyboard.press('Alt+l');
  const bubble = await hasFocus(visitor, /Have a look at this one/);
  assert.match(bubble.name, /Morning mug/, 'it says what it is on');
  await visitor.keyboard.press('Escape');
  await until('the label is gone at the visitor', async () => (await focused(visitor)).name !== bubble.name);
  await until('the label is gone at the agent', async () => (await (await agent.viewer()).locator('.label').count()) === 0);

  // They write to each other.
  await chat(agent.page, 'Can you hear me?');
  await told(visitor, /Can you hear me\?/);
  await visitor.keyboard.press('F6');
  await tabTo(visitor, /^Chat/);
  await visitor.keyboard.press('Enter');
  await hasFocus(visitor, 'Write a message');
  await visitor.keyboard.type('Yes');
  await visitor.keyboard.press('Enter');
  await told(agent.page, /Yes/);
  await visitor.keyboard.press('Escape');

  // The agent asks to help; the visitor says yes, and later no more.
  await tabTo(agent.page, 'Shared', { key: 'Shift+Tab' });
  await agent.page.keyboard.press('Enter');
  await told(visitor, /Let Justin help fill in this page\?/).catch(() => finds(visitor, 'button', 'Allow'));
  await visitor.keyboard.press('F6');
  await tabTo(visitor, 'Allow');
  await visitor.keyboard.press('Enter');
  await told(visitor, /Justin can (see and )?help/);
  await tabTo(agent.page, 'View only');
  await agent.page.keyboard.press('Enter');
  await told(visitor, /only look/);

  await visitor.keyboard.press('Alt+Shift+E');
  await hasFocus(visitor, 'End sharing');
  await visitor.keyboard.press('Enter');
  await hasFocus(visitor, 'Yes, end');
  await visitor.keyboard.press('Enter');
  await visitor.getByRole('heading', { name: 'The session has ended' }).waitFor();
  await hasFocus(agent.page, /ended/);
  await tabTo(agent.page, 'Start another session');
  await agent.page.keyboard.press('Enter');
  await agent.page.getByRole('heading', { name: 'Start a session' }).waitFor();
  for (const page of [visitor, agent.page]) await page.context().close();
});

test('the agent ends a session', async () => {
  const agent = await new Agent(await browser.person(), server).signIn();
  const session = await agent.start();
  const visitor = await browser.person();
  await joinByLink(visitor, session);
  await allow(visitor);
  await hasFocus(agent.page, 'The visitor’s page');
  await tabTo(agent.page, 'End session');
  await agent.page.keyboard.press('Enter');
  await until('the dialog has the keyboard', () => agent.page.evaluate(() => Boolean(document.activeElement?.closest('dialog'))));
  await tabTo(agent.page, 'End now');
  await agent.page.keyboard.press('Enter');
  await hasFocus(agent.page, /ended/);
  await visitor.getByRole('heading', { name: 'The session has ended' }).waitFor();
  for (const page of [visitor, agent.page]) await page.context().close();
});
