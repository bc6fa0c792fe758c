// The viewer: the page that the console shows in a frame. It gets the washed page over its own socket and builds it in a document
// without scripts; nothing that the agent does in it reaches the page.
import './viewer.css';
import type { ConsoleToViewer, FromViewer, ToViewer, ViewerToConsole } from '../shared/protocol/agent';
import type { NodeId, Viewport } from '../shared/protocol/page';
import { Socket } from '../shared/socket';
import { Page } from './page';
import { Stage } from './stage';

/** The console's origin: the only window that is told anything or listened to. */
const CONSOLE = location.ancestorOrigins?.[0] ?? namedOrigin();

/** Milliseconds before the page is fetched anew after it could not be built. */
const FAILED_PAUSE = 1_000;

/** The console names itself in the fragment, for browsers that do not tell. Naming another gains nothing: only the console may frame this page. */
function namedOrigin(): string | null {
  const url = new URLSearchParams(location.hash.slice(1)).get('console') ?? '';
  return URL.canParse(url) ? new URL(url).origin : null;
}

class Viewer {
  private readonly stage: Stage;
  private readonly page: Page;
  private readonly socket: Socket<ToViewer, FromViewer>;
  private url = '';
  private viewport: Viewport | null = null;
  private told = '';
  private over = false;
  private failing = false;
  /** The message that was applied last. */
  private seq = -1;
  /** How many messages came, and which of them was the last that begins with a snapshot. */
  private messages = 0;
  private anew = 0;
  /** Messages are applied one after the other: a snapshot waits for its frame. */
  private turn = Promise.resolve();

  constructor(root: HTMLElement) {
    this.stage = new Stage(root);
    const element = (id: NodeId | null | undefined) => (id == null ? null : (this.page.node(id) as Element | undefined) ?? null);
    this.page = new Page({
      viewport: (viewport) => {
        this.viewport = viewport;
        this.stage.viewport(viewport);
      },
      pointer: (pointer) => this.stage.point(pointer, element(pointer.node)),
      url: (url) => (this.url = url),
      focus: (node) => this.stage.focus(element(node)),
    });
    const url = new URL('./socket', location.href);
    url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    this.socket = new Socket<ToViewer, FromViewer>(url.href, {
      open: () => this.tell({ t: 'link', connected: true }),
      message: (message) => this.heard(message),
      lost: () => this.tell({ t: 'link', connected: false }),
    });
    addEventListener('message', ({ origin, source, data }: MessageEvent<ConsoleToViewer>) => {
      if (origin === CONSOLE && source === parent && data?.t === 'refresh') this.resync(false);
    });
  }

  private heard(message: ToViewer): void {
    // Blank at once, not after what still waits for its turn.
    if (message.t === 'ended') this.end();
    const place = (this.messages += 1);
    if (message.t === 'events' && message.events[0]?.t === 'snapshot') this.anew = place;
    // What a later snapshot replaces is not built first.
    this.turn = this.turn.then(() => (place < this.anew ? undefined : this.take(message))).catch((error: unknown) => this.failed(error));
  }

  private async take(message: ToViewer): Promise<void> {
    if (this.over) return;
    if (message.t === 'hash') {
      if (message.seq === this.seq && message.hash !== this.page.hash()) this.resync(true);
      return;
    }
    if (message.t === 'assets') {
      this.page.reload(new Set(message.keys));
      return;
    }
    if (message.t !== 'events') return;
    await this.page.apply(message.events, (quirks) => this.document(quirks));
    this.seq = message.seq;
    if (this.over) return;
    this.stage.unfocus();
    this.stage.draw();
    this.tellPage();
  }

  private async document(quirks: boolean): Promise<Document> {
    const built = await this.stage.document(quirks);
    if (this.over) this.stage.clear();
    // Pictures, styles and fonts that arrive later make the page longer; a sheet counts even if something that it imports failed.
    const again = () => {
      this.page.sheets.settle();
      this.page.states.again();
      this.stage.draw();
    };
    for (const type of ['load', 'error']) built.addEventListener(type, again, true);
    built.addEventListener('scroll', () => this.scrolled(), true);
    built.fonts.addEventListener('loadingdone', again);
    return built;
  }

  /** To where the visitor's is, or somewhere else: browsers keep in view what was in view while the page above it changes. */
  private scrolled(): void {
    this.stage.draw();
    this.page.states.later();
  }

  /** A message that could not be built: the page is fetched anew, but not in a tight circle should that fail, too. */
  private failed(error: unknown): void {
    console.error(error);
    if (this.failing) return;
    this.failing = true;
    setTimeout(() => {
      this.failing = false;
      this.resync(true);
    }, FAILED_PAUSE);
  }

  private end(): void {
    this.over = true;
    this.socket.close();
    this.page.clear();
    this.stage.clear();
  }

  private resync(diverged: boolean): void {
    this.socket.send({ t: 'resync', diverged });
  }

  private tellPage(): void {
    if (!this.viewport) return;
    const { width, height } = this.viewport;
    const message: ViewerToConsole = { t: 'page', url: this.url, title: this.page.title, width, height };
    const text = JSON.stringify(message);
    if (text === this.told) return;
    this.told = text;
    this.tell(message);
  }

  private tell(message: ViewerToConsole): void {
    if (CONSOLE && parent !== window) parent.postMessage(message, CONSOLE);
  }
}

const root = document.getElementById('app');
if (root) new Viewer(root);
