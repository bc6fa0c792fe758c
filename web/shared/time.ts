// Points in time, as people read them.

const SHORT = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' });
const EXACT = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' });
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Date and time; `at`: seconds since 1970. */
export function moment(at: number): string {
  return SHORT.format(at * 1000);
}

/** Date and time with seconds; `at`: seconds since 1970. */
export function exactMoment(at: number): string {
  return EXACT.format(at * 1000);
}

const times = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? '' : 's'} ago`;

/** How long ago; what is over a month ago by its date. Both in seconds since 1970. */
export function since(at: number, now = Date.now() / 1000): string {
  const past = now - at;
  if (past < MINUTE) return 'just now';
  if (past < HOUR) return times(Math.floor(past / MINUTE), 'minute');
  if (past < DAY) return times(Math.floor(past / HOUR), 'hour');
  return past < 30 * DAY ? times(Math.floor(past / DAY), 'day') : moment(at);
}
