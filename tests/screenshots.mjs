// The pictures in docs/: each step of a session, each tool on both sides, image mode, and the administration, on a desktop and on a phone.
// `node tests/screenshots.mjs [steps|tools|pictures|admin [-desktop|-phone]]`
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Agent, allow, DESKTOP, Hand, joinByLink, launch, overlayHas, PHONE, pressOverlay, same, until } from './e2e/journey.mjs';
import { startServer } from './e2e/server.mjs';
import { administration } from './screenshots/administration.mjs';
import { pictures } from './screenshots/pictures.mjs';

const DOCS = fileURLToPath(new URL('../docs/', import.meta.url));
/** Large enough to show the visitor's window as it is. */
const LIVE = { width: 1320, height: 920 };
/** A window of an administrator's. */
const OFFICE = { width: 1440, height: 900 };
const [browser, server] = await Promise.all([launch(), startServer({ tls: false, image: true })]);

async function shoot(page, name, animations = 'disabled') {
  await page.screenshot({ path: `${DOCS}${name}.png`, animations });
  console.log(`docs/${name}.png`);
}

async function steps(suffix, size, liveSize) {
  const page = await browser.person(size);
  await page.goto(server.control);
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await shoot(page, `sign-in${suffix}`);
  const agent = await new Agent(page, server).signIn();
  await shoot(page, `console${suffix}`);
  const session = await agent.start();
  await shoot(page, `waiting${suffix}`);
  const visitor = await browser.person(size);
  await visitor.goto(session.joinUrl);
  await visitor.getByLabel('PIN', { exact: true }).waitFor();
  await shoot(visitor, `join${suffix}`);
  await joinByLink(visitor, session);
  await visitor.locator('button:has-text("Allow"):not([disabled])').waitFor();
  await shoot(visitor, `consent${suffix}`);
  await page.setViewportSize(liveSize);
  await allow(visitor);
  await visitor.getByRole('link', { name: 'Morning mug' }).hover();
  await visitor.mouse.wheel(0, 160);
  await same(visitor, agent);
  await shoot(visitor, `visitor${suffix}`);
  await shoot(page, `live${suffix}`);
  for (const one of [visitor, page]) await one.context().close();
}

/** The tour of the tools: a visitor who asks for help on a product's page, and an agent who takes the call. */
class Tour {
  constructor(suffix, size, liveSize) {
    Object.assign(this, { suffix, size, liveSize });
  }

  async walk() {
    await this.begin();
    await this.laser();
    await this.notes();
    await this.people();
    await this.acts();
    await this.looking();
    for (const page of [this.visitor, this.page]) await page.context().close();
  }

  /** A picture of each side. */
  async both(name, animations) {
    await shoot(this.visitor, `${name}-visitor${this.suffix}`, animations);
    await shoot(this.page, `${name}-agent${this.suffix}`, animations);
  }

  async begin() {
    const { suffix, size } = this;
    const visitor = (this.visitor = await browser.person(size));
    await visitor.goto(new URL('/product/tea-bowl', server.shop.shop).href);
    await visitor.locator('alongside-help').waitFor();
    await shoot(visitor, `help-button${suffix}`);
    await visitor.goto(`${server.control}/help?url=${encodeURIComponent(visitor.url())}`);
    await visitor.getByRole('button', { name: 'Get a code' }).click();
    const code = await visitor.getByTestId('code').innerText();
    await shoot(visitor, `help${suffix}`);
    this.page = await browser.person(this.liveSize);
    this.agent = await new Agent(this.page, server).signIn();
    this.hand = new Hand(this.agent);
    const form = this.page.getByRole('form', { name: 'Your visitor has a code?' });
    await form.getByLabel('Session code').fill(code);
    await form.getByRole('radio', { name: 'Shared' }).check();
    await form.getByRole('button', { name: 'Join your visitor' }).click();
    await visitor.locator('button:has-text("Allow"):not([disabled])').first().waitFor();
    await shoot(visitor, `consent-modes${suffix}`);
    await allow(visitor);
    await visitor.evaluate(() => {
      document.querySelector('h1').scrollIntoView();
      scrollBy(0, -240);
    });
    await same(visitor, this.agent);
  }

