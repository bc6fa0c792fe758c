// The baggage of a page: told when the server asks, and by a hosted page whenever it changed; put in place when the server brings it.
import type { Baggage } from '../../shared/protocol/hosted';
import * as dom from '../../shared/dom';
import { type ActPage, editingHost, pageOf } from '../acts/env';
import { Fire } from '../acts/fire';
import type { Capture } from '../capture/capture';
import type { Native } from '../handover';
import { pack } from './pack';
import { Unpacking } from './unpack';

/** Milliseconds of quiet after a change in which a hosted page's baggage is told. */
const QUIET = 500;
/** Longest that a page without quiet waits, in milliseconds. */
const LONGEST = 2_000;

export interface BagsHost {
  readonly native: Native;
  readonly capture: Capture;
  ours(element: Element): boolean;
  send(baggage: Baggage, pack?: number): void;
}

export class Bags {
  private readonly page: ActPage;
  /** What somebody typed in, or chose. */
  private readonly touched = new WeakSet<Element>();
  /** What was put in place. */
  private readonly filled = new WeakSet<Element>();
  private readonly opened = new WeakSet<Document>();
  private scrolled = false;
  private quiet = 0;
  private told = '';
  private timer = 0;
  private since: number | null = null;

  constructor(private readonly host: BagsHost) {
    this.page = pageOf(host.native, host.capture, (element) => host.ours(element));
  }

  /** Listens in a document of the page. */
  open(document: Document): void {
    const window = dom.defaultView(document);
    if (!window || this.opened.has(document)) return;
    this.opened.add(document);
    const listen = (types: string[], run: (event: Event) => void): void => {
      for (const type of types) this.host.native.addEventListener(window, type, run, { capture: true, passive: true });
    };
    listen(['input', 'change'], (event) => this.touch(event));
    listen(['wheel', 'touchmove', 'keydown'], ({ isTrusted }) => (this.scrolled ||= isTrusted));
  }

  /** The server asks. */
  pack(n: number): void {
    this.host.send(this.read(), n);
  }

  /** The server brings some. */
  unpack(baggage: Baggage): void {
    if (withoutFragment(baggage.url) !== withoutFragment(this.host.native.documentURL(document))) return;
    this.scrolled = false;
    const heed = {
      isTouched: (element: Element) => this.touched.has(element),
      filled: (element: Element) => void this.filled.add(element),
      scrolled: () => this.scrolled,
      quietly: (run: () => void) => {
        this.quiet += 1;
        try {
          run();
        } finally {
          this.quiet -= 1;
        }
      },
    };
    void new Unpacking(this.page, new Fire(this.page), heed, baggage).run();
  }

  /** Something of a hosted page changed: it is told after a while, if it is not what was told last. */
  changed(): void {
    const { native } = this.host;
    const now = performance.now();
    this.since ??= now;
    native.clearTimeout(this.timer);
    this.timer = native.setTimeout(() => this.tell(), Math.max(0, Math.min(QUIET, this.since + LONGEST - now)));
  }

  /** The connection is a new one. */
  connected(): void {
    this.told = '';
    this.changed();
  }

  private tell(): void {
    this.since = null;
    const baggage = this.read();
    const text = JSON.stringify(baggage);
    if (text === this.told) return;
    this.told = text;
    this.host.send(baggage);
  }

  private read(): Baggage {
    return pack(this.page, (element) => this.touched.has(element) || this.filled.has(element));
  }

  private touch(event: Event): void {
    if (this.quiet) return;
    const target = this.page.hands(document).path(event)[0];
    if (!target || !('nodeType' in target) || dom.nodeType(target as Node) !== dom.ELEMENT) return;
    const element = target as Element;
    this.touched.add(editingHost(this.page, element) ?? element);
  }
}

function withoutFragment(address: string): string {
  return address.replace(/#.*/s, '');
}
