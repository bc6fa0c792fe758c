// A page in Chromium with the overlay in it, see driven.ts, and a way to read where things are drawn: the shadow root is closed to the page,
// not to the browser's own inspection.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { bundle } from '../converge/bundle.mjs';
import { until } from '../until.mjs';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
if (!existsSync(executablePath)) throw new Error(`no Chromium at ${executablePath}: install the package chromium, or name it in CHROMIUM`);

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

/** Starts a browser; `open` gives a page. */
export async function start() {
  const script = await bundle('driven', import.meta.url);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  return {
    close: () => browser.close(),
    async open(html, { size = DESKTOP, touch = false, scheme = 'light', motion = 'no-preference' } = {}) {
      const context = await browser.newContext({ viewport: size, hasTouch: touch, isMobile: touch, colorScheme: scheme, reducedMotion: motion });
      const page = await context.newPage();
      page.on('pageerror', (error) => console.error(`page error: ${error.stack}`));
      await page.route('http://page.test/**', (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }));
      await page.goto('http://page.test/');
      await page.evaluate(script);
      const cdp = await context.newCDPSession(page);
      await cdp.send('DOM.enable');
      return new OverlayPage(page, cdp);
    },
  };
}

export class OverlayPage {
  constructor(page, cdp) {
    this.page = page;
    this.cdp = cdp;
  }

  close = () => this.page.context().close();
  call = (name, ...args) => this.page.evaluate(([n, a]) => window.driven[n](...a), [name, args]);
  get = (name) => this.page.evaluate((n) => window.driven[n], name);
  told = (t, message) => this.call('told', { t, ...message });
  id = (selector) => this.call('id', selector);
  box = (selector) => this.call('box', selector);
  /** Two frames of the page. */
  frames = () => this.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

  /** The overlay's elements that match all of `attributes` (`true`: there at all), from its shadow root. */
  async find(attributes) {
    const { root } = await this.cdp.send('DOM.getDocument', { depth: -1, pierce: true });
    const found = [];
    const walk = (node, inside) => {
      const own = new Map();
      for (let i = 0; i < (node.attributes?.length ?? 0); i += 2) own.set(node.attributes[i], node.attributes[i + 1]);
      if (inside && node.nodeType === 1 && Object.entries(attributes).every(([name, value]) => (value === true ? own.has(name) : own.get(name) === value))) found.push({ node, attributes: own });
      const ours = inside || node.localName === 'alongside-overlay';
      for (const child of [...(node.children ?? []), ...(node.shadowRoots ?? []), ...(node.contentDocument ? [node.contentDocument] : [])]) walk(child, ours);
    };
    walk(root, false);
    return found;
  }

  /** Box of the one element that matches, in the layout viewport; null: none is drawn. */
  async drawn(attributes) {
    for (const { node } of await this.find(attributes)) {
      const box = await this.boxOf(node.backendNodeId);
      if (box) return box;
    }
    return null;
  }

  async boxOf(backendNodeId) {
    const { object } = await this.cdp.send('DOM.resolveNode', { backendNodeId });
    const code = 'function () { const b = this.getBoundingClientRect(); return this.checkVisibility() ? { left: b.left, top: b.top, width: b.width, height: b.height } : null; }';
    const { result } = await this.cdp.send('Runtime.callFunctionOn', { objectId: object.objectId, functionDeclaration: code, returnByValue: true });
    return result.value;
  }

  /** Text of what matches. */
  async text(attributes) {
    const [found] = await this.find(attributes);
    const texts = (node) => (node.nodeType === 3 ? node.nodeValue : (node.children ?? []).map(texts).join(' '));
    return found ? texts(found.node).replace(/\s+/g, ' ').trim() : null;
  }

  /** Presses the overlay's button or field of an accessible name with the mouse. */
  async press(name, role = 'button') {
    await until(`the overlay's ${role} ${name}`, async () => {
      const { nodes } = await this.cdp.send('Accessibility.getFullAXTree');
      const found = nodes.find((node) => node.role?.value === role && node.name?.value === name && !node.ignored);
      const box = found && (await this.boxOf(found.backendDOMNodeId));
      if (!box) return false;
      await this.page.mouse.click(box.left + box.width / 2, box.top + box.height / 2);
      return true;
    });
  }

  /** Accessible name of what has the keyboard within the overlay; null: nothing of it. */
  async focused() {
    const { nodes } = await this.cdp.send('Accessibility.getFullAXTree');
    return nodes.find((node) => node.role?.value !== 'RootWebArea' && node.properties?.some(({ name, value }) => name === 'focused' && value.value))?.name?.value ?? null;
  }

  shoot = (name) => (process.env.SHOTS ? this.page.screenshot({ path: `${process.env.SHOTS}/${name}.png` }) : undefined);
}
