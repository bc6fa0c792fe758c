// Lists and fields whose value is chosen: the agent gets a list, or a field of the same sort, of the viewer's own; the choice is an act.
import * as dom from '../shared/dom';
import type { NodeId } from '../shared/protocol/page';
import type { Acting } from './acting';
import { button, div, made } from './dom';
import { attribute, nameOf } from './fields';
import type { Pop } from './pop';
import type { View } from './view';

interface Option {
  node: NodeId;
  text: string;
  group: string;
  off: boolean;
  chosen: boolean;
}

export class Pickers {
  constructor(
    private readonly view: View,
    private readonly pop: Pop,
    private readonly acting: Acting,
  ) {}

  /** Opens the options of a `select`. */
  list(node: NodeId, select: HTMLSelectElement): void {
    const options = this.options(select);
    const list = new List(options, select.multiple, (chosen) => {
      this.pop.close();
      const words = chosen.map(({ text }) => text).join(', ');
      this.acting.ask({ a: 'choose', node, choice: { options: chosen.map((option) => option.node) } }, { words });
    });
    list.element.setAttribute('aria-label', nameOf(select) || 'Options');
    this.pop.show(node, { element: list.box, first: list.element });
    list.reveal();
  }

  /** Opens a field of the same sort over an `input` whose value is chosen. */
  value(node: NodeId, input: HTMLInputElement): void {
    const own = made('input', 'value');
    own.type = dom.inputType(input);
    for (const name of ['min', 'max', 'step']) if (dom.hasAttribute(input, name)) own.setAttribute(name, attribute(input, name));
    own.value = dom.inputValue(input);
    own.setAttribute('aria-label', nameOf(input) || 'Value');
    const choose = () => {
      const { value } = own;
      this.pop.close();
      if (value !== dom.inputValue(input)) this.acting.ask({ a: 'choose', node, choice: { value } }, { words: value });
    };
    own.addEventListener('keydown', (event) => event.key === 'Enter' && choose());
    const box = div('entry');
    box.append(own, button('Choose', 'small', choose));
    this.pop.show(node, { element: box, first: own, cover: true });
    try {
      own.showPicker();
    } catch {
      // Only after a press, and not in every browser; the field itself is there.
    }
  }

  private options(select: HTMLSelectElement): Option[] {
    return [...select.options].flatMap((option) => {
      const node = this.view.page.id(option);
      if (node === undefined || option.hidden) return [];
      const parent = dom.parentNode(option) as Element | null;
      const group = parent && dom.htmlName(parent) === 'optgroup' ? attribute(parent, 'label') : '';
      return [{ node, text: option.label, group, off: dom.matches(option, ':disabled'), chosen: option.selected }];
    });
  }
}

/** A list to choose from by mouse, touch or keyboard (ARIA, listbox). */
class List {
  readonly box = div('list');
  readonly element = div('options');
  private readonly rows: HTMLElement[] = [];
  private at: number;
  private sought = '';
  private soughtAt = 0;

  constructor(
    private readonly options: Option[],
    private readonly several: boolean,
    private readonly done: (chosen: Option[]) => void,
  ) {
    this.element.setAttribute('role', 'listbox');
    this.element.tabIndex = 0;
    if (several) this.element.setAttribute('aria-multiselectable', 'true');
    this.box.append(this.element);
    let group = '';
    for (const [i, option] of options.entries()) {
      if (option.group && option.group !== group) this.element.append(div('group', option.group));
      group = option.group;
      this.element.append(this.row(i, option));
    }
    if (several) this.box.append(button('Choose', 'small', () => this.finish()));
    this.element.addEventListener('keydown', (event) => this.key(event));
    this.at = Math.max(0, options.findIndex(({ chosen }) => chosen));
  }

  reveal(): void {
    this.go(this.at);
  }

  private row(i: number, option: Option): HTMLElement {
    const row = div('option', option.text || ' ');
    row.id = `option-${i}`;
    row.setAttribute('role', 'option');
    row.setAttribute('aria-selected', String(option.chosen));
    if (option.off) row.setAttribute('aria-disabled', 'true');
    row.addEventListener('pointermove', () => this.mark(i));
    row.addEventListener('click', () => this.press(i));
    this.rows.push(row);
    return row;
  }

  private mark(i: number): void {
    this.rows[this.at]?.classList.remove('at');
    this.at = i;
    this.rows[i]?.classList.add('at');
    this.element.setAttribute('aria-activedescendant', `option-${i}`);
  }

  private go(i: number): void {
    this.mark(Math.min(this.rows.length - 1, Math.max(0, i)));
    this.rows[this.at]?.scrollIntoView({ block: 'nearest' });
  }

  private press(i: number): void {
    const option = this.options[i];
    if (!option || option.off) return;
    if (!this.several) {
      this.done([option]);
      return;
    }
    option.chosen = !option.chosen;
    this.rows[i]?.setAttribute('aria-selected', String(option.chosen));
  }

  private finish(): void {
    this.done(this.options.filter(({ chosen }) => chosen));
  }

  private key(event: KeyboardEvent): void {
    const moves: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };
    const by = moves[event.key];
    if (by !== undefined) this.go(this.at + by);
    else if (event.key === 'Enter' && this.several) this.finish();
    else if (event.key === 'Enter' || (event.key === ' ' && !this.sought)) this.press(this.at);
    else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey) this.seek(event.key);
    else return;
    event.preventDefault();
  }

  /** Typing goes to the option that begins with what is typed. */
  private seek(letter: string): void {
    const fresh = 700;
    if (performance.now() - this.soughtAt > fresh) this.sought = '';
    this.soughtAt = performance.now();
    this.sought += letter.toLowerCase();
    const found = this.options.findIndex(({ text, off }) => !off && text.trim().toLowerCase().startsWith(this.sought));
    if (found >= 0) this.go(found);
  }
}
