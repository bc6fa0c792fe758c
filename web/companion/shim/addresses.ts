// Addresses between what a page writes (real ones) and what the DOM holds (view ones). Only the origin's part of a text changes,
// so that what a page reads back is what it wrote.
import { decodeOrigin, parseViewHost, serializeOrigin, upstreamOrigin, viewOrigin, type UpstreamOrigin, type ViewDomain } from '../../shared/origin';
import { mapCss } from '../../shared/css';
import { mapSrcset } from '../../shared/srcset';
import type { PageConfig } from '../../shared/protocol/visitor';

const NativeURL = URL;
const HEAD = /^[\0- ]*(?:(https?|wss?):)?[\\/]{2,}([^\\/?#]*)/i;
const TO = '/.alongside/to?url=';
/** Entries of a cache; a page that names more origins than this pays for reading their addresses again. */
const CACHED = 1000;
/** Texts below this length, in characters, are worth remembering: addresses, not markup. */
const SHORT = 300;

/** Maps and unmaps in one document. */
export class Addresses {
  /** This document's view origin. */
  readonly here: string;
  /** This document's real origin. */
  readonly real: UpstreamOrigin;
  private readonly domain: ViewDomain;
  private readonly hereLabel: string;
  private readonly heads = new Map<string, string | null>();
  private readonly reals = new Map<string, string>();
  private readonly labels = new Map<string, UpstreamOrigin | null>();
  private readonly views: RegExp;
  private readonly detours: RegExp;

  /** `origin`: the document's own origin as the browser has it. */
  constructor(private readonly config: PageConfig, origin: string) {
    this.domain = config;
    this.real = upstreamOrigin(new NativeURL(config.origin)) ?? { scheme: 'https', host: '', port: 443 };
    this.here = viewOrigin(config, config.sid, this.real) ?? origin;
    this.hereLabel = /\/\/[^.]*?-(x[a-z2-7]{26})\./.exec(this.here)?.[1] ?? '';
    const domain = escape(config.domain);
    this.views = new RegExp(`(?:(https?|wss?):)?//${config.sid}-([a-z0-9-]+)\\.${domain}(?::${config.port})?(?![\\w:-])`, 'gi');
    this.detours = new RegExp(`(?:${escape(this.here)})?/\\.alongside/to\\?url=([^\\s"'<>&)]*)`, 'g');
  }

  /** A real address as a view address. Relative, foreign and unreadable ones, and view addresses, stay. */
  map(address: string): string {
    const text = /[\t\n\r]/.test(address) ? address.replace(/[\t\n\r]/g, '') : address;
    const head = HEAD.exec(text);
    if (!head) return address;
    const scheme = head[1]?.toLowerCase();
    const authority = head[2] ?? '';
    const view = cached(this.heads, `${scheme ?? ''}:${authority}`, () => this.viewOf(scheme, authority));
    const rest = text.slice(head[0].length);
    if (view === null) return address;
    if (view.startsWith('/')) return `${this.here}${TO}${encodeURIComponent(view.slice(1) + rest)}`;
    const mapped = (scheme === undefined ? view.replace(/^\w+:/, '') : view) + rest;
    return mapped === text ? address : mapped;
  }

  /** Whether a text may hold a view address. */
  concerns(text: string): boolean {
    return text.includes(this.config.sid) || text.includes('/.alongside/');
  }

  /** A text with each view address in it as the real one. Addresses, CSS, markup alike: view hosts are unique in any text. */
  unmap(text: string): string {
    if (!this.concerns(text)) return text;
    return text.length < SHORT ? cached(this.reals, text, () => this.unmapped(text)) : this.unmapped(text);
  }

  /** The real origin behind a view host name (without port). */
  hostOrigin(hostname: string): UpstreamOrigin | null {
    const label = parseViewHost(this.domain, hostname);
    return label?.sid === this.config.sid ? (label.origin ?? this.origin(label.hashed ?? '')) : null;
  }

  /** CSS text with real addresses mapped. */
  css(text: string): string {
    return mayHoldAddress(text) ? mapCss(text, (address) => this.map(address)) : text;
  }

  /** A `srcset` with real addresses mapped. */
  srcset(text: string): string {
    return mayHoldAddress(text) ? mapSrcset(text, (address) => this.map(address)) : text;
  }

  private unmapped(text: string): string {
    if (text.includes('/.alongside/to')) text = text.replace(this.detours, (whole, url: string) => attemptDecode(url) ?? whole);
    return text.replace(this.views, (whole, scheme: string | undefined, label: string) => {
      const origin = this.origin(label);
      if (!origin) return whole;
      const real = serializeOrigin(origin);
      if (scheme === undefined) return origin.scheme === this.real.scheme ? real.replace(/^\w+:/, '') : real;
      return /^ws/i.test(scheme) ? real.replace(/^http/, 'ws') : real;
    });
  }

  private origin(label: string): UpstreamOrigin | null {
    return label === this.hereLabel ? this.real : cached(this.labels, label, () => decodeOrigin(label));
  }

  private ours(hostname: string): boolean {
    return hostname.endsWith(`.${this.domain.domain}`);
  }

  private own(hostname: string): string {
    return serializeOrigin({ scheme: this.domain.scheme, host: hostname, port: this.domain.port });
  }

  /** What replaces `scheme://authority`; null: it stays; `/` and a real origin: only the server can label it. */
  private viewOf(scheme: string | undefined, authority: string): string | null {
    const url = attemptURL(`${scheme ?? this.real.scheme}://${authority}`);
    const origin = url && upstreamOrigin(url);
    if (!url || !origin) return null;
    const text = serializeOrigin(origin);
    const view = this.ours(url.hostname) ? this.own(url.hostname) : text === this.config.origin ? this.here : viewOrigin(this.domain, this.config.sid, origin);
    if (view === null) return `/${text}`;
    return scheme?.startsWith('w') ? view.replace(/^http/, 'ws') : view;
  }
}

function cached<T>(cache: Map<string, T>, key: string, make: () => T): T {
  const found = cache.get(key);
  if (found !== undefined) return found;
  const made = make();
  if (cache.size < CACHED) cache.set(key, made);
  return made;
}

/** Whether a text can hold an absolute address at all. */
export function mayHoldAddress(text: string): boolean {
  return text.includes('//') || text.includes('\\');
}

function attemptURL(text: string): URL | null {
  try {
    return new NativeURL(text);
  } catch {
    return null;
  }
}

function attemptDecode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
