// Generated from src/protocol/chat.rs by `UPDATE=1 cargo test protocol`.
import type { PersonId } from './people';

/**
 * Something that somebody wrote. It is kept while the session runs, so that a reload finds it, and nowhere else.
 */
export type ChatMessage = {
/**
 * Number within the session, ascending.
 */
id: number,
/**
 * Who wrote it.
 */
by: PersonId,
/**
 * Their name then.
 */
name: string,
/**
 * Milliseconds since 1970, by the server's clock.
 */
at: number,
/**
 * 1 to 2,000 characters of plain text.
 */
text: string, };
