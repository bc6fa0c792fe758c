// How a canary is written: as text, and as the markup of that text.

const escaped = (text) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const wide = (c) => (c > ' ' && c <= '~' ? String.fromCharCode(c.charCodeAt(0) + 0xfee0) : c);
const ZERO_WIDTH = ['\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad'];

/** Each gives the text that stands in the page. `entities` differs in its markup alone, `typed` comes piece by piece. */
const TEXTS = {
  plain: (text) => text,
  'nbsp and zero-width': (text) => [...text].map((c, i) => (c === ' ' ? '\u00a0' : c) + ZERO_WIDTH[i % ZERO_WIDTH.length]).join(''),
  'full-width': (text) => [...text].map(wide).join(''),
  entities: (text) => text,
  'bidi override': (text) => `\u202e${[...text].reverse().join('')}\u202c`,
  typed: (text) => text,
};

export const DISGUISES = Object.keys(TEXTS);

const hidden = TEXTS['nbsp and zero-width'];
/** Two at once. */
const MIXED = {
  'full-width and zero-width': (text) => hidden(TEXTS['full-width'](text)),
  'bidi override, full-width': (text) => TEXTS['bidi override'](TEXTS['full-width'](text)),
  'typed, full-width': TEXTS['full-width'],
  'typed, nbsp and zero-width': hidden,
};
export const TWICE = [...DISGUISES, ...Object.keys(MIXED)];

/** Whether it comes bit by bit. */
export const grows = (disguise) => disguise.startsWith('typed');

/** The text in its disguise. */
export const dress = (disguise, text) => ({ ...TEXTS, ...MIXED })[disguise](text);

/** The markup of a text in its disguise, safe in attributes, too. */
export function markup(disguise, text) {
  const dressed = dress(disguise, text);
  if (disguise !== 'entities') return escaped(dressed);
  return [...dressed].map((c, i) => (i % 2 ? `&#${c.charCodeAt(0)};` : `&#x${c.charCodeAt(0).toString(16)};`)).join('');
}

/** The same as CSS writes it within strings: all of it, or its two halves. */
export function cssText(disguise, text) {
  const characters = [...dress(disguise, text)].map((c) => (disguise === 'entities' ? `\\${c.codePointAt(0).toString(16)} ` : c));
  const half = Math.floor(characters.length / 2);
  return { whole: characters.join(''), halves: [characters.slice(0, half).join(''), characters.slice(half).join('')] };
}
