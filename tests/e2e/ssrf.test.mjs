// What a page's script tries on addresses of the server's own machine and networks: neither the server nor the visitor's browser
// dials them.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { launch, shared, until } from './journey.mjs';
import { startServer } from './server.mjs';

let browser;
let server;
let listeners;
let connections = 0;

function listen(host, port) {
  return new Promise((done, fail) => {
    const listener = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    listener.once('error', fail);
    listener.listen(port, host, () => done(listener));
  });
}

before(async () => {
  const first = await listen('127.0.0.1', 0);
  const second = await listen('::1', first.address().port).catch(() => null);
  listeners = [first, second].filter(Boolean);
  [browser, server] = await Promise.all([launch(), startServer()]);
});
after(async () => {
  await browser?.close();
  await server?.stop();
  for (const listener of listeners ?? []) listener.close();
});

/** Tries an address in every way that a script has without leaving the page; gives the ways in which something was read. */
async function attempt(target) {
  const read = [];
  const soon = (promise) => Promise.race([promise, new Promise((done) => setTimeout(done, 5_000))]);
  const event = (element, good, bad) =>
    new Promise((done) => {
      element.addEventListener(good, () => {
        read.push(element.localName ?? 'socket');
        done();
      });
      element.addEventListener(bad, () => done());
    });
  const web = target.replace(/^ws/i, 'http');
  const ways = [
    async () => {
      const response = await fetch(web);
      if (response.ok) read.push('fetch');
    },
    async () => {
      const response = await fetch(`/.alongside/to?url=${encodeURIComponent(web)}`);
      if (response.ok) read.push('redirect');
    },
    async () => void navigator.sendBeacon(web, 'x'),
    () => {
      const image = new Image();
      const over = event(image, 'load', 'error');
      image.src = web;
      return over;
    },
    () => {
      const script = document.createElement('script');
      const over = event(script, 'load', 'error');
      script.src = web;
      document.head.append(script);
      return over;
    },
    () => event(new WebSocket(web.replace(/^http/i, 'ws')), 'open', 'error'),
  ];
  await Promise.all(ways.map((way) => soon((async () => way())().catch(() => {}))));
  return read;
}

test('scripts reach nothing that is not public', async () => {
  const { visitor } = await shared(browser, server);
  const file = await readFile(new URL('../../fixtures/upstream/targets.txt', import.meta.url), 'utf8');
  const port = listeners[0].address().port;
  const targets = file.split('\n').filter((line) => line && !line.startsWith('#')).map((line) => line.replace('PORT', port));
  assert.ok(targets.length >= 60, `${targets.length} targets`);
  await Promise.all(targets.map(async (target) => assert.deepEqual(await visitor.evaluate(attempt, target), [], target)));
  assert.equal(connections, 0, 'dials');
});

test('a page that a script opens there is refused in words', async () => {
  const { visitor } = await shared(browser, server);
  await visitor.evaluate((url) => void (location.href = url), `http://127.0.0.1:${listeners[0].address().port}/`);
  await until('the visitor reads that it is not allowed', async () => /not allowed|cannot be opened|not part/i.test(await visitor.locator('body').innerText()));
  assert.equal(connections, 0, 'dials');
});
