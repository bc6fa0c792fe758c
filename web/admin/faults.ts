// What is wrong with the rules: where it belongs on the pages, and in which words.
import type { Fault, SiteDraft } from '../shared/protocol/rules';
import type { Route, Tab } from './route';

export const tabName: Record<Tab, string> = { addresses: 'Addresses', agents: 'People', masks: 'Elements', texts: 'Texts' };

/** Which of a site's tabs has a place below it, such as `privacy.scrub.0.pattern`. */
export function tabOf(below: string): Tab {
  if (below.startsWith('agent') || below.startsWith('visitor')) return 'agents';
  if (below.startsWith('privacy.scrub')) return 'texts';
  return below.startsWith('privacy') ? 'masks' : 'addresses';
}

/** Those of a place itself. */
export function faultsAt(faults: readonly Fault[], place: string): Fault[] {
  return faults.filter((one) => one.place === place);
}

/** Those of a place and of all below it. */
export function faultsUnder(faults: readonly Fault[], place: string): Fault[] {
  return faults.filter((one) => one.place === place || one.place.startsWith(`${place}.`));
}

/** Those of one tab of a site. */
export function faultsOfTab(faults: readonly Fault[], index: number, tab: Tab): Fault[] {
  return faultsUnder(faults, `${index}`).filter(({ place }) => tabOf(place.slice(`${index}.`.length)) === tab);
}

/** The page on which a fault is put right. */
export function routeOfFault({ place }: Fault): Route {
  const site = /^(\d+)(?:\.(.*))?$/.exec(place);
  return site ? { at: 'site', index: Number(site[1]), tab: tabOf(site[2] ?? '') } : { at: 'sites' };
}

/** Names of a site's parts below their tab, where the tab does not say it already. */
const PARTS: [RegExp, string][] = [
  [/^name$/, 'name'],
  [/^start$/, 'start page'],
  [/^pages\.(\d+)/, 'page #'],
  [/^loads\.(\d+)/, 'loaded address #'],
  [/^networks\.(\d+)/, 'network #'],
  [/^agent\.presets\.(\d+)/, 'ready text #'],
  [/^agent\.ask_selectors\.(\d+)/, 'element to ask about #'],
  [/^agent\.never\.(\d+)/, 'element that is off limits #'],
  [/^privacy\.(?:mask|scrub)\.(\d+)/, 'rule #'],
];

/** Where a fault is, for people: `Example shop, Texts, rule 2`. */
export function whereWords({ place }: Fault, sites: readonly SiteDraft[]): string {
  const [first = '', ...rest] = place.split('.');
  const site = sites[Number(first)];
  if (first === '' || !site) return 'All sites';
  const below = rest.join('.');
  const words = [site.name.trim() || `Site ${Number(first) + 1}`];
  if (below) words.push(tabName[tabOf(below)]);
  const part = PARTS.find(([pattern]) => pattern.test(below));
  if (part) words.push(part[1].replace('#', `${Number(part[0].exec(below)?.[1] ?? 0) + 1}`));
  return words.join(', ');
}

/** A part of a value: wrong or not. */
export interface Piece {
  text: string;
  wrong: boolean;
}

/** A value in pieces, those that faults name apart. Spans count characters, not UTF-16 units; an empty one names the character after it, or the end. */
export function pieces(value: string, faults: readonly Fault[]): Piece[] {
  const characters = [...value];
  const wrong = characters.map(() => false);
  for (const { span } of faults) {
    if (!span) continue;
    const last = Math.max(span[0], Math.min(characters.length, Math.max(span[1], span[0] + 1)) - 1);
    wrong.fill(true, Math.min(span[0], characters.length - 1), last + 1);
  }
  const all: Piece[] = [];
  characters.forEach((text, i) => {
    const before = all.at(-1);
    if (before && before.wrong === wrong[i]) before.text += text;
    else all.push({ text, wrong: wrong[i] ?? false });
  });
  return all;
}

/** `3 things to put right`. */
export function countWords(count: number): string {
  return count === 1 ? '1 thing to put right' : `${count} things to put right`;
}
