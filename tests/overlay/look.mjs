// Pictures of each state of the overlay, at both widths, to be looked at: `node tests/overlay/look.mjs FOLDER`.
import { mkdir } from 'node:fs/promises';
import { DESKTOP, PHONE, start } from './page.mjs';
import { PEOPLE, SHOP } from './shop.mjs';

const folder = process.argv[2] ?? 'look';
const only = process.argv[3] ?? '';
await mkdir(folder, { recursive: true });
const browser = await start();
const now = Date.now();

const STATES = {
  async bar() {},
  async people(page) {
    await page.call('state', { people: PEOPLE, mode: 'shared' });
    await page.call('rules', { silentSupervisor: true });
  },
  async details(page) {
    await page.call('state', { people: [...PEOPLE, { id: 3, name: 'Mia Long-Surname', role: 'supervisor', watching: false }] });
    await page.call('rules', { silentSupervisor: true });
    await page.press('About this shared visit');
  },
  async pointers(page) {
    await page.call('state', { people: PEOPLE });
    for (let i = 0; i <= 12; i += 1) {
      await page.told('pointer', { by: 2, laser: true, pointer: { action: 'move', node: await page.id('#bowl'), at: [0.1 + i * 0.05, 0.5 + 0.3 * Math.sin(i / 2)] } });
      await page.frames();
    }
    await page.told('pointer', { by: 1, pointer: { action: 'move', node: await page.id('#add'), at: [0.6, 0.5] } });
    await page.frames();
    await page.told('pointer', { by: 1, pointer: { action: 'down', node: await page.id('#add'), at: [0.6, 0.5] } });
    await page.told('wiggle', { by: 1, node: await page.id('#mug h3') });
    await page.page.waitForTimeout(180);
  },
  async notes(page) {
    await page.call('state', { people: PEOPLE });
    const note = async (id, by, selector, shape) => page.told('note', { note: { id, by, node: await page.id(selector), shape } });
    await note(1, 1, '#add', { s: 'label', text: 'Click this link', at: [0.5, 0.5] });
    await note(2, 2, '#link', { s: 'label', text: 'Read this before you decide: it says how large the jug is, and how to clean it.', at: [0.5, 1] });
    await note(3, 1, '#mug .pic', { s: 'area', from: [0.2, 0.2], to: [0.7, 0.9] });
    const text = await page.call('text', '#words');
    await note(4, 2, '#words', { s: 'text', range: { start: text, startOffset: 10, end: text, endOffset: 60 } });
    await note(5, 1, '#bowl .pic', { s: 'arrow', from: [0.1, 0.9], to: [0.8, 0.3] });
    await note(6, 2, '#bowl h3', { s: 'freehand', points: Array.from({ length: 60 }, (_, i) => [0.25 + 0.3 * Math.cos(i / 9), 0.5 + 0.8 * Math.sin(i / 9)]) });
    await note(7, 1, '#name', { s: 'element' });
    await note(8, 1, '#pay', { s: 'label', text: 'Check this, please', at: [0.5, 0] });
    await note(9, 0, 'h1', { s: 'element' });
  },
  async share(page) {
    await page.told('question', { id: 1, by: 1, what: { q: 'share' } });
  },
  async act(page) {
    await page.page.evaluate(() => document.querySelector('#pay').scrollIntoView({ block: 'center' }));
    await page.call('ask', 1, 'Justin wants to press “Pay 42.00”', '#pay');
  },
  async locks(page) {
    await page.page.evaluate(() => document.querySelector('#form').scrollIntoView({ block: 'center' }));
    await page.call('locks', 1, '#street');
  },
  async veils(page) {
    await page.page.evaluate(() => document.querySelector('#form').scrollIntoView({ block: 'center' }));
    await page.call('state', { private: true });
    await page.call('marked', '#street', '#card', '#words hidden', '#mug hidden');
  },
  async chat(page) {
    await page.call('state', { people: PEOPLE });
    await page.told('chats', { messages: [
      { id: 1, by: 1, name: 'Justin', at: now - 90_000, text: 'Hello! Shall we look at the mug together?' },
      { id: 2, by: 0, name: 'Visitor', at: now - 60_000, text: 'Yes please. Is it safe in the dishwasher?' },
      { id: 3, by: 2, name: 'Amira', at: now - 30_000, text: 'It is: https://shop.example/care/stoneware says up to 65 °C.' },
    ] });
    await page.press('Chat');
    await page.told('writing', { by: 1, writing: true });
    await page.page.keyboard.type('Thank you, that is good to know');
  },
  async unread(page) {
    await page.told('chat', { message: { id: 1, by: 1, name: 'Justin', at: now, text: 'Hello' } });
    await page.told('chat', { message: { id: 2, by: 1, name: 'Justin', at: now, text: 'Are you there?' } });
    await page.call('state', { people: [...PEOPLE], agent: 'Amira' });
  },
  async tool(page, phone) {
    if (phone) {
      await page.press('About this shared visit');
      await page.press('Show something');
    } else await page.press('Show something');
    const box = await page.box('#mug .pic');
    await page.page.mouse.move(box.left + 20, box.top + 20);
    await page.page.mouse.down();
    await page.page.mouse.move(box.left + 140, box.top + 90, { steps: 4 });
  },
  async end(page) {
    await page.press('End sharing');
  },
  async away(page) {
    await page.call('state', { connection: 'connecting' });
  },
};

for (const [name, size, scheme] of [['desktop', DESKTOP, 'light'], ['phone', PHONE, 'light'], ['dark', PHONE, 'dark']]) {
  for (const [state, run] of Object.entries(STATES)) {
    if (only && !state.match(only)) continue;
    if (name === 'dark' && !['chat', 'share', 'details', 'veils'].includes(state)) continue;
    const page = await browser.open(SHOP, { size, scheme, touch: name !== 'desktop' });
    await page.frames();
    await run(page, name !== 'desktop');
    await page.frames();
    await page.page.screenshot({ path: `${folder}/${state}-${name}.png` });
    await page.close();
  }
}
await browser.close();
