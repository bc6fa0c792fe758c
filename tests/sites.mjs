// Journeys through two sites that nobody of this project wrote, node-red and verdaccio, installed from the npm registry into a temporary
// folder and browsed through the real binary over TLS: after each step the agent's view is compared with the visitor's page.
//   node tests/sites.mjs [node-red|verdaccio]
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BINARY } from './e2e/server.mjs';
import { launch, same, shared, until } from './e2e/journey.mjs';
import { nodeRed, verdaccio } from './sites/journeys.mjs';
import { freePort, install, shelfPublisher, startNodeRed, startVerdaccio } from './sites/sites.mjs';

const AGENT = { name: 'Justin', password: 'only for this short run' };
const only = process.argv[2];

/** `alongside serve` with a configuration of its own, allowing these origins. */
async function startAlongside(folder, origins) {
  const port = await freePort();
  const config = join(folder, 'alongside.toml');
  const sites = origins.map((origin) => `
[[site]]
name = "${new URL(origin).hostname}"
start = "${origin}/"
pages = ["${origin}"]
networks = ["127.0.0.0/8", "::1/128"]
`);
  await writeFile(config, `
[listen]
https = "127.0.0.1:${port}"
dev_tls = true
[store]
path = "${join(folder, 'alongside.db')}"
[log]
filter = "warn"
${sites.join('')}`);
  const added = spawnSync(BINARY, ['agent', '--config', config, 'add', AGENT.name, '--password-stdin'], { input: AGENT.password });
  if (added.status !== 0) throw new Error(String(added.stderr));
  const child = spawn(BINARY, ['serve', '--config', config], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
  const gone = new Promise((done) => child.once('exit', done));
  const control = `https://alongside.localhost:${port}`;
  return {
    control,
    agent: AGENT,
    async stop() {
      child.kill('SIGTERM');
      await gone;
    },
  };
}

async function journey(browser, server, name, origin, steps) {
  const { agent, visitor } = await until('the server answers', () => shared(browser, server, { url: origin }), 60_000);
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
  const server = await startAlongside(folder, [red.origin, shelf.origin]);
  running.push(server);
  const browser = await launch();
  running.push({ stop: () => browser.close() });
  const journeys = [
    ['node-red', red.origin, nodeRed],
    ['verdaccio', shelf.origin, verdaccio(await shelfPublisher(shelf.port))],
  ];
  for (const [name, origin, steps] of journeys) {
    if (only && only !== name) continue;
    const { passed, failed } = await journey(browser, server, name, origin, steps);
    totals.passed += passed;
    totals.failed += failed;
  }
} finally {
  for (const each of running.reverse()) await each.stop();
  await rm(folder, { recursive: true, force: true });
}
console.log(`${totals.passed} passed, ${totals.failed} failed`);
process.exit(totals.failed ? 1 : 0);
