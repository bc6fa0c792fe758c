// The chat of one session, as its console shows it.
import { SvelteSet } from 'svelte/reactivity';
import type { ChatMessage } from '../shared/protocol/chat';
import type { PersonId } from '../shared/protocol/people';

/** Somebody who is writing says so again within this time; otherwise they stopped. Milliseconds. */
const WRITING_FOR = 8_000;
/** How often one says so. */
const SAY_EVERY = 3_000;

export class Chat {
  messages = $state<ChatMessage[]>([]);
  /** What is typed here and not sent. */
  draft = $state('');
  /** It is open before the reader's eyes. */
  open = $state(false);
  /** Messages whose links work. */
  readonly linked = new SvelteSet<number>();
  readonly writers = new SvelteSet<PersonId>();
  readonly unread = $derived.by(() => this.messages.filter(({ id, by }) => id > this.#read && by !== this.you()).length);
  #read = $state(0);
  #said = 0;
  readonly #quiet = new Map<PersonId, ReturnType<typeof setTimeout>>();

  /** `you`: the reader's number. `say`: tells the others that one is writing, or stopped. `shelf`: remembers over reloads what was read. */
  constructor(
    private readonly id: string,
    private readonly you: () => PersonId | null,
    private readonly say: (writing: boolean) => void,
    private readonly shelf: Pick<Storage, 'getItem' | 'setItem'>,
  ) {
    this.#read = Number(shelf.getItem(this.#key)) || 0;
  }

  /** All that was written, in place of what was known. */
  all(messages: ChatMessage[]): void {
    this.messages = messages;
    this.look();
  }

  add(message: ChatMessage): void {
    if (this.messages.some(({ id }) => id === message.id)) return;
    this.messages.push(message);
    this.wrote(message.by, false);
    this.look();
  }

  /** Somebody is writing, or stopped. */
  wrote(by: PersonId, writing: boolean): void {
    clearTimeout(this.#quiet.get(by));
    this.#quiet.delete(by);
    if (!writing) {
      this.writers.delete(by);
      return;
    }
    this.writers.add(by);
    this.#quiet.set(by, setTimeout(() => this.wrote(by, false), WRITING_FOR));
  }

  /** The reader sees it now, if it is open and their window in front. */
  look(): void {
    if (!this.open || document.hidden) return;
    const last = this.messages.at(-1)?.id ?? 0;
    if (last <= this.#read) return;
    this.#read = last;
    this.shelf.setItem(this.#key, String(last));
  }

  /** The draft changed. */
  typed(now: number): void {
    if (this.draft.trim() === '') this.rest();
    else if (now - this.#said > SAY_EVERY) {
      this.#said = now;
      this.say(true);
    }
  }

  /** Nobody types here any more. */
  rest(): void {
    if (this.#said === 0) return;
    this.#said = 0;
    this.say(false);
  }

  get #key(): string {
    return `alongside.read.${this.id}`;
  }
}
