// Mapping markup as text: a small tokenizer (HTML Standard, 13.2.5) finds the values of attributes and the text of style elements;
// everything else passes as it is, so that the browser's parser sees what the page wrote. Streaming, as `document.write` cuts anywhere.

const NAME = /<([a-z][^\t\n\f\r />]*)/iy;
const SPACE = /[\t\n\f\r /]*/y;
const ATTRIBUTE = /[^\t\n\f\r />][^\t\n\f\r />=]*/y;
const EQUALS = /[\t\n\f\r ]*=[\t\n\f\r ]*/y;
const UNQUOTED = /[^\t\n\f\r >]*/y;
const RAW = /^(?:script|style|textarea|title|xmp|iframe|noembed|noframes)$/;

/** How values are mapped. */
export interface MarkupHooks {
  /** An attribute's value; entities are as in the markup. */
  value(element: string, attribute: string, value: string): string;
  /** Text of a style element. */
  css(text: string): string;
}

/** One stream of markup. */
export class Markup {
  private raw = '';
  private rest = '';

  constructor(private readonly hooks: MarkupHooks) {}

  /** The next piece, mapped. Unless `final`, a construct that may go on in the next piece is held back. */
  write(piece: string, final: boolean): string {
    const text = this.rest + piece;
    this.rest = '';
    let out = '';
    let at = 0;
    while (at < text.length) {
      const [done, next] = this.raw ? this.rawText(text, at, final) : this.markup(text, at);
      if (next === at) break;
      out += done;
      at = next;
    }
    if (final) return out + text.slice(at);
    this.rest = text.slice(at);
    return out;
  }

  /** Whether something is held back. */
  get holds(): boolean {
    return this.rest !== '';
  }

  /** Up to and with the next construct: its text, mapped, and where it ends. An end at `at`: it is not complete. */
  private markup(text: string, at: number): [string, number] {
    const start = text.indexOf('<', at);
    if (start < 0) return [text.slice(at), text.length];
    if (start > at) return [text.slice(at, start), start];
    NAME.lastIndex = start;
    const name = NAME.exec(text)?.[1];
    if (name !== undefined) return this.startTag(text, start, name.toLowerCase());
    const end = endOfOther(text, start);
    return [text.slice(start, end), end];
  }

  private startTag(text: string, start: number, name: string): [string, number] {
    let out = '';
    let copied = start;
    let at = start + 1 + name.length;
    const skip = (pattern: RegExp): string => {
      pattern.lastIndex = at;
      const found = pattern.exec(text)?.[0] ?? '';
      at += found.length;
      return found;
    };
    for (;;) {
      skip(SPACE);
      if (at >= text.length) return ['', start];
      if (text[at] === '>') break;
      const attribute = skip(ATTRIBUTE);
      if (skip(EQUALS) === '') continue;
      const quote = text[at] === '"' || text[at] === "'" ? text.charAt(at) : '';
      const from = at + quote.length;
      if (quote) at = text.indexOf(quote, from);
      else skip(UNQUOTED);
      if (at < 0 || at >= text.length) return ['', start];
      const value = text.slice(from, at);
      const mapped = this.hooks.value(name, attribute.toLowerCase(), value);
      if (mapped !== value) {
        out += text.slice(copied, from) + (quote === "'" ? mapped.replace(/'/g, '&#39;') : quote ? mapped : `"${mapped}"`);
        copied = at;
      }
      at += quote.length;
    }
    at += 1;
    if (RAW.test(name)) this.raw = name;
    return [out + text.slice(copied, at), at];
  }

  private rawText(text: string, at: number, final: boolean): [string, number] {
    const close = new RegExp(`</${this.raw}(?=[\\t\\n\\f\\r />])`, 'ig');
    close.lastIndex = at;
    const end = close.exec(text)?.index;
    const css = this.raw === 'style';
    if (end === undefined) {
      const safe = final ? text.length : css ? at : Math.max(at, partialClose(text));
      const part = text.slice(at, safe);
      return [css ? this.hooks.css(part) : part, safe];
    }
    this.raw = '';
    const part = text.slice(at, end);
    const after = end + 2;
    return [(css ? this.hooks.css(part) : part) + text.slice(end, after), after];
  }
}

/** Where a comment, end tag, doctype or stray `<` ends; `start` itself if it is not complete. */
function endOfOther(text: string, start: number): number {
  if (text.startsWith('<!--', start)) return past(text, '-->', start, start + 2);
  if (/^<(?:[!/?]|$)/.test(text.slice(start, start + 2))) return past(text, '>', start, start + 1);
  return start + 1;
}

function past(text: string, mark: string, start: number, from: number): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? start : found + mark.length;
}

/** Where a trailing `<`, `</` or `</scri` begins, which may become an end tag. */
function partialClose(text: string): number {
  return text.length - (/<(?:\/[a-z]*)?$/i.exec(text)?.[0].length ?? 0);
}

/** CSS within an attribute of markup: quotation marks may be written as entities. */
export function mapAttributeCss(value: string, css: (text: string) => string): string {
  const plain = value.replace(/&(?:quot|#34|#x22);/gi, '"').replace(/&(?:apos|#39|#x27);/gi, "'");
  const mapped = css(plain);
  return mapped === plain ? value : mapped.replace(/"/g, '&quot;');
}
