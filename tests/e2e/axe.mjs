// What axe-core finds serious in a page.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const SOURCE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Serious and critical findings of a page's (or a frame's) own document, in words; what frames show is not asked. `part`: a selector of what alone is asked about. */
export async function serious(page, part) {
  await page.evaluate(SOURCE);
  return page.evaluate(async (part) => {
    const { violations } = await globalThis.axe.run(part ?? document, { iframes: false, resultTypes: ['violations'] });
    const bad = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    return bad.flatMap(({ id, help, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html.slice(0, 160)}: ${failureSummary}`));
  }, part);
}
