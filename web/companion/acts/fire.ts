// Events as a person's mouse and keyboard make them, in the realm of the element that they go to. None is trusted: `isTrusted` cannot be
// had from a script.
import * as dom from '../../shared/dom';
import type { ActPage } from './env';
import { keyOf } from './keys';

/** Where the mouse is, in the coordinates of the element's document. */
export interface Place {
  x: number;
  y: number;
}

/** The mouse: browsers give it this number, which a page may capture. */
const MOUSE = { pointerId: 1, pointerType: 'mouse', isPrimary: true, width: 1, height: 1 };

/** Makes and dispatches them. */
export class Fire {
  constructor(private readonly page: ActPage) {}

  /** A pointer event; false: it was prevented. */
  pointer(type: string, target: Element, place: Place, more: PointerEventInit = {}): boolean {
    const hands = this.page.hands(target);
    return hands.dispatch(target, new hands.PointerEvent(type, { ...this.at(target, place), ...boundary(type), ...MOUSE, button: -1, ...more }));
  }

  /** A mouse event; false: it was prevented. */
  mouse(type: string, target: Element, place: Place, more: MouseEventInit = {}): boolean {
    const hands = this.page.hands(target);
    return hands.dispatch(target, new hands.MouseEvent(type, { ...this.at(target, place), ...boundary(type), ...more }));
  }

  /** A key event of a key that is named as in `KeyboardEvent.key`; false: it was prevented. */
  key(type: 'keydown' | 'keypress' | 'keyup', target: Element, key: string): boolean {
    const hands = this.page.hands(target);
    const { code, number, character, shift } = keyOf(key);
    const legacy = type === 'keypress' ? { keyCode: character, charCode: character, which: character } : { keyCode: number, charCode: 0, which: number };
    const init: KeyboardEventInit = { ...this.common(target), key, code, shiftKey: shift, ...legacy };
    return hands.dispatch(target, new hands.KeyboardEvent(type, init));
  }

  /** `beforeinput`; false: it was prevented. */
  beforeInput(target: Element, inputType: string, data: string | null, ranges: StaticRange[] = []): boolean {
    const hands = this.page.hands(target);
    return hands.dispatch(target, new hands.InputEvent('beforeinput', { ...this.common(target), inputType, data, targetRanges: ranges }));
  }

  /** `input` of typing. */
  input(target: Element, inputType: string, data: string | null): void {
    const hands = this.page.hands(target);
    hands.dispatch(target, new hands.InputEvent('input', { ...this.common(target), cancelable: false, inputType, data }));
  }

  /** `input` or `change` of a choice. */
  plain(type: 'input' | 'change', target: Element): void {
    const hands = this.page.hands(target);
    hands.dispatch(target, new hands.Event(type, { bubbles: true, composed: type === 'input' }));
  }

  /** A focus event that the browser does not make itself. */
  focus(type: 'focus' | 'blur' | 'focusin' | 'focusout', target: Element, related: Element | null): void {
    const hands = this.page.hands(target);
    const bubbles = type === 'focusin' || type === 'focusout';
    hands.dispatch(target, new hands.FocusEvent(type, { ...this.common(target), bubbles, cancelable: false, relatedTarget: related }));
  }

  private common(target: Element): UIEventInit {
    const document = dom.ownerDocument(target);
    return { bubbles: true, cancelable: true, composed: true, view: document && dom.defaultView(document) };
  }

  private at(target: Element, { x, y }: Place): MouseEventInit {
    const init = this.common(target);
    const { screenX = 0, screenY = 0 } = init.view ?? {};
    return { ...init, clientX: x, clientY: y, screenX: screenX + x, screenY: screenY + y };
  }
}

/** Enter and leave events are for one element alone. */
function boundary(type: string): EventInit {
  return type.endsWith('enter') || type.endsWith('leave') ? { bubbles: false, cancelable: false, composed: false } : {};
}
