// Pictures of each state of the screen, at both widths, to be looked at: `node tests/screen/look.mjs FOLDER [STATE]`.
import { mkdir } from 'node:fs/promises';
import { DESKTOP, PHONE, startBrowser } from './play.mjs';

const folder = process.argv[2] ?? 'look';
const only = process.argv[3] ?? '';
await mkdir(folder, { recursive: true });
const browser = await startBrowser();

const OPTIONS = ['Berlin', 'Bonn', 'Cologne', 'Hamburg', 'Munich'].map((label, i) => ({ label, group: i < 3 ? 'Near' : 'Far', selected: i === 1, disabled: i === 3 }));
const dialog = (kind, text, value = '') => async ({ play }) => play.tell({ t: 'dialog', dialog: { kind, text, value } });
const inactive = (page) => page.evaluate(() => Object.defineProperty(navigator, 'userActivation', { value: { isActive: false } }));

const STATES = {
  opening: null,
  async notice() {},
  async plain() {},
  async loading({ play }) {
    play.tell({ t: 'page', url: 'https://shop.example/cart', title: 'Cart', loading: true, back: true, forward: false });
  },
  async restarting({ play }) {
    play.tell({ t: 'state', state: 'restarting' });
  },
  async failed({ play }) {
    play.tell({ t: 'state', state: 'failed' });
  },
  async away({ play, page }) {
    play.stop();
    await page.waitForTimeout(1_200);
  },
  alert: dialog('alert', 'Your basket was saved.'),
  confirm: dialog('confirm', 'Do you really want to remove “Stoneware mug” from your basket? It is the last one that we have.'),
  prompt: dialog('prompt', 'How many?', '2'),
  leave: dialog('leave', ''),
  async chooser({ play, page }) {
    await inactive(page);
    play.tell({ t: 'chooser', id: 1, multiple: false, accept: '' });
  },
  async list({ play }) {
    play.tell({ t: 'list', list: { id: 1, place: [60, 220, 260, 40], multiple: false, options: OPTIONS } });
  },
  async sheet({ play, page }) {
    await page.evaluate(() => delete HTMLSelectElement.prototype.showPicker);
    play.tell({ t: 'list', list: { id: 1, place: [60, 220, 260, 40], multiple: true, options: OPTIONS } });
  },
  async ask({ play }) {
    play.tell({ t: 'ask', ask: { id: 1, by: 1, act: 'click', text: 'Justin wants to press “Pay 42.00”', place: [60, 300, 160, 44] } });
  },
  async lock({ play }) {
    play.tell({ t: 'field', field: { kind: 'password', hints: ['', '', ''], place: [60, 220, 260, 40], before: '' } });
  },
  async about({ page }) {
    await page.getByRole('button', { name: 'About this shared visit' }).click();
  },
  async ring({ page }) {
    await page.keyboard.press('F6');
    await page.keyboard.press('F6');
  },
};

/** A page as a picture: a head, a few lines, a field, a button. */
async function paint(screen) {
  const [width, height] = screen.pixels();
  const [d, dark] = [screen.density, screen.scheme === 'dark'];
  const fill = (x, y, w, h, colour) => ({ at: [x * d, y * d, Math.min(w * d, width - x * d), h * d], fill: colour });
  const [paper, ink, soft] = dark ? [[24, 26, 30], [220, 222, 226], [60, 64, 70]] : [[255, 255, 255], [40, 44, 52], [226, 229, 234]];
  const lines = Array.from({ length: 9 }, (_, i) => fill(60, 380 + i * 28, 280 + ((i * 97) % 160), 10, soft));
  await screen.show([{ at: [0, 0, width, height], fill: paper }, fill(0, 0, 4_000, 64, [58, 64, 150]), fill(60, 110, 240, 26, ink), fill(60, 220, 260, 40, soft), fill(60, 300, 160, 44, [58, 64, 150]), ...lines]);
}

for (const [name, size, density, scheme] of [['desktop', DESKTOP, 1, 'light'], ['desktop-dark', DESKTOP, 1, 'dark'], ['phone', PHONE, 2, 'light'], ['phone-dark', PHONE, 2, 'dark']]) {
  for (const [state, run] of Object.entries(STATES)) {
    if (only && !state.match(only)) continue;
    const screen = await browser.open({ size, density, scheme, touch: name.startsWith('phone'), picture: false });
    screen.scheme = scheme;
    if (run) {
      await screen.live({ notice: true });
      await paint(screen);
      if (state !== 'notice') await screen.page.getByRole('button', { name: 'OK' }).click();
      await run(screen);
    }
    await screen.page.waitForTimeout(300);
    await screen.page.screenshot({ path: `${folder}/${state}-${name}.png` });
    await screen.close();
  }
}
await browser.close();
