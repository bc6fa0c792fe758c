// After a restart of the server, its copies of what the page loaded are gone: the page loads its pictures, style sheets and fonts once more, past
// the browser's cache, so that agents' views have them again.
import type { Handover, Native } from './handover';

/** Most that a document loads again. */
const MOST = 400;
/** How many at a time. */
const AT_ONCE = 6;

/** A load, in the mode that the page's own had. */
interface Load {
  url: string;
  mode: RequestMode;
  credentials: RequestCredentials;
}

/** Loads the pictures, sheets and fonts of a document again, and of frames below it that can be read from here. */
export async function reloadAssets(handover: Handover, root: Document = document): Promise<void> {
  const loads = assets(handover, root);
  const work = async () => {
    for (let load = loads.shift(); load; load = loads.shift()) {
      const { url, ...options } = load;
      try {
        const response = await handover.native.fetch(url, { ...options, cache: 'reload' });
        await response.arrayBuffer();
      } catch {
        // It did not load for the page either, or does not any more.
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

/** What a document has loaded. */
export function assets({ native, map }: Handover, root: Document): Load[] {
  const found = new Map<string, Load>();
  const add = (address: string, base: string, crossorigin: string | null) => {
    if (!address || found.size >= MOST || !URL.canParse(address, base)) return;
    const url = new URL(address, base);
    url.hash = '';
    if (url.protocol !== location.protocol || found.has(url.href)) return;
    found.set(url.href, { url: url.href, ...how(crossorigin) });
  };
  for (const inner of documents(native, root)) {
    const base = native.baseURI(inner);
    for (const element of inner.querySelectorAll('img, link, input[type=image], video, image')) {
      const attribute = (name: string) => native.getAttribute(element, name);
      add(map(address(element, attribute) ?? ''), base, attribute('crossorigin'));
    }
    // What sheets load shows there alone: pictures, fonts, sheets.
    for (const { name, initiatorType } of inner.defaultView?.performance.getEntriesByType('resource') as PerformanceResourceTiming[] ?? []) {
      if (['css', 'img', 'image', 'link'].includes(initiatorType)) add(map(name), base, isFont(name) ? 'anonymous' : null);
    }
  }
  return [...found.values()];
}

/** A document and the frames below it that can be read. */
function documents(native: Native, root: Document): Document[] {
  const inner = [...root.querySelectorAll<HTMLIFrameElement>('iframe')].map((frame) => native.contentDocument(frame));
  return [root, ...inner.flatMap((document) => (document ? documents(native, document) : []))];
}

/** What an element loaded: the view address, or the real one where only the page's own reading tells. */
function address(element: Element, attribute: (name: string) => string | null): string | null {
  switch (element.localName) {
    case 'img':
      return (element as HTMLImageElement).complete ? (element as HTMLImageElement).currentSrc || attribute('src') : null;
    case 'link':
      return /(^|\s)stylesheet(\s|$)/i.test(attribute('rel') ?? '') ? attribute('href') : null;
    case 'video':
      return attribute('poster');
    case 'image':
      return attribute('href');
    default:
      return attribute('src');
  }
}

/** Elements without `crossorigin` load with cookies and without asking the other origin (HTML, "CORS settings attributes"). */
function how(crossorigin: string | null): Pick<Load, 'mode' | 'credentials'> {
  if (crossorigin === null) return { mode: 'no-cors', credentials: 'include' };
  return { mode: 'cors', credentials: crossorigin === 'use-credentials' ? 'include' : 'same-origin' };
}

function isFont(url: string): boolean {
  return /\.(woff2?|ttf|otf|eot)$/i.test(new URL(url).pathname);
}
