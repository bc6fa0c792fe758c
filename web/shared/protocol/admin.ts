// Generated from src/protocol/admin.rs by `UPDATE=1 cargo test protocol`.
import type { AccountRole } from './people';
import type { Fault, ReadyRule, SiteDraft } from './rules';

/**
 * `GET /api/admin/rules`: the rules that hold now.
 */
export type CurrentRules = {
/**
 * Number of the version, from 1; 0: they come from the configuration file, nothing was saved yet.
 */
version: number,
/**
 * They may be changed here: the configuration does not say otherwise (`[rules] editable`).
 */
editable: boolean,
/**
 * All sites, in their order.
 */
sites: Array<SiteDraft>,
/**
 * What can be switched on.
 */
ready: Array<ReadyRule>, };

/**
 * `POST /api/admin/rules/check`. Replies [`Checked`].
 */
export type CheckRules = {
/**
 * All sites.
 */
sites: Array<SiteDraft>, };

/**
 * What is wrong with rules; nothing: they can be saved.
 */
export type Checked = {
/**
 * In the order of the rules.
 */
faults: Array<Fault>, };

/**
 * `POST /api/admin/rules`: saves and applies them. Replies [`SavedRules`]; 409 `outdated`: somebody saved meanwhile; 422 with [`Checked`]: something is wrong.
 */
export type SaveRules = {
/**
 * The version that was changed.
 */
base: number,
/**
 * Why, for those who read the versions; may be empty.
 */
comment: string,
/**
 * All sites.
 */
sites: Array<SiteDraft>, };

/**
 * A version was saved and holds, in running sessions, too.
 */
export type SavedRules = {
/**
 * Its number.
 */
version: number,
/**
 * Running sessions that go by it.
 */
sessions: number, };

/**
 * `GET /api/admin/rules/versions`: all, the newest first.
 */
export type RulesVersion = {
/**
 * Its number.
 */
version: number,
/**
 * Seconds since 1970.
 */
at: number,
/**
 * Name of the account that saved it; empty: it was taken from the configuration file.
 */
by: string,
/**
 * Why.
 */
comment: string,
/**
 * Lines that it added and took away, in the TOML of the version before.
 */
added: number,
/**
 * See `added`.
 */
removed: number, };

/**
 * `GET /api/admin/rules/versions/{version}`.
 */
export type RulesVersionDetail = {
/**
 * The version.
 */
version: RulesVersion,
/**
 * Its sites.
 */
sites: Array<SiteDraft>,
/**
 * Lines of TOML against the version before, with a few that are the same around each change.
 */
difference: Array<DiffLine>, };

/**
 * A line of a difference.
 */
export type DiffLine = {
/**
 * What happened to it.
 */
change: DiffChange,
/**
 * The line, without its end.
 */
text: string, };

/**
 * What happened to a line.
 */
export type DiffChange = "same" | "added" | "removed" | "skipped";

/**
 * `POST /api/admin/rules/versions/{version}/restore`: saves an old version's sites as a new one. Replies as [`SaveRules`].
 */
export type RestoreRules = {
/**
 * The version that holds now, as the administrator knows it.
 */
base: number, };

/**
 * `POST /api/admin/rules/import`: reads TOML (`[[site]]`, as in the configuration file and in `GET /api/admin/rules/export`) and saves nothing. Replies [`Imported`].
 */
export type ImportRules = {
/**
 * The text.
 */
toml: string, };

/**
 * What was read.
 */
export type Imported = {
/**
 * Its sites, where it could be read.
 */
sites: Array<SiteDraft>,
/**
 * What is wrong, with lines.
 */
faults: Array<Fault>, };

/**
 * `POST /api/admin/rules/preview`: a page as a visitor and as an agent would see it by these rules. Replies [`Preview`]; 422 with [`Checked`].
 */
export type AskPreview = {
/**
 * All sites.
 */
sites: Array<SiteDraft>,
/**
 * Address of the page.
 */
url: string,
/**
 * The page, where it was pasted; none: it is fetched, by these rules, without cookies.
 */
html?: string, };

/**
 * Both sides of a preview: documents for frames without scripts, complete in themselves (styles and pictures within, nothing loads).
 */
