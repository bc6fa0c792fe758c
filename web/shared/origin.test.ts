import { describe, expect, it } from 'vitest';
import file from '../../fixtures/origin/vectors.json';
import { Addresses } from '../companion/shim/addresses';
import { parseViewHost, upstreamOrigin, serializeOrigin, viewOrigin, type ViewDomain } from './origin';
import type { PageConfig } from './protocol/visitor';

interface Vectors {
  sid: string;
  domains: Record<string, ViewDomain>;
  addresses: Array<{ case: string; domain: string; real: string; view: string; hashed: boolean }>;
  refused: Array<{ case: string; domain: string; host: string }>;
}

const vectors: Vectors = file;

function domainOf(name: string): ViewDomain {
  const domain = vectors.domains[name];
  if (!domain) throw new Error(`no domain ${name}`);
  return domain;
}

function addresses(domain: ViewDomain, origin = 'https://page.example'): Addresses {
  const config: PageConfig = { ...domain, sid: vectors.sid, url: `${origin}/`, origin, referrer: '', cookie: '', companion: '' };
  return new Addresses(config, `${domain.scheme}://${vectors.sid}-x${'a'.repeat(26)}.${domain.domain}`);
}

it('finds vectors', () => {
  expect(vectors.addresses.length).toBeGreaterThan(20);
  expect(vectors.refused.length).toBeGreaterThan(10);
});

describe('labels', () => {
  it.each(vectors.addresses)('$case ($domain): $real', ({ domain, real, view, hashed }) => {
    const ours = domainOf(domain);
    const origin = upstreamOrigin(new URL(real));
    if (!origin) throw new Error('no origin');
    const label = parseViewHost(ours, new URL(view).hostname);
    expect(label?.sid).toBe(vectors.sid);
    if (hashed) {
      expect(viewOrigin(ours, vectors.sid, origin)).toBeNull();
      expect(label?.hashed).toMatch(/^x/);
    } else {
      expect(viewOrigin(ours, vectors.sid, origin)).toBe(new URL(view.replace(/^ws/, 'http')).origin);
      expect(label?.origin).toEqual(origin);
    }
  });

  it.each(vectors.refused)('refused, $case ($domain): $host', ({ domain, host }) => {
    expect(parseViewHost(domainOf(domain), host.replace(/:\d+$/, ''))).toBeNull();
  });
});

describe('addresses', () => {
  it.each(vectors.addresses)('$case ($domain): $real', ({ domain, real, view, hashed }) => {
    const maps = addresses(domainOf(domain));
    const url = new URL(real);
    if (hashed) {
      const mapped = maps.map(real);
      expect(mapped).toContain('/.alongside/to?url=');
      if (!url.username) expect(new URL(maps.unmap(mapped)).href).toBe(url.href.replace(/^ws/, 'http'));
      return;
    }
    expect(new URL(maps.map(real)).href).toBe(view);
    expect(maps.map(view)).toBe(view);
    url.username = '';
    url.password = '';
    expect(new URL(maps.unmap(view)).href).toBe(url.href);
  });

  const local = domainOf('local');
  const here = `http://${vectors.sid}-spage-example.view.localhost:8080`;
  it.each([
    ['/relative', '/relative'],
    ['relative?u=https://x.example', 'relative?u=https://x.example'],
    ['#f', '#f'],
    ['', ''],
    ['javascript:open("https://x.example")', 'javascript:open("https://x.example")'],
    ['data:text/html,https://x.example', 'data:text/html,https://x.example'],
    ['blob:https://x.example/1', 'blob:https://x.example/1'],
    ['https://page.example', here],
    ['  HTTPS://Page.Example/A', `${here}/A`],
    ['//page.example/a', `${here.slice(5)}/a`],
    ['\\\\page.example/a', `${here.slice(5)}/a`],
    ['ht\ntps://page.example/a', `${here}/a`],
    ['wss://page.example/a', `${here.replace('http', 'ws')}/a`],
    ['https://', 'https://'],
    [`https://${new URL(here).host}/a`, `${here}/a`],
    [`wss://${new URL(here).host}/a`, `${here.replace('http', 'ws')}/a`],
    [`//${new URL(here).host}/a`, `//${new URL(here).host}/a`],
    ['https://page.example:443/a?b=https://c.example', `${here}/a?b=https://c.example`],
  ])('maps %j', (real, view) => {
    expect(addresses(local).map(real)).toBe(view);
  });

  it('unmaps within any text', () => {
    const maps = addresses(local);
    expect(maps.unmap(`a{b:url(${here}/x)} <a href="${here.slice(5)}/y">${here}</a>`)).toBe('a{b:url(https://page.example/x)} <a href="//page.example/y">https://page.example</a>');
    expect(maps.unmap(here.replace('8080', '80801'))).toBe(here.replace('8080', '80801'));
    expect(serializeOrigin(maps.hostOrigin(new URL(here).hostname) ?? { scheme: '', host: '', port: 0 })).toBe('https://page.example');
  });

  it('knows its own hashed label', () => {
    const maps = addresses(local, 'https://my_shop.example');
    expect(maps.map('https://my_shop.example/a')).toBe(`${maps.here}/a`);
    expect(maps.here).toContain('-xaaaa');
    expect(maps.unmap(`http://${vectors.sid}-x${'a'.repeat(26)}.view.localhost:8080/a`)).toBe('https://my_shop.example/a');
  });
});
