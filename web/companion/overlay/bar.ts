// The bar: moving it, folding it, and ending the session with one question.
import { boundsOf, focus, setText, type OverlayNative } from './dom';
import { FOLD, UNFOLD, type Parts } from './markup';
import { cornerAt, keyStep, overlap, spotAt, START, type Box, type Spot } from './place';

/** Behaviour of the bar. */
export interface Bar {
  /** Puts it where it belongs; after anything that changed its size or the window's. */
  place(): void;
  /** Takes its listeners off the window. */
  stop(): void;
}

export function makeBar(parts: Parts, native: OverlayNative, end: () => void): Bar {
  const listen = (target: EventTarget, type: string, run: (event: Event) => void): void => native.addEventListener(target, type, run);
  const mover = makeMover(parts);
  listenForMoves(parts, mover, listen);
  listenForFold(parts, native, mover.place, listen);
  listenForEnd(parts, native, mover.place, listen, end);

  const windows: [EventTarget, string][] = [[window, 'resize']];
  if (window.visualViewport) windows.push([window.visualViewport, 'resize'], [window.visualViewport, 'scroll']);
  for (const [target, type] of windows) native.addEventListener(target, type, mover.place);
  return {
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

function makeMover({ bar, room }: Parts): Mover {
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
      held = { id: event.pointerId, dx: event.clientX - left, dy: event.clientY - top };
      handle.setPointerCapture(event.pointerId);
      bar.classList.add('dragging');
    });
    listen(handle, 'pointermove', (event) => {
      if (event instanceof PointerEvent && held?.id === event.pointerId) mover.moveTo(event.clientX - held.dx, event.clientY - held.dy);
    });
    for (const type of ['pointerup', 'pointercancel', 'lostpointercapture']) {
      listen(handle, type, () => {
        held = null;
        bar.classList.remove('dragging');
      });
    }
  }
  listen(grip, 'keydown', (event) => {
    if (!(event instanceof KeyboardEvent)) return;
    const step = keyStep(event.key, event.shiftKey);
    if (!step && event.key !== 'Home') return;
    event.preventDefault();
    if (step) mover.moveBy(step.dx, step.dy);
    else mover.reset();
  });
}

function listenForFold({ bar, fold }: Parts, native: OverlayNative, place: () => void, listen: Listen): void {
  listen(fold, 'click', () => {
    const small = bar.classList.toggle('small');
    native.setAttribute(fold, 'aria-expanded', `${!small}`);
    const line = fold.firstElementChild?.firstElementChild;
    if (line) native.setAttribute(line, 'd', small ? UNFOLD : FOLD);
    place();
  });
}

function listenForEnd(parts: Parts, native: OverlayNative, place: () => void, listen: Listen, end: () => void): void {
  const { dot, who, fold, ask, question, yes, no } = parts;
  const asking = (is: boolean): void => {
    for (const part of [dot, who, fold, parts.end]) part.hidden = is;
    ask.hidden = !is;
    place();
    focus(is ? yes : parts.end, { preventScroll: true });
  };
  listen(parts.end, 'click', () => asking(true));
  listen(no, 'click', () => asking(false));
  listen(ask, 'keydown', (event) => {
    if (!(event instanceof KeyboardEvent) || event.key !== 'Escape') return;
    event.preventDefault();
    asking(false);
  });
  listen(yes, 'click', () => {
    setText(question, 'Ending…');
    native.setAttribute(yes, 'disabled', '');
    no.hidden = true;
    place();
    end();
  });
}
