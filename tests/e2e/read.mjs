// What a person sees of a document, as data. It runs in the browser, at the visitor's and at the agent's, so it stands alone.

/** `where`: `page`, this document; `viewer`, the document that the viewer shows. Frames of other origins are null. */
export function read(where) {
  const visible = (element) => element.getClientRects().length > 0;
  const tidy = (text) => text.replace(/[\s\u200b]+/g, ' ').trim();
  const shadows = (root) => [...root.querySelectorAll('*')].filter((e) => e.shadowRoot);

  const shadowText = (root) => {
    const walk = (node) => {
      if (node.nodeType === Node.TEXT_NODE) return node.data;
      return ['STYLE', 'SCRIPT'].includes(node.nodeName) ? '' : [...node.childNodes].map(walk).join(' ');
    };
    return tidy(walk(root));
  };

  const field = (e) => ({
    name: e.name,
    type: e.type,
    value: e.value,
    masked: e.type === 'password' || e.autocomplete.startsWith('cc-'),
    ...(['checkbox', 'radio'].includes(e.type) && { checked: e.checked }),
    ...(e.localName === 'select' && { selected: [...e.options].map((o) => o.selected) }),
  });

  const scrolled = (document) => {
    const boxes = [...document.querySelectorAll('*')].filter((e) => e.scrollTop || e.scrollLeft);
    return boxes.map((e) => `${e === document.scrollingElement ? 'page' : e.id || e.localName} ${Math.round(e.scrollLeft)} ${Math.round(e.scrollTop)}`);
  };

  const documentState = (document) => {
    const frames = [...document.querySelectorAll('iframe')].map((frame) => {
      if (!visible(frame)) return null;
      try {
        return frame.contentDocument?.body ? documentState(frame.contentDocument) : null;
      } catch {
        return null;
      }
    });
    return {
      text: tidy(document.body?.innerText ?? ''),
      shadow: shadows(document).map((host) => shadowText(host.shadowRoot)),
      fields: [...document.querySelectorAll('input, select, textarea')].filter((e) => visible(e)).map(field),
      scroll: scrolled(document),
      pictures: [...document.images].filter(visible).map((i) => `${i.alt} ${i.complete && i.naturalWidth > 0 ? 'shown' : 'missing'} ${i.clientWidth}x${i.clientHeight}`),
      frames,
    };
  };

  if (where === 'page') return documentState(document);
  const frame = [...document.querySelectorAll('iframe')].find(visible);
  if (!frame?.contentDocument?.body) throw new Error('the viewer shows no page');
  return documentState(frame.contentDocument);
}
