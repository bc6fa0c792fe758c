//! The control side's JSON requests and replies. Errors are [`ApiError`] with a fitting status.

use serde::{Deserialize, Serialize};

use super::agent::SessionState;
use super::people::{AccountRole, Mode, Priority, Role};

/// Why a request was refused. `code` is for programs, `message` for the person who asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ApiError {
    /// Stable word, such as `wrong-pin`.
    pub code: String,
    /// A sentence that says what happened and what to do.
    pub message: String,
}

/// `POST /api/sign-in`. Replies [`Me`] and sets the sign-in cookie.
#[derive(Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignIn {
    /// Account name.
    pub name: String,
    /// Password.
    pub password: String,
}

/// `GET /api/me`, for a signed-in agent.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Me {
    /// Name as visitors see it.
    pub name: String,
    /// What the account may do.
    pub role: AccountRole,
    /// Sites where a session may start.
    pub sites: Vec<SiteInfo>,
    /// What an administrator has to see to: `audit-failing`, the audit trail cannot be written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, ts(optional, as = "Option<Vec<String>>"))]
    pub warnings: Vec<String>,
}

/// A site as the console offers it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SiteInfo {
    /// Its name.
    pub name: String,
    /// The address that a session starts at, unless the agent names another.
    pub start: String,
    /// Modes that its rules have.
    pub modes: Vec<Mode>,
}

/// `POST /api/sessions`. Replies [`NewSession`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StartSession {
    /// Where the visitor lands: an allowlisted address.
    pub url: String,
    /// What agents may do.
    pub mode: Mode,
    /// Whose session is looked after first.
    #[serde(default)]
    #[cfg_attr(test, ts(optional, as = "Option<Priority>"))]
    pub priority: Priority,
}

/// A session's ways in, shown once to the agent who started it. Also the reply of `POST /api/sessions/{id}/pin`, which makes
/// a new PIN and link and voids the old ones.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct NewSession {
    /// Its identifier.
    pub id: String,
    /// Six digits.
    pub pin: String,
    /// The join page's address, to say where to type the PIN.
    pub join_url: String,
    /// The share link.
    pub link: String,
    /// Seconds until PIN and link expire.
    pub expires_in: u32,
}

/// `GET /api/sessions` (a list of these: what the agent takes part in, and for supervisors all) and `GET /api/sessions/{id}`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SessionInfo {
    /// Its identifier.
    pub id: String,
    /// The agent who leads it.
    pub agent: String,
    /// What the reader is in it. A supervisor takes part only once their view is open.
    pub role: Role,
    /// Name of the site.
    pub site: String,
    /// Whose session is looked after first.
    pub priority: Priority,
    /// Where it started.
    pub url: String,
    /// What agents may do.
    pub mode: Mode,
    /// Where it stands.
    pub state: SessionState,
    /// Seconds since it was started.
    pub age: u32,
}

/// `POST /api/sessions/{id}/viewer`: where the console's frame goes. Each call gives a capability of its own.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct ViewerAddress {
    /// Address of the viewer's page, with its capability in the path.
    pub url: String,
}

/// `POST /api/join`. Replies [`JoinOffer`] and sets the visitor's join cookie. `GET /api/join` gives the offer again to a
/// browser that holds the cookie (a reload of the consent page).
#[derive(Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "by", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Join {
    /// With the PIN that the agent read out.
    Pin {
        /// Six digits; white space is ignored.
        pin: String,
    },
    /// With the share link's token (`/join/{token}`).
    Link {
        /// From the address.
        token: String,
    },
}

/// Who asks, and what will be shared: what a visitor reads before choosing.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct JoinOffer {
    /// The agent's name.
    pub agent: String,
    /// The site's name.
    pub site: String,
    /// Host of the address where the visit starts.
    pub host: String,
    /// What the agent may do.
    pub mode: Mode,
    /// Modes that the site's rules have: the visitor may allow less than was asked for.
    pub modes: Vec<Mode>,
    /// Supervisors may look in without being named.
    pub silent_supervisor: bool,
}

/// `POST /api/join/allow`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Allow {
    /// What the visitor allows: what was asked for, or less.
    pub mode: Mode,
}

/// Reply of `POST /api/join/allow`: where the visitor's browser goes now, by posting an empty form from the join page. `POST /api/join/deny` replies 204.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Admitted {
    /// Address on the view origin, with a single-use ticket.
    pub url: String,
}

/// `POST /api/help`: a visitor asks for help on a page of a site. Replies [`HelpState`] and sets the visitor's join cookie.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AskHelp {
    /// The page: an allowlisted address.
    pub url: String,
}

/// `GET /api/help`, for a browser that holds the join cookie: how the request for help stands.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(tag = "state", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum HelpState {
    /// The visitor reads the code out; an agent enters it.
    Waiting {
        /// Session identifier: eight digits.
        code: String,
        /// Seconds until it expires.
        expires_in: u32,
        /// Name of the site.
        site: String,
    },
    /// An agent entered it: the offer is at `GET /api/join`.
    Taken,
    /// It expired.
    Expired,
}

/// `POST /api/help/take`: an agent enters a visitor's code. Replies [`SessionInfo`] of a session in which the visitor is being asked.
#[derive(Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TakeHelp {
    /// Eight digits; white space is ignored.
    pub code: String,
    /// What agents would like to do.
    pub mode: Mode,
}

/// `GET /api/colleagues` (a list of these): whom an agent may invite.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Colleague {
    /// Account name.
    pub name: String,
    /// What the account may do.
    pub role: AccountRole,
}
