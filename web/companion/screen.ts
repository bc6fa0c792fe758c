// The way to the screen: the visitor's page of pictures.
import type { Handover } from './handover';

const Address = URL;

/** An address of the session's own screen. */
export function isScreen({ config }: Pick<Handover, 'config'>, address: string): boolean {
  if (!Address.canParse(address)) return false;
  const { origin } = new Address(address);
  return origin === new Address(`${config.scheme}://${config.sid}-i.${config.domain}:${config.port}`).origin;
}

/** Goes there, if the address is one. The page is not asked whether it wants to be left: it goes on at the server. */
export function goTo(handover: Handover, address: string): void {
  if (!isScreen(handover, address)) return;
  handover.native.addEventListener(window, 'beforeunload', (event) => event.stopImmediatePropagation(), { capture: true });
  location.replace(address);
}
