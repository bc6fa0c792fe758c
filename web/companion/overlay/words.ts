// What the overlay says.
import type { OverlayState } from './index';

/** Who sees the page, in one sentence. */
export function sentence(state: OverlayState): string {
  const [first, second] = state.watchers;
  if (state.agent === '') return 'This page is shared';
  if (first === undefined) return `${state.agent} can see this page`;
  if (second === undefined) return `${first} sees this page`;
  const others = state.watchers.length - 1;
  return others === 1 ? `${first} and ${second} see this page` : `${first} and ${others} others see this page`;
}

/** A second line: how the connection stands, or what agents may do beside looking. */
export function note(state: OverlayState): string {
  if (state.connection === 'connecting') return state.agent === '' ? 'Connecting…' : 'Reconnecting…';
  if (state.agent === '') return '';
  if (state.watchers.length === 0) return 'not looking right now';
  return state.mode === 'shared' ? 'and may act on it' : '';
}

/** What a screen reader is told when `before` (none at the start) becomes `state`; empty: nothing worth saying. */
export function announcement(before: OverlayState | null, state: OverlayState): string {
  if (state.agent === '') return '';
  if (!before || before.agent === '') return `${sentence(state)}. Press Alt+Shift+E to reach the End button.`;
  if (before.connection !== state.connection) {
    return state.connection === 'connecting' ? 'The connection was lost. Reconnecting.' : `Connected again. ${sentence(state)}.`;
  }
  const changed = sentence(before) !== sentence(state) || before.mode !== state.mode;
  return changed ? [sentence(state), note(state)].filter((part) => part !== '').join(', ') : '';
}
