// What the help page says and how its code is read out.
import type { Problem } from '../shared/api';

/** In groups of four, as one reads it out: `4829 1365`. */
export function groups(code: string): string[] {
  return code.match(/.{1,4}/g) ?? [];
}

/** Digit by digit, as a screen reader shall say it: `4 8 2 9, 1 3 6 5`. */
export function spokenCode(code: string): string {
  return groups(code).map((group) => [...group].join(' ')).join(', ');
}

/** Why there is no code, for somebody who knows nothing of allowlists. */
export function refusedWords(problem: Problem): string {
  if (problem.code === 'not-allowed') return 'Help cannot be asked for on this page. If somebody is helping you already, ask them for a link or a PIN.';
  return problem.message;
}
