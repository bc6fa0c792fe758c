// What scripts change that no mutation tells: shadow roots, form controls' state, dialogs, drawings.
import type { Context } from './context';

const STATE: ReadonlyArray<[string, string]> = [
  ['HTMLInputElement', 'value checked indeterminate valueAsNumber valueAsDate files'],
  ['HTMLTextAreaElement', 'value'],
  ['HTMLSelectElement', 'value selectedIndex length'],
  ['HTMLOptionElement', 'selected'],
];
const STATE_METHODS: ReadonlyArray<[string, string]> = [
  ['HTMLInputElement', 'setRangeText stepUp stepDown'],
  ['HTMLTextAreaElement', 'setRangeText'],
  ['HTMLFormElement', 'reset'],
  ['HTMLDialogElement', 'show showModal close'],
  ['HTMLElement', 'showPopover hidePopover togglePopover'],
];
const DRAWING = /^(?:fill|stroke|clear|draw|put|reset$|buffer)/;

/** Wraps them; gives the shadow root of a host, closed ones too. */
export function installState(context: Context): (host: Element) => ShadowRoot | null {
  const { wrap, events } = context;
  const roots = new WeakMap<Element, ShadowRoot>();
  wrap.method(wrap.prototype('Element'), 'attachShadow', null, (root, host) => {
    roots.set(host as Element, root as ShadowRoot);
    events.emit('shadow', root as ShadowRoot);
    return root;
  });
  const tell = (self: unknown): void => { events.emit('state', self as Element); };
  for (const [name, properties] of STATE) {
    for (const property of properties.split(' ')) {
      wrap.accessor(wrap.prototype(name), property, null, null, (self) => {
        tell(name === 'HTMLOptionElement' ? ((self as HTMLOptionElement).closest('select') ?? self) : self);
      });
    }
  }
  for (const [name, methods] of STATE_METHODS) {
    for (const method of methods.split(' ')) {
      wrap.method(wrap.prototype(name), method, null, (result, self) => {
        tell(self);
        return result;
      });
    }
  }
  installDrawing(context);
  return (host) => roots.get(host) ?? host.shadowRoot;
}

function installDrawing({ wrap, events, native }: Context): void {
  const drawn = new Set<HTMLCanvasElement>();
  const mark = (canvas: HTMLCanvasElement | undefined): void => {
    if (!canvas || drawn.has(canvas) || !events.has('canvas')) return;
    if (drawn.size === 0) {
      native.setTimeout(() => {
        const canvases = [...drawn];
        drawn.clear();
        for (const one of canvases) events.emit('canvas', one);
      });
    }
    drawn.add(canvas);
  };
  const prototype = wrap.prototype('CanvasRenderingContext2D');
  for (const name of Object.getOwnPropertyNames(prototype ?? {})) {
    if (!DRAWING.test(name)) continue;
    wrap.method(prototype, name, null, (result, self) => {
      mark((self as CanvasRenderingContext2D).canvas);
      return result;
    });
  }
  wrap.method(wrap.prototype('HTMLCanvasElement'), 'getContext', null, (drawing, canvas, [kind]) => {
    if (drawing && /gpu|gl/.test(String(kind))) events.emit('gpu', canvas as HTMLCanvasElement);
    return drawing;
  });
  for (const name of ['width', 'height']) wrap.accessor(wrap.prototype('HTMLCanvasElement'), name, null, null, (self) => { mark(self as HTMLCanvasElement); });
}
