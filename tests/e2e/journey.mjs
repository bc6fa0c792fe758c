// What the journeys share: a browser, an agent who signs in and starts sessions, a visitor who joins, and the comparison of what both see.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { get } from 'node:http';
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
    /** Somebody's browser: a context of its own. `options`: more of the context's. */
    async person(viewport = DESKTOP, options = {}) {
      const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport, acceptDownloads: true, ...options });
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

  /** Clicks an element of the visitor's page in the view, at its middle or at a part of its box. */
  click(selector, how) {
    return new Hand(this).click(selector, how);
  }

  /** Clicks into a field of the visitor's page in the view, and types. */
  type(selector, text) {
    return new Hand(this).type(selector, text);
  }

  /** Chooses an option of a list of the visitor's page in the view, by its text. */
  choose(selector, text) {
    return new Hand(this).choose(selector, text);
  }

  /** Drags over an element of the visitor's page in the view, from one part of its box to another. */
  drag(selector, from, to) {
    return new Hand(this).drag(selector, from, to);
  }

  /** Takes a tool of the console's toolbar, see `Hand.take`. */
  hand(name, text) {
    return new Hand(this).take(name, text);
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

/** The agent's hand: everything by mouse and keyboard on what the console shows. Selectors are of the visitor's page. */
export class Hand {
  constructor(agent) {
    this.agent = agent;
    this.page = agent.page;
  }

  /** Where an element is on the agent's screen. */
  async box(selector) {
    const viewer = await this.agent.viewer();
    const around = viewer.parentFrame() ? await (await viewer.frameElement()).boundingBox() : { x: 0, y: 0 };
    const box = await viewer.evaluate((selector) => {
      const frame = [...document.querySelectorAll('iframe')].find((e) => e.getClientRects().length > 0);
      const element = frame.contentDocument.querySelector(selector);
      if (!element) throw new Error(`the agent does not see ${selector}`);
      const outer = frame.getBoundingClientRect();
      const scale = outer.width / frame.offsetWidth;
      const { x, y, width, height } = element.getBoundingClientRect();
      return { x: outer.x + x * scale, y: outer.y + y * scale, width: width * scale, height: height * scale, scale };
    }, selector);
    return { ...box, x: box.x + around.x, y: box.y + around.y };
  }

  /** A point of an element on the agent's screen, brought into sight with the wheel if it is not. */
  async point(selector, [x, y] = [0.5, 0.5]) {
    const viewer = await this.agent.viewer();
    const room = await viewer.locator('.room').boundingBox();
    return until(`${selector} is in sight`, async () => {
      const box = await this.box(selector);
      const at = [box.x + x * box.width, box.y + y * box.height];
      const off = at[1] < room.y + 4 ? at[1] - room.y - 80 : at[1] > room.y + room.height - 4 ? at[1] - room.y - room.height + 80 : 0;
      if (off === 0) return at;
      await this.page.mouse.move(room.x + room.width / 2, room.y + room.height / 2);
      await this.page.mouse.wheel(0, off / box.scale);
      await new Promise((done) => setTimeout(done, 200));
      return false;
    });
  }

  async click(selector, { at, count = 1, modifiers = [] } = {}) {
    const [x, y] = await this.point(selector, at);
    for (const key of modifiers) await this.page.keyboard.down(key);
    await this.page.mouse.click(x, y, { clickCount: count });
    for (const key of modifiers) await this.page.keyboard.up(key);
  }

  /** Clicks into a field and types. */
  async type(selector, text) {
    await this.click(selector);
    const viewer = await this.agent.viewer();
    await until(`${selector} takes text`, () => viewer.evaluate(() => document.activeElement?.matches('.typist')));
    await this.page.keyboard.type(text);
  }

  /** Chooses an option of a list by its text. */
  async choose(selector, text) {
    await this.click(selector);
    const viewer = await this.agent.viewer();
    await viewer.getByRole('option', { name: text, exact: true }).click();
  }

  async drag(selector, from, to) {
    const [[ax, ay], box] = [await this.point(selector, from), await this.box(selector)];
    const [bx, by] = [box.x + to[0] * box.width, box.y + to[1] * box.height];
    await this.page.mouse.move(ax, ay);
    await this.page.mouse.down();
    await this.page.mouse.move((ax + bx) / 2, (ay + by) / 2, { steps: 4 });
    await this.page.mouse.move(bx, by, { steps: 4 });
    await this.page.mouse.up();
  }

  /** Takes a tool of the console's toolbar: act, laser, label (with a ready text, or asked for), element, area, text, freehand, line, arrow, rectangle. */
  async take(name, text) {
    const bar = this.page.getByRole('toolbar', { name: 'Tools' });
    const title = `${name[0].toUpperCase()}${name.slice(1)}`;
    if (name === 'act') await bar.getByRole('button', { name: /^(Act|Point)$/ }).click();
    else if (name === 'laser') await bar.getByRole('button', { name: title, exact: true }).click();
    else if (name === 'label') {
      await bar.getByRole('button', { name: 'Label', exact: true }).or(bar.locator('button', { hasText: 'Label' })).first().click();
      if (!text) await this.page.getByRole('button', { name: 'Write it on the page' }).click();
      else {
        await this.page.getByLabel('Your own text').fill(text);
        await this.page.getByRole('button', { name: 'Use', exact: true }).click();
      }
    } else {
      const menu = ['element', 'area', 'text'].includes(name) ? 'Highlight' : 'Draw';
      await bar.getByRole('button', { name: menu, exact: true }).click();
      await this.page.getByRole('button', { name: title }).filter({ visible: true }).last().click();
    }
    const viewer = await this.agent.viewer();
    await until(`the hand is ${name}`, () => viewer.evaluate((name) => document.querySelector('.cover').dataset.hand === name, name));
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

/** An agent signed in, a visitor who allowed the session: for the tests that begin there. `mode`: what is asked for and allowed. `wire`: notes what
 * the agent's browser contacts. */
export async function shared(browser, server, { url, viewport, mode, wire } = {}) {
  const agent = await new Agent(await browser.person(DESKTOP, wire?.options), server).signIn();
  const session = await agent.start(url, { mode });
  const visitor = await browser.person(viewport);
  await joinByLink(visitor, session);
  await allow(visitor, mode);
  return { agent, visitor, session };
}

/** The key that a visitor's tab is sent, asked for as the browser asks for a document. */
export function pageKey(page) {
  const { host, port } = new URL(page.url());
  return new Promise((done, failed) => {
    page.context().cookies(page.url()).then((cookies) => {
      const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
      const headers = { host, cookie, 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' };
      get({ host: '127.0.0.1', port, path: '/.alongside/blank', headers, agent: false }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (piece) => (text += piece)).on('end', () => done(/ data-key="(\w+)"/.exec(text)?.[1]));
      }).on('error', failed);
    }, failed);
  });
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
  const [x1, y1, , , x2, y2] = await overlayHas(page, name);
  await page.mouse.click((x1 + x2) / 2, (y1 + y2) / 2);
}

/** Waits until the overlay has something of this name and role; gives the corners of its box. */
export async function overlayHas(page, name, role = 'button') {
  const cdp = await page.context().newCDPSession(page);
  try {
    return await until(`the overlay's ${role} ${name}`, async () => {
      const { nodes } = await cdp.send('Accessibility.getFullAXTree');
      const found = nodes.find((node) => node.role?.value === role && node.name?.value === name && !node.ignored);
      return found && (await cdp.send('DOM.getBoxModel', { backendNodeId: found.backendDOMNodeId })).model.content;
    });
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
