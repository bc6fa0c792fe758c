// What is masked never leaves the visitor's browser: every byte of the companion's socket is read on the wire of a whole journey, frames of another
// origin included, and the agent sees stars, and boxes of the same size.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch, shared, until } from './journey.mjs';
import { freePort, startServe } from './server.mjs';

const RULES = `
[[site.privacy.mask]]
selector = ".masked"
action = "mask"
[[site.privacy.mask]]
selector = ".hidden, [data-kind=salary] td"
action = "hide"
[[site.privacy.mask]]
selector = "p"
action = "mask"
pages = ["PAGES/secret"]
`;
const SHADOW = `<script>
  const root = document.getElementById('host').attachShadow({ mode: 'closed' });
  root.innerHTML = '<p class=masked>Canary-shadow</p><p>shown-shadow</p>';
  const pen = document.getElementById('drawn').getContext('2d');
  pen.fillText('x', 5, 9);
</script>`;
const PAGE = (frame) => `<!doctype html><title>masks</title><body style="margin: 8px">
<h1>shown-heading</h1>
<p class="masked" title="Canary-title" data-note="Canary-data">Canary-text</p>
<input id="password" type="password" value="Canary-default" aria-label="Password">
<input id="code" autocomplete="one-time-code" aria-label="Code">
<input id="card" autocomplete="cc-number" aria-label="Card">
<input id="name" class="masked" aria-label="Name" placeholder="Canary-placeholder">
<input id="free" aria-label="Free">
<section class="hidden" id="region" style="width: 300px; height: 120px" title="Canary-hidden-title">Canary-hidden <b>Canary-deep</b><img alt="Canary-alt"></section>
<div class="masked"><canvas id="drawn" width="40" height="20"></canvas><select id="list"><option>Canary-option<option selected>Canary-chosen</select></div>
<table id="table"><tr><td id="cell">Canary-cell<th>shown-head</table>
<div id="host"></div>
<iframe id="inside" srcdoc="<p class=masked>Canary-inside</p><p>shown-inside</p>"></iframe>
<iframe id="outside" src="${frame}/frame"></iframe>
<iframe id="away" class="hidden" src="${frame}/frame?away" width="200" height="80"></iframe>
${SHADOW}`;
const FRAME = (path) => `<!doctype html><body><p class="masked">Canary-frame</p><p>${path.includes('away') ? 'Canary-away' : 'shown-frame'}</p><input type="password" id="p" value="Canary-framed">`;

let browser;
let server;
let folder;
let origins;
let agent;
let visitor;
const sites = [];
/** Everything that the companion's sockets sent and were told. */
const wire = { sent: '', heard: '' };

async function site(port, answer) {
  const made = createServer((request, response) => response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(answer(request.url)));
  await new Promise((resolve) => made.listen(port, '127.0.0.1', resolve));
  sites.push(made);
}

