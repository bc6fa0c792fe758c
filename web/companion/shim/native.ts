// The browser's own functions of one realm, taken before anything is wrapped.
import { takeHands } from '../acts/native';
import type { Native } from '../handover';
import { uncurried, type Realm } from './wrap';

/** Takes them. */
export function takeNatives(realm: Realm): Native {
  const of = (name: string): object | undefined => (realm as unknown as Record<string, { prototype?: object } | undefined>)[name]?.prototype;
  const element = of('Element');
  const target = of('EventTarget');
  const adopted = { document: uncurried<[], CSSStyleSheet[]>(of('Document'), 'adoptedStyleSheets', 'get'), root: uncurried<[], CSSStyleSheet[]>(of('ShadowRoot'), 'adoptedStyleSheets', 'get') };
  const frames = (name: 'contentDocument' | 'contentWindow') => {
    const getters = new Map(['IFRAME', 'FRAME', 'OBJECT'].map((tag) => [tag, uncurried(of({ IFRAME: 'HTMLIFrameElement', FRAME: 'HTMLFrameElement', OBJECT: 'HTMLObjectElement' }[tag] ?? ''), name, 'get')]));
    return (frame: Element): never => getters.get(frame.tagName)?.(frame) as never;
  };
  const { setTimeout, clearTimeout, requestAnimationFrame, queueMicrotask, fetch } = realm;
  return {
    getAttribute: uncurried(element, 'getAttribute'),
    setAttribute: uncurried(element, 'setAttribute'),
    removeAttribute: uncurried(element, 'removeAttribute'),
    attrValue: uncurried(of('Attr'), 'value', 'get'),
    appendChild: uncurried(of('Node'), 'appendChild') as Native['appendChild'],
    attachShadow: uncurried(element, 'attachShadow'),
    adoptedStyleSheets: (root) => (root.nodeType === 9 ? adopted.document(root) : adopted.root(root)),
    contentDocument: frames('contentDocument'),
    contentWindow: frames('contentWindow'),
    documentURL: uncurried(of('Document'), 'URL', 'get'),
    baseURI: uncurried(of('Node'), 'baseURI', 'get'),
    sheetHref: uncurried(of('StyleSheet'), 'href', 'get'),
    addEventListener: uncurried(target, 'addEventListener'),
    removeEventListener: uncurried(target, 'removeEventListener'),
    messageOrigin: uncurried(of('MessageEvent'), 'origin', 'get'),
    postMessage: (window, message, targetOrigin, transfer) => { window.postMessage(message, targetOrigin, transfer); },
    setTimeout: setTimeout.bind(realm) as Native['setTimeout'],
    clearTimeout: clearTimeout.bind(realm),
    requestAnimationFrame: requestAnimationFrame.bind(realm),
    queueMicrotask: queueMicrotask.bind(realm),
    fetch: fetch.bind(realm),
    MutationObserver: realm.MutationObserver,
    hands: takeHands(realm),
  };
}
