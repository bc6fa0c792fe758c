// Whoever hands out the pages: the site itself, nginx in front of it, Alongside in front of it. All on loopback.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { Worker } from 'node:worker_threads';

const NGINX = ['/usr/sbin/nginx', '/usr/local/sbin/nginx'].find(existsSync);
const PASSWORD = 'a long password';

/** The site, in a thread of its own. */
export async function startSite() {
  const worker = new Worker(new URL('./site.mjs', import.meta.url));
  const port = await new Promise((done) => worker.once('message', done));
  return { name: 'direct', port, headers: { host: `127.0.0.1:${port}` }, stop: () => worker.terminate() };
}

/** nginx without any rewriting, one worker; null where it is not installed. */
export async function startNginx(site, folder) {
  if (!NGINX) return null;
  const port = await freePort();
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${join(folder, name)};`);
  const text = `daemon off; worker_processes 1; pid ${join(folder, 'nginx.pid')}; error_log stderr error;
events { worker_connections 256; }
http {
  access_log off; keepalive_requests 1000000; proxy_max_temp_file_size 0; ${paths.join(' ')}
  upstream site { server 127.0.0.1:${site.port}; keepalive 16; }
  server { listen 127.0.0.1:${port}; location / { proxy_pass http://site; proxy_http_version 1.1; proxy_set_header Connection ""; } }
}`;
  await writeFile(join(folder, 'nginx.conf'), text);
  const child = spawn(NGINX, ['-e', 'stderr', '-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: ['ignore', 'inherit', 'inherit'] });
  await listening(port, child);
  return { name: 'nginx', port, headers: { host: `127.0.0.1:${port}` }, stop: () => ended(child) };
}

/** Alongside with one session, as its visitor's browser. */
export async function startAlongside(site, folder) {
  const binary = resolve(process.env.ALONGSIDE ?? 'target/release/alongside');
  const port = await freePort();
  const origin = `http://127.0.0.1:${site.port}`;
  const config = join(folder, 'alongside.toml');
  const text = `[listen]\nhttp = '127.0.0.1:${port}'\n[store]\npath = '${join(folder, 'a.db')}'\n[[site]]\nname = 'Shop'\nstart = '${origin}/small'\n` +
    `pages = ['${origin}']\nloads = ['https://cdn.example']\nnetworks = ['127.0.0.0/8']\n`;
  await writeFile(config, text);
  const added = spawnSync(binary, ['agent', 'add', 'Ada', '--password-stdin', '--config', config], { input: PASSWORD, encoding: 'utf8' });
  if (added.status !== 0) throw new Error(`no agent: ${added.stderr}${added.error ?? ''}`);
  const child = spawn(binary, ['serve', '--config', config], { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, RUST_LOG: 'warn' } });
  const stop = () => ended(child);
  try {
    await listening(port, child);
    return { name: 'alongside', port, headers: await visitor(port, `${origin}/small`), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The agent's and the visitor's way into a session; gives what the visitor's browser sends from then on. */
async function visitor(port, start) {
  const host = `alongside.localhost:${port}`;
  const post = async (path, body, cookie = '') => {
    const headers = { host, origin: `http://${host}`, 'content-type': 'application/json', cookie };
    const answer = await ask({ port, path, method: 'POST', headers }, JSON.stringify(body));
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`);
    return answer;
  };
  const agent = (await post('/api/sign-in', { name: 'Ada', password: PASSWORD })).cookie;
  const session = JSON.parse((await post('/api/sessions', { url: start, mode: 'view-only' }, agent)).text);
  const joining = (await post('/api/join', { by: 'pin', pin: session.pin })).cookie;
  const enter = new URL(JSON.parse((await post('/api/join/allow', { mode: 'view-only' }, joining)).text).url);
  const entered = await ask({ port, path: enter.pathname + enter.search, method: 'POST', headers: { host: enter.host, origin: `http://${host}` } });
  if (entered.status !== 303) throw new Error(`the ticket: ${entered.status} ${entered.text}`);
  return { host: enter.host, cookie: entered.cookie, 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' };
}

function ask(options, body) {
  return new Promise((done, failed) => {
    const asked = request({ host: '127.0.0.1', ...options }, async (answer) => {
      let text = '';
      for await (const piece of answer) text += piece;
      const cookie = (answer.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');
      done({ status: answer.statusCode, text, cookie });
    });
    asked.once('error', failed).end(body);
  });
}

function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

/** Until something answers there, or the process that should has ended. */
async function listening(port, child) {
  const deadline = Date.now() + 20_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
    try {
      return await ask({ port, path: '/' });
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}

function ended(child) {
  if (child.exitCode !== null) return child.exitCode;
  const gone = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  return gone;
}
