// Image mode in real browsers, over loopback: from a press to the changed picture at the visitor's, frames and bytes a second, what a session costs; beside it,
// in the same run, a plain loop of screenshots of the same pages, as a simple remote browser would send them.
//   node tests/bench/pictures.mjs [--short]
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { DESKTOP, launch, shared, until } from '../e2e/journey.mjs';
import { startServe } from '../e2e/server.mjs';
import { startPages } from './pages.mjs';

const SHORT = process.argv.includes('--short');
const PRESSES = SHORT ? 20 : 100;
const SECONDS = SHORT ? 4 : 15;
const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

/** In the screen: notes when a pixel of the picture changed after a press, in milliseconds; the pixel is read in each turn of the event loop. */
function watchPixel([x, y]) {
  const canvas = document.querySelector('canvas.picture');
  const look = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const colour = () => (look.drawImage(canvas, x, y, 1, 1, 0, 0, 1, 1), look.getImageData(0, 0, 1, 1).data[0] > 128);
  window.took = [];
  let pressed = 0;
  addEventListener('pointerdown', (event) => (pressed = event.timeStamp), { capture: true });
  let was = colour();
  const channel = new MessageChannel();
  channel.port1.onmessage = () => {
    if (pressed && colour() !== was) {
      window.took.push(performance.now() - pressed);
      was = !was;
      pressed = 0;
    }
    setTimeout(() => channel.port2.postMessage(0), 1);
  };
  channel.port2.postMessage(0);
}

/** What a page's sockets carry as frames: their number and bytes, by kind of address. */
function count(page) {
  const seen = { frames: 0, bytes: 0, late: [] };
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      if (typeof payload === 'string') return;
      seen.bytes += payload.length;
      if (payload.readUInt8(0) !== 1 || payload.length < 36) return;
      seen.frames += 1;
      seen.late.push(Date.now() - payload.readDoubleLE(8));
    }),
  );
  return seen;
}

async function rate(seen, seconds, doing = () => pause(seconds)) {
  const [frames, bytes, began] = [seen.frames, seen.bytes, performance.now()];
  await doing();
  const took = (performance.now() - began) / 1000;
  return { frames: (seen.frames - frames) / took, bytes: (seen.bytes - bytes) / took };
}

/** A visitor on the image way. */
async function pictured(browser, server, origin, path) {
  const both = await shared(browser, server, { url: origin + path, mode: 'shared' });
  const seen = count(both.visitor);
  await both.agent.page.getByRole('group', { name: 'How the page is shown' }).getByRole('button', { name: 'Pictures' }).click();
  await both.visitor.waitForURL((url) => url.hostname.includes('-i.view.'));
  await both.visitor.locator('canvas.picture').waitFor();
  await until('pictures come', () => seen.frames > 0);
  await both.visitor.getByRole('button', { name: /^(OK|Got it|Close)$/ }).first().click({ timeout: 3000 }).catch(() => {});
  await pause(1);
  return { ...both, seen };
}

const at = (times, part) => [...times].sort((a, b) => a - b)[Math.round((times.length - 1) * part)];

async function clicks(visitor) {
  const [x, y] = [20, 400];
  await visitor.evaluate(watchPixel, [x, y]);
  for (let n = 1; n <= PRESSES; n += 1) {
    await visitor.mouse.click(140, 100);
    await until('the picture changes', () => visitor.evaluate((n) => window.took.length >= n, n));
    await pause(0.15);
  }
  return visitor.evaluate(() => window.took);
}

const TEXT = 'The kettle holds a litre and a half, and boils it within four minutes. ';

/** Eight characters a second. */
async function typing(page, seconds) {
  const text = TEXT.repeat(10);
  for (let n = 0; n < seconds * 8; n += 1) {
    await page.keyboard.type(text[n % text.length]);
    await pause(0.115);
  }
}

async function scrolling(page, seconds) {
  for (let n = 0; n < seconds * 20; n += 1) {
    await page.mouse.wheel(0, n % 80 < 40 ? 40 : -40);
    await pause(0.045);
  }
}

