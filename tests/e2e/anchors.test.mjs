// Notes keep to their element: labels, highlights and marks of an agent's, after scrolling, zooming and rendering anew, and in another layout. What is
// drawn is compared with the element's box on both sides, in pixels of each side's window. The largest deviations are printed.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { FRAMEWORKS, startFrameworks } from '../frameworks/build.mjs';
import { atAgent, atVisitor } from './drawn.mjs';
import { Hands } from './hands.mjs';
import { launch, PHONE, same, shared, until } from './journey.mjs';
import { startServe } from './server.mjs';

const WIDE = { width: 1440, height: 900 };
/** Pixels that are allowed. */
const LIMIT = 2;
const rows = [];
let browser, frameworks, site, server, folder;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alongside-anchors-'));
  [frameworks, site] = [await startFrameworks(), await startSite()];
  [browser, server] = await Promise.all([launch({ scrollbars: true }), startServe(folder, [site.origin, frameworks.origin], '[site.agent]\nask = []\n')]);
});
after(async () => {
  console.log(['What happened | notes | visitor, px | agent, px', '---|---|---|---', ...rows.map((row) => row.join(' | '))].join('\n'));
  for (const each of [server, site, frameworks]) await each?.stop();
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

const PAGE = `<!DOCTYPE html><html lang="en"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Anchors</title><style>
body { margin: 0; font: 16px/1.4 sans-serif; }
.space { height: 1400px; background: repeating-linear-gradient(#fff 0 40px, #eef 40px 80px); }
main { display: grid; gap: 12px; padding: 12px; }
@media (min-width: 800px) { main { grid-template-columns: 2fr 1fr 1fr; font-size: 18px; } }
#inner { height: 110px; overflow: auto; border: 3px solid #99a; }
#inner div { height: 90px; padding: 8px; }
#card, #picture { min-height: 90px; background: #dfe; border: 1px solid #6a8; }
</style><body><div class="space"></div><main>
<p><button id="press">Press me</button></p>
<p id="words">Notes mean the same thing in another layout because they are bound to an element and are placed by parts of its box, whatever its size.</p>
<div id="inner"><div>One</div><div id="deep">Two</div><div>Three</div><div>Four</div></div>
<div id="card">A card</div><div id="picture">A picture</div>
</main><div class="space"></div>`;

async function startSite() {
  const http = createServer(({ url }, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(url === '/' ? PAGE : '<!DOCTYPE html><title>Other</title><p>Another page');
  });
  await new Promise((done) => http.listen(0, '127.0.0.1', done));
  return {
    origin: `http://anchors.localhost:${http.address().port}`,
    stop: () => new Promise((done) => {
      http.close(done);
      http.closeAllConnections();
    }),
  };
}

async function open(url, viewport) {
  const both = await shared(browser, server, { url, viewport, mode: 'view-only' });
  await both.agent.page.setViewportSize({ width: 1500, height: 1000 });
  const hands = await Hands.open(both.agent, both.session);
  return { ...both, hands, notes: [] };
}

async function close({ visitor, agent }) {
  await visitor.context().close();
  await agent.page.context().close();
}

/** Puts a note on the element with this id. */
async function put(way, id, shape) {
  const node = await way.hands.node({ id });
  if (shape.s === 'text') {
    const text = await way.hands.textIn(node);
    shape = { s: 'text', range: { start: text, end: text, ...shape.range } };
  }
  way.notes.push({ id: await way.hands.note({ node, shape }), selector: `#${id}`, shape });
}

async function putAll(way) {
  await put(way, 'press', { s: 'label', text: 'Press this', at: [0.5, 0.5] });
  await put(way, 'deep', { s: 'label', text: 'In here', at: [0.2, 0.6] });
  await put(way, 'card', { s: 'element' });
  await put(way, 'card', { s: 'area', from: [0.1, 0.2], to: [0.6, 0.9] });
  await put(way, 'words', { s: 'text', range: { startOffset: 10, endOffset: 70 } });
  await put(way, 'picture', { s: 'freehand', points: [[0.1, 0.2], [0.3, 0.7], [0.5, 0.3], [0.9, 0.8]] });
  await put(way, 'picture', { s: 'line', from: [0.1, 0.9], to: [0.9, 0.9] });
  await put(way, 'picture', { s: 'arrow', from: [0.2, 0.1], to: [0.8, 0.5] });
  await put(way, 'picture', { s: 'rectangle', from: [0.05, 0.05], to: [0.95, 0.95] });
}

/** Waits until both sides draw every note within the limit, and writes down by how much they miss. `few`: so many notes are in sight at the visitor's. */
async function hold(way, what, few = way.notes.length) {
  let last = [];
  const measure = async () => {
    const [visitor, agent] = await Promise.all([atVisitor(way.visitor, way.notes), atAgent(way.agent, way.notes)]);
    last = [visitor, agent].map((each) => ({ each, drawn: Object.keys(each).length, most: Math.max(0, ...Object.values(each)) }));
    return last[0].drawn >= few && last[1].drawn === way.notes.length && last.every(({ most }) => most <= LIMIT);
  };
  // It stays so: what moves later than the page is found, too.
  const good = await until(what, async () => (await measure()) && (await measure()) && true, 10_000).catch((error) => (last.length ? false : Promise.reject(error)));
  rows.push([what, `${last[0].drawn}/${last[1].drawn}`, ...last.map(({ most }) => most.toFixed(2))]);
  assert.ok(good, `${what}: ${JSON.stringify(last)}`);
}

/** Brings what the notes are on into sight, in its container too. */
const centre = (visitor) => visitor.evaluate(() => {
  document.querySelector('main').scrollIntoView({ block: 'center' });
  document.querySelector('#inner').scrollTop = 60;
});
/** The console's own way to enlarge its view. */
const enlarge = (agent, zoom) => agent.page.evaluate((zoom) => document.querySelector('iframe').contentWindow.postMessage({ t: 'zoom', zoom }, '*'), zoom);

async function device(visitor, metrics) {
  const cdp = await visitor.context().newCDPSession(visitor);
  await cdp.send('Emulation.setDeviceMetricsOverride', { mobile: false, ...metrics });
  return cdp;
}

test('scrolling, inner scrolling, zoom on either side', async () => {
  const way = await open(`${site.origin}/`, WIDE);
  const { visitor, agent } = way;
  await centre(visitor);
  await same(visitor, agent);
  await putAll(way);
  await hold(way, 'put');
  const from = await visitor.evaluate(() => scrollY);
  await visitor.mouse.move(700, 300);
  await visitor.mouse.wheel(0, 130);
  await until('it is scrolled', async () => (await visitor.evaluate(() => scrollY)) === from + 130);
  await until('the view follows', async () => (await agent.look((d) => d.scrollingElement.scrollTop)) === from + 130);
  await hold(way, 'page scrolled by 130 px');
  await visitor.evaluate(() => scrollBy(0, -260));
  await until('the view follows', async () => (await agent.look((d) => d.scrollingElement.scrollTop)) === from - 130);
  await hold(way, 'page scrolled back by 260 px');
  await visitor.evaluate(() => (document.querySelector('#inner').scrollTop = 115));
  await until('the view follows', async () => (await agent.look((d) => d.querySelector('#inner').scrollTop)) === 115);
  await hold(way, 'inner scroll by 55 px');
  for (const percent of [50, 100, 200]) {
    await enlarge(agent, { percent });
    await until('the view is enlarged', async () => (await agent.page.getByRole('button', { name: `${percent} %` }).count()) > 0);
    await hold(way, `the agent's view at ${percent} %`);
  }
  await enlarge(agent, 'whole');
  for (const zoom of [0.5, 1.5, 2]) {
    const cdp = await device(visitor, { width: Math.round(WIDE.width / zoom), height: Math.round(WIDE.height / zoom), deviceScaleFactor: zoom });
    await centre(visitor);
    await hold(way, `the visitor's browser at ${zoom * 100} %`, zoom > 1.5 ? 6 : undefined);
    await cdp.detach();
  }
  await visitor.goto(new URL('/other', visitor.url()).href);
  await same(visitor, agent);
  assert.deepEqual(Object.keys(await atVisitor(visitor, way.notes)), [], 'no note on another page');
  await visitor.goBack();
  await centre(visitor);
  await same(visitor, agent);
  await hold(way, 'another page, and back', 6);
  await close(way);
});

test('a layout for a phone and one for a desktop', async () => {
  const way = await open(`${site.origin}/`, PHONE);
  const { visitor, agent } = way;
  await centre(visitor);
  await same(visitor, agent);
  await putAll(way);
  await hold(way, 'put at 390 px');
  await visitor.setViewportSize(WIDE);
  await centre(visitor);
  await hold(way, '1440 px');
  await visitor.setViewportSize({ width: 844, height: 390 });
  await centre(visitor);
  await hold(way, 'phone turned, 844 px', 6);
  await visitor.setViewportSize(PHONE);
  await centre(visitor);
  await hold(way, 'back at 390 px');
  const cdp = await visitor.context().newCDPSession(visitor);
  await cdp.send('Emulation.setPageScaleFactor', { pageScaleFactor: 1.5 });
  await hold(way, 'two fingers, 150 %', 3);
  await close(way);
});

for (const name of FRAMEWORKS) {
  test(`${name} renders the page anew`, async () => {
    const way = await open(`${frameworks.origin}/${name}`);
    const { visitor, agent } = way;
    await same(visitor, agent);
    await put(way, 'name', { s: 'label', text: 'Your name', at: [0.25, 0.5] });
    await put(way, 'item-pear', { s: 'element' });
    await put(way, 'note', { s: 'rectangle', from: [-0.02, -0.1], to: [1.02, 1.1] });
    await put(way, 'item-plum', { s: 'text', range: { startOffset: 0, endOffset: 4 } });
    await hold(way, `${name}: put`);
    await visitor.locator('#shuffle').click();
    await same(visitor, agent);
    await hold(way, `${name}: list in another order`);
    await visitor.locator('#again').click();
    await same(visitor, agent);
    await hold(way, `${name}: every element made anew`);
    await close(way);
  });
}
