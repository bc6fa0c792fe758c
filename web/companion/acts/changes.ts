// The `change` event of what agents typed: browsers make it for what a person typed, not for values that a script set.
import { type ActPage, isTextField } from './env';
import type { Fire } from './fire';
import type { TextField } from './native';

/** Fields whose value an agent changed, with the value before. */
export class Changes {
  private readonly open = new Map<Element, string>();

  constructor(
    private readonly page: ActPage,
    private readonly fire: Fire,
  ) {}

  /** A field is about to change. */
  begin(field: TextField): void {
    if (!this.open.has(field)) this.open.set(field, this.page.hands(field).value(field));
  }

  /** The browser told of the change itself. */
  forget(element: Element): void {
    this.open.delete(element);
  }

  /** All fields count as left. */
  tellAll(): void {
    for (const element of [...this.open.keys()]) this.tell(element);
  }

  /** The field is left: it changed, if its value is another one. */
  tell(element: Element): void {
    const before = this.open.get(element);
    if (before === undefined || !isTextField(element)) return;
    this.open.delete(element);
    if (this.page.hands(element).value(element as TextField) !== before) this.fire.plain('change', element);
  }
}
