// State of elements that no attribute shows.
import type { NodeState } from '../../shared/protocol/page';
import * as dom from '../../shared/dom';
import { isMasked, stars } from './mask';
import type { Env } from './tree';
import type { Twin } from './twin';

/** Inputs whose value is their attribute, or nobody's business. */
const NO_VALUE = new Set(['checkbox', 'radio', 'hidden', 'submit', 'button', 'reset', 'image', 'file']);

/** Elements whose state is compared again whenever something happened, because not all of its changes tell. */
export function isWatched(env: Env, node: Node): boolean {
  const name = dom.htmlName(node);
  if (!name) return false;
  return WATCHED.has(name) || env.native.getAttribute(node as Element, 'popover') !== null;
}

const WATCHED = new Set(['input', 'textarea', 'option', 'dialog']);

export function isMedia(node: Node): node is HTMLMediaElement {
  const name = dom.htmlName(node);
  return name === 'video' || name === 'audio';
}

/** What the element's state is now, as far as it differs from what was sent; it then counts as sent. */
export function changedState(env: Env, twin: Twin): NodeState | undefined {
  const now = readState(env, twin.node, twin.sent?.popover !== undefined);
  if (!now) return undefined;
  const changed: NodeState = {};
  for (const key of Object.keys(now) as (keyof NodeState)[]) {
    const sent = twin.sent?.[key];
    const known = sent === undefined ? same(now[key], NOTHING[key] ?? false) && same(now[key], unsent(env, twin, key)) : same(now[key], sent);
    if (!known) Object.assign(changed, { [key]: now[key] });
  }
  if (!Object.keys(changed).length) return undefined;
  twin.sent = { ...twin.sent, ...changed };
  return changed;
}

function same(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b));
}

/** What the absence of a field means to the server; `false` for all others. */
const NOTHING: NodeState = { value: '', media: { time: 0, paused: true, rate: 1 } };

/** What an element built from its attributes shows before any state arrives. */
function unsent(env: Env, twin: Twin, key: keyof NodeState): unknown {
  const element = twin.node as Element;
  switch (key) {
    case 'value': {
      const area = dom.htmlName(element) === 'textarea';
      const value = area ? dom.areaDefault(element as HTMLTextAreaElement) : (env.native.getAttribute(element, 'value') ?? '');
      return isMasked(env.native, element) ? stars(value) : value;
    }
    case 'checked':
      return env.native.getAttribute(element, 'checked') !== null;
    case 'selected':
      // A list of one choice shows its first option unless it is told otherwise.
      if (showsNone(element)) return undefined;
      return env.native.getAttribute(element, 'selected') !== null;
    default:
      return NOTHING[key] ?? false;
  }
}

function showsNone(option: Element): boolean {
  const list = option.closest('select');
  return list !== null && !list.multiple && list.selectedIndex === -1;
}

/** State of an HTML element as it is. `wasPopover`: tell of the popover even where the attribute is gone. */
export function readState(env: Env, node: Node, wasPopover = false): NodeState | undefined {
  const name = dom.htmlName(node);
  if (!name) return undefined;
  const element = node as HTMLElement;
  const state: NodeState = {};
  if (name === 'input') readInput(env, element as HTMLInputElement, state);
  else if (name === 'textarea') readValue(env, element, dom.areaValue(element as HTMLTextAreaElement), state);
  else if (name === 'option') state.selected = dom.optionSelected(element as HTMLOptionElement);
  else if (name === 'dialog') state.modal = dom.matches(element, ':modal');
  else if (isMedia(element)) {
    const paused = dom.mediaPaused(element);
    state.media = { time: Math.round(dom.mediaTime(element) * 100) / 100, paused, rate: dom.mediaRate(element) };
  } else if (name.includes('-')) state.defined = dom.matches(element, ':defined');
  if (wasPopover || env.native.getAttribute(element, 'popover') !== null) state.popover = dom.matches(element, ':popover-open');
  return state;
}

function readInput(env: Env, input: HTMLInputElement, state: NodeState): void {
  const type = dom.inputType(input);
  if (type === 'checkbox' || type === 'radio') {
    state.checked = dom.inputChecked(input);
    state.indeterminate = dom.inputIndeterminate(input);
  }
  if (!NO_VALUE.has(type)) readValue(env, input, dom.inputValue(input), state);
}

function readValue(env: Env, element: Element, value: string, state: NodeState): void {
  const masked = isMasked(env.native, element);
  state.value = masked ? stars(value) : value;
  state.masked = masked;
}

/** Where an element, or a document's viewport, is scrolled to. */
export function readScroll(node: Node): [number, number] {
  const element = dom.nodeType(node) === dom.DOCUMENT ? dom.scroller(node as Document) : (node as Element);
  return element ? [dom.scrollLeft(element), dom.scrollTop(element)] : [0, 0];
}
