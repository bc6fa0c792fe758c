// Addresses in plain text.

/** A piece of a text; with an address: a link. */
export interface Piece {
  text: string;
  href?: string;
}

const ADDRESS = /https?:\/\/[^\s<>"'`]+/gi;
/** What ends a sentence is not the address's. */
const AFTER = /[.,;:!?)\]}»”’]+$/;

/** Cuts a text at its http and https addresses; the pieces together are the text. */
export function linked(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const whole = match[0];
    const address = whole.replace(AFTER, '');
    if (!URL.canParse(address)) continue;
    if (match.index > from) pieces.push({ text: text.slice(from, match.index) });
    pieces.push({ text: address, href: new URL(address).href });
    from = match.index + address.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}
