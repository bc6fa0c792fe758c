// The console: several agents in a session, modes, chat, tabs, codes; by keyboard alone; and what axe-core says of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { serious } from './axe.mjs';
import { Agent, allow, DESKTOP, joinByLink, launch, overlayHas, PHONE, pressOverlay, same, shared, until } from './journey.mjs';
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

async function person(login) {
  return new Agent(await browser.person(), server, login).signIn();
}

/** Closes the others' windows, then ends the session that somebody leads, so that no list has it any more. The visitor's goes before it navigates at the end. */
async function finish(leader, ...pages) {
  for (const page of pages) await page.context().close();
  const id = leader.page.url().split('/').pop();
  assert.equal(await leader.page.evaluate((id) => fetch(`/api/sessions/${id}/end`, { method: 'POST' }).then(({ status }) => status), id), 204);
  await leader.page.context().close();
}

/** Milliseconds after which a question takes presses: one that comes sooner was meant for what was there before. */
const TAKES_AFTER = 400;

/** The visitor answers the question that is before them. */
async function answer(visitor, name) {
  await overlayHas(visitor, name);
  await visitor.evaluate((after) => new Promise((done) => setTimeout(done, after)), TAKES_AFTER);
  await pressOverlay(visitor, name);
}

const list = (agent) => agent.page.getByRole('navigation', { name: 'Running sessions' });

test('a session starts with a mode and a priority, and is listed by it', async () => {
  const agent = await person();
  await agent.start(undefined, { priority: 'low' });
  await agent.page.goto(`${server.control}/#/`);
  await agent.start(undefined, { mode: 'shared', priority: 'high' });
  await agent.page.getByText('Shared · High priority').waitFor();
  const texts = () => list(agent).getByRole('link').allInnerTexts();
  await until('the one of high priority is first', async () => {
    const [first, second, ...more] = await texts();
    return /High/.test(first) && /Low/.test(second) && more.length === 0;
  });
  for (const _ of [1, 2]) {
    await list(agent).getByRole('link').first().click();
    await agent.page.getByRole('button', { name: 'Cancel session' }).click();
    await agent.page.getByRole('button', { name: 'Start another session' }).click();
  }
  await list(agent).getByText('None yet').waitFor();
  await agent.page.context().close();
});

test('a colleague is invited, takes over, and takes the other out', async () => {
  const { agent, visitor } = await shared(browser, server);
  const colleague = await person(server.colleague);
  await agent.invite(server.colleague.name);
  await colleague.told(`${server.agent.name} invited you to a session.`);
  await colleague.page.getByRole('button', { name: 'Open it' }).click();
  await same(visitor, colleague);

  const people = await agent.panel('people');
  await until('the agent reads that the colleague sees the page', async () => /Colleague\s+Sees the page/.test(await people.innerText()));
  await colleague.page.getByRole('button', { name: 'Leave' }).waitFor();
  assert.equal(await colleague.page.getByRole('button', { name: 'End session' }).count(), 0);
  assert.equal(await colleague.page.getByRole('group', { name: 'Mode' }).count(), 0, 'a colleague does not change the mode');

  await people.getByRole('button', { name: `Hand over to ${server.colleague.name}` }).click();
  await people.getByRole('button', { name: 'Hand over now' }).click();
  await colleague.told('You lead this session now.');
  await agent.told('You handed the session over.');
  await colleague.page.getByRole('button', { name: 'End session' }).waitFor();
  await agent.page.getByRole('button', { name: 'Leave', exact: true }).waitFor();

  const theirs = await colleague.panel('people');
  await theirs.getByRole('button', { name: `Remove ${server.agent.name}` }).click();
  await theirs.getByRole('button', { name: 'Take out now' }).click();
  await agent.page.getByRole('heading', { name: 'You are not in this session any more' }).waitFor();
  await same(visitor, colleague);
  assert.equal(agent.page.frames().filter((frame) => frame.url().includes('-v.view.')).length, 0, 'who was taken out still has a view');
  await colleague.invite(server.agent.name);
  await same(visitor, agent, 'who is invited again sees the page again');
  await finish(colleague, agent.page, visitor);
});

