// Where in the administration one is: kept in the fragment, so that a reload and Back come to the same place.

/** Parts of a site's page. */
export const TABS = ['addresses', 'agents', 'masks', 'texts'] as const;
export type Tab = (typeof TABS)[number];

export type Route =
  | { at: 'sites' }
  | { at: 'site'; index: number; tab: Tab }
  | { at: 'versions' }
  | { at: 'version'; version: number }
  | { at: 'import' }
  | { at: 'accounts' }
  | { at: 'audit' }
  | { at: 'own' };

const SITE = /^#\/sites\/(\d{1,4})(?:\/([a-z]+))?$/;
const VERSION = /^#\/versions\/(\d{1,9})$/;
const PLAIN = ['versions', 'import', 'accounts', 'audit', 'own'] as const;

/** Reads a fragment; whatever is not understood is the list of sites. */
export function parseRoute(hash: string): Route {
  const site = SITE.exec(hash);
  if (site) return { at: 'site', index: Number(site[1]), tab: TABS.find((one) => one === site[2]) ?? 'addresses' };
  const version = VERSION.exec(hash);
  if (version) return { at: 'version', version: Number(version[1]) };
  const plain = PLAIN.find((one) => hash === `#/${one}`);
  return plain ? { at: plain } : { at: 'sites' };
}

/** The fragment that leads to a place. */
export function hrefOf(route: Route): string {
  switch (route.at) {
    case 'site':
      return `#/sites/${route.index}/${route.tab}`;
    case 'version':
      return `#/versions/${route.version}`;
    default:
      return `#/${route.at}`;
  }
}

/** Which section of the menu a place is in. */
export function sectionOf({ at }: Route): 'sites' | 'versions' | 'accounts' | 'audit' | 'own' {
  switch (at) {
    case 'site':
      return 'sites';
    case 'version':
    case 'import':
      return 'versions';
    default:
      return at;
  }
}
