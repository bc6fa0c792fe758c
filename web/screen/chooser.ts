// Files for the page: a card with a button, because browsers open their chooser for a person's press only.
import type { FromScreen } from '../shared/protocol/image';
import { make } from '../companion/overlay/make';
import { openCard, type Card, type Desk } from './card';
import { chooserWords, NOT_SENT, sending } from './words';

/** What the page asks for. */
export interface Wanted {
  id: number;
  multiple: boolean;
  accept: string;
}

export class Chooser {
  private open: { card: Card; id: number; request: XMLHttpRequest | null } | null = null;

  constructor(private readonly desk: Desk, private readonly send: (message: FromScreen) => void) {}

  show({ id, multiple, accept }: Wanted, host: string): void {
    this.gone();
    const input = make('input', { type: 'file', accept, tabindex: '-1', 'aria-hidden': 'true', class: 'unseen' }) as HTMLInputElement;
    input.multiple = multiple;
    const bar = make('progress', { max: '1', value: '0', 'aria-label': 'Sent' }) as HTMLProgressElement;
    bar.hidden = true;
    const { choose, ...words } = chooserWords(multiple, host);
    const card = openCard(this.desk, { name: 'chooser', ...words, content: [bar, input], yes: choose, no: 'Cancel' }, (yes) => {
      if (yes) input.click();
      else this.answer([]);
    });
    this.open = { card, id, request: null };
    input.addEventListener('change', () => void this.upload([...(input.files ?? [])], bar));
    input.addEventListener('cancel', () => this.answer([]));
    // The press that made the page ask may still count.
    if (navigator.userActivation?.isActive) input.click();
  }

  gone(): void {
    const { open } = this;
    this.open = null;
    open?.request?.abort();
    open?.card.close();
  }

  private answer(keys: string[]): void {
    const id = this.open?.id;
    this.gone();
    if (id !== undefined) this.send({ t: 'files', id, keys });
  }

  private async upload(files: File[], bar: HTMLProgressElement): Promise<void> {
    const { open } = this;
    if (!open || !files.length) return;
    const total = files.reduce((sum, { size }) => sum + size, 0) || 1;
    const names = files.map(({ name }) => name);
    const keys: string[] = [];
    let sent = 0;
    const tell = (now: number): void => {
      bar.value = Math.min(1, now / total);
      open.card.say(sending(names, bar.value));
    };
    open.card.yes.disabled = true;
    bar.hidden = false;
    tell(0);
    try {
      for (const file of files) {
        keys.push(await post(file, (request) => (open.request = request), (loaded) => tell(sent + loaded)));
        sent += file.size;
      }
      if (this.open === open) this.answer(keys);
    } catch {
      bar.hidden = true;
      open.card.yes.disabled = false;
      open.card.say(NOT_SENT);
    }
  }
}

/** Sends a file; gives its key. */
function post(file: File, begun: (request: XMLHttpRequest) => void, progress: (loaded: number) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    begun(request);
    request.open('POST', `/upload?name=${encodeURIComponent(file.name)}`);
    request.responseType = 'json';
    request.upload.addEventListener('progress', ({ loaded }) => progress(loaded));
    request.addEventListener('load', () => {
      const key: unknown = request.status === 200 && request.response ? Reflect.get(request.response as object, 'key') : null;
      if (typeof key === 'string') resolve(key);
      else reject(new Error(`upload: ${request.status}`));
    });
    for (const type of ['error', 'abort']) request.addEventListener(type, () => reject(new Error(type)));
    request.send(file);
  });
}