  /** Takes a tool by its key. */
  async take(key, name) {
    await this.page.getByRole('heading', { level: 1 }).first().focus();
    await this.page.keyboard.press(key);
    const viewer = await this.agent.viewer();
    await until(`the hand is ${name}`, () => viewer.evaluate((name) => document.querySelector('.cover').dataset.hand === name, name));
  }

  async laser() {
    await this.take('l', 'laser');
    const [x, y] = await this.hand.point('.price');
    let on = true;
    const circle = async () => {
      for (let turn = 0; on; turn += 0.3) {
        await this.page.mouse.move(x + 60 * Math.cos(turn), y + 30 * Math.sin(turn));
        await new Promise((done) => setTimeout(done, 16));
      }
    };
    const moving = circle();
    await new Promise((done) => setTimeout(done, 700));
    await this.both('laser', 'allow');
    on = false;
    await moving;
    // The trail fades.
    await new Promise((done) => setTimeout(done, 2_000));
  }

  async notes() {
    const { hand, page, visitor } = this;
    const phone = this.size === PHONE;
    await this.take('t', 'label');
    await hand.click('main form button', { at: [0.7, 0.5] });
    await (await this.agent.viewer()).getByLabel('Text of the label').fill('Choose how many, then press here');
    await page.keyboard.press('Enter');
    await overlayHas(visitor, 'Hide this label');
    await this.both('label', 'allow');
    await page.keyboard.press('z');
    await this.take('e', 'element');
    await hand.click('main form select');
    await this.take('a', 'area');
    await (phone ? hand.drag('h1', [0, 0], [0.5, 1]) : hand.drag('picture img', [0.3, 0.2], [0.75, 0.75]));
    await this.take('s', 'text');
    await hand.drag('article div > p:nth-of-type(4)', [0.02, 0.3], [0.7, 0.3]);
    await this.count(3);
    await this.both('highlights');
    await this.clear();
    await this.take('d', 'freehand');
    await this.draw('h1', [[0.02, 1.1], [0.1, 1.3], [0.2, 1.05], [0.3, 1.3], [0.4, 1.1]]);
    await this.take('i', 'line');
    await hand.drag('#stock', [0, 1.2], [0.2, 1.2]);
    await this.take('w', 'arrow');
    await (phone ? hand.drag('.price', [0.6, 0.5], [0.2, 0.5]) : hand.drag('picture img', [0.2, 0.25], [0.36, 0.45]));
    await this.take('r', 'rectangle');
    await hand.drag('main form select', [-0.03, -0.2], [1.03, 1.2]);
    await this.count(4);
    await this.both('marks');
    await this.clear();
  }

  async draw(selector, places) {
    const { x, y, width, height } = await this.hand.box(selector);
    const [first, ...rest] = places.map(([a, b]) => [x + a * Math.min(width, 300), y + b * height]);
    await this.page.mouse.move(...first);
    await this.page.mouse.down();
    for (const place of rest) await this.page.mouse.move(...place, { steps: 5 });
    await this.page.mouse.up();
  }

  /** Waits until the view draws so many notes. */
  async count(many) {
    const viewer = await this.agent.viewer();
    await until(`${many} notes`, () => viewer.evaluate((many) => new Set([...document.querySelectorAll('.layer [data-note]')].map((e) => e.dataset.note)).size === many, many));
    await same(this.visitor, this.agent);
  }

  async clear() {
    await this.page.getByRole('heading', { level: 1 }).first().focus();
    await this.page.keyboard.press('x');
    await this.count(0);
  }

  async people() {
    const { agent, page, visitor } = this;
    await agent.chat('Shall I fill in the address for you?');
    await pressOverlay(visitor, 'Chat').catch(() => pressOverlay(visitor, 'Chat, 1 new'));
    await overlayHas(visitor, 'Write a message', 'textbox');
    await visitor.keyboard.type('Yes, please. The form is at https://shop.example/');
    await visitor.keyboard.press('Enter');
    await agent.said('Yes, please. The form is at https://shop.example/');
    await this.both('chat');
    await visitor.keyboard.press('Escape');
    await agent.invite(server.colleague.name);
    const colleague = await new Agent(await browser.person(DESKTOP), server, server.colleague).signIn();
    await colleague.page.goto(page.url());
    await colleague.viewer();
    await page.bringToFront();
    await pressOverlay(visitor, 'About this shared visit');
    await overlayHas(visitor, 'Close', 'button');
    await this.both('people');
    await visitor.keyboard.press('Escape');
    await colleague.page.context().close();
    await page.getByRole('button', { name: /^Close/ }).first().click();
  }

