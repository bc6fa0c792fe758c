// What a browser contacts, seen where its packets would leave the machine: a proxy that all of its requests go through, loopback included, and that only notes who
// is asked for.
import { createConnection, createServer } from 'node:net';

/** What Chromium asks its maker about forms, whoever made them. */
const MAKER = 'content-autofill.googleapis.com:443';

/** Starts it. `options` is for the browser's context. */
export async function startWire() {
  const asked = new Map();
  const open = new Set();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {}).on('close', () => open.delete(socket));
    socket.once('data', (bytes) => {
      const [method, target] = bytes.toString('latin1').split(' ');
      // Plain requests name their address; what is not a tunnel is none of ours, and gets nowhere.
      const host = method === 'CONNECT' ? target : new URL(target).host;
      asked.set(host, (asked.get(host) ?? 0) + 1);
      if (method !== 'CONNECT') return void socket.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n');
      const onward = createConnection({ port: Number(host.split(':').pop()), host: '127.0.0.1' });
      open.add(onward);
      onward.on('error', () => socket.destroy()).on('close', () => (open.delete(onward), socket.destroy()));
      socket.on('close', () => onward.destroy());
      onward.on('connect', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        socket.pipe(onward).pipe(socket);
      });
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    options: { proxy: { server: `http://127.0.0.1:${server.address().port}`, bypass: '<-loopback>' } },
    /** How often each host was asked for a connection. */
    asked,
    /** Hosts that were asked for and that an agent's browser has nothing to do with. */
    strangers: (control) => {
      const { host, port } = new URL(control);
      return [...asked.keys()].filter((name) => name !== host && name !== MAKER && !new RegExp(`^[a-z2-7]{10}-v\\.view\\.localhost:${port}$`).test(name));
    },
    stop() {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}
