// What is covered in agents' pictures stays covered: every frame of an agent's stream, while the page scrolls and everything on it moves, is looked through
// for the colours that are planted under its masks. SECONDS: how long (20).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, shared, until } from '../journey.mjs';
import { toPictures } from '../pictures.mjs';
import { startServer } from '../server.mjs';

const SECONDS = Number(process.env.SECONDS ?? 20);

let server;
let browser;
before(async () => {
  [server, browser] = await Promise.all([startServer({ tls: false, image: true }), launch()]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** In every frame of a page: paints what comes over a socket of frames as the viewer does, and counts loud pixels after each. */
function inspect() {
  const seen = { frames: 0, loud: [], worst: 0 };
  window.inspected = seen;
  const pen = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const decode = async (data) => {
    const view = new DataView(data);
    const patches = [];
    for (let n = view.getUint16(2, true), at = 36; n > 0; n -= 1) {
      const [x, y, width, height] = [2, 4, 6, 8].map((offset) => view.getUint16(at + offset, true));
      const [kind, length] = [view.getUint8(at), view.getUint32(at + 10, true)];
      const body = data.slice(at + 14, at + 14 + length);
      const file = kind < 2 ? await createImageBitmap(new Blob([body]), { colorSpaceConversion: 'none' }) : null;
      patches.push({ x, y, width, height, kind, body, file });
      at += 14 + length;
    }
    return { number: view.getUint32(4, true), width: view.getUint16(16, true), height: view.getUint16(18, true), patches };
  };
  const paint = ({ number, width, height, patches }) => {
    const { canvas } = pen;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    for (const { x, y, width, height, kind, body, file } of patches) {
      if (file) pen.drawImage(file, x, y, width, height);
      else if (kind === 2) pen.drawImage(canvas, ...new Uint16Array(body), width, height, x, y, width, height);
      else {
        pen.fillStyle = `rgb(${[...new Uint8Array(body)].join(' ')})`;
        pen.fillRect(x, y, width, height);
      }
      file?.close();
    }
    const { data } = pen.getImageData(0, 0, width, height);
    let loud = 0;
    for (let at = 0; at < data.length; at += 4) {
      // rgb(255, 0, 200) and what compression makes of it; nothing else on the page is near it.
      if (data[at] > 190 && data[at + 1] < 90 && data[at + 2] > 130) loud += 1;
    }
    seen.frames += 1;
    if (loud > 0) seen.loud.push([number, loud]);
  };
  let work = Promise.resolve();
  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(...address) {
      super(...address);
      this.addEventListener('message', ({ data }) => {
        if (!(data instanceof ArrayBuffer)) return;
        const copy = data.slice(0);
        work = work.then(() => decode(copy)).then(paint).catch((error) => (seen.error = String(error)));
      });
    }
  };
}

test('no frame of an agent shows what is covered', { timeout: 120_000 + 2_000 * SECONDS }, async () => {
  const person = browser.person;
  let people = 0;
  browser.person = async (...how) => {
    const page = await person(...how);
    // Both sides are looked through: what the agent must not see, the visitor must, or the test sees nothing.
    await page.context().addInitScript(inspect);
    people += 1;
    return page;
  };
  const url = new URL('/moving', server.shop.shop).href;
  const { agent, visitor } = await shared(browser, server, { url, mode: 'shared' });
  assert.equal(people, 2);
  const viewer = await toPictures(agent, visitor);
  const dismiss = visitor.getByRole('button', { name: 'OK', exact: true });
  await dismiss.click({ timeout: 5_000 }).catch(() => {});
  const counts = () => Promise.all([viewer, visitor.mainFrame()].map((frame) => frame.evaluate(() => window.inspected)));
  await visitor.mouse.move(600, 400);
  const end = Date.now() + SECONDS * 1000;
  for (let n = 0; Date.now() < end; n += 1) {
    await visitor.mouse.wheel(0, n % 40 < 20 ? 90 : -90);
    await new Promise((done) => setTimeout(done, 120));
  }
  const [agents, visitors] = await until('frames came', async () => {
    const both = await counts();
    return both.every(({ frames }) => frames > 0) && both;
  });
  console.log(`# ${agents.frames} frames at the agent's, ${agents.loud.length} with loud pixels; ${visitors.frames} at the visitor's, ${visitors.loud.length} with`);
  assert.equal(agents.error ?? visitors.error, undefined);
  assert.ok(visitors.loud.length > 0, 'the visitor sees the colours');
  assert.ok(agents.frames >= SECONDS, `only ${agents.frames} frames came to the agent`);
  assert.deepEqual(agents.loud.slice(0, 20), []);
});
