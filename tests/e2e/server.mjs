// The real binary with the demo, behind a relay whose connections can be cut, as a network does.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(fileURLToPath(import.meta.url), '../../..');
export const BINARY = resolve(ROOT, process.env.ALONGSIDE ?? 'target/debug/alongside');

const AGENT = { name: 'Justin', password: 'only for this short run' };

/** Starts `alongside demo`. `tls`: over the development certificate. `image`: with image mode, for which it starts a Chrome. `env`, `args`: more of the environment and the command line. */
export async function startServer({ tls = true, image = false, env = {}, args: more = [] } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'alongside-'));
  const relay = await startRelay();
  const scheme = tls ? 'https' : 'http';
  const settings = { ALONGSIDE_PUBLIC__SCHEME: scheme, ALONGSIDE_PUBLIC__PORT: String(relay.port), ALONGSIDE_IMAGE__ENABLED: String(image), ...env };
  const args = ['demo', '--json', '--port', '0', ...(tls ? ['--dev-tls'] : []), ...more];
  const child = spawn(BINARY, args, { cwd: folder, env: { ...process.env, ...settings }, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.on('data', (piece) => (log += piece));
  const gone = new Promise((done) => child.once('exit', done));
  const first = await Promise.race([firstLine(child.stdout), gone.then((code) => ({ code }))]);
  if (typeof first !== 'string') throw new Error(`the server ended with ${first.code}:\n${log}`);
  child.stdout.on('data', (piece) => (log += piece));
  const told = JSON.parse(first);
  relay.target = Number(told.address.split(':').pop());
  return {
    control: told.control,
    pid: child.pid,
    shop: told.shop,
    agent: { name: told.name, password: told.password },
    colleague: told.colleague,
    supervisor: told.supervisor,
    admin: told.admin,
    admin: told.admin,
    relay,
    log: () => log,
    /** Requests by path at one of the shop's servers. */
    counts: async (name) => (await fetch(`http://127.0.0.1:${new URL(told.shop[name]).port}/.counts`)).json(),
    async stop() {
      child.kill('SIGTERM');
      const code = await gone;
      relay.close();
      await rm(folder, { recursive: true, force: true });
      if (code !== 0) throw new Error(`the server ended with ${code}:\n${log}`);
    },
  };
}

/** A port that nobody listens on. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** `alongside serve` over TLS with a configuration of its own in a folder, allowing these origins on loopback. `rules`: TOML of each site's rules. `env`: more of the environment. */
export async function startServe(folder, origins, rules = '', env = {}) {
  const [port, plain] = [await freePort(), await freePort()];
  const config = join(folder, 'alongside.toml');
  const sites = origins.map((origin) => `
[[site]]
name = "${new URL(origin).hostname}"
start = "${origin}/"
pages = ["${origin}"]
networks = ["127.0.0.0/8", "::1/128"]
${rules}
`);
  await writeFile(config, `
[image]
enabled = false

[listen]
http = "127.0.0.1:${plain}"
https = "127.0.0.1:${port}"
dev_tls = true
[store]
path = "${join(folder, 'alongside.db')}"
[log]
filter = "warn"
${sites.join('')}`);
  const added = spawnSync(BINARY, ['agent', '--config', config, 'add', AGENT.name, '--password-stdin'], { input: AGENT.password });
  if (added.status !== 0) throw new Error(String(added.stderr));
  let log = '';
  const start = () => {
    const child = spawn(BINARY, ['serve', '--config', config], { cwd: folder, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (piece) => {
        log += piece;
        // What a test asked for is for the test to read.
        if (!env.ALONGSIDE_LOG__FILTER) process.stderr.write(piece);
      });
    }
    return { child, gone: new Promise((done) => child.once('exit', done)) };
  };
  let running = start();
  const control = `https://alongside.localhost:${port}`;
  return {
    control,
    agent: AGENT,
    plain,
    /** Number of its process. */
    pid: () => running.child.pid,
    /** Everything that it wrote. */
    log: () => log,
    /** Ends it without notice, or as an operator does (`SIGTERM`). */
    kill(signal = 'SIGKILL') {
      running.child.kill(signal);
      return running.gone;
    },
    /** Starts it again, on the same ports and store. */
    start: () => void (running = start()),
    async stop() {
      running.child.kill('SIGTERM');
      await running.gone;
    },
  };
}

function firstLine(stream) {
  return new Promise((done) => {
    let text = '';
    const hear = (piece) => {
      text += piece;
      if (!text.includes('\n')) return;
      stream.off('data', hear);
      done(text.slice(0, text.indexOf('\n')));
    };
    stream.on('data', hear);
  });
}

/** Whose connection it is, by the host name in its first bytes (the request's Host, or the name in TLS's greeting). */
function kindOf(bytes) {
  const text = bytes.toString('latin1');
  if (text.includes('-v.view.localhost')) return 'viewer';
  return text.includes('.view.localhost') ? 'view' : 'control';
}

async function startRelay() {
  const open = new Map();
  const held = new Set();
  const relay = {
    target: 0,
    port: 0,
    /** Cuts all connections of a kind (`view`, `viewer`, `control`); new ones are refused until `restore`. Returns how many there were. */
    cut(kind) {
      held.add(kind);
      const sockets = [...open].filter(([, its]) => its === kind).map(([socket]) => socket);
      for (const socket of sockets) socket.resetAndDestroy();
      return sockets.length;
    },
    restore: (kind) => void held.delete(kind),
    /** Bytes so far, from browsers and to them, by kind. */
    bytes: { view: [0, 0], viewer: [0, 0], control: [0, 0] },
    close() {
      for (const socket of open.keys()) socket.destroy();
      server.close();
    },
  };
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => {});
    socket.once('data', (bytes) => {
      const kind = kindOf(bytes);
      if (held.has(kind)) return void socket.resetAndDestroy();
      open.set(socket, kind);
      const onward = createConnection({ port: relay.target, host: '127.0.0.1', noDelay: true });
      const count = (at) => (piece) => (relay.bytes[kind][at] += piece.length);
      socket.on('data', count(0));
      onward.on('data', count(1));
      onward.on('error', () => socket.destroy());
      onward.on('close', () => socket.destroy());
      socket.on('close', () => {
        open.delete(socket);
        onward.destroy();
      });
      onward.write(bytes);
      socket.pipe(onward);
      onward.pipe(socket);
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  relay.port = server.address().port;
  return relay;
}
