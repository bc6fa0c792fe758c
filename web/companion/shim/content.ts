// Markup and style text on their way into a document.
import { kindOf } from './attributes';
import { mayHoldAddress } from './addresses';
import type { Context } from './context';
import { Markup, mapAttributeCss, type MarkupHooks } from './markup';
import { asText, uncurried } from './wrap';

/** Our own element in a `srcdoc`, as the server or `Content.document` wrote it. */
const OWN = /<script src="[^"]*\/\.alongside\/shim[^"]*"[^>]*><\/script>/;
const DOCTYPE = /^(?:\s|<!--[^]*?-->)*<!doctype[^>]*>/i;
/** Elements whose text is not markup. */
const TEXT_ONLY = /^(?:script|textarea|title|xmp|iframe|noembed|noframes|plaintext)$/;

/** Maps markup of one realm. */
export class Content {
  private readonly hooks: MarkupHooks;
  private readonly inert: Document;
  private readonly setInnerHTML: (self: unknown, text: string) => void;
  private readonly textValue: (self: unknown) => string;

  constructor(private readonly context: Context) {
    const { realm, wrap } = context;
    this.inert = realm.document.implementation.createHTMLDocument('');
    this.setInnerHTML = uncurried(wrap.prototype('Element'), 'innerHTML', 'set');
    this.textValue = uncurried(wrap.prototype('HTMLTextAreaElement'), 'value', 'get');
    this.hooks = {
      css: (text) => context.addresses.css(text),
      value: (element, attribute, value) => {
        const kind = kindOf(element, attribute);
        if (kind === 'css') return mapAttributeCss(value, (text) => context.addresses.css(text));
        if (kind !== 'html') return context.values.map(kind, value);
        return this.document(this.decode(value)).replace(/&/g, '&amp;').replace(/"/g, '&quot;');
      },
    };
  }

  /** A fragment's markup. `within`: the element that it becomes the content of. */
  fragment(text: string, within = ''): string {
    if (within === 'style') return this.context.addresses.css(text);
    if (TEXT_ONLY.test(within) || !(mayHoldAddress(text) || /srcdoc/i.test(text))) return text;
    return this.stream().write(text, true);
  }

  /** A whole document's markup for a `srcdoc`, with the shim in it. */
  document(text: string): string {
    if (OWN.test(text)) return text;
    const config = JSON.stringify({ ...this.context.config, cookie: this.context.cookies.toString() });
    const own = `<script src="${this.context.script}" data-config="${config.replace(/&/g, '&amp;').replace(/"/g, '&quot;')}"></script>`;
    const doctype = DOCTYPE.exec(text)?.[0] ?? '';
    return doctype + own + this.fragment(text.slice(doctype.length));
  }

  /** What the DOM holds of markup or an address, as the page wrote it. */
  original(text: string): string {
    return this.context.addresses.unmap(text.replace(OWN, ''));
  }

  /** A stream of markup, for `document.write`. */
  stream(): Markup {
    return new Markup(this.hooks);
  }

  private decode(text: string): string {
    if (!text.includes('&')) return text;
    const holder = this.inert.createElement('textarea');
    this.setInnerHTML(holder, text);
    return this.textValue(holder);
  }
}

/** Wraps the ways of markup and style text. */
export function installContent(context: Context, content: Content): void {
  const { wrap } = context;
  const unmap = (value: unknown): unknown => context.values.unmap(value);
  const fragment = (value: unknown, within?: string): unknown => {
    const text = asText(value);
    return text === null ? value : content.fragment(text, within);
  };
  const first = ([value, ...rest]: unknown[], self: unknown): unknown[] => [fragment(value, (self as Element).localName), ...rest];

  for (const name of ['Element', 'ShadowRoot']) {
    const prototype = wrap.prototype(name);
    wrap.accessor(prototype, 'innerHTML', unmap, (value, self) => fragment(value, (self as Element).localName));
    for (const method of ['setHTMLUnsafe', 'setHTML']) wrap.method(prototype, method, first);
    wrap.method(prototype, 'getHTML', null, unmap);
  }
  const element = wrap.prototype('Element');
  wrap.accessor(element, 'outerHTML', unmap, (value) => fragment(value));
  wrap.method(element, 'insertAdjacentHTML', ([where, value, ...rest]) => [where, fragment(value), ...rest]);
  wrap.method(wrap.prototype('Range'), 'createContextualFragment', ([value, ...rest]) => [fragment(value), ...rest]);
  wrap.method(wrap.prototype('XMLSerializer'), 'serializeToString', null, unmap);
  wrap.method(context.realm.Document, 'parseHTMLUnsafe', ([value, ...rest]) => [fragment(value), ...rest]);
  wrap.method(wrap.prototype('DOMParser'), 'parseFromString', ([value, type, ...rest]) => [/html|svg/.test(String(type)) ? fragment(value) : value, type, ...rest]);
  installWrite(context, content);
  installStyleText(context);
}

function installWrite(context: Context, content: Content): void {
  const { wrap, native } = context;
  const prototype = wrap.prototype('Document');
  const write = uncurried<[string], void>(prototype, 'write');
  const streams = new WeakMap<object, Markup>();
  const feed = (document: object, text: string): void => {
    const stream = streams.get(document) ?? content.stream();
    streams.set(document, stream);
    write(document, stream.write(text, false));
    if (stream.holds) native.queueMicrotask(() => { flush(document); });
  };
  const flush = (document: object): void => {
    const held = streams.get(document)?.write('', true);
    if (held) write(document, held);
  };
  wrap.instead(prototype, 'write', function (...texts) { feed(this as object, texts.map(String).join('')); });
  wrap.instead(prototype, 'writeln', function (...texts) { feed(this as object, `${texts.map(String).join('')}\n`); });
  wrap.method(prototype, 'close', (_, self) => { flush(self as object); });
  wrap.method(prototype, 'open', (args, self) => {
    streams.delete(self as object);
    return args.length > 2 ? [context.addresses.map(String(args[0])), ...args.slice(1)] : args;
  });
}

/** Text nodes of style elements. */
function installStyleText(context: Context): void {
  const { wrap } = context;
  const css = (value: unknown, holder: unknown): unknown =>
    typeof value === 'string' && mayHoldAddress(value) && (holder as Element | null)?.localName === 'style' ? context.addresses.css(value) : value;
  const setData = uncurried<[string], void>(wrap.prototype('CharacterData'), 'data', 'set');
  const parent = (self: unknown): unknown => ((self as Node).nodeType === 1 ? self : (self as Node).parentNode);
  for (const name of ['textContent', 'nodeValue']) wrap.accessor(wrap.prototype('Node'), name, null, (value, self) => css(value, parent(self)));
  wrap.accessor(wrap.prototype('CharacterData'), 'data', null, (value, self) => css(value, parent(self)));
  wrap.accessor(wrap.prototype('HTMLElement'), 'innerText', null, css);

  const arriving = (args: unknown[], self: unknown): unknown[] | undefined => {
    if ((self as Element).localName !== 'style') return undefined;
    return args.map((arg) => {
      if (typeof arg === 'string') return css(arg, self);
      const node = arg as Node | null;
      if (node?.nodeType === 3 && mayHoldAddress((node as Text).data)) setData(node, context.addresses.css((node as Text).data));
      return arg;
    });
  };
  for (const name of ['appendChild', 'insertBefore', 'replaceChild']) wrap.method(wrap.prototype('Node'), name, arriving);
  for (const name of ['append', 'prepend', 'replaceChildren']) wrap.method(wrap.prototype('Element'), name, arriving);
}

