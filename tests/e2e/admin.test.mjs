// The administrator's journeys: rules from a mistake to their effect in a running session and back, accounts, and what an agent may not.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Ada } from './ada.mjs';
import { Agent, launch, shared, until } from './journey.mjs';
import { startServer } from './server.mjs';

let browser;
let server;

before(async () => {
  [browser, server] = await Promise.all([launch(), startServer({ tls: false })]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const closed = (...pages) => Promise.all(pages.map((page) => page.context().close()));

/** What the agent's view shows of an element. */
const shown = (agent, selector) => agent.look((page, selector) => page.querySelector(selector)?.innerText ?? null, selector);

test('a new site, a mistake pointed at, preview, save, effect in a running session, roll-back, audit entry', async () => {
  const { shop } = server.shop;
  const product = new URL('/product/tea-bowl', shop).href;
  const { visitor, agent } = await shared(browser, server, { url: product });
  await until('the agent sees the price', async () => /\d/.test((await shown(agent, '.price')) ?? ''));
  assert.equal(await shown(agent, 'h1'), 'Tea bowl');

  const page = await browser.person({ width: 1440, height: 900 });
  const ada = await new Ada(page, server).signIn();
  await ada.addSite({ name: 'Products', start: product, pages: [new URL('/product', shop).href], loads: [server.shop.cdn, server.shop.pay], networks: ['127.0.0.0/8'] });

  // The first site that covers an address counts: ours goes up, by the keyboard.
  await ada.section('Sites');
  await page.getByRole('button', { name: 'Move Products up' }).press('Enter');
  await page.getByText('Products: now 1 of 2').waitFor({ state: 'attached' });
  await page.getByRole('link', { name: 'Products' }).click();

  // A mistake: the characters are underlined, the tab counts it, saving is refused with the reason.
  await ada.tab('Texts');
  await page.getByRole('button', { name: 'Write a rule' }).click();
  await page.keyboard.type('Tea (bowl');
  const pattern = page.getByRole('textbox', { name: 'Pattern' });
  await until('the field is wrong', async () => (await pattern.getAttribute('aria-invalid')) === 'true');
  assert.equal(await page.locator('mark').innerText(), '(');
  assert.match(await page.getByRole('navigation', { name: 'Parts of the site' }).innerText(), /Texts\s*,?\s*1/);
  const save = page.getByRole('button', { name: 'Save…' });
  assert.equal(await save.getAttribute('aria-disabled'), 'true');
  await ada.tab('Addresses');
  await save.press('Enter');
  await page.getByRole('group', { name: '1 thing to put right' }).getByRole('button').click();
  await until('the list leads to the field', () => pattern.evaluate((field) => field === document.activeElement));
  await pattern.fill('Tea (bowl)');
  await page.getByRole('textbox', { name: 'Replacement' }).fill('Rice $1');
  await page.getByLabel('Try it out, rule 1').fill('one Tea bowl');
  await page.getByText('one Rice bowl', { exact: true }).waitFor();
  await ada.tab('Elements');
  await page.getByRole('button', { name: 'Add a rule' }).click();
  await page.keyboard.type('.price');
  await page.getByRole('button', { name: 'Hide', exact: true }).click();

  // The preview shows both sides before anything is saved.
  await page.getByRole('button', { name: 'Show page' }).click();
  const [asVisitor, asAgent] = ['visitor', 'agent'].map((who) => page.frameLocator(`iframe[title="The page as the ${who} sees it"]`));
  await asAgent.getByRole('heading', { name: 'Rice bowl' }).waitFor();
  await asVisitor.getByRole('heading', { name: 'Tea bowl' }).waitFor();
  assert.equal(await asAgent.getByText(/€/).count(), 0, 'the price is hidden');
  const marks = page.getByRole('region', { name: 'Everything that differs' });
  await marks.getByRole('button', { name: /^Hidden.*\.price/ }).first().click();
  await until('the preview goes to the mark', () => asAgent.locator(':target').count());
  assert.equal(await shown(agent, 'h1'), 'Tea bowl', 'nothing holds before it is saved');

  // A reload loses nothing.
  await page.reload();
  await page.getByText('Unsaved changes', { exact: true }).waitFor();
  await ada.save('Prices are nobody’s business');
  assert.match(await ada.told(/^Version/), /^Version 2 holds, in 1 running session, too/);

  await until('the running session goes by it', async () => (await shown(agent, 'h1')) === 'Rice bowl');
  await until('the price is a box', async () => !/\d/.test((await shown(agent, '.price')) ?? ''));
  assert.equal(await visitor.locator('h1').innerText(), 'Tea bowl', 'the visitor’s page is as it was');

  await ada.section('Versions');
  await page.getByRole('link', { name: /Prices are nobody’s business/ }).click();
  const difference = page.getByRole('region', { name: 'Difference' });
  await difference.getByText('name = "Products"').waitFor();
  await page.getByRole('link', { name: 'Versions' }).last().click();
  await page.getByRole('link', { name: /^1\b/ }).click();
  await page.getByRole('button', { name: 'Restore this version' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Restore' }).click();
  await ada.told('Version 1 holds again, as version 3.');
  await until('the running session goes by the old rules', async () => (await shown(agent, 'h1')) === 'Tea bowl' && /\d/.test((await shown(agent, '.price')) ?? ''));

  await ada.section('Audit trail');
  await page.getByText('The chain is whole').waitFor();
  await until('the audit trail has both', async () => {
    const all = (await ada.entries()).join('\n');
    return /Ada \| Rules saved \| version 2/.test(all) && /Ada \| Rules restored \| version 1 as 3/.test(all);
  });
  await page.getByLabel('What').selectOption('rules-saved');
  await until('the filter holds', async () => (await ada.entries()).length === 1);
  await closed(page, visitor, agent.page);
});

test('a rule by the keyboard alone', async () => {
  const page = await browser.person({ width: 1440, height: 900 });
  await new Ada(page, server).signIn();
  const { keyboard } = page;
  /** Tabs until something of this name has the keyboard. */
  const tabTo = async (name) => {
    for (let i = 0; i < 80; i++) {
      await keyboard.press('Tab');
      const now = await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim() ?? '');
      if (now === name) return;
    }
    assert.fail(`Tab never leads to ${name}`);
  };
  await tabTo('Kettle & Fern');
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Kettle & Fern', level: 1 }).waitFor();
  await tabTo('Elements');
  await keyboard.press('Enter');
  await tabTo('Add a rule');
  await keyboard.press('Enter');
  await keyboard.type('.stars');
  await tabTo('Hide');
  await keyboard.press('Space');
  await tabTo('Save…');
  await until('the rules can be saved', async () => (await page.getByRole('button', { name: 'Save…' }).getAttribute('aria-disabled')) === 'false');
  await keyboard.press('Enter');
  await keyboard.type('By keyboard');
  await keyboard.press('Enter');
  await page.getByRole('log', { name: 'News' }).getByText(/^Version \d+ holds/).waitFor();
  await closed(page);
});

test('two administrators: the second is told, sees what the first changed, and chooses', async () => {
  const [one, two] = [await new Ada(await browser.person(), server).signIn(), await new Ada(await browser.person(), server).signIn()];
  for (const { page } of [one, two]) await page.getByRole('link', { name: 'Kettle & Fern' }).click();
  await one.page.getByLabel('Name', { exact: true }).fill('Kettle & Moss');
  await two.page.getByLabel('Name', { exact: true }).fill('Kettle & Bark');
  await one.save('Moss');
  await two.page.getByRole('button', { name: 'Save…' }).click();
  await two.page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  const dialog = two.page.getByRole('dialog', { name: 'Somebody else saved rules meanwhile' });
  await dialog.getByRole('button', { name: 'See what they changed' }).click();
  await dialog.getByText('name = "Kettle & Moss"').waitFor();
  await dialog.getByRole('button', { name: 'Keep mine' }).click();
  assert.equal(await two.page.getByLabel('Name', { exact: true }).inputValue(), 'Kettle & Bark');
  await two.page.getByLabel('Name', { exact: true }).fill('Kettle & Fern');
  await two.save('Fern again');
  await closed(one.page, two.page);
});

test('rules go out as TOML and come back; mistakes in them have lines', async () => {
  const page = await browser.person();
  const ada = await new Ada(page, server).signIn();
  await ada.section('Versions');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Export' }).click()]);
  const chunks = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  const toml = Buffer.concat(chunks).toString();
  assert.match(toml, /\[\[site\]\]/);
  await page.getByRole('link', { name: 'Import' }).click();
  const area = page.getByRole('textbox', { name: 'Sites as TOML' });
  await area.fill(toml.replace(/^start = .*$/m, 'start = "nowhere"'));
  await page.getByRole('button', { name: 'Read the sites' }).click();
  const line = page.getByRole('alert').getByRole('button', { name: /^Line \d+$/ }).first();
  await line.click();
  assert.equal(await area.evaluate((field) => field.value.slice(field.selectionStart, field.selectionEnd)), 'start = "nowhere"');
  await area.fill(toml.replace('name = "Kettle & Fern"', 'name = "From a file"'));
  await page.getByRole('button', { name: 'Read the sites' }).click();
  await page.getByRole('link', { name: 'From a file' }).waitFor();
  await page.getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
  await page.getByRole('link', { name: 'Kettle & Fern' }).waitFor();
  await closed(page);
});

test('an account is added, signs in, gets another password, is signed out everywhere and removed', async () => {
  const page = await browser.person();
  const ada = await new Ada(page, server).signIn();
  await ada.section('Accounts');
  await page.getByRole('button', { name: 'Add an account' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Grace');
  await dialog.getByRole('radio', { name: 'Supervisor' }).check();
  await dialog.getByRole('button', { name: 'Add' }).click();
  const password = await dialog.getByLabel('Password').innerText();
  await dialog.getByRole('button', { name: 'Done' }).click();
  const row = page.getByRole('listitem').filter({ hasText: 'Grace' });
  await row.getByText('Never signed in').waitFor();

  const grace = await new Agent(await browser.person(), server, { name: 'Grace', password }).signIn();
  await grace.page.goto(`${server.control}/admin`);
  await grace.page.getByRole('heading', { name: 'This page is for administrators' }).waitFor();
  await grace.page.getByRole('link', { name: 'Back to the console' }).click();
  await grace.page.getByRole('button', { name: 'My account' }).click();
  const own = grace.page.getByRole('dialog', { name: 'My account' });
  await own.getByText('this browser').waitFor();
  await own.getByLabel('Password until now').fill(password);
  await own.getByLabel('New password', { exact: true }).fill('quiet rivers run deep');
  await own.getByLabel('New password, again').fill('quiet rivers run deep');
  await own.getByRole('button', { name: 'Change password' }).click();
  await grace.told(/The password is changed/);

  await page.getByRole('button', { name: 'Sign Grace out everywhere' }).isEnabled();
  await page.reload();
  await row.getByRole('button', { name: 'Sign Grace out everywhere' }).click();
  await ada.told('Grace is signed out everywhere.');
  await grace.page.reload();
  await grace.page.getByRole('button', { name: 'Sign in' }).waitFor();

  await row.getByRole('combobox', { name: 'Role of Grace' }).selectOption('agent');
  await ada.told('Grace has another role now.');
  await row.getByRole('button', { name: 'New password for Grace' }).click();
  await dialog.getByRole('button', { name: 'Set a new password' }).click();
  assert.notEqual(await dialog.getByLabel('Password').innerText(), password);
  await dialog.getByRole('button', { name: 'Done' }).click();

  // The last administrator stays one.
  const self = page.getByRole('combobox', { name: 'Role of Ada' });
  await self.selectOption('agent');
  await ada.told(/last administrator/i);
  assert.equal(await self.inputValue(), 'admin');

  await row.getByRole('button', { name: 'Remove Grace' }).click();
  await dialog.getByLabel('To confirm').fill('Grac');
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await dialog.getByRole('alert').waitFor();
  await dialog.getByLabel('To confirm').fill('Grace');
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await row.waitFor({ state: 'detached' });
  await closed(page, grace.page);
});
