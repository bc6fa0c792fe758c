// What an agent reads when a request was not done: one short sentence each, the same in the view and around it.
import type { Denial } from './protocol/act';

export const denialWords: Record<Denial, string> = {
  inactive: 'The session is not shared now.',
  role: 'Only the agent who leads can do that.',
  mode: 'The session is view-only now.',
  rule: 'The rules of this site do not allow that.',
  address: 'That address is not on the allowlist.',
  masked: 'That field is private to the visitor.',
  locked: 'Someone is typing there.',
  conflict: 'The visitor just did something there. Look again.',
  gone: 'That is not on the page any more.',
  unfit: 'That cannot be done there.',
  declined: 'The visitor said no.',
  unanswered: 'The visitor did not answer.',
  away: 'The visitor is offline.',
  unavailable: 'The server does not offer that now.',
  'too-much': 'Too much at once. Try again in a moment.',
};
