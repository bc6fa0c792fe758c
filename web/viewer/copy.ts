// A document of the built page as one self-contained SVG picture: its elements as they are, its rules, its state written into attributes.
import * as dom from '../shared/dom';
import type { Assets } from './assets';
import type { Size } from './geometry';
import { contentOf, styleOf } from './places';
import type { States } from './states';

/** Elements without what they load or say; they stay, because selectors count them. */
const BARE = /^(script|noscript|style|link|meta|base|title|template|source|track|object|embed)$/;
/** Attributes that load something, or hold what is written anew. */
const LOADS = /^(src|srcset|sizes|href|xlink:href|poster|background|data|loading|style|value|checked|selected|open|popover)$/;
const NAME = /^[A-Za-z_][\w.-]*$/;
/** Characters that XML does not take. */
const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
const DEEPEST = 400;
/** Elements in shadow trees whose computed styles are written out, at most. */
const MOST_COMPUTED = 1_500;

export class Copy {
  private readonly own = document.implementation.createHTMLDocument('');
  private readonly waiting: Promise<void>[] = [];
  private computed = 0;

  constructor(
    private readonly assets: Assets,
    private readonly states: States,
  ) {}

  /** The SVG picture of a document at its own scroll offset. `within`: what is around it shows through where it paints nothing. */
  async draw(shown: Document, { width, height }: Size, within = false): Promise<string> {
    const html = dom.documentElement(shown);
    if (!html) throw new Error('there is no document');
    const copy = this.node(html, 0, false) as HTMLElement;
    const style = this.own.createElement('style');
    style.textContent = clean(await this.rules(shown));
    await Promise.all(this.waiting);
    const [left, top] = [dom.scrollLeft(html) || shown.defaultView?.scrollX || 0, dom.scrollTop(html) || shown.defaultView?.scrollY || 0];
    copy.setAttribute('data-alongside-root', '');
    // A root's margins do not collapse with its children's, nor does what they overflow count.
    const display = styleOf(html).display === 'block' ? 'display: flow-root !important; ' : '';
    const shift = `${display}min-height: 100%; position: relative !important; left: ${-left}px !important; top: ${-top}px !important; overflow: visible !important;`;
    copy.setAttribute('style', `${copy.getAttribute('style') ?? ''}; ${shift}`);
    copy.prepend(style);
    const ground = groundOf(shown, within ? 'transparent' : '#fff');
    const size = styleOf(html).fontSize;
    return (
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" style="font-size: ${size}; background: ${ground}">` +
      `<foreignObject x="0" y="0" width="${width}" height="${height}">${new XMLSerializer().serializeToString(copy)}</foreignObject></svg>`
    );
  }

  /** The rules of all sheets, `:root` meaning the page's. */
  private async rules(shown: Document): Promise<string> {
    const texts = [...shown.styleSheets, ...shown.adoptedStyleSheets].map((sheet) => this.sheet(sheet, shown.baseURI));
    return (await Promise.all(texts)).join('\n').replace(/:root\b/g, '[data-alongside-root]');
  }

  private async sheet(sheet: CSSStyleSheet, around: string): Promise<string> {
    if (sheet.disabled) return '';
    const base = sheet.href ?? around;
    let text = '';
    try {
      for (const rule of sheet.cssRules) {
        text += 'styleSheet' in rule ? await this.imported(rule as CSSImportRule, base) : rule.cssText;
      }
    } catch {
      // It did not load.
      return '';
    }
    const media = sheet.ownerRule ? '' : sheet.media.mediaText;
    const whole = await this.assets.inlined(text, base);
    return media ? `@media ${media} {${whole}}` : whole;
  }

  /** An imported sheet, under the conditions of its import. */
  private async imported(rule: CSSImportRule, base: string): Promise<string> {
    let text = rule.styleSheet ? await this.sheet(rule.styleSheet, base) : '';
    if (rule.layerName !== null) text = `@layer ${rule.layerName} {${text}}`;
    if (rule.supportsText) text = `@supports ${/^[\s(]|^not\b/.test(rule.supportsText) ? rule.supportsText : `(${rule.supportsText})`} {${text}}`;
    return rule.media.mediaText ? `@media ${rule.media.mediaText} {${text}}` : text;
  }

