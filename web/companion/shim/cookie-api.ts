// document.cookie and CookieStore over the copy of the site's cookies. The browser's own cookies are never visible.
import { Cookies, cookieText } from './cookies';
import type { Context } from './context';
import { HANDLED, uncurried } from './wrap';
import type { PageConfig } from '../../shared/protocol/visitor';

/** The copy for a document. */
export function cookiesOf(context: Pick<Context, 'addresses'>, config: PageConfig, carry: (cookie: string) => void): Cookies {
  const viewHost = (hostname: string): boolean => {
    if (hostname === config.domain || config.domain.endsWith(`.${hostname}`)) return true;
    const origin = context.addresses.hostOrigin(hostname);
    return origin !== null && (context.addresses.real.host === origin.host || context.addresses.real.host.endsWith(`.${origin.host}`));
  };
  return new Cookies({ url: config.url, carry, viewHost }, config.cookie);
}

/** The native setter of `document.cookie`, for our carriers. */
export function carrier({ wrap, realm }: Pick<Context, 'wrap' | 'realm'>): (cookie: string) => void {
  const write = uncurried<[string], void>(wrap.prototype('Document'), 'cookie', 'set');
  return (cookie) => { write(realm.document, cookie); };
}

/** Wraps both. */
export function installCookies(context: Context): void {
  const { wrap, realm } = context;
  wrap.accessor(
    wrap.prototype('Document'),
    'cookie',
    (value, self) => (self === realm.document ? context.cookies.toString() : value),
    (value, self) => {
      if (self !== realm.document) return value;
      context.cookies.write(String(value));
      return HANDLED;
    },
  );
  const store = wrap.prototype('CookieStore');
  const item = ([name, value]: [string, string]): object => ({ name, value });
  const wanted = (query: unknown): unknown => (typeof query === 'object' && query !== null ? (query as { name?: unknown }).name : query);
  const find = (query: unknown): object[] => {
    const name = wanted(query);
    return context.cookies.entries().filter(([own]) => name === undefined || own === String(name)).map(item);
  };
  const promise = <T>(run: () => T): Promise<T> => new realm.Promise((resolve) => { resolve(run()); });
  wrap.instead(store, 'get', (query) => promise(() => find(query)[0] ?? null));
  wrap.instead(store, 'getAll', (query) => promise(() => find(query)));
  wrap.instead(store, 'set', (first, value) => promise(() => {
    context.cookies.write(cookieText(typeof first === 'object' && first !== null ? first : { name: first, value }));
  }));
  wrap.instead(store, 'delete', (query) => promise(() => {
    const init = typeof query === 'object' && query !== null ? query : { name: query };
    context.cookies.write(cookieText({ ...init, value: '', expires: 0 }));
  }));
}
