// Keeps the overlay on the page, on top and usable, whatever the page does: the proof is a hit test, not a promise of the page's.
import { activeIn, boundsOf, closest, elementAt, focus, matches, raise, raised, remove, type OverlayNative } from './dom';
import type { Parts } from './markup';
import { HOST_STYLE } from './style';

/** Milliseconds between two checks while the tab is in front. */
const CHECK_EVERY = 1_000;
/** Restorations within one check interval after which the page has to wait for the next: no loop with a page that fights. */
const RESTORE_LIMIT = 20;

/** What makes the rest of the page inert, as far as it can hold the overlay: without these, nothing outside them takes a click. */
const HOLDERS = 'dialog:modal, :fullscreen:not(:root, video, img, canvas, iframe, object, embed, svg)';

/** Keeps the parts on the page until stopped. */
export interface Keeper {
  stop(): void;
}

/** What the keeper tells. */
export interface KeeperEvents {
  /** The overlay was put somewhere: its size may have changed. */
  placed(): void;
  /** The document was replaced: the parts have lost their listeners. */
  replaced(): void;
}

export function keep(doc: Document, parts: Parts, native: OverlayNative, events: KeeperEvents): Keeper {
  const { host, root, layer, bar } = parts;
  const style = host.style.cssText;
  const firstHome = doc.documentElement;
  let budget = RESTORE_LIMIT;
  let timer = 0;
  let stopped = false;

  const place = (parent: Node): void => {
    if (host.parentNode === parent) return;
    const active = activeIn(root);
    native.appendChild(parent, host);
    raise(layer);
    if (active instanceof HTMLElement) focus(active, { preventScroll: true });
    watch(parent);
    events.placed();
  };

  const raiseAgain = (): void => {
    const active = activeIn(root);
    raise(layer);
    if (active instanceof HTMLElement) focus(active, { preventScroll: true });
  };

  /** On the page, unaltered, and still within the holder that it was moved into. */
  const restore = (): void => {
    const home = doc.documentElement;
    if (stopped || !home) return;
    if (home !== firstHome) {
      events.replaced();
      return;
    }
    const parent = host.parentNode;
    const held = host.isConnected && parent instanceof Element && matches(parent, HOLDERS);
    if (!held) place(home);
    for (const { name } of [...host.attributes]) if (name !== 'style') native.removeAttribute(host, name);
    if (host.style.cssText !== style) host.style.cssText = HOST_STYLE;
    if (!raised(layer)) raiseAgain();
  };

  /** What takes all presses now, the last to be shown. */
  const topmost = (): Element | null => [...doc.querySelectorAll(HOLDERS)].at(-1) ?? null;
  let above: Element | null = null;
  /** In a hosted page there is no bar to hit: the last of what takes all presses holds the overlay. */
  const checkHosted = (): void => {
    const holder = topmost();
    if (holder === above) return;
    above = holder;
    raiseAgain();
    if (holder) place(holder);
  };

  const reachable = (): Element | null => {
    const { left, top, width, height } = boundsOf(bar);
    return elementAt(doc, left + width / 2, top + height / 2);
  };

  /** What the visitor would hit in the middle of the bar must be the bar; else it goes on top again, or into what holds the page. */
  const check = (): void => {
    restore();
    if (stopped || doc.hidden || !host.isConnected) return;
    if (matches(layer, '[data-hosted]')) {
      checkHosted();
      return;
    }
    let hit = reachable();
    if (hit === null || hit === host) return;
    raiseAgain();
    hit = reachable();
    if (hit === null || hit === host) return;
    const holder = closest(hit, HOLDERS);
    if (holder) place(holder);
  };

  const observer = new native.MutationObserver(() => {
    if (budget-- > 0) restore();
  });
  const watch = (parent: Node): void => {
    observer.disconnect();
    observer.observe(doc, { childList: true });
    observer.observe(parent, { childList: true });
    observer.observe(host, { attributes: true });
  };
  const dialogs = new native.MutationObserver(check);
  const soon = (): void => void native.setTimeout(check, 0);
  const hints = ['toggle', 'close', 'fullscreenchange', 'visibilitychange'];
  const tick = (): void => {
    budget = RESTORE_LIMIT;
    check();
    if (!stopped) timer = native.setTimeout(tick, CHECK_EVERY);
  };

  for (const hint of hints) native.addEventListener(doc, hint, soon, true);
  dialogs.observe(doc, { attributes: true, attributeFilter: ['open'], subtree: true });
  tick();
  return {
    stop() {
      stopped = true;
      native.clearTimeout(timer);
      observer.disconnect();
      dialogs.disconnect();
      for (const hint of hints) native.removeEventListener(doc, hint, soon, true);
      remove(host);
    },
  };
}
