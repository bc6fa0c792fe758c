// What acts are done with: the browser's own functions of one realm, as they were before the shim and the page changed anything.
import { uncurried, type Realm } from '../shim/wrap';

/** A field that text is typed into. */
export type TextField = HTMLInputElement | HTMLTextAreaElement;
/** What belongs to a form. */
export type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement | HTMLButtonElement;

/** Getters and methods take their element first; they work on elements of any realm of the same origin. Constructors make events of their own realm. */
export interface Hands {
  readonly Event: typeof Event;
  readonly FocusEvent: typeof FocusEvent;
  readonly MouseEvent: typeof MouseEvent;
  readonly PointerEvent: typeof PointerEvent;
  readonly KeyboardEvent: typeof KeyboardEvent;
  readonly InputEvent: typeof InputEvent;
  readonly StaticRange: typeof StaticRange;
  dispatch(target: EventTarget, event: Event): boolean;
  /** Path of an event while it is dispatched, innermost first. */
  path(event: Event): EventTarget[];
  focus(element: Element, options: FocusOptions): void;
  blur(element: Element): void;
  /** The element's own activation, as by `element.click()`. */
  activate(element: Element): void;
  activeElement(root: Document | ShadowRoot): Element | null;
  elementsFromPoint(root: Document | ShadowRoot, x: number, y: number): Element[];
  /** Place in a text at a point of the document; null: none, or the browser cannot tell. */
  caretAt(document: Document, x: number, y: number): { node: Node; offset: number } | null;
  scrollIntoView(element: Element, options: ScrollIntoViewOptions): void;
  scrollTo(element: Element, options: ScrollToOptions): void;
  style(element: Element): CSSStyleDeclaration;
  value(field: TextField): string;
  setValue(field: TextField, value: string): void;
  selectionStart(field: TextField): number | null;
  selectionEnd(field: TextField): number | null;
  setSelection(field: TextField, start: number, end: number): void;
  /** Selects the whole text, in fields whose selection cannot be read, too. */
  selectText(field: TextField): void;
  checked(input: HTMLInputElement): boolean;
  step(input: HTMLInputElement, by: 1 | -1): void;
  options(select: HTMLSelectElement): HTMLOptionElement[];
  multiple(select: HTMLSelectElement): boolean;
  setIndex(select: HTMLSelectElement, index: number): void;
  setSelected(option: HTMLOptionElement, selected: boolean): void;
  optionValue(option: HTMLOptionElement): string;
  form(control: Element): HTMLFormElement | null;
  requestSubmit(form: HTMLFormElement, submitter: HTMLElement | null): void;
  labels(control: Element): HTMLLabelElement[];
  labelled(label: Element): HTMLElement | null;
  queryAll(root: Document | ShadowRoot | Element, selector: string): Element[];
  closest(element: Element, selector: string): Element | null;
  command(document: Document, name: string, value?: string): boolean;
  selection(document: Document): Selection | null;
  isEditable(element: Element): boolean;
  back(history: History): void;
  forward(history: History): void;
}

/** Takes them. */
export function takeHands(realm: Realm): Hands {
  const of = (name: string): object | undefined => (realm as unknown as Record<string, { prototype?: object } | undefined>)[name]?.prototype;
  return { ...events(realm, of), ...places(realm, of), ...fields(of), ...forms(of), ...documents(of) };
}

type Of = (name: string) => object | undefined;

function events(realm: Realm, of: Of) {
  const { Event, FocusEvent, MouseEvent, PointerEvent, KeyboardEvent, InputEvent, StaticRange } = realm;
  const html = of('HTMLElement');
  const svg = of('SVGElement');
  const focus = { html: uncurried<[FocusOptions], void>(html, 'focus'), svg: uncurried<[FocusOptions], void>(svg, 'focus') };
  const blur = { html: uncurried<[], void>(html, 'blur'), svg: uncurried<[], void>(svg, 'blur') };
  const active = { document: uncurried<[], Element | null>(of('Document'), 'activeElement', 'get'), root: uncurried<[], Element | null>(of('ShadowRoot'), 'activeElement', 'get') };
  return {
    Event, FocusEvent, MouseEvent, PointerEvent, KeyboardEvent, InputEvent, StaticRange,
    dispatch: uncurried<[Event], boolean>(of('EventTarget'), 'dispatchEvent'),
    path: uncurried<[], EventTarget[]>(of('Event'), 'composedPath'),
    focus: (element: Element, options: FocusOptions) => { focus[kindOf(element)](element, options); },
    blur: (element: Element) => { blur[kindOf(element)](element); },
    activate: uncurried<[], void>(html, 'click'),
    activeElement: (root: Document | ShadowRoot) => (root.nodeType === 9 ? active.document(root) : active.root(root)),
  };
}

function kindOf(element: Element): 'html' | 'svg' {
  return element.namespaceURI === 'http://www.w3.org/2000/svg' ? 'svg' : 'html';
}

interface CaretPosition {
  readonly offsetNode: Node;
  readonly offset: number;
}

