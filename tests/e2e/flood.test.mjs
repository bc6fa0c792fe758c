// A hostile page that speaks the companion's protocol itself, with the visitor's cookie and a key that it should not have: it gets at nothing but its own session, and the server stays
// small and quick for everybody else.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { get } from 'node:http';
import { after, before, test } from 'node:test';
import { launch, pageKey, same, shared } from './journey.mjs';
import { startServer } from './server.mjs';

/** Megabytes that the server may take up, milliseconds that anybody else may wait meanwhile. */
const BOUNDS = { memory: 1024, wait: 5000 };

let browser;
let server;
let agent;
let visitor;

before(async () => {
  [browser, server] = await Promise.all([launch(), startServer({ tls: false })]);
  ({ agent, visitor } = await shared(browser, server));
  await same(visitor, agent);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Megabytes; 0 where the system does not tell. */
async function memory() {
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

/** Status of an answer to somebody else. */
function health() {
  const options = { host: '127.0.0.1', port: server.relay.port, path: '/health', headers: { host: 'alongside.localhost' }, agent: false };
  return new Promise((done, failed) => get(options, (answer) => done(answer.resume().statusCode)).on('error', failed));
}

/** Runs in the visitor's page: opens a socket, lets `attack` send, waits for the answer to the last batch or the end. */
async function flood([key, attack]) {
  const socket = new WebSocket(`ws://${location.host}/.alongside/socket?key=${key}`);
  await new Promise((done) => (socket.onopen = done));
  const answered = new Promise((done) => {
    socket.onclose = done;
    socket.onmessage = ({ data }) => /"t":"(ack|resync)"/.test(data) && done();
  });
  const element = (id, parent, name, attrs = []) => ({ id, parent, node: { k: 'element', name, attrs } });
  const text = (id, parent, content) => ({ id, parent, node: { k: 'text', text: content } });
  const viewport = { width: 1, height: 1, density: 1, zoom: 1, offset: [0, 0] };
  const page = Math.floor(Math.random() * 2 ** 50);
  const snapshot = (nodes, sheets = []) => ({
    t: 'snapshot', url: location.href, viewport, sheets, nodes: [{ id: 1, node: { k: 'document' } }, element(2, 1, 'html'), element(3, 2, 'body'), ...nodes],
  });
  let seq = 0;
  const send = (events) => socket.send(JSON.stringify({ t: 'events', page, seq: seq++, events }));
  const raw = (message) => socket.send(JSON.stringify(message));
  new Function('element', 'text', 'snapshot', 'send', 'raw', 'page', attack)(element, text, snapshot, send, raw, page);
  await answered;
  socket.close();
}

const many = (count, each) => `Array.from({ length: ${count} }, (_, i) => ${each})`;
for (const [name, attack] of [
  ['a megabyte in and out of a gap, again and again', `send([snapshot([element(4, 3, 'object'), element(5, 3, 'div'), text(6, 5, 'x'.repeat(1 << 20))])]);
    send(${many(100_000, "({ t: 'move', node: 5, parent: 3 + (i % 2) })")});`],
  ['a style in pieces', `send([snapshot([element(4, 3, 'style'), text(5, 4, 'a{b:c'.repeat(1e5)), ...${many(1000, "text(10 + i, 4, 'x')")}])]);
    send(${many(100_000, "({ t: 'text', node: 10 + (i % 1000), text: 'y' })")});`],
  ['attributes without end', `send([snapshot(${many(15_000, `element(10 + i, 3, 'p', ${"Array.from({ length: 60 }, (_, j) => ['a' + j, ''])"})`)})]);`],
  ['rules without end', `send([snapshot([], ${many(60, "({ sheet: 100 + i, rules: Array(50_000).fill('') })")})]);`],
  ['nodes without end', `send([snapshot(${many(390_000, "text(10 + i, 3, '')")})]);`],
  ['a page as deep as it is long', `send([snapshot(${many(100_000, "element(10 + i, i ? 9 + i : 3, 'div')")})]);`],
  ['a sheet of imports', `send([snapshot([element(4, 3, 'style'), text(5, 4, '@import a '.repeat(5e5))])]);`],
  ['a long base', `send([snapshot([element(4, 3, 'base', [['href', 'https://' + 'a/'.repeat(1 << 20)]]), ...${many(100_000, "element(10 + i, 3, 'img', [['src', 'x']])")}])]);`],
  ['more messages than are taken', `for (let i = 0; i < 5000; i += 1) raw({ t: 'hash', page, seq: 0, hash: i });`],
  ['no message at all', `send({ not: 'a list' });`],
]) {
  test(name, async () => {
    let longest = 0;
    let over = false;
    const others = (async () => {
      while (!over) {
        const start = Date.now();
        assert.equal(await health(), 200);
        longest = Math.max(longest, Date.now() - start);
        await new Promise((done) => setTimeout(done, 20));
      }
    })();
    await visitor.evaluate(`(${flood})(${JSON.stringify([await pageKey(visitor), attack])})`);
    over = true;
    await others;
    assert.ok((await memory()) < BOUNDS.memory, `${await memory()} MB`);
    assert.ok(longest < BOUNDS.wait, `somebody else waited for ${longest} ms`);
  });
}

test('the session goes on', async () => {
  await visitor.reload();
  // The agent's browser may still be busy with what was sent.
  await same(visitor, agent, 'the agent sees the page again', 60_000);
});
