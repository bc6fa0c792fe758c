// The administration's calls, and those about one's own account. Every call either gives its reply or throws a `Problem`.
import { read, send, type Problem } from './api';
import type {
  AccountInfo,
  AskPreview,
  AuditPage,
  ChangeAccount,
  ChangePassword,
  Checked,
  CheckRules,
  CurrentRules,
  Imported,
  ImportRules,
  NewAccount,
  Preview,
  RestoreRules,
  RulesVersion,
  RulesVersionDetail,
  SavedRules,
  SaveRules,
  SignInInfo,
} from './protocol/admin';
import type { Fault } from './protocol/rules';

const RULES = '/api/admin/rules';
const account = (id: number): string => `/api/admin/accounts/${id}`;

/** Which entries of the audit trail are asked for; what is empty does not matter. */
export interface AuditQuery {
  who: string;
  what: string;
  session: string;
  /** Entries below this number. */
  before?: number;
  limit?: number;
}

/** The query part of an address of the audit trail. */
export function auditQuery(query: Partial<AuditQuery>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined && value !== '') params.set(key, `${value}`);
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** The rules of all sites. */
export const rulebook = {
  current: () => read<CurrentRules>('GET', RULES),
  check: (body: CheckRules) => read<Checked>('POST', `${RULES}/check`, body),
  save: (body: SaveRules) => read<SavedRules>('POST', RULES, body),
  preview: (body: AskPreview) => read<Preview>('POST', `${RULES}/preview`, body),
  versions: () => read<RulesVersion[]>('GET', `${RULES}/versions`),
  version: (version: number) => read<RulesVersionDetail>('GET', `${RULES}/versions/${version}`),
  restore: (version: number, body: RestoreRules) => read<SavedRules>('POST', `${RULES}/versions/${version}/restore`, body),
  importToml: (body: ImportRules) => read<Imported>('POST', `${RULES}/import`, body),
  /** Where the rules can be downloaded from, as TOML. */
  exportAddress: `${RULES}/export`,
};

/** Everybody's accounts. */
export const accounts = {
  all: () => read<AccountInfo[]>('GET', '/api/admin/accounts'),
  add: (body: NewAccount) => read<AccountInfo>('POST', '/api/admin/accounts', body),
  change: (id: number, body: ChangeAccount) => read<AccountInfo>('POST', account(id), body),
  remove: (id: number) => send('DELETE', account(id)),
  signOut: (id: number) => send('POST', `${account(id)}/sign-out`),
  unlock: (id: number) => send('POST', `${account(id)}/unlock`),
};

/** The audit trail. */
export const audit = {
  page: (query: Partial<AuditQuery>) => read<AuditPage>('GET', `/api/admin/audit${auditQuery(query)}`),
  /** Where it can be downloaded from. */
  exportAddress: '/api/admin/audit/export',
};

/** One's own account. */
export const own = {
  password: (body: ChangePassword) => send('POST', '/api/account/password', body),
  signIns: () => read<SignInInfo[]>('GET', '/api/account/sign-ins'),
  end: (id: number) => send('DELETE', `/api/account/sign-ins/${id}`),
  signOutEverywhere: () => send('POST', '/api/account/sign-out-everywhere'),
};

/** What the server found wrong with rules that it refused; null: it refused for another reason. */
export function faultsOf({ status, body }: Problem): Fault[] | null {
  if (status !== 422 || typeof body !== 'object' || body === null || !('faults' in body)) return null;
  return Array.isArray(body.faults) ? (body.faults as Fault[]) : null;
}
