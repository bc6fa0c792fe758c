// What a visitor is asked about an act, and which buttons pay.
import type { Wish } from './rules';

/** Longest name in a question, in characters. */
const LONGEST = 60;

/** The question, as one sentence. `who`: name of the agent. */
export function sentence(who: string, wish: Wish): string {
  if (wish.kind === 'open') return `${who} wants to open ${cut(wish.address.replace(/^https?:\/\//, ''))}`;
  const named = wish.name === '' ? '' : `“${cut(wish.name)}”`;
  if (wish.kind === 'submit') return named ? `${who} wants to send the form ${named}` : `${who} wants to send this form`;
  const thing = named || wish.what;
  switch (wish.kind) {
    case 'press':
      return `${who} wants to press ${thing}`;
    case 'type':
      return `${who} wants to type in ${thing}`;
    case 'choose':
      return `${who} wants to choose in ${thing}`;
    case 'check':
      return `${who} wants to change ${thing}`;
    case 'enter':
      return `${who} wants to press Enter in ${thing}, which sends the form`;
  }
}

/** At most 60 characters, spaces as one. */
export function cut(text: string): string {
  const characters = [...text.replace(/\s+/g, ' ').trim()];
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST - 1).join('').trimEnd()}…` : characters.join('');
}

/**
 * Words that say of a button that it pays or orders, by language (English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Danish, Norwegian and
 * Swedish): as whole words, in any case. ARCHITECTURE.md names the list; a site's own words go into its rule `ask_selectors`.
 */
const PAYS: readonly string[] = [
  'pay', 'buy', 'order now', 'order and pay', 'place order', 'place your order', 'place my order', 'complete order', 'confirm order', 'submit order', 'purchase', 'checkout', 'check out',
  'donate',
  'bezahlen', 'zahlen', 'kaufen', 'bestellen', 'zahlungspflichtig', 'spenden',
  'payer', 'acheter', 'commander', 'régler',
  'pagar', 'comprar', 'realizar pedido',
  'paga', 'acquista', 'compra', 'ordina',
  'finalizar compra', 'encomendar',
  'betalen', 'koop', 'kopen', 'afrekenen',
  'zapłać', 'kup', 'kupuję', 'zamawiam',
  'betal', 'køb', 'kjøp', 'bestil', 'betala', 'köp',
];

const PAYING = new RegExp(`(?<![\\p{L}\\p{N}])(?:${PAYS.join('|')})(?![\\p{L}\\p{N}])`, 'iu');

/** Whether a control's name says that it pays. "Order" alone does, "Order history" does not. */
export function paysByName(name: string): boolean {
  const plain = name.replace(/\s+/g, ' ').trim();
  return PAYING.test(plain) || /^order$/i.test(plain);
}