  private node(node: Node, depth: number, computed: boolean): Node | null {
    if (dom.nodeType(node) === dom.TEXT) return this.own.createTextNode(clean(dom.data(node)));
    if (dom.nodeType(node) !== dom.ELEMENT || depth > DEEPEST) return null;
    return this.element(node as Element, depth, computed);
  }

  private element(element: Element, depth: number, computed: boolean): Element {
    const name = dom.localName(element);
    const inner = contentOf(element);
    if (inner) return this.frame(element as HTMLIFrameElement, inner);
    if (name === 'video') return this.film(element as HTMLVideoElement);
    const html = dom.namespaceOf(element) === 'html';
    const copy = this.own.createElementNS(dom.namespaceURI(element), NAME.test(dom.qualifiedName(element)) ? dom.qualifiedName(element) : 'span');
    if (html && BARE.test(name)) return copy;
    this.attributes(element, copy);
    const styles = [computed || dom.shadowRoot(element) ? this.written(element) : '', this.special(element)];
    this.style(copy, `${attributeOf(element, 'style')}; ${styles.join('; ')}`);
    this.state(element, copy);
    if (name === 'textarea' && html) copy.append(clean(dom.areaValue(element as HTMLTextAreaElement)));
    else this.children(element, copy, depth, computed);
    return copy;
  }

  private children(element: Element, copy: Element, depth: number, computed: boolean): void {
    const shadow = dom.shadowRoot(element);
    const slotted = dom.htmlName(element) === 'slot' ? (element as HTMLSlotElement).assignedNodes() : [];
    const from = slotted.length ? slotted : [...(shadow ?? element).childNodes];
    for (const child of from) {
      const made = this.node(child, depth + 1, slotted.length ? false : computed || shadow !== null);
      if (made) copy.appendChild(made);
    }
    const [left, top] = [dom.scrollLeft(element), dom.scrollTop(element)];
    if ((!left && !top) || dom.htmlName(element) === 'html' || dom.htmlName(element) === 'body') return;
    for (const child of copy.children) child.setAttribute('style', `${child.getAttribute('style') ?? ''}; translate: ${-left}px ${-top}px`);
  }

  private attributes(element: Element, copy: Element): void {
    const map = dom.attributes(element);
    for (let i = 0; i < dom.attributeCount(map); i++) {
      const attribute = dom.attributeAt(map, i);
      const name = dom.attributeName(attribute);
      const value = dom.attributeValue(attribute);
      if (NAME.test(name) && !LOADS.test(name) && !name.startsWith('on')) copy.setAttribute(name, clean(value));
      else if (/^(xlink:)?href$/.test(name) && value.startsWith('#')) copy.setAttribute('href', value);
    }
    if (dom.localName(element) === 'image') this.load(copy, 'href', attributeOf(element, 'href') || (element.getAttribute('xlink:href') ?? ''));
    const picture = element as HTMLImageElement;
    if (dom.htmlName(element) === 'img') this.load(copy, 'src', picture.currentSrc || attributeOf(element, 'src'));
    if (dom.htmlName(element) === 'input' && dom.inputType(element as HTMLInputElement) === 'image') this.load(copy, 'src', attributeOf(element, 'src'));
  }

  private load(copy: Element, name: string, url: string): void {
    if (!url || !URL.canParse(url, location.href)) return;
    this.waiting.push(this.assets.get(new URL(url, location.href).href).then((data) => copy.setAttribute(name, data)));
  }

  private style(copy: Element, style: string): void {
    const tidy = clean(style).replace(/^[;\s]+|[;\s]+$/g, '');
    if (!tidy) return;
    copy.setAttribute('style', tidy);
    if (tidy.includes('url(')) this.waiting.push(this.assets.inlined(tidy, location.href).then((inlined) => copy.setAttribute('style', merged(copy, tidy, inlined))));
  }

  /** State that no attribute shows, as attributes. */
  private state(element: Element, copy: Element): void {
    const name = dom.htmlName(element);
    if (name === 'input') {
      copy.setAttribute('value', clean(dom.inputValue(element as HTMLInputElement)));
      if (dom.inputChecked(element as HTMLInputElement)) copy.setAttribute('checked', '');
    } else if (name === 'option' && dom.optionSelected(element as HTMLOptionElement)) copy.setAttribute('selected', '');
    else if ((name === 'details' || name === 'dialog') && dom.hasAttribute(element, 'open')) copy.setAttribute('open', '');
    else if (name === 'button') copy.setAttribute('value', attributeOf(element, 'value'));
  }

