// Waiting in tests that play the server themselves.

/** Tries until it gives something else than false, null or undefined. */
export async function until(what, attempt, deadline = 5_000) {
  const end = Date.now() + deadline;
  for (;;) {
    const value = await attempt();
    if (value !== false && value !== null && value !== undefined) return value;
    if (Date.now() > end) throw new Error(`${what}: not yet`);
    await new Promise((done) => setTimeout(done, 10));
  }
}
