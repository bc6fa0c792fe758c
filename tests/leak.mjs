// Canaries of ten kinds, in six disguises, on every way on which a text can come into a page, planted in pages that a visitor browses in Chromium through the
// real server, with ready-made scrub rules for the ten kinds and a mask over canvases. None may be in anything that the agent's browser is given or shows, in the server's
// log, or on its disk. A canary counts as seen when three quarters of it stand in one piece, in whatever disguise.
//   node tests/leak.mjs [--short] [part of a channel's name | counted | beyond]
import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BINARY, startServe } from './e2e/server.mjs';
import { launch, shared, until } from './e2e/journey.mjs';
import { ENTITIES } from './leak/entities.mjs';
import { CHANNELS, isCounted, plantsOf, scripted, SHORT, startSite } from './leak/site.mjs';
import { everything, Haystack, listen } from './leak/watch.mjs';

/** Digits of log and files, which are full of times and numbers, that are no part of a canary by chance. */
const BY_CHANCE = 9;
/** Milliseconds between two states of what grows: each is told by itself. */
const STEP = SHORT ? 20 : 60;
const RULES = [
  ...ENTITIES.map((ready) => `[[site.privacy.scrub]]\nready = "${ready}"`),
  '[[site.privacy.mask]]\nselector = "canvas"\naction = "hide"',
].join('\n');

const which = process.argv.slice(2).find((word) => !word.startsWith('--')) ?? (SHORT ? 'counted' : '');
const names = Object.keys(CHANNELS);
const channels = names.filter((name) => (which === 'beyond' || which === 'counted' ? isCounted(name) === (which === 'counted') : name.includes(which)));
if (!channels.length) throw new Error('no channel has such a name');

/** Puts plants into the page, as scripts do; `growing`: character by character, all side by side. */
async function plant(visitor, channel, plants, growing) {
  const { set, one } = CHANNELS[channel];
  await visitor.evaluate(
    async ({ source, plants, growing, one, step }) => {
      const set = (0, eval)(`(${source})`);
      const pause = () => new Promise((done) => setTimeout(done, step));
      let count = 0;
      const put = async (id, text) => {
        const box = document.getElementById(id);
        const frames = set(box, text, (count += 1));
        if (frames instanceof Promise) await frames;
      };
      const lists = one ? plants.map((plant) => [plant]) : [plants];
      for (const list of lists) {
        const longest = Math.max(...list.map(({ text }) => text.length));
        for (let length = growing ? 1 : longest; length <= longest; length += 1) {
          await Promise.all(list.filter(({ text }) => length <= text.length || !growing).map(({ id, text }) => put(id, text.slice(0, length))));
          await pause();
        }
      }
    },
    { source: set.toString(), plants, growing, one, step: STEP },
  );
}

async function type(visitor, channel, plants) {
  await plant(visitor, channel, plants.map((each) => ({ ...each, text: '' })), false);
  for (const { id, text } of plants) {
    await visitor.locator(`#${id} ${typeof CHANNELS[channel].typed === 'string' ? CHANNELS[channel].typed : 'input'}`).click();
    await visitor.keyboard.type(text, { delay: STEP / 2 });
  }
}

/** One channel: everything planted, everything that the agent got of it read. Gives the cells that leaked. */
async function run(channel, { agent, visitor, haystack, seen }) {
  const number = names.indexOf(channel);
  const pictures = seen.pictures;
  await visitor.goto(new URL(`/channel/${number}`, visitor.url()).href, { waitUntil: 'load' });
  const { atOnce, typed } = scripted(channel);
  if (atOnce.length) await plant(visitor, channel, atOnce, false);
  if (CHANNELS[channel].typed) await type(visitor, channel, typed);
  else if (typed.length) await plant(visitor, channel, typed, true);
  const { after } = CHANNELS[channel];
  if (after) {
    await visitor.evaluate(({ source }) => document.querySelectorAll('.plant').forEach((box) => (0, eval)(`(${source})`)(box)), { source: after.toString() });
  }
  const mark = `end of ${number}`;
  await visitor.evaluate(async (mark) => {
    await new Promise((done) => setTimeout(done, 400));
    document.body.append(Object.assign(document.createElement('h2'), { textContent: mark }));
  }, mark);
  await until(`the agent sees the ${mark}`, () => agent.look((document, mark) => [...document.querySelectorAll('h2')].some((e) => e.textContent === mark), mark));
  const shown = await agent.look(everything);
  if (shown.length < (SHORT ? 15 : 60)) throw new Error(`${channel}: the agent sees only ${shown.length} things`);
  shown.forEach((text) => haystack.add(text));
  (await agent.page.evaluate(() => [document.title, document.body.innerText, ...[...document.querySelectorAll('input')].map((e) => e.value)])).forEach((text) => haystack.add(text));
  await Promise.all(seen.waiting);
  const plants = plantsOf(channel);
  if (channel === 'canvas') {
    const drawn = await agent.look((document) => document.querySelectorAll('canvas').length);
    return drawn || seen.pictures > pictures ? plants : [];
  }
  return plants.filter(({ value }) => haystack.find(value));
}

