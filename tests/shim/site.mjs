// Plays the proxy for the shim's tests: view origins on a port of its own, which serve pages with the shim in them, echo what was asked,
// and keep a list of every request.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';

export const SID = 'abcdefgh23';
const shim = readFileSync(new URL('../../web/dist/view/shim.js', import.meta.url), 'utf8');
const COMPANION = "const wire = window.alongsideLine; const key = Symbol.for('alongside'); window.handover = window[key]; delete window[key]; window.line = [typeof wire?.connect, typeof window.alongsideLine];";

/** Starts it: `{ port, view(real), page(path, html), requests, stop() }`. */
export async function startSite() {
  const requests = [];
  const pages = new Map();
  const site = { requests, cookie: '', view: (real) => view(real, site.port), page: (path, html) => pages.set(path, html) };
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const entry = { host: request.headers.host, method: request.method, url: request.url, headers: request.headers, body: Buffer.concat(chunks).toString() };
      requests.push(entry);
      answer(site, pages, entry, response);
    });
  });
  server.on('upgrade', (request, socket) => {
    requests.push({ host: request.headers.host, method: 'WS', url: request.url, headers: request.headers, body: '' });
    const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    socket.on('error', () => {});
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    socket.write(Buffer.from([0x81, 2, 0x68, 0x69]));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  site.port = server.address().port;
  site.stop = () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); });
  return site;
}

function view(real, port) {
  const url = new URL(real);
  const tag = url.protocol === 'https:' ? 's' : 'h';
  return `http://${SID}-${tag}${url.hostname.replaceAll('-', '--').replaceAll('.', '-')}.view.localhost:${port}${url.pathname}${url.search}${url.hash}`;
}

function realOrigin(host) {
  const [, tag, enc] = /^[a-z2-7]{10}-([sh])(.*)\.view\.localhost:\d+$/.exec(host) ?? [];
  return enc && `${tag === 's' ? 'https' : 'http'}://${enc.replace(/--?/g, (dashes) => (dashes === '--' ? '-' : '.'))}`;
}

function config(site, host, path) {
  const origin = realOrigin(host);
  const value = {
    sid: SID, domain: 'view.localhost', scheme: 'http', port: site.port, url: `${origin}${path}`, origin,
    referrer: 'https://before.example/', cookie: site.cookie, companion: '/.alongside/companion.js',
  };
  return JSON.stringify(value).replaceAll('&', '&amp;').replaceAll("'", '&#39;');
}

const TYPES = { js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml', png: 'image/svg+xml', html: 'text/html; charset=utf-8', events: 'text/event-stream' };

function answer(site, pages, { host, url, method, body }, response) {
  const path = url.split('?')[0];
  const type = TYPES[/\.(\w+)$/.exec(path)?.[1]] ?? (pages.has(path) ? TYPES.html : 'text/plain');
  const policy = `default-src http://*.view.localhost:${site.port} ws://*.view.localhost:${site.port} 'unsafe-inline' 'unsafe-eval' data: blob:`;
  const headers = { 'content-type': type, 'cache-control': 'no-store', 'access-control-allow-origin': '*', 'access-control-expose-headers': '*', 'x-alongside-cookie': encodeURIComponent(site.cookie) };
  if (url.startsWith('/.alongside/to')) return void response.writeHead(307, { ...headers, location: `/arrived?${url}` }).end();
  if (path === '/.alongside/shim.js') return void response.writeHead(200, headers).end(shim);
  if (path === '/.alongside/companion.js') return void response.writeHead(200, headers).end(COMPANION);
  if (pages.has(path)) {
    const script = `<script src="/.alongside/shim.js" data-config='${config(site, host, path)}'${site.key ? ` data-key="${site.key}"` : ''}></script>`;
    return void response.writeHead(200, { ...headers, 'content-security-policy': policy }).end(pages.get(path).replace('<head>', `<head>${script}`));
  }
  const content = { js: 'self.loaded = (self.loaded || 0) + 1; self.onmessage = (e) => postMessage(e.data);', css: 'p{color:red}', svg: '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>', png: '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>', events: 'data: hi\n\n' }[/\.(\w+)$/.exec(path)?.[1]];
  response.writeHead(200, headers).end(content ?? JSON.stringify({ host, url, method, body }));
}
