// Copying from the page on the server and pasting into it. The text that is copied comes later than the press, so that it is promised to the
// clipboard while the press still counts.

/** Milliseconds that a text is waited for. */
const WAITS = 5_000;

export interface ClipboardEvents {
  /** The selected text of the page is wanted. */
  copy(cut: boolean): void;
  paste(text: string): void;
  copied(): void;
}

export class Clipboard {
  private waiting: ((text: string) => void) | null = null;

  /** `mine`: the event is about the picture. */
  constructor(private readonly events: ClipboardEvents, mine: (event: Event) => boolean) {
    document.addEventListener('copy', (event) => mine(event) && this.ask(event, false));
    document.addEventListener('cut', (event) => mine(event) && this.ask(event, true));
    document.addEventListener('paste', (event) => {
      if (!mine(event)) return;
      event.preventDefault();
      events.paste(event.clipboardData?.getData('text/plain') ?? '');
    });
  }

  /** The text has come. */
  take(text: string): void {
    const waiting = this.waiting;
    this.waiting = null;
    if (text) waiting?.(text);
  }

  private ask(event: Event, cut: boolean): void {
    event.preventDefault();
    const text = new Promise<string>((resolve, reject) => {
      this.waiting = resolve;
      setTimeout(() => reject(new Error('no text came')), WAITS);
    });
    this.events.copy(cut);
    this.write(text).then(() => this.events.copied(), () => undefined);
  }

  private async write(text: Promise<string>): Promise<void> {
    try {
      const blob = text.then((value) => new Blob([value], { type: 'text/plain' }));
      await navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob })]);
    } catch {
      // Browsers that take no promise.
      await navigator.clipboard.writeText(await text);
    }
  }
}
