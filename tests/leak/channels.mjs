// The ways on which a text can come into a page. `html`: with the page, from the text's markup. `set`: by a script in the page, which runs in the
// browser, into the box of the plant; it is what types, too: `set(box, text)` for each text that grows. A channel has one of them
// or both. `one`: there is one place for all plants, they take turns. `both`: what came with the page is set by the script, too. `typed`: by a keyboard.

const split = (text, into) => {
  const parts = [];
  for (let at = 0; at < text.length; at += into) parts.push(text.slice(at, at + into));
  return parts;
};
/** Markup in pieces that cut no character reference. */
const pieces = (markup) => split(markup.match(/&#?\w+;|[^&]/gu), 4).map((piece) => piece.join(''));

/** In a document of its own: a frame's. */
const framed = (inner) => `<iframe title="frame" width=300 height=40 srcdoc="${inner.replace(/&/g, '&amp;').replace(/"/g, '&quot;')}"></iframe>`;

export const CHANNELS = {
  text: {
    html: (t) => `<p>Number: ${t}</p>`,
    set: (box, text) => box.replaceChildren(`Number: ${text}`),
  },
  'split text nodes': {
    html: (t) => `<p>${pieces(t).join('<!-- -->')}</p>`,
    set: (box, text) => box.replaceChildren(...(text.match(/.{1,3}/gsu) ?? []).map((part) => document.createTextNode(part))),
  },
  'split inline elements': {
    html: (t) => `<p>${pieces(t).map((part, i) => (i % 2 ? `<b>${part}</b>` : `<span><i>${part}</i></span>`)).join('')}</p>`,
    set: (box, text) =>
      box.replaceChildren(
        ...(text.match(/.{1,3}/gsu) ?? []).map((part, i) => {
          const element = document.createElement(i % 2 ? 'b' : 'x-digit');
          element.textContent = part;
          return element;
        }),
      ),
  },
  'open shadow DOM': {
    html: (t) => `<div><template shadowrootmode="open"><p>In the shadow: <em>${t}</em></p></template></div>`,
    set: (box, text) => ((box.shadowRoot ?? box.attachShadow({ mode: 'open' })).textContent = text),
  },
  'same-origin iframe': {
    html: (t, { url }) => `<iframe title="frame" width=300 height=40 src="${url}"></iframe>`,
    set: (box, text) => {
      box.frame ??= box.appendChild(document.createElement('iframe'));
      box.frame.contentDocument.body.textContent = text;
    },
  },
  srcdoc: {
    html: (t) => framed(`<p>Framed: ${t}</p>`),
    set: (box, text) => {
      box.frame ??= box.appendChild(document.createElement('iframe'));
      box.frame.srcdoc = `<p>${text.replace(/[&<]/g, '')}</p>`;
      return new Promise((done) => (box.frame.onload = done));
    },
  },
  title: { set: (box, text) => void (document.title = `Account ${text}`), one: true },
  'value attribute': {
    html: (t) => `<input value="${t}" aria-label="A field">`,
    set: (box, text) => (box.field ??= box.appendChild(document.createElement('input'))).setAttribute('value', text),
  },
  'value property': { set: (box, text) => void ((box.field ??= box.appendChild(document.createElement('input'))).value = text), typed: true },
  placeholder: {
    html: (t) => `<input placeholder="${t}"><textarea placeholder="${t}"></textarea>`,
    set: (box, text) => void ((box.field ??= box.appendChild(document.createElement('input'))).placeholder = text),
  },
  textarea: {
    html: (t) => `<textarea>${t}</textarea>`,
    set: (box, text) => void ((box.field ??= box.appendChild(document.createElement('textarea'))).value = text),
  },
  option: {
    html: (t) => `<select><option value="${t}">${t}</option><optgroup label="${t}"><option label="${t}">x</option></optgroup></select>`,
    set: (box, text) => {
      box.field ??= box.appendChild(document.createElement('select'));
      box.field.replaceChildren(new Option(text, text));
    },
  },
  'hidden input': {
    html: (t) => `<input type=hidden name=n value="${t}">`,
    set: (box, text) => {
      box.field ??= box.appendChild(document.createElement('input'));
      box.field.type = 'hidden';
      box.field.value = text;
    },
  },
  'password toggled to text': {
    html: (t) => `<input type=password class=toggled value="${t}">`,
    set: (box, text) => {
      if (!box.field) {
        box.field = box.appendChild(document.createElement('input'));
        box.field.type = 'password';
      }
      box.field.value = text;
    },
    after: (box) => box.querySelectorAll('input').forEach((field) => (field.type = 'text')),
  },
  'button value': {
    html: (t) => `<input type=button value="${t}"><input type=submit value="${t}"><button value="${t}">${t}</button>`,
    set: (box, text) => {
      box.field ??= box.appendChild(document.createElement('input'));
      box.field.type = 'button';
      box.field.value = text;
    },
  },
  'alt, aria and title attributes': {
    html: (t) => `<img alt="${t}"><span title="${t}" aria-label="${t}" aria-description="${t}" aria-valuetext="${t}">x</span><table summary="${t}"><tr><th abbr="${t}">x</table>`,
    set: (box, text) => ['title', 'aria-label', 'aria-roledescription'].forEach((name) => box.setAttribute(name, text)),
  },
  'data attributes': {
    html: (t) => `<span class=told data-told="${t}" data-x="${t}"></span>`,
    set: (box, text) => {
      box.className = 'told';
      box.dataset.told = text;
    },
  },
  'href, URL and query': {
    html: (t) => `<a href="/x?of=${t}#${t}">a link</a><a href="mailto:${t}">a way to write</a><form action="/y?of=${t}"><button formaction="/z/${t}">x</button></form>`,
    set: (box, text, step) => history.replaceState(null, '', [`?of=${encodeURIComponent(text)}`, `#${encodeURIComponent(text)}`, `/p/${encodeURIComponent(text)}`][step % 3]),
    one: true,
    both: true,
  },
  'CSS content': {
    html: (t, { id, css }) => `<style>#${id} p::before { content: "No. " "${css.halves[0]}" "${css.halves[1]}" }</style><p></p>`,
    set: (box, text) => {
      box.sheet ??= box.appendChild(document.createElement('style')).sheet;
      if (box.sheet.cssRules.length) box.sheet.deleteRule(0);
      box.sheet.insertRule(`#${box.id}::after { content: "${text}" }`);
    },
  },
  'CSS variable': {
    html: (t, { id, css }) => `<style>#${id} p { --number: "${css.whole}" } #${id} p::before { content: var(--number) }</style><p style="--own: '${t}'"></p>`,
    set: (box, text) => {
      box.style.setProperty('--number', `"${text}"`);
      box.className = 'variable';
    },
  },
  'SVG text': {
    html: (t) => `<svg width=300 height=20><title>${t}</title><text y=15>${pieces(t).map((part) => `<tspan>${part}</tspan>`).join('')}</text></svg>`,
    set: (box, text) => {
      const make = (name) => document.createElementNS('http://www.w3.org/2000/svg', name);
      box.drawn ??= box.appendChild(make('svg')).appendChild(make('text'));
      box.drawn.textContent = text;
    },
  },
  canvas: {
    set: (box, text) => {
      box.canvas ??= box.appendChild(document.createElement('canvas'));
      const context = box.canvas.getContext('2d');
      context.clearRect(0, 0, 300, 150);
      context.fillText(text, 5, 20);
    },
  },
  'attribute mutation': {
    set: (box, text) => {
      box.told ??= box.appendChild(document.createElement('abbr'));
      box.told.title = text;
      box.told.setAttribute('data-told', text);
      box.told.className = 'told';
    },
  },
  'character-data mutation': {
    set: (box, text) => {
      box.text ??= box.appendChild(document.createTextNode(''));
      box.text.data = text;
    },
  },
};