test('agents and the visitor chat: names, unread, the title; links work when asked for', async () => {
  const { agent, visitor } = await shared(browser, server);
  const colleague = await person(server.colleague);
  await agent.invite(server.colleague.name);
  await agent.page.getByRole('button', { name: 'Close panel' }).click();
  // Read in the list, without opening the session.
  await list(colleague).getByRole('link').waitFor();
  await agent.chat('Have a look at https://shop.example/tea, please');
  await list(colleague).getByText('1 unread').waitFor();
  await until('the title counts', async () => /^\(1\) /.test(await colleague.page.title()));
  await list(colleague).getByRole('link').click();
  await colleague.page.getByRole('button', { name: 'Chat, 1 unread' }).click();
  const chat = await colleague.panel('chat');
  await chat.getByText('Have a look at').waitFor();
  await until('it is read', async () => !/^\(/.test(await colleague.page.title()));
  assert.equal(await chat.getByRole('link').count(), 0, 'a link works before it was allowed');
  await chat.getByRole('button', { name: 'Make links work' }).click();
  const link = chat.getByRole('link', { name: 'https://shop.example/tea', exact: true });
  assert.match(await link.getAttribute('rel'), /noopener.*noreferrer/);

  await chat.getByRole('textbox', { name: 'Message' }).pressSequentially('On it');
  await (await agent.panel('chat')).getByText(`${server.colleague.name} is writing…`).waitFor();
  await chat.getByRole('textbox', { name: 'Message' }).press('Enter');
  await agent.said('On it');
  await until('nobody is writing', async () => !(await (await agent.panel('chat')).innerText()).includes('is writing'));

  await pressOverlay(visitor, 'Chat, 2 new');
  const [x1, y1, , , x2, y2] = await overlayHas(visitor, 'Write a message', 'textbox');
  await visitor.mouse.click((x1 + x2) / 2, (y1 + y2) / 2);
  await visitor.keyboard.type('Where do I click?');
  await (await agent.panel('chat')).getByText('Visitor is writing…').waitFor();
  await visitor.keyboard.press('Enter');
  await agent.said('Where do I click?');
  await colleague.page.reload();
  await colleague.said('On it');
  await colleague.said('Where do I click?');
  await finish(agent, colleague.page, visitor);
});

test('a supervisor looks in, touches nothing, and leaves', async () => {
  const { agent, visitor } = await shared(browser, server);
  const supervisor = await person(server.supervisor);
  await list(supervisor).getByRole('link', { name: new RegExp(`Look in: ${server.agent.name}`) }).click();
  await same(visitor, supervisor);
  await supervisor.page.getByText('Looking in', { exact: true }).waitFor();
  assert.equal(await supervisor.page.getByRole('button', { name: 'Label' }).count(), 0, 'a supervisor has tools');
  const people = await agent.panel('people');
  await people.getByText(server.supervisor.name, { exact: true }).first().waitFor();
  await agent.chat('Hello there');
  const chat = await supervisor.panel('chat');
  await chat.getByText('Hello there').waitFor();
  assert.equal(await chat.getByRole('textbox').count(), 0);
  await supervisor.page.getByRole('button', { name: 'Leave', exact: true }).click();
  await supervisor.told('You left the session.');
  await supervisor.page.getByRole('heading', { name: 'Start a session' }).waitFor();
  await finish(agent, supervisor.page, visitor);
});

test('stepping up asks the visitor; the question can be taken back; stepping down is at once', async () => {
  const { agent, visitor } = await shared(browser, server);
  const { page } = agent;
  assert.equal(await page.getByRole('textbox', { name: 'Address' }).count(), 0, 'the address can be edited in view-only');

  await agent.mode('shared');
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await agent.told('You took the question back.');

  await agent.mode('shared');
  await answer(visitor, 'Not now');
  await agent.told('The visitor did not allow it. The session stays view-only.');

  await agent.mode('shared');
  await answer(visitor, 'Allow');
  await agent.told('The visitor allows you to act on the page.');
  const address = page.getByRole('textbox', { name: 'Address' });
  await address.fill('/search');
  await address.press('Enter');
  await visitor.getByRole('searchbox').waitFor();
  await same(visitor, agent);
  await agent.told('The visitor’s page went there.');
  await page.getByRole('button', { name: 'Back', exact: true }).click();
  await until('the visitor is back', () => new URL(visitor.url()).pathname === '/');
  await same(visitor, agent);
  await address.fill('https://elsewhere.example/');
  await address.press('Enter');
  await agent.told('That address is not on the allowlist.');

  await agent.mode('view-only');
  await agent.told('View only now: you can look and point.');
  await address.waitFor({ state: 'detached' });

  await agent.mode('shared');
  await answer(visitor, 'Allow');
  await address.waitFor();
  await pressOverlay(visitor, 'Stop help');
  await agent.told('View only now: agents can look and point.');
  await address.waitFor({ state: 'detached' });
  await finish(agent, visitor);
});

test('a visitor with a code is joined, and asked', async () => {
  const visitor = await browser.person();
  await visitor.goto(`${server.control}/help?url=${encodeURIComponent(server.shop.shop)}`);
  await visitor.getByRole('button', { name: 'Get a code' }).click();
  const code = await until('the code is there', async () => /\b(\d{4})\s*(\d{4})\b/.exec(await visitor.locator('main').innerText())?.[0]);
  const agent = await person();
  await agent.page.getByLabel('Session code').fill('1234');
  await agent.page.getByRole('button', { name: 'Join your visitor' }).click();
  await agent.page.getByText('The code has 8 digits').waitFor();
  await agent.page.getByLabel('Session code').fill(code);
  await agent.page.getByRole('button', { name: 'Join your visitor' }).click();
  await agent.page.getByText('reading what will be shared').waitFor();
  await visitor.getByRole('button', { name: 'Allow' }).first().waitFor();
  await allow(visitor);
  await same(visitor, agent);
  await finish(agent, visitor);
});

test('tabs of the visitor are shown: which is in front, which is seen', async () => {
  const { agent, visitor } = await shared(browser, server);
  const tabs = agent.page.getByRole('list', { name: /tabs$/ });
  assert.equal(await tabs.count(), 0, 'a single tab needs no strip');
  const opened = visitor.waitForEvent('popup');
  await visitor.evaluate(() => window.open('/search'));
  const second = await opened;
  await second.getByRole('searchbox').waitFor();
  await until('two tabs, the second seen', async () => {
    const items = await tabs.getByRole('listitem').allInnerTexts();
    return items.length === 2 && /shown here/.test(items[1]);
  });
  await second.close();
  await tabs.waitFor({ state: 'detached' });
  await finish(agent, visitor);
});

test('axe-core finds nothing serious, on a desktop and on a phone', async () => {
  const { agent, visitor } = await shared(browser, server);
  const { page } = agent;
  const found = [];
  const look = async (what) => found.push(...(await serious(page)).map((one) => `${what}: ${one}`));
  for (const size of [DESKTOP, PHONE]) {
    await page.setViewportSize(size);
    await look('live');
    for (const panel of ['people', 'chat']) {
      await agent.panel(panel);
      await look(panel);
      await page.getByRole('button', { name: 'Close panel' }).click();
    }
    for (const menu of ['Label', 'Highlight', 'Draw', /^Zoom/]) {
      await page.getByRole('button', { name: menu, exact: typeof menu === 'string' }).click();
      await look(menu);
      await page.keyboard.press('Escape');
    }
    await page.getByRole('button', { name: 'Keyboard' }).click();
    await look('keys');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Sessions/ }).click();
    await look('sessions');
    await page.keyboard.press('Escape');
  }
  assert.deepEqual(found, []);
  await finish(agent, visitor);
});

