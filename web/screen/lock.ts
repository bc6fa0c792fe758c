// A lock at a password field that has the focus: agents do not see what is in it. Of other masked fields, the screen is not told.
import type { Field } from '../shared/protocol/hosted';
import type { Box } from '../companion/overlay/geometry';
import type { OverlayState } from '../companion/overlay';
import { veilText } from '../companion/overlay/words';
import { icon, make } from '../companion/overlay/make';

const LOCK = 'M7 11V8a5 5 0 0 1 10 0v3M5.5 11h13v9h-13z';
/** Its size, and its distance from the field's edge. */
const SIZE = 20;
const GAP = 6;

export class Lock {
  private readonly element = make('div', { class: 'lock', role: 'note', hidden: '' }, icon(LOCK));
  private at: Field['place'] | null = null;

  constructor(into: HTMLElement, private readonly toWindow: (place: Field['place']) => Box | null) {
    into.append(this.element);
  }

  show(field: Field | null, state: OverlayState): void {
    this.at = field?.kind === 'password' ? field.place : null;
    const text = veilText(state, false);
    this.element.setAttribute('aria-label', text);
    this.element.title = text;
    this.place();
  }

  place(): void {
    const box = this.at && this.toWindow(this.at);
    this.element.hidden = !box;
    if (!box) return;
    const { style } = this.element;
    style.left = `${box.left + box.width - SIZE - GAP}px`;
    style.top = `${box.top + (box.height - SIZE) / 2}px`;
  }
}
