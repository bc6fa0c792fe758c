// Two people in real browsers, over loopback: how long an act takes there and back, how long the visitor's doings take to the agent, and what cursors
// cost on the wire.
import { launch, shared, until } from '../e2e/journey.mjs';
import { startServer } from '../e2e/server.mjs';

const TIMES = 200;
/** Cursor updates a second, and for how long. */
const CURSOR = { rate: 30, seconds: 10 };

/** In the agent's viewer: how long from the press in the view until the view's own page shows the box checked. */
function watchBox(times) {
  const frame = [...document.querySelectorAll('iframe')].find((e) => e.getClientRects().length > 0);
  let pressed = 0;
  window.took = [];
  addEventListener('pointerup', (event) => (pressed ||= event.timeStamp), { capture: true });
  const channel = new MessageChannel();
  let was = false;
  const look = () => {
    const is = frame.contentDocument.querySelector('#bench-box')?.checked ?? was;
    if (is !== was) {
      if (pressed) window.took.push(performance.now() - pressed);
      [was, pressed] = [is, 0];
    }
    if (window.took.length < times) setTimeout(() => channel.port2.postMessage(0), 1);
  };
  channel.port1.onmessage = look;
  look();
}

/** In the agent's viewer: when a text of the visitor's page came, by the machine's clock. */
function watchText() {
  const frame = [...document.querySelectorAll('iframe')].find((e) => e.getClientRects().length > 0);
  const text = frame.contentDocument.querySelector('#bench-text');
  window.came = [];
  new MutationObserver(() => {
    const [n, sent] = text.textContent.split(' ').map(Number);
    window.came[n] = performance.timeOrigin + performance.now() - sent;
  }).observe(text, { childList: true, characterData: true, subtree: true });
}

/** In the visitor's page. */
function furnish() {
  const style = 'position: fixed; top: 120px; z-index: 1; background: white';
  const box = Object.assign(document.createElement('input'), { type: 'checkbox', id: 'bench-box' });
  box.style.cssText = `${style}; left: 100px; width: 60px; height: 60px`;
  const text = Object.assign(document.createElement('p'), { id: 'bench-text', textContent: '0 0' });
  text.style.cssText = `${style}; left: 300px`;
  document.body.append(box, text);
}

async function acts({ agent, visitor }) {
  const viewer = await agent.viewer();
  await viewer.evaluate(watchBox, TIMES);
  for (let n = 1; n <= TIMES; n += 1) {
    await agent.click('#bench-box');
    await until('the view shows it', () => viewer.evaluate((n) => window.took.length >= n, n));
    const checked = await visitor.evaluate(() => document.querySelector('#bench-box').checked);
    if (checked !== (n % 2 === 1)) throw new Error('the visitor has another state');
  }
  return viewer.evaluate(() => window.took);
}

async function events({ agent, visitor }) {
  const viewer = await agent.viewer();
  await viewer.evaluate(watchText);
  for (let n = 1; n <= TIMES; n += 1) {
    await visitor.evaluate((n) => (document.querySelector('#bench-text').textContent = `${n} ${performance.timeOrigin + performance.now()}`), n);
    await until('it came', () => viewer.evaluate((n) => window.came[n] !== undefined, n));
  }
  return (await viewer.evaluate(() => window.came)).slice(1);
}

/** Bytes a second on both legs while somebody's pointer moves, what passes anyhow included: frames of the WebSocket and their compression, without TCP's. */
async function cursor(server, page, [x, y, width, height]) {
  const start = structuredClone(server.relay.bytes);
  const began = performance.now();
  const moves = CURSOR.rate * CURSOR.seconds;
  for (let n = 0; n < moves; n += 1) {
    const turn = (n / CURSOR.rate) * 1.7;
    await page.mouse.move(x + width * (0.5 + 0.45 * Math.cos(turn)), y + height * (0.5 + 0.45 * Math.sin(turn * 1.3)));
    const due = began + ((n + 1) * 1000) / CURSOR.rate;
    await new Promise((done) => setTimeout(done, Math.max(0, due - performance.now())));
  }
  const seconds = (performance.now() - began) / 1000;
  const rate = (kind, at) => Math.round((server.relay.bytes[kind][at] - start[kind][at]) / seconds);
  return { updates: (moves / seconds).toFixed(1), visitor: [rate('view', 0), rate('view', 1)], agent: [rate('viewer', 0), rate('viewer', 1)] };
}

function row(what, times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part) => sorted[Math.round((sorted.length - 1) * part)].toFixed(1);
  return `| ${what} | ${at(0.5)} | ${at(0.99)} | ${sorted.length} |`;
}

const [server, browser] = [await startServer({ tls: false, env: { ALONGSIDE_LOG__FILTER: 'warn' } }), await launch()];
try {
  const both = await shared(browser, server, { mode: 'shared' });
  await both.visitor.evaluate(furnish);
  await until('the agent has it', () => both.agent.look((page) => page.querySelector('#bench-text') !== null));
  console.log('\n| in browsers, ms | p50 | p99 | of |\n|---|---|---|---|');
  console.log(row('act: press in the view until the view shows it', await acts(both)));
  console.log(row("visitor's change until the agent's page has it", await events(both)));
  const viewer = await both.agent.viewer();
  const room = await (await viewer.frameElement()).boundingBox();
  console.log('\n| cursor, bytes/s (from the browser, to it) | updates/s | visitor\'s leg | agent\'s leg |\n|---|---|---|---|');
  for (const [whose, page, area] of [
    ["the visitor's", both.visitor, [50, 200, 1000, 500]],
    ["the agent's", both.agent.page, [room.x + 40, room.y + 80, room.width - 80, room.height - 160]],
  ]) {
    const { updates, visitor, agent } = await cursor(server, page, area);
    console.log(`| ${whose} | ${updates} | ${visitor.join(', ')} | ${agent.join(', ')} |`);
  }
} finally {
  await browser.close();
  await server.stop();
}
