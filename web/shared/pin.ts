// PINs as people type, read and hear them.

/** Digits of a PIN. */
export const PIN_DIGITS = 6;

/** The digits of what somebody typed or pasted, in any script's digits, without whatever stands between them. */
export function pinDigits(typed: string): string {
  return typed.normalize('NFKC').replace(/\p{Nd}/gu, (digit) => `${latinDigit(digit)}`).replace(/[^0-9]/g, '').slice(0, PIN_DIGITS);
}

function latinDigit(digit: string): number {
  let start = digit.codePointAt(0) ?? 0x30;
  const value = start;
  while (value - start < 9 && /\p{Nd}/u.test(String.fromCodePoint(start - 1))) start -= 1;
  return (value - start) % 10;
}

/** In two groups, to be read at a glance: `482 913`. */
export function groupPin(pin: string): string {
  return pin.length > 3 ? `${pin.slice(0, 3)} ${pin.slice(3)}` : pin;
}

/** Digit by digit, as a screen reader shall say it: `4 8 2, 9 1 3`. */
export function spokenPin(pin: string): string {
  const spaced = (part: string): string => [...part].join(' ');
  return `${spaced(pin.slice(0, 3))}, ${spaced(pin.slice(3))}`;
}
