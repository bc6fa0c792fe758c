// Keys as keyboard events describe them: code of a US keyboard, the numbers of the older properties.

export interface KeyInfo {
  code: string;
  /** `keyCode` of keydown and keyup. */
  number: number;
  /** `keyCode` of keypress; 0: the key has none. */
  character: number;
  shift: boolean;
}

const NAMED: Readonly<Record<string, number>> = {
  Enter: 13, Tab: 9, Escape: 27, Backspace: 8, Delete: 46, ArrowLeft: 37, ArrowUp: 38, ArrowRight: 39, ArrowDown: 40, Home: 36, End: 35, PageUp: 33, PageDown: 34,
};

/** Characters of the keys that are neither letter nor digit: without and with Shift, code, number. */
const SIGNS: readonly [string, string, number][] = [
  [';:', 'Semicolon', 186], ['=+', 'Equal', 187], [',<', 'Comma', 188], ['-_', 'Minus', 189], ['.>', 'Period', 190], ['/?', 'Slash', 191], ['`~', 'Backquote', 192],
  ['[{', 'BracketLeft', 219], ['\\|', 'Backslash', 220], [']}', 'BracketRight', 221], ['\'"', 'Quote', 222],
  ['1!', 'Digit1', 49], ['2@', 'Digit2', 50], ['3#', 'Digit3', 51], ['4$', 'Digit4', 52], ['5%', 'Digit5', 53], ['6^', 'Digit6', 54], ['7&', 'Digit7', 55], ['8*', 'Digit8', 56],
  ['9(', 'Digit9', 57], ['0)', 'Digit0', 48],
];

/** A key by its `key` value: a name or a character. Characters that a US keyboard does not have come without code. */
export function keyOf(key: string): KeyInfo {
  const named = NAMED[key];
  if (named !== undefined) return { code: key, number: named, character: key === 'Enter' ? 13 : 0, shift: false };
  const character = key.codePointAt(0) ?? 0;
  if (key === ' ') return { code: 'Space', number: 32, character, shift: false };
  const upper = key.toUpperCase();
  if (/^[A-Z]$/.test(upper)) return { code: `Key${upper}`, number: upper.charCodeAt(0), character, shift: key === upper };
  const sign = SIGNS.find(([both]) => both.includes(key));
  return sign ? { code: sign[1], number: sign[2], character, shift: sign[0].indexOf(key) === 1 } : { code: '', number: 0, character, shift: false };
}
