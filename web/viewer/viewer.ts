// The view: takes what the server and the console say, and hands it to its parts.
import type { FromViewer, ToViewer } from '../shared/protocol/agent';
import type { ConsoleToViewer, ViewerToConsole } from '../shared/protocol/frame';
import type { NodeId, Viewport } from '../shared/protocol/page';
import { Socket, transport } from '../shared/socket';
import * as dom from '../shared/dom';
import { Acting } from './acting';
import { Cover } from './cover';
import { Cursors } from './cursors';
import { div } from './dom';
import { HandOf } from './hand';
import { Help } from './help';
import { Keys } from './keys';
import { Labels } from './labels';
import { Look } from './look';
import { Minimap } from './minimap';
import { Notes } from './notes';
import { Page } from './page';
import { Pickers } from './pickers';
import { picture } from './picture';
import { Pictures } from './pictures/pictures';
import { Pointing } from './pointing';
import { Pop } from './pop';
import { Requests } from './requests';
import { Selection } from './selection';
import { Signs } from './signs';
import { Stage } from './stage';
import { Standing } from './standing';
import { Tools, toolOf } from './tools';
import { Typist } from './typist';
import type { View } from './view';

/** Milliseconds before the page is fetched anew after it could not be built. */
const FAILED_PAUSE = 1_000;

export class Viewer implements View {
  readonly stage: Stage;
  readonly page: Page;
  readonly standing = new Standing();
  readonly requests = new Requests((message) => this.socket.send(message));
  readonly signs: Signs;
  readonly cursors: Cursors;
  private readonly socket: Socket<ToViewer, FromViewer>;
  private readonly speaker = div('speaker');
  private readonly acting = new Acting(this);
  private readonly pointing: Pointing;
  private readonly labels: Labels;
  private readonly hand: HandOf;
  private readonly look: Look;
  private readonly notes: Notes;
  private readonly map: Minimap;
  private readonly selection: Selection;
  era = 0;
  private readonly typist: Typist;
  private readonly pop: Pop;
  private readonly pictures: Pictures;
  private url = '';
  private viewport: Viewport | null = null;
  private readonly told = new Map<string, string>();
  private over = false;
  private failing = false;
  /** The message that was applied last. */
  private seq = -1;
  /** How many messages came, and which of them was the last that begins with a snapshot. */
  private messages = 0;
  private anew = 0;
  /** Messages are applied one after the other: a snapshot waits for its frame. */
  private turn = Promise.resolve();

  constructor(root: HTMLElement, private readonly post: (message: ViewerToConsole) => void) {
    this.speaker.setAttribute('role', 'status');
    root.append(this.speaker);
    this.stage = new Stage(root);
    this.pictures = new Pictures(this.stage, (text) => this.say(text));
    this.page = this.built();
    const element = (id: NodeId | null | undefined) => this.element(id);
    this.selection = new Selection(this.stage, this.page);
    this.cursors = new Cursors(this.stage, element, (id) => this.standing.name(id));
    this.signs = new Signs(this.stage, element, (text) => this.say(text));
    const tools = new Tools(this);
    this.pop = new Pop(this);
    this.notes = new Notes(this, () => this.tellView());
    this.pointing = new Pointing(this, (pointer, laser) => this.socket.send({ t: 'pointer', pointer, ...(laser && { laser }) }));
    this.labels = new Labels(this, this.pop, tools);
    this.typist = new Typist(this, this.acting, (element) => this.hand.takesText(element));
    const { acting, labels, pointing, pop, typist } = this;
    this.hand = new HandOf(this, { acting, labels, pickers: new Pickers(this, pop, acting), pointing, tools, typist });
    this.look = new Look(this, acting, tools, () => this.tellView());
    this.map = new Minimap(this, this.look);
    new Cover(this, this.hand, tools, pointing, this.look);
    new Keys(this, this.hand, this.look, typist, new Help(this.stage.over), () => this.notes.undo());
    this.stage.onResize(() => this.tellView());
    this.socket = this.connected();
  }

  element(id: NodeId | null | undefined): Element | null {
    const node = id == null ? undefined : this.page.node(id);
    return node && dom.nodeType(node) === dom.ELEMENT ? (node as Element) : null;
  }

  seen(): number {
    return Math.max(0, this.seq);
  }

  tell(message: ViewerToConsole): void {
    this.post(message);
  }

  say(text: string): void {
    // The same words once more are news, too.
    this.speaker.textContent = this.speaker.textContent === text ? `${text}\u00a0` : text;
  }

  /** The console said something. */
  hear(message: ConsoleToViewer): void {
    switch (message.t) {
      case 'refresh':
        return this.resync(false);
      case 'hand':
        return this.take(message.hand, message.text ?? null);
      case 'zoom':
        return this.stage.enlarge(message.zoom);
      case 'follow':
        return this.look.follow(message.follow);
      case 'bring':
        return this.look.bring();
      case 'undo':
        return this.notes.undo();
      case 'clear':
        return this.requests.ask((n) => ({ t: 'clear', n }), { failed: (why) => this.tell({ t: 'refused', reason: why === 'lost' ? 'away' : why }) });
      case 'picture':
        return void this.picture();
      case 'act':
        return this.acting.ask(message.act);
      case 'focus':
        this.stage.cover.focus();
    }
  }

  private built(): Page {
    return new Page({
      viewport: (viewport) => {
        this.viewport = viewport;
        this.stage.viewport(viewport);
      },
      pointer: (pointer) => this.cursors.point(0, pointer),
      url: (url) => (this.url = url),
      focus: (node) => {
        this.cursors.focus(node);
        this.hand.focus(node, this.element(node));
      },
      selection: (range) => this.selection.show(range),
    });
  }

