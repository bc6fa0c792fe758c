// A small window of ours at an element of the page: a list, an entry. One at a time.
import { div } from './dom';
import type { View } from './view';

export interface Content {
  element: HTMLElement;
  /** What has the keyboard first. */
  first: HTMLElement;
  /** It lies over the element itself, at its size at least. */
  cover?: boolean;
}

export class Pop {
  private open: { box: HTMLElement; node: number; cover: boolean; closed: () => void } | null = null;

  constructor(private readonly view: View) {
    view.stage.onDraw(() => this.draw());
    addEventListener('pointerdown', ({ target }) => {
      if (this.open && !this.open.box.contains(target as Node)) this.close();
    }, true);
  }

  /** Opens at an element, in place of what was open. */
  show(node: number, { element, first, cover = false }: Content, closed: () => void = () => {}): void {
    this.close();
    const box = div('pop');
    box.append(element);
    box.addEventListener('keydown', (event) => {
      // What is typed here is not for the view.
      event.stopPropagation();
      if (event.key !== 'Escape') return;
      event.preventDefault();
      this.close();
    });
    this.view.stage.over.append(box);
    this.open = { box, node, cover, closed };
    this.draw();
    first.focus();
  }

  /** The keyboard goes back to the page. */
  close(): void {
    const { open } = this;
    if (!open) return;
    this.open = null;
    const had = open.box.contains(document.activeElement);
    open.box.remove();
    open.closed();
    if (had) this.view.stage.cover.focus({ preventScroll: true });
  }

  private draw(): void {
    if (!this.open) return;
    const { box, node, cover } = this.open;
    const place = this.view.stage.place(this.view.element(node));
    if (!place) {
      this.close();
      return;
    }
    const { over } = this.view.stage;
    const { x, y, width, height } = this.view.stage.outer(place);
    if (cover) box.style.minWidth = `${width}px`;
    const { offsetWidth, offsetHeight } = box;
    const below = cover ? y : y + height + 2;
    const top = below + offsetHeight > over.clientHeight && y - offsetHeight - 2 > 0 ? y - offsetHeight - 2 : below;
    const left = Math.max(4, Math.min(x, over.clientWidth - offsetWidth - 4));
    box.style.translate = `${Math.round(left)}px ${Math.round(Math.max(4, Math.min(top, over.clientHeight - offsetHeight - 4)))}px`;
  }
}