export type Preview = {
/**
 * Address in the end, after redirects.
 */
url: string,
/**
 * Name of the site whose rules hold; none: no site covers the address.
 */
site: string | null,
/**
 * HTML as the visitor's browser shows it, but for scripts. Each place that differs carries `data-alongside-mark` with its number, on both sides.
 */
visitor: string,
/**
 * HTML as agents see it.
 */
agent: string,
/**
 * The places that differ, in document order; at most 500.
 */
marks: Array<PreviewMark>,
/**
 * What could not be shown, for people, such as pictures that were too large.
 */
notes: Array<string>, };

/**
 * A place where agents see something else.
 */
export type PreviewMark = {
/**
 * Where: several rules may do something at one place.
 */
place: number,
/**
 * What happened.
 */
kind: PreviewKind,
/**
 * Which rule did it: its place below the site, such as `privacy.scrub.0`; empty: it always happens.
 */
rule: string,
/**
 * The element, as in `section.account > p`.
 */
element: string,
/**
 * Where a text is replaced: what agents see there, with the rest of its words; at most 60 characters.
 */
shows: string, };

/**
 * What happened to a place.
 */
export type PreviewKind = "washed" | "foreign" | "masked" | "hidden" | "scrubbed";

/**
 * `GET /api/admin/accounts`: all, by name.
 */
export type AccountInfo = {
/**
 * Its number.
 */
id: number,
/**
 * Its name.
 */
name: string,
/**
 * What it may do.
 */
role: AccountRole,
/**
 * When it was made, in seconds since 1970.
 */
created: number,
/**
 * When it was used last; none: never.
 */
seen: number | null,
/**
 * Until when unknown browsers cannot sign in, after too many wrong passwords.
 */
lockedUntil: number | null,
/**
 * Where it is signed in.
 */
signIns: number,
/**
 * It is the one that asks.
 */
own: boolean, };

/**
 * `POST /api/admin/accounts`. Replies [`AccountInfo`].
 */
export type NewAccount = {
/**
 * Its name.
 */
name: string,
/**
 * Its first password.
 */
password: string,
/**
 * What it may do.
 */
role: AccountRole, };

/**
 * `POST /api/admin/accounts/{id}`: changes what is present. Replies [`AccountInfo`]. `DELETE` removes the account, `POST .../sign-out` ends its sign-ins,
 * `POST .../unlock` lifts its lock. The last administrator stays one.
 */
export type ChangeAccount = {
/**
 * What it may do from now on.
 */
role?: AccountRole,
/**
 * Its password from now on; its sign-ins end.
 */
password?: string, };

/**
 * `POST /api/account/password`: one's own. All other sign-ins of the account end.
 */
export type ChangePassword = {
/**
 * The password until now.
 */
old: string,
/**
 * The password from now on.
 */
new: string, };

/**
 * `GET /api/account/sign-ins`: one's own, the newest first. `DELETE /api/account/sign-ins/{id}` ends one, `POST /api/account/sign-out-everywhere` all, this one included.
 */
export type SignInInfo = {
/**
 * Its number.
 */
id: number,
/**
 * Since when, in seconds since 1970.
 */
since: number,
/**
 * When it was used last.
 */
seen: number,
/**
 * Browser and system, such as `Chromium on Linux`.
 */
device: string,
/**
 * Address that it came from.
 */
address: string,
/**
 * It is the one that asks.
 */
current: boolean, };

/**
 * `GET /api/admin/audit?before=&limit=&session=&who=&what=`: the newest first.
 */
export type AuditPage = {
/**
 * The entries asked for.
 */
entries: Array<AuditEntry>,
/**
 * There are older ones.
 */
more: boolean,
/**
 * The whole chain holds: no entry was changed or taken out.
 */
whole: boolean,
/**
 * Newer ones wait, for the store cannot be written.
 */
failing: boolean, };

/**
 * Something that somebody did. No content of a page is ever in it.
 */
export type AuditEntry = {
/**
 * Its number, from 1, without gaps.
 */
seq: number,
/**
 * When, in milliseconds since 1970.
 */
at: number,
/**
 * What, such as `session-started`.
 */
what: string,
/**
 * Name of the account; `visitor`; empty: the server.
 */
who: string,
/**
 * The session that it is about.
 */
session?: string,
/**
 * What it was done to or with, such as a site's name, another account or a kind of act.
 */
about?: string,
/**
 * How often, where several of a kind are one entry.
 */
times?: number,
/**
 * SHA-256, in hexadecimal, of the hash before it and this entry.
 */
hash: string, };
