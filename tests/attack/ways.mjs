// The ways in which a payload comes into a page. Each but the first is a function that runs in the visitor's page, so it stands alone: it gets the markups of several
// payloads and puts them into boxes of their own. What a payload hides of the document by names of its own is taken from the prototypes.

/** The document's own functions. Runs in the visitor's page. */
export function natives() {
  const get = (prototype, name) => Object.getOwnPropertyDescriptor(prototype, name).get;
  return {
    create: (name) => Document.prototype.createElement.call(document, name),
    createNS: (ns, name) => Document.prototype.createElementNS.call(document, ns, name),
    body: get(Document.prototype, 'body').call(document) ?? get(Document.prototype, 'documentElement').call(document),
    attributes: (element) => [...get(Element.prototype, 'attributes').call(element)],
  };
}

/** With the page itself. */
export const SNAPSHOT = 'snapshot';

export const WAYS = {
  [SNAPSHOT]: null,

  /** Nodes that a script adds. */
  'added node': (markups) => {
    const { create, body } = natives();
    for (const markup of markups) {
      const box = create('div');
      body.append(box);
      box.innerHTML = markup;
      // Parsed within other contexts, the same markup is another tree.
      for (const context of ['table', 'select', 'svg']) {
        const around = create('div');
        box.append(around);
        around.innerHTML = `<${context}></${context}>`;
        around.firstChild.innerHTML = markup;
      }
    }
  },

  /** The elements are there without attributes; then each attribute is set. */
  'attribute change': async (markups) => {
    const { create, body, attributes } = natives();
    const later = [];
    for (const markup of markups) {
      const parsed = new DOMParser().parseFromString(markup, 'text/html');
      for (const element of parsed.querySelectorAll('*')) {
        later.push([element, attributes(element).map((attribute) => attribute.cloneNode())]);
        for (const { name } of attributes(element)) Element.prototype.removeAttribute.call(element, name);
      }
      const box = create('div');
      for (const part of parsed.querySelectorAll('head, body')) box.append(...part.childNodes);
      body.append(box);
    }
    await new Promise((done) => setTimeout(done, 150));
    for (const [element, attributes] of later) {
      for (const attribute of attributes) {
        try {
          Element.prototype.setAttributeNode.call(element, attribute);
        } catch {
          // Such a name cannot be set.
        }
      }
    }
  },

  /** A text within a style element, a title, a text area, and SVG's style and title becomes the payload, and what would end the element before it. */
  'text change': async (markups) => {
    const { create, createNS, body } = natives();
    const svg = 'http://www.w3.org/2000/svg';
    const texts = markups.map((markup) => {
      const svgs = createNS(svg, 'svg');
      const parents = [create('style'), create('title'), create('textarea'), createNS(svg, 'style'), createNS(svg, 'title')];
      const nodes = parents.map((parent) => parent.appendChild(document.createTextNode('x{}')));
      svgs.append(...parents.slice(3));
      body.append(...parents.slice(0, 3), svgs);
      return [nodes, markup];
    });
    const pause = () => new Promise((done) => setTimeout(done, 120));
    for (const change of [
      (markup) => markup,
      (markup) => `</style></title></textarea></svg>${markup}`,
      (markup) => [...markup.matchAll(/<style[^>]*>([^]*?)<\/style/gi)].map(([, css]) => css).join('\n') || `p{background:url(${/https?:[^\s'"<>]*/.exec(markup)?.[0] ?? ''})}@import '${/https?:[^\s'"<>]*/.exec(markup)?.[0] ?? ''}';`,
    ]) {
      await pause();
      for (const [nodes, markup] of texts) for (const node of nodes) node.data = change(markup);
    }
  },
};
