// What the visitor has selected, drawn over the page: the page's own selection stays untouched.
import type { Range } from '../shared/protocol/page';
import { div, lay } from './dom';
import type { Page } from './page';
import { boxesOf } from './ranges';
import type { Stage } from './stage';

export class Selection {
  private readonly layer: HTMLElement;
  private range: Range | null = null;

  constructor(
    private readonly stage: Stage,
    private readonly page: Page,
  ) {
    this.layer = stage.layer('selection');
    stage.onDraw(() => this.draw());
  }

  show(range: Range | null): void {
    this.range = range;
    this.stage.draw();
  }

  private draw(): void {
    const { top } = this.stage;
    if (!this.range && !this.layer.firstChild) return;
    const boxes = this.range && top ? boxesOf(this.page, this.range, top) : [];
    while (this.layer.childElementCount > boxes.length) this.layer.lastElementChild?.remove();
    while (this.layer.childElementCount < boxes.length) this.layer.append(div('selected'));
    boxes.forEach((box, i) => lay(this.layer.children[i] as HTMLElement, box));
  }
}
