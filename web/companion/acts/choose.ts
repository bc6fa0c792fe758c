// What is chosen rather than typed: options of a list, dates, colours, ranges, boxes.
import type { Choice, Denial } from '../../shared/protocol/act';
import type { NodeId } from '../../shared/protocol/page';
import * as dom from '../../shared/dom';
import { type ActPage, isDisabled, isReadOnly, settled, typeOf } from './env';
import type { Fire } from './fire';
import type { Focus } from './focus';
import type { Mouse } from './press';
import { spotOf } from './place';

/** Values of each kind of field (HTML Standard, 2.3.5 and 4.10.5.1). */
const FORMS: Readonly<Record<string, RegExp>> = {
  date: /^\d{4,}-\d\d-\d\d$/,
  month: /^\d{4,}-\d\d$/,
  week: /^\d{4,}-W\d\d$/,
  time: /^\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?$/,
  'datetime-local': /^\d{4,}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?$/,
  color: /^#[0-9a-f]{6}$/i,
  range: /^-?\d+(?:\.\d+)?$/,
};

/** Chooses. */
export class Chooser {
  constructor(
    private readonly page: ActPage,
    private readonly fire: Fire,
    private readonly focus: Focus,
    private readonly mouse: Mouse,
    private readonly node: (id: NodeId) => Node | null,
  ) {}

  /** Chooses in a list or a field; gives why it could not. */
  async choose(element: Element, choice: Choice): Promise<Denial | null> {
    if (isDisabled(element) || isReadOnly(this.page, element)) return 'unfit';
    if (dom.htmlName(element) === 'select') return this.list(element as HTMLSelectElement, choice);
    return 'value' in choice ? this.value(element as HTMLInputElement, choice.value) : 'unfit';
  }

  /** Brings a box or a radio button into a state; gives why it could not. */
  async check(input: Element, checked: boolean): Promise<Denial | null> {
    const type = typeOf(input);
    if ((type !== 'checkbox' && type !== 'radio') || (type === 'radio' && !checked) || isDisabled(input)) return 'unfit';
    const hands = this.page.hands(input);
    if (hands.checked(input as HTMLInputElement) === checked && !dom.inputIndeterminate(input as HTMLInputElement)) return null;
    // Many pages hide the box and draw its label.
    const faces = [input, ...hands.labels(input)];
    for (const face of faces) {
      const spot = spotOf(this.page, face, [0.5, 0.5]);
      if (!spot) continue;
      await this.mouse.press(spot, 1);
      return null;
    }
    return 'gone';
  }

  private async list(select: HTMLSelectElement, choice: Choice): Promise<Denial | null> {
    const hands = this.page.hands(select);
    const options = hands.options(select);
    const wanted = 'options' in choice ? choice.options.map((id) => this.node(id)) : [options.find((option) => hands.optionValue(option) === choice.value) ?? null];
    const known = wanted.filter((node): node is HTMLOptionElement => options.includes(node as HTMLOptionElement));
    const many = hands.multiple(select);
    if (known.length !== wanted.length || known.some(isDisabled) || (!many && known.length !== 1)) return 'unfit';
    this.focus.give(select);
    await settled();
    if (options.every((option) => dom.optionSelected(option) === known.includes(option))) return null;
    if (many) for (const option of options) hands.setSelected(option, known.includes(option));
    else hands.setIndex(select, options.indexOf(known[0] as HTMLOptionElement));
    await this.tell(select);
    return null;
  }

  private async value(input: HTMLInputElement, value: string): Promise<Denial | null> {
    const hands = this.page.hands(input);
    const before = hands.value(input);
    if (!FORMS[typeOf(input)]?.test(value) || !this.isWithin(input, value)) return 'unfit';
    this.focus.give(input);
    await settled();
    hands.setValue(input, value);
    const now = hands.value(input);
    // The browser's own check: the 31st of February is no date, and makes the field empty.
    if (now === '' || (typeOf(input) === 'color' && now !== value.toLowerCase())) {
      hands.setValue(input, before);
      return 'unfit';
    }
    if (now !== before) await this.tell(input);
    return null;
  }

  /** Between `min` and `max`: values of one form compare as texts, but for ranges. */
  private isWithin(input: HTMLInputElement, value: string): boolean {
    const limit = (name: string) => this.page.native.getAttribute(input, name) ?? '';
    const [least, most] = [limit('min'), limit('max')];
    if (typeOf(input) === 'range') return !(Number(value) < Number(least || 0)) && !(Number(value) > Number(most || 100));
    return (least === '' || value >= least) && (most === '' || value <= most);
  }

  private async tell(element: Element): Promise<void> {
    this.fire.plain('input', element);
    await settled();
    this.fire.plain('change', element);
    await settled();
  }
}
