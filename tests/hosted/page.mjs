// A page in Chromium with the whole companion in it, see driven.ts.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { bundle } from '../converge/bundle.mjs';
import { until } from '../until.mjs';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
if (!existsSync(executablePath)) throw new Error(`no Chromium at ${executablePath}: install the package chromium, or name it in CHROMIUM`);

export const MASKS = [['mask', '.m'], ['hide', '.h']];
const sites = (rules, all) => [{ scope: ['http://page.test'], private: all, rules: rules.map(([action, selector]) => ({ action, selector, pages: [] })) }];

/** Starts a browser; `open` gives a page. */
export async function start() {
  const script = await bundle('driven', import.meta.url);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  return {
    close: () => browser.close(),
    async open(html, { rules = MASKS, private: all = false, hosted = true, size = { width: 800, height: 600 }, url = 'http://page.test/' } = {}) {
      const context = await browser.newContext({ viewport: size });
      const page = await context.newPage();
      page.on('pageerror', (error) => console.error(`page error: ${error.stack}`));
      const body = `<!DOCTYPE html><title>hosted</title><style>body { margin: 0; font: 16px/20px sans-serif }</style>${html.replaceAll('shadowrootmode', 'data-shadow')}`;
      await context.route('**/*', (route) => {
        const address = route.request().url();
        const content = address.startsWith('http://page.test/') || address.startsWith('http://other.test/') ? body : '<title>other</title>other';
        return route.fulfill({ contentType: 'text/html; charset=utf-8', body: address.endsWith('/frame') ? '<!DOCTYPE html>frame' : content });
      });
      await page.goto(url);
      await page.evaluate((is) => (window.hostedPage = is), hosted);
      await page.evaluate(script);
      await page.evaluate((s) => window.driven.begin(s), sites(rules, all));
      return new HostedPage(page);
    },
    async visit(url, { hosted = true } = {}) {
      const page = await (await browser.newContext({ viewport: { width: 800, height: 600 } })).newPage();
      page.on('pageerror', (error) => console.error(`page error: ${error.stack}`));
      await page.goto(url);
      await page.waitForSelector('#state');
      await page.evaluate((is) => (window.hostedPage = is), hosted);
      await page.evaluate(script);
      await page.evaluate(() => window.driven.begin([]));
      return new HostedPage(page);
    },
  };
}

export class HostedPage {
  looks = 0;
  taken = [];

  constructor(page) {
    this.page = page;
  }

  close = () => this.page.context().close();
  evaluate = (...args) => this.page.evaluate(...args);
  tell = (message) => this.page.evaluate((m) => window.driven.tell(m), message);
  id = (selector) => this.page.evaluate((s) => window.driven.id(s), selector);
  text = (selector) => this.page.evaluate((s) => window.driven.text(s), selector);
  /** Two frames of the page. */
  frames = () => this.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

  /** All that the companion said so far. */
  async said() {
    this.taken.push(...(await this.page.evaluate(() => window.driven.take())));
    return this.taken;
  }

  /** What it said since the last call of this. */
  async news() {
    await this.said();
    return this.taken.splice(0);
  }

  /** Waits for a message, and forgets it and what came before. */
  async next(t, fits = () => true) {
    return until(`a message ${t}`, async () => {
      const all = await this.said();
      const at = all.findIndex((message) => message.t === t && fits(message));
      return at < 0 ? false : all.splice(0, at + 1).at(-1);
    });
  }

  /** Asks for a sample. */
  async look() {
    this.looks += 1;
    const n = this.looks;
    await this.tell({ t: 'look', n });
    return (await this.next('sample', ({ sample }) => sample.look === n)).sample;
  }
}
