// The visitor's window within the agent's, at the size that the agent chose, and the layers over it on which everything else is drawn.
import type { Zoom } from '../shared/protocol/frame';
import type { Viewport } from '../shared/protocol/page';
import { div, lay } from './dom';
import { type Box, type Point, partsWithin, type Size } from './geometry';
import { hit, type Hit, inSight, placeOf } from './places';
import { kept, scaleOf } from './zoom';

/** The frames that pages are built in; the server adds a policy to them that lets nothing run and nothing load but assets. */
const FRAMES = { standards: './frame/standards', quirks: './frame/quirks' };

/** Milliseconds between two looks whether something below what is drawn has moved without telling. */
const LOOK_EVERY = 250;
/** Milliseconds for which each frame is drawn anew after something moved. */
const LIVELY = 300;

export class Stage {
  /** Takes everything that the agent does over the page, so that nothing in it is followed or focused. */
  readonly cover = div('cover');
  /** Lies over all, not scaled, not scrolled. */
  readonly over = div('over');
  /** Lines at its top. */
  readonly notices = div('notices');
  /** The visitor's window, in their pixels. */
  readonly box = div('window');
  private readonly room = div('room');
  private readonly paper = div('paper');
  private readonly pinch = div('pinch');
  private readonly drawers: (() => void)[] = [];
  private readonly resized: (() => void)[] = [];
  private frame: HTMLIFrameElement | null = null;
  private size: Size = { width: 1280, height: 800 };
  private how: Zoom = 'whole';
  private drawing = 0;
  private lively = 0;
  private scaled = 1;
  /** How large the window is drawn before the visitor's pinch zoom, which enlarges a picture further. */
  private sized = 1;
  /** What the visitor's pinch zoom shows of the window. */
  private seenPart: Box = { x: 0, y: 0, ...this.size };
  private imaged = false;

  constructor(private readonly root: HTMLElement) {
    this.pinch.hidden = true;
    this.box.append(this.pinch, this.cover);
    this.paper.append(this.box);
    this.room.append(this.paper);
    this.over.append(this.notices);
    root.append(this.room, this.over);
    new ResizeObserver(() => this.fit()).observe(this.room);
    this.room.addEventListener('scroll', () => this.draw());
    setInterval(() => this.draw(), LOOK_EVERY);
  }

  /** A new, empty document for a page; what was shown goes when it is there. */
  async document(quirks: boolean): Promise<Document> {
    const frame = document.createElement('iframe');
    frame.setAttribute('sandbox', 'allow-same-origin');
    frame.title = 'The visitor’s page';
    frame.tabIndex = -1;
    // Nobody can press it here, but without it films show their button for the whole screen as out of order.
    frame.allow = 'fullscreen';
    frame.src = FRAMES[quirks ? 'quirks' : 'standards'];
    const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
    this.box.prepend(frame);
    await loaded;
    const built = frame.contentDocument;
    if (!built) throw new Error('the frame has no document');
    // The document takes over this page's address, against which the assets' addresses are resolved.
    built.open();
    built.write(quirks ? '' : '<!DOCTYPE html>');
    built.close();
    this.frame?.remove();
    this.frame = frame;
    for (const moves of ['transitionrun', 'animationstart', 'toggle']) built.addEventListener(moves, () => this.moved(), true);
    this.resize();
    return built;
  }

  /** Shows nothing any more, at once. */
  clear(): void {
    for (const frame of this.box.querySelectorAll('iframe')) frame.remove();
    this.frame = null;
    this.draw();
  }

  /** The document that is shown. */
  get shown(): Document | null {
    return this.frame?.contentDocument ?? null;
  }

  /** The visitor's window in CSS pixels. */
  get window(): Size {
    return this.size;
  }

  /** Pixels of ours per pixel of the visitor's. */
  get scale(): number {
    return this.scaled;
  }

  get zoom(): Zoom {
    return this.how;
  }

  /** The same in percent, of what the visitor sees. */
  get percent(): number {
    return this.sized * 100;
  }

  /** A picture is shown in place of the page, which stays below it unseen: what is in the picture already is not drawn again. */
  get pictured(): boolean {
    return this.imaged;
  }

  set pictured(pictured: boolean) {
    if (pictured === this.imaged) return;
    this.imaged = pictured;
    if (pictured) this.box.dataset['pictured'] = '';
    else delete this.box.dataset['pictured'];
    this.pinched();
    this.fit();
  }

  viewport({ width, height, zoom, offset }: Viewport): void {
    this.size = { width, height };
    this.seenPart = zoom <= 1.01 ? { x: 0, y: 0, width, height } : { x: offset[0], y: offset[1], width: width / zoom, height: height / zoom };
    this.resize();
    this.pinched();
  }

  /** Draws the window at another size; the point of the view at `at` (the middle by default) stays where it is. */
  enlarge(zoom: Zoom, at?: Point): void {
    const before = this.scaled;
    const { clientWidth, clientHeight, scrollLeft, scrollTop } = this.room;
    const [x, y] = at ?? [clientWidth / 2, clientHeight / 2];
    this.how = zoom;
    this.fit();
    this.room.scrollTo({ left: kept(scrollLeft, x, before, this.scaled), top: kept(scrollTop, y, before, this.scaled), behavior: 'instant' });
  }

