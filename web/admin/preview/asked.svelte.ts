// What is being looked at in the preview of each site: it stays while one goes from page to page.
import type { SiteDraft } from '../../shared/protocol/rules';

export interface Asked {
  how: 'url' | 'html';
  url: string;
  html: string;
  /** It was asked for: from then on it follows the rules. */
  on: boolean;
}

const all = new WeakMap<SiteDraft, Asked>();

export function asks(site: SiteDraft): Asked {
  let asked = all.get(site);
  if (!asked) {
    asked = $state<Asked>({ how: 'url', url: site.start, html: '', on: false });
    all.set(site, asked);
  }
  return asked;
}
