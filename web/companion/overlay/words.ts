// What the overlay says.
import type { OverlayState } from './index';

/** Names as one says them: `Justin`, `Justin and Amira`, `Justin, Amira and 2 others`. */
export function names(list: readonly string[]): string {
  const [first, second, third] = list;
  if (first === undefined) return '';
  if (second === undefined) return first;
  if (third === undefined) return `${first} and ${second}`;
  return list.length === 3 ? `${first}, ${second} and ${third}` : `${first}, ${second} and ${list.length - 2} others`;
}

/** Names of those who see the page now. */
export function watchers(state: OverlayState): string[] {
  return state.people.filter(({ watching }) => watching).map(({ name }) => name);
}

/** Who sees the page and what they may do, in one sentence. */
export function sentence(state: OverlayState): string {
  if (state.agent === '') return 'This page is shared';
  const watching = watchers(state);
  const who = names(watching.length ? watching : [state.agent]);
  return state.mode === 'shared' ? `${who} can see this page and help fill it in` : `${who} can see this page`;
}

/** A second line: how the connection stands, or what else the visitor should know. */
export function note(state: OverlayState): string {
  if (state.connection === 'connecting') return state.agent === '' ? 'Connecting…' : 'Reconnecting…';
  if (state.agent === '') return '';
  if (!state.shown) return 'They see another tab of yours now';
  if (watchers(state).length === 0) return 'Not looking right now';
  return state.rules?.silentSupervisor ? 'A supervisor may look in' : '';
}

/** What a screen reader is told when `before` (none at the start) becomes `state`; empty: nothing worth saying. */
export function announcement(before: OverlayState | null, state: OverlayState): string {
  if (state.agent === '') return '';
  if (!before || before.agent === '') return `${sentence(state)}. Press Alt+Shift+E to reach the End button.`;
  if (before.connection !== state.connection) {
    return state.connection === 'connecting' ? 'The connection was lost. Reconnecting.' : `Connected again. ${sentence(state)}.`;
  }
  const changed = sentence(before) !== sentence(state) || note(before) !== note(state);
  return changed ? [sentence(state), note(state)].filter((part) => part !== '').join('. ') : '';
}
