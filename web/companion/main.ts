// The companion: tells the session what the visitor's page is and does, and shows the visitor that it is shared. It runs in every
// document of a view origin. The top document's connects to the server; a frame of another origin hands its events up; a frame
// of the same origin does nothing, the companion of the page around it sees it all.
import type { PageEvent } from '../shared/protocol/page';
import type { ToVisitor } from '../shared/protocol/visitor';
import { Capture } from './capture/capture';
import { HANDOVER, type Handover } from './handover';
import { createOverlay, type Overlay, type OverlayState } from './overlay';
import { Line } from './socket';

/** Least milliseconds between two comparisons of hashes. */
const HASH_EVERY = 10_000;
/** Paths below which everything is ours. */
const RESERVED = '/.alongside/';

function take(): Handover | undefined {
  const handover = Reflect.get(window, HANDOVER) as Handover | undefined;
  Reflect.deleteProperty(window, HANDOVER);
  return handover;
}

/** The page around this one is of the same origin, and sees this one. */
function seenFromAround(): boolean {
  if (window.parent === window) return false;
  try {
    return Boolean(window.parent.document);
  } catch {
    return false;
  }
}

/** The companion of a top document. */
class Companion {
  private readonly capture: Capture;
  private readonly line: Line;
  private overlay: Overlay | null = null;
  private state: OverlayState = { agent: '', watchers: [], mode: 'view-only', connection: 'connecting' };

  constructor(private readonly handover: Handover) {
    const { native } = handover;
    this.capture = new Capture({
      handover,
      frame: 0,
      ours: (element) => this.ours(element),
      deliver: (events) => this.line.deliver(events),
      frameGone() {},
      again: () => this.line.begin(),
    });
    this.line = new Line(native, {
      snapshot: () => this.snapshot(),
      message: (message) => this.heard(message),
      connection: (connected) => this.show({ connection: connected ? 'connected' : 'connecting' }),
    });
    this.whenBody(() => {
      this.show({});
      this.capture.start();
      this.line.begin();
      this.hashLater();
    });
  }

  private ours(element: Element): boolean {
    if (element === this.overlay?.host) return true;
    return element.localName === 'script' && Boolean(this.handover.native.getAttribute(element, 'src')?.includes(RESERVED));
  }

  private whenBody(then: () => void): void {
    if (document.body) {
      then();
      return;
    }
    const { native } = this.handover;
    const observer = new native.MutationObserver(() => {
      if (!document.body) return;
      observer.disconnect();
      then();
    });
    observer.observe(document, { childList: true, subtree: true });
  }

  private snapshot(): PageEvent[] {
    return [this.capture.snapshot()];
  }

  private show(change: Partial<OverlayState>): void {
    this.state = { ...this.state, ...change };
    if (!document.body) return;
    this.overlay ??= createOverlay({ end: () => this.line.send({ t: 'end' }) }, this.handover.native);
    this.overlay.update(this.state);
  }

  private heard(message: Exclude<ToVisitor, { t: 'resync' | 'ack' | 'pong' }>): void {
    if (message.t === 'session') {
      const { agent, watchers, mode } = message;
      this.show({ agent, watchers, mode });
      return;
    }
    // The server has the words for it: the same address now says who ended the session.
    this.line.close();
    location.reload();
  }

  private hashLater(): void {
    this.handover.native.setTimeout(() => {
      const compare = () => {
        this.capture.flush();
        this.line.hash(this.capture.hash());
        this.hashLater();
      };
      if (document.visibilityState !== 'hidden' && 'requestIdleCallback' in window) requestIdleCallback(compare, { timeout: HASH_EVERY });
      else compare();
    }, HASH_EVERY);
  }
}

if (!seenFromAround()) {
  const handover = take();
  if (handover && window.parent === window) new Companion(handover);
}
