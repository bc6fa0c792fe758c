// Puts the parts of the screen together: what the server tells goes to them, and what they say to the server.
import type { PageNodes } from '../companion/nodes';
import { createOverlay, type Overlay, type OverlayState } from '../companion/overlay';
import { ownNative } from '../companion/overlay/dom';
import { make } from '../companion/overlay/make';
import type { Asked } from '../companion/overlay/questions';
import type { AskAct } from '../shared/protocol/hosted';
import type { ToScreen } from '../shared/protocol/image';
import type { ToVisitor } from '../shared/protocol/visitor';
import { makeAbout } from './about';
import { Chooser } from './chooser';
import { Clipboard } from './clipboard';
import { Curtain, makeProgress, Notice } from './curtain';
import { DeviceWatch, deviceOf, factsNow } from './device';
import { Dialogs } from './dialogs';
import { Hands } from './hands';
import { Steps } from './history';
import { Line } from './line';
import { Lists } from './list';
import { Lock } from './lock';
import { Picture } from './picture';
import type { Size } from './place';
import { COPIED, hostOf } from './words';

/** The overlay is not drawn on a page here: what agents show is in the picture. */
const NO_NODES: PageNodes = { node: () => null, foreign: () => false, id: () => null, shadowRoot: () => null };

/** Milliseconds in which what is said becomes one message. */
const SPEAK_AFTER = 50;

interface Asking {
  id: number;
  place: AskAct['place'];
  anchor: HTMLElement;
  asked: Asked;
}

export class Screen {
  private readonly said = make('div', { class: 'unseen', role: 'status', 'aria-live': 'polite' });
  private readonly shade = make('div', { class: 'shade' });
  private readonly picture = new Picture(() => this.room(), { drawn: (number, first) => this.drawn(number, first), lost: () => this.line.again() });
  private readonly hands: Hands;
  private readonly curtain: Curtain;
  private readonly notice: Notice;
  private readonly loading: (is: boolean) => void;
  private readonly about = makeAbout({ step: (step) => void this.line.send({ t: 'step', step }), leave: () => this.leave() });
  private readonly dialogs: Dialogs;
  private readonly chooser: Chooser;
  private readonly lists: Lists;
  private readonly lock: Lock;
  private readonly clipboard: Clipboard;
  private readonly steps = new Steps((step) => void this.line.send({ t: 'step', step }));
  private readonly device: DeviceWatch;
  private readonly overlay: Overlay;
  private readonly line: Line;
  private state: OverlayState = { agent: '', people: [], mode: 'view-only', rules: null, shown: true, connection: 'connecting', private: false };
  private host = '';
  private readonly news: string[] = [];
  private asking: Asking | null = null;

  constructor(private readonly root: HTMLElement) {
    const send = (message: Parameters<Line['send']>[0]): void => void this.line.send(message);
    const handheld = (): boolean => deviceOf(factsNow(this.room())).mobile;
    const { picture } = this;
    this.hands = new Hands(picture, { input: (input) => this.line.input(input), reload: () => send({ t: 'step', step: 'reload' }), handheld });
    const desk = { shade: this.shade, changed: () => this.cover() };
    root.append(this.hands.element);
    this.loading = makeProgress(root);
    this.lock = new Lock(root, (place) => picture.toWindow(place));
    this.lists = new Lists({ into: root, toWindow: (place) => picture.toWindow(place), send, handheld, back: () => this.hands.focus() });
    this.curtain = new Curtain(root, { say: (text) => this.say(text), leave: () => this.leave(), changed: () => this.cover() });
    this.cover();
    this.notice = new Notice(root, (text) => this.say(text), { leave: () => this.leave(), closed: () => this.hands.focus() });
    root.append(this.shade, this.said);
    this.dialogs = new Dialogs(desk, send);
    this.chooser = new Chooser(desk, send);
    this.clipboard = new Clipboard({ copy: (cut) => send({ t: 'copy', cut }), paste: (text) => this.hands.paste(text), copied: () => this.say(COPIED) }, (event) => this.hands.mine(event));
    this.device = new DeviceWatch(() => this.room(), () => this.place(), (device) => send({ t: 'device', device }));
    this.overlay = createOverlay({ end: () => this.line.end(), send: (message) => this.line.say(message) }, NO_NODES, ownNative, this.about);
    this.overlay.update(this.state);
    this.line = new Line({
      open: () => this.opened(),
      message: (message) => this.heard(message),
      frame: (data) => this.picture.take(data),
      lost: () => this.show({ connection: 'connecting' }),
      rtt: (rtt) => this.show({ rtt }),
    });
  }

