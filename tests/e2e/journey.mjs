// What the journeys share: a browser, an agent who signs in and starts sessions, a visitor who joins, and the comparison of what both see.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { chromium } from 'playwright-core';
import { read } from './read.mjs';

/** Longest wait for anything, in milliseconds. */
const DEADLINE = 20_000;
const CHROMIUM = [process.env.CHROMIUM, ...['chromium', 'chromium-browser', 'google-chrome'].map((name) => `/usr/bin/${name}`)].find((path) => path && existsSync(path));

export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };

/** Tries until `attempt` gives something else than false, null or undefined, or throws no more; fails with its last words. */
export async function until(what, attempt, deadline = DEADLINE) {
  const end = Date.now() + deadline;
  for (;;) {
    let last;
    try {
      const value = await attempt();
      if (value !== false && value !== null && value !== undefined) return value;
      last = 'not yet';
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`${what}: ${last?.message ?? last}`, { cause: last instanceof Error ? last : undefined });
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** A browser. `scrollbars`: it shows them, as a person's does. */
export async function launch({ scrollbars = false } = {}) {
  assert.ok(CHROMIUM, 'no Chromium was found: install the package chromium, or name it in CHROMIUM');
  // Chromium's own sandbox does not start for root.
  const args = process.getuid() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath: CHROMIUM, args, ignoreDefaultArgs: scrollbars ? ['--hide-scrollbars'] : [] });
  return {
    /** Somebody's browser: a context of its own. */
    async person(viewport = DESKTOP) {
      const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport, acceptDownloads: true });
      context.setDefaultTimeout(DEADLINE);
      return context.newPage();
    },
    close: () => browser.close(),
  };
}

const MODE = { 'view-only': 'View only', shared: 'Shared' };
const PRIORITY = { low: 'Low', normal: 'Normal', high: 'High' };
const PANEL = { chat: 'Chat', people: 'People' };
const PANEL_BUTTON = { chat: /^Chat(, \d+ unread)?$/, people: /^People, \d+/ };

/** An agent in the console. `login`: another account than the server's first. */
export class Agent {
  constructor(page, server, login = server.agent) {
    this.page = page;
    this.server = server;
    this.login = login;
  }

