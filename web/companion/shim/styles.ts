// CSSOM: addresses mapped on their way in, changes told to the capture.
import { mayHoldAddress } from './addresses';
import type { Context } from './context';
import { asText, uncurried } from './wrap';

/** Wraps the CSSOM. */
export function installStyles(context: Context): void {
  const { wrap, events } = context;
  const css = (value: unknown): unknown => {
    const text = asText(value);
    return text === null ? value : context.addresses.css(text);
  };
  const declaration = wrap.prototype('CSSStyleDeclaration');
  const touched = touch(context, uncurried(declaration, 'cssText', 'get'), uncurried(declaration, 'cssText', 'set'));
  wrap.accessor(declaration, 'cssText', null, css);
  wrap.method(declaration, 'setProperty', ([name, value, ...rest]) => [name, css(value), ...rest]);
  for (const name of ['HTMLElement', 'SVGElement', 'MathMLElement']) wrap.accessor(wrap.prototype(name), 'style', touched, css);
  for (const name of ['CSSStyleRule', 'CSSFontFaceRule', 'CSSPageRule', 'CSSKeyframeRule', 'CSSNestedDeclarations']) {
    wrap.accessor(wrap.prototype(name), 'style', touched, css);
  }
  for (const name of ['set', 'append']) {
    wrap.method(wrap.prototype('StylePropertyMap'), name, ([property, ...values]) => [property, ...values.map((value) => (typeof value === 'string' ? css(value) : value))]);
  }

  const sheet = wrap.prototype('CSSStyleSheet');
  const all = (result: unknown, self: unknown): unknown => {
    events.emit('sheet', self as CSSStyleSheet, { kind: 'all' });
    return result;
  };
  wrap.method(sheet, 'insertRule', ([rule, ...rest]) => [css(rule), ...rest], (index, self) => {
    events.emit('sheet', self as CSSStyleSheet, { kind: 'insert', index: index as number });
    return index;
  });
  wrap.method(sheet, 'deleteRule', null, (result, self, args) => {
    events.emit('sheet', self as CSSStyleSheet, { kind: 'delete', index: Number(args[0]) });
    return result;
  });
  wrap.method(sheet, 'addRule', ([selector, style, ...rest]) => [selector, css(style), ...rest], all);
  wrap.method(sheet, 'removeRule', null, all);
  wrap.method(sheet, 'replaceSync', ([text, ...rest]) => [css(text), ...rest], all);
  wrap.method(sheet, 'replace', ([text, ...rest]) => [css(text), ...rest], (promise, self) =>
    (promise as Promise<unknown>).then((result) => all(result, self)));

  const ofRule = (result: unknown, self: unknown): unknown => {
    const owner = (self as CSSRule).parentStyleSheet;
    return owner ? all(result, owner) : result;
  };
  for (const name of ['CSSGroupingRule', 'CSSStyleRule', 'CSSKeyframesRule']) {
    const prototype = wrap.prototype(name);
    wrap.method(prototype, 'insertRule', ([rule, ...rest]) => [css(rule), ...rest], ofRule);
    wrap.method(prototype, 'appendRule', ([rule, ...rest]) => [css(rule), ...rest], ofRule);
    wrap.method(prototype, 'deleteRule', null, ofRule);
  }
  wrap.accessor(wrap.prototype('CSSStyleRule'), 'selectorText', null, null, (self) => { ofRule(null, self); });
  const watched = wrap.prototype('StyleSheet');
  wrap.accessor(watched, 'disabled', null, null, (self) => { all(null, self); });
  installAdopted(context);
}

/**
 * `style.backgroundImage = ...` goes through no function that could be wrapped, so whoever gets a `style` is checked at the end of
 * the task's step, before the browser loads anything for it.
 */
function touch(context: Context, read: (self: unknown) => string, write: (self: unknown, text: string) => void): (style: unknown) => unknown {
  let waiting = new Map<CSSStyleDeclaration, string | null>();
  const check = (): void => {
    const styles = waiting;
    waiting = new Map();
    for (const [style, before] of styles) {
      const text = read(style);
      const mapped = mayHoldAddress(text) ? context.addresses.css(text) : text;
      if (mapped !== text) write(style, mapped);
      const sheet = style.parentRule?.parentStyleSheet;
      if (sheet && text !== before) context.events.emit('sheet', sheet, { kind: 'all' });
    }
  };
  return (value) => {
    const style = value as CSSStyleDeclaration;
    if (waiting.has(style)) return style;
    if (waiting.size === 0) context.native.queueMicrotask(check);
    waiting.set(style, style.parentRule ? read(style) : null);
    return style;
  };
}

function installAdopted({ wrap, events }: Context): void {
  for (const name of ['Document', 'ShadowRoot']) {
    const tell = (self: unknown): void => { events.emit('adopted', self as Document | ShadowRoot); };
    wrap.accessor(wrap.prototype(name), 'adoptedStyleSheets', (value, self) => (tell(self), value), null, tell);
  }
}
