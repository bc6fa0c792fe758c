// What a preview's documents get from us before they are shown: outlines of the places that differ, and names by which one can go to them.
import type { PreviewKind, PreviewMark } from '../../shared/protocol/admin';
import type { ReadyRule, SiteDraft } from '../../shared/protocol/rules';

export const KINDS: PreviewKind[] = ['hidden', 'masked', 'scrubbed', 'foreign', 'washed'];

export const kindName: Record<PreviewKind, string> = {
  hidden: 'Hidden',
  masked: 'Masked',
  scrubbed: 'Replaced',
  foreign: 'Not allowed',
  washed: 'Taken out',
};

/** What each kind is, for the legend. */
export const kindMeaning: Record<PreviewKind, string> = {
  hidden: 'A box of the same size stands in its place.',
  masked: 'Stars stand for its texts and values.',
  scrubbed: 'A text in it is replaced.',
  foreign: 'It is on no allowlist: a box says so.',
  washed: 'It runs or loads something of its own. Mostly it has no place that shows.',
};

/** Colours that tell apart on white pages, dark ones and ours. */
export const kindColour: Record<PreviewKind, string> = {
  hidden: '#7a3ec8',
  masked: '#1769d2',
  scrubbed: '#0a8a5f',
  foreign: '#c2410c',
  washed: '#78716c',
};

const MARK = 'data-alongside-mark';
const name = (number: number): string => `alongside-mark-${number}`;

/** How many there are of each kind. */
export function counted(marks: readonly PreviewMark[]): Record<PreviewKind, number> {
  const counts: Record<PreviewKind, number> = { washed: 0, foreign: 0, masked: 0, hidden: 0, scrubbed: 0 };
  for (const { kind } of marks) counts[kind] += 1;
  return counts;
}

/** Outlines of the kinds that are shown; the one that was gone to stands out. */
function outlines(marks: readonly PreviewMark[], shown: readonly PreviewKind[]): string {
  const rules = shown.map((kind) => {
    const which = marks.flatMap((one, i) => (one.kind === kind ? [`[${MARK}="${i}"]`] : []));
    return which.length === 0 ? '' : `${which.join(',')}{outline:2px solid ${kindColour[kind]}!important;outline-offset:1px!important}`;
  });
  return `${rules.join('')}:target{outline:4px solid #e11d48!important;outline-offset:2px!important;scroll-margin:30vh!important}`;
}

/** Attributes that load something. */
const LOADING = ['src', 'srcset', 'poster', 'data', 'background', 'imagesrcset', 'action', 'formaction'];

/** A document for a frame without scripts, whose links lead nowhere. What is not within it already would be asked of our own host: it goes. */
function still(html: string): Document {
  const page = new DOMParser().parseFromString(html, 'text/html');
  for (const link of page.querySelectorAll('a[href], area[href]')) if (!link.getAttribute('href')?.startsWith('#')) link.removeAttribute('href');
  for (const link of page.querySelectorAll('link[href]')) if (!link.getAttribute('href')?.startsWith('data:')) link.remove();
  for (const name of LOADING) for (const one of page.querySelectorAll(`[${name}]`)) if (!one.getAttribute(name)?.startsWith('data:')) one.removeAttribute(name);
  for (const field of page.querySelectorAll('input, select, textarea, button, a, [tabindex], iframe')) field.setAttribute('tabindex', '-1');
  return page;
}

function textOf(page: Document): string {
  return `${page.compatMode === 'CSS1Compat' ? '<!doctype html>' : ''}${page.documentElement.outerHTML}`;
}

/** The visitor's side. */
export function visitorPage(html: string): string {
  return textOf(still(html));
}

/** The agent's side, with its marks drawn. */
export function agentPage(html: string, marks: readonly PreviewMark[], shown: readonly PreviewKind[]): string {
  const page = still(html);
  for (const element of page.querySelectorAll(`[${MARK}]`)) element.id = name(Number(element.getAttribute(MARK)));
  const style = page.createElement('style');
  style.textContent = outlines(marks, shown);
  page.head.append(style);
  return textOf(page);
}

/** Scrolls a frame to a mark, which no script in it need do: going to a fragment of the same document. */
export function goToMark(frame: HTMLIFrameElement | undefined, number: number): void {
  frame?.contentWindow?.location.replace(`about:srcdoc#${name(number)}`);
}

/** Which rule made a mark, for people. */
export function ruleWords({ kind, rule }: PreviewMark, site: SiteDraft | undefined, ready: readonly ReadyRule[]): string {
  const [, list, index] = /^privacy\.(mask|scrub)\.(\d+)/.exec(rule) ?? [];
  const at = Number(index);
  if (list === 'mask') {
    const mask = site?.privacy.mask[at];
    return mask?.name || mask?.selector || `Rule ${at + 1} about elements`;
  }
  if (list === 'scrub') {
    const scrub = site?.privacy.scrub[at];
    return scrub?.name || ready.find((one) => one.ready === scrub?.ready)?.title || scrub?.pattern || `Rule ${at + 1} about texts`;
  }
  if (rule === 'privacy.private') return 'The site is private';
  return { washed: 'Always', foreign: 'On no allowlist', masked: 'Always masked', hidden: 'Always hidden', scrubbed: 'A rule about texts' }[kind];
}
