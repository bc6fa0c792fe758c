// Each page of the demo at two sizes: a screenshot of the visitor's page and one of the agent's view, compared pixel by pixel; once
// more at the end of the page, if it has more than fits. Prints a table; pictures of what differs go to tests/out/identity/. Fails below
// 99.5 % on a page without a masked field. ONLY=name compares the pages whose names begin so.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import { DESKTOP, hideOverlay, launch, PHONE, same, shared, until } from './e2e/journey.mjs';
import { PAGES } from './e2e/pages.mjs';
import { startServer } from './e2e/server.mjs';

const ENOUGH = 99.5;
const OUT = fileURLToPath(new URL('out/identity/', import.meta.url));

/** Pictures, fonts and the first pictures of films are there, SVG stands still, nothing has the focus. */
const settle = async (document) => {
  for (const svg of document.querySelectorAll('svg')) {
    svg.pauseAnimations();
    svg.setCurrentTime(0);
  }
  document.activeElement?.blur?.();
  await document.fonts?.ready;
  const films = [...document.querySelectorAll('video')].every((film) => film.preload === 'none' || film.error || film.readyState >= 2);
  // A lazy picture is only loaded when it is nearly in sight.
  const near = (image) => image.loading !== 'lazy' || image.getBoundingClientRect().top < 2 * innerHeight;
  return films && [...document.images].every((image) => !image.getClientRects().length || image.complete || !near(image));
};

const still = { animations: 'disabled', caret: 'hide' };

async function pictures(visitor, agent) {
  await visitor.mouse.move(2, 2);
  await until('the visitor’s page is still', async () => (await visitor.evaluateHandle(() => document)).evaluate(settle));
  await same(visitor, agent, 'the agent sees the page', 60_000);
  await until('the agent’s view is still', () => agent.look(settle));
  await hideOverlay(visitor);
  const viewer = await agent.viewer();
  const frame = await viewer.evaluateHandle(() => [...document.querySelectorAll('iframe')].find((e) => e.getClientRects().length > 0));
  const hidden = '.layer, .over { display: none !important; }';
  return Promise.all([
    visitor.screenshot({ ...still, style: hidden }),
    frame.asElement().screenshot({ ...still, style: hidden }),
  ]);
}

/** Down to the end of the page; false where the end is in sight already. */
const toEnd = () => {
  const page = document.scrollingElement;
  if (page.scrollTop + page.clientHeight >= page.scrollHeight - 1) return false;
  page.scrollTo({ top: page.scrollHeight, behavior: 'instant' });
  return true;
};

async function compare(name, [left, right]) {
  const [a, b] = [PNG.sync.read(left), PNG.sync.read(right)];
  if (a.width !== b.width || a.height !== b.height) throw new Error(`${name}: ${a.width}x${a.height} against ${b.width}x${b.height}`);
  const difference = new PNG({ width: a.width, height: a.height });
  const wrong = pixelmatch(a.data, b.data, difference.data, a.width, a.height, { threshold: 0.1 });
  const file = name.replace(/\W+/g, '-');
  for (const [kind, data] of [['visitor', left], ['agent', right], ['difference', PNG.sync.write(difference)]]) {
    if (wrong > 0) await writeFile(`${OUT}${file}-${kind}.png`, data);
  }
  return 100 - (100 * wrong) / (a.width * a.height);
}

await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });
const [browser, server] = await Promise.all([launch({ scrollbars: true }), startServer()]);
const failed = [];
let compared = 0;
console.log('| page | size | equal, at the end |\n|---|---|---|');
try {
  for (const viewport of [DESKTOP, PHONE]) {
    const { agent, visitor } = await shared(browser, server, { viewport });
    // The viewer by itself, at the visitor's size: in the console it stands at fractions of a pixel, and may be scaled.
    await same(visitor, agent);
    await agent.page.setViewportSize(viewport);
    await agent.page.goto((await agent.viewer()).url());
    for (const [name, path, act, masked] of PAGES.filter(([name]) => name.startsWith(process.env.ONLY ?? ''))) {
      const size = `${viewport.width}x${viewport.height}`;
      try {
        await visitor.goto(new URL(path, visitor.url()).href);
        await act?.(visitor);
        const top = await compare(`${name} ${viewport.width}`, await pictures(visitor, agent));
        const end = (await visitor.evaluate(toEnd)) && (await compare(`${name} ${viewport.width} end`, await pictures(visitor, agent)));
        compared += 1;
        const equal = end === false ? [top] : [top, end];
        const fine = masked || Math.min(...equal) >= ENOUGH;
        const told = equal.map((part) => `${part.toFixed(3)} %`).join(', ');
        console.log(`| ${name}${masked ? ' (masked field)' : ''} | ${size} | ${told}${fine ? '' : ' **'} |`);
        if (!fine) failed.push(`${name} at ${size}: ${told}`);
      } catch (error) {
        console.log(`| ${name} | ${size} | not compared |`);
        failed.push(`${name} at ${size}: ${error.message.split('\n').slice(0, 30).join('\n')}`);
      }
    }
    for (const page of [visitor, agent.page]) await page.context().close();
  }
} finally {
  await browser.close();
  await server.stop();
}
if (failed.length > 0) {
  console.error(`\nBelow ${ENOUGH} %, or not compared:\n${failed.join('\n')}`);
  process.exitCode = 1;
} else {
  console.log(`\n${compared} pages, each without a masked field at least ${ENOUGH} % equal.`);
}
