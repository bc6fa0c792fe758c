// The picture layer: in the image way, a picture lies exactly over the built page, which stays below it, unseen, to find what is pressed. Pictures come
// over a socket of their own, and so do the news about them.
import type { FromPictures, ImageState, ToPictures } from '../../shared/protocol/image';
import { Painter } from '../../shared/painter';
import { Socket, transport } from '../../shared/socket';
import { div, lay, made } from '../dom';
import type { Stage } from '../stage';
import { Cards, troubleWords } from './cards';

/** Milliseconds before pictures are asked for from the beginning after one could not be drawn. */
const FAILED_PAUSE = 1_000;

export class Pictures {
  private readonly canvas = made('canvas', 'picture');
  private readonly list = div('open-list');
  private readonly painter: Painter;
  private readonly cards: Cards;
  private socket: Socket<ToPictures, FromPictures> | null = null;
  private again = 0;
  private state: ImageState = 'starting';
  /** What is drawn came since the page was opened last. */
  private fresh = false;

  constructor(
    private readonly stage: Stage,
    say: (text: string) => void,
  ) {
    this.cards = new Cards(stage, say);
    this.canvas.hidden = true;
    this.list.hidden = true;
    stage.layer('list').append(this.list);
    stage.box.append(this.canvas);
    this.painter = new Painter(this.canvas, {
      drawn: ({ number, view: { left, top, width, height } }) => {
        this.socket?.send({ t: 'drawn', frame: number });
        lay(this.canvas, { x: left, y: top, width, height });
        this.fresh = true;
        this.tell();
      },
      failed: (error) => this.failed(error),
    });
  }

  /** The page is shown by pictures; false: it is not, and none are asked for. */
  show(pictured: boolean): void {
    if (pictured === this.stage.pictured) return;
    this.stage.pictured = pictured;
    if (pictured) this.open();
    else this.close();
  }

  private open(): void {
    const url = new URL('./pictures', location.href);
    url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    url.hash = '';
    this.socket = new Socket<ToPictures, FromPictures>(transport(url.href), {
      open: () => this.tell(),
      message: (message) => this.heard(message),
      binary: (frame) => this.painter.take(frame),
      lost: () => {
        this.painter.anew();
        this.answered();
        this.tell();
      },
    });
    this.tell();
  }

  private close(): void {
    clearTimeout(this.again);
    this.socket?.close();
    this.socket = null;
    this.painter.clear();
    this.state = 'starting';
    this.fresh = false;
    this.answered();
    this.tell();
  }

  private heard(message: ToPictures): void {
    switch (message.t) {
      case 'state':
        this.state = message.state;
        if (message.state !== 'live') {
          this.fresh = false;
          this.answered();
        }
        return this.tell();
      case 'dialog':
        return this.cards.asks(message.dialog);
      case 'dialogGone':
        return this.cards.asks(null);
      case 'list': {
        const [x, y, width, height] = message.place;
        lay(this.list, { x, y, width, height });
        this.list.hidden = false;
        return;
      }
      case 'listGone':
        this.list.hidden = true;
    }
  }

  /** Nothing is asked, no list is open. */
  private answered(): void {
    this.cards.asks(null);
    this.list.hidden = true;
  }

  /** A picture that could not be drawn: all after it would be wrong, so they begin anew; not in a tight circle, should that fail, too. */
  private failed(error: unknown): void {
    console.error(error);
    this.socket?.close();
    this.painter.anew();
    clearTimeout(this.again);
    this.again = window.setTimeout(() => this.open(), FAILED_PAUSE);
  }

  private tell(): void {
    const { pictured, box } = this.stage;
    const words = pictured ? troubleWords(this.state, this.socket?.connected ?? false, this.fresh) : '';
    this.cards.troubles(words);
    this.canvas.hidden = this.painter.shown === null;
    box.classList.toggle('stale', words !== '');
  }
}
