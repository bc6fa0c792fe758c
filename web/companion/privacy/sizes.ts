// How large elements are that agents may see as a box alone: hidden ones, and what is not captured.
import * as dom from '../../shared/dom';
import type { Native } from '../handover';
import { isHidden, type Verdict } from './verdicts';

const Observer = ResizeObserver;

/** Pictures that cannot be read. */
const unreadable = new WeakSet<Element>();

/** A picture cannot be read: its size is told in place of it. */
export function cannotRead(canvas: Element): void {
  unreadable.add(canvas);
}

/** The size of this element is told. */
export function isSized(native: Native, element: Element, verdict: Verdict): boolean {
  if (isHidden(verdict)) return true;
  switch (dom.htmlName(element)) {
    case 'iframe':
    case 'frame':
    case 'object':
      return native.contentDocument(element as HTMLIFrameElement) === null;
    case 'embed':
    case 'video':
    case 'audio':
      return true;
    case 'canvas':
      return unreadable.has(element);
    case 'img':
      return dom.imageComplete(element as HTMLImageElement) && dom.imageWidth(element as HTMLImageElement) === 0 && native.getAttribute(element, 'src') !== null;
    default:
      return false;
  }
}

/**
 * Border box in CSS pixels as the layout has it, before any transform: the agent's page lays out a box of this size in the element's place, and
 * transforms it as the visitor's does. The rectangle has fractions, which the layout's own figures lack, but is transformed.
 */
export function sizeOf(element: Element): [number, number] {
  const { width, height } = dom.boxOf(element);
  if (dom.htmlName(element) === null) return [round(width), round(height)];
  const [across, down] = [dom.offsetWidth(element as HTMLElement), dom.offsetHeight(element as HTMLElement)];
  return [round(Math.abs(across - width) < 1 ? width : across), round(Math.abs(down - height) < 1 ? height : down)];
}

function round(length: number): number {
  return Math.round(length * 100) / 100;
}

/** Tells when elements may have another size. */
export class Sizes {
  private readonly observer: ResizeObserver;
  private readonly watched = new Set<Element>();

  constructor(private readonly changed: (element: Element) => void) {
    this.observer = new Observer((entries) => entries.forEach(({ target }) => changed(target)));
  }

  watch(element: Element): void {
    if (this.watched.has(element)) return;
    this.watched.add(element);
    this.observer.observe(element, { box: 'border-box' });
  }

  leave(element: Element): void {
    if (this.watched.delete(element)) this.observer.unobserve(element);
  }

  /** Frames' elements may change without being observed from here. */
  tick(document: Document): void {
    for (const element of this.watched) if (dom.ownerDocument(element) !== document) this.changed(element);
  }
}
