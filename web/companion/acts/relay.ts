// Acts in frames of other origins: their companions do them, the top document's tells them which, asks the visitor, and has the list of all locks.
import type { Lock, Outcome } from '../../shared/protocol/act';
import type { Mode, PersonId, Rules } from '../../shared/protocol/people';
import type { NodeId } from '../../shared/protocol/page';
import { Acts, type ActsHost, type Answer, type Request } from './acts';
import { VISITOR } from './locks';
import type { Wish } from './rules';

/** To a frame's companion. */
export type ToFrameActs =
  | ({ k: 'act' } & Request)
  | { k: 'session'; mode: Mode; rules: Rules | null }
  | { k: 'answer'; ask: number; answer: Answer }
  | { k: 'take' }
  | { k: 'elsewhere'; by: PersonId };

/** From a frame's companion. */
export type FromFrameActs =
  | { k: 'outcome'; id: number; outcome: Outcome }
  | { k: 'ask'; ask: number; by: PersonId; wish: Wish }
  | { k: 'locks'; locks: Lock[] }
  | { k: 'pressed'; by: PersonId; at: [number, number] };

/** The acts of a frame that captures itself. */
export class FrameActs {
  readonly acts: Acts;
  private readonly asked = new Map<number, (answer: Answer) => void>();
  private last = 0;

  constructor(
    host: Pick<ActsHost, 'handover' | 'capture' | 'ours' | 'batch'>,
    private readonly send: (message: FromFrameActs) => void,
  ) {
    this.acts = new Acts({
      ...host,
      batch: () => host.batch(),
      ours: (element) => host.ours(element),
      report: (id, outcome) => send({ k: 'outcome', id, outcome }),
      ask: (by, wish) => this.ask(by, wish),
      locked: (locks) => send({ k: 'locks', locks }),
      pressed: (by, _, at) => send({ k: 'pressed', by, at }),
    });
  }

  /** What the top document says. */
  heard(message: ToFrameActs): void {
    switch (message.k) {
      case 'act': {
        const { k: _, ...request } = message;
        void this.acts.handle(request);
        break;
      }
      case 'session':
        this.acts.session(message.mode, message.rules);
        break;
      case 'answer':
        this.asked.get(message.ask)?.(message.answer);
        this.asked.delete(message.ask);
        break;
      case 'take':
        this.acts.takeAll();
        break;
      case 'elsewhere':
        this.acts.elsewhere(message.by);
    }
  }

  private ask(by: PersonId, wish: Wish): Promise<Answer> {
    this.last += 1;
    const ask = this.last;
    return new Promise((resolve) => {
      this.asked.set(ask, resolve);
      this.send({ k: 'ask', ask, by, wish });
    });
  }
}

/** The frames as the top document knows them, by their numbers. */
export interface FrameLine {
  /** Tells a frame; false: it is not there. */
  tell(frame: number, message: ToFrameActs): boolean;
  tellAll(message: ToFrameActs): void;
  /** The last batch that a frame had sent, as it counts them, when the page's batch `after` left. */
  countedAt(frame: number, after: number): number;
  numberOf(node: NodeId): number;
}

/** What the top document's acts share with its frames'. */
export class Relay {
  private readonly locks = new Map<number, Lock[]>();
  private readonly waiting = new Map<number, number>();

  constructor(
    private readonly line: FrameLine,
    private readonly events: {
      report(id: number, outcome: Outcome): void;
      ask(by: PersonId, wish: Wish, frame: number): Promise<Answer>;
      pressed(by: PersonId, frame: number, at: [number, number]): void;
      locked(): void;
    },
  ) {}

  /** The locks in all frames, with the frames' numbers. */
  all(): { frame: number; lock: Lock }[] {
    return [...this.locks].flatMap(([frame, locks]) => locks.map((lock) => ({ frame, lock })));
  }

  /** Hands an act on to the frame that its node is in; false: it is in the top document. */
  act(request: Request, acts: Acts): boolean {
    const node = 'node' in request.act ? request.act.node : 0;
    const frame = this.line.numberOf(node);
    const quiet = (frame !== 0 && acts.isTypedIn()) || this.all().some((held) => held.frame !== frame && held.lock.by === VISITOR);
    for (const [other, locks] of this.locks) if (other !== frame && locks.some(({ by }) => by === request.by)) this.line.tell(other, { k: 'elsewhere', by: request.by });
    if (frame === 0) {
      request.quiet = quiet;
      return false;
    }
    acts.elsewhere(request.by);
    const after = this.line.countedAt(frame, request.after);
    this.waiting.set(request.id, frame);
    if (!this.line.tell(frame, { k: 'act', ...request, after, quiet })) this.end(request.id, { o: 'denied', reason: 'gone' });
    return true;
  }

  /** What a frame says. A frame may be anybody's: it reports on acts that it was given, and locks its own elements. */
  heard(frame: number, message: FromFrameActs): void {
    switch (message.k) {
      case 'outcome':
        if (this.waiting.get(message.id) === frame) this.end(message.id, message.outcome);
        break;
      case 'ask':
        if (![...this.waiting.values()].includes(frame)) break;
        void this.events.ask(message.by, message.wish, frame).then((answer) => this.line.tell(frame, { k: 'answer', ask: message.ask, answer }));
        break;
      case 'locks':
        this.locks.set(frame, message.locks.filter(({ node }) => this.line.numberOf(node) === frame));
        this.events.locked();
        break;
      case 'pressed':
        if ([...this.waiting.values()].includes(frame)) this.events.pressed(message.by, frame, message.at);
    }
  }

  /** A frame is gone, and with it what it was asked. */
  gone(frame: number): void {
    for (const [id, of] of this.waiting) if (of === frame) this.end(id, { o: 'denied', reason: 'gone' });
    if (this.locks.delete(frame)) this.events.locked();
  }

  private end(id: number, outcome: Outcome): void {
    if (outcome.o !== 'asking') this.waiting.delete(id);
    this.events.report(id, outcome);
  }
}

