// Entries of an allowlist, as `src/pattern.rs` reads them: which addresses one covers. `fixtures/policy/patterns.json` has the cases of both.
// The server has refused what is no entry; that a wildcard stands below a public suffix is known to it alone.

/** An entry, read. */
export interface Pattern {
  scheme: 'http' | 'https';
  host: string;
  anySubdomain: boolean;
  /** Null: any. */
  port: string | null;
  path: string;
}

const PORTS = { http: '80', https: '443' };
const TWINS: Readonly<Record<string, 'http' | 'https'>> = { 'http:': 'http', 'ws:': 'http', 'https:': 'https', 'wss:': 'https' };
const Address = URL;

/** Reads an entry; null: it is none. */
export function readPattern(text: string): Pattern | null {
  const [, scheme, wild, authority, port, path] = /^(https?):\/\/(\*\.)?([^/]*?)(:\*)?(\/.*)?$/s.exec(text) ?? [];
  if (!scheme || authority === undefined || !Address.canParse(`${scheme}://${authority}${path ?? ''}`)) return null;
  const url = new Address(`${scheme}://${authority}${path ?? ''}`);
  if (/[?#]/.test(url.href) || url.username || url.password || !url.hostname || url.hostname.includes('*')) return null;
  const known = scheme as 'http' | 'https';
  return { scheme: known, host: url.hostname, anySubdomain: Boolean(wild), port: port ? null : url.port || PORTS[known], path: url.pathname };
}

/** Whether it covers an address. */
export function covers(pattern: Pattern, url: URL): boolean {
  const scheme = TWINS[url.protocol];
  if (scheme !== pattern.scheme) return false;
  const { hostname } = url;
  const host = pattern.anySubdomain ? hostname.endsWith(`.${pattern.host}`) && hostname.length > pattern.host.length + 1 : hostname === pattern.host;
  return host && (pattern.port === null || (url.port || PORTS[scheme]) === pattern.port) && isWithin(url.pathname, pattern.path);
}

function isWithin(path: string, whole: string): boolean {
  const prefix = whole.endsWith('/') ? whole.slice(0, -1) : whole;
  if (!path.startsWith(prefix)) return false;
  const rest = path.slice(prefix.length);
  return (rest === '' || rest.startsWith('/')) && (prefix === '' || !mayClimb(path));
}

/** Whether a server that decodes a path before it resolves it would leave the prefix: `/account/..%2fsecret`. */
function mayClimb(path: string): boolean {
  const plain = path.toLowerCase().replaceAll('%25', '%').replaceAll('%2e', '.').replaceAll('%2f', '/').replaceAll('%5c', '/');
  return plain.split(/[/\\]/).some((segment) => segment.split(';')[0] === '..');
}
