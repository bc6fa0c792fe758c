// The visitor's window within the agent's: scaled to fit, with the visitor's cursor and focus drawn over it.
import * as dom from '../shared/dom';
import type { Pointer, Viewport } from '../shared/protocol/page';

/** The frames that pages are built in; the server adds a policy to them that lets nothing run and nothing load but assets. */
const FRAMES = { standards: './frame/standards', quirks: './frame/quirks' };

export class Stage {
  private readonly box = div('window');
  private readonly cover = div('cover');
  private readonly cursor = div('cursor');
  private readonly ring = div('ring');
  private frame: HTMLIFrameElement | null = null;
  private size = { width: 1280, height: 800 };
  private scale = 1;
  private pointer: { at: [number, number]; element: Element } | null = null;
  private focused: Element | null = null;

  constructor(private readonly root: HTMLElement) {
    this.cursor.hidden = true;
    this.cursor.append(div('name', 'Visitor'));
    this.ring.hidden = true;
    this.box.append(this.ring, this.cursor, this.cover);
    root.append(this.box);
    new ResizeObserver(() => this.fit()).observe(root);
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
    this.pointer = null;
    this.focused = null;
    this.resize();
    return built;
  }

  /** Shows nothing any more, at once. */
  clear(): void {
    for (const frame of this.box.querySelectorAll('iframe')) frame.remove();
    this.frame = null;
    this.cursor.hidden = true;
    this.ring.hidden = true;
  }

  viewport({ width, height }: Viewport): void {
    this.size = { width, height };
    this.resize();
  }

  /** The visitor's pointer, over the same place of the same element as at the visitor's. */
  point({ action, at }: Pointer, element: Element | null): void {
    if (action === 'leave' || !element) {
      this.pointer = null;
      this.cursor.hidden = true;
      return;
    }
    this.pointer = { at, element };
    this.draw();
    if (action === 'down') this.ripple();
  }

  /** Rings what the visitor can type into or press, no container. */
  focus(element: Element | null): void {
    this.focused = element && /^(input|textarea|select|button|a|summary)$/.test(dom.localName(element)) ? element : null;
    this.draw();
  }

  /** Places the drawn things anew: the page below them may have moved. */
  draw(): void {
    const pointed = this.pointer && this.place(this.pointer.element);
    this.cursor.hidden = !pointed;
    if (this.pointer && pointed) {
      const [x, y] = this.pointer.at;
      this.cursor.style.translate = `${pointed.x + x * pointed.width}px ${pointed.y + y * pointed.height}px`;
    }
    const focused = this.focused && this.place(this.focused);
    this.ring.hidden = !focused?.width;
    if (!focused) return;
    this.ring.style.translate = `${focused.x}px ${focused.y}px`;
    this.ring.style.width = `${focused.width}px`;
    this.ring.style.height = `${focused.height}px`;
  }

  /** Something in the page took the focus of the agent's window; it is given back. */
  unfocus(): void {
    if (document.activeElement === this.frame) this.frame?.blur();
  }

  private ripple(): void {
    const ripple = div('ripple');
    ripple.style.translate = this.cursor.style.translate;
    ripple.addEventListener('animationend', () => ripple.remove());
    this.box.append(ripple);
  }

  /** An element's box within the visitor's window; nothing when it is gone. */
  private place(element: Element): { x: number; y: number; width: number; height: number } | null {
    if (!dom.isConnected(element)) return null;
    const { x, y, width, height } = dom.boxOf(element);
    const place = { x, y, width, height };
    const own = dom.ownerDocument(element);
    for (let view = own && dom.defaultView(own); view; view = view.parent as typeof view) {
      const frame: Element | null = view.frameElement;
      if (!frame) return null;
      if (frame === this.frame) return place;
      const outer = frame.getBoundingClientRect();
      place.x += outer.x + frame.clientLeft;
      place.y += outer.y + frame.clientTop;
    }
    return null;
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
    const { clientWidth, clientHeight } = this.root;
    const { width, height } = this.size;
    this.scale = Math.min(1, clientWidth / width, clientHeight / height) || 1;
    // Whole pixels, so that what is not scaled is not blurred either.
    const x = Math.max(0, Math.floor((clientWidth - width * this.scale) / 2));
    const y = Math.max(0, Math.floor((clientHeight - height * this.scale) / 2));
    this.box.style.transform = `translate(${x}px, ${y}px) scale(${this.scale})`;
    this.box.style.setProperty('--scale', String(this.scale));
    this.draw();
  }
}

function div(name: string, text = ''): HTMLElement {
  const made = document.createElement('div');
  made.className = name;
  made.textContent = text;
  return made;
}
