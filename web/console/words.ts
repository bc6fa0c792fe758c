// What the console says about sessions, in one place.
import type { EndedBy, Presence, SessionState } from '../shared/protocol/agent';
import type { Mode } from '../shared/protocol/people';
import type { Tone } from '../shared/ui/tone';

/** A short line with a coloured dot. */
export interface Sign {
  tone: Tone;
  text: string;
  /** It is about something that goes on right now. */
  pulse?: boolean;
}

export const modeName: Record<Mode, string> = { 'view-only': 'View only', shared: 'Shared' };

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

/** The waiting room's status line. */
export function waitingSign(state: SessionState): Sign {
  switch (state.state) {
    case 'waiting':
      return { tone: 'idle', text: 'Nobody has joined yet', pulse: true };
    case 'asked':
      return { tone: 'warn', text: 'Someone has joined and is reading what will be shared', pulse: true };
    case 'active':
      return { tone: 'ok', text: 'Allowed: opening the page' };
    case 'ended':
      return { tone: 'danger', text: state.by === 'denied' ? 'The visitor chose not to share' : 'The session has ended' };
  }
}

/** The visitor's connection. */
export function presenceSign(presence: Presence): Sign {
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

/** Scheme-less host of an address, or the text as it is. */
export function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}

/** Path and query of an address, without a lonely slash. */
export function pathOf(url: string): string {
  try {
    const { pathname, search, hash } = new URL(url);
    const path = pathname + search + hash;
    return path === '/' ? '' : path;
  } catch {
    return '';
  }
}
