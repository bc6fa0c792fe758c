import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { FromVisitor, ToVisitor } from '../shared/protocol/visitor';
import type { Native, Wire } from './handover';

interface Hooks {
  open(): void;
  message(message: ToVisitor): void;
}

/** The connection, played by the test. */
const line = { sent: [] as FromVisitor[], queued: 0, connected: true, hooks: {} as Hooks };
vi.mock('../shared/socket', () => ({
  Socket: class {
    constructor(_: unknown, hooks: Hooks) {
      line.hooks = hooks;
    }
    get queued(): number {
      return line.queued;
    }
    get connected(): boolean {
      return line.connected;
    }
    send(message: FromVisitor): void {
      line.sent.push(message);
    }
    close(): void {}
  },
}));
const { Line } = await import('./socket');

const native = { addEventListener() {}, setTimeout: (run: () => void, after: number) => setTimeout(run, after) } as unknown as Native;
const events = { snapshot: () => [{ t: 'focus' as const, node: 1 }], privacy() {}, message() {}, connection() {}, rtt() {}, lostAssets() {} };

const ofThePage = () => line.sent.filter(({ t }) => t === 'events' || t === 'hash').length;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('document', { visibilityState: 'visible' });
  Object.assign(line, { sent: [], queued: 0, connected: true });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A page that is being told of. */
function told(): InstanceType<typeof Line> {
  const at = new Line({} as Wire, native, events);
  line.hooks.open();
  at.begin();
  expect(ofThePage(), 'nothing before the rules').toBe(0);
  line.hooks.message({ t: 'privacy', sites: [] });
  expect(ofThePage()).toBe(1);
  return at;
}

test.each<[string, (at: InstanceType<typeof Line>) => void]>([
  ['a snapshot that was asked for', () => line.hooks.message({ t: 'resync', assets: false })],
  ['a connection that fell behind', (at) => {
    line.queued = 1e9;
    at.deliver(events.snapshot());
    line.queued = 0;
  }],
])('after the visitor ended the session nothing of the page leaves: %s', (_, begin) => {
  const going = told();
  begin(going);
  vi.advanceTimersByTime(60_000);
  expect(ofThePage(), 'while it runs').toBe(2);

  line.sent = [];
  const ended = told();
  begin(ended);
  ended.end();
  vi.advanceTimersByTime(60_000);
  ended.deliver(events.snapshot());
  ended.hash(1);
  line.hooks.message({ t: 'privacy', sites: [{ scope: [], private: true, rules: [] }] });
  line.hooks.message({ t: 'resync', assets: false });
  line.hooks.open();
  line.hooks.message({ t: 'privacy', sites: [] });
  vi.advanceTimersByTime(60_000);
  expect(ofThePage()).toBe(1);
  expect(line.sent.some(({ t }) => t === 'end')).toBe(true);
});
