// F6 goes from region to region, as in browsers and office programs.

/** Elements with `data-region`, in the order of the page, that can be seen. */
function regions(): HTMLElement[] {
  const within = document.fullscreenElement ?? document;
  return [...within.querySelectorAll<HTMLElement>('[data-region]')].filter((one) => one.getClientRects().length > 0);
}

/** The region after the one that has the focus, or before it. `from`: its name, when the focus is in a frame. */
export function nextRegion(back: boolean, from?: string): HTMLElement | undefined {
  const all = regions();
  const at = all.findIndex((one) => (from === undefined ? one.contains(document.activeElement) : one.dataset['region'] === from));
  const step = back ? -1 : 1;
  return all[at < 0 ? 0 : (at + step + all.length) % all.length];
}

/** Puts the focus on the first thing in a region that takes it: a text field before anything else. */
export function enter(region: HTMLElement): void {
  const able = [...region.querySelectorAll<HTMLElement>('button, a[href], input, textarea, [tabindex="0"]')].filter(
    (one) => one.tabIndex >= 0 && one.getClientRects().length > 0 && !one.closest('[popover]') && !('disabled' in one && one.disabled === true),
  );
  (able.find((one) => one.matches('textarea')) ?? able[0])?.focus();
}