  private room(): Size {
    return { width: this.root.clientWidth, height: this.root.clientHeight };
  }

  /** What is asked or open is told anew by the server, which alone knows what still is. */
  private opened(): void {
    this.line.send({ t: 'device', device: this.device.now() });
    this.dialogs.gone();
    this.lists.gone();
    this.chooser.gone();
    this.askGone(this.asking?.id ?? -1);
    this.show({ connection: 'connected' });
  }

  private show(change: Partial<OverlayState>): void {
    this.state = { ...this.state, ...change };
    this.root.dataset.connection = this.state.connection;
    this.overlay.update(this.state);
  }

  private drawn(frame: number, first: boolean): void {
    this.line.send({ t: 'drawn', frame });
    if (first) this.curtain.drawn();
    this.placeParts();
  }

  /** While something stands over the picture, nothing goes to the page. */
  private cover(): void {
    this.hands.cover(this.shade.childElementCount > 0 || this.curtain.up);
  }

  private place(): void {
    this.picture.place();
    this.placeParts();
  }

  /** What stands at places of the page goes with the picture. */
  private placeParts(): void {
    this.hands.place();
    this.lists.place();
    this.lock.place();
    if (this.asking) this.placeAsking(this.asking);
  }

  private heard(message: ToScreen): void {
    switch (message.t) {
      case 'visitor':
        return this.told(message.message);
      case 'state':
        return this.curtain.stands(message.state);
      case 'page':
        return this.page(message);
      case 'cursor':
        return this.hands.cursor(message.cursor);
      case 'field':
        this.hands.field(message.field);
        return this.lock.show(message.field, this.state);
      case 'dialog':
        return this.dialogs.show(message.dialog, this.host);
      case 'dialogGone':
        return this.dialogs.gone();
      case 'list':
        return this.lists.show(message.list);
      case 'listGone':
        return this.lists.gone();
      case 'chooser':
        return this.chooser.show(message, this.host);
      case 'copied':
        return this.clipboard.take(message.text);
      case 'ask':
        return this.ask(message.ask);
      case 'askGone':
        return this.askGone(message.id);
      case 'leave':
        Notice.forget();
        this.line.close();
        return location.replace(message.url);
    }
  }

  private told(message: ToVisitor): void {
    switch (message.t) {
      case 'session': {
        const { t: _, ...session } = message;
        // Agents are shown something by pressing it in the page, which is not here.
        const visitorTools = session.rules.visitorTools.filter((tool) => tool !== 'highlight');
        this.show({ ...session, rules: { ...session.rules, visitorTools } });
        return this.notice.show(session.agent);
      }
      case 'ended':
      case 'reload':
        // The server has the words for it, at the same address.
        this.line.close();
        return location.reload();
      case 'question':
      case 'unasked':
      case 'chats':
      case 'chat':
      case 'writing':
        return this.overlay.told(message);
      default:
        return;
    }
  }

  private page({ url, title, loading, back, forward }: Extract<ToScreen, { t: 'page' }>): void {
    this.host = hostOf(url).host;
    document.title = title || this.host;
    this.hands.title(title || this.host);
    this.loading(loading);
    this.steps.show(back, forward);
    this.about.show({ url, back, forward });
  }

  private ask({ id, by, text, place }: AskAct): void {
    this.askGone(this.asking?.id ?? -1);
    const anchor = make('div', { class: 'anchor', 'aria-hidden': 'true' });
    this.root.append(anchor);
    const asking: Asking = { id, place, anchor, asked: this.overlay.ask({ by, text, element: place && anchor }) };
    this.asking = asking;
    this.placeAsking(asking);
    void asking.asked.answer.then((answer) => {
      anchor.remove();
      if (this.asking !== asking) return;
      this.asking = null;
      // Who does not answer in time says no.
      this.line.send({ t: 'allow', id, allow: answer ?? false });
    });
  }

  private askGone(id: number): void {
    const { asking } = this;
    if (asking?.id !== id) return;
    this.asking = null;
    asking.asked.withdraw();
  }

  private placeAsking({ place, anchor }: Asking): void {
    const box = place && this.picture.toWindow(place);
    if (box) Object.assign(anchor.style, { left: `${box.left}px`, top: `${box.top}px`, width: `${box.width}px`, height: `${box.height}px` });
  }

  private leave(): void {
    this.about.leaving();
    this.line.send({ t: 'leave' });
  }

  private say(text: string): void {
    if (!text || this.news.push(text) > 1) return;
    this.said.textContent = '';
    // A screen reader misses what is there before the region is.
    setTimeout(() => (this.said.textContent = this.news.splice(0).join(' ')), SPEAK_AFTER);
  }
}
