// A line of chat, cut into what is text and what could be a link.

export interface Piece {
  text: string;
  /** Where it leads, should somebody want it to. */
  href?: string;
}

const ADDRESS = /https?:\/\/[^\s<>"']+/gi;
/** What follows an address in a sentence and does not belong to it. */
const AFTER = /[.,;:!?)\]}]+$/;

/** The pieces of a text, in order; joined they are the text. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(AFTER, '');
    if (!URL.canParse(address)) continue;
    if (match.index > end) found.push({ text: text.slice(end, match.index) });
    found.push({ text: address, href: new URL(address).href });
    end = match.index + address.length;
  }
  if (end < text.length) found.push({ text: text.slice(end) });
  return found;
}
