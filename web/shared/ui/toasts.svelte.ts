// Short words about what just happened, for a few seconds.

/** How many are shown at once. */
const MOST = 3;
/** How long each stays, in milliseconds; longer where there is something to press. */
const STAY = 5_000;
const STAY_TO_PRESS = 9_000;

export type ToastTone = 'plain' | 'ok' | 'warn';

export interface Toast {
  id: number;
  text: string;
  tone: ToastTone;
  /** What one can do about it. */
  action?: { label: string; run: () => void };
}

export class Toasts {
  list = $state<Toast[]>([]);
  #ids = 0;
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();

  /** Shows a text; one that is on show already stays longer instead. */
  show(text: string, tone: ToastTone = 'plain', action?: Toast['action']): void {
    const same = this.list.find((toast) => toast.text === text);
    if (same) return this.#stay(same);
    const toast: Toast = { id: (this.#ids += 1), text, tone, ...(action && { action }) };
    for (const old of this.list.slice(0, Math.max(0, this.list.length - MOST + 1))) this.drop(old.id);
    this.list.push(toast);
    this.#stay(toast);
  }

  drop(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  #stay({ id, action }: Toast): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.set(id, setTimeout(() => this.drop(id), action ? STAY_TO_PRESS : STAY));
  }
}
