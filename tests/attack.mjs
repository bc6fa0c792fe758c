// Hostile pages in a session: each payload of tests/attack/payloads.json as a page of a site that is on the allowlist. At the agent's, nothing of
// them may run, and nothing suspicious may stand in the page; neither browser may ask the sink for anything.
//   node tests/attack.mjs [part of a payload's name]
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fill, RAN, startSink, startSite } from './attack/site.mjs';
import { scan } from './attack/scan.mjs';
import { startServe } from './e2e/server.mjs';
import { launch, shared, until } from './e2e/journey.mjs';

const all = JSON.parse(await readFile(new URL('attack/payloads.json', import.meta.url), 'utf8'));
const payloads = all.filter(({ name }) => name.includes(process.argv[2] ?? ''));
if (!payloads.length) throw new Error('no payload has such a name');

/** What the agent's browser does that it must not, until it is asked. */
function watch(page) {
  const seen = [];
  page.on('console', (message) => message.text().includes(RAN) && seen.push('a script ran'));
  page.on('dialog', (dialog) => {
    seen.push('a dialog');
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url());
    const ours = hostname === 'alongside.localhost' || hostname.endsWith('-v.view.localhost');
    if (!ours && protocol !== 'data:' && protocol !== 'blob:' && protocol !== 'about:') seen.push(`a request to ${request.url()}`);
  });
  page.context().on('page', () => seen.push('another page'));
  page.on('framenavigated', (frame) => {
    const { hostname, protocol } = new URL(frame.url());
    if (!/^about:/.test(protocol) && hostname !== 'alongside.localhost' && !hostname.endsWith('-v.view.localhost')) seen.push(`a way to ${frame.url()}`);
  });
  return () => seen.splice(0);
}

/** The agent's view has the mark, and everything in it had the time to load. */
async function shown(agent, mark) {
  await until(`the agent sees ${mark}`, () => agent.look((document, text) => Document.prototype.querySelector.call(document, 'html').textContent.includes(text), mark));
  await agent.look(async (document) => {
    const frame = () => new Promise((done) => setTimeout(done, 50));
    await frame();
    for (let i = 0; i < 40 && [...Document.prototype.querySelectorAll.call(document, 'img')].some((e) => e.complete === false); i += 1) await frame();
  });
}

async function open(visitor, payload, number) {
  const page = payload.script ? '/blank' : `/case/${number}`;
  await visitor.goto(new URL(page, visitor.url()).href, { waitUntil: 'domcontentloaded' });
  if (!payload.script) return `begin-${number}`;
  const code = fill(payload.script, sink);
  await visitor.evaluate((text) => new Function('C', text)(document.getElementById('case')), code);
  // Some go on for a while.
  await visitor.evaluate((text) => new Promise((done) => setTimeout(() => {
    const mark = document.createElement('p');
    mark.textContent = text;
    document.body.append(mark);
    done();
  }, 200)), `end-${number}`);
  return `end-${number}`;
}

const running = [];
const folder = await mkdtemp(join(tmpdir(), 'alongside-attack-'));
const sink = await startSink();
let failed = 0;
let ranAtVisitor = 0;
try {
  running.push({ stop: () => sink.close() });
  const site = await startSite(payloads, sink);
  running.push({ stop: () => site.close() });
  const server = await startServe(folder, [site.origin]);
  running.push(server);
  const browser = await launch();
  running.push({ stop: () => browser.close() });
  const { agent, visitor } = await until('the server answers', () => shared(browser, server, { url: `${site.origin}/blank` }), 60_000);
  visitor.on('console', (message) => message.text().includes(RAN) && (ranAtVisitor += 1));
  visitor.on('dialog', (dialog) => void dialog.dismiss());
  const misdeeds = watch(agent.page);
  for (const [number, payload] of payloads.entries()) {
    let wrong = [];
    try {
      await shown(agent, await open(visitor, payload, number));
      wrong = await agent.look(scan, sink.name);
    } catch (error) {
      wrong = [error.message.slice(0, 300)];
    }
    wrong.push(...misdeeds(), ...sink.asked.splice(0).map((path) => `the sink was asked for ${path}`));
    if (!wrong.length) continue;
    failed += 1;
    console.log(`not ok  ${payload.name}: ${[...new Set(wrong)].join('; ')}`);
  }
  // What would not be seen here would not be seen above.
  await agent.page.evaluate((text) => console.log(text), RAN);
  await fetch(`http://127.0.0.1:${sink.name.split(':')[1]}/`);
  if (misdeeds().length !== 1 || sink.asked.length !== 1) throw new Error('the watch does not see what it watches for');
} finally {
  for (const each of running.reverse()) await each.stop();
  await rm(folder, { recursive: true, force: true });
}
console.log(`${payloads.length} payloads, ${ranAtVisitor} scripts ran at the visitor's; ${failed} failed`);
process.exit(failed || (payloads === all && !ranAtVisitor) ? 1 : 0);
