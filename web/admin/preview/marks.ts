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
/** What one goes to, and what only makes a place stand out: it is where it is, whatever the page is scrolled to. */
const name = (place: number): string => `alongside-mark-${place}`;
const look = (place: number): string => `alongside-look-${place}`;
const STILL = 'position:fixed!important;inset:0 auto auto 0!important;width:0!important;height:0!important';
const STANDS_OUT = 'outline:4px solid #e11d48!important;outline-offset:2px!important;scroll-margin:48vh!important';

/** How many there are of each kind. */
export function counted(marks: readonly PreviewMark[]): Record<PreviewKind, number> {
  const counts: Record<PreviewKind, number> = { washed: 0, foreign: 0, masked: 0, hidden: 0, scrubbed: 0 };
  for (const { kind } of marks) counts[kind] += 1;
  return counts;
}

/** Outlines of the kinds that are shown; the place that is looked at stands out. */
function outlines(marks: readonly PreviewMark[], shown: readonly PreviewKind[]): string {
  // The first kinds are written last: they count where several are at one place.
  const rules = KINDS.toReversed().filter((kind) => shown.includes(kind)).map((kind) => {
    const which = marks.filter((one) => one.kind === kind).map(({ place }) => `[${MARK}="${place}"]`);
    return which.length === 0 ? '' : `${which.join(',')}{outline:2px solid ${kindColour[kind]}!important;outline-offset:1px!important}`;
  });
  const looked = placesOf(marks).map((place) => `:root:has(#${look(place)}:target) #${name(place)}`);
  return `${rules.join('')}${[':target', ...looked].join(`{${STANDS_OUT}}`)}{${STANDS_OUT}}`;
}

const placesOf = (marks: readonly PreviewMark[]): number[] => [...new Set(marks.map(({ place }) => place))];

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

/** One side of a page, with its marks drawn. */
export function pageOf(html: string, marks: readonly PreviewMark[], shown: readonly PreviewKind[]): string {
  const page = still(html);
  for (const element of page.querySelectorAll(`[${MARK}]`)) element.id = name(Number(element.getAttribute(MARK)));
  const style = page.createElement('style');
  style.textContent = outlines(marks, shown);
  page.head.append(style);
  for (const place of placesOf(marks)) {
    const still = page.createElement('alongside-look');
    still.id = look(place);
    still.style.cssText = STILL;
    page.body.append(still);
  }
  return textOf(page);
}

/** Scrolls a frame to a place, or only makes it stand out, which no script in it need do: going to a fragment of the same document. */
export function goTo(frame: HTMLIFrameElement | undefined, place: number | null, how: 'scroll' | 'look'): void {
  frame?.contentWindow?.location.replace(`about:srcdoc#${place === null ? 'alongside-nothing' : (how === 'scroll' ? name : look)(place)}`);
}

/** What agents see instead, for people. */
export function insteadWords({ kind, shows }: PreviewMark): string {
  if (kind === 'scrubbed') return shows || 'nothing';
  return { hidden: 'a box', masked: '***', foreign: 'a box', washed: '' }[kind];
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