/** A loop of screenshots as fast as they come, at most 25 a second, of a browser of its own on the site itself. */
async function plain(origin) {
  const args = process.getuid() === 0 ? ['--no-sandbox'] : [];
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args });
  const page = await browser.newPage({ viewport: DESKTOP });
  const devtools = await page.context().newCDPSession(page);
  const measure = async (path, doing) => {
    await page.goto(origin + path);
    let [shots, bytes, going] = [0, 0, true];
    const loop = (async () => {
      while (going) {
        const due = performance.now() + 40;
        const { data } = await devtools.send('Page.captureScreenshot', { format: 'jpeg', quality: 60 });
        shots += 1;
        bytes += Buffer.byteLength(data, 'base64');
        await pause(Math.max(0, due - performance.now()) / 1000);
      }
    })();
    const began = performance.now();
    await doing(page);
    const took = (performance.now() - began) / 1000;
    going = false;
    await loop;
    return { frames: shots / took, bytes: bytes / took };
  };
  const rows = {
    reading: await measure('/read', () => pause(SECONDS)),
    typing: await measure('/type', (page) => typing(page, SECONDS)),
    scrolling: await measure('/read', (page) => scrolling(page, SECONDS)),
    film: await measure('/video', () => pause(SECONDS)),
    animation: await measure('/animate', () => pause(SECONDS)),
  };
  await browser.close();
  return rows;
}

/** Megabytes and seconds of processor time of a process and all below it. */
async function cost(root) {
  const parents = new Map();
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields.length > 13) parents.set(Number(pid), { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) });
  }
  const below = (pid) => [pid, ...[...parents].filter(([, { parent }]) => parent === pid).flatMap(([child]) => below(child))];
  let [kilobytes, ticks] = [0, 0];
  for (const pid of below(root)) {
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
    kilobytes += Number(/^Pss: +(\d+)/m.exec(rollup)?.[1] ?? 0);
    ticks += parents.get(pid)?.ticks ?? 0;
  }
  return { megabytes: kilobytes / 1024, seconds: ticks / 100 };
}

const kilo = (bytes) => (bytes / 1024).toFixed(1);

const folder = await mkdtemp(join(tmpdir(), 'alongside-pictures-'));
const site = await startPages();
const env = { ALONGSIDE_IMAGE__ENABLED: 'true', ALONGSIDE_LOG__FILTER: 'warn' };
const server = await startServe(folder, [site.origin], '', env);
const browser = await launch();
try {
  const open = (path) => pictured(browser, server, site.origin, path);
  const over = async ({ agent, visitor }) => {
    await visitor.context().close();
    await agent.page.context().close();
  };
  const press = await open('/click');
  const took = await clicks(press.visitor);
  await over(press);
  console.log(`\npress to changed picture at the visitor's, ms: p50 ${at(took, 0.5).toFixed(1)}, p99 ${at(took, 0.99).toFixed(1)}, of ${took.length}`);

  const peer = await plain(site.origin);
  console.log('\n| 1280x800 | frames/s | KB/s | plain loop: frames/s | KB/s | bytes of it |\n|---|---|---|---|---|---|');
  for (const [name, path, doing] of [
    ['reading', '/read', () => pause(SECONDS)],
    ['typing', '/type', (page) => typing(page, SECONDS)],
    ['scrolling', '/read', (page) => scrolling(page, SECONDS)],
    ['film', '/video', () => pause(SECONDS)],
    ['animation', '/animate', () => pause(SECONDS)],
  ]) {
    const both = await open(path);
    if (name === 'typing') await both.visitor.mouse.click(300, 200);
    else await both.visitor.mouse.move(600, 500);
    await pause(1);
    const { frames, bytes } = await rate(both.seen, SECONDS, () => doing(both.visitor));
    const { frames: shots, bytes: loop } = peer[name];
    console.log(`| ${name} | ${frames.toFixed(1)} | ${kilo(bytes)} | ${shots.toFixed(1)} | ${kilo(loop)} | 1/${(loop / Math.max(bytes, 1)).toFixed(1)} |`);
    await over(both);
  }

  console.log('\n| sessions with an animation of 480x270 | MB each (PSS) | cores each | frames/s each |\n|---|---|---|---|');
  const idle = await cost(server.pid());
  for (const sessions of SHORT ? [1, 4] : [1, 4, 8]) {
    const all = [];
    for (let n = 0; n < sessions; n += 1) all.push(await open('/video'));
    await pause(2);
    const [before, began] = [await cost(server.pid()), performance.now()];
    const rates = await Promise.all(all.map(({ seen }) => rate(seen, SECONDS)));
    const [after, seconds] = [await cost(server.pid()), (performance.now() - began) / 1000];
    const frames = rates.reduce((sum, { frames }) => sum + frames, 0) / sessions;
    console.log(`| ${sessions} | ${((after.megabytes - idle.megabytes) / sessions).toFixed(0)} | ${((after.seconds - before.seconds) / seconds / sessions).toFixed(2)} | ${frames.toFixed(1)} |`);
    for (const both of all) await over(both);
    await until('the sessions are over', () => true);
  }
} finally {
  await browser.close();
  await server.stop();
  await site.stop();
  await rm(folder, { recursive: true, force: true });
}
