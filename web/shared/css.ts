// Mapping the addresses within CSS text: `url()` and `src()`, `@import`, `image-set()`. A tokenizer (CSS Syntax 3, section 4), as
// strings, comments and escapes hide what a search would find. Never `@namespace`, never comments.

const TOKEN =
  /\/\*[^]*?(?:\*\/|$)|"(?:[^"\\\n\r\f]|\\[^])*"?|'(?:[^'\\\n\r\f]|\\[^])*'?|@?(?:[-\w\u0080-\uffff]|\\(?:[0-9a-f]{1,6}\s?|[^\n\r\f]))+\(?|[^]/giy;
const UNQUOTED = /([\t\n\f\r ]*)((?:[^\\)\t\n\f\r ]|\\[^])*)/y;
const STRING_FUNCTIONS = /^(?:url|src|-webkit-image-set|image-set)\($/;

/** The text with each address mapped; all else stays as it is. */
export function mapCss(text: string, map: (address: string) => string): string {
  if (!/\/|\\/.test(text)) return text;
  let out = '';
  let at = 0;
  let rule = '';
  const open: string[] = [];
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0] ?? text.charAt(at);
    at += token.length;
    const first = token.charAt(0);
    if (first === '"' || first === "'") {
      const takes = rule !== '@namespace' && (STRING_FUNCTIONS.test(open[open.length - 1] ?? '') || (rule === '@import' && open.length === 0));
      out += takes ? mapString(token, first, map) : token;
      continue;
    }
    out += token;
    if (first === '@') rule = unescapeCss(token).toLowerCase();
    else if (token === ';' || token === '{' || token === '}') rule = '';
    else if (token === ')') open.pop();
    else if (token === '(') open.push('(');
    else if (token.length > 1 && token.endsWith('(') && first !== '/') {
      const name = unescapeCss(token.slice(0, -1)).toLowerCase();
      UNQUOTED.lastIndex = at;
      const [whole = '', space = '', address = ''] = (name === 'url' && UNQUOTED.exec(text)) || [];
      if (name !== 'url' || /^["']/.test(address)) {
        open.push(`${name}(`);
        continue;
      }
      at += whole.length;
      out += space + (rule === '@namespace' ? address : mapUnquoted(address, map));
      open.push('(');
    }
  }
  return out;
}

function mapString(token: string, quote: string, map: (address: string) => string): string {
  const closed = token.length > 1 && token.endsWith(quote);
  const address = unescapeCss(token.slice(1, closed ? -1 : undefined));
  const mapped = map(address);
  if (mapped === address) return token;
  const escaped = mapped.replace(/[\\"'\n\r\f]/g, (c) => `\\${c.charCodeAt(0).toString(16)} `);
  return quote + escaped + (closed ? quote : '');
}

function mapUnquoted(address: string, map: (address: string) => string): string {
  const plain = unescapeCss(address);
  const mapped = map(plain);
  if (mapped === plain) return address;
  return mapped.replace(/[\\"'()\s]/g, (c) => `\\${c.charCodeAt(0).toString(16)} `);
}

function unescapeCss(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/\\(?:([0-9a-f]{1,6})(?:\r\n|\s)?|(\r\n|[^]|$))/gi, (_, hex: string | undefined, other: string | undefined) => {
    if (hex === undefined) return other === undefined || /[\n\r\f]/.test(other) ? '' : other;
    const code = parseInt(hex, 16);
    return code === 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? '\ufffd' : String.fromCodePoint(code);
  });
}
