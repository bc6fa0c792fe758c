// The DOM as the capture reads it: the browser's own getters, fetched once, so that what a page later puts on prototypes or on
// single nodes does not count. They work on nodes of other realms (same-origin frames), too.

const { call } = Function.prototype;

function getter<T, V>(prototype: object, name: string): (of: T) => V {
  const get = Object.getOwnPropertyDescriptor(prototype, name)?.get;
  return get ? (call.bind(get) as (of: T) => V) : (of) => (of as Record<string, V>)[name] as V;
}

function method<T, A extends unknown[], V>(prototype: object, name: string): (of: T, ...args: A) => V {
  const own = (prototype as Record<string, (...args: A) => V>)[name];
  return own ? (call.bind(own) as (of: T, ...args: A) => V) : () => undefined as V;
}

export const ELEMENT = 1;
export const TEXT = 3;
export const CDATA = 4;
export const DOCUMENT = 9;
export const DOCTYPE = 10;
export const FRAGMENT = 11;

export const nodeType = getter<Node, number>(Node.prototype, 'nodeType');
export const firstChild = getter<Node, Node | null>(Node.prototype, 'firstChild');
export const lastChild = getter<Node, Node | null>(Node.prototype, 'lastChild');
export const nextSibling = getter<Node, Node | null>(Node.prototype, 'nextSibling');
export const previousSibling = getter<Node, Node | null>(Node.prototype, 'previousSibling');
export const parentNode = getter<Node, Node | null>(Node.prototype, 'parentNode');
export const ownerDocument = getter<Node, Document | null>(Node.prototype, 'ownerDocument');
export const data = getter<Node, string>(CharacterData.prototype, 'data');
export const namespaceURI = getter<Element, string | null>(Element.prototype, 'namespaceURI');
export const localName = getter<Element, string>(Element.prototype, 'localName');
export const prefix = getter<Element, string | null>(Element.prototype, 'prefix');
export const attributes = getter<Element, NamedNodeMap>(Element.prototype, 'attributes');
export const attributeCount = getter<NamedNodeMap, number>(NamedNodeMap.prototype, 'length');
export const attributeAt = method<NamedNodeMap, [number], Attr>(NamedNodeMap.prototype, 'item');
export const attributeOf = method<Element, [string | null, string], Attr | null>(Element.prototype, 'getAttributeNodeNS');
export const attributeName = getter<Attr, string>(Attr.prototype, 'name');
export const delegatesFocus = getter<ShadowRoot, boolean>(ShadowRoot.prototype, 'delegatesFocus');
export const compatMode = getter<Document, string>(Document.prototype, 'compatMode');
export const matches = method<Element, [string], boolean>(Element.prototype, 'matches');
export const scrollLeft = getter<Element, number>(Element.prototype, 'scrollLeft');
export const scrollTop = getter<Element, number>(Element.prototype, 'scrollTop');
export const boxOf = method<Element, [], DOMRect>(Element.prototype, 'getBoundingClientRect');
export const inputType = getter<HTMLInputElement, string>(HTMLInputElement.prototype, 'type');
export const inputValue = getter<HTMLInputElement, string>(HTMLInputElement.prototype, 'value');
export const inputChecked = getter<HTMLInputElement, boolean>(HTMLInputElement.prototype, 'checked');
export const inputIndeterminate = getter<HTMLInputElement, boolean>(HTMLInputElement.prototype, 'indeterminate');
export const areaValue = getter<HTMLTextAreaElement, string>(HTMLTextAreaElement.prototype, 'value');
export const areaDefault = getter<HTMLTextAreaElement, string>(HTMLTextAreaElement.prototype, 'defaultValue');
export const optionSelected = getter<HTMLOptionElement, boolean>(HTMLOptionElement.prototype, 'selected');
export const mediaTime = getter<HTMLMediaElement, number>(HTMLMediaElement.prototype, 'currentTime');
export const mediaPaused = getter<HTMLMediaElement, boolean>(HTMLMediaElement.prototype, 'paused');
export const mediaRate = getter<HTMLMediaElement, number>(HTMLMediaElement.prototype, 'playbackRate');
export const canvasURL = method<HTMLCanvasElement, [string], string>(HTMLCanvasElement.prototype, 'toDataURL');
export const cssRules = getter<CSSStyleSheet, CSSRuleList>(CSSStyleSheet.prototype, 'cssRules');
export const styleSheet = getter<HTMLStyleElement, CSSStyleSheet | null>(HTMLStyleElement.prototype, 'sheet');
export const linkSheet = getter<HTMLLinkElement, CSSStyleSheet | null>(HTMLLinkElement.prototype, 'sheet');
export const svgStyleSheet = getter<SVGStyleElement, CSSStyleSheet | null>(SVGStyleElement.prototype, 'sheet');

export const HTML = 'http://www.w3.org/1999/xhtml';
export const SVG = 'http://www.w3.org/2000/svg';
export const MATHML = 'http://www.w3.org/1998/Math/MathML';

/** Local name of an HTML element; `null` for any other node. */
export function htmlName(node: Node): string | null {
  if (nodeType(node) !== ELEMENT || namespaceURI(node as Element) !== HTML) return null;
  return localName(node as Element);
}

/** Qualified name in the case that the document has. */
export function qualifiedName(element: Element): string {
  const before = prefix(element);
  return before ? `${before}:${localName(element)}` : localName(element);
}

/** The document's scrolling element, or nothing before there is one. */
export function scroller(document: Document): Element | null {
  return document.scrollingElement ?? document.documentElement;
}
