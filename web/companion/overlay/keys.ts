// The keyboard's ways into the overlay and back: F6 goes round what there is, Alt+L to the labels, Alt+Shift+E to the end.
import { activeIn, blur, closest, contains, focus, keyOf, matches, prevent, query, stopAll } from './dom';
import type { Stage } from './stage';

/** Milliseconds after a key in a field for which the visitor counts as typing. */
const TYPING = 2_000;
const FIELDS = 'input, textarea, select, [contenteditable=""], [contenteditable=true]';

export interface Keys {
  /** The visitor types in the page right now. */
  typing(): boolean;
  stop(): void;
}

/** `card`: the question that is open. `end`: leads to the end. */
export function makeKeys(stage: Stage, card: () => HTMLElement | null, end: () => void): Keys {
  const { parts, native } = stage;
  let last = -Infinity;
  let before: HTMLElement | null = null;

  /** Where F6 leads, in turn. */
  const places = (): HTMLElement[] => {
    const label = query(parts.labels, '.label:not([hidden]) .bubble, .chip');
    const panel = query(parts.panels, '.panel:not([hidden])');
    return [card(), label, panel, matches(parts.bar, '[data-mode=usual]') ? parts.more : parts.leave].filter((place) => place !== null);
  };
  const go = (place: HTMLElement | undefined): void => {
    const inside = activeIn(parts.root);
    if (!inside && document.activeElement instanceof HTMLElement) before = document.activeElement;
    if (place) focus((matches(place, '.panel') && query(place, 'textarea, button')) || place, { preventScroll: true });
    else if (before?.isConnected && before !== document.body) focus(before, { preventScroll: true });
    else if (inside) blur(inside as HTMLElement);
  };
  const around = (): void => {
    const all = places();
    const active = activeIn(parts.root);
    const groups = [parts.panels, parts.labels, parts.bar];
    const group = (place: Element): Element => closest(place, '.card, .panel') ?? groups.find((each) => contains(each, place)) ?? place;
    const at = active ? all.findIndex((place) => group(place) === group(active)) : -1;
    go(all[at + 1]);
  };
  const heard = (event: Event): void => {
    const { key, code, alt, shift } = keyOf(event);
    if (key !== 'F6' && document.activeElement?.matches(FIELDS)) last = performance.now();
    const way = alt && shift && code === 'KeyE' ? end
      : alt && !shift && code === 'KeyL' ? () => go(places().find((place) => contains(parts.labels, place)) ?? parts.more)
      : key === 'F6' && !alt ? around
      : null;
    if (!way) return;
    prevent(event);
    stopAll(event);
    way();
  };
  native.addEventListener(window, 'keydown', heard, true);
  return {
    typing: () => performance.now() - last < TYPING,
    stop: () => native.removeEventListener(window, 'keydown', heard, true),
  };
}