  /** What only scripts could bring about, as style. */
  private special(element: Element): string {
    const name = dom.htmlName(element);
    const url = name === 'canvas' ? this.states.canvas(element) : undefined;
    if (url) return `content: url("${url}")`;
    // Nothing is a link within a picture.
    if (name === 'a' && dom.hasAttribute(element, 'href')) return `color: ${styleOf(element).color}; text-decoration: ${styleOf(element).textDecoration}`;
    const top = (name === 'dialog' && dom.matches(element, ':modal')) || (dom.hasAttribute(element, 'popover') && dom.matches(element, ':popover-open'));
    if (!top) return '';
    const { x, y, width, height } = dom.boxOf(element);
    return `display: ${styleOf(element).display} !important; position: fixed; inset: auto; margin: 0; left: ${x}px; top: ${y}px; width: ${width}px; height: ${height}px; box-sizing: border-box; z-index: 2147483647`;
  }

  /** All that is computed for an element, for where its rules do not reach in the picture: shadow trees. */
  private written(element: Element): string {
    this.computed += 1;
    if (this.computed > MOST_COMPUTED) return '';
    const style = styleOf(element);
    return [...style].map((name) => `${name}: ${style.getPropertyValue(name)}`).join('; ');
  }

  /** A picture in an element's place, at its size. */
  private instead(element: HTMLElement): HTMLImageElement {
    const copy = this.own.createElement('img');
    this.attributes(element, copy);
    const style = styleOf(element);
    const kept = ['display', 'position', 'inset', 'margin', 'border', 'border-radius', 'object-fit', 'float', 'vertical-align', 'flex', 'background', 'visibility', 'opacity'];
    const written = kept.map((name) => `${name}: ${style.getPropertyValue(name)}`).join('; ');
    this.style(copy, `${written}; box-sizing: border-box; width: ${element.offsetWidth}px; height: ${element.offsetHeight}px`);
    return copy;
  }

  private frame(element: HTMLIFrameElement, inner: Document): Element {
    const copy = this.instead(element);
    const size = { width: element.clientWidth, height: element.clientHeight };
    if (!size.width || !size.height) return copy;
    const drawn = new Copy(this.assets, this.states).draw(inner, size, true);
    this.waiting.push(drawn.then((svg) => copy.setAttribute('src', dataOf(svg)), () => {}));
    return copy;
  }

  private film(element: HTMLVideoElement): Element {
    const copy = this.instead(element);
    // Before it has begun to play, its poster is shown.
    const shown = element.currentTime > 0 || !attributeOf(element, 'poster');
    if (shown && element.readyState >= 2 && element.videoWidth) {
      const canvas = document.createElement('canvas');
      canvas.width = element.videoWidth;
      canvas.height = element.videoHeight;
      canvas.getContext('2d')?.drawImage(element, 0, 0);
      copy.setAttribute('src', canvas.toDataURL());
    } else this.load(copy, 'src', attributeOf(element, 'poster'));
    return copy;
  }
}

/** An SVG text as an address. */
export function dataOf(svg: string): string {
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
}

function clean(text: string): string {
  return text.toWellFormed().replace(NOT_XML, '');
}

function attributeOf(element: Element, name: string): string {
  const found = dom.attributeOf(element, null, name);
  return found ? dom.attributeValue(found) : '';
}

/** A style whose addresses came in since, with what was put behind it meanwhile. */
function merged(copy: Element, before: string, inlined: string): string {
  return inlined + (copy.getAttribute('style') ?? '').slice(before.length);
}

/** What the browser paints behind the page: the background of the root, or else the body's. */
function groundOf(shown: Document, otherwise: string): string {
  for (const element of [dom.documentElement(shown), shown.body as Element | null]) {
    const colour = element && styleOf(element).backgroundColor;
    if (colour && !/^(transparent|rgba\(.*, 0\))$/.test(colour)) return colour;
  }
  return otherwise;
}
