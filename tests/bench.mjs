// The whole server against a named peer: a page through Alongside, through nginx (no rewriting), and directly from the site, over loopback with
// connections that stay open, in the same run. Every figure is a median over rounds in which the peers take turns.
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAlongside, startNginx, startSite } from './bench/peers.mjs';

const ROUNDS = 5;
const ONE_AT_A_TIME = { '/large': 20, '/small': 200 };
const CONNECTIONS = 8;
const SECONDS = 2;

/** A connection that stays open: one request after the other. */
class Connection {
  #socket;
  #heard = () => {};

  static open(port) {
    return new Promise((done, failed) => {
      const connection = new Connection();
      connection.#socket = createConnection(port, '127.0.0.1', () => done(connection));
      connection.#socket.setNoDelay(true);
      connection.#socket.once('error', failed);
      connection.#socket.on('data', (piece) => connection.#heard(piece));
      connection.#socket.on('close', () => connection.#heard(null));
    });
  }

  /** Milliseconds to the first byte and to the last, and how many there were. */
  get(request) {
    const started = performance.now();
    return new Promise((done, failed) => {
      let first = 0;
      let head = '';
      let left = null;
      let bytes = 0;
      let tail = '';
      this.#heard = (piece) => {
        if (!piece) return failed(new Error('the connection broke'));
        first ||= performance.now() - started;
        let body = piece;
        if (left === null) {
          head += piece.latin1Slice();
          const end = head.indexOf('\r\n\r\n');
          if (end < 0) return;
          if (!head.startsWith('HTTP/1.1 200')) return failed(new Error(head.slice(0, 100)));
          const length = /\r\ncontent-length: *(\d+)/i.exec(head.slice(0, end));
          left = length ? Number(length[1]) : Infinity;
          body = Buffer.from(head.slice(end + 4), 'latin1');
        }
        bytes += body.length;
        left -= body.length;
        tail = (tail + body.latin1Slice(Math.max(0, body.length - 5))).slice(-5);
        if (left <= 0 || (left === Infinity && tail === '0\r\n\r\n')) done({ first, whole: performance.now() - started, bytes });
      };
      this.#socket.write(request);
    });
  }

  close() {
    this.#socket.destroy();
  }
}

function request({ headers }, path) {
  const fields = { ...headers, accept: 'text/html', 'accept-encoding': 'identity' };
  return `GET ${path} HTTP/1.1\r\n${Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}

/** One request at a time. */
async function latency(peer, path) {
  const connection = await Connection.open(peer.port);
  const asked = request(peer, path);
  for (let n = 0; n < 3; n += 1) await connection.get(asked);
  const times = [];
  for (let n = 0; n < ONE_AT_A_TIME[path]; n += 1) times.push(await connection.get(asked));
  connection.close();
  return { first: median(times.map((t) => t.first)), whole: median(times.map((t) => t.whole)) };
}

/** Pages per second over several connections at once. */
async function rate(peer, path) {
  const asked = request(peer, path);
  const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => Connection.open(peer.port)));
  const started = performance.now();
  let pages = 0;
  await Promise.all(connections.map(async (connection) => {
    while (performance.now() - started < SECONDS * 1000) {
      await connection.get(asked);
      pages += 1;
    }
    connection.close();
  }));
  return pages / ((performance.now() - started) / 1000);
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

async function measure(peers) {
  const found = peers.map(() => ({}));
  const note = (at, what, value) => (found[at][what] ??= []).push(value);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [at, peer] of peers.entries()) {
      for (const [path, size] of [['/large', '2 MB'], ['/small', '1 KB']]) {
        const { first, whole } = await latency(peer, path);
        note(at, `${size}: first byte, ms`, first);
        note(at, `${size}: whole page, ms`, whole);
        note(at, `${size}: pages/s over ${CONNECTIONS} connections`, await rate(peer, path));
      }
    }
  }
  return found.map((figures) => Object.fromEntries(Object.entries(figures).map(([what, values]) => [what, median(values)])));
}

function print(peers, medians) {
  const against = medians[peers.findIndex((peer) => peer.name === 'nginx')] ?? medians[0];
  const ours = medians[peers.findIndex((peer) => peer.name === 'alongside')];
  const name = against === medians[0] ? 'direct' : 'nginx';
  const lines = [['', ...peers.map((peer) => peer.name), `alongside / ${name}`]];
  for (const what of Object.keys(ours)) {
    lines.push([what, ...medians.map((figures) => round(figures[what])), `${(ours[what] / against[what]).toFixed(2)}`]);
  }
  const widths = lines[0].map((_, at) => Math.max(...lines.map((line) => line[at].length)));
  const rows = lines.map((line) => `| ${line.map((cell, at) => cell.padEnd(widths[at])).join(' | ')} |`);
  rows.splice(1, 0, `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`);
  console.log(`\nMedians of ${ROUNDS} rounds, ${availableParallelism()} cores for site, peers and the one that asks.\n\n${rows.join('\n')}`);
}

const round = (n) => (n < 10 ? n.toFixed(2) : n.toFixed(0));

const folder = await mkdtemp(join(tmpdir(), 'alongside-bench-'));
const peers = [];
try {
  peers.push(await startSite());
  const nginx = await startNginx(peers[0], folder);
  if (nginx) peers.push(nginx);
  else console.log('nginx is not installed: compared with the site itself.');
  peers.push(await startAlongside(peers[0], folder));
  print(peers, await measure(peers));
} finally {
  for (const peer of peers.reverse()) await peer.stop();
  await rm(folder, { recursive: true, force: true });
}
