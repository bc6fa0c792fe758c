// The list of a select element, at its place in the picture: a list box as desktops have it; on phones the phone's own list, or a sheet where
// that does not open.
import type { List, ListOption } from '../shared/protocol/hosted';
import type { FromScreen } from '../shared/protocol/image';
import { clamp, type Box } from '../companion/overlay/geometry';
import { button, make } from '../companion/overlay/make';
import { chosenAfter, foundBy, stepFrom, type Walk } from './options';
import { LIST_DONE } from './words';

/** Milliseconds between two letters of one search. */
const SEARCH = 1_000;
/** Pixels that stay free around it. */
const EDGE = 8;

export interface ListNeeds {
  into: HTMLElement;
  toWindow(place: List['place']): Box | null;
  send(message: FromScreen): void;
  handheld(): boolean;
  /** The keyboard goes back to the picture. */
  back(): void;
}

interface Open {
  list: List;
  element: HTMLElement;
  chosen: Set<number>;
  stop(): void;
}

export class Lists {
  private open: Open | null = null;

  constructor(private readonly of: ListNeeds) {}

  get shown(): boolean {
    return this.open !== null;
  }

  show(list: List): void {
    this.gone();
    if (!(this.of.handheld() && this.native(list))) this.box(list);
  }

  gone(): void {
    const { open } = this;
    this.open = null;
    if (!open) return;
    const had = open.element.contains(document.activeElement);
    open.stop();
    open.element.remove();
    if (had) this.of.back();
  }

  /** Closes it without a choice; of a list in which more can be chosen, with what was. */
  cancel(): void {
    const { open } = this;
    if (open) this.answer(open.list.multiple ? [...open.chosen] : null);
  }

  /** Puts it where its element is. */
  place(): void {
    if (this.open) this.lay(this.open);
  }

  private answer(options: number[] | null): void {
    const id = this.open?.list.id;
    this.gone();
    if (id !== undefined) this.of.send({ t: 'choose', id, ...(options && { options: options.sort((a, b) => a - b) }) });
  }

  /** The phone's own list; false: the browser does not open it. */
  private native(list: List): boolean {
    const select = make('select', { class: 'typist', 'aria-label': 'Options', ...(list.multiple && { multiple: '' }) }) as HTMLSelectElement;
    let group: HTMLElement = select;
    list.options.forEach((option, i) => {
      if (option.group !== (group.getAttribute('label') ?? '')) {
        group = option.group ? make('optgroup', { label: option.group }) : select;
        if (option.group) select.append(group);
      }
      const element = make('option', { value: `${i}` }, option.label) as HTMLOptionElement;
      element.disabled = option.disabled;
      element.selected = option.selected;
      group.append(element);
    });
    this.of.into.append(select);
    const open: Open = { list, element: select, chosen: chosenOf(list.options), stop: () => undefined };
    this.lay(open);
    try {
      if (!('showPicker' in select)) throw new Error('it cannot be opened');
      select.showPicker();
    } catch {
      select.remove();
      return false;
    }
    this.open = open;
    select.focus({ preventScroll: true });
    select.addEventListener('change', () => {
      const options = [...select.selectedOptions].map(({ value }) => Number(value));
      if (list.multiple) open.chosen = new Set(options);
      else this.answer(options);
    });
    // The phone does not tell that its list was closed; the keyboard leaves it then, or with the next press.
    select.addEventListener('blur', () => this.open === open && this.cancel());
    return true;
  }

