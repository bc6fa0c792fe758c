// Starts node-red and verdaccio, two sites that nobody of this project wrote, on loopback, in a temporary folder.
import { spawn, execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../e2e/server.mjs';

/** The versions that the journeys were written for. */
const PACKAGES = { 'node-red': '4.1.15', verdaccio: '6.1.6', bcryptjs: '3.0.2' };
/** verdaccio asks for this one by a distribution tag that not every registry carries. */
const OVERRIDES = { 'node-fetch': '2.7.0' };

export const PERSON = { name: 'keeper', password: 'a long enough password' };

/** Installs both into `folder`. */
export async function install(folder) {
  await mkdir(folder, { recursive: true });
  const manifest = { private: true, dependencies: PACKAGES, overrides: OVERRIDES };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder });
}

/** Starts node-red with one account; resolves to `{ origin, stop }` once it answers. */
export async function startNodeRed(folder) {
  const port = await freePort();
  const user = join(folder, 'node-red');
  const bcrypt = createRequire(join(folder, 'package.json'))('bcryptjs');
  await mkdir(user, { recursive: true });
  const settings = {
    uiHost: '127.0.0.1',
    uiPort: port,
    flowFile: 'flows.json',
    credentialSecret: false,
    adminAuth: {
      type: 'credentials',
      users: [{ username: PERSON.name, password: bcrypt.hashSync(PERSON.password, 8), permissions: '*' }],
    },
    telemetry: { enabled: false, updateNotification: false },
    editorTheme: { tours: false, projects: { enabled: false } },
    logging: { console: { level: 'warn' } },
  };
  await writeFile(join(user, 'settings.js'), `module.exports = ${JSON.stringify(settings)};`);
  return start(folder, ['node_modules/node-red/red.js', '--userDir', user], `http://nodered.localhost:${port}`, port);
}

/** Starts verdaccio with an empty storage; resolves to `{ origin, stop }` once it answers. */
export async function startVerdaccio(folder) {
  const port = await freePort();
  const home = join(folder, 'verdaccio');
  await mkdir(home, { recursive: true });
  const config = `
storage: ${home}/storage
auth: { htpasswd: { file: ${home}/htpasswd } }
packages: { '**': { access: $all, publish: $authenticated } }
log: { type: stdout, format: pretty, level: error }
web: { title: Package shelf, gravatar: false }
`;
  await writeFile(join(home, 'config.yaml'), config);
  const args = ['node_modules/verdaccio/bin/verdaccio', '--config', join(home, 'config.yaml'), '--listen', `127.0.0.1:${port}`];
  return start(folder, args, `http://shelf.localhost:${port}`, port);
}

async function start(folder, args, origin, port) {
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    child.kill('SIGTERM');
    await gone;
  };
  const deadline = Date.now() + 180_000;
  while (Date.now() < deadline && child.exitCode === null) {
    const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => null);
    if (answer?.ok) return { origin, port, stop };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await stop();
  throw new Error(`${origin} did not start`);
}

/** Makes the person's account in verdaccio; gives a function that publishes a package under it. */
export async function shelfPublisher(port) {
  const base = `http://127.0.0.1:${port}`;
  const account = { name: PERSON.name, password: PERSON.password, _id: `org.couchdb.user:${PERSON.name}`, type: 'user', roles: [] };
  const made = await send(`${base}/-/user/org.couchdb.user:${PERSON.name}`, account);
  return async (name, version, readme) => {
    const archive = Buffer.from(`${name} ${version}`).toString('base64');
    const manifest = { name, version, description: `A ${name}`, dist: { tarball: `${base}/${name}/-/${name}-${version}.tgz` }, readme };
    const body = {
      _id: name, name, readme, 'dist-tags': { latest: version }, versions: { [version]: manifest },
      _attachments: { [`${name}-${version}.tgz`]: { content_type: 'application/octet-stream', data: archive, length: archive.length } },
    };
    await send(`${base}/${name}`, body, made.token);
  };
}

async function send(url, body, token) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  const answer = await fetch(url, { method: 'PUT', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
