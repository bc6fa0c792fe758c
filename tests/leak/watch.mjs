// Everything that an agent's browser is given, and whether a canary is in it.

/** As somebody reads it who looks through every disguise: letters and digits alone. */
export const bare = (text) => text.normalize('NFKC').toLowerCase().replace(/[^a-z0-9]/g, '');

/** Shortest part of a canary that is looked for. */
const PART = 6;
/** A canary counts as seen when so much of it stands in one piece. */
const SEEN = 0.75;

/** What stands in an address behind its percent signs. */
function decoded(code) {
  try {
    return decodeURIComponent(code);
  } catch {
    return code;
  }
}

/** Texts that were seen, ready to be searched. */
export class Haystack {
  #texts = [];
  #all = '';
  #parts = new Set();

  add(text) {
    if (/%[0-9a-f]{2}/i.test(text)) this.#take(text.replace(/(%[0-9a-f]{2})+/gi, decoded));
    this.#take(text);
  }

  #take(text) {
    const clean = bare(text);
    if (clean.length < PART) return;
    this.#texts.push(clean);
    for (let at = 0; at + PART <= clean.length; at += 1) this.#parts.add(clean.slice(at, at + PART));
    this.#all = '';
  }

  get size() {
    return this.#texts.reduce((sum, text) => sum + text.length, 0);
  }

  /** A part of a canary that is in it, forwards or backwards, where it counts as seen. `least`: characters that it has at least, of longer ones. */
  find(canary, least = PART) {
    this.#all ||= this.#texts.join('\n');
    const clean = bare(canary);
    const length = Math.max(Math.min(least, clean.length), PART, Math.ceil(clean.length * SEEN));
    for (const way of [clean, [...clean].reverse().join('')]) {
      for (let at = 0; at + length <= way.length; at += 1) {
        const part = way.slice(at, at + length);
        if (this.#parts.has(part.slice(0, PART)) && this.#all.includes(part)) return part;
      }
    }
    return null;
  }
}

/** All strings of a value, one by one and, of nodes, their texts as they stand behind one another. */
export function strings(value, out = []) {
  if (typeof value === 'string') out.push(value);
  else if (Array.isArray(value)) {
    const texts = value.map((each) => (each?.node?.k === 'text' ? each.node.text : each?.t === 'text' ? each.text : ''));
    if (texts.some(Boolean)) out.push(texts.join(''));
    value.forEach((each) => strings(each, out));
  } else if (value && typeof value === 'object') Object.values(value).forEach((each) => strings(each, out));
  return out;
}

/** Listens to a page of the agent's from now on: sockets and all that is loaded. */
export function listen(page, haystack) {
  const seen = { frames: 0, bytes: 0, replies: 0, pictures: 0, waiting: new Set() };
  const context = page.context();
  const hear = (payload) => {
    const text = typeof payload === 'string' ? payload : payload.toString('utf8');
    seen.frames += 1;
    seen.bytes += text.length;
    if (text.includes('data:image/')) seen.pictures += 1;
    try {
      strings(JSON.parse(text)).forEach((each) => haystack.add(each.startsWith('data:image/') ? '' : each));
    } catch {
      haystack.add(text);
    }
  };
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => hear(payload)));
  context.on('response', (response) => {
    const read = response
      .body()
      .then((body) => {
        seen.replies += 1;
        seen.bytes += body.length;
        haystack.add(`${response.url()}\n${JSON.stringify(response.headers())}`);
        const text = body.toString('utf8');
        try {
          strings(JSON.parse(text)).forEach((each) => haystack.add(each));
        } catch {
          haystack.add(text);
        }
      })
      .catch(() => {});
    seen.waiting.add(read);
    void read.finally(() => seen.waiting.delete(read));
  });
  return seen;
}

/** Everything in the DOM of a document, shadow roots and frames included; runs in the browser, so it stands alone. */
export function everything(document) {
  const out = [];
  const visit = (root) => {
    out.push(root.textContent ?? '');
    for (const sheet of [...(root.styleSheets ?? []), ...(root.adoptedStyleSheets ?? [])]) {
      try {
        for (const rule of sheet.cssRules) out.push(rule.cssText.replace(/\\([0-9a-f]{1,6}) ?/gi, (_, code) => String.fromCodePoint(parseInt(code, 16))));
      } catch {
        out.push(String(sheet.href));
      }
    }
    for (const element of root.querySelectorAll('*')) {
      for (const { name, value } of element.attributes) out.push(name, value);
      if (typeof element.value === 'string') out.push(element.value);
      if (element.shadowRoot) visit(element.shadowRoot);
      if (element.contentDocument) visit(element.contentDocument);
      if (/^(p|div|li|td|section)$/.test(element.localName)) out.push(element.textContent);
      for (const pseudo of ['::before', '::after']) out.push(element.ownerDocument.defaultView?.getComputedStyle(element, pseudo).content ?? '');
    }
  };
  visit(document);
  out.push(document.title ?? '');
  return out;
}
