// Hostile pages in a session: the payloads of tests/attack/payloads.json and their variants, in each of four ways into a page of a site that is on the allowlist, three times
// over: with all layers on; with the wash alone, the agent's frames without sandbox and policy; with sandbox and policy alone, what the visitor's page says given to
// the view unwashed. At the agent's nothing of them may run, and nobody's browser may ask the sink for anything; where the wash is on, nothing suspicious may stand in the page.
//   node tests/attack.mjs [part of a payload's name]     LAYERS=, WAYS=: parts of their names; EVERY=n: each n-th payload
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LAYERS } from './attack/layers.mjs';
import { mutated } from './attack/mutate.mjs';
import { scan } from './attack/scan.mjs';
import { fill, RAN, startSink, startSite } from './attack/site.mjs';
import { natives, SNAPSHOT, WAYS } from './attack/ways.mjs';
import { startServe } from './e2e/server.mjs';
import { Agent, allow, DESKTOP, joinByLink, launch, until } from './e2e/journey.mjs';

/** Payloads that share a page; one with which something is wrong is tried again by itself. */
const TOGETHER = 20;

const everything = mutated(JSON.parse(await readFile(new URL('attack/payloads.json', import.meta.url), 'utf8'))).map((payload, number) => ({ ...payload, number }));
const every = Number(process.env.EVERY ?? 1);
const wanted = everything.filter(({ name, number }) => name.includes(process.argv[2] ?? '') && number % every === 0);
if (!wanted.length) throw new Error('no payload has such a name');

/** What the agent's browser does that it must not, until it is asked. */
function watch(page, sink) {
  const seen = [];
  page.on('console', (message) => message.text().includes(RAN) && !/Refused|violates|Blocked/.test(message.text()) && seen.push(`ran: ${message.text().slice(0, 60)}`));
  page.on('dialog', (dialog) => {
    seen.push('a dialog');
    void dialog.dismiss();
  });
  page.context().on('page', () => seen.push('another page'));
  page.on('framenavigated', (frame) => {
    const { hostname, protocol } = new URL(frame.url());
    const ours = hostname === 'alongside.localhost' || hostname.endsWith('-v.view.localhost');
    if (!/^(about|chrome-error):/.test(protocol) && !ours) seen.push(`a way to ${frame.url().slice(0, 80)}`);
  });
  return () => [...seen.splice(0), ...sink.asked.splice(0).map((path) => `the sink was asked for ${path}`)];
}

/** The agent's view has the mark, and everything in it had the time to load; then everything in it is told of what people do. */
async function shown(agent, mark) {
  await until(`the agent sees ${mark}`, () => agent.look((document, text) => Document.prototype.querySelector.call(document, 'html').textContent.includes(text), mark));
  await agent.look(async (document) => {
    const frame = () => new Promise((done) => setTimeout(done, 50));
    await frame();
    for (let i = 0; i < 40 && [...Document.prototype.querySelectorAll.call(document, 'img')].some((e) => e.complete === false); i += 1) await frame();
    const visit = (root) => {
      const all = root instanceof Document || root.nodeType === 9 ? Document.prototype.querySelectorAll.call(root, '*') : root.querySelectorAll('*');
      for (const element of all) {
        for (const type of ['error', 'load', 'focus', 'mouseover', 'pointerenter', 'keydown', 'input', 'toggle', 'animationend', 'begin', 'message']) element.dispatchEvent(new Event(type, { bubbles: true }));
        if (element.shadowRoot) visit(element.shadowRoot);
        if (element.contentDocument) visit(element.contentDocument);
      }
    };
    visit(document);
    await frame();
  });
}

/** Some payloads in the visitor's page, by a way. Gives the text that the agent sees when all has come. */
async function open(visitor, payloads, way) {
  const scripts = payloads.filter(({ script }) => script);
  const [only] = payloads;
  const alone = payloads.length === 1 && way === SNAPSHOT && !scripts.length;
  const path = alone ? `/case/${only.number}` : way === SNAPSHOT && !scripts.length ? `/cases/${payloads.map(({ number }) => number).join('-')}` : '/blank';
  await visitor.goto(new URL(path, visitor.url()).href, { waitUntil: alone ? 'domcontentloaded' : 'load' });
  for (const { script, number } of scripts) {
    const code = fill(script, sink, number);
    await visitor.evaluate((text) => new Function('C', text)(document.getElementById('case')), code);
  }
  if (way !== SNAPSHOT) await visitor.evaluate(([natives, code, markups]) => (0, eval)(`${natives}; (${code})`)(markups), [natives.toString(), WAYS[way].toString(), payloads.filter(({ html }) => html).map(({ html, number }) => fill(html, sink, number))]);
  if (alone) return `begin-${only.number}`;
  // Some go on for a while.
  const mark = `end-${(marks += 1)}-`;
  await visitor.evaluate(async ([text, natives]) => {
    await new Promise((done) => setTimeout(done, 250));
    const { create, body } = (0, eval)(`(${natives})`)();
    const mark = create('p');
    mark.textContent = text;
    Node.prototype.appendChild.call(body, mark);
  }, [mark, natives.toString()]);
  return mark;
}

