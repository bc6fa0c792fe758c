// What is told of a node under its verdict: stars in place of what is masked, nothing of what is hidden but the box. `fixtures/masks/content/masked.json`
// has the cases of companion and server.
import * as dom from '../../shared/dom';
import type { Native } from '../handover';
import { isHidden, isMasked, isOwn, type Verdict } from './verdicts';

/** All that is told of a hidden element: how it is laid out. */
const OF_HIDDEN: ReadonlySet<string> = new Set(['class', 'id', 'style']);
/** These say what the element's verdict is, whether the page or a rule made it so. */
const HIDE = 'data-alongside-hide';
const MASK = 'data-alongside-mask';

/** Attributes of masked elements that tell what is in them; of `aria-*` all but those below, and `data-*`. */
const TELLING: ReadonlySet<string> = new Set([
  'title', 'alt', 'placeholder', 'value', 'label', 'content', 'summary', 'abbr', 'axis', 'download', 'datetime', 'prompt', 'cite', 'standby',
]);
const ARIA: ReadonlySet<string> = new Set(
  (
    'hidden expanded controls labelledby describedby owns activedescendant details errormessage flowto disabled current live level modal multiline multiselectable ' +
    'orientation posinset readonly relevant required setsize sort atomic autocomplete busy colcount colindex colspan haspopup invalid rowcount rowindex rowspan valuemax valuemin'
  ).split(' '),
);
/** Attributes of masked HTML elements that are told as they are: names, states, layout, and what loads. All others may tell (`onclick`, `x-data`, `balance`). */
const PLAIN: ReadonlySet<string> = new Set(
  (
    'accept accept-charset accesskey align alink allow allowfullscreen as async autocapitalize autocomplete autofocus autoplay background behavior bgcolor border ' +
    'bordercolor bottommargin cellpadding cellspacing char charoff charset class classid clear closedby codebase color cols colspan command commandfor compact ' +
    'contenteditable controls controlslist coords crossorigin data decoding default defer dir direction dirname disabled disablepictureinpicture draggable enctype ' +
    'enterkeyhint exportparts face fetchpriority for form formenctype formmethod formnovalidate formtarget frame frameborder headers height hidden high hreflang hspace ' +
    'http-equiv id imagesizes imagesrcset inert inputmode integrity is ismap itemprop itemscope kind lang language leftmargin link list loading loop low marginheight ' +
    'marginwidth max maxlength media method min minlength multiple muted name nohref nomodule noresize noshade novalidate nowrap open optimum part pattern playsinline ' +
    'popover popovertarget popovertargetaction poster preload readonly referrerpolicy rel required rev reversed rightmargin role rows rowspan rules sandbox scope ' +
    'scrollamount scrolling shape size sizes slot span spellcheck src srclang srcset start step style tabindex target text topmargin translate truespeed type usemap ' +
    'valign valuetype version virtualkeyboardpolicy vlink vspace width wrap writingsuggestions xmlns'
  ).split(' '),
);
/** Attributes of masked elements whose address may tell. */
const ADDRESSES: ReadonlySet<string> = new Set(['href', 'xlink:href', 'action', 'formaction', 'longdesc', 'ping']);
/** Elements whose `href` loads something. */
const LOADS: ReadonlySet<string> = new Set(['link', 'use', 'image', 'feImage', 'base']);
/** Attributes of masked controls that are their value. */
const CHOSEN: ReadonlySet<string> = new Set(['checked', 'selected']);

/** Types of inputs that take no stars: they show nothing instead. */
const NO_STARS: ReadonlySet<string> = new Set(['number', 'range', 'color', 'date', 'time', 'month', 'week', 'datetime-local']);
/** Most stars of a value, so that a long secret costs nothing. */
const MOST = 200;

/** A star for each character but white space. */
export function stars(text: string): string {
  return text.replace(/\S/gu, '*');
}

/** What is told of a masked field's value: not even its white space. */
export function maskedValue(type: string, value: string): string {
  return NO_STARS.has(type.toLowerCase()) ? '' : '*'.repeat(Math.min(MOST, [...value].length));
}

/** What is told of a masked element's style: strings in it may be shown. */
function maskedStyle(style: string): string {
  return style.replace(/"(?:[^"\\]|\\[^])*"?|'(?:[^'\\]|\\[^])*'?/g, (string) => string.replace(/[\p{L}\p{N}]/gu, '*'));
}

/** Text as it is told. Style sheets are told as they are; the text of a field is its default value. */
export function toldText(node: Node, verdict: Verdict): string {
  const text = dom.data(node);
  if (!isMasked(verdict)) return text;
  const parent = dom.parentNode(node);
  const name = parent && dom.nodeType(parent) === dom.ELEMENT ? dom.localName(parent as Element) : '';
  if (name === 'textarea') return maskedValue('', text);
  return name === 'style' ? text : stars(text);
}

/** The value of an attribute as it is told; null: the attribute is not told, or by `toldAttributes` alone. */
export function toldAttribute(element: Element, verdict: Verdict, name: string, value: string): string | null {
  if (name === HIDE || name === MASK) return null;
  if (isHidden(verdict)) return !OF_HIDDEN.has(name) ? null : name === 'style' ? maskedStyle(value) : value;
  // What is in it is told node by node.
  if (name === 'srcdoc') return '';
  if (!isMasked(verdict)) return value;
  if (CHOSEN.has(name)) return null;
  if (name === 'value' && dom.htmlName(element) === 'input') return maskedValue(dom.inputType(element as HTMLInputElement), value);
  if (ADDRESSES.has(name)) return LOADS.has(dom.localName(element)) ? value : '#';
  if (name === 'style') return maskedStyle(value);
  return tells(element, name) ? stars(value) : value;
}

/** Whether stars stand for an attribute of a masked element. */
function tells(element: Element, name: string): boolean {
  if (name.startsWith('aria-')) return !ARIA.has(name.slice(5));
  if (dom.htmlName(element) !== null) return !PLAIN.has(name);
  return TELLING.has(name.slice(name.indexOf(':') + 1)) || /^(data-|on)/i.test(name);
}

/** Attributes as they are told, in document order, with values as the DOM has them (view addresses). */
export function toldAttributes(native: Native, element: Element, verdict: Verdict): [string, string][] {
  const map = dom.attributes(element);
  const count = dom.attributeCount(map);
  const list: [string, string][] = [];
  for (let i = 0; i < count; i += 1) {
    const attribute = dom.attributeAt(map, i);
    const name = dom.attributeName(attribute);
    const value = toldAttribute(element, verdict, name, native.attrValue(attribute));
    if (value !== null) list.push([name, value]);
  }
  if (isHidden(verdict)) list.push([HIDE, '']);
  else if (isOwn(verdict)) list.push([MASK, '']);
  return list;
}
