// The entry for a label, at the element that it is put on: the site's ready texts, or a text of the agent's own.
import type { NodeId } from '../shared/protocol/page';
import { button, div, made } from './dom';
import type { Point } from './geometry';
import type { Pop } from './pop';
import type { Tools } from './tools';
import type { View } from './view';

const LONGEST = 300;

export class Labels {
  /** Text that is put at once; null: it is asked for each time. */
  text: string | null = null;

  constructor(
    private readonly view: View,
    private readonly pop: Pop,
    private readonly tools: Tools,
  ) {}

  /** Puts a label on an element, or opens the entry for one. */
  begin(node: NodeId, at: Point): void {
    if (this.text) this.put(node, at, this.text);
    else this.ask(node, at);
  }

  private put(node: NodeId, at: Point, text: string): void {
    this.pop.close();
    const tidy = text.trim().slice(0, LONGEST);
    if (tidy) this.tools.put({ node, shape: { s: 'label', text: tidy, at } });
  }

  private ask(node: NodeId, at: Point): void {
    const input = made('input', 'words');
    input.maxLength = LONGEST;
    input.placeholder = 'Write a label';
    input.setAttribute('aria-label', 'Text of the label');
    input.addEventListener('keydown', (event) => event.key === 'Enter' && !event.isComposing && this.put(node, at, input.value));
    const line = div('entry');
    line.append(input, button('Put', 'small', () => this.put(node, at, input.value)));
    const presets = div('presets');
    presets.append(...this.view.standing.presets.map((text) => button(text, 'preset', () => this.put(node, at, text))));
    const box = div('label-entry');
    box.setAttribute('role', 'group');
    box.setAttribute('aria-label', 'Label');
    box.append(line, presets);
    this.pop.show(node, { element: box, first: input });
  }
}