/** A page may hold up whoever asks it something. */
async function inTime(work) {
  let timer;
  const late = new Promise((_, failed) => (timer = setTimeout(() => failed(new Error('no answer within a minute')), 60_000)));
  try {
    await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What is wrong with some payloads together. */
async function attempt(people, payloads, way) {
  const { agent, visitor, misdeeds, clean } = people;
  misdeeds();
  try {
    await inTime(async () => shown(agent, await open(visitor, payloads, way)));
    const dirt = await agent.look(scan, sink.name);
    people.dirt += dirt.length;
    return [...(clean ? dirt : []), ...misdeeds()];
  } catch (error) {
    return [error.message.slice(0, 300), ...misdeeds()];
  }
}

async function begin(browser, server, site, { context, clean, prepare, visitor: hear }) {
  const page = await browser.person(DESKTOP, context);
  await prepare(page);
  const agent = await until('the server answers', () => new Agent(page, server).signIn(), 60_000);
  const session = await agent.start(`${site.origin}/blank`);
  const visitor = await browser.person();
  hear(visitor);
  const ran = { atVisitor: 0 };
  visitor.on('console', (message) => message.text().includes(RAN) && (ran.atVisitor += 1));
  visitor.on('dialog', (dialog) => void dialog.dismiss());
  await joinByLink(visitor, session);
  await allow(visitor);
  return { agent, visitor, ran, clean, dirt: 0, misdeeds: watch(page, sink) };
}

const groups = (list, of) => Array.from({ length: Math.ceil(list.length / of) }, (_, i) => list.slice(i * of, (i + 1) * of));

/** All payloads by one way; gives how many of them failed. */
async function through(people, way, layers) {
  const markup = wanted.filter(({ html }) => html);
  const alone = way === SNAPSHOT ? wanted.filter(({ alone }) => alone) : [];
  const scripts = way === 'added node' ? wanted.filter(({ script }) => script) : [];
  const batches = [...groups(markup.filter((payload) => !alone.includes(payload)), TOGETHER), ...[...alone, ...scripts].map((payload) => [payload])];
  let failed = 0;
  for (const batch of batches) {
    if (!(await attempt(people, batch, way)).length) continue;
    for (const payload of batch) {
      const wrong = await attempt(people, [payload], way);
      if (!wrong.length) continue;
      failed += 1;
      console.log(`not ok  ${layers}, ${way}: ${payload.name}: ${[...new Set(wrong)].join('; ')}`);
    }
  }
  const count = batches.flat().length;
  console.log(`${failed ? 'not ok' : 'ok    '}  ${layers}, ${way}: ${count - failed} of ${count}`);
  return { count, failed };
}

const running = [];
const folder = await mkdtemp(join(tmpdir(), 'alongside-attack-'));
const sink = await startSink();
const totals = { count: 0, failed: 0, atVisitor: 0 };
let marks = 0;
try {
  running.push({ stop: () => sink.close() });
  const site = await startSite(everything, sink);
  running.push({ stop: () => site.close() });
  const server = await startServe(folder, [site.origin]);
  running.push(server);
  const browser = await launch();
  running.push({ stop: () => browser.close() });
  for (const [layers, make] of Object.entries(LAYERS).filter(([name]) => name.includes(process.env.LAYERS ?? ''))) {
    const people = await begin(browser, server, site, make());
    for (const way of Object.keys(WAYS).filter((name) => name.includes(process.env.WAYS ?? ''))) {
      const { count, failed } = await through(people, way, layers);
      totals.count += count;
      totals.failed += failed;
    }
    // What would not be seen here would not have been seen above.
    await people.agent.page.evaluate((text) => console.log(text), RAN);
    await fetch(`http://127.0.0.1:${sink.name.split(':')[1]}/`);
    if (people.misdeeds().length !== 2) throw new Error('the watch does not see what it watches for');
    if (!people.clean && !people.dirt && wanted.length === everything.length) throw new Error('the view was given washed pages');
    totals.atVisitor += people.ran.atVisitor;
    for (const page of [people.visitor, people.agent.page]) await page.context().close();
  }
} finally {
  for (const each of running.reverse()) await each.stop();
  await rm(folder, { recursive: true, force: true });
}
console.log(`${wanted.length} payloads, ${totals.count} tries: ${totals.failed} failed; scripts ran ${totals.atVisitor} times at the visitor's`);
process.exit(totals.failed || !totals.atVisitor ? 1 : 0);
