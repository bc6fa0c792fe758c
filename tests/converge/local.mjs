// Convergence without a server: the capture in one page, its events built by the viewer's code in another, in real Chromium. After
// each random batch of changes, both DOMs must have the same hash.
//   node tests/converge/local.mjs [batches] [seed]
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { bundle } from './bundle.mjs';

const batches = Number(process.argv[2] ?? 150);
const seed = Number(process.argv[3] ?? Math.floor(Math.random() * 2 ** 31));
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
if (!existsSync(executablePath)) {
  console.error(`SKIPPED: no Chromium at ${executablePath}; set CHROMIUM`);
  process.exit(1);
}

const PAGES = {
  plain: '<!DOCTYPE html><title>plain</title><body><div id=a>one<span>two</span><p>three</div><ul><li>x<li>y</ul>',
  form: `<!DOCTYPE html><title>form</title><style>p { color: red }</style><body><form><p><input name=a value=1><input type=password value=secret>
    <input type=radio name=r checked><input type=radio name=r><textarea>text</textarea><select><option>1<option selected>2</select></form><dialog>hi</dialog>`,
  quirks: '<title>quirks</title><body><table><tr><td>cell<td>cell</table><div><svg><g><text>t</text></g></svg></div><iframe></iframe>',
};

/** A page of about `nodes` nodes, for the times. */
const LARGE = `<!DOCTYPE html><title>large</title><body>${'<div class=row><a href="/x">name <b>bold</b></a><span title=t>text</span><p>more text</p></div>'.repeat(3000)}`;

const [driven, watcher] = await Promise.all(['driven', 'watcher'].map((name) => bundle(name)));
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
console.log(`seed ${seed}`);
let failures = 0;

async function open(content, script) {
  const page = await browser.newPage();
  page.on('pageerror', (error) => {
    console.error(`page error: ${error.stack}`);
    failures += 1;
  });
  await page.route('http://page.test/', (route) => route.fulfill({ contentType: 'text/html', body: content }));
  await page.goto('http://page.test/');
  await page.evaluate(script);
  return page;
}

async function run(name, html) {
  const visitor = await open(html, driven);
  const agent = await open('<!DOCTYPE html><body>', watcher);
  const apply = (events) => agent.evaluate((text) => watcher.apply(JSON.parse(text)), JSON.stringify(events));
  const first = await visitor.evaluate(() => driven.snapshot());
  let built = await apply(first.events);
  let differences = first.hash === built.hash ? 0 : 1;
  if (differences) console.error(`${name}: the snapshot differs`);
  for (let i = 0; i < batches; i += 1) {
    const number = seed + i;
    const { events, hash } = await visitor.evaluate((n) => driven.batch(n), number);
    built = await apply(events);
    if (hash === built.hash) continue;
    differences += 1;
    console.error(`${name}: batch ${i} (seed ${number}) differs after ${JSON.stringify(events).slice(0, 1000)}`);
    await difference(visitor, agent);
    const again = await visitor.evaluate(() => driven.snapshot());
    built = await apply(again.events);
    if (again.hash !== built.hash) {
      console.error(`${name}: and its snapshot differs, too`);
      break;
    }
  }
  console.log(`${name}: ${batches} batches, ${differences} differences`);
  failures += differences;
  await visitor.close();
  await agent.close();
}

/** Prints where the two trees part. */
async function difference(visitor, agent) {
  const [mine, theirs] = await Promise.all([visitor.evaluate(() => driven.lines()), agent.evaluate(() => watcher.lines())]);
  const at = mine.findIndex((line, i) => line !== theirs[i]);
  console.error(`  visitor: ${mine.slice(at - 2, at + 3).join('\n           ')}`);
  console.error(`  agent:   ${theirs.slice(at - 2, at + 3).join('\n           ')}`);
}

async function times() {
  const visitor = await open(LARGE, driven);
  const agent = await open('<!DOCTYPE html><body>', watcher);
  const taken = await visitor.evaluate(() => {
    const { events, milliseconds, hash } = driven.snapshot();
    const start = performance.now();
    const text = JSON.stringify(events);
    return { text, hash, nodes: events[0].nodes.length, milliseconds, json: performance.now() - start };
  });
  const built = await agent.evaluate((text) => watcher.apply(JSON.parse(text)), taken.text);
  if (built.hash !== taken.hash) failures += 1;
  const ms = (value) => `${Math.round(value)} ms`;
  console.log(`${taken.nodes} nodes: snapshot ${ms(taken.milliseconds)}, JSON ${ms(taken.json)} (${Math.round(taken.text.length / 1024)} KiB), built in ${ms(built.milliseconds)}`);
  await visitor.close();
  await agent.close();
}

for (const [name, html] of Object.entries(PAGES)) await run(name, html);
await times();
await browser.close();
process.exit(failures ? 1 : 0);
