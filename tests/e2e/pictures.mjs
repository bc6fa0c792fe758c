// Pictures of image mode as tests make and read them.
import { readdir, readFile } from 'node:fs/promises';
import { PNG } from 'pngjs';
import { until } from './journey.mjs';

const KINDS = { jpeg: 0, webp: 1, move: 2, fill: 3 };

/** A frame as the server sends it, see src/image/frame.rs. `patches`: `{ x, y, width, height, jpeg | webp | move | fill }`. */
export function frameOf({ number, width, height, whole = true, sharp = true, at = 0, view = [0, 0, width, height], patches = [] }) {
  const head = Buffer.alloc(36);
  head.writeUInt8(1, 0);
  head.writeUInt8((whole ? 1 : 0) | (sharp ? 2 : 0), 1);
  head.writeUInt16LE(patches.length, 2);
  head.writeUInt32LE(number, 4);
  head.writeDoubleLE(at, 8);
  head.writeUInt16LE(width, 16);
  head.writeUInt16LE(height, 18);
  view.forEach((side, i) => head.writeFloatLE(side, 20 + 4 * i));
  return Buffer.concat([head, ...patches.flatMap(patchOf)]);
}

function patchOf({ x, y, width, height, ...paint }) {
  const [[kind, what]] = Object.entries(paint);
  const own = kind === 'fill' ? Buffer.from(what) : kind === 'move' ? Buffer.from(new Uint16Array(what).buffer) : what;
  const head = Buffer.alloc(14);
  head.writeUInt8(KINDS[kind], 0);
  [x, y, width, height].forEach((side, i) => head.writeUInt16LE(side, 2 + 2 * i));
  head.writeUInt32LE(own.length, 10);
  return [head, own];
}

/** What the canvas of a view or a screen shows: the frame's number, its size, and a digest of its pixels; null: nothing yet. */
export function pictured(frame) {
  return frame.evaluate(async () => {
    const canvas = document.querySelector('canvas.picture');
    if (!canvas?.width || !canvas.dataset.frame) return null;
    const { width, height } = canvas;
    const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
    return { frame: Number(canvas.dataset.frame), width, height, pixels: [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('') };
  });
}

/** What two watchers' pictures may differ by, per colour: each gets other parts in other files, and JPEG loses something at their edges. */
const LOSS = 24;

/** Waits until a view and a screen have shown the same frame for a while, and the same on it but for what JPEG loses; gives it. `covered`: something on it is
 * not for agents, so that only the frame is compared. */
export async function samePicture([one, other], { quiet = 500, covered = false, deadline } = {}) {
  let last = '';
  let since = 0;
  return until('both show the same picture', async () => {
    const [first, second] = await Promise.all([one, other].map(pictured));
    const now = JSON.stringify([first, second]);
    if (now !== last) [last, since] = [now, Date.now()];
    if (!first || !second || first.frame !== second.frame) throw new Error(now);
    if (Date.now() - since < quiet) return false;
    if (!covered && first.pixels !== second.pixels) {
      const [a, b] = await Promise.all([one, other].map(pixelsOf));
      const apart = a.data.findIndex((value, i) => Math.abs(value - b.data[i]) > LOSS);
      if (a.width !== b.width || apart >= 0) throw new Error(`frame ${first.frame} differs at ${(apart >> 2) % a.width}, ${Math.floor((apart >> 2) / a.width)}`);
    }
    return first;
  }, deadline);
}

async function pixelsOf(frame) {
  const url = await frame.evaluate(() => document.querySelector('canvas.picture').toDataURL());
  return PNG.sync.read(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64'));
}

/** Colours of a canvas at points of it, in its own pixels. */
export function coloursAt(frame, points) {
  return frame.evaluate((points) => {
    const pen = document.querySelector('canvas.picture').getContext('2d');
    return points.map(([x, y]) => [...pen.getImageData(x, y, 1, 1).data].slice(0, 3));
  }, points);
}

/** The agent switches to pictures; waits until both sides have one. Gives the agent's view. */
export async function toPictures(agent, visitor) {
  const switcher = agent.page.getByRole('group', { name: 'How the page is shown' });
  const button = switcher.getByRole('button', { name: 'Pictures' });
  await until('pictures are offered', async () => (await button.getAttribute('aria-disabled')) === null);
  await button.click();
  await visitor.waitForURL((url) => url.hostname.includes('-i.view.localhost'));
  const viewer = await agent.viewer();
  await until('both have a picture', async () => (await Promise.all([visitor, viewer].map(pictured))).every((one) => one !== null));
  return viewer;
}

/** The agent switches back to the page; waits until the visitor's browser has it. */
export async function toPage(agent, visitor) {
  await agent.page.getByRole('group', { name: 'How the page is shown' }).getByRole('button', { name: 'Page' }).click();
  await visitor.waitForURL((url) => !url.hostname.includes('-i.view.localhost'));
  await visitor.waitForLoadState('load');
}

/** Where an element of the hosted page is on the visitor's screen: by its box in the agent's copy, brought into sight by the visitor's wheel. */
export function onScreen(agent, visitor, selector) {
  return until(`${selector} is on the visitor's screen`, async () => {
    const picture = await visitor.locator('canvas.picture').boundingBox();
    const { box, width } = await agent.look((d, selector) => {
      const { x, y, width, height } = d.querySelector(selector).getBoundingClientRect();
      return { box: { x, y, width, height }, width: d.defaultView.innerWidth };
    }, selector);
    const scale = picture.width / width;
    const on = { x: picture.x + box.x * scale, y: picture.y + box.y * scale, width: box.width * scale, height: box.height * scale };
    // The bar stands at the window's edge.
    const [top, bottom] = [picture.y + 80, picture.y + picture.height - 80];
    const off = on.y < top ? on.y - top : on.y + on.height > bottom ? on.y + on.height - bottom : 0;
    if (off === 0) return on;
    await visitor.mouse.move(picture.x + picture.width / 2, picture.y + picture.height / 2);
    await visitor.mouse.wheel(0, off / scale);
    await new Promise((done) => setTimeout(done, 200));
    return false;
  });
}

/** The process of the server's Chrome: the one below it that no other Chrome started. Each of the server's threads has children of its own. */
export async function chromeOf(pid) {
  for (const thread of await readdir(`/proc/${pid}/task`)) {
    const children = (await readFile(`/proc/${pid}/task/${thread}/children`, 'utf8')).trim().split(' ').filter(Boolean).map(Number);
    for (const child of children) if ((await readFile(`/proc/${child}/cmdline`, 'latin1')).includes('--remote-debugging-pipe')) return child;
  }
  throw new Error('the server has no Chrome');
}