before(async () => {
  const [one, two] = [await freePort(), await freePort()];
  origins = [`http://masks.localhost:${one}`, `http://frames.localhost:${two}`];
  await site(one, () => PAGE(origins[1]));
  await site(two, FRAME);
  folder = await mkdtemp(join(tmpdir(), 'alongside-'));
  server = await startServe(folder, origins, RULES.replace('PAGES', origins[0]));
  browser = await launch();
  const own = browser.person;
  let people = 0;
  browser.person = async (...args) => {
    const page = await own(...args);
    people += 1;
    if (people === 2) await watch(page);
    return page;
  };
  ({ agent, visitor } = await shared(browser, server, { url: `${origins[0]}/` }));
});
after(async () => {
  await browser?.close();
  await server?.stop();
  for (const made of sites) made.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function watch(page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Network.enable');
  cdp.on('Network.webSocketFrameSent', ({ response }) => (wire.sent += `${response.payloadData}\n`));
  cdp.on('Network.webSocketFrameReceived', ({ response }) => (wire.heard += `${response.payloadData}\n`));
}

const told = (text) => until(`${text} was told`, () => wire.sent.includes(text));
/** What the agent has: all text and values, frames and shadow roots included. */
const seen = () => agent.look((top) => {
  const texts = [];
  const walk = (root) => {
    for (const element of root.querySelectorAll('*')) {
      for (const node of element.childNodes) if (node.nodeType === 3) texts.push(node.data);
      for (const { value } of element.attributes) texts.push(value);
      if ('value' in element) texts.push(String(element.value));
      const inner = element.shadowRoot ?? element.contentDocument;
      if (inner) walk(inner);
    }
  };
  walk(top);
  return texts.join('\n');
});

test('masks are told before the page is', async () => {
  await told('shown-heading');
  const first = wire.sent.indexOf('"t":"events"');
  assert.ok(first >= 0 && wire.heard.includes('"t":"privacy"'));
});

test('no raw text, value, attribute or frame of what is masked or hidden leaves the browser', async () => {
  for (const shown of ['shown-heading', 'shown-head', 'shown-shadow', 'shown-inside', 'shown-frame']) await told(shown);
  await visitor.getByLabel('Password').pressSequentially('Canary-typed-1');
  await visitor.getByLabel('Code').pressSequentially('Canary-typed-2');
  await visitor.getByLabel('Card').pressSequentially('Canary-typed-3');
  await visitor.getByLabel('Name').pressSequentially('Canary-typed-4');
  await visitor.evaluate(() => {
    const password = document.querySelector('#password');
    password.type = 'text';
    password.setAttribute('value', 'Canary-attribute');
    document.querySelector('#region').append('Canary-added');
    document.querySelector('.masked').append('Canary-appended');
    document.querySelector('.masked').title = 'Canary-title-2';
    document.querySelector('#list').selectedIndex = 0;
  });
  await visitor.getByLabel('Free').fill('shown-value');
  await told('shown-value');
  const frame = visitor.frames().find((each) => each.url().endsWith('/frame'));
  await frame.evaluate(() => {
    document.querySelector('.masked').textContent = 'Canary-frame-2';
    document.body.append('shown-frame-2');
  });
  await told('shown-frame-2');
  assert.deepEqual(wire.sent.match(/Canary-(?!cell)[\w-]*/g), null);
  assert.ok(!wire.sent.includes('"canvas":"'), 'what is drawn in a masked region is not read');
});

test('what comes under a rule later goes, and what leaves it comes back', async () => {
  await told('Canary-cell');
  await visitor.evaluate(() => {
    document.querySelector('#table').dataset.kind = 'salary';
    document.querySelector('#cell').textContent = 'Canary-raised';
  });
  await until('the agent has a box', () => agent.look((d) => d.querySelector('#cell')?.dataset.alongsideBox === 'hidden'));
  await visitor.evaluate(() => {
    delete document.querySelector('#table').dataset.kind;
    document.querySelector('#cell').textContent = 'shown-again';
  });
  await until('the agent sees it again', async () => (await seen()).includes('shown-again'));
  assert.ok(!wire.sent.includes('Canary-raised'));
});

test('rules of pages follow the address', async () => {
  await visitor.evaluate(() => {
    history.pushState(null, '', '/secret/1');
    document.body.insertAdjacentHTML('beforeend', '<p id=paged>Canary-paged</p><div>shown-paged</div>');
  });
  await told('shown-paged');
  await until('the agent has stars', () => agent.look((d) => d.querySelector('#paged')?.textContent === '************'));
  await visitor.evaluate(() => {
    document.querySelector('#paged').remove();
    history.pushState(null, '', '/');
  });
  await until('the agent sees the rest again', async () => (await seen()).includes('shown-shadow'));
  assert.ok(!wire.sent.includes('Canary-paged'));
});

test('the agent has stars, and boxes of the same size', async () => {
  const boxes = ['#region', '#away'];
  const size = (d, list) => list.map((selector) => d.querySelector(selector)?.getBoundingClientRect()).map((box) => box && [Math.round(box.width), Math.round(box.height)]);
  const own = await visitor.evaluate((list) => list.map((selector) => document.querySelector(selector).getBoundingClientRect()).map(({ width, height }) => [Math.round(width), Math.round(height)]), boxes);
  await until('boxes of the same size', async () => JSON.stringify(await agent.look(size, boxes)) === JSON.stringify(own));
  assert.deepEqual((await seen()).match(/Canary-[\w-]*/g), null);
});

test('the visitor sees locks at what agents do not see', async () => {
  const cdp = await visitor.context().newCDPSession(visitor);
  await until('locks', async () => {
    const { nodes } = await cdp.send('Accessibility.getFullAXTree');
    return nodes.filter(({ ignored, name }) => !ignored && name?.value === `${server.agent.name} does not see what is in this field`).length >= 4;
  });
});
