// Who may speak for the visitor: the companion of a tab's own document, and no script, of the page or of a frame in it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, pageKey, same, shared } from './journey.mjs';
import { startServer } from './server.mjs';

let browser;
let server;
let agent;
let visitor;

before(async () => {
  [browser, server] = await Promise.all([launch(), startServer({ tls: false })]);
  ({ agent, visitor } = await shared(browser, server, { url: new URL('/gift-card', server.shop.shop).href }));
  await same(visitor, agent);
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const payment = () => visitor.frames().find((frame) => frame.url().includes('/frame?'));

/** Runs in a document: looks for a key wherever a script may look, and asks for a socket without one. */
async function pose() {
  const own = [document.documentElement.outerHTML];
  for (const cache of ['default', 'force-cache', 'only-if-cached', 'reload']) {
    const answer = await fetch(location.href, { cache, mode: 'same-origin', headers: { accept: 'text/html' } }).catch(() => null);
    own.push((await answer?.text()) ?? '');
  }
  const frame = document.body.appendChild(document.createElement('iframe'));
  for (const address of [location.href, '/.alongside/blank']) {
    await new Promise((loaded) => {
      frame.onload = loaded;
      frame.src = address;
    });
    own.push(frame.contentDocument?.documentElement.outerHTML ?? '', String(frame.contentWindow.alongsideLine ?? ''));
  }
  const opens = (window, query) =>
    new Promise((done) => {
      const socket = new window.WebSocket(`ws://${location.host}/.alongside/socket${query}`);
      socket.onopen = () => done(true);
      socket.onclose = () => done(false);
    });
  const sockets = [await opens(window, ''), await opens(window, '?key='), await opens(window, `?key=${'a'.repeat(52)}`), await opens(frame.contentWindow, '')];
  frame.remove();
  return { keys: own.filter((text) => text.includes('data-key')).length, pages: own.filter((text) => text.includes('<body')).length, sockets, line: typeof window.alongsideLine };
}

test('neither the page nor a frame of another origin gets the socket', async () => {
  const inFrame = payment();
  assert.notEqual(new URL(inFrame.url()).origin, new URL(visitor.url()).origin);
  for (const document of [visitor.mainFrame(), inFrame]) {
    const found = await document.evaluate(pose);
    assert.ok(found.pages >= 4, 'documents were read');
    assert.deepEqual({ ...found, pages: 0 }, { keys: 0, pages: 0, sockets: [false, false, false, false], line: 'undefined' });
  }
});

test('a key is good at its own origin alone', async () => {
  const inFrame = payment();
  const key = await pageKey(visitor);
  const opens = (key) =>
    new Promise((done) => {
      const socket = new WebSocket(`ws://${location.host}/.alongside/socket?key=${key}`);
      socket.onopen = () => (socket.close(), done(true));
      socket.onclose = () => done(false);
    });
  assert.equal(await inFrame.evaluate(opens, key), false);
  assert.equal(await visitor.evaluate(opens, key), true, 'what the test asks with is what is asked for');
});

test('the companion comes back with its key, whatever the page did meanwhile', async () => {
  await visitor.evaluate(() => {
    window.heard = 0;
    const note = (name, owner) => {
      const own = owner[name];
      owner[name] = function (...args) {
        if (/"t":|\/\.alongside\/socket/.test(String(args[0]?.t ? '"t":' : args[0]))) window.heard += 1;
        return own.apply(this, args);
      };
    };
    note('parse', JSON);
    note('stringify', JSON);
    note('send', WebSocket.prototype);
    window.WebSocket = function () {
      window.heard += 1;
    };
    Object.defineProperty(Object.prototype, 'toJSON', { configurable: true, value() { if (this.t === 'ping') window.heard += 1; return this; } });
  });
  assert.ok(server.relay.cut('view') > 0);
  server.relay.restore('view');
  await visitor.evaluate(() => document.body.append(Object.assign(document.createElement('p'), { textContent: 'after the cut' })));
  await same(visitor, agent, 'the agent sees what came after the cut');
  assert.equal(await visitor.evaluate(() => window.heard), 0);
});
