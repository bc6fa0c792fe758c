// Time that is left, as people read and hear it.

/** `9:05`. */
export function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${`${seconds % 60}`.padStart(2, '0')}`;
}

/** In words, by the minute and, near the end, by ten seconds: what a screen reader is told of a countdown. */
export function spokenLeft(seconds: number): string {
  if (seconds === 0) return 'expired';
  if (seconds > 90) return `about ${Math.round(seconds / 60)} minutes left`;
  return `${Math.ceil(seconds / 10) * 10} seconds left`;
}
