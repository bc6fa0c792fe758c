// Panels that open from the bar: beside it where there is room, as sheets on phones.
import { activeIn, append, boundsOf, contains, focus, inline, keyOf, prevent, setAttribute, setText, show } from './dom';
import { clamp } from './geometry';
import { button, icon, make } from './make';
import { isPhone, type Stage } from './stage';

const CROSS = 'M7 7l10 10M17 7L7 17';
/** Pixels between bar and panel, and between panel and the edge of the screen. */
const GAP = 8;
/** Widths and heights in pixels on the screen. */
const WIDTH = 360;
/** Less height than this: a sheet covers the bar, as there is no room for both. */
const LOW = 440;

export interface Panel {
  readonly element: HTMLElement;
  readonly isOpen: boolean;
  open(): void;
  close(): void;
  rename(title: string): void;
  /** Puts it where it belongs; after anything that changed its size. */
  place(): void;
}

export interface PanelOptions {
  name: string;
  title: string;
  /** The bar's button. */
  opener: HTMLElement;
  content: Node[];
  /** What takes the keyboard. */
  first(): HTMLElement;
  /** Height in pixels; absent: what the content needs. */
  height?: number;
  opened?(): void;
}

/** Makes them; one at most is open. */
export class Panels {
  private readonly all: Panel[] = [];

  constructor(private readonly stage: Stage) {}

  make(options: PanelOptions): Panel {
    const { stage } = this;
    const { name, opener } = options;
    const heading = make('h2', { id: `${name}-title` }, options.title);
    const close = button('close', '', { 'aria-label': 'Close', title: 'Close (Escape)' }, icon(CROSS));
    const body = make('div', { class: 'body' }, ...options.content);
    const element = make('section', { class: `panel ${name}`, role: 'dialog', 'aria-labelledby': `${name}-title`, 'data-part': name, hidden: '' }, make('header', {}, heading, close), body);
    append(stage.parts.panels, element);
    let isOpen = false;
    const panel: Panel = {
      element,
      get isOpen() {
        return isOpen;
      },
      open: () => {
        for (const other of this.all) if (other !== panel) other.close();
        isOpen = true;
        show(element, true);
        setAttribute(opener, 'aria-expanded', 'true');
        panel.place();
        focus(options.first(), { preventScroll: true });
        options.opened?.();
      },
      close: () => {
        if (!isOpen) return;
        isOpen = false;
        const had = contains(element, activeIn(stage.parts.root));
        show(element, false);
        setAttribute(opener, 'aria-expanded', 'false');
        if (had) focus(opener, { preventScroll: true });
      },
      rename: (title) => setText(heading, title),
      place: () => {
        if (isOpen) place(stage, element, options.height);
      },
    };
    stage.listen(close, 'click', panel.close);
    stage.listen(opener, 'click', () => (isOpen ? panel.close() : panel.open()));
    stage.listen(element, 'keydown', (event) => {
      if (keyOf(event).key !== 'Escape') return;
      prevent(event);
      panel.close();
    });
    this.all.push(panel);
    return panel;
  }

  place(): void {
    for (const panel of this.all) panel.place();
  }

  closeAll(): void {
    for (const panel of this.all) panel.close();
  }
}

function place(stage: Stage, element: HTMLElement, height: number | undefined): void {
  const view = stage.view();
  const bar = boundsOf(stage.parts.bar);
  const phone = isPhone(view);
  const unit = 1 / view.scale;
  const gap = GAP * unit;
  const style = inline(element);
  const low = view.height * view.scale < LOW;
  const atBottom = bar.top + bar.height / 2 > view.top + view.height / 2;
  const room = low ? view.height - 2 * gap : (atBottom ? bar.top - view.top : view.top + view.height - bar.bottom) - 2 * gap;
  style.scale = view.scale === 1 ? 'none' : `${unit}`;
  style.width = phone ? `${(view.width - 2 * gap) / unit}px` : `${WIDTH}px`;
  style.maxHeight = `${room / unit}px`;
  style.height = height === undefined ? 'auto' : `${Math.min(height, room / unit)}px`;
  const size = boundsOf(element);
  const x = clamp(bar.right - size.width, view.left + gap, view.left + view.width - gap - size.width);
  const beside = atBottom ? bar.top - gap - size.height : bar.bottom + gap;
  const y = low ? view.top + view.height - gap - size.height : beside;
  style.translate = `${x}px ${y}px`;
}