test('keys choose tools and panels, and are never taken from a text field', async () => {
  const { agent, visitor } = await shared(browser, server);
  const { page } = agent;
  const pressed = (name) => page.getByRole('button', { name, pressed: true }).waitFor();
  const focused = () => page.evaluate(() => document.activeElement?.closest('[data-region]')?.getAttribute('data-region'));
  await same(visitor, agent);
  await page.getByRole('button', { name: 'Laser' }).focus();
  await page.keyboard.press('l');
  await pressed('Laser');
  await page.keyboard.press('d');
  await pressed('Draw');
  await page.keyboard.press('v');
  await pressed('Point');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Home');
  assert.equal(await page.evaluate(() => document.activeElement.ariaLabel), 'Point', 'arrows go through the toolbar');
  await page.keyboard.press('c');
  const message = (await agent.panel('chat')).getByRole('textbox', { name: 'Message' });
  await until('the message has the focus', () => message.evaluate((field) => field === document.activeElement));
  await page.keyboard.type('cod l?');
  assert.equal(await message.inputValue(), 'cod l?');
  await pressed('Point');
  const seen = [];
  for (let i = 0; i < 4; i += 1) {
    await page.keyboard.press('F6');
    const before = seen.at(-1) ?? 'panel';
    seen.push(await until('the focus is elsewhere', async () => ((await focused()) !== before ? await focused() : null)));
  }
  assert.deepEqual(seen, ['bar', 'tools', 'view', 'panel']);
  await page.keyboard.press('Escape');
  await until('the panel is closed, its button has the focus', () => page.evaluate(() => document.activeElement?.getAttribute('data-opens') === 'chat'));
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
  await page.getByRole('checkbox').uncheck();
  await page.keyboard.press('Escape');
  await page.keyboard.press('o');
  await page.getByRole('button', { name: 'People, 1 of your side', pressed: false }).waitFor();
  await finish(agent, visitor);
});

test('several sessions at once: each stays as it is', async () => {
  const { agent, visitor } = await shared(browser, server);
  const first = agent.page.url();
  await agent.chat('In the first');
  await agent.page.goto(`${server.control}/#/`);
  const session = await agent.start();
  const other = await browser.person();
  await joinByLink(other, session);
  await allow(other);
  await same(other, agent);
  await agent.page.goto(first);
  await agent.said('In the first');
  await same(visitor, agent);
  await agent.page.goto(`${server.control}/#/s/${session.id}`);
  await same(other, agent);
  await finish(agent, visitor, other);
});
