// The DOM as capture and viewer use it: the browser's own getters and methods, fetched once. So what a page later puts on prototypes
// does not count, nor does a field called `firstChild` in a form, or a picture called `title` in a document, which hide the properties of
// those names. They work on nodes of other realms (same-origin frames), too.

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
export const defaultView = getter<Document, (Window & typeof globalThis) | null>(Document.prototype, 'defaultView');
export const documentElement = getter<Document, Element | null>(Document.prototype, 'documentElement');
export const scrollingElement = getter<Document, Element | null>(Document.prototype, 'scrollingElement');
export const all = method<Document, [string], NodeListOf<Element>>(Document.prototype, 'querySelectorAll');
export const titleOf = getter<Document, string>(Document.prototype, 'title');
export const createElement = method<Document, [string, string], Element>(Document.prototype, 'createElementNS');
export const createText = method<Document, [string], Text>(Document.prototype, 'createTextNode');
export const createFragment = method<Document, [], DocumentFragment>(Document.prototype, 'createDocumentFragment');
export const adopt = method<Document, [Node], Node>(Document.prototype, 'adoptNode');
export const implementation = getter<Document, DOMImplementation>(Document.prototype, 'implementation');
export const empty = method<Document, [], void>(Document.prototype, 'replaceChildren');
export const insertBefore = method<Node, [Node, Node | null], Node>(Node.prototype, 'insertBefore');
/** Only where the browser has it. */
export const moveBefore = 'moveBefore' in Element.prototype ? method<Node, [Node, Node | null], void>(Element.prototype, 'moveBefore') : null;
export const removeChild = method<Node, [Node], Node>(Node.prototype, 'removeChild');
export const isConnected = getter<Node, boolean>(Node.prototype, 'isConnected');
export const setAttribute = method<Element, [string, string], void>(Element.prototype, 'setAttribute');
export const setAttributeNS = method<Element, [string | null, string, string], void>(Element.prototype, 'setAttributeNS');
export const removeAttribute = method<Element, [string], void>(Element.prototype, 'removeAttribute');
export const getAttribute = method<Element, [string], string | null>(Element.prototype, 'getAttribute');
export const hasAttribute = method<Element, [string], boolean>(Element.prototype, 'hasAttribute');
export const attributeValue = getter<Attr, string>(Attr.prototype, 'value');
export const attachShadow = method<Element, [ShadowRootInit], ShadowRoot>(Element.prototype, 'attachShadow');
export const shadowRoot = getter<Element, ShadowRoot | null>(Element.prototype, 'shadowRoot');
export const scrollTo = method<Element, [ScrollToOptions], void>(Element.prototype, 'scrollTo');
export const matches = method<Element, [string], boolean>(Element.prototype, 'matches');
export const scrollLeft = getter<Element, number>(Element.prototype, 'scrollLeft');
export const scrollTop = getter<Element, number>(Element.prototype, 'scrollTop');
export const boxOf = method<Element, [], DOMRect>(Element.prototype, 'getBoundingClientRect');
export const rectsOf = method<Element, [], DOMRectList>(Element.prototype, 'getClientRects');
export const isVisible = method<Element, [CheckVisibilityOptions?], boolean>(Element.prototype, 'checkVisibility');
export const createRange = method<Document, [], Range>(Document.prototype, 'createRange');
export const selectContents = method<Range, [Node], void>(Range.prototype, 'selectNodeContents');
export const rangeRects = method<Range, [], DOMRectList>(Range.prototype, 'getClientRects');
export const rangeBox = method<Range, [], DOMRect>(Range.prototype, 'getBoundingClientRect');
export const collapse = method<Range, [boolean?], void>(Range.prototype, 'collapse');
export const offsetWidth = getter<HTMLElement, number>(HTMLElement.prototype, 'offsetWidth');
export const offsetHeight = getter<HTMLElement, number>(HTMLElement.prototype, 'offsetHeight');
export const imageComplete = getter<HTMLImageElement, boolean>(HTMLImageElement.prototype, 'complete');
export const imageWidth = getter<HTMLImageElement, number>(HTMLImageElement.prototype, 'naturalWidth');
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

/** Namespace of an element as the protocol calls it. */
export function namespaceOf(element: Element): 'html' | 'svg' | 'mathml' | 'other' {
  switch (namespaceURI(element)) {
    case HTML:
      return 'html';
    case SVG:
      return 'svg';
    case MATHML:
      return 'mathml';
    default:
      return 'other';
  }
}

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
  return scrollingElement(document) ?? documentElement(document);
}

/** Sheet of a `style` or `link` element. */
export function sheetOf(node: Node): CSSStyleSheet | null {
  switch (htmlName(node)) {
    case 'style':
      return styleSheet(node as HTMLStyleElement);
    case 'link':
      return linkSheet(node as HTMLLinkElement);
    case null:
      return isSvgStyle(node) ? svgStyleSheet(node as SVGStyleElement) : null;
    default:
      return null;
  }
}

function isSvgStyle(node: Node): boolean {
  return nodeType(node) === ELEMENT && localName(node as Element) === 'style' && namespaceURI(node as Element) === SVG;
}
