// What accounts may do, in words.
import type { AccountRole } from '../../shared/protocol/people';

export const ROLES: { value: AccountRole; title: string; text: string }[] = [
  { value: 'agent', title: 'Agent', text: 'Starts sessions and takes part in them.' },
  { value: 'supervisor', title: 'Supervisor', text: 'Also looks into others’ sessions.' },
  { value: 'admin', title: 'Administrator', text: 'Also changes rules and accounts, and reads the audit trail.' },
];

export const roleTitle = (role: AccountRole): string => ROLES.find(({ value }) => value === role)?.title ?? role;
