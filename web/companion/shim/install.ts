// Installs the shim in a realm: once, or anew for the next document of the same realm.
import { HANDOVER, type Handover } from '../handover';
import type { PageConfig } from '../../shared/protocol/visitor';
import { Addresses } from './addresses';
import { Values } from './attributes';
import { Content, installContent } from './content';
import { Events, type Context } from './context';
import type { Cookies } from './cookies';
import { carrier, cookiesOf, installCookies } from './cookie-api';
import { installElements } from './elements';
import { installHello } from './hello';
import { installMessages } from './messages';
import { takeNatives } from './native';
import { installNavigation } from './navigation';
import { installNetwork } from './network';
import { installState } from './state';
import { installStyles } from './styles';
import { attempt, Wrapper, type Realm } from './wrap';

/** Marks a realm that has the shim; its value takes the next document's configuration. */
const INSTALLED = Symbol.for('alongside.shim');

/** Installs. `script`: address of the shim's own script; `cookies`: the copy to share with the document around a blank frame. */
export function install(realm: Realm, config: PageConfig, script: string, cookies?: Cookies): void {
  const again = (realm as unknown as Record<symbol, unknown>)[INSTALLED];
  if (typeof again === 'function') {
    (again as (config: PageConfig) => void)(config);
    return;
  }
  const wrap = new Wrapper(realm);
  const context = { realm, wrap, script, native: takeNatives(realm), events: new Events() } as unknown as Context;
  const carry = carrier(context);
  context.adopt = (window) => { attempt(() => { adopt(context, window); }); };
  const configure = (next: PageConfig): void => {
    context.config = next;
    context.addresses = new Addresses(next, realm.location.origin);
    context.cookies = cookiesOf(context, next, carry);
  };
  configure(config);
  if (cookies) context.cookies = cookies;
  const content = new Content(context);
  const values = (): void => { context.values = new Values(context.addresses, content); };
  values();
  // Before any listener of the page.
  const hello = installHello(context);
  const parts = { ...hello, shadowRoot: installParts(context, content) };
  handOver(context, parts);
  Object.defineProperty(realm, INSTALLED, {
    value: (next: PageConfig) => {
      configure(next);
      values();
      handOver(context, parts);
    },
  });
}

function installParts(context: Context, content: Content): Handover['shadowRoot'] {
  const shadowRoot = installState(context);
  // Navigation before network, which wraps the addresses that navigation reads.
  for (const part of [installFrames, installMessages, installNavigation, installNetwork, installCookies, installStyles, installElements]) attempt(() => { part(context); });
  attempt(() => { installContent(context, content); });
  return shadowRoot;
}

/** Frames of about:blank have no script of ours: they get the shim when a script first reaches into them. */
function installFrames({ wrap, adopt }: Context): void {
  for (const name of ['IFrame', 'Frame', 'Object']) {
    const prototype = wrap.prototype(`HTML${name}Element`);
    wrap.accessor(prototype, 'contentWindow', (window) => (adopt(window), window));
    wrap.accessor(prototype, 'contentDocument', (document) => (adopt((document as Document | null)?.defaultView), document));
  }
}

function adopt(context: Context, window: unknown): void {
  const realm = window as Realm | null;
  if (!realm || realm === context.realm || !realm.document || (realm as unknown as Record<symbol, unknown>)[INSTALLED]) return;
  install(realm, { ...context.config, referrer: context.config.url }, context.script, context.cookies);
}

function handOver(context: Context, parts: Pick<Handover, 'shadowRoot' | 'frames' | 'channel'>): void {
  const { native, events } = context;
  const handover: Handover = {
    config: context.config,
    native,
    map: (address) => context.addresses.map(address),
    unmap: (address) => context.addresses.unmap(address),
    ...parts,
    observe: (kind, callback) => events.observe(kind, callback),
  };
  Object.defineProperty(context.realm, HANDOVER, { value: handover, configurable: true, enumerable: false });
}
