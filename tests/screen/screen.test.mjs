// The screen in Chromium, the test playing the server: pictures, the device, what stands over the picture, the connection.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PHONE, screens } from './play.mjs';
import { until } from '../until.mjs';

const { on } = screens();

const near = (colour, wanted, by = 6) => assert.ok(colour.every((part, i) => Math.abs(part - wanted[i]) <= by), `${colour} is not ${wanted}`);

on('frames are drawn patch by patch, in order, in device pixels', { density: 2 }, async (screen, page) => {
  const [width, height] = screen.pixels();
  assert.deepEqual([width, height], [2560, 1600]);
  assert.deepEqual(await page.evaluate(() => { const c = document.querySelector('canvas'); const b = c.getBoundingClientRect(); return [c.width, c.height, b.left, b.top, b.width, b.height]; }), [2560, 1600, 0, 0, 1280, 800]);
  await screen.show([
    { at: [0, 0, width, height], fill: [10, 20, 30] },
    { at: [100, 50, 64, 64], jpeg: await screen.file('image/jpeg', 64, 64, ['200 40 40', '40 40 200']) },
    { at: [300, 50, 128, 128], webp: await screen.file('image/webp', 32, 32, ['30 160 60']) },
    { at: [600, 600, 64, 64], move: [100, 50] },
    { at: [100, 50, 8, 8], fill: [255, 255, 255] },
  ]);
  const [around, fill, left, right, webp, moved, movedRight, corner] = await screen.colours([0, 0], [104, 54], [110, 100], [160, 100], [400, 150], [602, 602], [660, 660], [99, 49]);
  assert.deepEqual([around, fill, corner], [[10, 20, 30], [255, 255, 255], [10, 20, 30]]);
  near(left, [200, 40, 40]);
  near(right, [40, 40, 200]);
  near(webp, [30, 160, 60]);
  near(moved, [200, 40, 40]);
  near(movedRight, [40, 40, 200]);
  // What is on the glass is the canvas, pixel by pixel, but for the overlay's frame.
  await screen.show([{ at: [11, 13, 1, 1], fill: [255, 0, 255] }, { at: [12, 13, 1, 1], fill: [0, 255, 0] }], { whole: false });
  const { PNG } = await import('pngjs');
  const png = PNG.sync.read(await page.screenshot());
  const glass = (x, y) => [...png.data.subarray((y * png.width + x) * 4, (y * png.width + x) * 4 + 3)];
  assert.deepEqual([png.width, glass(11, 13), glass(12, 13), glass(13, 13), glass(104, 54)], [2560, [255, 0, 255], [0, 255, 0], [10, 20, 30], [255, 255, 255]]);
});

on('a frame that comes again under its number is drawn, and told again', {}, async (screen, _, play) => {
  const [width, height] = screen.pixels();
  const again = { number: 7, size: [width, height], patches: [{ at: [0, 0, width, height], fill: [1, 2, 3] }] };
  play.frame(again);
  await screen.drawn(7);
  play.frame({ ...again, whole: false, sharp: true, patches: [{ at: [0, 0, 10, 10], fill: [9, 9, 9] }] });
  await until('it is told twice', () => play.of('drawn').filter(({ frame }) => frame === 7).length === 2);
  assert.deepEqual(await screen.colours([0, 0], [20, 20]), [[9, 9, 9], [1, 2, 3]]);
});

on('what cannot be drawn on what is there is asked for anew', {}, async (screen, _, play) => {
  const sockets = play.sockets;
  play.frame({ number: 2, whole: false, size: [300, 200], patches: [{ at: [0, 0, 1, 1], fill: [0, 0, 0] }] });
  await until('it connects anew', () => play.sockets > sockets && play.heard[0]);
  assert.equal(play.heard[0].t, 'device');
  await screen.show([{ at: [0, 0, 300, 200], fill: [5, 6, 7] }], { size: [300, 200], view: [0, 0, 300, 200] });
  assert.deepEqual(await screen.colours([299, 199]), [[5, 6, 7]]);
});

on('the device comes first, and again once it has settled', { density: 2, locale: 'de-CH', timezoneId: 'Europe/Zurich', scheme: 'dark' }, async (screen, page, play) => {
  play.cut();
  await until('it is connected', () => play.heard[0]);
  const device = { width: 1280, height: 800, density: 2, touch: false, mobile: false, landscape: true, dark: true, still: false, languages: ['de-CH'], timeZone: 'Europe/Zurich' };
  assert.deepEqual(play.heard[0], { t: 'device', device });
  play.forget();
  for (const width of [1200, 1100, 1000]) await page.setViewportSize({ width, height: 700 });
  const [told] = await screen.heard('device');
  assert.deepEqual([told.device.width, told.device.height], [1000, 700]);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await until('colours and motion', () => play.of('device').some(({ device: { dark, still } }) => !dark && still));
  assert.ok(play.of('device').length <= 3, 'not told for each step');
  // The old picture is shown whole meanwhile, in its own shape.
  const box = await page.evaluate(() => document.querySelector('canvas').getBoundingClientRect().toJSON());
  assert.deepEqual([box.width, box.height], [1000, 625]);
});

on('a phone says that it is one', { size: PHONE, density: 3, touch: true }, async (screen, _, play) => {
  play.cut();
  await until('it is connected', () => play.heard[0]);
  const { device } = play.heard[0];
  assert.deepEqual([device.width, device.height, device.density, device.touch, device.mobile, device.landscape], [390, 844, 3, true, true, false]);
});

