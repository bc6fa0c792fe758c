// View labels in TypeScript: the same codec as `src/origin.rs`, tried with the same vectors (fixtures/origin/vectors.json).
// ARCHITECTURE.md ("Labels") has the format. What this side cannot encode has an `x` label, which only the server can write.

const NativeURL = URL;

/** Longest DNS label, in characters. */
const LABEL_MAX = 63;
const SID_CHARS = 10;
const DEFAULT_PORTS: Record<string, number> = { http: 80, https: 443, ws: 80, wss: 443 };

/** The domain below which view origins live, with our own scheme and port. */
export interface ViewDomain {
  domain: string;
  scheme: string;
  port: number;
}

/** A site on the real web: scheme `http` or `https`, host as the URL Standard serialises it, explicit port. */
export interface UpstreamOrigin {
  scheme: string;
  host: string;
  port: number;
}

/** What a view host name stands for: a session and an origin, known or (as the part of the label from `x` on) hashed. */
export interface ViewLabel {
  sid: string;
  origin: UpstreamOrigin | null;
  hashed: string | null;
}

/** Origin of an `http`, `https`, `ws` or `wss` address; null for other schemes. */
export function upstreamOrigin(url: URL): UpstreamOrigin | null {
  const protocol = url.protocol.slice(0, -1);
  const port = DEFAULT_PORTS[protocol];
  if (port === undefined || url.hostname === '') return null;
  return { scheme: protocol.replace('ws', 'http'), host: url.hostname, port: url.port === '' ? port : Number(url.port) };
}

/** `scheme://host[:port]`, the default port left out. */
export function serializeOrigin({ scheme, host, port }: UpstreamOrigin): string {
  return `${scheme}://${host}${port === DEFAULT_PORTS[scheme] ? '' : `:${port}`}`;
}

/** The part of a label behind `{sid}-`, or null where only a hashed one does. */
export function encodeOrigin(origin: UpstreamOrigin): string | null {
  const readable = readableLabel(origin);
  const decoded = encodable(readable) ? decodeOrigin(readable) : null;
  return decoded && serializeOrigin(decoded) === serializeOrigin(origin) ? readable : null;
}

/** The origin of a readable label's part behind `{sid}-`; null if `encodeOrigin` would not have written it. */
export function decodeOrigin(text: string): UpstreamOrigin | null {
  const match = /^(?:([sh])|([pq])(\d{1,5})-)([a-z0-9-]+)$/.exec(text);
  if (!match) return null;
  const [, plain, ported, digits, enc = ''] = match;
  const scheme = plain === 's' || ported === 'p' ? 'https' : 'http';
  const port = digits === undefined ? (DEFAULT_PORTS[scheme] ?? 0) : Number(digits);
  const origin = { scheme, host: enc.replace(/--?/g, (dashes) => (dashes === '--' ? '-' : '.')), port };
  return readableLabel(origin) === text && isCanonical(origin) ? origin : null;
}

/** Reads a host name (without port). Null: not a view label. The viewer's label is not one. */
export function parseViewHost(domain: ViewDomain, hostname: string): ViewLabel | null {
  const suffix = `.${domain.domain}`;
  if (!hostname.endsWith(suffix)) return null;
  const match = /^([a-z][a-z2-7]{9})-(.+)$/.exec(hostname.slice(0, -suffix.length));
  if (!match) return null;
  const [, sid = '', rest = ''] = match;
  if (/^x[a-z2-7]{26}$/.test(rest)) return { sid, origin: null, hashed: rest };
  const origin = encodable(rest) ? decodeOrigin(rest) : null;
  return origin && { sid, origin, hashed: null };
}

/** `scheme://host[:port]` of an upstream origin's view origin; null where only the server can write the label. */
export function viewOrigin(domain: ViewDomain, sid: string, origin: UpstreamOrigin): string | null {
  const label = encodeOrigin(origin);
  return label && serializeOrigin({ scheme: domain.scheme, host: `${sid}-${label}.${domain.domain}`, port: domain.port });
}

function encodable(label: string): boolean {
  return label.length + SID_CHARS < LABEL_MAX;
}

function readableLabel({ scheme, host, port }: UpstreamOrigin): string {
  const enc = host.replace(/-/g, '--').replace(/\./g, '-');
  const secure = scheme === 'https';
  if (port === DEFAULT_PORTS[scheme]) return `${secure ? 's' : 'h'}${enc}`;
  return `${secure ? 'p' : 'q'}${port}-${enc}`;
}

function isCanonical(origin: UpstreamOrigin): boolean {
  try {
    const text = serializeOrigin(origin);
    return new NativeURL(text).origin === text;
  } catch {
    return false;
  }
}
