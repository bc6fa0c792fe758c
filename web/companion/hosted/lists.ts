// Lists of options: a browser draws them outside of the page, where no picture is taken, so the screen draws them. Pickers of dates and colours stay closed
// for the same reason.
import type { List, ListOption } from '../../shared/protocol/hosted';
import * as dom from '../../shared/dom';
import { type ActPage, isDisabled, settled, typeOf } from '../acts/env';
import type { Fire } from '../acts/fire';
import { PICKED } from './focused';
import { Layout } from './layout';

/** Most options that are told. */
const MOST = 5_000;

export class Lists {
  private open: { id: number; select: HTMLSelectElement; told: string } | null = null;
  private last = 0;

  constructor(
    private readonly page: ActPage,
    private readonly fire: Fire,
    private readonly send: (list: List | null) => void,
  ) {}

  /** The mouse went down, or a finger's press became one. */
  pressed(event: MouseEvent, target: Element | null): void {
    const select = target && selectOf(target);
    if (this.open && select !== this.open.select) this.close();
    if (!select || event.button !== 0 || !this.opens(select)) return;
    event.preventDefault();
    this.page.hands(select).focus(select, { preventScroll: true });
    if (this.open) this.close();
    else this.show(select);
  }

  /** A key went down. */
  key(event: KeyboardEvent, target: Element | null): void {
    const { key, altKey, ctrlKey, metaKey } = event;
    const opening = key === ' ' || key === 'Enter' || key === 'F4' || (altKey && (key === 'ArrowDown' || key === 'ArrowUp'));
    if (!target || ctrlKey || metaKey || !opening) return;
    if (PICKED.has(typeOf(target))) {
      if (key !== 'Enter') event.preventDefault();
      return;
    }
    const select = selectOf(target);
    if (!select || !this.opens(select)) return;
    event.preventDefault();
    if (!this.open) this.show(select);
  }

  /** A click, which would open a picker. */
  clicked(event: Event, target: Element | null): void {
    if (target && PICKED.has(typeOf(target))) event.preventDefault();
  }

  /** What is open may be another now, or elsewhere. */
  look(): void {
    if (!this.open) return;
    const { id, select, told } = this.open;
    if (!dom.isConnected(select) || isDisabled(select) || !this.opens(select)) {
      this.close();
      return;
    }
    const list = this.read(id, select);
    const text = JSON.stringify(list);
    if (text === told) return;
    this.open.told = text;
    this.send(list);
  }

  /** The visitor chose; nothing: they closed it. */
  async choose(id: number, places: readonly number[] | undefined): Promise<void> {
    if (this.open?.id !== id) return;
    const { select } = this.open;
    this.close();
    const hands = this.page.hands(select);
    const options = hands.options(select);
    const place = places?.[0];
    const option = place === undefined ? undefined : options[place];
    if (place === undefined || !option || isDisabled(option) || isDisabled(select) || dom.optionSelected(option)) return;
    hands.setIndex(select, place);
    this.fire.plain('input', select);
    await settled();
    this.fire.plain('change', select);
  }

  /** It is closed. */
  close(): void {
    if (!this.open) return;
    this.open = null;
    this.send(null);
  }

  private show(select: HTMLSelectElement): void {
    this.last += 1;
    const list = this.read(this.last, select);
    this.open = { id: this.last, select, told: JSON.stringify(list) };
    this.send(list);
  }

  /** A browser draws its options apart: it is no box of them in the page. */
  private opens(select: HTMLSelectElement): boolean {
    const size = Number.parseInt(this.page.native.getAttribute(select, 'size') ?? '', 10);
    return !isDisabled(select) && !this.page.hands(select).multiple(select) && !(size > 1);
  }

  private read(id: number, select: HTMLSelectElement): List {
    const options = this.page.hands(select).options(select).slice(0, MOST).map((option): ListOption => {
      const parent = dom.parentNode(option);
      const group = parent && dom.htmlName(parent) === 'optgroup' ? (this.page.native.getAttribute(parent as Element, 'label') ?? '') : '';
      return { label: option.label, group, selected: dom.optionSelected(option), disabled: isDisabled(option) };
    });
    return { id, place: new Layout().box(select, dom.boxOf(select)), multiple: false, options };
  }
}

/** The list that an element is, or is in. */
function selectOf(target: Element): HTMLSelectElement | null {
  for (let at: Node | null = target; at; at = dom.parentNode(at)) if (dom.htmlName(at) === 'select') return at as HTMLSelectElement;
  return null;
}
