// A page in Chromium with the acts in it, see driven.ts.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { bundle } from '../converge/bundle.mjs';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
if (!existsSync(executablePath)) throw new Error(`no Chromium at ${executablePath}: install the package chromium, or name it in CHROMIUM`);

/** Notes each event within `#stage` as `type target`. */
const RECORD = `
  window.seen = [];
  const TYPES = ['pointerover', 'pointerenter', 'pointermove', 'pointerdown', 'pointerup', 'pointerout', 'pointerleave', 'mouseover', 'mouseenter', 'mousemove', 'mousedown', 'mouseup',
    'mouseout', 'mouseleave', 'click', 'dblclick', 'keydown', 'keypress', 'keyup', 'beforeinput', 'input', 'change', 'focus', 'blur', 'focusin', 'focusout', 'submit', 'toggle', 'invalid', 'reset'];
  for (const type of TYPES) document.addEventListener(type, (event) => {
    const { target } = event;
    if (target instanceof Element && target.closest('#stage')) window.seen.push(type + ' ' + (target.id || target.localName));
  }, true);
  document.addEventListener('submit', (event) => event.preventDefault());
  window.take = () => window.seen.splice(0);
`;

export async function start() {
  const script = await bundle('driven', import.meta.url);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const context = await browser.newContext({ viewport: { width: 800, height: 600 } });
  return {
    close: () => browser.close(),
    /** A page of a site, once a selector is there. */
    async visit(url, selector) {
      const page = await context.newPage();
      page.on('pageerror', (error) => console.error(`page error: ${error.stack}`));
      await page.goto(url);
      await page.waitForSelector(selector);
      await page.evaluate(script);
      return new ActsPage(page);
    },
    /** A page with this in its stage. `acts`: with the companion; `record`: events are noted. */
    async open(html, { acts = true, record = true, head = '' } = {}) {
      const page = await context.newPage();
      page.on('pageerror', (error) => console.error(`page error: ${error.stack}`));
      const body = `<!DOCTYPE html><title>acts</title>${head}<body style="margin: 0"><p style="height: 40px; margin: 0">top</p><div id="stage" style="padding: 20px">${html}</div>`;
      await page.route('http://page.test/**', (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: route.request().url() === 'http://page.test/' ? body : '<title>other</title>other' }));
      await page.goto('http://page.test/');
      // A browser moves the focus when it draws the page, which may be later than what follows here.
      await page.waitForFunction(() => [document.querySelector('[autofocus]') ?? document.activeElement].includes(document.activeElement));
      if (record) await page.evaluate(RECORD);
      if (acts) await page.evaluate(script);
      return new ActsPage(page);
    },
  };
}

/** What tests ask of it. */
export class ActsPage {
  constructor(page) {
    this.page = page;
  }

  close = () => this.page.close();
  evaluate = (...args) => this.page.evaluate(...args);
  seen = () => this.page.evaluate(() => window.take());
  id = (selector) => this.page.evaluate((s) => window.acts.id(s), selector);
  batch = () => this.page.evaluate(() => window.acts.batch());
  locks = () => this.page.evaluate(() => window.acts.locks());
  asked = () => this.page.evaluate(() => window.acts.asked());
  answer = (allow) => this.page.evaluate((a) => window.acts.answer(a), allow);
  session = (mode, rules) => this.page.evaluate(([m, r]) => window.acts.session(m, r), [mode, rules]);
  value = (selector) => this.page.evaluate((s) => document.querySelector(s).value, selector);

  /** Asks for an act; gives its number. `act.on`: selector in place of `node`. */
  async begin({ on, ...act }, options) {
    const node = on === undefined ? {} : { node: await this.id(on) };
    return this.page.evaluate(([a, o]) => window.acts.begin(a, o), [{ ...act, ...node }, options]);
  }

  /** Its outcomes up to now. */
  outcomes = (id) => this.page.evaluate((n) => window.acts.outcomes(n), id);

  /** Asks for an act; gives its last outcome. */
  async do(act, options) {
    const id = await this.begin(act, options);
    const end = Date.now() + 5_000;
    for (;;) {
      const outcomes = await this.outcomes(id);
      if (outcomes.length && outcomes.at(-1) !== 'asking') return outcomes.at(-1);
      if (Date.now() > end) throw new Error(`no outcome of ${JSON.stringify(act)}: ${outcomes}`);
    }
  }

  click = (on, more = {}, options = undefined) => this.do({ a: 'click', on, at: [0.5, 0.5], count: 1, ...more }, options);
  type = (on, strokes, options = undefined) => this.do({ a: 'type', on, strokes: [strokes].flat().map((stroke) => (typeof stroke === 'string' && stroke !== 'all' ? { text: stroke } : stroke)) }, options);
}