function places(realm: Realm, of: Of) {
  const from = { document: uncurried<[number, number], Element[]>(of('Document'), 'elementsFromPoint'), root: uncurried<[number, number], Element[]>(of('ShadowRoot'), 'elementsFromPoint') };
  const position = uncurried<[number, number], CaretPosition | null | undefined>(of('Document'), 'caretPositionFromPoint');
  const range = uncurried<[number, number], Range | null | undefined>(of('Document'), 'caretRangeFromPoint');
  const computed = uncurried<[Element], CSSStyleDeclaration>(realm, 'getComputedStyle');
  return {
    elementsFromPoint: (root: Document | ShadowRoot, x: number, y: number) => (root.nodeType === 9 ? from.document(root, x, y) : from.root(root, x, y)),
    caretAt(document: Document, x: number, y: number) {
      const found = position(document, x, y);
      if (found) return { node: found.offsetNode, offset: found.offset };
      const at = range(document, x, y);
      return at ? { node: at.startContainer, offset: at.startOffset } : null;
    },
    scrollIntoView: uncurried<[ScrollIntoViewOptions], void>(of('Element'), 'scrollIntoView'),
    scrollTo: uncurried<[ScrollToOptions], void>(of('Element'), 'scrollTo'),
    style: (element: Element) => computed(realm, element),
  };
}

function fields(of: Of) {
  const input = of('HTMLInputElement');
  const area = of('HTMLTextAreaElement');
  const both = <A extends unknown[], R>(name: string, part: 'value' | 'get' | 'set') => {
    const own = { input: uncurried<A, R>(input, name, part), textarea: uncurried<A, R>(area, name, part) };
    return (field: TextField, ...args: A): R => own[field.localName === 'textarea' ? 'textarea' : 'input'](field, ...args);
  };
  const step = { up: uncurried<[], void>(input, 'stepUp'), down: uncurried<[], void>(input, 'stepDown') };
  return {
    value: both<[], string>('value', 'get'),
    setValue: both<[string], void>('value', 'set'),
    selectionStart: both<[], number | null>('selectionStart', 'get'),
    selectionEnd: both<[], number | null>('selectionEnd', 'get'),
    setSelection: both<[number, number], void>('setSelectionRange', 'value'),
    selectText: both<[], void>('select', 'value'),
    checked: uncurried<[], boolean>(input, 'checked', 'get'),
    step: (field: HTMLInputElement, by: 1 | -1) => { step[by === 1 ? 'up' : 'down'](field); },
  };
}

function forms(of: Of) {
  const select = of('HTMLSelectElement');
  const option = of('HTMLOptionElement');
  const list = uncurried<[], HTMLOptionsCollection>(select, 'options', 'get');
  const per = <R>(name: string, part: 'get'): ((element: Element) => R | undefined) => {
    const getters = new Map(['Input', 'TextArea', 'Select', 'Button', 'Output', 'Object', 'FieldSet', 'Option'].map((kind) => [kind.toLowerCase(), uncurried<[], R>(of(`HTML${kind}Element`), name, part)]));
    return (element) => getters.get(element.localName)?.(element);
  };
  const form = per<HTMLFormElement | null>('form', 'get');
  const labels = per<NodeListOf<HTMLLabelElement> | null>('labels', 'get');
  const request = uncurried<[HTMLElement | null], void>(of('HTMLFormElement'), 'requestSubmit');
  return {
    options: (element: HTMLSelectElement) => [...list(element)],
    multiple: uncurried<[], boolean>(select, 'multiple', 'get'),
    setIndex: uncurried<[number], void>(select, 'selectedIndex', 'set'),
    setSelected: uncurried<[boolean], void>(option, 'selected', 'set'),
    optionValue: uncurried<[], string>(option, 'value', 'get'),
    form: (control: Element) => form(control) ?? null,
    requestSubmit: (element: HTMLFormElement, submitter: HTMLElement | null) => { request(element, submitter); },
    labels: (control: Element) => [...(labels(control) ?? [])],
    labelled: uncurried<[], HTMLElement | null>(of('HTMLLabelElement'), 'control', 'get'),
  };
}

function documents(of: Of) {
  const from = {
    9: uncurried<[string], NodeListOf<Element>>(of('Document'), 'querySelectorAll'),
    11: uncurried<[string], NodeListOf<Element>>(of('DocumentFragment'), 'querySelectorAll'),
    1: uncurried<[string], NodeListOf<Element>>(of('Element'), 'querySelectorAll'),
  };
  const command = uncurried<[string, boolean, string?], boolean>(of('Document'), 'execCommand');
  const editable = uncurried<[], boolean | undefined>(of('HTMLElement'), 'isContentEditable', 'get');
  return {
    queryAll: (root: Document | ShadowRoot | Element, selector: string) => [...from[root.nodeType as 1 | 9 | 11](root, selector)],
    closest: uncurried<[string], Element | null>(of('Element'), 'closest'),
    command: (document: Document, name: string, value?: string) => command(document, name, false, value),
    selection: uncurried<[], Selection | null>(of('Document'), 'getSelection'),
    isEditable: (element: Element) => kindOf(element) === 'html' && editable(element) === true,
    back: uncurried<[], void>(of('History'), 'back'),
    forward: uncurried<[], void>(of('History'), 'forward'),
  };
}
