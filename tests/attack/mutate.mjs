// Variants of a payload's markup: the same attack in other clothes, as filters have been fooled with before. Each payload gets one of them, in turn.

const tags = (markup, change) => markup.replace(/<(\/?)([a-z][\w:-]*)/gi, (_, slash, name) => `<${slash}${change(name)}`);
const mixed = (name) => [...name].map((c, i) => (i % 2 ? c.toUpperCase() : c.toLowerCase())).join('');
/** Attributes of start tags, `change` gets name, equals sign and value. */
const attributes = (markup, change) => markup.replace(/(\s)([a-z][\w:-]*)(=)('[^']*'|"[^"]*"|[^\s>'"]+)/gi, (_, space, name, __, value) => change(space, name, value));
const coded = (text) => [...text].map((c, i) => (i % 3 === 0 ? `&#x0000${c.charCodeAt(0).toString(16)};` : i % 3 === 1 ? `&#${c.charCodeAt(0)}` + ';' : c)).join('');
const plain = (value) => (/^['"]/.test(value) ? value.slice(1, -1) : value);

const MUTATIONS = {
  'mixed case': (m) => tags(attributes(m, (s, name, value) => `${s}${mixed(name)}=${value}`), mixed),
  'odd white space': (m) => attributes(m, (_, name, value) => `\f${name}\n=\t${value}`),
  'slashes between attributes': (m) => attributes(m, (_, name, value) => `/${name}=${/^['"]/.test(value) ? value : `"${value}"`}`),
  'schemes in references': (m) => m.replace(/javascript:|data:|https?:/gi, (scheme) => (m.includes('<style') || m.includes('<script') ? scheme : coded(scheme))),
  'schemes with control characters': (m) => m.replace(/javascript:/gi, 'java&Tab;scr&NewLine;ipt&colon;').replace(/(href|src)=(['"]?)http/gi, '$1=$2&#1;http'),
  'attributes twice': (m) => attributes(m, (s, name, value) => `${s}${name}=${value}${s}${name}=x`),
  'in svg': (m) => `<svg>${m}<foreignObject>${m}</foreignObject></svg>`,
  'in mathml': (m) => `<math><mtext>${m}</mtext><annotation-xml encoding="text/html">${m}</annotation-xml><mglyph>${m}</mglyph></math>`,
  'between namespaces': (m) => `<math><mi><table><mglyph><style><!--</style>${m}--></mglyph></table></mi></math><svg><desc><form><math><mtext></form><form>${m}`,
  'in a table': (m) => `<table>${m}<tr>${m}<td>${m}</table>`,
  'in a list of choices': (m) => `<select><option>${m}</option></select><datalist>${m}</datalist>`,
  'in a shadow root': (m) => `<div><template shadowrootmode="open">${m}</template></div><div><template shadowroot="open">${m}</template></div>`,
  'behind raw text': (m) => `<noscript><p title="</noscript>${m.replace(/"/g, '&quot;')}">x</p></noscript><textarea></textarea>${m}<xmp>${m}</xmp>${m}`,
  'behind a broken comment': (m) => `<!--><p>-->${m}<!-- --!>${m}<!---><?x ${m.replace(/>/g, '&gt;')}>`,
  'behind broken tags': (m) => `<<p =">${m}"<a <b c=${m}</x y="${m.replace(/"/g, "'")}">${m}`,
  'deep in formatting': (m) => `${'<b><i><a><nobr>'.repeat(12)}<p>${m}</a></b>${m}`,
  'with nul characters': (m) => tags(m, (name) => `${name.slice(0, 2)}\u0000${name.slice(2)}`) + m.replace(/ on/g, ' o\u0000n'),
  'values without quotes': (m) => attributes(m, (s, name, value) => (/[\s>'"`=<]/.test(plain(value)) ? `${s}${name}=${value}` : `${s}${name}=${plain(value)}`)),
  'in a frame': (m) => `<iframe srcdoc="${m.replace(/&/g, '&amp;').replace(/"/g, '&quot;')}"></iframe>`,
  'in a picture': (m) => `<img src="data:image/svg+xml,${encodeURIComponent(`<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'>${m}</svg>`)}"><p style="background:url('data:image/svg+xml,${encodeURIComponent(`<svg xmlns='http://www.w3.org/2000/svg'>${m}</svg>`)}')">`,
};

/** Every payload that is markup, followed by its variant. */
export function mutated(payloads) {
  const names = Object.keys(MUTATIONS);
  const markup = payloads.filter(({ html }) => html !== undefined);
  const variants = markup.map(({ name, html, alone }, i) => {
    const mutation = names[i % names.length];
    return { name: `${name}, ${mutation}`, html: MUTATIONS[mutation](html), ...(alone && { alone }) };
  });
  return [...payloads, ...variants];
}
