// Plays the server for the screen: its page as it is built, its socket over a real WebSocket, and where files go.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { until } from '../until.mjs';

const DIST = new URL('../../web/dist/screen/', import.meta.url);
const TYPES = { js: 'text/javascript', css: 'text/css', html: 'text/html; charset=utf-8', svg: 'image/svg+xml' };
/** As the server's own for the screen's page. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self' ws:; frame-ancestors 'none'";
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

export const DESKTOP = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };
export const RULES = {
  modes: ['view-only', 'shared'], acts: [], tools: ['pointer', 'label', 'chat'], visitorTools: ['highlight', 'chat'],
  presets: [], ask: [], askSelectors: [], never: [], silentSupervisor: false,
};
export const JUSTIN = { id: 1, name: 'Justin', role: 'agent', watching: true, rtt: 34 };

/** What the tests of a file share: a browser, `open` for a screen in it, and `on` for a test with a screen of its own, on which no error is told. */
export function screens() {
  let browser;
  before(async () => (browser = await startBrowser()));
  after(() => browser?.close());
  const open = (options) => browser.open(options);
  const on = (name, options, run) =>
    test(name, async () => {
      const screen = await open(options);
      try {
        await run(screen, screen.page, screen.play);
        assert.deepEqual(screen.errors, []);
      } finally {
        await screen.close();
      }
    });
  return { on, open };
}

/** The server: `{ address, heard, uploads, tell(message), frame(options), cut(), stop() }`; `heard` is all that the newest socket said. */
export async function startPlay() {
  const play = { heard: [], sockets: 0, uploads: [], loads: 0, all: new Set(), socket: null, refuse: false };
  const server = createServer((request, response) => answer(play, request, response));
  server.on('upgrade', (request, socket) => upgrade(play, request, socket));
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  play.address = `http://abcdefgh23-i.view.localhost:${server.address().port}/`;
  play.tell = (message) => play.socket?.write(packet(1, Buffer.from(JSON.stringify(message))));
  play.visitor = (message) => play.tell({ t: 'visitor', message });
  play.frame = (options) => play.socket?.write(packet(2, frame(options)));
  play.cut = () => play.socket?.destroy();
  play.of = (t) => play.heard.filter((message) => message.t === t);
  play.inputs = (i) => play.of('input').map(({ input }) => input).filter((input) => !i || input.i === i);
  play.forget = () => void (play.heard = []);
  play.stop = () => new Promise((done) => { play.all.forEach((socket) => socket.destroy()); server.close(done); server.closeAllConnections(); });
  return play;
}

function answer(play, request, response) {
  const url = new URL(request.url, 'http://x');
  if (request.method === 'POST' && url.pathname === '/upload') {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      if (play.refuse) return response.writeHead(413).end();
      play.uploads.push({ name: url.searchParams.get('name'), body: Buffer.concat(chunks).toString() });
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ key: `key${play.uploads.length}` }));
    });
    return;
  }
  if (url.pathname === '/elsewhere') return void response.writeHead(200, { 'content-type': 'text/html' }).end('<title>elsewhere</title><link rel="icon" href="data:,">');
  if (url.pathname === '/') play.loads += 1;
  const path = new URL(`.${url.pathname === '/' ? '/index.html' : url.pathname}`, DIST);
  if (!existsSync(path)) return void response.writeHead(404).end();
  response.writeHead(200, { 'content-type': TYPES[path.pathname.split('.').pop()] ?? 'text/plain', 'content-security-policy': POLICY }).end(readFileSync(path));
}

function upgrade(play, request, socket) {
  const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  socket.setNoDelay(true);
  socket.on('error', () => {});
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
  play.sockets += 1;
  play.all.add(socket);
  play.socket = socket;
  play.heard = [];
  let rest = Buffer.alloc(0);
  socket.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (let read = readPacket(rest); read; read = readPacket(rest)) {
      rest = read.rest;
      if (read.opcode === 8) socket.end(packet(8, Buffer.alloc(0)));
      if (read.opcode === 1 && play.socket === socket) hear(play, JSON.parse(read.payload.toString()));
    }
  });
}

function hear(play, message) {
  if (message.t === 'visitor' && message.message.t === 'ping') play.visitor({ t: 'pong', n: message.message.n });
  else play.heard.push(message);
}

function readPacket(bytes) {
  if (bytes.length < 2) return null;
  let length = bytes[1] & 127;
  let at = 2;
  if (length === 126) [length, at] = [bytes.length < 4 ? Infinity : bytes.readUInt16BE(2), 4];
  else if (length === 127) [length, at] = [bytes.length < 10 ? Infinity : Number(bytes.readBigUInt64BE(2)), 10];
  if (bytes.length < at + 4 + length) return null;
  const mask = bytes.subarray(at, at + 4);
  const payload = Buffer.from(bytes.subarray(at + 4, at + 4 + length)).map((byte, i) => byte ^ mask[i % 4]);
  return { opcode: bytes[0] & 15, payload, rest: bytes.subarray(at + 4 + length) };
}

function packet(opcode, payload) {
  const { length } = payload;
  const head = length < 126 ? Buffer.from([0x80 | opcode, length]) : Buffer.alloc(length < 65_536 ? 4 : 10);
  if (length >= 126 && length < 65_536) {
    head.set([0x80 | opcode, 126]);
    head.writeUInt16BE(length, 2);
  } else if (length >= 65_536) {
    head.set([0x80 | opcode, 127]);
    head.writeBigUInt64BE(BigInt(length), 2);
  }
  return Buffer.concat([head, payload]);
}

