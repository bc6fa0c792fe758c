// The bar: moving it, folding it, and ending the session with one question.
import { boundsOf, capturePointer, focus, keyOf, matches, pointOf, prevent, setAttribute, setText, show, toggle, type OverlayNative } from './dom';
import { FOLD, UNFOLD, type Parts } from './markup';
import { overlap, type Box } from './geometry';
import { cornerAt, keyStep, spotAt, START, type Spot } from './place';

/** What the bar shows: who sees the page; the question whether to end; what the visitor can show. */
export type BarMode = 'usual' | 'ask' | 'tool';

/** Behaviour of the bar. */
export interface Bar {
  mode(mode: BarMode): void;
  /** Puts it where it belongs; after anything that changed its size or the window's. */
  place(): void;
  /** Takes its listeners off the window. */
  stop(): void;
}

/** `placed`: it moved, or the window changed. */
export function makeBar(parts: Parts, native: OverlayNative, end: () => void, placed: () => void): Bar {
  const listen = (target: EventTarget, type: string, run: (event: Event) => void): void => native.addEventListener(target, type, run);
  const mover = makeMover(parts, placed);
  listenForMoves(parts, mover, listen);
  const mode = (is: BarMode): void => {
    setAttribute(parts.bar, 'data-mode', is);
    mover.place();
  };
  listenForFold(parts, mover.place, listen);
  listenForEnd(parts, mode, listen, end);

  const windows: [EventTarget, string][] = [[window, 'resize']];
  if (window.visualViewport) windows.push([window.visualViewport, 'resize'], [window.visualViewport, 'scroll']);
  for (const [target, type] of windows) native.addEventListener(target, type, mover.place);
  return {
    mode,
    place: mover.place,
    stop: () => windows.forEach(([target, type]) => native.removeEventListener(target, type, mover.place)),
  };
}

interface Mover {
  place: () => void;
  moveTo(left: number, top: number): void;
  moveBy(dx: number, dy: number): void;
  reset(): void;
}

function makeMover({ bar, room }: Parts, placed: () => void): Mover {
  let spot: Spot = START;
  const visible = (): { box: Box; scale: number } => {
    const view = window.visualViewport;
    const box = boundsOf(room);
    if (!view) return { box, scale: 1 };
    return { box: overlap(box, { left: view.offsetLeft, top: view.offsetTop, width: view.width, height: view.height }), scale: view.scale };
  };
  const place = (): void => {
    const { box, scale } = visible();
    // The bar keeps its size on the screen when the visitor pinches the page larger.
    bar.style.scale = scale === 1 ? 'none' : `${1 / scale}`;
    const size = boundsOf(bar);
    const { left, top } = cornerAt(spot, box, size.width, size.height);
    bar.style.translate = `${Math.round(left)}px ${Math.round(top)}px`;
    placed();
  };
  const moveTo = (left: number, top: number): void => {
    const size = boundsOf(bar);
    spot = spotAt(left, top, visible().box, size.width, size.height);
    place();
  };
  return {
    place,
    moveTo,
    moveBy(dx, dy) {
      const { left, top } = boundsOf(bar);
      moveTo(left + dx, top + dy);
    },
    reset() {
      spot = START;
      place();
    },
  };
}

type Listen = (target: EventTarget, type: string, run: (event: Event) => void) => void;

function listenForMoves({ bar, grip, who }: Parts, mover: Mover, listen: Listen): void {
  let held: { id: number; dx: number; dy: number } | null = null;
  for (const handle of [grip, who]) {
    listen(handle, 'pointerdown', (event) => {
      if (!(event instanceof PointerEvent) || event.button !== 0) return;
      const { left, top } = boundsOf(bar);
      const { x, y } = pointOf(event);
      held = { id: event.pointerId, dx: x - left, dy: y - top };
      capturePointer(handle, event.pointerId);
      toggle(bar, 'data-dragging', true);
    });
    listen(handle, 'pointermove', (event) => {
      if (!(event instanceof PointerEvent) || held?.id !== event.pointerId) return;
      const { x, y } = pointOf(event);
      mover.moveTo(x - held.dx, y - held.dy);
    });
    for (const type of ['pointerup', 'pointercancel', 'lostpointercapture']) {
      listen(handle, type, () => {
        held = null;
        toggle(bar, 'data-dragging', false);
      });
    }
  }
  listen(grip, 'keydown', (event) => {
    const { key, shift } = keyOf(event);
    const step = keyStep(key, shift);
    if (!step && key !== 'Home') return;
    prevent(event);
    if (step) mover.moveBy(step.dx, step.dy);
    else mover.reset();
  });
}

function listenForFold({ bar, fold }: Parts, place: () => void, listen: Listen): void {
  const line = fold.firstElementChild?.firstElementChild;
  let small = false;
  listen(fold, 'click', () => {
    small = !small;
    toggle(bar, 'data-small', small);
    setAttribute(fold, 'aria-expanded', `${!small}`);
    if (line) setAttribute(line, 'd', small ? UNFOLD : FOLD);
    place();
  });
}

function listenForEnd({ question, yes, no, end: button, bar }: Parts, mode: (mode: BarMode) => void, listen: Listen, end: () => void): void {
  const asking = (is: boolean): void => {
    mode(is ? 'ask' : 'usual');
    focus(is ? yes : button, { preventScroll: true });
  };
  listen(button, 'click', () => asking(true));
  listen(no, 'click', () => asking(false));
  listen(bar, 'keydown', (event) => {
    if (keyOf(event).key !== 'Escape' || !matches(bar, '[data-mode=ask]')) return;
    prevent(event);
    asking(false);
  });
  listen(yes, 'click', () => {
    setText(question, 'Ending…');
    setAttribute(yes, 'disabled', '');
    show(no, false);
    mode('ask');
    end();
  });
}