  async signIn() {
    const { page, server, login } = this;
    await page.goto(server.control);
    await page.getByLabel('Name').fill(login.name);
    await page.getByLabel('Password', { exact: true }).fill(login.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Start a session' }).waitFor();
    return this;
  }

  /** Starts a session; resolves to its PIN, link and id. */
  async start(url = this.server.shop.shop, { mode = 'view-only', priority = 'normal' } = {}) {
    const { page } = this;
    const form = page.getByRole('form', { name: 'Start a session' });
    await page.getByLabel('Start page').fill(url);
    await form.getByRole('radio', { name: MODE[mode] }).check();
    await form.getByRole('button', { name: PRIORITY[priority], exact: true }).click();
    await page.getByRole('button', { name: 'Start session' }).click();
    const pin = (await page.getByTestId('pin').innerText()).replace(/\D/g, '');
    const link = await page.getByLabel('Share link').inputValue();
    const joinUrl = new URL('/join', link).href;
    return { pin, link, joinUrl, id: new URL(page.url()).hash.split('/').pop() };
  }

  /** Presses a mode, and waits until it is asked for, or set. */
  async mode(mode) {
    const { page } = this;
    await page.getByRole('group', { name: 'Mode' }).getByRole('button', { name: MODE[mode] }).click();
    const asks = page.getByText('Asking the visitor…').first();
    const is = page.getByRole('group', { name: 'Mode' }).getByRole('button', { name: MODE[mode], pressed: true });
    await asks.or(is).first().waitFor();
  }

  /** Writes in the chat. */
  async chat(text) {
    const message = (await this.panel('chat')).getByRole('textbox', { name: 'Message' });
    await message.fill(text);
    await message.press('Enter');
    await this.said(text);
  }

  /** Waits until the chat has a message. */
  async said(text) {
    await (await this.panel('chat')).getByRole('log').getByText(text, { exact: true }).waitFor();
  }

  /** Opens a panel: `chat` or `people`. */
  async panel(name) {
    const panel = this.page.getByRole('complementary', { name: PANEL[name], exact: true });
    if (!(await panel.isVisible())) await this.page.getByRole('button', { name: PANEL_BUTTON[name] }).first().click();
    await panel.waitFor();
    return panel;
  }

  /** Invites a colleague, by the name of the account. */
  async invite(name) {
    const people = await this.panel('people');
    await people.getByRole('button', { name: `Invite ${name}`, exact: true }).click();
    await people.getByText(name, { exact: true }).first().waitFor();
  }

  /** Waits for a short word about what happened. */
  async told(text) {
    await this.page.getByRole('log', { name: 'News' }).getByText(text).first().waitFor();
  }

  /** The viewer's page: in the console's frame, or by itself. */
  async viewer() {
    const isViewer = (frame) => frame.url().includes('-v.view.localhost') && [null, this.page.mainFrame()].includes(frame.parentFrame());
    return until('the viewer is there', () => this.page.frames().find(isViewer));
  }

  /** What the agent sees, see `read`. */
  async sees() {
    const viewer = await this.viewer();
    return viewer.evaluate(read, 'viewer');
  }

  /** What `code` makes of the document that the agent sees. */
  async look(code, argument) {
    const viewer = await this.viewer();
    const shown = await viewer.evaluateHandle(() => [...document.querySelectorAll('iframe')].find((e) => e.getClientRects().length > 0)?.contentDocument);
    try {
      return await shown.evaluate(code, argument);
    } finally {
      await shown.dispose();
    }
  }
}

/** Types the PIN, or opens the link, up to the question. */
export async function joinByPin(page, session) {
  await page.goto(session.joinUrl);
  await typePin(page, session.pin);
  await page.getByRole('button', { name: 'Allow' }).first().waitFor();
}

export async function typePin(page, pin) {
  await page.getByLabel('PIN', { exact: true }).fill(pin);
  await page.getByRole('button', { name: 'Continue' }).click();
}

export async function joinByLink(page, session) {
  await page.goto(session.link);
  await page.getByRole('button', { name: 'Allow' }).first().waitFor();
}

/** Presses Allow, and waits until the visitor is on the site. `mode`: the least of what is offered, unless the visitor lets the agent act (`shared`). */
export async function allow(page, mode) {
  const buttons = page.getByRole('button', { name: 'Allow' });
  await (mode === 'shared' ? buttons.last() : buttons.first()).click();
  await page.waitForURL((url) => url.hostname.endsWith('.view.localhost'));
  await page.waitForLoadState('load');
}

/** An agent signed in, a visitor who allowed the session: for the tests that begin there. `mode`: what is asked for and allowed. */
export async function shared(browser, server, { url, viewport, mode } = {}) {
  const agent = await new Agent(await browser.person(), server).signIn();
  const session = await agent.start(url, { mode });
  const visitor = await browser.person(viewport);
  await joinByLink(visitor, session);
  await allow(visitor, mode);
  return { agent, visitor, session };
}

/** The visitor's page as `read` gives it, frames of other origins put in where they stand. */
export async function shows(page) {
  return merged(page.mainFrame());
}

async function merged(frame) {
  const state = await frame.evaluate(read, 'page');
  for (const child of frame.childFrames()) {
    const element = await child.frameElement();
    const place = await element.evaluate((e) => ({ n: [...document.querySelectorAll('iframe')].indexOf(e), shown: e.getClientRects().length > 0 }));
    if (place.n >= 0 && place.shown && state.frames[place.n] === null) state.frames[place.n] = await merged(child);
  }
  return state;
}

/** Waits until the agent sees what the visitor's page shows: text, values of fields, scroll positions, frames within. Gives what both see. */
export async function same(visitor, agent, what = 'the agent sees the page', deadline = DEADLINE) {
  let last = null;
  try {
    return await until(what, async () => {
      const [page, view] = await Promise.all([shows(visitor), agent.sees()]);
      last = [masked(view, page), masked(page, page)];
      return isDeepStrictEqual(...last) && page;
    }, deadline);
  } catch (error) {
    // The difference in words takes long on a long page: once, at the end.
    if (last) assert.deepEqual(...last);
    throw error;
  }
}

/** Of fields that the visitor's page masks, only whether there is something in them is compared. */
function masked(state, page) {
  const fields = state.fields.map(({ masked: _, ...field }, i) => {
    if (!page.fields[i]?.masked) return field;
    return { ...field, value: field.value === '' ? '' : '(masked)' };
  });
  return { ...state, fields, frames: state.frames.map((frame, i) => frame && masked(frame, page.frames[i] ?? frame)) };
}

/** Presses a button of the overlay, which is in a closed shadow root: found by its accessible name, pressed with the mouse. */
export async function pressOverlay(page, name) {
  const cdp = await page.context().newCDPSession(page);
  try {
    const model = await until(`the overlay's button ${name}`, async () => {
      const { nodes } = await cdp.send('Accessibility.getFullAXTree');
      const button = nodes.find((node) => node.role?.value === 'button' && node.name?.value === name && !node.ignored);
      return button && (await cdp.send('DOM.getBoxModel', { backendNodeId: button.backendDOMNodeId })).model;
    });
    const [x1, y1, , , x2, y2] = model.content;
    await page.mouse.click((x1 + x2) / 2, (y1 + y2) / 2);
  } finally {
    await cdp.detach();
  }
}

/** Takes the overlay out of sight until the next page: no style of the page's own can. */
export async function hideOverlay(page) {
  const cdp = await page.context().newCDPSession(page);
  try {
    const layer = await until('the overlay', async () => {
      const { root } = await cdp.send('DOM.getDocument', { depth: -1, pierce: true });
      return overlayLayer(root);
    });
    await cdp.send('DOM.setAttributeValue', { nodeId: layer.nodeId, name: 'style', value: 'display: none' });
  } finally {
    await cdp.detach();
  }
}

function overlayLayer(node) {
  if (node.localName === 'alongside-overlay') return node.shadowRoots?.[0]?.children?.find((child) => child.localName === 'div');
  for (const child of node.children ?? []) {
    const found = overlayLayer(child);
    if (found) return found;
  }
  return undefined;
}

/** Bytes that a page's sockets on viewer origins have received so far. */
export async function countSocketBytes(page) {
  const counted = { bytes: 0 };
  page.on('websocket', (socket) => {
    if (!new URL(socket.url()).hostname.includes('-v.view.')) return;
    socket.on('framereceived', ({ payload }) => (counted.bytes += payload.length));
  });
  return counted;
}
