// Wrapping the browser's functions so that a page cannot tell, and so that a hook that fails never breaks a page: what a hook
// throws is dropped, and the native function gets the arguments as they were.

/** A window with its constructors: of the document itself or of a frame that a script may reach. */
export type Realm = Window & typeof globalThis;

type Callable = (this: unknown, ...args: unknown[]) => unknown;
type Constructor = new (...args: unknown[]) => object;

/** Gives the arguments that the native function shall get; nothing: as they are. */
export type Before = (args: unknown[], self: unknown) => unknown[] | undefined | void;
/** Gives the result that the caller shall get. */
export type After = (result: unknown, self: unknown, args: unknown[]) => unknown;
/** Gives the value that is read or written instead. */
export type Convert = (value: unknown, self: unknown) => unknown;

/** What a `Convert` for writing gives when it has done the work itself. */
export const HANDLED = Symbol('handled');

const { apply, construct, defineProperty, getOwnPropertyDescriptor } = Reflect;

/** Wraps within one realm. */
export class Wrapper {
  private readonly natives = new WeakMap<object, object>();

  constructor(private readonly realm: Realm) {
    const natives = this.natives;
    this.replace(realm.Function.prototype, 'toString', (native) => ({
      toString(this: unknown): unknown {
        return apply(native, (typeof this === 'function' && natives.get(this)) || this, []);
      },
    }));
  }

  /** Prototype of a constructor, if the browser has it. */
  prototype(name: string): object | undefined {
    return this.global(name)?.prototype as object | undefined;
  }

  /** A method, with what to do before and after it. */
  method(owner: object | undefined, name: string, before: Before | null, after?: After): void {
    this.replace(owner, name, (native) => ({
      [name](this: unknown, ...args: unknown[]): unknown {
        const result = apply(native, this, converted(args, () => before?.(args, this)));
        return after ? attempt(() => after(result, this, args), result) : result;
      },
    }));
  }

  /** A method, done anew. Only for what no native call shall follow. */
  instead(owner: object | undefined, name: string, body: Callable): void {
    this.replace(owner, name, () => ({ [name](this: unknown, ...args: unknown[]): unknown { return apply(body, this, args); } }));
  }

  /** An accessor property: `read` converts what the getter gave, `write` what the setter gets, `wrote` is called after it. */
  accessor(owner: object | undefined, name: string, read: Convert | null, write: Convert | null = null, wrote?: (self: unknown) => void): void {
    const found = owner && getOwnPropertyDescriptor(owner, name);
    if (!owner || !found?.configurable) return;
    const { get, set } = found;
    const wrapped: PropertyDescriptor = { ...found };
    if (get && read) {
      wrapped.get = this.disguise(get, {
        get [name](): unknown {
          const value: unknown = apply(get, this, []);
          return attempt(() => read(value, this), value);
        },
      }, name, 'get');
    }
    if (set && (write || wrote)) {
      wrapped.set = this.disguise(set, {
        set [name](value: unknown) {
          const given = write ? attempt(() => write(value, this), value) : value;
          if (given !== HANDLED) apply(set, this, [given]);
          if (wrote) attempt(() => { wrote(this); });
        },
      }, name, 'set');
    }
    defineProperty(owner, name, wrapped);
  }

  /** A constructor: `before` gives the arguments it shall get. */
  construct(name: string, before: (args: unknown[]) => unknown[] | undefined | void, made?: (object: object) => void): void {
    const native = this.global(name);
    const found = getOwnPropertyDescriptor(this.realm, name);
    if (!native || !found?.configurable) return;
    const wrapped = new Proxy(native, {
      construct(target, args: unknown[], newTarget) {
        const object = construct(target, converted(args, () => before(args)), newTarget) as object;
        if (made) attempt(() => { made(object); });
        return object;
      },
    });
    defineProperty(this.realm, name, { ...found, value: wrapped });
    defineProperty(native.prototype as object, 'constructor', { value: wrapped, writable: true, configurable: true, enumerable: false });
  }

  private global(name: string): Constructor | undefined {
    const value: unknown = getOwnPropertyDescriptor(this.realm, name)?.value;
    return typeof value === 'function' ? (value as Constructor) : undefined;
  }

  private replace(owner: object | undefined, name: string, make: (native: Callable) => Record<string, Callable>): void {
    const found = owner && getOwnPropertyDescriptor(owner, name);
    if (!owner || !found?.configurable || typeof found.value !== 'function') return;
    const native = found.value as Callable;
    const wrapped = make(native)[name];
    if (!wrapped) return;
    this.natives.set(wrapped, native);
    defineProperty(wrapped, 'length', { value: native.length, configurable: true });
    defineProperty(owner, name, { ...found, value: wrapped });
  }

  private disguise(native: object, holder: object, name: string, part: 'get' | 'set'): never {
    const wrapped = getOwnPropertyDescriptor(holder, name)?.[part] as object;
    this.natives.set(wrapped, native);
    return wrapped as never;
  }
}

/** Arguments as a hook gives them. A missing one stays missing: the native function may refuse the call for it. */
function converted(args: unknown[], hook: () => unknown[] | undefined | void): unknown[] {
  const given = attempt(hook) ?? args;
  return given.length > args.length ? given.slice(0, args.length) : given;
}

/** The result of `run`, or `otherwise` if it throws. */
export function attempt<T>(run: () => T, otherwise?: T): T {
  try {
    return run();
  } catch {
    return otherwise as T;
  }
}

/** The native function at a place, as one that takes its `this` first; a function that gives undefined if there is none. */
export function uncurried<A extends unknown[], R>(owner: object | undefined, name: string, part: 'value' | 'get' | 'set' = 'value'): (self: unknown, ...args: A) => R {
  const native: unknown = owner && getOwnPropertyDescriptor(owner, name)?.[part];
  if (typeof native !== 'function') return () => undefined as R;
  return (self, ...args) => apply(native, self, args) as R;
}

/** An argument that the DOM would turn into a string, as that string; null: leave it to the native function. */
export function asText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null ? String(value) : null;
}