  private box(list: List): void {
    const chosen = chosenOf(list.options);
    const items = list.options.map((option, i) => itemOf(option, i));
    const box = make('div', { class: 'options', role: 'listbox', tabindex: '0', 'aria-label': 'Options', ...(list.multiple && { 'aria-multiselectable': 'true' }) }, ...grouped(list.options, items));
    const done = button('primary', LIST_DONE);
    const element = make('div', { class: 'list' }, box, ...(list.multiple ? [done] : []));
    const open: Open = { list, element, chosen, stop: () => removeEventListener('pointerdown', outside, true) };
    const outside = (event: Event): void => {
      if (!element.contains(event.target as Node)) this.cancel();
    };
    let at = -1;
    let search = { text: '', at: -Infinity };
    const go = (to: number): void => {
      at = to;
      items.forEach((item, i) => item.classList.toggle('at', i === to));
      const item = items[to];
      if (!item) return;
      box.setAttribute('aria-activedescendant', item.id);
      item.scrollIntoView({ block: 'nearest' });
    };
    const paint = (): void => items.forEach((item, i) => item.setAttribute('aria-selected', `${open.chosen.has(i)}`));
    const choose = (i: number): void => {
      if (!list.options[i] || list.options[i].disabled) return;
      go(i);
      open.chosen = chosenAfter(open.chosen, i, list.multiple);
      paint();
      if (!list.multiple) this.answer([i]);
    };
    items.forEach((item, i) => {
      item.addEventListener('click', () => choose(i));
      item.addEventListener('pointermove', (event) => event.pointerType === 'mouse' && i !== at && !list.options[i]?.disabled && go(i));
    });
    done.addEventListener('click', () => this.cancel());
    element.addEventListener('keydown', (event) => {
      if (event.target === done && event.key !== 'Escape') return;
      const walk = WALKS[event.key];
      if (event.key === 'Escape' || event.key === 'Tab') this.cancel();
      else if (event.key === 'Enter') list.multiple ? this.cancel() : choose(at);
      else if (event.key === ' ' && performance.now() - search.at > SEARCH) choose(at);
      else if (walk) go(stepFrom(list.options, at, walk));
      else if ([...event.key].length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
        const now = performance.now();
        search = { text: now - search.at > SEARCH ? event.key : search.text + event.key, at: now };
        go(foundBy(list.options, search.text, at));
      } else return;
      event.preventDefault();
      event.stopPropagation();
    });
    addEventListener('pointerdown', outside, true);
    this.open = open;
    this.of.into.append(element);
    paint();
    this.lay(open);
    box.focus({ preventScroll: true });
    go([...chosen][0] ?? stepFrom(list.options, -1, 'down'));
  }

  private lay({ list, element }: Open): void {
    const at = this.of.toWindow(list.place);
    if (!at) return;
    const { style } = element;
    if (element.localName === 'select') {
      Object.assign(style, { left: `${at.left}px`, top: `${at.top}px`, width: `${at.width}px`, height: `${at.height}px` });
      return;
    }
    element.classList.toggle('sheet', this.of.handheld());
    if (this.of.handheld()) return;
    style.minWidth = `${Math.min(at.width, innerWidth - 2 * EDGE)}px`;
    const { width, height } = element.getBoundingClientRect();
    const below = innerHeight - EDGE - (at.top + at.height);
    const above = at.top - EDGE;
    const under = below >= Math.min(height, 160) || below >= above;
    style.maxHeight = `${Math.max(96, under ? below : above)}px`;
    const tall = Math.min(height, under ? below : above);
    style.left = `${clamp(at.left, EDGE, innerWidth - EDGE - width)}px`;
    style.top = `${Math.max(EDGE, under ? at.top + at.height : at.top - tall)}px`;
  }
}

const WALKS: Partial<Record<string, Walk>> = { ArrowDown: 'down', ArrowUp: 'up', Home: 'first', End: 'last', PageDown: 'page-down', PageUp: 'page-up' };

function chosenOf(options: readonly ListOption[]): Set<number> {
  return new Set(options.flatMap(({ selected }, i) => (selected ? [i] : [])));
}

function itemOf({ label, disabled }: ListOption, i: number): HTMLElement {
  return make('div', { id: `option-${i}`, class: 'option', role: 'option', ...(disabled && { 'aria-disabled': 'true' }) }, label || '\u00a0');
}

/** Options below the names of their groups. */
function grouped(options: readonly ListOption[], items: HTMLElement[]): HTMLElement[] {
  const out: HTMLElement[] = [];
  let name = '';
  let into: HTMLElement | null = null;
  items.forEach((item, i) => {
    const group = options[i]?.group ?? '';
    if (group !== name) {
      name = group;
      into = group ? make('div', { role: 'group', 'aria-label': group }, make('div', { class: 'group', 'aria-hidden': 'true' }, group)) : null;
      if (into) out.push(into);
    }
    if (into) into.append(item);
    else out.push(item);
  });
  return out;
}
