// A purchase in the demo's shop, with the agent's view compared after each step; then what else its pages are made of.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, same, shared, until } from './journey.mjs';
import { startServer } from './server.mjs';

let browser;
let server;
let agent;
let visitor;

before(async () => {
  [browser, server] = await Promise.all([launch(), startServer()]);
  ({ agent, visitor } = await shared(browser, server));
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const link = (name) => visitor.getByRole('link', { name, exact: true });

async function open(path) {
  await visitor.goto(new URL(path, visitor.url()).href);
}

test('catalogue, search, product, basket, log-in, checkout', async (t) => {
  await t.test('catalogue', async () => {
    const seen = await same(visitor, agent);
    assert.ok(seen.pictures.length >= 13 && seen.pictures.every((line) => line.includes('shown') || line.startsWith(' missing')), seen.pictures.join('\n'));
  });
  await t.test('scroll', async () => {
    await visitor.mouse.wheel(0, 500);
    await until('the page has scrolled', () => visitor.evaluate(() => scrollY > 400));
    const seen = await same(visitor, agent);
    assert.equal(seen.scroll.length, 1);
  });
  await t.test('search, while typing', async () => {
    await link('Search').click();
    await visitor.getByRole('searchbox').pressSequentially('kettle');
    await visitor.getByText('3 things found').waitFor();
    const seen = await same(visitor, agent);
    assert.equal(seen.fields[0].value, 'kettle');
    assert.match(seen.text, /3 things found/);
  });
  await t.test('product', async () => {
    await visitor.getByRole('link', { name: 'Round teapot' }).or(visitor.getByRole('link', { name: /Gooseneck/ })).first().click();
    await visitor.getByRole('heading', { level: 1, name: 'Gooseneck kettle' }).waitFor();
    await visitor.waitForLoadState('load');
    await visitor.getByLabel('How many').selectOption('2');
    const seen = await same(visitor, agent);
    assert.deepEqual(seen.fields[0].selected, [false, true, false]);
    assert.ok(seen.pictures.some((line) => line.startsWith('Gooseneck kettle shown')), seen.pictures.join('\n'));
  });
  await t.test('basket', async () => {
    await visitor.getByRole('button', { name: 'Add to basket' }).click();
    await visitor.getByRole('heading', { level: 1, name: 'Basket' }).waitFor();
    await until('the badge counts what the cookie says', async () => (await visitor.locator('#count').innerText()) === '2');
    const seen = await same(visitor, agent);
    assert.match(seen.text, /£145\.00/);
  });
  await t.test('log-in, with a wrong password first', async () => {
    await visitor.getByRole('link', { name: 'Go to checkout' }).click();
    await visitor.getByLabel('Name').fill('robin');
    await visitor.getByLabel('Password').fill('nettle-9');
    await same(visitor, agent);
    assert.ok(!(await agent.look((d) => d.documentElement.outerHTML)).includes('nettle-9'));
    assert.match(await agent.look((d) => d.querySelector('[name=password]').value), /^[*•]+$/);
    await visitor.getByRole('button', { name: 'Log in' }).click();
    await visitor.getByText('Name or password is wrong').waitFor();
    await same(visitor, agent);
    await visitor.getByLabel('Password').fill('fern');
    await visitor.getByRole('button', { name: 'Log in' }).click();
    await visitor.getByRole('heading', { level: 1, name: 'Checkout' }).waitFor();
    await same(visitor, agent);
  });
  await t.test('checkout, half filled, then whole', async () => {
    await visitor.getByLabel('Full name').fill('Robin "Field" <b>');
    await visitor.getByLabel('Country').selectOption('Norway');
    await visitor.getByLabel('By courier').check();
    await visitor.getByLabel('Notes for the driver').fill('Second door\nplease');
    await visitor.getByLabel('Date of delivery').fill('2030-03-04');
    await same(visitor, agent);
    await visitor.getByRole('button', { name: 'Place order' }).click();
    await visitor.getByText('4 fields need another look').waitFor();
    const seen = await same(visitor, agent);
    assert.equal(seen.fields.find((f) => f.name === 'notes').value, 'Second door\nplease');
    await visitor.getByLabel('National id').fill('QQ 12 34 56 C');
    await visitor.getByLabel('Card number').fill('4000 0000 0000 0002');
    await visitor.getByLabel('Password').fill('fern');
    await visitor.getByLabel('I have read').check();
    await same(visitor, agent);
    assert.match(await agent.look((d) => d.querySelector('[name=card]').value), /^[*•]+$/);
    await visitor.getByRole('button', { name: 'Place order' }).click();
    await visitor.getByRole('heading', { name: 'Thank you' }).waitFor();
    await same(visitor, agent);
    await until('the badge counts nothing', async () => (await visitor.locator('#count').innerText()) === '0');
  });
});

test('an application page: routes, a custom element with a shadow root, back', async () => {
  await open('/finder');
  for (const [name, heading] of [['Strong', 'Bramble blend'], ['Light', 'Fernhill green']]) {
    await link(name).click();
    await visitor.getByRole('heading', { name: heading }).waitFor();
    const seen = await same(visitor, agent);
    assert.ok(seen.shadow[0].includes(heading), seen.shadow[0]);
  }
  await visitor.getByRole('button', { name: 'Pour' }).click();
  await visitor.getByText(/1 cup/).waitFor();
  const seen = await same(visitor, agent);
  assert.match(seen.shadow[0], /1 cup/);
  await until('the console shows the address', async () => (await agent.page.getByTestId('address').innerText()).endsWith('/finder/light'));
  await visitor.goBack();
  await visitor.getByRole('heading', { name: 'Bramble blend' }).waitFor();
  await same(visitor, agent);
});

test('pictures of the CDN and a frame of another origin are seen by both', async () => {
  await open('/gift-card');
  const seen = await until('the frame is seen', async () => {
    const seen = await same(visitor, agent);
    return seen.frames.some((frame) => frame?.text.includes('Pebble Pay')) && seen;
  });
  assert.ok(seen.pictures[0].includes('shown 40x40'), seen.pictures[0]);
  const pay = visitor.frameLocator('#pay');
  await pay.getByLabel('Name on the card').fill('R. Field');
  await same(visitor, agent);
  await pay.getByRole('button', { name: 'Pay' }).click();
  await visitor.getByText('Paid £25. Thank you.').waitFor();
  await same(visitor, agent);
});

test('a moving page, a scrolled box, canvas and video', async () => {
  await open('/studio');
  await visitor.locator('#notes').evaluate((box) => (box.scrollTop = 300));
  const seen = await same(visitor, agent);
  assert.ok(seen.scroll.includes('notes 0 300'), seen.scroll.join());
});

test('a box that can be scrolled only once it has grown, which no event tells of', async () => {
  await open('/studio');
  await visitor.evaluate(() => {
    const style = '#late { height: 60px; overflow: auto } #late p { height: 0; animation: late 1s step-end forwards } @keyframes late { to { height: 500px } }';
    document.querySelector('h1').insertAdjacentHTML('afterend', `<style>${style}</style><div id="late"><p></p></div>`);
  });
  await until('the box is scrolled', () => visitor.locator('#late').evaluate((box) => (box.scrollTop = 40) && box.scrollTop === 40));
  await same(visitor, agent);
  // Built anew, the box is short again at first.
  await agent.page.reload();
  const seen = await same(visitor, agent);
  assert.ok(seen.scroll.includes('late 0 40'), seen.scroll.join());
});

test('a picture behind the log-in and a picture that can be fetched once', async () => {
  await open('/account');
  await visitor.getByRole('heading', { name: 'Good morning' }).waitFor();
  const seen = await same(visitor, agent);
  for (const name of ['Customer card of Robin Field', 'Voucher']) {
    assert.ok(seen.pictures.includes(`${name} shown 320x180`), seen.pictures.join('\n'));
  }
});

test('stock over a WebSocket and orders as events arrive', async () => {
  await open('/live');
  await visitor.getByText('KF-2044 is packed').waitFor();
  await visitor.getByRole('cell', { name: 'Harbour kettle' }).waitFor();
  await until('the agent sees them come', () => agent.look((d) => /KF-2044 is packed/.test(d.body.innerText) && /Harbour kettle/.test(d.body.innerText)));
});

test('redirects, a page that is missing, a page that is slow', async () => {
  await open('/old/catalogue');
  assert.match(visitor.url(), /\/\?kind=teapots$/);
  await same(visitor, agent);
  await open('/nowhere');
  assert.match((await same(visitor, agent)).text, /There is no such page/);
  const slow = open('/slow?ms=2000');
  await visitor.getByText('Piece 3').waitFor();
  await slow;
  assert.match((await same(visitor, agent)).text, /Piece 10 All here/);
});

test('a download and an upload', async () => {
  await open('/upload');
  const [download] = await Promise.all([visitor.waitForEvent('download'), link('Price list').click()]);
  assert.equal(download.suggestedFilename(), 'price-list.csv');
  await visitor.getByLabel('What is it?').fill('a cup');
  await visitor.getByLabel('Picture').setInputFiles({ name: 'cup.png', mimeType: 'image/png', buffer: Buffer.alloc(300_000, 7) });
  await visitor.getByRole('button', { name: 'Send' }).click();
  await visitor.getByText(/300000 bytes/).waitFor();
  assert.match((await same(visitor, agent)).text, /picture \(cup\.png\): 300000 bytes/);
});

test('two megabytes at once', async () => {
  await open('/everything');
  const seen = await same(visitor, agent, 'the agent sees the long page', 60_000);
  assert.ok(seen.text.length > 800_000, `${seen.text.length}`);
});

test('tracker and advertisement were loaded by nobody', async () => {
  assert.deepEqual(await server.counts('tracker'), {});
  assert.deepEqual(await server.counts('ads'), {});
  assert.ok((await server.counts('cdn'))['/style.css'] >= 1);
});

test('what the visitor’s browser loads late appears at the agent’s: a style sheet, a picture in it, a lazy picture', async () => {
  const held = new Map();
  const late = /oddments\.css|logo-16\.svg|harbour-kettle-312\.svg/;
  await open('/studio');
  const hold = (which) => visitor.context().route(which, (route) => void held.set(new URL(route.request().url()).pathname, () => route.continue()));
  await hold(late);
  const release = (path) => until(`the visitor’s browser asks for ${path}`, () => held.get(path)).then((go) => go());
  /** The view asked for something that is not there yet. */
  const pending = (kind, length) =>
    agent.page.waitForResponse((response) => response.headers()['content-type'] === kind && (response.headers()['content-length'] ?? '0') === String(length));
  const noSheet = pending('text/css', 0);
  await visitor.evaluate((href) => {
    document.querySelector('h1').insertAdjacentHTML('afterend', '<ul class="marked"><li>marked</li></ul>');
    document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href }));
  }, new URL('/oddments.css', server.shop.cdn).href);
  const mark = (document) => getComputedStyle(document.querySelector('.marked')).listStyleImage;
  await noSheet;
  assert.equal(await agent.look(mark), 'none');
  const noPicture = pending('image/svg+xml', 62);
  await release('/oddments.css');
  await until('the style sheet is there', async () => /^url/.test(await agent.look(mark)));
  await noPicture;
  const marks = (await agent.viewer()).frameLocator('iframe').locator('.marked');
  const before = await marks.screenshot();
  await release('/pictures/logo-16.svg');
  await until('the picture in it is there', async () => !before.equals(await marks.screenshot()));
  await visitor.context().unroute(late);

  // How near a lazy picture has to be to be asked for depends on how quick the network seems to the browser.
  const lazy = /harbour-kettle-312\.svg/;
  await hold(lazy);
  await open('/oddments');
  const width = (document) => [...document.images].find((image) => image.alt === 'Late')?.naturalWidth;
  await until('the lazy picture is not there', async () => (await agent.look(width)) === 0);
  await visitor.getByAltText('Late').scrollIntoViewIfNeeded();
  await release('/pictures/harbour-kettle-312.svg');
  await until('the lazy picture is there', async () => (await agent.look(width)) === 312);
  await visitor.context().unroute(lazy);
  await same(visitor, agent);
});
