import { expect, test } from 'vitest';
import type { ToConsole } from '../shared/protocol/agent';
import { parseMessage, retryAfter, SessionSocket } from './socket';

/** Stands for the browser's socket: the test says what happens to it. */
class FakeSocket {
  readonly OPEN = 1;
  readyState = 1;
  sent: string[] = [];
  closed = false;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;

  send(text: string): void {
    this.sent.push(text);
  }

  close(): void {
    this.closed = true;
    this.readyState = 3;
  }

  says(message: ToConsole): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

function world(worthwhile = true) {
  const sockets: FakeSocket[] = [];
  let timer: { run: () => void; after: number } | null = null;
  const heard: ToConsole[] = [];
  const links: boolean[] = [];
  const socket = new SessionSocket(
    {
      open: () => {
        const made = new FakeSocket();
        sockets.push(made);
        return made as unknown as WebSocket;
      },
      worthwhile: async () => worthwhile,
      later: (run, after) => {
        const mine = { run, after };
        timer = mine;
        return () => {
          if (timer === mine) timer = null;
        };
      },
      random: () => 0.5,
    },
    { message: (message) => heard.push(message), connected: (is) => links.push(is) },
  );
  return {
    socket,
    sockets,
    heard,
    links,
    last: () => sockets.at(-1) ?? expect.unreachable('no socket was opened'),
    waitsFor: () => timer?.after ?? null,
    /** Runs the timer, and what it set off. */
    async elapse() {
      const due = timer;
      timer = null;
      due?.run();
      await new Promise((settled) => setTimeout(settled));
    },
  };
}

const status: ToConsole = { t: 'status', session: { state: 'waiting' }, visitor: 'none', watchers: [] };

test('tells of a status, then pings', async () => {
  const it = world();
  it.last().says(status);
  expect(it.heard).toEqual([status]);
  expect(it.links).toEqual([true]);
  await it.elapse();
  expect(it.last().sent).toEqual(['{"t":"ping","n":0}']);
  it.last().says({ t: 'pong', n: 0 });
  await it.elapse();
  expect(it.last().sent).toEqual(['{"t":"ping","n":0}', '{"t":"ping","n":1}']);
});

test('a ping without an answer is a loss', async () => {
  const it = world();
  it.last().says(status);
  await it.elapse();
  await it.elapse();
  expect(it.sockets[0]?.closed).toBe(true);
  expect(it.links).toEqual([true, false]);
  await it.elapse();
  expect(it.sockets).toHaveLength(2);
});

test('waits longer after each loss, and starts over once it hears something', async () => {
  const it = world();
  const waits: (number | null)[] = [];
  for (let loss = 0; loss < 3; loss += 1) {
    it.last().onclose?.();
    waits.push(it.waitsFor());
    await it.elapse();
  }
  expect(waits).toEqual([400, 800, 1600]);
  it.last().says(status);
  it.last().onclose?.();
  expect(it.waitsFor()).toBe(400);
});

test('does not come back to a session that is gone', async () => {
  const it = world(false);
  it.last().onclose?.();
  await it.elapse();
  expect(it.sockets).toHaveLength(1);
  expect(it.waitsFor()).toBeNull();
});

test('wakes at once, once', async () => {
  const it = world();
  it.last().onclose?.();
  it.socket.wake();
  it.socket.wake();
  expect(it.sockets).toHaveLength(2);
});

test('says nothing after it was stopped', async () => {
  const it = world();
  const first = it.last();
  it.socket.stop();
  first.says(status);
  first.onclose?.();
  await it.elapse();
  expect([it.heard, it.links, it.sockets.length]).toEqual([[], [], 1]);
});

test('the wait has a limit and a spread', () => {
  expect(retryAfter(30, 0)).toBe(6_000);
  expect(retryAfter(30, 1)).toBe(10_000);
});

test.each([[new ArrayBuffer(1)], ['{'], ['null'], ['{"t":"other"}'], ['"status"']])('%j is no message', (data) => expect(parseMessage(data)).toBeNull());
