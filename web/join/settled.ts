// Consent must be a deliberate click: a page that was brought in front under a moving finger must not take it.

/** Milliseconds for which the page must have been in front before it takes a consent. */
export const SETTLED_AFTER = 600;

/** Tells whether the page has been in front for long enough, now and whenever it changes; gives back how to stop. */
export function settled(tell: (is: boolean) => void, doc: Document = document, after = SETTLED_AFTER): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const check = (): void => {
    clearTimeout(timer);
    tell(false);
    if (doc.visibilityState === 'visible') timer = setTimeout(() => tell(true), after);
  };
  doc.addEventListener('visibilitychange', check);
  check();
  return () => {
    clearTimeout(timer);
    doc.removeEventListener('visibilitychange', check);
  };
}
