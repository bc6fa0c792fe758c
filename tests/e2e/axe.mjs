// What axe-core finds serious in a page.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const SOURCE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Serious and critical findings of a page's (or a frame's) own document, in words; what frames show is not asked. `part`: a selector of what alone is asked about. */
export async function serious(page, part) {
  await page.evaluate(still);
  await page.evaluate(SOURCE);
  return page.evaluate(async (part) => {
    const { violations } = await globalThis.axe.run(part ?? document, { iframes: false, resultTypes: ['violations'] });
    const bad = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    return bad.flatMap(({ id, help, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html.slice(0, 160)}: ${failureSummary}`));
  }, part);
}

/** Waits until nothing fades in or out, when colours are neither here nor there; what pulses for ever may go on. */
async function still() {
  const frames = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const fading = () => document.getAnimations().filter((one) => one.playState === 'running' && Number.isFinite(one.effect?.getComputedTiming().endTime));
  await frames();
  for (let all = fading(); all.length > 0; all = fading()) {
    await Promise.all(all.map((one) => one.finished.catch(() => null)));
    await frames();
  }
}
