// What must not be in the page that an agent's browser shows, whatever the layers behind the wash would do about it. It runs in the browser,
// so it stands alone.

/** Everything suspicious in a document, as lines of text. */
export function scan(document, sink) {
  const found = [];
  const ELEMENTS = /^(script|object|embed|applet|meta|base|track|portal|fencedframe|template|noscript|handler|listener|param|bgsound)$/i;
  const ATTRIBUTES = /^(on.*|srcdoc|action|formaction|formtarget|target|ping|http-equiv|manifest|nonce|attributionsrc|is|data|codebase|archive|cite|longdesc|imagesrcset)$/i;
  // Texts for people, which mean nothing to a browser.
  const TOLD = /^(title|alt|placeholder|label|value|summary|abbr|aria-.*|data-.*)$/i;
  const ADDRESSES = /^(href|src|srcset|poster|background|.+:href|lowsrc|dynsrc)$/i;
  // The browser's own getters: fields of a form or pictures of a document may hide those of their names.
  const own = (node, name) => {
    const get = (prototype, what) => Object.getOwnPropertyDescriptor(prototype, what)?.get;
    const kind = { 1: Element, 9: Document, 11: ShadowRoot }[get(Node.prototype, 'nodeType').call(node)];
    return (get(Node.prototype, name) ?? get(kind.prototype, name)).call(node);
  };
  const bare = (text) => text.replace(/[\u0000-\u0020]/g, '').toLowerCase();
  const toSink = (css) => new RegExp(`url\\([^)]*${sink}`, 'i').test(css);

  const element = (e) => {
    const tag = own(e, 'localName');
    if (ELEMENTS.test(tag)) found.push(`<${tag}>`);
    if (tag === 'link' && !/^(alternate )?stylesheet$/.test(e.rel)) found.push(`<link rel=${e.rel}>`);
    for (const { name, value } of own(e, 'attributes')) {
      const where = `<${tag} ${name}=${value.slice(0, 80)}>`;
      if (ATTRIBUTES.test(name)) found.push(where);
      if (/^i?frame$/.test(tag) && name === 'src') found.push(where);
      // A picture within its address loads nothing, whatever is in it.
      if (value.startsWith('data:image/')) continue;
      if (ADDRESSES.test(name) && (value.includes(sink) || bare(value).includes('script:'))) found.push(where);
      if (!TOLD.test(name) && toSink(value)) found.push(where);
    }
  };
  const rules = (list) => {
    for (const rule of list) {
      // It names, it does not load.
      if (rule.constructor.name === 'CSSNamespaceRule') continue;
      if (toSink(rule.cssText) || rule.href?.includes(sink)) found.push(`rule ${rule.cssText.slice(0, 120)}`);
    }
  };
  const sheets = (root) => {
    for (const sheet of [...own(root, 'styleSheets'), ...own(root, 'adoptedStyleSheets')]) {
      try {
        rules(sheet.cssRules);
      } catch {
        found.push(`a sheet of another origin: ${sheet.href}`);
      }
    }
  };
  const visit = (root) => {
    sheets(root);
    const stack = [...own(root, 'childNodes')];
    for (let node = stack.pop(); node; node = stack.pop()) {
      if (own(node, 'nodeType') !== Node.ELEMENT_NODE) continue;
      element(node);
      stack.push(...own(node, 'childNodes'));
      if (own(node, 'shadowRoot')) visit(own(node, 'shadowRoot'));
      if (/^i?frame$/.test(own(node, 'localName')) && node.contentDocument) visit(node.contentDocument);
    }
  };
  visit(document);
  return found;
}
