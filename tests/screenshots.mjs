// The pictures in docs/: each step of a session, on a desktop and on a phone.
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Agent, allow, DESKTOP, joinByLink, launch, PHONE, same } from './e2e/journey.mjs';
import { startServer } from './e2e/server.mjs';

const DOCS = fileURLToPath(new URL('../docs/', import.meta.url));
const [browser, server] = await Promise.all([launch(), startServer({ tls: false })]);

async function shoot(page, name) {
  await page.screenshot({ path: `${DOCS}${name}.png`, animations: 'disabled' });
  console.log(`docs/${name}.png`);
}

async function walk(suffix, size, liveSize) {
  const page = await browser.person(size);
  await page.goto(server.control);
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await shoot(page, `sign-in${suffix}`);
  const agent = await new Agent(page, server).signIn();
  await shoot(page, `console${suffix}`);
  const session = await agent.start();
  await shoot(page, `waiting${suffix}`);
  const visitor = await browser.person(size);
  await visitor.goto(session.joinUrl);
  await visitor.getByLabel('PIN', { exact: true }).waitFor();
  await shoot(visitor, `join${suffix}`);
  await joinByLink(visitor, session);
  await visitor.locator('button:has-text("Allow"):not([disabled])').waitFor();
  await shoot(visitor, `consent${suffix}`);
  await page.setViewportSize(liveSize);
  await allow(visitor);
  await visitor.getByRole('link', { name: 'Morning mug' }).hover();
  await visitor.mouse.wheel(0, 160);
  await same(visitor, agent);
  await shoot(visitor, `visitor${suffix}`);
  await shoot(page, `live${suffix}`);
  for (const one of [visitor, page]) await one.context().close();
}

await mkdir(DOCS, { recursive: true });
try {
  // Large enough to show the visitor's window as it is.
  await walk('', DESKTOP, { width: 1320, height: 880 });
  await walk('-phone', PHONE, PHONE);
} finally {
  await browser.close();
  await server.stop();
}
