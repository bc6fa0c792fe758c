// Journeys through two sites that nobody of this project wrote, node-red and verdaccio, installed from the npm registry into a temporary
// folder and browsed through the real binary over TLS: after each step the agent's view is compared with the visitor's page.
//   node tests/sites.mjs [node-red|verdaccio]
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hands } from './e2e/hands.mjs';
import { startServe } from './e2e/server.mjs';
import { launch, same, shared, until } from './e2e/journey.mjs';
import { nodeRedActs, verdaccioActs } from './sites/acts.mjs';
import { nodeRed, verdaccio } from './sites/journeys.mjs';
import { startWire } from './e2e/wire.mjs';
import { install, shelfPublisher, startNodeRed, startVerdaccio } from './sites/sites.mjs';

const only = process.argv[2];

async function journey(browser, server, wire, name, origin, steps) {
  const { agent, visitor } = await until('the server answers', () => shared(browser, server, { url: origin, wire }), 60_000);
  let failed = 0;
  for (const step of steps) {
    try {
      await step.run(visitor);
      const seen = await same(visitor, agent, step.name);
      console.log(`ok      ${name}: ${step.name} (${seen.text.length} characters, ${seen.fields.length} fields, ${seen.scroll.length} scrolled)`);
    } catch (error) {
      failed += 1;
      console.log(`not ok  ${name}: ${step.name}: ${error.message.slice(0, 1500)}`);
      await visitor.screenshot({ path: join(tmpdir(), `alongside-${name}-visitor.png`) });
      await agent.page.screenshot({ path: join(tmpdir(), `alongside-${name}-agent.png`) });
      break;
    }
  }
  await visitor.context().close();
  await agent.page.context().close();
  return { passed: steps.length - failed, failed };
}

/** Every kind of act that the site has something for: done in shared mode; in view-only denied, and then done by the visitor. */
async function act(browser, server, wire, name, origin, steps, mode) {
  const { agent, visitor, session } = await shared(browser, server, { url: origin, mode, wire });
  const hands = await Hands.open(agent, session);
  const totals = { passed: 0, failed: 0 };
  for (const step of steps) {
    try {
      await step.before?.(visitor);
      const outcome = await until(`${step.kind} is answered by a page`, async () => {
        const outcome = await hands.do(await step.act(hands));
        return !['away', 'gone'].includes(outcome) && outcome;
      });
      const wanted = mode === 'shared' ? 'done' : 'mode';
      if (outcome !== wanted) throw new Error(`${outcome}, not ${wanted}`);
      if (mode !== 'shared') {
        if (await step.done(visitor)) throw new Error('denied, and done');
        await step.person(visitor);
      }
      await until(`${step.kind} shows`, () => step.done(visitor), 60_000);
      await same(visitor, agent, `${step.kind} is seen`);
      totals.passed += 1;
      console.log(`ok      ${name}, ${mode}: ${step.kind}: ${outcome}`);
    } catch (error) {
      totals.failed += 1;
      console.log(`not ok  ${name}, ${mode}: ${step.kind}: ${error.message.slice(0, 1500)}`);
      break;
    }
  }
  await visitor.context().close();
  await agent.page.context().close();
  return totals;
}

const folder = await mkdtemp(join(tmpdir(), 'alongside-sites-'));
const running = [];
const totals = { passed: 0, failed: 0 };
try {
  console.log('Installing node-red and verdaccio.');
  await install(folder);
  const red = await startNodeRed(folder);
  running.push(red);
  const shelf = await startVerdaccio(folder);
  running.push(shelf);
  // No questions: acts are to be done, asking is tested elsewhere.
  const server = await startServe(folder, [red.origin, shelf.origin], '[site.agent]\nask = []\n');
  running.push(server);
  const browser = await launch();
  running.push({ stop: () => browser.close() });
  const wire = await startWire();
  running.push(wire);
  const journeys = [
    ['node-red', red.origin, nodeRed],
    ['verdaccio', shelf.origin, verdaccio(await shelfPublisher(shelf.port))],
  ];
  for (const [name, origin, steps] of journeys) {
    if (only && only !== name) continue;
    const { passed, failed } = await journey(browser, server, wire, name, origin, steps);
    totals.passed += passed;
    totals.failed += failed;
  }
  for (const [name, origin, steps] of [['node-red', red.origin, nodeRedActs], ['verdaccio', shelf.origin, verdaccioActs]]) {
    for (const mode of ['shared', 'view-only']) {
      if (only && only !== name) continue;
      const { passed, failed } = await act(browser, server, wire, name, origin, steps(origin), mode);
      totals.passed += passed;
      totals.failed += failed;
    }
  }
  const strangers = wire.strangers(server.control);
  if (strangers.length) totals.failed += 1;
  console.log(`${strangers.length ? 'not ok' : 'ok    '}  agents' browsers contacted the control and viewer origins${strangers.length ? `, and ${strangers.join(', ')}` : ' alone'}: ${wire.asked.size} hosts`);
} finally {
  for (const each of running.reverse()) await each.stop();
  await rm(folder, { recursive: true, force: true });
}
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exit(totals.failed ? 1 : 0);
