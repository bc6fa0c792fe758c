// Convergence through the real binary, in real Chromium: after each random batch of changes of the visitor's page, its DOM and the server's
// mirror have the same hash, and so have the washed mirror and the agent's DOM.
//   node tests/converge.mjs [--batches N] [--seed N]
import { parseArgs } from 'node:util';
import { bundle } from './converge/bundle.mjs';
import { launch, shared, until } from './e2e/journey.mjs';
import { startServer } from './e2e/server.mjs';

const { values } = parseArgs({ options: { batches: { type: 'string', default: '2000' }, seed: { type: 'string' } } });
const total = Number(values.batches);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
/** Longest wait for a comparison, in milliseconds. */
const DEADLINE = 20_000;

const PAGES = ['/', '/checkout', '/finder/strong'];

/** What went over the sockets of a kind, as messages. */
function listen(page, path, hear) {
  page.on('websocket', (socket) => {
    if (!new URL(socket.url()).pathname.endsWith(path)) return;
    const tell = (sent) => ({ payload }) => typeof payload === 'string' && hear(JSON.parse(payload), sent);
    socket.on('framereceived', tell(false));
    socket.on('framesent', tell(true));
  });
}

/** Counts what the two ends say of each comparison. */
class Comparisons {
  compared = 0;
  differences = 0;
  #waiting = () => {};

  constructor(visitor, agent) {
    listen(visitor, '/.alongside/socket', (message, sent) => {
      if (!sent && message.t === 'resync') this.#differs();
    });
    listen(agent, '/socket', (message, sent) => {
      if (!sent && message.t === 'hash') this.#equal();
      if (sent && message.t === 'resync' && message.diverged) this.#differs();
    });
  }

  /** The next comparison. */
  next() {
    return new Promise((done, fail) => {
      const late = setTimeout(() => fail(new Error('no comparison came back')), DEADLINE);
      this.#waiting = () => {
        clearTimeout(late);
        done();
      };
    });
  }

  #equal() {
    this.compared += 1;
    this.#waiting();
  }

  #differs() {
    this.differences += 1;
    this.#waiting();
  }
}

async function run(server, browser, path, batches, script) {
  const { visitor, agent } = await shared(browser, server, { url: new URL(path, server.shop.shop).href });
  const comparisons = new Comparisons(visitor, agent.page);
  await visitor.route(/\/\.alongside\/companion-[^/]*\.js$/, (route) => route.fulfill({ contentType: 'text/javascript', body: script }));
  await visitor.reload();
  await agent.page.reload();
  await visitor.waitForFunction(() => 'alongsideTest' in window);
  await until('the agent watches', async () => (await agent.look((shown) => shown.body?.childElementCount)) > 0);
  comparisons.differences = 0;
  for (let i = 0; i < batches; i += 1) {
    const before = comparisons.differences;
    const compared = comparisons.next();
    await visitor.evaluate((number) => alongsideTest.batch(number), seed + i);
    await compared;
    if (comparisons.differences > before) console.error(`${path}: a difference at batch ${i} (seed ${seed + i})`);
  }
  console.log(`${path}: ${batches} batches, ${comparisons.compared} comparisons, ${comparisons.differences} differences`);
  await visitor.context().close();
  await agent.page.context().close();
  return comparisons.differences;
}

console.log(`seed ${seed}`);
const script = await bundle('live');
const server = await startServer({ tls: false });
const browser = await launch();
let differences = 0;
for (const path of PAGES) differences += await run(server, browser, path, Math.ceil(total / PAGES.length), script);
await browser.close();
await server.stop();
process.exit(differences ? 1 : 0);
