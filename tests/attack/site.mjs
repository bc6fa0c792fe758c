// A hostile site, which is on the allowlist, and the sink that its payloads want to be asked, which is on none.
import { createServer } from 'node:http';

/** Says so where it runs. Without quotes and spaces, so that it fits in any place. */
const RUN = 'console.log(/attack/.source+/-ran/.source)';
/** What it says. */
export const RAN = 'attack-ran';

async function listen(handler) {
  const server = createServer(handler);
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { server, port: server.address().port, close: () => server.close(() => {}) };
}

/** Any request to it is a leak. */
export async function startSink() {
  const asked = [];
  const { port, close } = await listen((request, response) => {
    asked.push(request.url);
    response.writeHead(200, { 'access-control-allow-origin': '*', 'content-type': 'text/plain' }).end();
  });
  return { name: `sink.localhost:${port}`, asked, close };
}

/** The payload's text, told where the sink is. */
export function fill(text, sink) {
  const words = { RUN, SINK: `http://${sink.name}`, SINKHOST: `//${sink.name}`, SINKNAME: sink.name, SINKWS: `ws://${sink.name}` };
  return text.replace(/\{([A-Z]+)\}/g, (whole, word) => words[word] ?? whole);
}

/** `/case/{n}`: payload n as a page. `/blank`: a page to run scripts in. */
export async function startSite(payloads, sink) {
  const { port, close } = await listen((request, response) => {
    const number = /^\/case\/(\d+)$/.exec(request.url)?.[1];
    const payload = payloads[number];
    if (!payload && request.url !== '/blank') return void response.writeHead(404).end();
    const markup = fill(payload?.html ?? '', sink);
    const body = payload?.alone ? markup : `<div id="case">${markup}</div>`;
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(`<!doctype html><title>Case</title><p>begin-${number ?? 'blank'}</p><ul><li>x</li></ul>${body}`);
  });
  return { origin: `http://hostile.localhost:${port}`, close };
}
