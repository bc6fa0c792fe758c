// A hostile site, which is on the allowlist, and the sink that its payloads want to be asked, which is on none.
import { createServer } from 'node:http';

/** What a payload that runs says, with the payload's number. */
export const RAN = 'attack-ran';

async function listen(handler) {
  const server = createServer(handler);
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { server, port: server.address().port, close: () => server.close(() => {}) };
}

/** Any request to it is a leak; `asked` has their paths. */
export async function startSink() {
  const asked = [];
  const { port, close } = await listen((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(200, { 'access-control-allow-origin': '*', 'content-type': 'text/plain' }).end();
  });
  return { name: `sink.localhost:${port}`, asked, close };
}

/** The payload's text, told where the sink is, and what to say where it runs: without quotes and spaces, so that it fits in any place. */
export function fill(text, sink, number) {
  const run = `console.log(/attack/.source+/-ran-${number}-/.source)`;
  const words = { RUN: run, SINK: `http://${sink.name}`, SINKHOST: `//${sink.name}`, SINKNAME: sink.name, SINKWS: `ws://${sink.name}` };
  return text.replace(/\{([A-Z]+)\}/g, (whole, word) => words[word] ?? whole);
}

/** `/case/{n}`: payload n as a page. `/cases/{a}-{b}-...`: pages of several, in frames. `/blank`: a page to run scripts in. */
export async function startSite(payloads, sink) {
  const { port, close } = await listen((request, response) => {
    const number = /^\/case\/(\d+)$/.exec(request.url)?.[1];
    const several = /^\/cases\/([\d-]+)$/.exec(request.url)?.[1];
    const payload = payloads[number];
    if (!payload && !several && request.url !== '/blank') return void response.writeHead(404).end();
    const markup = fill(payload?.html ?? '', sink, number);
    const frames = several?.split('-').map((n) => `<iframe title="${n}" width=300 height=60 src="/case/${n}"></iframe>`) ?? [];
    const body = payload?.alone ? markup : `<div id="case">${markup}</div>${frames.join('')}`;
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(`<!doctype html><title>Case</title><p>begin-${number ?? 'blank'}</p><ul><li>x</li></ul>${body}`);
  });
  return { origin: `http://hostile.localhost:${port}`, close };
}
