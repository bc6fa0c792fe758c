// Addresses as agents type and read them.

/** What somebody typed into a bar that shows `base`, as a whole address; null: that is none. */
export function addressOf(typed: string, base?: string): string | null {
  const text = typed.trim();
  const relative = /^[/?#]/.test(text);
  if (text === '' || (relative && base === undefined)) return null;
  const whole = relative || /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(whole, base)) return null;
  const url = new URL(whole, base);
  return ['http:', 'https:'].includes(url.protocol) ? url.href : null;
}

/** Scheme-less host of an address, or the text as it is. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

/** Path and query of an address, without a lonely slash. */
export function pathOf(url: string): string {
  if (!URL.canParse(url)) return '';
  const { pathname, search, hash } = new URL(url);
  const path = pathname + search + hash;
  return path === '/' ? '' : path;
}

/** Name of a picture of a site's page: `kettle-fern-2026-11-24.png`. */
export function pictureName(site: string, now: Date): string {
  const plain = site.normalize('NFKD').toLowerCase().replace(/\p{Mark}/gu, '').replace(/[^\p{Letter}\p{Number}]+/gu, '-').replace(/^-+|-+$/g, '');
  const two = (number: number): string => `${number}`.padStart(2, '0');
  return `${plain || 'page'}-${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}.png`;
}
