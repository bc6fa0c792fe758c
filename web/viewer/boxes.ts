// How the boxes look that stand in place of what agents do not see: a quiet hatch, and a word where there is room. The server makes them
// (`src/wash/boxes.rs`); this is a sheet of the viewer's own, in no document of the page.

/** Words by what the server says of a box; what a screen reader says in full. */
const WORDS: readonly (readonly [kind: string, word: string, name: string])[] = [
  ['hidden', 'Hidden', 'Hidden by a rule'],
  ['foreign', 'Not on the allowlist', 'Not shown: not on the allowlist'],
  ['masked', 'Not shown', 'Not shown here'],
];
/** Pixels that a word needs, across. */
const ROOM: Readonly<Record<string, number>> = { hidden: 64, foreign: 148, masked: 80 };

const LOOK = `
:where(span, a, b, i, em, strong, small, code, abbr, cite, q, s, u, sub, sup, mark, time, data, output, kbd, samp, var, dfn, bdi, bdo, ins, del, font, tt, big, label)[data-alongside-box] {
  display: inline-block; vertical-align: text-bottom;
}
[data-alongside-box] {
  container-type: size !important; overflow: hidden !important;
  background: repeating-linear-gradient(135deg, #ced6d4 0 6px, #dbe1e0 6px 12px) border-box !important;
  box-shadow: inset 0 0 0 1px #98a5a2 !important; border-color: transparent !important; color: transparent !important; text-shadow: none !important;
}
[data-alongside-box]::before { content: none !important; }
[data-alongside-box]::after {
  all: initial !important; display: flex !important; align-items: center !important; justify-content: center !important; width: 100% !important; height: 100% !important;
  overflow: hidden !important; white-space: nowrap !important; font: 500 12px/1.2 system-ui, sans-serif !important;
}
`;

const word = ([kind, text, name]: (typeof WORDS)[number]): string => `
[data-alongside-box="${kind}"]::after { content: "" / "${name}" !important; }
@container (min-width: ${ROOM[kind]}px) and (min-height: 22px) {
  [data-alongside-box="${kind}"]::after { content: "${text}" / "${name}" !important; color: #26302e !important; }
}`;

/** Rules for every document and shadow root of the built page. */
export const BOXES = LOOK + WORDS.map(word).join('');
