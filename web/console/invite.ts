// A session's ways in, as the waiting room shows and sends them.
import type { NewSession } from '../shared/protocol/api';
import { groupPin } from '../shared/pin';

/** PIN and link of a session, until they expire. */
export interface Invite {
  pin: string;
  joinUrl: string;
  link: string;
  /** When they expire, in milliseconds since 1970. */
  expiresAt: number;
}

/** What the server gave, with its expiry on this machine's clock. */
export function inviteOf(made: NewSession, now: number): Invite {
  return { pin: made.pin, joinUrl: made.joinUrl, link: made.link, expiresAt: now + made.expiresIn * 1000 };
}

/** Whole seconds that are left, never below 0. */
export function secondsLeft(invite: Invite, now: number): number {
  return Math.max(0, Math.ceil((invite.expiresAt - now) / 1000));
}

/** An address without its scheme, as one says it. */
export function spokenAddress(url: string): string {
  return url.replace(/^https?:\/\//, '').replace(/\/$/, '');
}

const minutes = (seconds: number): string => {
  const whole = Math.max(1, Math.floor(seconds / 60));
  return whole === 1 ? '1 minute' : `${whole} minutes`;
};

/** A `mailto:` address that opens a finished e-mail. */
export function mailto(invite: Invite, agent: string, now: number): string {
  const lines = [
    'Hello,',
    '',
    'open this link, and we can look at the website together:',
    invite.link,
    '',
    `Or go to ${invite.joinUrl} and enter the PIN ${groupPin(invite.pin)}.`,
    '',
    `You decide before anything is shared, and you can stop at any time. The link works once, for ${minutes(secondsLeft(invite, now))}.`,
    '',
    agent,
  ];
  return `mailto:?subject=${encodeURIComponent('Let us look at it together')}&body=${encodeURIComponent(lines.join('\r\n'))}`;
}

/** An `sms:` address that opens a finished text message. `?&` is what both iOS and Android read. */
export function sms(invite: Invite, agent: string): string {
  const text = `${agent} would like to look at the website with you: ${invite.link} (PIN ${groupPin(invite.pin)})`;
  return `sms:?&body=${encodeURIComponent(text)}`;
}

/** Keeps invites over reloads of this tab, since the server shows them only once. */
export class InviteShelf {
  constructor(private readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>) {}

  put(id: string, invite: Invite): void {
    this.storage.setItem(this.#key(id), JSON.stringify(invite));
  }

  /** The invite, unless it has expired. */
  get(id: string, now: number): Invite | null {
    const text = this.storage.getItem(this.#key(id));
    const invite = text === null ? null : parseInvite(text);
    if (invite && secondsLeft(invite, now) > 0) return invite;
    this.drop(id);
    return null;
  }

  drop(id: string): void {
    this.storage.removeItem(this.#key(id));
  }

  #key(id: string): string {
    return `alongside.invite.${id}`;
  }
}

function parseInvite(text: string): Invite | null {
  try {
    const value = JSON.parse(text) as Partial<Invite> | null;
    const { pin, joinUrl, link, expiresAt } = value ?? {};
    if (typeof pin !== 'string' || typeof joinUrl !== 'string' || typeof link !== 'string' || typeof expiresAt !== 'number') return null;
    return { pin, joinUrl, link, expiresAt };
  } catch {
    return null;
  }
}

/** The digits of a code as somebody typed it. */
export function codeDigits(typed: string): string {
  return typed.replace(/\D/g, '');
}

/** A code in groups of four, as it is read out; what has no digits stays. */
export function groupCode(typed: string): string {
  return codeDigits(typed).replace(/(\d{4})(?=\d)/g, '$1 ') || typed.trim();
}
