// The administration in pictures: a site's rules, a mistake in them, the preview, versions, accounts and the audit trail.
import { Ada } from '../e2e/ada.mjs';
import { until } from '../e2e/journey.mjs';

/** Rules that a shop might have, as an export has them, in place of the demo's own. */
async function shopRules(ada, server) {
  const { page } = ada;
  await page.goto(`${server.control}/admin#/sites/0/masks`);
  await page.getByRole('heading', { name: 'Kettle & Fern' }).waitFor();
  const rule = async (name, selector, action) => {
    await page.getByRole('button', { name: 'Add a rule' }).click();
    await page.keyboard.type(selector);
    const card = page.getByRole('list', { name: 'Rules about elements' }).getByRole('listitem').last();
    await card.getByRole('textbox', { name: /name$/ }).fill(name);
    await card.getByRole('button', { name: action, exact: true }).click();
  };
  await rule('Prices', '.price', 'Hide');
  await rule('Ratings', '.stars', 'Mask');
}

async function text(page, pattern, replacement) {
  await page.getByRole('button', { name: 'Write a rule' }).click();
  await page.keyboard.type(pattern);
  const card = page.getByRole('list', { name: 'Rules about texts' }).getByRole('listitem').last();
  await card.getByRole('textbox', { name: 'Replacement' }).fill(replacement);
  return card;
}

/** `shoot(page, name)` makes a picture. */
export async function administration(browser, server, shoot, size, phone) {
  const page = await browser.person(size);
  const ada = await new Ada(page, server).signIn();
  const at = async (hash, heading) => {
    await page.goto(`${server.control}/admin#/${hash}`);
    await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
    await page.locator('main [aria-busy=true]').waitFor({ state: 'detached' });
  };
  await shopRules(ada, server);
  await page.evaluate(() => scrollTo(0, 0));
  if (phone) await page.getByRole('button', { name: 'Preview' }).click();
  await page.getByRole('textbox', { name: 'Address of the page' }).fill(new URL('/product/tea-bowl', server.shop.shop).href);
  await page.getByRole('button', { name: 'Show page' }).click();
  await page.frameLocator('iframe[title="The page as the agent sees it"]').getByRole('heading', { level: 1 }).waitFor();
  await page.getByRole('region', { name: 'Everything that differs' }).getByRole('button', { name: /^Hidden/ }).first().click();
  await shoot(page, 'admin-preview');
  if (phone) await page.keyboard.press('Escape');
  await at('sites/0/texts', 'Kettle & Fern');
  await page.getByRole('button', { name: 'Ready-made rules' }).click();
  await page.getByRole('dialog').getByRole('switch', { name: /phone/i }).check();
  await shoot(page, 'admin-ready');
  await page.keyboard.press('Escape');
  const card = await text(page, 'K-(\\d\\d', 'K-$1…');
  await page.locator('[aria-invalid]').waitFor();
  await card.scrollIntoViewIfNeeded();
  await page.getByRole('button', { name: /to put right/ }).click();
  await shoot(page, 'admin-mistake');
  await page.keyboard.press('Escape');
  await card.getByRole('textbox', { name: 'Pattern' }).fill('K-(\\d\\d)\\d+');
  await card.getByLabel(/^Try it out/).fill('Customer K-1234567 has paid');
  await card.getByText('Customer K-12… has paid').waitFor();
  await shoot(page, 'admin-texts');
  const save = page.getByRole('button', { name: 'Save…' });
  await until('the rules can be saved', async () => (await save.getAttribute('aria-disabled')) === 'false');
  await save.click();
  await page.getByRole('dialog').getByLabel('What did you change').fill('Customer numbers are shortened, prices hidden');
  await shoot(page, 'admin-save');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await ada.told(/^Version \d+ holds/);
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await at('sites', 'Sites');
  await shoot(page, 'admin-sites');
  await at('versions', 'Versions');
  await shoot(page, 'admin-versions');
  await page.getByRole('link', { name: /Customer numbers/ }).first().click();
  await page.getByRole('region', { name: 'Difference' }).waitFor();
  await shoot(page, 'admin-version');
  await at('accounts', 'Accounts');
  await shoot(page, 'admin-accounts');
  await at('audit', 'Audit trail');
  await page.locator('tbody tr').first().waitFor();
  await shoot(page, 'admin-audit');
  await at('own', 'My account');
  await page.getByText('this browser').waitFor();
  await shoot(page, 'admin-own');
  await page.context().close();
}