/** Every file below a folder, as text. */
async function files(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(entries.filter((entry) => entry.isFile()).map(async (entry) => {
    const bytes = await readFile(join(entry.parentPath ?? entry.path, entry.name));
    return `${bytes.toString('utf8')}\n${bytes.toString('utf16le')}`;
  }));
}

const running = [];
const folder = await mkdtemp(join(tmpdir(), 'alongside-leak-'));
const leaks = new Map();
const everywhere = { haystack: new Haystack(), log: new Haystack(), disk: new Haystack() };
let seen;
try {
  const site = await startSite();
  running.push({ stop: () => site.close() });
  const key = spawnSync(BINARY, ['key']).stdout.toString().trim();
  const server = await startServe(folder, [site.origin], RULES, { ALONGSIDE_STORE__KEY: key, ALONGSIDE_LOG__FILTER: 'alongside=debug' });
  running.push(server);
  const browser = await launch();
  running.push({ stop: () => browser.close() });
  const { agent, visitor } = await until('the server answers', () => shared(browser, server, { url: `${site.origin}/` }), 60_000);
  seen = listen(agent.page, everywhere.haystack);
  // What listens is there before the console and its sockets are.
  await agent.page.reload();
  await until('the agent sees the page', () => agent.look((document) => document.querySelector('h1')?.textContent === 'Leaks'));
  for (const channel of channels) {
    const found = await run(channel, { agent, visitor, haystack: everywhere.haystack, seen });
    found.forEach((cell) => leaks.set(cell.id, cell));
    console.log(`${found.length ? 'not ok' : 'ok    '}  ${channel}: ${plantsOf(channel).length - found.length} of ${plantsOf(channel).length}`);
  }
  for (const text of await files(folder)) everywhere.disk.add(text);
  await server.stop();
  for (const text of await files(folder)) everywhere.disk.add(text);
  everywhere.log.add(server.log());
} finally {
  for (const each of running.reverse()) await each.stop();
  await rm(folder, { recursive: true, force: true });
}
for (const cell of channels.flatMap(plantsOf)) {
  // What was seen late, or elsewhere, counts against the cell, too.
  const where = Object.keys(everywhere).filter((name) => (cell.channel !== 'canvas' || name !== 'haystack') && everywhere[name].find(cell.value, name === 'haystack' ? undefined : BY_CHANCE));
  if (where.length || leaks.has(cell.id)) leaks.set(cell.id, { ...cell, where: where.join(', ') });
}
for (const { channel, disguise, entity, where } of leaks.values()) console.log(`leaked  ${channel} / ${disguise} / ${entity}${where ? `: ${where.replace('haystack', 'agent')}` : ''}`);

// What would not be found here would not be found above.
const probe = new Haystack();
channels.flatMap(plantsOf).forEach(({ text }) => probe.add(text));
const blind = channels.flatMap(plantsOf).filter(({ value }) => !probe.find(value));
if (blind.length) throw new Error(`the search misses ${blind.length} canaries in the pages themselves`);
const tell = (what, those) => {
  const cells = those.flatMap(plantsOf);
  const tight = cells.filter(({ id }) => !leaks.has(id));
  if (cells.length) console.log(`${tight.length} of ${cells.length} cells without a leak (${those.length} ${what} x kinds x disguises)`);
};
tell('channels beyond them', channels.filter((channel) => !isCounted(channel)));
tell('channels', channels.filter(isCounted));
console.log(`searched: ${seen.frames} messages and ${seen.replies} replies of ${seen.bytes} bytes, ${everywhere.log.size} characters of log, ${everywhere.disk.size} of files`);
process.exit(leaks.size ? 1 : 0);
