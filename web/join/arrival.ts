// How a visitor arrives: what the address says, and when it may be used.

/** The token of a share link (`/join/{token}`), or null. */
export function linkToken(path: string): string | null {
  const part = /^\/join\/([^/]+)\/?$/.exec(path)?.[1];
  if (part === undefined) return null;
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Whether the address is the page for asking for help (`/help?url=...`). */
export function isHelp(path: string): boolean {
  return /^\/help\/?$/.test(path);
}

/** The page that help is asked for, or null where the address names none. */
export function helpPage(search: string): URL | null {
  const named = new URLSearchParams(search).get('url');
  if (named === null) return null;
  try {
    const page = new URL(named);
    return ['http:', 'https:'].includes(page.protocol) ? page : null;
  } catch {
    return null;
  }
}

/** Waits until a person has the page before them: a page that a browser loads ahead must not use up the link. */
export async function inFront(doc: Document): Promise<void> {
  const prerendering = (): boolean => 'prerendering' in doc && doc.prerendering === true;
  if (prerendering()) await new Promise((go) => doc.addEventListener('prerenderingchange', go, { once: true }));
  while (doc.visibilityState !== 'visible') {
    await new Promise((go) => doc.addEventListener('visibilitychange', go, { once: true }));
  }
}
