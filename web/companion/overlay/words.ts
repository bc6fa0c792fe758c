// What the overlay says.
import type { Shape } from '../../shared/protocol/note';
import type { Person } from '../../shared/protocol/people';
import type { Side } from './geometry';
import type { OverlayState } from './index';

export const TOOL_AREA = 'Press what you want to show, or drag across it';
export const TOOL_TEXT = 'Select the text that you want to show';
export const TOOL_SELECT = 'Select text';
export const TOOL_SHOW = 'Show it';
export const HELP_TEXT = 'Passwords and card numbers are never shown to them.';

/** Keys of the overlay, and what they do. */
export const KEYS: readonly (readonly [string, string])[] = [
  ['F6', 'to labels, panels and this bar in turn, and back to the page'],
  ['Alt+L', 'to the labels; Tab goes from one to the next'],
  ['Enter', 'on a label: to what it points at'],
  ['Escape', 'hides a label, closes a panel, refuses a question'],
  ['Alt+Shift+E', 'to End'],
];

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

/** Those whom the sentence is about: who watches, or else who leads. */
function subject(state: OverlayState): string {
  const watching = watchers(state);
  return names(watching.length ? watching : [state.agent]);
}

/** Who sees the page and what they may do, in one sentence. */
export function sentence(state: OverlayState): string {
  if (state.agent === '') return 'This page is shared';
  if (!state.shown) return `${subject(state)} can see another tab`;
  return state.mode === 'shared' ? `${subject(state)} can see and help fill in this page` : `${subject(state)} can see this page`;
}

/** A second line: how the connection stands, or what else the visitor should know. */
export function note(state: OverlayState): string {
  if (state.connection === 'connecting') return state.agent === '' ? 'Connecting…' : 'Reconnecting…';
  if (state.agent === '') return '';
  if (!state.shown) return 'Not this one, now';
  const lines = [state.private ? privateText(state) : '', watchers(state).length ? '' : 'Not looking right now', state.rules?.silentSupervisor ? 'A supervisor may look in' : ''];
  return lines.filter(Boolean).join('. ');
}

/** What agents see of a page of a private site. */
function privateText(state: OverlayState): string {
  return `${subject(state)} ${watchers(state).length > 1 ? 'see' : 'sees'} the layout of this page, not its text`;
}

/** What a lock at a field or at a hidden region says. */
export function veilText(state: OverlayState, hidden: boolean): string {
  const who = state.agent === '' ? 'Nobody else sees' : `${subject(state)} ${watchers(state).length > 1 ? 'do' : 'does'} not see`;
  return hidden ? `${who} what is here` : `${who} what is in this field`;
}

/** What is new when `before` becomes `state`: people who come and go, who leads, what they may do. */
export function changes(before: OverlayState | null, state: OverlayState): string {
  if (!before || before.agent === '' || state.agent === '') return '';
  const known = new Map(before.people.map((person) => [person.id, person]));
  const now = new Map(state.people.map((person) => [person.id, person]));
  const came = state.people.filter(({ id }) => !known.has(id)).map(({ name }) => name);
  const left = before.people.filter(({ id }) => !now.has(id)).map(({ name }) => name);
  const told: string[] = [];
  if (came.length) told.push(`${names(came)} joined`);
  if (before.agent !== state.agent) told.push(`${before.agent} handed over to ${state.agent}`);
  if (left.length) told.push(`${names(left)} left`);
  if (before.mode !== state.mode) told.push(state.mode === 'shared' ? `${state.agent} can help fill in this page now` : 'They can only look now');
  if (before.shown !== state.shown) told.push(state.shown ? 'They can see this tab now' : 'They can see another tab of yours now');
  return told.join('. ');
}

/** What a screen reader is told when `before` (none at the start) becomes `state`; empty: nothing worth saying. */
export function announcement(before: OverlayState | null, state: OverlayState): string {
  if (state.agent === '') return '';
  const about = [sentence(state), note(state)].filter(Boolean).join('. ');
  if (!before || before.agent === '') return `${about}. Press Alt+Shift+E to reach the End button, F6 to go round this bar.`;
  if (before.connection !== state.connection) {
    return state.connection === 'connecting' ? 'The connection was lost. Reconnecting.' : `Connected again. ${about}.`;
  }
  return changes(before, state) || (sentence(before) !== sentence(state) || note(before) !== note(state) ? about : '');
}

/** What a person is here, whether they look, how they are connected. */
export function detail({ role, watching, rtt }: Person): string {
  const roles = { agent: 'leads', colleague: 'invited', supervisor: 'supervisor' };
  return [roles[role], watching ? 'sees this page' : 'away', rtt === undefined ? '' : `${rtt} ms`].filter(Boolean).join(', ');
}

/** How the visitor is connected. */
export function connection(state: OverlayState): string {
  if (state.connection === 'connecting') return 'Your connection is being made again.';
  return state.rtt === undefined ? 'You are connected.' : `You are connected; messages take ${state.rtt} ms there and back.`;
}

/** Text of the button that changes what agents may do; empty: there is nothing to change. */
export function helpButton(state: OverlayState): string {
  if (state.mode === 'shared') return 'Stop help';
  return state.agent !== '' && state.rules?.modes.includes('shared') ? `Let ${state.agent} help` : '';
}

/** What they may do, in a sentence. */
export function modeText(state: OverlayState): string {
  return state.mode === 'shared'
    ? 'They can look, point, press and type here. You can stop that at any time.'
    : 'They can look and point. They cannot press or type anything.';
}

export function hideAll(count: number): string {
  return count === 1 ? 'Hide the note on this page' : `Hide all ${count} notes`;
}

/** The question whether agents may act. */
export function shareWords(name: string): { title: string; text: string; yes: string; no: string } {
  return {
    title: `Let ${name} help fill in this page?`,
    text: `${name} could press and type here, and you see all of it. You can stop it at any time.`,
    yes: 'Allow',
    no: 'Not now',
  };
}

export const actButtons = { yes: 'Allow', no: 'Don’t' };

/** A label as a screen reader reads it. */
export function labelName(name: string, text: string, element: string): string {
  return `${name}: ${text}${element && `, at ${element}`}`;
}

/** The chip that stands for labels out of sight. */
export function chipText(count: number, side: Side): string {
  const what = count === 1 ? 'Label' : `${count} labels`;
  const where = { above: 'above ↑', below: 'below ↓', left: 'to the left ←', right: 'to the right →' };
  return `${what} ${where[side]}`;
}

/** What is said of a new note. */
export function noteNews(name: string, shape: Shape, element: string): string {
  const at = element && ` at ${element}`;
  switch (shape.s) {
    case 'label':
      return labelName(name, shape.text, element);
    case 'element':
    case 'area':
    case 'text':
      return `${name} shows you something${at}`;
    default:
      return `${name} drew on the page${at}`;
  }
}

export function lockText(name: string): string {
  return `${name} is typing`;
}

export function writingText(who: readonly string[]): string {
  return who.length ? `${names(who)} ${who.length === 1 ? 'is' : 'are'} writing…` : '';
}

export function chatName(unread: number): string {
  return unread ? `Chat, ${unread} new` : 'Chat';
}

export function chatTitle(people: readonly string[]): string {
  return people.length ? `Chat with ${names(people)}` : 'Chat';
}

/** Hours and minutes of a message. */
export function clock(at: number): string {
  return new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
}
