// The site's cookies as scripts see them: a copy of the script-visible ones. A write changes the copy as a browser would and is
// carried to the server's jar by a short-lived cookie of ours, which goes with the very next request.

const DAY = 86_400_000;

/** What the copy needs to know of its document. */
export interface CookieContext {
  /** Real address of the document. */
  url: string;
  /** Hands one of our carriers to the browser. */
  carry(cookie: string): void;
  /** Whether a host name is a view host that stands for the document's own host, or the view domain itself. */
  viewHost(hostname: string): boolean;
}

interface Written {
  name: string;
  value: string;
  gone: boolean;
  key: string;
}

/** Copy of one document's cookies. */
export class Cookies {
  private cookies = new Map<string, string>();
  private written: Array<{ at: number; change: Written }> = [];
  private carriers = new Map<string, string>();
  private clock = 0;
  private refreshed = 0;
  private last = 0;

  constructor(private readonly context: CookieContext, text: string) {
    this.fill(text);
  }

  /** As `document.cookie` reads. */
  toString(): string {
    return [...this.cookies].map(([name, value]) => (name ? `${name}=${value}` : value)).join('; ');
  }

  /** Names and values. */
  entries(): Array<[string, string]> {
    return [...this.cookies];
  }

  /** As `document.cookie = text`. */
  write(text: string): void {
    const change = this.read(text);
    if (change) {
      this.apply(change);
      this.written.push({ at: ++this.clock, change });
    }
    this.carry(change?.key ?? text, text);
  }

  /** A moment to give to `refresh`: when a request was sent. */
  now(): number {
    return this.clock;
  }

  /** The server's word on the cookies, in answer to a request sent at `sent`. Later writes of this document stand. */
  refresh(header: string | null | undefined, sent: number): void {
    if (typeof header !== 'string' || sent < this.refreshed) return;
    this.refreshed = sent;
    this.written = this.written.filter(({ at }) => at > sent);
    this.fill(decodeURIComponent(header));
    for (const { change } of this.written) this.apply(change);
  }

  private fill(text: string): void {
    this.cookies = new Map();
    for (const pair of text.split('; ')) {
      if (pair === '') continue;
      const equals = pair.indexOf('=');
      if (equals < 0) this.cookies.set('', pair);
      else this.cookies.set(pair.slice(0, equals), pair.slice(equals + 1));
    }
  }

  private apply(change: Written): void {
    if (change.gone) this.cookies.delete(change.name);
    else this.cookies.set(change.name, change.value);
  }

  private carry(key: string, text: string): void {
    const earlier = this.carriers.get(key);
    if (earlier) this.context.carry(`${earlier}=; path=/; max-age=0; Secure`);
    this.last = Math.max(this.last + 1, Date.now() * 1000);
    const carrier = `__Host-alongside-w${this.last}`;
    this.carriers.set(key, carrier);
    this.context.carry(`${carrier}=${encodeURIComponent(text)}; path=/; max-age=30; SameSite=Lax; Secure`);
  }

  /** What a cookie string changes in the copy (RFC 6265bis, 5.6 and 5.7); null: nothing. */
  private read(text: string): Written | null {
    if (/[\0-\x08\x0a-\x1f\x7f]/.test(text)) return null;
    const [pair = '', ...attributes] = text.split(';');
    const equals = pair.indexOf('=');
    const name = pair.slice(0, Math.max(equals, 0)).trim();
    const value = pair.slice(equals + 1).trim();
    if (name === '' && value === '') return null;
    const found = new Map(attributes.map((attribute): [string, string] => {
      const [key = '', ...rest] = attribute.split('=');
      return [key.trim().toLowerCase(), rest.join('=').trim()];
    }));
    const domain = (found.get('domain') ?? '').replace(/^\./, '').toLowerCase();
    const path = found.get('path') ?? '';
    if (!this.allowed(name, found, domain, path)) return null;
    return { name, value, gone: expired(found), key: `${name};${domain};${path}` };
  }

  private allowed(name: string, found: Map<string, string>, domain: string, path: string): boolean {
    const url = new URL(this.context.url);
    const secure = url.protocol === 'https:' || /^(?:localhost|.*\.localhost|127\.[\d.]+)$/.test(url.hostname);
    const host = url.hostname;
    if (found.has('httponly') || (found.has('secure') && !secure)) return false;
    if (domain && host !== domain && !host.endsWith(`.${domain}`) && !this.context.viewHost(domain)) return false;
    if (path.startsWith('/') && !`${url.pathname}/`.startsWith(path.endsWith('/') ? path : `${path}/`)) return false;
    if (/^__(?:secure|host)-/i.test(name) && !found.has('secure')) return false;
    return !/^__host-/i.test(name) || (domain === '' && path === '/');
  }
}

function expired(attributes: Map<string, string>): boolean {
  const age = attributes.get('max-age');
  if (age !== undefined && /^-?\d+$/.test(age)) return Number(age) <= 0;
  const expires = attributes.get('expires');
  if (expires === undefined) return false;
  const time = Date.parse(expires.replace(/-/g, ' '));
  return !Number.isNaN(time) && time <= Date.now();
}

/** Text for a cookie of `CookieStore.set`. */
export function cookieText(init: { name?: unknown; value?: unknown; expires?: unknown; domain?: unknown; path?: unknown; sameSite?: unknown }): string {
  const { name, value, expires, domain, path = '/', sameSite = 'strict' } = init;
  let text = `${String(name ?? '')}=${String(value ?? '')}; path=${String(path)}; SameSite=${String(sameSite)}; Secure`;
  if (typeof expires === 'number' && Math.abs(expires) < 1e5 * DAY) text += `; expires=${new Date(expires).toUTCString()}`;
  if (domain !== null && domain !== undefined) text += `; domain=${String(domain)}`;
  return text;
}
