// The keys of the view, in a window of its own.
import { button, made } from './dom';

const KEYS: [string, string][] = [
  ['↓ → or Tab', 'Next element'],
  ['↑ ← or Shift+Tab', 'Previous element'],
  ['Enter', 'Use it: click, type, choose, or put a note, as the hand is'],
  ['Space', 'Check or uncheck'],
  ['Page Up, Page Down, Home, End', 'Scroll'],
  ['+ and −', 'Larger, smaller'],
  ['0, 1, 2', 'Whole window, 1:1, fit width'],
  ['F', 'Follow the visitor, or look around'],
  ['B', 'Bring the visitor here'],
  ['Z', 'Take away your newest note'],
  ['Ctrl+click', 'Make an element move for a moment'],
  ['Escape', 'Back to the visitor; then Tab leaves the view'],
  ['F6', 'On to the console'],
];

export class Help {
  private readonly dialog = made('dialog', 'help');

  constructor(over: HTMLElement) {
    const { dialog } = this;
    dialog.setAttribute('aria-label', 'Keys of the view');
    const list = made('dl');
    for (const [key, what] of KEYS) list.append(made('dt', '', key), made('dd', '', what));
    dialog.append(made('h2', '', 'Keys'), list, button('Close', 'small', () => dialog.close()));
    over.append(dialog);
  }

  open(): void {
    this.dialog.showModal();
  }
}
