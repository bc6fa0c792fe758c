// Attributes and properties of elements that hold addresses: a page writes and reads real ones, the DOM holds view ones.
import type { UrlKind } from '../../shared/table';
import { kindOf } from './attributes';
import type { Context } from './context';
import { asText, HANDLED, uncurried } from './wrap';

const XLINK = 'http://www.w3.org/1999/xlink';

/** Interfaces, properties, and the kind of their values. */
const PROPERTIES: ReadonlyArray<[string, string, UrlKind]> = [
  ['Anchor Area', 'ping', 'loads'],
  ['Base', 'href', 'base'],
  ['Link', 'href', 'link'],
  ['Script Image IFrame Frame Embed Input Track Media Source', 'src', 'load'],
  ['Image Source', 'srcset', 'srcset'],
  ['Link', 'imageSrcset', 'srcset'],
  ['Video', 'poster', 'load'],
  ['Object', 'data', 'load'],
  ['Object', 'codeBase', 'navigate'],
  ['Form', 'action', 'navigate'],
  ['Button Input', 'formAction', 'navigate'],
  ['Body', 'background', 'load'],
  ['Quote Mod', 'cite', 'navigate'],
  ['Image IFrame Frame', 'longDesc', 'navigate'],
  ['Image', 'lowsrc', 'load'],
  ['IFrame', 'srcdoc', 'html'],
  ['IFrame', 'allow', 'origins'],
];

/** Wraps them. */
export function installElements(context: Context): void {
  installAttributes(context);
  const { wrap } = context;
  const unmap = (value: unknown): unknown => context.values.unmap(value);
  for (const name of ['HTMLAnchorElement', 'HTMLAreaElement']) installLinkParts(context, name);
  for (const [interfaces, property, kind] of PROPERTIES) {
    const write = (value: unknown): unknown => {
      const text = asText(value);
      return text === null ? value : context.values.map(kind, text);
    };
    for (const name of interfaces.split(' ')) wrap.accessor(wrap.prototype(`HTML${name}Element`), property, unmap, write);
  }
  wrap.accessor(wrap.prototype('HTMLLinkElement'), 'integrity', null, () => '');
  wrap.accessor(wrap.prototype('HTMLIFrameElement'), 'csp', null, () => '');
  wrap.accessor(wrap.prototype('HTMLIFrameElement'), 'credentialless', null, () => false);
  wrap.accessor(wrap.prototype('SVGAnimatedString'), 'baseVal', unmap, (value) => (typeof value === 'string' ? context.addresses.map(value) : value));
  wrap.accessor(wrap.prototype('SVGAnimatedString'), 'animVal', unmap);
  wrap.accessor(wrap.prototype('HTMLImageElement'), 'currentSrc', unmap);
  wrap.accessor(wrap.prototype('HTMLMediaElement'), 'currentSrc', unmap);
}

function installAttributes(context: Context): void {
  const { wrap } = context;
  const element = wrap.prototype('Element');
  const attr = wrap.prototype('Attr');
  const unmap = (value: unknown): unknown => context.values.unmap(value);
  const attrValue = context.native.attrValue;
  const setAttrValue = uncurried<[string], void>(attr, 'value', 'set');
  const converted = (self: unknown, name: string, value: unknown): unknown => {
    const kind = kindOf((self as Element).localName, name);
    const text = kind === undefined ? null : asText(value);
    return text === null ? value : context.values.map(kind, text);
  };

  wrap.method(element, 'getAttribute', null, unmap);
  wrap.method(element, 'getAttributeNS', null, unmap);
  wrap.method(element, 'setAttribute', ([name, value, ...rest], self) => {
    const kind = kindOf((self as Element).localName, String(name));
    if (kind === undefined) return undefined;
    return kind === 'drop' ? [`alongside-${String(name)}`, value, ...rest] : [name, converted(self, String(name), value), ...rest];
  });
  wrap.method(element, 'setAttributeNS', ([namespace, name, value, ...rest], self) => {
    const local = String(name).replace(/^.*:/, '');
    return [namespace, name, converted(self, namespace === XLINK ? `xlink:${local}` : local, value), ...rest];
  });

  const write = (value: unknown, self: unknown): unknown => {
    const owner = (self as Attr).ownerElement;
    return owner ? converted(owner, (self as Attr).name, value) : value;
  };
  wrap.accessor(attr, 'value', unmap, write);
  for (const name of ['nodeValue', 'textContent']) {
    const isAttr = (self: unknown): boolean => (self as Node).nodeType === 2;
    wrap.accessor(wrap.prototype('Node'), name, (value, self) => (isAttr(self) ? unmap(value) : value), (value, self) => (isAttr(self) ? write(value, self) : value));
  }
  const attach = (args: unknown[], owner: unknown): void => {
    const node = args[0] as Attr;
    const value = attrValue(node);
    const mapped = converted(owner, node.name, value);
    if (mapped !== value && typeof mapped === 'string') setAttrValue(node, mapped);
  };
  wrap.method(element, 'setAttributeNode', attach);
  wrap.method(element, 'setAttributeNodeNS', attach);
  const owners = new WeakMap<object, Element>();
  wrap.accessor(element, 'attributes', (map, self) => {
    owners.set(map as object, self as Element);
    return map;
  });
  for (const name of ['setNamedItem', 'setNamedItemNS']) {
    wrap.method(wrap.prototype('NamedNodeMap'), name, (args, self) => {
      const owner = owners.get(self as object);
      if (owner) attach(args, owner);
    });
  }
}

/**
 * href, host and the like of links: of the real address, but for links within the page's own origin, which read as `location` does.
 * `location` cannot be wrapped, and comparing the two is how pages tell their own links from others.
 */
function installLinkParts(context: Context, name: string): void {
  const { wrap } = context;
  const prototype = wrap.prototype(name);
  const href = uncurried<[], string>(prototype, 'href', 'get');
  const NativeURL = context.realm.URL;
  const real = (self: unknown): URL => new NativeURL(context.addresses.unmap(href(self)));
  const isOther = (self: unknown): boolean => {
    const url = new NativeURL(href(self));
    return url.origin !== context.addresses.here && context.addresses.hostOrigin(url.hostname) !== null;
  };
  const whole = (value: unknown, self: unknown): unknown => (isOther(self) ? context.values.unmap(value) : value);
  const setHref = uncurried<[string], void>(prototype, 'href', 'set');
  for (const part of ['origin', 'protocol', 'host', 'hostname', 'port'] as const) {
    wrap.accessor(
      prototype,
      part,
      (value, self) => (isOther(self) ? real(self)[part] : value),
      part === 'origin' ? null : (value, self) => {
        const url = real(self);
        url[part] = String(value);
        setHref(self, context.addresses.map(url.href));
        return HANDLED;
      },
    );
  }
  wrap.accessor(prototype, 'href', whole, (value) => context.addresses.map(String(value)));
  wrap.method(prototype, 'toString', null, whole);
}
