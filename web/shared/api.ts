// The control origin's API, as the console and the join page call it. Every call either gives its reply or throws a `Problem`.
import type {
  Admitted,
  Allow,
  ApiError,
  AskHelp,
  Colleague,
  HelpState,
  Join,
  JoinOffer,
  Me,
  NewSession,
  SessionInfo,
  SignIn,
  StartSession,
  TakeHelp,
  ViewerAddress,
} from './protocol/api';

/** Status of a `Problem` that no server answered. */
export const UNREACHABLE = 0;

/** A call that failed: `message` is for the person who asked. */
export class Problem extends Error {
  /** HTTP status, or `UNREACHABLE`. */
  readonly status: number;
  /** The server's stable word for it, or `unreachable`, or `unknown`. */
  readonly code: string;
  /** What the reply had, where that is no `ApiError`. */
  readonly body: unknown;

  constructor(status: number, code: string, message: string, body?: unknown) {
    super(message);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.body = body;
  }
}

/** What anything thrown means for the person who asked. */
export function problemOf(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem(UNREACHABLE, 'unknown', 'Something went wrong here. Reload the page and try again.');
}

function isApiError(value: unknown): value is ApiError {
  return typeof value === 'object' && value !== null && 'code' in value && 'message' in value
    && typeof value.code === 'string' && typeof value.message === 'string';
}

async function refusal(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  if (isApiError(body)) return new Problem(response.status, body.code, body.message);
  const message = response.status >= 500
    ? 'The server has a problem of its own. Try again in a moment.'
    : 'The server refused this. Reload the page and try again.';
  return new Problem(response.status, 'unknown', message, body);
}

/** What this side sends. */
export type Method = 'GET' | 'POST' | 'DELETE';

/** A call whose reply is its status. */
export async function send(method: Method, path: string, body?: object): Promise<Response> {
  const init: RequestInit = { method, cache: 'no-store', credentials: 'same-origin', redirect: 'error' };
  if (body) {
    init.headers = { 'content-type': 'application/json' };
    init.body = JSON.stringify(body);
  }
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch {
    throw new Problem(UNREACHABLE, 'unreachable', 'The server cannot be reached. Check your connection and try again.');
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

/** A call whose reply is JSON. */
export async function read<T>(method: Method, path: string, body?: object): Promise<T> {
  const response = await send(method, path, body);
  try {
    return (await response.json()) as T;
  } catch {
    throw new Problem(response.status, 'unknown', 'The server gave an answer that makes no sense here. Reload the page and try again.');
  }
}

const session = (id: string): string => `/api/sessions/${encodeURIComponent(id)}`;

/** The agent's calls. */
export const agents = {
  me: () => read<Me>('GET', '/api/me'),
  signIn: (body: SignIn) => read<Me>('POST', '/api/sign-in', body),
  signOut: () => send('POST', '/api/sign-out'),
  start: (body: StartSession) => read<NewSession>('POST', '/api/sessions', body),
  sessions: () => read<SessionInfo[]>('GET', '/api/sessions'),
  session: (id: string) => read<SessionInfo>('GET', session(id)),
  newPin: (id: string) => read<NewSession>('POST', `${session(id)}/pin`),
  viewer: (id: string) => read<ViewerAddress>('POST', `${session(id)}/viewer`),
  end: (id: string) => send('POST', `${session(id)}/end`),
  takeHelp: (body: TakeHelp) => read<SessionInfo>('POST', '/api/help/take', body),
  /** A picture of the page in image mode, as agents may see it: of the visitor's view, or of the whole page. */
  still: async (id: string, whole: boolean) => (await send('GET', `${session(id)}/still?whole=${whole}`)).blob(),
  colleagues: () => read<Colleague[]>('GET', '/api/colleagues'),
};

/** Address of a session's console socket, for a page at `base`. */
export function socketAddress(id: string, base: string): string {
  const url = new URL(`${session(id)}/socket`, base);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return url.href;
}

/** The visitor's calls. */
export const visitors = {
  join: (body: Join) => read<JoinOffer>('POST', '/api/join', body),
  offer: () => read<JoinOffer>('GET', '/api/join'),
  allow: (body: Allow) => read<Admitted>('POST', '/api/join/allow', body),
  deny: () => send('POST', '/api/join/deny'),
  askHelp: (body: AskHelp) => read<HelpState>('POST', '/api/help', body),
  help: () => read<HelpState>('GET', '/api/help'),
  leaveHelp: () => send('DELETE', '/api/help'),
};
