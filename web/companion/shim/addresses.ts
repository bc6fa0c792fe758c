// Addresses between what a page writes (real ones) and what the DOM holds (view ones). Only the origin's part of a text changes,
// so that what a page reads back is what it wrote.
import { decodeOrigin, parseViewHost, serializeOrigin, upstreamOrigin, viewOrigin, type UpstreamOrigin, type ViewDomain } from '../../shared/origin';
import { mapCss } from '../../shared/css';
import { mapSrcset } from '../../shared/srcset';
import type { PageConfig } from '../../shared/protocol/visitor';

const NativeURL = URL;
const HEAD = /^[\0- ]*(?:(https?|wss?):)?[\\/]{2,}([^\\/?#]*)/i;
const TO = '/.alongside/to?url=';

/** Maps and unmaps in one document. */
export class Addresses {
  /** This document's view origin. */
  readonly here: string;
  /** This document's real origin. */
  readonly real: UpstreamOrigin;
  private readonly domain: ViewDomain;
  private readonly hereLabel: string;
  private readonly known = new Map<string, string | null>();
  private readonly views: RegExp;
  private readonly detours: RegExp;

  /** `origin`: the document's own origin as the browser has it. */
  constructor(private readonly config: PageConfig, origin: string) {
    this.domain = config;
    this.real = upstreamOrigin(new NativeURL(config.origin)) ?? { scheme: 'https', host: '', port: 443 };
    this.here = viewOrigin(config, config.sid, this.real) ?? origin;
    this.hereLabel = /\/\/[^.]*?-(x[a-z2-7]{26})\./.exec(this.here)?.[1] ?? '';
    this.known.set(config.origin, this.here);
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
    const socket = scheme?.startsWith('w') ?? false;
    const url = attemptURL(`${scheme ?? this.real.scheme}://${head[2] ?? ''}`);
    const origin = url && upstreamOrigin(url);
    if (!url || !origin) return address;
    const rest = text.slice(head[0].length);
    const view = this.ours(url.hostname) ? this.own(url.hostname) : this.viewOf(origin);
    if (view === null) return `${this.here}${TO}${encodeURIComponent(serializeOrigin(origin) + rest)}`;
    const mapped = scheme === undefined ? view.replace(/^\w+:/, '') : socket ? view.replace(/^http/, 'ws') : view;
    return mapped + rest === text ? address : mapped + rest;
  }

  /** A text with each view address in it as the real one. Addresses, CSS, markup alike: view hosts are unique in any text. */
  unmap(text: string): string {
    if (text.includes('/.alongside/to')) text = text.replace(this.detours, (whole, url: string) => attemptDecode(url) ?? whole);
    if (!text.includes(this.config.sid)) return text;
    return text.replace(this.views, (whole, scheme: string | undefined, label: string) => {
      const origin = this.origin(label);
      if (!origin) return whole;
      const real = serializeOrigin(origin);
      if (scheme === undefined) return origin.scheme === this.real.scheme ? real.replace(/^\w+:/, '') : real;
      return /^ws/i.test(scheme) ? real.replace(/^http/, 'ws') : real;
    });
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

  private origin(label: string): UpstreamOrigin | null {
    return label === this.hereLabel ? this.real : decodeOrigin(label);
  }

  private ours(hostname: string): boolean {
    return hostname.endsWith(`.${this.domain.domain}`);
  }

  private own(hostname: string): string {
    return serializeOrigin({ scheme: this.domain.scheme, host: hostname, port: this.domain.port });
  }

  private viewOf(origin: UpstreamOrigin): string | null {
    const text = serializeOrigin(origin);
    let view = this.known.get(text);
    if (view === undefined) {
      view = viewOrigin(this.domain, this.config.sid, origin);
      this.known.set(text, view);
    }
    return view;
  }
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
