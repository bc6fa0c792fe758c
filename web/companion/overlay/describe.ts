// What an element is called, for those who hear the page.

/** Most characters of a name. */
const LONGEST = 60;
const FOCUSABLE = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex], [contenteditable=""], [contenteditable=true], iframe, audio[controls], video[controls]';

/** The name of an element as the page gives it; empty: it has none. Never what a field holds. */
export function describe(element: Element): string {
  const labelled = (element.getAttribute('aria-labelledby') ?? '').split(/\s+/).filter(Boolean);
  const root = element.getRootNode() as Document | ShadowRoot;
  const by = labelled.map((id) => root.getElementById?.(id)?.textContent ?? '').join(' ');
  const field = element as HTMLInputElement;
  const isField = element.matches('input, select, textarea');
  const label = isField ? [...(field.labels ?? [])].map((each) => textOf(each)).join(' ') : '';
  const button = isField && /^(submit|button|reset)$/.test(field.type) ? field.value : '';
  const own = isField ? '' : (element.textContent ?? '');
  const candidates = [element.getAttribute('aria-label') ?? '', by, label, element.getAttribute('alt') ?? '', button, own, element.getAttribute('title') ?? '', element.getAttribute('placeholder') ?? ''];
  return short(candidates.map(tidy).find(Boolean) ?? '');
}

/** The element itself, or the nearest in or around it that takes the keyboard. */
export function focusable(element: Element): HTMLElement | null {
  return (element.matches(FOCUSABLE) ? element : (element.querySelector(FOCUSABLE) ?? element.closest(FOCUSABLE))) as HTMLElement | null;
}

/** Text of a label without the fields in it. */
function textOf(label: Element): string {
  const copy = label.cloneNode(true) as Element;
  for (const field of copy.querySelectorAll('input, select, textarea')) field.remove();
  return copy.textContent ?? '';
}

function tidy(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function short(text: string): string {
  const characters = [...text];
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST - 1).join('').trimEnd()}…` : text;
}
