// Rules as they are written: new ones, copies, and moving about in lists.
import type { MaskDraft, PrivacyDraft, ScrubDraft, SiteDraft } from '../shared/protocol/rules';

/** A site as `[[site]]` with nothing but a name would be: what the server fills in where the TOML says nothing. */
export function newSite(taken: readonly string[]): SiteDraft {
  return {
    name: freeName('New site', taken),
    start: 'https://',
    pages: ['https://'],
    loads: [],
    networks: [],
    agent: {
      modes: ['view-only', 'shared'],
      acts: ['click', 'type', 'choose', 'check', 'scroll', 'navigate', 'back', 'forward', 'submit'],
      tools: ['pointer', 'label', 'highlight', 'mark', 'chat'],
      presets: ['Click this link', 'Enter information in the form', 'Read this', 'Check this, please'],
      ask: ['submit', 'payment'],
      ask_selectors: [],
      never: [],
      silent_supervisor: false,
      image: true,
    },
    visitor: { tools: ['highlight', 'chat'] },
    privacy: { private: false, mask: [], scrub: [] },
  };
}

export function newMask(): MaskDraft {
  return { name: '', selector: '', action: 'mask', pages: [] };
}

export function newScrub(): ScrubDraft {
  return { name: '', pattern: '', replacement: '' };
}

/** A name that nobody has: `Shop`, `Shop 2`. */
export function freeName(wanted: string, taken: readonly string[]): string {
  if (!taken.includes(wanted)) return wanted;
  const stem = wanted.replace(/ \d+$/, '');
  let number = 2;
  while (taken.includes(`${stem} ${number}`)) number += 1;
  return `${stem} ${number}`;
}

/** Moves something within its list. */
export function move<T>(list: T[], from: number, to: number): void {
  if (from < 0 || from >= list.length || to < 0 || to >= list.length) return;
  list.splice(to, 0, ...list.splice(from, 1));
}

/** The lines of a text that was pasted; what stands around entries of lists (quotes, commas, bullets) goes. */
export function linesOf(text: string): string[] {
  const bare = (line: string): string => line.trim().replace(/^[-*•]\s+/, '').replace(/^["']|["'],?$|,$/g, '').trim();
  return text.split(/\r?\n/).map(bare).filter((line) => line !== '');
}

/** How many rules a site has about what agents see. */
export function ruleCount({ mask, scrub }: PrivacyDraft): number {
  return mask.length + scrub.length;
}

/** Where a rule is tried out: an address that no host has. */
export const TRIAL = 'https://trial.invalid/';

/** A site with one rule of replacing texts alone: what it does is tried out with it, whatever else is wrong. */
export function trialSite(scrub: ScrubDraft): SiteDraft {
  const { pages: _pages, off: _off, ...rule } = scrub;
  return { ...newSite([]), start: TRIAL, pages: [TRIAL], privacy: { private: false, mask: [], scrub: [rule] } };
}

const ESCAPED: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** A page with one text. */
export function pageOf(text: string): string {
  return `<!doctype html><title>Try it out</title><p>${text.replace(/[&<>"]/g, (one) => ESCAPED[one] ?? one)}</p>`;
}