on('title, cursor, loading, address', {}, async (screen, page, play) => {
  play.tell({ t: 'page', url: 'https://shop.example/cart', title: 'Your cart', loading: true, back: true, forward: false });
  await until('the title', async () => (await page.title()) === 'Your cart');
  assert.ok(await page.locator('.loading').isVisible());
  assert.match(await page.getByRole('application').getAttribute('aria-label'), /^Your cart/);
  play.tell({ t: 'cursor', cursor: 'pointer' });
  await until('the cursor', () => page.evaluate(() => getComputedStyle(document.querySelector('.page')).cursor === 'pointer'));
  play.tell({ t: 'cursor', cursor: 'url(https://x.example/)' });
  await until('no address', () => page.evaluate(() => getComputedStyle(document.querySelector('.page')).cursor === 'default'));
  play.tell({ t: 'page', url: 'https://shop.example/cart', title: '', loading: false, back: true, forward: false });
  await until('the host is the title', async () => (await page.title()) === 'shop.example');
  assert.ok(!(await page.locator('.loading').isVisible()));
});

on('how the pictures stand', { picture: false }, async (screen, page, play) => {
  const words = (text) => until(text, async () => ((await page.locator('.curtain').textContent()).includes(text) && (await page.locator('.curtain').isVisible())));
  await words('Opening the page');
  await screen.live({ notice: true });
  assert.ok(!(await page.locator('.curtain').isVisible()));
  play.tell({ t: 'state', state: 'restarting' });
  await words('The page stopped and is being opened again.');
  await until('it is said', async () => /opened again/.test(await page.locator('.unseen[role=status]').textContent()));
  await page.keyboard.press('a');
  play.tell({ t: 'state', state: 'live' });
  await until('it is gone', async () => !(await page.locator('.curtain').isVisible()));
  await page.keyboard.press('b');
  await until('keys go to the page again', () => play.inputs('key').length === 2);
  assert.deepEqual(play.inputs('key').map(({ key }) => key), ['b', 'b'], 'none went to a page that had stopped');
  play.tell({ t: 'state', state: 'failed' });
  await words('could not be opened');
  await page.locator('.curtain').getByRole('button', { name: 'Back to the page itself' }).click();
  await screen.heard('leave');
});

on('the notice is told once in a tab, and leads back to the page', { picture: false }, async (screen, page, play) => {
  await screen.live({ notice: true });
  const notice = page.getByRole('region', { name: 'You and Justin now see a picture of this page' });
  await notice.waitFor();
  await until('it is said', async () => /You and Justin now see a picture/.test(await page.locator('.unseen[role=status]').textContent()));
  await notice.getByRole('button', { name: 'OK' }).click();
  const again = async (run) => {
    const { sockets } = play;
    await run();
    await until('it is connected anew', () => play.sockets > sockets && play.heard[0]);
  };
  await again(() => page.reload());
  await screen.live({ notice: true });
  assert.equal(await notice.count(), 0);
  play.tell({ t: 'leave', url: '/elsewhere' });
  await until('it goes there', async () => (await page.title()) === 'elsewhere');
  await again(() => page.goto(play.address));
  await screen.live({ notice: true });
  await notice.getByRole('button', { name: 'Back to the page itself' }).click();
  await screen.heard('leave');
});

on('a lost connection comes back, and what was open does not stand in the way', {}, async (screen, page, play) => {
  play.tell({ t: 'dialog', dialog: { kind: 'confirm', text: 'Sure?', value: '' } });
  await page.getByRole('alertdialog').waitFor();
  const before = play.sockets;
  play.cut();
  await until('it connects anew', () => play.sockets > before && play.heard[0]);
  assert.equal(play.heard[0].t, 'device');
  await until('the dialog is gone', async () => (await page.getByRole('alertdialog').count()) === 0);
  assert.deepEqual(await screen.colours([5, 5]), [[240, 244, 243]]);
});

on('the end and a reload are the server’s to explain', {}, async (screen, page, play) => {
  const loads = play.loads;
  play.visitor({ t: 'ended', by: 'agent' });
  await until('it is loaded anew', () => play.loads === loads + 1);
});

on('back and forward of the browser are the page’s', {}, async (screen, page, play) => {
  await page.mouse.click(300, 300);
  play.tell({ t: 'page', url: 'https://shop.example/2', title: 'Two', loading: false, back: true, forward: true });
  await until('the title', async () => (await page.title()) === 'Two');
  await page.evaluate(() => history.back());
  assert.deepEqual((await screen.heard('step')).at(-1), { t: 'step', step: 'back' });
  await until('it is in the middle', () => page.evaluate(() => history.state.screen === 'here'));
  await page.evaluate(() => history.forward());
  assert.deepEqual((await screen.heard('step', 2)).at(-1), { t: 'step', step: 'forward' });
  await until('it is in the middle', () => page.evaluate(() => history.state.screen === 'here'));
  await page.evaluate(() => history.back());
  await screen.heard('step', 3);
  assert.equal(play.sockets, 1, 'the screen was not left');
});

on('where the page has nothing to go back to, the browser does', {}, async (screen, page, play) => {
  await page.evaluate(() => history.back());
  await until('it left', () => page.url() === 'about:blank');
  assert.deepEqual(play.of('step'), []);
});
