// What the console says about sessions, in one place.
import { denialWords } from '../shared/denials';
import { nameOf, VISITOR } from '../shared/people';
import type { ActKind, Denial } from '../shared/protocol/act';
import type { EndedBy, Presence, SessionState } from '../shared/protocol/agent';
import type { Mode, Person, PersonId, Priority, Role, Rules } from '../shared/protocol/people';
import type { Tone } from '../shared/ui/tone';

/** A short line with a coloured dot. */
export interface Sign {
  tone: Tone;
  text: string;
  /** It is about something that goes on right now. */
  pulse?: boolean;
}

export const modeName: Record<Mode, string> = { 'view-only': 'View only', shared: 'Shared' };

/** What each mode means, before a session starts. */
export const modeMeaning: Record<Mode, string> = {
  'view-only': 'You see the page, point at things and put labels on them. Only your visitor clicks and types.',
  shared: 'You can also click, type and scroll. Your visitor sees all you do, and can stop it at any time.',
};

export const priorityName: Record<Priority, string> = { high: 'High', normal: 'Normal', low: 'Low' };

export const roleName: Record<Role, string> = { agent: 'Leads', colleague: 'Colleague', supervisor: 'Supervisor' };

/** Acts whose success is worth a word: the others show on the page. */
export const doneWords: Partial<Record<ActKind, string>> = {
  navigate: 'The visitor’s page went there.',
  back: 'The visitor’s page went back.',
  forward: 'The visitor’s page went forward.',
};

/** What became of a request, in words: nothing where it was done. */
export function answerWords(answer: Denial | 'lost' | null): string {
  if (answer === null) return '';
  return answer === 'lost' ? 'The connection was lost. Try again.' : denialWords[answer];
}

/** What became of a request for another mode. */
export function modeWords(mode: Mode, answer: Denial | 'lost' | null): string {
  if (answer === null) return mode === 'shared' ? 'The visitor allows you to act on the page.' : 'View only now: you can look and point.';
  if (mode === 'shared' && answer === 'declined') return 'The visitor did not allow it. The session stays view-only.';
  if (mode === 'shared' && answer === 'unanswered') return 'The visitor did not answer. The session stays view-only.';
  return answerWords(answer);
}

/** What somebody is told whose role became another one. */
export function roleChange(before: Role, after: Role): string {
  if (before === after) return '';
  if (after === 'agent') return 'You lead this session now.';
  return before === 'agent' ? 'You handed the session over. You are a colleague in it now.' : '';
}

/** Somebody's name in a session: the visitor has none. */
export function nameIn(people: Person[], id: PersonId, you: PersonId | null): string {
  if (id === you) return 'You';
  return id === VISITOR ? 'Visitor' : nameOf(people, id);
}

/** Who is writing; empty: nobody. */
export function writingWords(names: string[]): string {
  const [first, second] = names;
  if (first === undefined) return '';
  if (second === undefined) return `${first} is writing…`;
  return names.length === 2 ? `${first} and ${second} are writing…` : 'Several people are writing…';
}

/** What a supervisor must know about being there; empty for everybody else. */
export function lookingWords(role: Role, rules: Rules | null): string {
  if (role !== 'supervisor') return '';
  return rules?.silentSupervisor
    ? 'You are looking in silently: the visitor was told that supervisors may, and does not see your name.'
    : 'You are looking in: the visitor sees your name.';
}

/** Milliseconds there and back; empty: not known. */
export function rttWords(rtt: number | null | undefined): string {
  return rtt === null || rtt === undefined ? '' : `${rtt} ms`;
}

/** The title bar: unread messages first. */
export function titleOf(unread: number, ...parts: string[]): string {
  const text = [...parts.filter((part) => part !== ''), 'Alongside'].join(' · ');
  return unread > 0 ? `(${unread}) ${text}` : text;
}

/** A session's state in the list. */
export function stateSign(state: SessionState): Sign {
  switch (state.state) {
    case 'waiting':
      return { tone: 'idle', text: 'Waiting' };
    case 'asked':
      return { tone: 'warn', text: 'Being asked', pulse: true };
    case 'active':
      return { tone: 'ok', text: 'Live' };
    case 'ended':
      return { tone: 'idle', text: 'Ended' };
  }
}

/** The waiting room's status line. `taken`: the visitor had a code, and is there already. */
export function waitingSign(state: SessionState, taken = false): Sign {
  switch (state.state) {
    case 'waiting':
      return { tone: 'idle', text: 'Nobody has joined yet', pulse: true };
    case 'asked':
      return { tone: 'warn', text: `${taken ? 'The visitor' : 'Someone has joined and'} is reading what will be shared`, pulse: true };
    case 'active':
      return { tone: 'ok', text: 'Allowed: opening the page' };
    case 'ended':
      return { tone: 'danger', text: state.by === 'denied' ? 'The visitor chose not to share' : 'The session has ended' };
  }
}

/** The visitor's connection. `outside`: their page is none of the session's, so that nothing of it is shown. */
export function presenceSign(presence: Presence, outside = false): Sign {
  if (outside) return { tone: 'warn', text: 'Visitor is on a page outside the session' };
  switch (presence) {
    case 'none':
      return { tone: 'idle', text: 'Visitor is arriving', pulse: true };
    case 'here':
      return { tone: 'ok', text: 'Visitor is here' };
    case 'hidden':
      return { tone: 'warn', text: 'Visitor is in another tab' };
    case 'away':
      return { tone: 'warn', text: 'Visitor is offline', pulse: true };
  }
}

/** Who ended it, as a heading and a sentence. `own`: this agent pressed End here. */
export function endedWords(by: EndedBy, own: boolean): { title: string; text: string } {
  switch (by) {
    case 'visitor':
      return { title: 'The visitor ended the session', text: 'The page is no longer shared.' };
    case 'agent':
      return own
        ? { title: 'You ended the session', text: 'The page is no longer shared. The visitor can carry on with the site alone.' }
        : { title: 'An agent ended the session', text: 'The page is no longer shared. The visitor can carry on with the site alone.' };
    case 'denied':
      return { title: 'The visitor chose not to share', text: 'Nothing was shown. Ask again only if the visitor would like to.' };
    case 'expired':
      return { title: 'The session ran out', text: 'Nobody joined in time, the visitor stayed away, or the longest duration was reached.' };
    case 'shutdown':
      return { title: 'The server was stopped', text: 'Sessions end when the service restarts. You can start another as soon as it is back.' };
  }
}