  async acts() {
    const { agent, hand, page, visitor } = this;
    await agent.mode('view-only');
    await agent.mode('shared');
    await overlayHas(visitor, 'Not now');
    await this.both('mode');
    await this.answer('Allow');
    await page.locator('[aria-pressed=true]', { hasText: 'Shared' }).waitFor();
    await this.take('v', 'act');
    await visitor.getByRole('button', { name: 'Add to basket' }).click();
    await visitor.waitForURL(/basket/);
    await visitor.goto(new URL('/log-in?next=/checkout', visitor.url()).href);
    await visitor.getByLabel('Name').fill('robin');
    await visitor.getByLabel('Password').fill('fern');
    await visitor.getByRole('button', { name: 'Log in' }).click();
    await visitor.getByRole('heading', { name: 'Checkout' }).waitFor();
    await same(visitor, agent);
    await hand.type('[name=name]', 'Robin Field');
    await until('it is typed', () => visitor.evaluate(() => document.querySelector('[name=name]').value === 'Robin Field'));
    await this.both('typing', 'allow');
    await visitor.locator('[name=notes]').pressSequentially('Ring twice');
    await visitor.locator('[name=notes]').press('!');
    await until('the agent sees the lock', async () => (await (await agent.viewer()).locator('.sign.lock').count()) > 0);
    await shoot(page, `lock-agent${this.suffix}`, 'allow');
    await visitor.evaluate(() => document.activeElement.blur());
    await hand.click('main form button');
    await overlayHas(visitor, 'Don’t');
    await this.both('ask', 'allow');
    await this.answer('Don’t');
    await (await agent.viewer()).locator('.sign', { hasText: /said no/ }).waitFor({ timeout: 5_000 }).catch(() => null);
    await shoot(page, `denied-agent${this.suffix}`, 'allow');
  }

  /** Answers a question, which takes no press in its first moments. */
  async answer(button) {
    await new Promise((done) => setTimeout(done, 500));
    await pressOverlay(this.visitor, button);
  }

  async looking() {
    const { agent, page, visitor } = this;
    const [tab] = await Promise.all([visitor.context().waitForEvent('page'), visitor.evaluate(() => void window.open('/'))]);
    await tab.waitForLoadState('load');
    await same(tab, agent);
    await page.getByRole('heading', { level: 1 }).first().focus();
    await page.keyboard.press('1');
    await page.keyboard.press('f');
    const { x, y, width, height } = await (await agent.viewer()).locator('.room').boundingBox();
    await page.mouse.move(x + width / 2, y + height / 2);
    await page.mouse.wheel(0, 200);
    await (await agent.viewer()).getByText('You are looking around', { exact: true }).waitFor();
    await shoot(page, `looking-agent${this.suffix}`);
    await tab.close();
  }
}

await mkdir(DOCS, { recursive: true });
const [only, wanted] = process.argv.slice(2);
try {
  for (const [suffix, size, liveSize] of [['', DESKTOP, LIVE], ['-phone', PHONE, PHONE]]) {
    if (wanted !== undefined && wanted !== (suffix || '-desktop')) continue;
    if (only === undefined || only === 'steps') await steps(suffix, size, liveSize);
    if (only === undefined || only === 'tools') await new Tour(suffix, size, liveSize).walk();
    if (only === undefined || only === 'pictures') await pictures(browser, server, (page, name) => shoot(page, `${name}${suffix}`), { size, liveSize, phone: size === PHONE });
    if (only === undefined || only === 'admin') await administration(browser, server, (page, name) => shoot(page, `${name}${suffix}`), size === PHONE ? PHONE : OFFICE, size === PHONE);
  }
} finally {
  await browser.close();
  await server.stop();
}
