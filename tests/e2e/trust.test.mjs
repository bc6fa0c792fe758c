// What an administrator must be able to trust: warnings come up, what is locked is locked, what was removed comes back, what the command line saves holds.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Ada } from './ada.mjs';
import { launch, until } from './journey.mjs';
import { BINARY, startServe, startServer } from './server.mjs';

let browser;
let server;

before(async () => {
  [browser, server] = await Promise.all([launch(), startServer({ tls: false })]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const frames = (page) => ['visitor', 'agent'].map((who) => page.frameLocator(`iframe[title="The page as the ${who} sees it"]`));

/** Shows a page of the shop in the first site's preview. */
async function preview(page, path) {
  await page.goto(`${server.control}/admin#/sites/0/masks`);
  await page.getByRole('textbox', { name: 'Address of the page' }).fill(new URL(path, server.shop.shop).href);
  await page.getByRole('button', { name: 'Show page' }).click();
  for (const side of frames(page)) await side.getByRole('heading', { level: 1 }).waitFor();
}

test('a preview looks like the shop, asks nobody for anything, and both sides go to a mark', async () => {
  const page = await browser.person({ width: 1440, height: 900 });
  await new Ada(page, server).signIn();
  const asked = [];
  const origins = Object.values(server.shop).map((url) => new URL(url).origin);
  await page.goto(`${server.control}/admin#/sites/0/masks`);
  page.on('request', (request) => asked.push(request.url()));
  await preview(page, '/product/tea-bowl');
  for (const side of frames(page)) {
    const look = await side.locator('body').evaluate(async (body) => {
      await document.fonts.ready;
      const style = getComputedStyle(body);
      return { paper: style.backgroundColor, picture: style.backgroundImage.startsWith('url("data:image/svg'), fonts: [...document.fonts].map(({ status }) => status), bowl: document.querySelector('picture img').naturalWidth > 0 };
    });
    assert.deepEqual(look, { paper: 'rgb(251, 247, 240)', picture: true, fonts: ['loaded'], bowl: true });
  }
  const others = asked.filter((url) => !url.startsWith('data:') && !url.endsWith('/api/admin/rules/preview'));
  assert.deepEqual(others.filter((url) => !new URL(url).pathname.startsWith('/assets/') && !url.includes('/admin')), []);
  assert.deepEqual(asked.filter((url) => origins.includes(new URL(url).origin)), []);

  const list = page.getByRole('region', { name: 'Everything that differs' });
  const entry = list.getByRole('button', { name: /^Not allowed.*iframe\.ad/ });
  await entry.hover();
  for (const side of frames(page)) await until('it stands out', async () => (await side.locator('alongside-look:target').count()) === 1);
  const top = (side) => side.locator('html').evaluate((root) => root.scrollTop);
  assert.deepEqual(await Promise.all(frames(page).map(top)), [0, 0], 'pointing at an entry scrolls nothing');
  await entry.click();
  for (const side of frames(page)) await until('it is gone to', async () => (await side.locator('iframe.ad:target').count()) === 1 && (await top(side)) > 0);
  await page.context().close();
});

test('a broken chain is said loudly; older entries come when asked for', async () => {
  const page = await browser.person();
  const ada = await new Ada(page, server).signIn();
  // More than a page of entries: rules that are saved again and again.
  await page.evaluate(async () => {
    const json = async (reply) => (await reply).json();
    let { version: base, sites } = await json(fetch('/api/admin/rules'));
    for (let i = 0; i < 105; i += 1) {
      const body = JSON.stringify({ base, comment: `${i}`, sites });
      ({ version: base } = await json(fetch('/api/admin/rules', { method: 'POST', headers: { 'content-type': 'application/json' }, body })));
    }
  });
  await ada.section('Audit trail');
  await page.getByText('The chain is whole').waitFor();
  await until('the first page', async () => (await page.locator('tbody tr').count()) === 100);
  await page.getByRole('button', { name: 'Older entries' }).click();
  const numbers = async () => (await ada.entries()).map((entry) => Number(entry.split(' | ')[0]));
  await until('all of them', async () => (await numbers()).at(-1) === 1);
  const all = await numbers();
  assert.deepEqual(all, all.map((_, i) => all[0] - i), 'none is missing, none is there twice');
  assert.equal(await page.getByRole('button', { name: 'Older entries' }).count(), 0);
  let asked = 0;
  page.on('request', (request) => (asked += Number(request.url().includes('/api/admin/audit'))));
  await page.getByLabel('What').selectOption('rules-restored');
  await page.getByText('Nothing fits these filters.').waitFor();
  await page.getByLabel('What').selectOption('');
  await until('the first page again', async () => (await page.locator('tbody tr').count()) === 100);
  assert.equal(asked, 2, 'the server is asked when somebody asks');

  const trail = await page.evaluate(async () => (await fetch('/api/admin/audit?limit=100')).json());
  assert.equal(trail.whole, true);
  await page.route(/\/api\/admin\/audit\?/, (route) => route.fulfill({ json: { ...trail, whole: false } }));
  await page.reload();
  await page.getByRole('alert').getByText('The chain is broken').waitFor();
  assert.equal(await page.getByText('The chain is whole').count(), 0);
  await page.context().close();
});

test('a site that was removed comes back; order by dragging', async () => {
  const page = await browser.person({ width: 1440, height: 900 });
  const ada = await new Ada(page, server).signIn();
  await ada.addSite({ name: 'Second', start: 'https://second.example/', pages: ['https://second.example'] });
  await ada.section('Sites');
  const rows = page.getByRole('list', { name: 'Sites' }).getByRole('listitem');
  const order = async () => (await rows.getByRole('link').allInnerTexts()).join();
  assert.equal(await order(), 'Kettle & Fern,Second');
  await rows.last().locator('[draggable=true]').dragTo(rows.first(), { targetPosition: { x: 40, y: 4 } });
  await until('the order is another', async () => (await order()) === 'Second,Kettle & Fern');
  await page.getByRole('button', { name: 'Remove Second' }).click();
  await until('it is gone', async () => (await order()) === 'Kettle & Fern');
  await page.getByRole('button', { name: 'Undo' }).click();
  await until('it is back', async () => (await order()) === 'Second,Kettle & Fern');

  // What is not saved is lost neither with the tab nor with the sign-in.
  const context = page.context();
  let warned = false;
  page.on('dialog', (dialog) => {
    warned = true;
    void dialog.accept();
  });
  await page.close({ runBeforeUnload: true });
  const again = await context.newPage();
  await again.goto(`${server.control}/admin`);
  await again.getByText('Unsaved changes', { exact: true }).waitFor();
  await again.getByRole('button', { name: 'Sign out' }).click();
  await new Ada(again, server).signIn();
  await again.getByText('Unsaved changes', { exact: true }).waitFor();
  await again.getByRole('link', { name: 'Second' }).waitFor();
  assert.equal(warned, false);
  await again.getByRole('button', { name: 'Discard' }).click();
  await again.getByRole('dialog').getByRole('button', { name: 'Discard' }).click();
  await context.close();
});

test('rules that the configuration keeps to itself can be looked at alone', async () => {
  const fixed = await startServer({ tls: false, env: { ALONGSIDE_RULES__EDITABLE: 'false' } });
  try {
    for (const size of [{ width: 1440, height: 900 }, { width: 390, height: 844 }]) {
      const page = await browser.person(size);
      await new Ada(page, fixed).signIn();
      await page.getByText(/The configuration says that rules are not changed here/).waitFor();
      assert.equal(await page.getByRole('button', { name: 'Add a site' }).count(), 0);
      for (const tab of ['addresses', 'agents', 'masks', 'texts']) {
        await page.goto(`${fixed.control}/admin#/sites/0/${tab}`);
        await page.getByRole('heading', { name: 'Kettle & Fern', level: 1 }).waitFor();
        const open = await page.locator('main').evaluate((main) => [...main.querySelectorAll('[data-place] input, input[data-place], [role=switch], fieldset, textarea[data-place]')].filter((one) => !one.disabled && !one.readOnly && one.closest('fieldset:disabled, [aria-label=Preview], .try') === null).map((one) => one.outerHTML.slice(0, 120)));
        assert.deepEqual(open, [], `${tab}: nothing can be changed`);
        assert.equal(await page.getByRole('button', { name: /^(Add|Remove|Write|Duplicate|Move|Save)/ }).count(), 0, tab);
      }
      if (size.width < 1000) await page.getByRole('button', { name: 'Preview' }).click();
      await page.getByRole('button', { name: 'Show page' }).click();
      await frames(page)[1].getByRole('heading', { level: 1 }).waitFor();
      await page.context().close();
    }
  } finally {
    await fixed.stop();
  }
});

test('what is imported at the command line holds in a server that runs', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'alongside-'));
  const serve = await startServe(folder, [new URL(server.shop.shop).origin], '', { ALONGSIDE_LOG__FILTER: 'alongside=info' });
  try {
    await until('it listens', async () => serve.log().includes('listening'));
    const config = join(folder, 'alongside.toml');
    const run = (...args) => {
      const done = spawnSync(BINARY, ['rules', ...args, '--config', config], { encoding: 'utf8' });
      assert.equal(done.status, 0, done.stderr);
      return done.stdout;
    };
    const file = join(folder, 'rules.toml');
    await writeFile(file, run('export').replace(/^name = .*$/m, 'name = "By hand"'));
    assert.match(await readFile(file, 'utf8'), /By hand/);
    run('import', file);
    await until('the server goes by it', async () => /rules saved at the command line/.test(serve.log()));
  } finally {
    await serve.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

// The last one: addresses that guess wait, ours too.
test('an account that was guessed at is locked until it is unlocked', async () => {
  const page = await browser.person();
  const ada = await new Ada(page, server).signIn();
  // A browser that the account does not know: one of its own for each guess.
  for (let i = 0; i < 10; i += 1) {
    const other = await browser.person();
    await other.goto(server.control);
    await other.evaluate(({ name, i }) => fetch('/api/sign-in', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name, password: `wrong ${i}` }) }), { name: server.colleague.name, i });
    await other.context().close();
  }
  await ada.section('Accounts');
  const row = page.getByRole('listitem').filter({ hasText: server.colleague.name });
  await row.getByText(/^Locked until/).waitFor();
  await row.getByRole('button', { name: /^Unlock/ }).click();
  await row.getByText(/^Locked until/).waitFor({ state: 'detached' });
  await page.reload();
  await row.getByText(/browser/).waitFor();
  assert.equal(await row.getByText(/^Locked until/).count(), 0);
  await page.context().close();
});
