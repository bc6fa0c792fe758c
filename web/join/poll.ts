// Asking again and again, as long as somebody may be waiting for it.

/** Milliseconds between an answer and the next question. */
export const EVERY = 2_000;
/** Milliseconds out of sight after which nothing is asked until the page is in sight again. A visitor who telephones has it out of sight, too. */
export const HIDDEN_FOR = 120_000;

/** Calls `ask` at once and after each answer; one call at a time. Gives back how to stop. */
export function poll(ask: () => Promise<void>, doc: Document = document): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let hiddenSince = doc.visibilityState === 'visible' ? null : Date.now();
  let asking = false;
  let stopped = false;
  const turn = async (): Promise<void> => {
    clearTimeout(timer);
    if (stopped || asking || (hiddenSince !== null && Date.now() - hiddenSince >= HIDDEN_FOR)) return;
    asking = true;
    try {
      await ask();
    } finally {
      asking = false;
      if (!stopped) timer = setTimeout(() => void turn(), EVERY);
    }
  };
  const changed = (): void => {
    hiddenSince = doc.visibilityState === 'visible' ? null : (hiddenSince ?? Date.now());
    if (hiddenSince === null) void turn();
  };
  doc.addEventListener('visibilitychange', changed);
  void turn();
  return () => {
    stopped = true;
    clearTimeout(timer);
    doc.removeEventListener('visibilitychange', changed);
  };
}
