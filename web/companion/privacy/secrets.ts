// What is typed in a secret field stays secret in the fields that pages put in its place, or keep beside it, to show a password: another element
// with the same value.
import * as dom from '../../shared/dom';

/** Secret fields that are remembered: the last ones. */
const MOST = 16;
/** Characters of a value from which on another field with it is no coincidence. */
const LONG = 6;

export class Secrets {
  private readonly fields = new Set<Element>();

  /** `told`: the element is told of. */
  constructor(private readonly told: (element: Element) => boolean) {}

  /** A field of secrets. */
  note(field: Element): void {
    this.fields.delete(field);
    this.fields.add(field);
    for (const oldest of this.fields) {
      if (this.fields.size <= MOST) break;
      this.fields.delete(oldest);
    }
  }

  /** A field has what one of them has, or had when it went just now. */
  isIn(field: Element): boolean {
    if (!this.fields.size) return false;
    const value = valueOf(field);
    if (!value) return false;
    for (const secret of this.fields) {
      if (secret === field || valueOf(secret) !== value) continue;
      if (value.length >= LONG || (!dom.isConnected(secret) && this.told(secret))) return true;
    }
    return false;
  }
}

function valueOf(field: Element): string {
  switch (dom.htmlName(field)) {
    case 'input':
      return dom.inputValue(field as HTMLInputElement);
    case 'textarea':
      return dom.areaValue(field as HTMLTextAreaElement);
    default:
      return '';
  }
}