  private connected(): Socket<ToViewer, FromViewer> {
    const url = new URL('./socket', location.href);
    url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    url.hash = '';
    return new Socket<ToViewer, FromViewer>(transport(url.href), {
      open: () => {
        this.tell({ t: 'link', connected: true });
        this.tellView(true);
      },
      message: (message) => this.heard(message),
      lost: () => {
        this.tell({ t: 'link', connected: false });
        this.requests.lost();
      },
    });
  }

  private heard(message: ToViewer): void {
    // Blank at once, not after what still waits for its turn.
    if (message.t === 'ended') this.end();
    if (this.atOnce(message)) return;
    const place = (this.messages += 1);
    if (message.t === 'events' && message.events[0]?.t === 'snapshot') this.anew = place;
    // What a later snapshot replaces is not built first.
    this.turn = this.turn.then(() => (place < this.anew ? undefined : this.apply(message))).catch((error: unknown) => this.failed(error));
  }

  /** What is not about the page's content need not wait for that. */
  private atOnce(message: ToViewer): boolean {
    switch (message.t) {
      case 'session':
        this.standing.told = message;
        this.pictured(message.way === 'image');
        this.cursors.people((id) => this.standing.here(id));
        this.allowed();
        return true;
      case 'pointer':
        this.cursors.point(message.by, message.pointer, message.laser);
        return true;
      case 'ended':
        return true;
      default:
        return false;
    }
  }

  private async apply(message: ToViewer): Promise<void> {
    if (this.over) return;
    switch (message.t) {
      case 'hash':
        if (message.seq === this.seq && message.hash !== this.page.hash()) this.resync(true);
        return;
      case 'assets':
        return this.page.reload(new Set(message.keys));
      case 'outcome':
        return this.requests.heard(message.n, message.outcome);
      case 'locks':
        this.standing.locks = message.locks;
        return this.signs.lock(message.locks.filter(({ by }) => by !== this.standing.told?.you), (id) => (id === 0 ? 'Visitor' : this.standing.name(id)));
      case 'notes':
        return this.notes.set(message.notes);
      case 'note':
        return this.notes.put(message.note);
      case 'noteGone':
        return this.notes.gone(message.id);
      case 'events':
        return this.events(message);
      default:
    }
  }

  private async events(message: Extract<ToViewer, { t: 'events' }>): Promise<void> {
    const { era } = this;
    await this.page.apply(message.events, (quirks) => this.document(quirks));
    this.seq = message.seq;
    if (this.over) return;
    if (era !== this.era) this.typist.anew();
    this.stage.unfocus();
    this.stage.moved();
    this.map.changed();
    this.tellPage();
    this.tellView();
  }

  private async document(quirks: boolean): Promise<Document> {
    const built = await this.stage.document(quirks);
    this.forget();
    if (this.over) this.stage.clear();
    // Pictures, styles and fonts that arrive later make the page longer.
    const again = () => {
      this.page.sheets.settle();
      this.page.states.later();
      this.stage.moved();
      this.map.changed();
    };
    built.addEventListener('load', again, true);
    built.addEventListener('scroll', () => this.stage.draw(), true);
    built.fonts.addEventListener('loadingdone', again);
    return built;
  }

  /** What was said about elements of the page before means nothing on the next. */
  private forget(): void {
    this.era += 1;
    this.cursors.forget();
    this.selection.show(null);
    this.signs.forget();
    this.pop.close();
    this.look.anew();
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
    this.pictures.show(false);
    this.page.clear();
    this.stage.clear();
    this.signs.clear();
    this.cursors.clear();
    this.selection.show(null);
    this.notes.set([]);
  }

  /** The page is shown by pictures, or by itself. */
  private pictured(pictured: boolean): void {
    if (pictured) this.look.follow(true);
    this.pictures.show(pictured);
  }

  private take(hand: HandOf['hand'], text: string | null): void {
    const allowed = hand === 'act' || this.standing.may(toolOf(hand));
    this.hand.hand = allowed ? hand : 'act';
    this.labels.text = text;
    this.pointing.laser = this.hand.hand === 'laser';
    this.stage.cover.dataset['hand'] = this.hand.hand;
    this.tellView();
  }

  /** The rules or the mode may have changed: the cover shows whether a press acts. */
  private allowed(): void {
    this.stage.cover.dataset['acts'] = String(this.standing.denies('click') === null);
    if (this.hand.hand !== 'act' && !this.standing.may(toolOf(this.hand.hand))) this.take('act', null);
    this.tellView();
  }

  private async picture(): Promise<void> {
    let url = '';
    try {
      url = await picture(this);
    } catch (error) {
      console.error(error);
    }
    this.tell({ t: 'picture', url });
  }

  private resync(diverged: boolean): void {
    this.socket.send({ t: 'resync', diverged });
  }

  private tellPage(): void {
    if (!this.viewport) return;
    const { width, height } = this.viewport;
    this.tellOnce({ t: 'page', url: this.url, title: this.page.title, width, height });
  }

  private tellView(anew = false): void {
    const { hand } = this.hand;
    const { zoom, percent } = this.stage;
    if (anew) this.told.delete('view');
    this.tellOnce({ t: 'view', hand, zoom, percent: Math.round(percent), following: this.look.following, notes: this.notes.count });
  }

  private tellOnce(message: ViewerToConsole): void {
    const text = JSON.stringify(message);
    if (text === this.told.get(message.t)) return;
    this.told.set(message.t, text);
    this.tell(message);
  }
}
