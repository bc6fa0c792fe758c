// The session's assets as `data:` addresses, for what may load nothing by itself.

/** Milliseconds that an asset may take; more bytes than that are not put into one picture. */
const PATIENCE = 4_000;
const MOST = 40_000_000;

/** Takes the place of what could not be had: an empty picture. */
const NOTHING = 'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg"/%3E'.replaceAll('"', "'");

const URLS = /url\(\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^)"'\s]+))\s*\)/g;

export class Assets {
  private readonly known = new Map<string, Promise<string>>();
  private bytes = 0;

  /** The asset at an address, as a `data:` address. */
  get(url: string): Promise<string> {
    if (url.startsWith('data:')) return Promise.resolve(url);
    let found = this.known.get(url);
    if (!found) this.known.set(url, (found = this.load(url).catch(() => NOTHING)));
    return found;
  }

  /** A style sheet's text with all that it loads in it. */
  async inlined(text: string, base: string): Promise<string> {
    const urls = new Map<string, string>();
    for (const [, a, b, c] of text.matchAll(URLS)) {
      const named = (a ?? b ?? c ?? '').replace(/\\(.)/g, '$1');
      if (!named.startsWith('#')) urls.set(named, '');
    }
    await Promise.all(
      [...urls.keys()].map(async (named) => urls.set(named, URL.canParse(named, base) ? await this.get(new URL(named, base).href) : NOTHING)),
    );
    return text.replace(URLS, (all: string, a?: string, b?: string, c?: string) => {
      const data = urls.get((a ?? b ?? c ?? '').replace(/\\(.)/g, '$1'));
      return data === undefined ? all : `url("${data.replaceAll('"', '%22')}")`;
    });
  }

  private async load(url: string): Promise<string> {
    if (new URL(url).origin !== location.origin) return NOTHING;
    const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE) });
    if (!response.ok) return NOTHING;
    const blob = await response.blob();
    this.bytes += blob.size;
    return this.bytes > MOST ? NOTHING : dataOf(blob);
  }
}

function dataOf(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error('not readable'));
    reader.readAsDataURL(blob);
  });
}
