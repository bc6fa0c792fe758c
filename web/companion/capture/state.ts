// State of elements that no attribute shows.
import type { NodeState } from '../../shared/protocol/page';
import * as dom from '../../shared/dom';
import { isSized, sizeOf } from '../privacy/sizes';
import { maskedValue } from '../privacy/told';
import { isHidden, isMasked, type Verdict } from '../privacy/verdicts';
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
  const now = readState(env, twin.node, twin.verdict, twin.sent?.popover !== undefined);
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
      return isMasked(twin.verdict) ? maskedValue(area ? '' : dom.inputType(element as HTMLInputElement), value) : value;
    }
    case 'checked':
      return !isMasked(twin.verdict) && env.native.getAttribute(element, 'checked') !== null;
    case 'selected':
      // A list of one choice shows its first option unless it is told otherwise.
      if (showsNone(element)) return undefined;
      return !isMasked(twin.verdict) && env.native.getAttribute(element, 'selected') !== null;
    default:
      return NOTHING[key] ?? false;
  }
}

function showsNone(option: Element): boolean {
  const list = option.closest('select');
  return list !== null && !list.multiple && list.selectedIndex === -1;
}

/** State of an element as it is told. `wasPopover`: tell of the popover even where the attribute is gone. */
export function readState(env: Env, node: Node, verdict: Verdict, wasPopover = false): NodeState | undefined {
  const name = dom.htmlName(node);
  if (dom.nodeType(node) === dom.ELEMENT && isHidden(verdict)) return { size: sizeOf(node as Element) };
  if (!name) return undefined;
  const element = node as HTMLElement;
  const state: NodeState = {};
  if (isSized(env.native, element, verdict)) state.size = sizeOf(element);
  if (name === 'input') readInput(element as HTMLInputElement, verdict, state);
  else if (name === 'textarea') readValue('', dom.areaValue(element as HTMLTextAreaElement), verdict, state);
  else if (name === 'option') readChosen(verdict, { selected: dom.optionSelected(element as HTMLOptionElement) }, state);
  else if (name === 'select') state.masked = isMasked(verdict);
  else if (name === 'dialog') state.modal = dom.matches(element, ':modal');
  else if (isMedia(element) && !isMasked(verdict)) {
    const paused = dom.mediaPaused(element);
    state.media = { time: Math.round(dom.mediaTime(element) * 100) / 100, paused, rate: dom.mediaRate(element) };
  } else if (name.includes('-')) state.defined = dom.matches(element, ':defined');
  if (wasPopover || env.native.getAttribute(element, 'popover') !== null) state.popover = dom.matches(element, ':popover-open');
  return state;
}

function readInput(input: HTMLInputElement, verdict: Verdict, state: NodeState): void {
  const type = dom.inputType(input);
  if (type === 'checkbox' || type === 'radio') {
    readChosen(verdict, { checked: dom.inputChecked(input), indeterminate: dom.inputIndeterminate(input) }, state);
    state.masked = isMasked(verdict);
  }
  if (!NO_VALUE.has(type)) readValue(type, dom.inputValue(input), verdict, state);
}

/** What is chosen, or `false` where it is masked. */
function readChosen(verdict: Verdict, chosen: Pick<NodeState, 'checked' | 'indeterminate' | 'selected'>, state: NodeState): void {
  for (const [key, is] of Object.entries(chosen)) Object.assign(state, { [key]: is && !isMasked(verdict) });
}

function readValue(type: string, value: string, verdict: Verdict, state: NodeState): void {
  const masked = isMasked(verdict);
  state.value = masked ? maskedValue(type, value) : value;
  state.masked = masked;
}

/** Where an element, or a document's viewport, is scrolled to. */
export function readScroll(node: Node): [number, number] {
  const element = dom.nodeType(node) === dom.DOCUMENT ? dom.scroller(node as Document) : (node as Element);
  return element ? [dom.scrollLeft(element), dom.scrollTop(element)] : [0, 0];
}
