import { afterEach, expect, test, vi } from 'vitest';
import { agents, Problem, problemOf, socketAddress, UNREACHABLE, visitors } from './api';

afterEach(() => vi.unstubAllGlobals());

function answering(make: () => Response | Promise<Response>) {
  const fetched = vi.fn<(path: string, init: RequestInit) => Promise<Response>>(async () => make());
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

const caught = (call: Promise<unknown>): Promise<Problem> =>
  call.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => {
      if (error instanceof Problem) return error;
      throw error;
    },
  );

test('sends JSON to its own origin and reads the reply', async () => {
  const fetched = answering(() => Response.json({ id: 'abcdefgh23' }));
  expect(await agents.start({ url: 'https://shop.example/', mode: 'shared' })).toEqual({ id: 'abcdefgh23' });
  const [path, init] = fetched.mock.calls[0] ?? [];
  expect(path).toBe('/api/sessions');
  expect(init).toMatchObject({ method: 'POST', credentials: 'same-origin', cache: 'no-store', body: '{"url":"https://shop.example/","mode":"shared"}' });
});

test.each([
  [() => agents.me(), 'GET', '/api/me'],
  [() => agents.sessions(), 'GET', '/api/sessions'],
  [() => agents.session('a/b'), 'GET', '/api/sessions/a%2Fb'],
  [() => agents.newPin('s'), 'POST', '/api/sessions/s/pin'],
  [() => agents.viewer('s'), 'POST', '/api/sessions/s/viewer'],
  [() => agents.end('s'), 'POST', '/api/sessions/s/end'],
  [() => agents.signOut(), 'POST', '/api/sign-out'],
  [() => visitors.offer(), 'GET', '/api/join'],
  [() => visitors.join({ by: 'pin', pin: '1' }), 'POST', '/api/join'],
  [() => visitors.allow({ mode: 'view-only' }), 'POST', '/api/join/allow'],
  [() => visitors.leaveHelp(), 'DELETE', '/api/help'],
  [() => visitors.deny(), 'POST', '/api/join/deny'],
] as const)('call %#: %s %s %s', async (call, method, path) => {
  const fetched = answering(() => Response.json({}));
  await call();
  expect(fetched.mock.calls[0]?.[0]).toBe(path);
  expect(fetched.mock.calls[0]?.[1].method).toBe(method);
});

test('a reply without a body is fine where none is due', async () => {
  answering(() => new Response(null, { status: 204 }));
  expect((await visitors.deny()).status).toBe(204);
});

test('gives the server’s words for a refusal', async () => {
  answering(() => Response.json({ code: 'wrong-pin', message: 'That PIN is not right.' }, { status: 403 }));
  expect(await caught(visitors.join({ by: 'pin', pin: '000000' }))).toMatchObject({ status: 403, code: 'wrong-pin', message: 'That PIN is not right.' });
});

test.each([
  [502, '<html>Bad gateway</html>', /problem of its own/],
  [400, '{"code":1}', /refused/],
])('has words of its own for status %d with something else', async (status, body, words) => {
  answering(() => new Response(body, { status }));
  const problem = await caught(agents.me());
  expect(problem).toMatchObject({ status, code: 'unknown' });
  expect(problem.message).toMatch(words);
});

test('an unreachable server is told from a refusal', async () => {
  answering(() => Promise.reject(new TypeError('failed to fetch')));
  expect(await caught(agents.me())).toMatchObject({ status: UNREACHABLE, code: 'unreachable' });
});

test('a reply that is no JSON is a problem', async () => {
  answering(() => new Response('hello'));
  expect(await caught(agents.me())).toMatchObject({ status: 200, code: 'unknown' });
});

test('what is no problem becomes one', () => expect(problemOf(new RangeError('x'))).toMatchObject({ code: 'unknown' }));

test.each([
  ['https://alongside.example/', 'wss://alongside.example/api/sessions/abcdefgh23/socket'],
  ['http://alongside.localhost:8080/#/s/abcdefgh23', 'ws://alongside.localhost:8080/api/sessions/abcdefgh23/socket'],
])('socket for a page at %s', (base, address) => expect(socketAddress('abcdefgh23', base)).toBe(address));