  /** Scrolls the enlarged window; false where it is at its end already. */
  pan(dx: number, dy: number): boolean {
    const { scrollLeft, scrollTop } = this.room;
    this.room.scrollBy({ left: dx, top: dy, behavior: 'instant' });
    return scrollLeft !== this.room.scrollLeft || scrollTop !== this.room.scrollTop;
  }

  /** The part of the visitor's window that is in sight. */
  get sight(): Box {
    const { clientWidth: width, clientHeight: height, scrollLeft, scrollTop } = this.room;
    const { scaled, shownPart } = this;
    const most = { width: Math.min(shownPart.width, width / scaled), height: Math.min(shownPart.height, height / scaled) };
    return { x: shownPart.x + scrollLeft / scaled, y: shownPart.y + scrollTop / scaled, ...most };
  }

  /** A layer over the page, below the cover or above it. */
  layer(name: string, above = false): HTMLElement {
    const layer = div(`layer ${name}`);
    if (above) this.cover.after(layer);
    else this.cover.before(layer);
    return layer;
  }

  /** Is called whenever what is drawn may have to move. */
  onDraw(drawer: () => void): void {
    this.drawers.push(drawer);
  }

  /** Is called when the window is drawn at another size. */
  onResize(hear: () => void): void {
    this.resized.push(hear);
  }

  /** Draws anew before the next picture: the page below may have moved. */
  draw(): void {
    if (!this.drawing) this.drawing = requestAnimationFrame(() => this.drawNow());
  }

  /** Something moves: it is drawn anew for a while. */
  moved(): void {
    this.lively = performance.now() + LIVELY;
    this.draw();
  }

  drawNow(): void {
    cancelAnimationFrame(this.drawing);
    this.drawing = 0;
    for (const draw of this.drawers) draw();
    if (performance.now() < this.lively) this.draw();
  }

  /** An element's box within the visitor's window; nothing when it is gone, or not to be seen. */
  place(element: Element | null | undefined): Box | null {
    if (!element || !this.frame) return null;
    const box = placeOf(element, this.frame);
    if (!box || (!box.width && !box.height && element.getClientRects().length === 0)) return null;
    return box;
  }

  /** The same, but nothing for what is scrolled out of sight within something else on the page. */
  seen(element: Element | null | undefined): Box | null {
    const box = this.place(element);
    return box && element && this.frame && inSight(element, box, this.frame) ? box : null;
  }

  /** The frame that everything is built in. */
  get top(): Element | null {
    return this.frame;
  }

  /** A place of the agent's pointer in the visitor's window. */
  point({ clientX, clientY }: { clientX: number; clientY: number }): Point {
    const { x, y } = this.box.getBoundingClientRect();
    return [(clientX - x) / this.scaled, (clientY - y) / this.scaled];
  }

  /** The innermost element at a point of the visitor's window. */
  at(point: Point): (Hit & { at: Point }) | null {
    const { shown, frame } = this;
    const found = shown && frame && hit(shown, point, frame);
    return found ? { ...found, at: partsWithin(point, found.box) } : null;
  }

  /** A box of the visitor's window in pixels of `over`. */
  outer({ x, y, width, height }: Box): Box {
    const own = this.box.getBoundingClientRect();
    const { x: left, y: top } = this.over.getBoundingClientRect();
    const { scaled } = this;
    return { x: own.x - left + x * scaled, y: own.y - top + y * scaled, width: width * scaled, height: height * scaled };
  }

  /** Something in the page took the focus of the agent's window; it is given back. */
  unfocus(): void {
    if (document.activeElement === this.frame) this.frame?.blur();
  }

  /** The part of the window that is drawn: all of it, or what a picture shows of it. */
  private get shownPart(): Box {
    return this.imaged ? this.seenPart : { x: 0, y: 0, ...this.size };
  }

  /** The frame around what the visitor has enlarged; a picture shows nothing else. */
  private pinched(): void {
    this.pinch.hidden = this.imaged || this.seenPart.width === this.size.width;
    lay(this.pinch, this.seenPart);
  }

  private resize(): void {
    const { width, height } = this.size;
    this.box.style.width = `${width}px`;
    this.box.style.height = `${height}px`;
    if (this.frame) {
      this.frame.width = String(width);
      this.frame.height = String(height);
    }
    this.fit();
  }

  private fit(): void {
    this.room.dataset['zoom'] = typeof this.how === 'object' ? 'percent' : this.how;
    const { clientWidth, clientHeight } = this.room;
    const { width, height } = this.size;
    this.sized = scaleOf(this.how, { width: clientWidth, height: clientHeight }, this.size);
    const { shownPart } = this;
    this.scaled = (this.sized * width) / shownPart.width;
    // Whole pixels, so that what is not scaled is not blurred either.
    const x = Math.max(0, Math.floor((clientWidth - width * this.sized) / 2));
    const y = Math.max(0, Math.floor((clientHeight - height * this.sized) / 2));
    this.paper.style.width = `${width * this.sized}px`;
    this.paper.style.height = `${height * this.sized}px`;
    this.paper.style.translate = `${x}px ${y}px`;
    this.paper.style.overflow = shownPart.width === width ? '' : 'clip';
    this.box.style.transform = `scale(${this.scaled}) translate(${-shownPart.x}px, ${-shownPart.y}px)`;
    this.box.style.setProperty('--scale', String(this.scaled));
    this.root.style.setProperty('--scale', String(this.scaled));
    for (const hear of this.resized) hear();
    this.draw();
  }
}
