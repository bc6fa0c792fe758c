// Generated from src/protocol/api.rs by `UPDATE=1 cargo test protocol`.
import type { SessionState } from './agent';
import type { AccountRole, Mode, Priority, Role } from './people';

/**
 * Why a request was refused. `code` is for programs, `message` for the person who asked.
 */
export type ApiError = {
/**
 * Stable word, such as `wrong-pin`.
 */
code: string,
/**
 * A sentence that says what happened and what to do.
 */
message: string, };

/**
 * `POST /api/sign-in`. Replies [`Me`] and sets the sign-in cookie.
 */
export type SignIn = {
/**
 * Account name.
 */
name: string,
/**
 * Password.
 */
password: string, };

/**
 * `GET /api/me`, for a signed-in agent.
 */
export type Me = {
/**
 * Name as visitors see it.
 */
name: string,
/**
 * What the account may do.
 */
role: AccountRole,
/**
 * Sites where a session may start.
 */
sites: Array<SiteInfo>,
/**
 * What an administrator has to see to: `audit-failing`, the audit trail cannot be written.
 */
warnings?: Array<string>, };

/**
 * A site as the console offers it.
 */
export type SiteInfo = {
/**
 * Its name.
 */
name: string,
/**
 * The address that a session starts at, unless the agent names another.
 */
start: string,
/**
 * Modes that its rules have.
 */
modes: Array<Mode>, };

/**
 * `POST /api/sessions`. Replies [`NewSession`].
 */
export type StartSession = {
/**
 * Where the visitor lands: an allowlisted address.
 */
url: string,
/**
 * What agents may do.
 */
mode: Mode,
/**
 * Whose session is looked after first.
 */
priority?: Priority, };

/**
 * A session's ways in, shown once to the agent who started it. Also the reply of `POST /api/sessions/{id}/pin`, which makes
 * a new PIN and link and voids the old ones.
 */
export type NewSession = {
/**
 * Its identifier.
 */
id: string,
/**
 * Six digits.
 */
pin: string,
/**
 * The join page's address, to say where to type the PIN.
 */
joinUrl: string,
/**
 * The share link.
 */
link: string,
/**
 * Seconds until PIN and link expire.
 */
expiresIn: number, };

/**
 * `GET /api/sessions` (a list of these: what the agent takes part in, and for supervisors all) and `GET /api/sessions/{id}`.
 */
export type SessionInfo = {
/**
 * Its identifier.
 */
id: string,
/**
 * The agent who leads it.
 */
agent: string,
/**
 * What the reader is in it. A supervisor takes part only once their view is open.
 */
role: Role,
/**
 * Name of the site.
 */
site: string,
/**
 * Whose session is looked after first.
 */
priority: Priority,
/**
 * Where it started.
 */
url: string,
/**
 * What agents may do.
 */
mode: Mode,
/**
 * Where it stands.
 */
state: SessionState,
/**
 * Seconds since it was started.
 */
age: number, };

/**
 * `POST /api/sessions/{id}/viewer`: where the console's frame goes. Each call gives a capability of its own.
 */
export type ViewerAddress = {
/**
 * Address of the viewer's page, with its capability in the path.
 */
url: string, };

/**
 * `POST /api/join`. Replies [`JoinOffer`] and sets the visitor's join cookie. `GET /api/join` gives the offer again to a
 * browser that holds the cookie (a reload of the consent page).
 */
export type Join = { "by": "pin",
/**
 * Six digits; white space is ignored.
 */
pin: string, } | { "by": "link",
/**
 * From the address.
 */
token: string, };

/**
 * Who asks, and what will be shared: what a visitor reads before choosing.
 */
export type JoinOffer = {
/**
 * The agent's name.
 */
agent: string,
/**
 * The site's name.
 */
site: string,
/**
 * Host of the address where the visit starts.
 */
host: string,
/**
 * What the agent may do.
 */
mode: Mode,
/**
 * Modes that the site's rules have: the visitor may allow less than was asked for.
 */
modes: Array<Mode>,
/**
 * Supervisors may look in without being named.
 */
silentSupervisor: boolean, };

/**
 * `POST /api/join/allow`.
 */
export type Allow = {
/**
 * What the visitor allows: what was asked for, or less.
 */
mode: Mode, };

/**
 * Reply of `POST /api/join/allow`: where the visitor's browser goes now, by posting an empty form from the join page. `POST /api/join/deny` replies 204.
 */
export type Admitted = {
/**
 * Address on the view origin, with a single-use ticket.
 */
url: string, };

/**
 * `POST /api/help`: a visitor asks for help on a page of a site. Replies [`HelpState`] and sets the visitor's join cookie.
 */
export type AskHelp = {
/**
 * The page: an allowlisted address.
 */
url: string, };

/**
 * `GET /api/help`, for a browser that holds the join cookie: how the request for help stands.
 */
export type HelpState = { "state": "waiting",
/**
 * Session identifier: eight digits.
 */
code: string,
/**
 * Seconds until it expires.
 */
expiresIn: number,
/**
 * Name of the site.
 */
site: string, } | { "state": "taken" } | { "state": "expired" };

/**
 * `POST /api/help/take`: an agent enters a visitor's code. Replies [`SessionInfo`] of a session in which the visitor is being asked.
 */
export type TakeHelp = {
/**
 * Eight digits; white space is ignored.
 */
code: string,
/**
 * What agents would like to do.
 */
mode: Mode, };

/**
 * `GET /api/colleagues` (a list of these): whom an agent may invite.
 */
export type Colleague = {
/**
 * Account name.
 */
name: string,
/**
 * What the account may do.
 */
role: AccountRole, };
