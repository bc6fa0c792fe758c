// The site behind the peers: `/large`, a catalogue of 2 MB like the one in benches/rewrite.rs, and `/small`, 1 KB.
import { createServer } from 'node:http';
import { parentPort } from 'node:worker_threads';

const article = (n) => `<article class="card card--wide" data-id="${n}"><a href="/product/${n}?from=list&amp;pos=${n}"><img loading="lazy" alt="Product ${n}" \
src="https://cdn.example/p/${n}.jpg" srcset="https://cdn.example/p/${n}.jpg 1x, /p/${n}@2x.jpg 2x"></a>
<h3><a href="https://cdn.example/product/${n}">A product with a fairly long name, number ${n}</a></h3>
<p style="color: var(--ink)">Made of oak, walnut &amp; steel. Delivered within three days, free above 50 €.</p>
<form method="post" action="/cart"><button name="add" value="${n}">Add</button></form></article>
`;

function page(bytes) {
  let html = '<!doctype html><html><head><title>Catalogue</title><link rel=stylesheet href="https://cdn.example/a.css"></head><body>\n';
  for (let n = 0; html.length < bytes - 200; n += 1) html += article(n);
  return Buffer.from(`${html}</body></html>\n`);
}

const pages = { '/large': page(2_000_000), '/small': page(1_000) };

const server = createServer((request, response) => {
  const body = pages[request.url] ?? pages['/small'];
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-length': body.length });
  response.end(body);
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
