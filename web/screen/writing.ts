// What came of a text in which somebody writes at the end, as keys and text for the page.

/** How one text becomes another. */
export interface Edit {
  /** Characters that the caret goes left before. */
  left: number;
  /** Characters that are deleted before the caret. */
  back: number;
  /** What is written there. */
  text: string;
}

/** The smallest edit by which `before`, with the caret at its end, becomes `after`. */
export function editOf(before: string, after: string): Edit {
  const [old, now] = [characters(before), characters(after)];
  const most = Math.min(old.length, now.length);
  let same = 0;
  while (same < most && old[same] === now[same]) same += 1;
  let tail = 0;
  while (tail < most - same && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
  return { left: tail, back: old.length - same - tail, text: now.slice(same, now.length - tail).join('') };
}

/** What a person counts as characters, and Backspace deletes. */
function characters(text: string): string[] {
  return [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text)].map(({ segment }) => segment);
}
