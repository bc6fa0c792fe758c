// Acts: asked for, never done here. What became of each is shown on its element; the page itself changes when its own events say so.
import { denialWords } from '../shared/denials';
import type { Act } from '../shared/protocol/act';
import type { NodeId } from '../shared/protocol/page';
import type { Point } from './geometry';
import type { Failure } from './requests';
import type { View } from './view';

/** What the asker of an act wants to know; the words on the element come by themselves. */
export interface After {
  done?(): void;
  failed?(why: Failure): void;
  /** What is said on the element while it is on its way. */
  words?: string;
  /** Nothing is said on the element but a denial: there are many of these, one after the other. */
  quiet?: boolean;
}

export function wordsOf(why: Failure): string {
  return why === 'lost' ? 'Your connection broke off. See whether it was done.' : denialWords[why];
}

export class Acting {
  constructor(private readonly view: View) {}

  /** Asks for an act. */
  ask(act: Act, after: After = {}): void {
    const { view } = this;
    const { era } = view;
    const node = 'node' in act ? act.node : null;
    // On the page that came meanwhile, the same number is another element.
    const on = () => (view.era === era ? node : null);
    const at = act.a === 'click' ? act.at : null;
    const why = view.standing.denies(act.a);
    if (why) {
      this.failed(act, node, at, why, after);
      return;
    }
    if (node !== null && !after.quiet) view.signs.put(node, 'pending', after.words, at);
    view.requests.ask((n) => ({ t: 'act', n, seen: view.seen(), act }), {
      asking: () => {
        const element = on();
        if (element !== null) view.signs.put(element, 'asking', 'Waiting for the visitor', at);
        else view.say('Waiting for the visitor');
      },
      done: () => {
        const element = on();
        if (element !== null && !after.quiet) view.signs.put(element, 'done', '', at);
        view.tell({ t: 'acted', kind: act.a });
        after.done?.();
      },
      failed: (reason) => this.failed(act, on(), at, reason, after),
    });
  }

  /** Says on an element why it was not done. */
  deny(node: NodeId, why: Failure, at: Point | null = null): void {
    this.view.signs.put(node, why === 'masked' ? 'private' : 'denied', wordsOf(why), at);
  }

  private failed(act: Act, node: NodeId | null, at: Point | null, why: Failure, after: After): void {
    if (node !== null && this.view.element(node)) this.deny(node, why, at);
    else this.view.say(wordsOf(why));
    this.view.tell({ t: 'acted', kind: act.a, denied: why === 'lost' ? 'away' : why });
    after.failed?.(why);
  }
}
