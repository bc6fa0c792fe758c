// What the parts of the shim share within one realm.
import type { Native, Observed } from '../handover';
import type { PageConfig } from '../../shared/protocol/visitor';
import type { Addresses } from './addresses';
import type { Values } from './attributes';
import type { Cookies } from './cookies';
import { attempt, type Realm, type Wrapper } from './wrap';

/** One realm's shim. A second run in the same realm (a blank frame that went on to a page) replaces what depends on the document. */
export interface Context {
  readonly realm: Realm;
  readonly wrap: Wrapper;
  readonly native: Native;
  readonly events: Events;
  /** Address of the shim's own script. */
  readonly script: string;
  config: PageConfig;
  addresses: Addresses;
  cookies: Cookies;
  values: Values;
  /** Installs in a window that a script of this realm may reach (a frame or pop-up of about:blank); does nothing in others. */
  adopt(window: unknown): void;
}

type Callback<K extends keyof Observed> = (...told: Observed[K]) => void;

/** The emitter behind `Handover.observe`. */
export class Events {
  private readonly callbacks = new Map<keyof Observed, Set<Callback<never>>>();

  observe<K extends keyof Observed>(kind: K, callback: Callback<K>): () => void {
    const set = this.callbacks.get(kind) ?? new Set();
    this.callbacks.set(kind, set);
    set.add(callback as Callback<never>);
    return () => set.delete(callback as Callback<never>);
  }

  emit<K extends keyof Observed>(kind: K, ...told: Observed[K]): void {
    for (const callback of this.callbacks.get(kind) ?? []) {
      attempt(() => { (callback as Callback<K>)(...told); });
    }
  }

  /** Whether anybody would be told. */
  has(kind: keyof Observed): boolean {
    return (this.callbacks.get(kind)?.size ?? 0) > 0;
  }
}
