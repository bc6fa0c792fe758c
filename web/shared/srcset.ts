// Mapping the addresses within a `srcset`, by the HTML Standard's own algorithm (4.8.4.3.10): splitting at commas is wrong.

/** The list with each candidate's address mapped; all else stays as it is. */
export function mapSrcset(text: string, map: (address: string) => string): string {
  let out = '';
  let at = 0;
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? '';
    at += found.length;
    return found;
  };
  while (at < text.length) {
    out += take(/[\t\n\f\r ,]*/y);
    const token = take(/[^\t\n\f\r ]*/y);
    const address = token.replace(/,+$/, '');
    out += (address && map(address)) + token.slice(address.length);
    if (address.length === token.length) out += take(/(?:\([^)]*\)?|[^,(])*/y);
  }
  return out;
}