/** A frame as src/image/frame.rs has it. A patch: `{ at: [x, y, width, height] }` with `jpeg`, `webp` (bytes), `move` ([x, y]) or `fill` ([r, g, b]). */
export function frame({ number, whole = true, sharp = false, size: [width, height], view = [0, 0, width, height], patches }) {
  const head = Buffer.alloc(36);
  head.writeUInt8(1, 0);
  head.writeUInt8((whole ? 1 : 0) | (sharp ? 2 : 0), 1);
  head.writeUInt16LE(patches.length, 2);
  head.writeUInt32LE(number, 4);
  head.writeDoubleLE(Date.now(), 8);
  head.writeUInt16LE(width, 16);
  head.writeUInt16LE(height, 18);
  view.forEach((side, i) => head.writeFloatLE(side, 20 + 4 * i));
  return Buffer.concat([head, ...patches.map(patch)]);
}

function patch({ at, ...paint }) {
  const kind = ['jpeg', 'webp', 'move', 'fill'].findIndex((name) => name in paint);
  const bytes = kind < 2 ? Buffer.from(paint.jpeg ?? paint.webp) : kind === 2 ? Buffer.alloc(4) : Buffer.from(paint.fill);
  if (kind === 2) paint.move.forEach((side, i) => bytes.writeUInt16LE(side, 2 * i));
  const head = Buffer.alloc(14);
  head.writeUInt8(kind, 0);
  at.forEach((side, i) => head.writeUInt16LE(side, 2 + 2 * i));
  head.writeUInt32LE(bytes.length, 10);
  return Buffer.concat([head, bytes]);
}

/** A browser. `open` gives a page at a played server, connected, with a first picture of one colour in the size of its window. */
export async function startBrowser() {
  if (!existsSync(executablePath)) throw new Error(`no Chromium at ${executablePath}: install the package chromium, or name it in CHROMIUM`);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  return {
    close: () => browser.close(),
    async open({ size = DESKTOP, density = 1, touch = false, scheme = 'light', picture = true, ...more } = {}) {
      const play = await startPlay();
      const context = await browser.newContext({ viewport: size, deviceScaleFactor: density, hasTouch: touch, isMobile: touch, colorScheme: scheme, ...more });
      await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: play.address });
      // The overlay's shadow root is closed: it is opened here, so that a test can press what is in it.
      await context.addInitScript(() => {
        const { attachShadow } = Element.prototype;
        Element.prototype.attachShadow = function open(init) {
          return attachShadow.call(this, { ...init, mode: 'open' });
        };
      });
      const page = await context.newPage();
      const errors = [];
      page.on('pageerror', (error) => errors.push(error.stack));
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
      const screen = new Visit(play, page, errors, size, density);
      await page.goto(play.address);
      await until('the device is told', () => play.heard[0]);
      if (picture) await screen.live();
      return screen;
    },
  };
}

/** A visitor before the screen. */
export class Visit {
  constructor(play, page, errors, size, density) {
    Object.assign(this, { play, page, errors, size, density, number: 0 });
  }

  /** The page is there, and the session's state; the notice was read. */
  async live({ notice = false } = {}) {
    const { play } = this;
    play.visitor({ t: 'session', agent: 'Justin', people: [JUSTIN], mode: 'view-only', rules: RULES, shown: true });
    play.tell({ t: 'state', state: 'live' });
    play.tell({ t: 'page', url: 'https://shop.example/checkout', title: 'Checkout', loading: false, back: false, forward: false });
    await this.show([{ at: [0, 0, ...this.pixels()], fill: [240, 244, 243] }]);
    if (!notice) {
      await this.page.getByRole('button', { name: 'OK' }).click();
      play.forget();
    }
  }

  pixels = () => [Math.round(this.size.width * this.density), Math.round(this.size.height * this.density)];

  /** Sends a frame and waits until it is drawn. */
  async show(patches, { whole = true, size = this.pixels(), view = [0, 0, this.size.width, this.size.height] } = {}) {
    this.number += 1;
    this.play.frame({ number: this.number, whole, size, view, patches });
    await this.drawn(this.number);
  }

  drawn = (number) => until(`frame ${number} is drawn`, () => this.play.of('drawn').some(({ frame }) => frame === number));

  /** Red, green, blue of pixels of the canvas. */
  colours = (...places) => this.page.evaluate((at) => {
    const context = document.querySelector('canvas').getContext('2d');
    return at.map(([x, y]) => [...context.getImageData(x, y, 1, 1).data].slice(0, 3));
  }, places);

  /** A picture file as a browser makes it: squares of colours from left to right. */
  file = (type, width, height, colours) => this.page.evaluate(async (args) => {
    const [kind, w, h, fills] = args;
    const canvas = new OffscreenCanvas(w, h);
    const context = canvas.getContext('2d');
    fills.forEach((fill, i) => {
      context.fillStyle = `rgb(${fill})`;
      context.fillRect((w / fills.length) * i, 0, w / fills.length, h);
    });
    return [...new Uint8Array(await (await canvas.convertToBlob({ type: kind, quality: 1 })).arrayBuffer())];
  }, [type, width, height, colours]);

  /** Waits for messages of a kind. */
  heard = (t, count = 1) => until(`${count} of ${t}`, () => (this.play.of(t).length >= count ? this.play.of(t) : null));

  close = () => this.page.context().close().then(() => this.play.stop());
}
