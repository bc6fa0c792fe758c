// Assets that were not there when the page was built, loaded again wherever the page uses them. Browsers give the same address the
// same picture again without asking, so the address gets a number; for the hash, it is not there.
import * as dom from '../shared/dom';

const KEY = /([a-z2-7]{26,})(?:\?\d+)?/g;

/** A text with addresses in it, as it was announced. */
export function withoutNumbers(text: string): string {
  return text.replace(KEY, '$1');
}

export class Reloads {
  private count = 0;
  private changed = new WeakSet<Node>();

  /** Loads assets again among nodes: in their attributes, and in the sheets of documents and shadow roots. */
  load(nodes: Iterable<Node>, keys: ReadonlySet<string>): void {
    this.count += 1;
    const numbered = (text: string) => text.replace(KEY, (all, key: string) => (keys.has(key) ? `${key}?${this.count}` : all));
    for (const node of nodes) {
      if (dom.nodeType(node) === dom.ELEMENT) this.element(node as Element, numbered);
      else if ('adoptedStyleSheets' in node) root(node as Document | ShadowRoot, numbered);
    }
  }

  /** An attribute's value as it was announced. */
  announced(element: Element, value: string): string {
    return this.changed.has(element) ? withoutNumbers(value) : value;
  }

  private element(element: Element, numbered: (text: string) => string): void {
    const map = dom.attributes(element);
    for (let i = 0; i < dom.attributeCount(map); i++) {
      const attribute = dom.attributeAt(map, i);
      const value = dom.attributeValue(attribute);
      const changed = numbered(value);
      if (changed === value) continue;
      this.changed.add(element);
      attribute.value = changed;
      const around = dom.parentNode(element);
      if (dom.htmlName(element) === 'source' && around && /^(audio|video)$/.test(dom.htmlName(around) ?? '')) (around as HTMLMediaElement).load();
    }
  }
}

function root(root: Document | ShadowRoot, numbered: (text: string) => string): void {
  for (const sheet of [...root.styleSheets, ...root.adoptedStyleSheets]) rules(sheet, numbered);
}

/** A rule that is put in anew loads its pictures and fonts anew. */
function rules(sheet: CSSStyleSheet, numbered: (text: string) => string): void {
  let list: CSSRuleList;
  try {
    list = sheet.cssRules;
  } catch {
    // It did not load.
    return;
  }
  [...list].forEach((rule, i) => {
    const text = rule.cssText;
    const changed = numbered(text);
    const imported = 'styleSheet' in rule ? (rule as CSSImportRule).styleSheet : null;
    if (changed !== text) {
      sheet.deleteRule(i);
      sheet.insertRule(changed, i);
    } else if (imported) rules(imported, numbered);
  });
}
