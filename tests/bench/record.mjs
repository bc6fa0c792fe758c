// Records what a visitor's browser tells of its page on a walk through the demo, for benches/wash.rs: every batch of events, in order. All of it is made up.
//   node tests/bench/record.mjs > benches/journeys/shop.json
import { DESKTOP, launch, shared, until } from '../e2e/journey.mjs';
import { startServer } from '../e2e/server.mjs';

/** Longest batch that is kept: pictures of canvases and films would be most of the file otherwise. */
const LONGEST = 60_000;

const [browser, server] = await Promise.all([launch(), startServer()]);
try {
  const batches = [];
  let lost = false;
  const listen = (page) =>
    page.on('websocket', (socket) =>
      socket.on('framesent', ({ payload }) => {
        const message = typeof payload === 'string' && payload.startsWith('{') ? JSON.parse(payload) : {};
        if (message.t !== 'events') return;
        // What follows a batch that is left out does not fit, up to the next snapshot.
        if (payload.length > LONGEST) lost = true;
        else if (message.events[0]?.t === 'snapshot') lost = false;
        if (!lost) batches.push(message.events);
      }),
    );
  const person = browser.person;
  let people = 0;
  browser.person = async (...how) => {
    const page = await person(...how);
    people += 1;
    if (people === 2) listen(page);
    return page;
  };
  const { visitor, session } = await shared(browser, server, { viewport: DESKTOP });
  const open = async (path) => {
    await visitor.goto(new URL(path, visitor.url()).href);
    await rest();
  };
  const rest = () => until('the page is told of', () => batches.length > 0).then(() => visitor.waitForTimeout(700));
  await rest();
  const link = (name) => visitor.getByRole('link', { name, exact: true });

  await visitor.mouse.move(300, 300, { steps: 8 });
  await visitor.mouse.wheel(0, 500);
  await rest();
  await link('Search').click();
  await visitor.getByRole('searchbox').pressSequentially('kettle');
  await visitor.getByText('3 things found').waitFor();
  await visitor.getByRole('link', { name: /Gooseneck/ }).first().click();
  await visitor.getByRole('heading', { level: 1, name: 'Gooseneck kettle' }).waitFor();
  await visitor.getByLabel('How many').selectOption('2');
  await rest();
  await visitor.getByRole('button', { name: 'Add to basket' }).click();
  await visitor.getByRole('heading', { level: 1, name: 'Basket' }).waitFor();
  await rest();
  await visitor.getByRole('link', { name: 'Go to checkout' }).click();
  await visitor.getByLabel('Name').pressSequentially('robin');
  await visitor.getByLabel('Password').fill('fern');
  await visitor.getByRole('button', { name: 'Log in' }).click();
  await visitor.getByRole('heading', { level: 1, name: 'Checkout' }).waitFor();
  await visitor.getByLabel('Full name').pressSequentially('Robin Field');
  await visitor.getByLabel('Country').selectOption('Norway');
  await visitor.getByLabel('By courier').check();
  await visitor.getByLabel('Notes for the driver').pressSequentially('Second door, ring 020 7946 0958 or write to robin@example.com');
  await visitor.getByRole('button', { name: 'Place order' }).click();
  await visitor.getByText('need another look').waitFor();
  await visitor.getByLabel('National id').pressSequentially('QQ 12 34 56 C');
  await rest();
  await open('/finder');
  for (const name of ['Strong', 'Light']) {
    await link(name).click();
    await rest();
  }
  await visitor.getByRole('button', { name: 'Pour' }).click();
  await rest();
  await open('/gift-card');
  await open('/studio');

  const { protocol, host } = new URL(session.joinUrl);
  const sid = new URL(visitor.url()).hostname.slice(0, 10);
  const head = { scheme: protocol.slice(0, -1), port: Number(host.split(':')[1]), sid, start: server.shop.shop, shop: Object.values(server.shop) };
  const lines = batches.map((events) => JSON.stringify(events));
  process.stdout.write(`{"session":${JSON.stringify(head)},"batches":[\n${lines.join(',\n')}\n]}\n`);
} finally {
  await browser.close();
  await server.stop();
}
