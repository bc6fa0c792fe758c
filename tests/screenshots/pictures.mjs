// The pictures of image mode in docs/: the mug's page as both sides see it, the hint before, and a dialog of the page's.
import { Agent, allow, joinByLink, overlayHas, same, until } from '../e2e/journey.mjs';
import { onScreen, samePicture, toPictures } from '../e2e/pictures.mjs';

/** `phone`: the visitor has one, and the agent, too. */
export async function pictures(browser, server, shoot, { size, liveSize, phone }) {
  const page = await browser.person(liveSize);
  const agent = await new Agent(page, server).signIn();
  const session = await agent.start(new URL('/design', server.shop.shop).href, { mode: 'shared' });
  const visitor = await browser.person(size, phone ? { deviceScaleFactor: 3, isMobile: true, hasTouch: true } : {});
  await joinByLink(visitor, session);
  await allow(visitor, 'shared');
  await same(visitor, agent);
  const hint = page.getByText('This page draws with canvas or WebGL');
  await hint.waitFor({ timeout: 5_000 }).then(() => shoot(page, 'pictures-hint-agent'), () => null);
  const viewer = await toPictures(agent, visitor);
  await until('the mug is at rest', () => agent.look((d) => d.getElementById('turned').textContent === 'at rest'));
  await overlayHas(visitor, 'OK');
  await visitor.locator('button', { hasText: 'OK' }).filter({ visible: true }).first().click({ delay: 400 });
  await agent.hand('label', 'Turn it with this');
  await agent.click('#turn');
  await agent.hand('act');
  await samePicture([visitor, viewer], { covered: true });
  await shoot(visitor, 'pictures-visitor');
  await shoot(page, 'pictures-agent');
  if (!phone) {
    const { x, y, width, height } = await onScreen(agent, visitor, '#confirm');
    await visitor.mouse.click(x + width / 2, y + height / 2);
    await viewer.locator('.notice').getByText('The page asks the visitor').waitFor();
    await shoot(visitor, 'pictures-dialog-visitor');
    await shoot(page, 'pictures-dialog-agent');
  }
  for (const one of [visitor, page]) await one.context().close();
}
