// What the companions of top documents and of frames share.
import type { Native } from './handover';

/** Paths below which everything is ours. */
const RESERVED = '/.alongside/';

/** A script of ours, not the page's. */
export function isOurs(native: Native, element: Element): boolean {
  return element.localName === 'script' && Boolean(native.getAttribute(element, 'src')?.includes(RESERVED));
}

/** As soon as there is something to show. */
export function whenBody(native: Native, then: () => void): void {
  if (document.body) {
    then();
    return;
  }
  const observer = new native.MutationObserver(() => {
    if (!document.body) return;
    observer.disconnect();
    then();
  });
  observer.observe(document, { childList: true, subtree: true });
}
