// A small plan of the page, with the visitor's window and the agent's in it. It is drawn when there is time.
import * as dom from '../shared/dom';
import { button, div, lay, made } from './dom';
import type { Box } from './geometry';
import type { Look } from './look';
import type { View } from './view';

const WIDTH = 96;
const HIGHEST = 160;
/** Elements that are looked at for a plan, at most. */
const MOST = 3_000;
/** Milliseconds between two drawings, at least. */
const EVERY = 1_000;

const BLOCKS = 'h1, h2, h3, p, li, img, picture, svg, video, canvas, iframe, button, input, select, textarea, td, th, pre, blockquote, label, nav, header, footer';

export class Minimap {
  private readonly box = div('minimap');
  private readonly canvas = made('canvas');
  private readonly theirs = div('theirs');
  private readonly ours = div('ours');
  private readonly plan = div('plan');
  private readonly toggle = button('', 'toggle', () => this.show(!this.open));
  private open = true;
  private drawn = -Infinity;
  private waiting = false;
  private scale = 1;

  constructor(
    private readonly view: View,
    private readonly look: Look,
  ) {
    this.plan.append(this.canvas, this.theirs, this.ours);
    this.plan.title = 'Look here';
    this.plan.setAttribute('aria-hidden', 'true');
    this.plan.addEventListener('pointerdown', (event) => this.press(event));
    this.plan.addEventListener('pointermove', (event) => event.buttons && this.press(event));
    this.box.append(this.toggle, this.plan);
    view.stage.over.append(this.box);
    view.stage.onDraw(() => this.place());
    this.show(true);
  }

  /** The page changed: the plan is drawn anew, soon. */
  changed(): void {
    if (this.waiting) return;
    this.waiting = true;
    const wait = Math.max(0, this.drawn + EVERY - performance.now());
    setTimeout(() => {
      const idle = 'requestIdleCallback' in window ? (draw: () => void) => requestIdleCallback(draw, { timeout: EVERY }) : (draw: () => void) => setTimeout(draw);
      idle(() => this.draw());
    }, wait);
  }

  private show(open: boolean): void {
    this.open = open;
    this.plan.hidden = !open;
    this.toggle.textContent = open ? '×' : 'Map';
    this.toggle.setAttribute('aria-label', open ? 'Hide the map' : 'Show the map');
    this.toggle.setAttribute('aria-expanded', String(open));
    this.changed();
  }

  private get page(): Element | null {
    const { shown } = this.view.stage;
    return shown && dom.scroller(shown);
  }

  private draw(): void {
    this.waiting = false;
    this.drawn = performance.now();
    const { page, canvas } = this;
    const { shown } = this.view.stage;
    if (!page || !shown || !this.open || !this.box.offsetParent) {
      this.place();
      return;
    }
    const [width, height] = [page.scrollWidth, page.scrollHeight];
    this.scale = Math.min(WIDTH / width, HIGHEST / height);
    const density = Math.min(2, devicePixelRatio);
    canvas.width = Math.ceil(width * this.scale * density);
    canvas.height = Math.ceil(height * this.scale * density);
    canvas.style.width = `${width * this.scale}px`;
    canvas.style.height = `${height * this.scale}px`;
    const pen = canvas.getContext('2d');
    if (!pen) return;
    pen.scale(this.scale * density, this.scale * density);
    pen.translate(dom.scrollLeft(page), dom.scrollTop(page));
    for (const element of [...shown.querySelectorAll(BLOCKS)].slice(0, MOST)) block(pen, element);
    this.place();
  }

  private place(): void {
    const { page } = this;
    const { stage } = this.view;
    const more = page !== null && (page.scrollHeight > stage.window.height * 1.05 || page.scrollWidth > stage.window.width * 1.05);
    this.box.hidden = !more;
    if (!page || !more || !this.open) return;
    const { shown } = stage;
    const own = shown ? this.view.page.id(shown) : undefined;
    const [left, top] = own === undefined ? [0, 0] : this.view.page.states.offset(own);
    this.frame(this.theirs, { x: left, y: top, ...stage.window });
    const { x, y, width, height } = stage.sight;
    this.frame(this.ours, { x: dom.scrollLeft(page) + x, y: dom.scrollTop(page) + y, width, height });
  }

  private frame(element: HTMLElement, { x, y, width, height }: Box): void {
    const { scale } = this;
    lay(element, { x: x * scale, y: y * scale, width: width * scale, height: height * scale });
  }

  private press({ clientX, clientY }: PointerEvent): void {
    const { page } = this;
    if (!page) return;
    const { x, y } = this.canvas.getBoundingClientRect();
    const { width, height } = this.view.stage.sight;
    this.look.free(page, { left: (clientX - x) / this.scale - width / 2, top: (clientY - y) / this.scale - height / 2 });
  }
}

function block(pen: CanvasRenderingContext2D, element: Element): void {
  const { x, y, width, height } = dom.boxOf(element);
  if (width < 2 || height < 2) return;
  const name = dom.localName(element);
  if (/^(nav|header|footer)$/.test(name)) pen.fillStyle = 'rgb(11 110 110 / 10%)';
  else if (/^(img|picture|svg|video|canvas|iframe)$/.test(name)) pen.fillStyle = 'rgb(125 142 139 / 55%)';
  else if (/^(button|input|select|textarea)$/.test(name)) pen.fillStyle = 'rgb(11 110 110 / 55%)';
  else pen.fillStyle = /^h\d$/.test(name) ? 'rgb(19 32 31 / 60%)' : 'rgb(19 32 31 / 18%)';
  pen.fillRect(x, y, width, height);
}
