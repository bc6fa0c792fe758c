// What entries of the audit trail say, for people. Kinds are those of `session::trail::What`.

export const KINDS: Record<string, string> = {
  'session-started': 'Session started',
  'session-asked': 'Visitor asked',
  'session-allowed': 'Visitor allowed it',
  'session-denied': 'Visitor denied it',
  'session-ended': 'Session ended',
  'help-taken': 'Visitor’s code taken',
  'agent-joined': 'Sees the page',
  'agent-left': 'Sees the page no more',
  acted: 'Acted on the page',
  'mode-changed': 'Mode changed',
  'way-changed': 'Shown in another way',
  'note-placed': 'Put on the page',
  invited: 'Colleague invited',
  'handed-over': 'Lead handed over',
  removed: 'Taken out of the session',
  'rules-saved': 'Rules saved',
  'rules-restored': 'Rules restored',
  'page-fetched': 'Page fetched for a preview',
  'account-added': 'Account added',
  'account-removed': 'Account removed',
  'account-role': 'Role changed',
  'account-password': 'Password changed',
  'account-signed-out': 'Signed out everywhere',
  'account-unlocked': 'Account unlocked',
  'sign-in': 'Signed in',
  'sign-in-failed': 'Wrong password',
  'sign-in-locked': 'Locked after wrong passwords',
  'sign-out': 'Signed out',
  'audit-exported': 'Audit trail exported',
  'audit-pruned': 'Old entries taken out',
  'audit-sealed': 'Audit trail sealed anew',
  'audit-broken': 'Audit trail broken',
  'audit-lost': 'Entries lost',
};

/** A kind that is not known here is told by its own name. */
export function whatWords(what: string): string {
  return KINDS[what] ?? what.replaceAll('-', ' ');
}

export function whoWords(who: string): string {
  if (who === '') return 'The server';
  return who === 'visitor' ? 'Visitor' : who;
}
