// "Show something": the visitor presses an element, drags across an area, or selects a text, and agents see it highlighted. While it is on,
// the page gets none of what is pressed.
import type { NewNote } from '../../shared/protocol/note';
import { boxOn, textRange } from './pick';
import { animate, append, focus, inline, keyOf, pointOf, prevent, remove, setAttribute, setText, show, stopAll } from './dom';
import { between, overlap, partOf, type Box, type Point } from './geometry';
import { make } from './make';
import type { BarMode } from './bar';
import { commonElement, elementUnder } from './pick';
import { still, type Stage } from './stage';
import { TOOL_AREA, TOOL_SELECT, TOOL_SHOW, TOOL_TEXT } from './words';

/** Pixels that a pointer moves before it drags. */
const DRAG = 6;
/** What the page would hear of a press. */
const PRESSES = ['pointerdown', 'pointermove', 'pointerup', 'pointercancel', 'mousedown', 'mousemove', 'mouseup', 'click', 'dblclick', 'auxclick', 'contextmenu', 'touchstart', 'touchmove', 'touchend', 'dragstart'];

export interface Tool {
  start(): void;
  stop(): void;
  readonly on: boolean;
}

/** `mode`: what the bar shows. */
export function makeTool(stage: Stage, mode: (mode: BarMode) => void): Tool {
  const { parts, native } = stage;
  const frame = make('div', { class: 'picked', 'data-part': 'picked', hidden: '' });
  let on = false;
  let text = false;
  let from: Point | null = null;

  const finish = (note: NewNote | null): void => {
    stop();
    if (!note) return;
    stage.send({ t: 'note', note });
    stage.say('It is shown to them.');
  };
  const setPart = (is: boolean): void => {
    text = is;
    setText(parts.hint, is ? TOOL_TEXT : TOOL_AREA);
    setText(parts.asText, is ? TOOL_SHOW : TOOL_SELECT);
    show(parts.catcher, !is);
    show(frame, false);
    mode('tool');
  };
  const outline = (box: Box | null): void => {
    show(frame, box !== null);
    if (!box) return;
    inline(frame).translate = `${box.left}px ${box.top}px`;
    inline(frame).width = `${box.width}px`;
    inline(frame).height = `${box.height}px`;
  };
  const moved = (point: Point): void => {
    if (from && isDrag(from, point)) outline(between(from, point));
    else outline(boxOn(elementUnder(stage, point)));
  };
  const released = (point: Point): void => {
    const start = from;
    from = null;
    if (!start) return;
    finish(isDrag(start, point) ? areaNote(stage, between(start, point)) : elementNote(stage, start));
  };
  // On the window, before all of the page's own that came later; what is pressed in the bar passes.
  const heard = (event: Event): void => {
    const { x, y } = 'clientX' in event ? pointOf(event) : { x: -1, y: -1 };
    const inBar = event.target === parts.host && !isCatcher(parts.root, parts.catcher, x, y, from !== null);
    if (inBar && x >= 0) return;
    stopAll(event);
    if (!text || event.type === 'click' || event.type === 'dragstart') prevent(event);
    if (text) {
      if (event.type === 'pointerup' && (event as PointerEvent).pointerType === 'mouse') native.setTimeout(() => textRange(stage) && finish(textNote(stage)), 0);
      return;
    }
    if (event.type === 'pointerdown') from = { x, y };
    else if (event.type === 'pointermove') moved({ x, y });
    else if (event.type === 'pointerup') released({ x, y });
    else if (event.type === 'pointercancel') from = null;
  };
  const escape = (event: Event): void => {
    if (keyOf(event).key !== 'Escape') return;
    prevent(event);
    stopAll(event);
    stop();
  };
  const stop = (): void => {
    if (!on) return;
    on = false;
    from = null;
    for (const type of PRESSES) native.removeEventListener(window, type, heard, true);
    native.removeEventListener(window, 'keydown', escape, true);
    show(parts.catcher, false);
    remove(frame);
    mode('usual');
    focus(parts.point, { preventScroll: true });
  };
  stage.listen(parts.leave, 'click', stop);
  // A finger's selection has no end that could be heard: the visitor says when it is done.
  stage.listen(parts.asText, 'click', () => (text ? finish(textNote(stage)) : setPart(true)));
  return {
    get on() {
      return on;
    },
    start() {
      if (on) return;
      const selected = textNote(stage);
      if (selected) {
        finish(selected);
        return;
      }
      on = true;
      append(parts.below, frame);
      if (!still()) animate(frame, [{ opacity: 0 }, { opacity: 1 }], { duration: 150 });
      for (const type of PRESSES) native.addEventListener(window, type, heard, { capture: true, passive: false });
      native.addEventListener(window, 'keydown', escape, true);
      setPart(false);
      focus(parts.leave, { preventScroll: true });
      stage.say(TOOL_AREA);
    },
    stop,
  };
}

function isDrag(a: Point, b: Point): boolean {
  return Math.abs(a.x - b.x) > DRAG || Math.abs(a.y - b.y) > DRAG;
}

function isCatcher(root: ShadowRoot, catcher: HTMLElement, x: number, y: number, dragging: boolean): boolean {
  return dragging || root.elementFromPoint(x, y) === catcher;
}

function elementNote(stage: Stage, point: Point): NewNote | null {
  const element = elementUnder(stage, point);
  const node = element && stage.nodes.id(element);
  return node === null ? null : { node, shape: { s: 'element' } };
}

/** Bound to the innermost element that is at all corners. */
function areaNote(stage: Stage, area: Box): NewNote | null {
  const element = commonElement(stage, area);
  const box = element && boxOn(element);
  const node = element && stage.nodes.id(element);
  if (!box || node === null) return null;
  const inside = overlap(area, box);
  const from = partOf(box, { x: inside.left, y: inside.top });
  const to = partOf(box, { x: inside.left + inside.width, y: inside.top + inside.height });
  return { node, shape: { s: 'area', from, to } };
}

function textNote(stage: Stage): NewNote | null {
  const found = textRange(stage);
  return found && { node: found.node, shape: { s: 'text', range: found.range } };
}
