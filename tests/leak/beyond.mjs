// Further ways on which a text can come into a page, beyond those that the suite counts: where a leak was found once, or is likely to come back. See CHANNELS.

import { CHANNELS } from './channels.mjs';

const cut = (markup, size) => {
  const characters = markup.match(/&#?\w+;|[^&]/gu);
  return Array.from({ length: Math.ceil(characters.length / size) }, (_, i) => characters.slice(i * size, (i + 1) * size).join(''));
};

export const BEYOND = {
  'a text, in two disguises': CHANNELS.text,
  'a title, in two disguises': { ...CHANNELS.title },
  'an attribute, in two disguises': CHANNELS['attribute mutation'],
  'a field with room to fill': {
    html: (t) => `<input value="${t}__"><p>${t} ••</p>`,
    set: (box, text) => {
      box.field ??= box.appendChild(document.createElement('input'));
      box.told ??= box.appendChild(document.createElement('p'));
      box.field.value = text.padEnd(36, '_');
      box.told.textContent = text.padEnd(36, '•');
    },
  },
  'the middle of a text': {
    html: (t) => `<p>Paid with ${t} as said</p>`,
    set: (box, text) => {
      box.told ??= box.appendChild(document.createElement('p'));
      box.told.firstChild ?? box.told.append('');
      box.told.firstChild.data = `Paid with ${text} as said`;
    },
  },
  'the middle of an attribute': {
    html: (t) => `<abbr title="Paid with ${t} as said">x</abbr>`,
    set: (box, text) => (box.told ??= box.appendChild(document.createElement('abbr'))).setAttribute('title', `Paid with ${text} as said`),
  },
  'the middle of a field': {
    html: (t) => `<input value="Paid with ${t} as said">`,
    set: (box, text) => void ((box.field ??= box.appendChild(document.createElement('input'))).value = `Paid with ${text} as said`),
  },
  'rendered anew each time': {
    set: (box, text) => {
      const made = document.createElement('section');
      const told = made.appendChild(document.createElement('span'));
      told.title = text;
      told.textContent = text;
      made.appendChild(document.createElement('img')).alt = text;
      box.replaceChildren(made);
    },
  },
  'one more line each time': { set: (box, text) => void (box.appendChild(document.createElement('p')).textContent = text) },
  'another place each time': {
    set: (box, text, step) => {
      if (step % 3 === 0) box.title = text;
      else if (step % 3 === 1) (box.told ??= box.appendChild(document.createElement('p'))).textContent = `Step: ${text}`;
      else (box.field ??= box.appendChild(document.createElement('img'))).alt = text;
    },
  },
  editing: {
    set: (box) => {
      const edited = document.createElement('p');
      Object.assign(edited, { contentEditable: 'true', className: 'edited' });
      edited.style.minHeight = '1em';
      box.replaceChildren(edited);
    },
    typed: '.edited',
  },
  'a text area': { set: (box) => void (box.querySelector('textarea') ?? box.appendChild(document.createElement('textarea'))), typed: 'textarea' },
  ruby: { html: (t) => `<p><ruby>${cut(t, 5).map((part) => `${part}<rt>x</rt>`).join('')}</ruby></p>` },
  markers: {
    html: (t, { id, css }) => `<style>#${id} li { list-style-type: "${css.whole}" }</style><ul><li>x</ul>`,
    set: (box, text) => void ((box.told ??= box.appendChild(document.createElement('li'))).style.listStyleType = `"${text}"`),
  },
  'names of fonts and counters': {
    html: (t, { id, css }) => `<style>@font-face { font-family: "${css.whole}"; src: local("x") } @counter-style c-${id} { system: cyclic; symbols: "${css.whole}" } #${id} { font-family: "${css.whole}" }</style><p style="font-family: '${t}'">x</p>`,
  },
  'constructed sheets': {
    set: (box, text) => {
      if (!box.sheet) document.adoptedStyleSheets.push((box.sheet = new CSSStyleSheet()));
      box.sheet.replaceSync(`#${box.id}::after { content: "${text}" }`);
    },
  },
  'lists of suggestions': {
    html: (t) => `<input list=d><datalist><option value="${t}" label="${t}">${t}</datalist>`,
    set: (box, text) => {
      box.list ??= box.appendChild(document.createElement('datalist'));
      box.list.replaceChildren(Object.assign(document.createElement('option'), { value: text }));
    },
  },
  'meters and output': {
    html: (t) => `<meter value=1 title="${t}">${t}</meter><progress max="${t}" title="${t}">${t}</progress><output name="${t}">${t}</output>`,
    set: (box, text) => {
      const meter = document.createElement('meter');
      meter.title = text;
      const output = document.createElement('output');
      output.textContent = text;
      box.replaceChildren(meter, output);
    },
  },
  names: {
    html: (t) => `<form name="${t}" id="${t}" class="${t}"><details name="${t}"><summary>x</summary></details><label for="${t}">x</label><p lang="${t}" dir="${t}" itemprop="${t}" part="${t}" slot="${t}">x</p></form>`,
    set: (box, text) => {
      const form = document.createElement('form');
      for (const name of ['name', 'id', 'class', 'lang', 'itemprop', 'part', 'about']) form.setAttribute(name, text);
      box.replaceChildren(form);
    },
  },
  'files and downloads': {
    html: (t) => `<a download="${t}" hreflang="${t}" ping="/${t}" href="/file">x</a><img src="/none/${t}.png" srcset="/none/${t}.png 2x" alt=""><video poster="/none/${t}.png" title="${t}"></video>`,
    set: (box, text) => {
      box.link ??= box.appendChild(document.createElement('a'));
      box.link.download = `${text}.pdf`;
      if (!box.field) (box.field = box.appendChild(document.createElement('input'))).type = 'file';
      const data = new DataTransfer();
      data.items.add(new File(['x'], `${text}.pdf`));
      box.field.files = data.files;
    },
  },
  'what is not shown': {
    html: (t) => `<!-- ${t} --><template><p>${t}</p></template><script type="application/json">"${t}"</script><noscript>${t}</noscript><object data="/none" title="x">${t}</object><math><mtext>${t}</mtext></math>`,
    set: (box, text) => box.replaceChildren(document.createComment(text)),
  },
  'pictures of text': {
    html: (t, { encoded }) => `<img alt="" src="data:image/svg+xml,${encoded}"><svg width=100 height=20><desc>${t}</desc><image href="/none/${t}.png" aria-label="${t}"/></svg>`,
  },
  'unquoted variables': { set: (box, text) => box.style.setProperty('--number', text) },
};
