//! The administration's JSON, below `/api/admin/` (role admin) and `/api/account/` (whoever is signed in). Errors are `ApiError` with a fitting status.

use serde::{Deserialize, Serialize};

use super::people::AccountRole;
use super::rules::{Fault, ReadyRule, SiteDraft};

/// `GET /api/admin/rules`: the rules that hold now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct CurrentRules {
    /// Number of the version, from 1; 0: they come from the configuration file, nothing was saved yet.
    pub version: u32,
    /// They may be changed here: the configuration does not say otherwise (`[rules] editable`).
    pub editable: bool,
    /// All sites, in their order.
    pub sites: Vec<SiteDraft>,
    /// What can be switched on.
    pub ready: Vec<ReadyRule>,
}

/// `POST /api/admin/rules/check`. Replies [`Checked`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckRules {
    /// All sites.
    pub sites: Vec<SiteDraft>,
}

/// What is wrong with rules; nothing: they can be saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Checked {
    /// In the order of the rules.
    pub faults: Vec<Fault>,
}

/// `POST /api/admin/rules`: saves and applies them. Replies [`SavedRules`]; 409 `outdated`: somebody saved meanwhile; 422 with [`Checked`]: something is wrong.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SaveRules {
    /// The version that was changed.
    pub base: u32,
    /// Why, for those who read the versions; may be empty.
    pub comment: String,
    /// All sites.
    pub sites: Vec<SiteDraft>,
}

/// A version was saved and holds, in running sessions, too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SavedRules {
    /// Its number.
    pub version: u32,
    /// Running sessions that go by it.
    pub sessions: u32,
}

/// `GET /api/admin/rules/versions`: all, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct RulesVersion {
    /// Its number.
    pub version: u32,
    /// Seconds since 1970.
    #[cfg_attr(test, ts(type = "number"))]
    pub at: i64,
    /// Name of the account that saved it; empty: it was taken from the configuration file.
    pub by: String,
    /// Why.
    pub comment: String,
    /// Lines that it added and took away, in the TOML of the version before.
    pub added: u32,
    /// See `added`.
    pub removed: u32,
}

/// `GET /api/admin/rules/versions/{version}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct RulesVersionDetail {
    /// The version.
    pub version: RulesVersion,
    /// Its sites.
    pub sites: Vec<SiteDraft>,
    /// Lines of TOML against the version before, with a few that are the same around each change.
    pub difference: Vec<DiffLine>,
}

/// A line of a difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct DiffLine {
    /// What happened to it.
    pub change: DiffChange,
    /// The line, without its end.
    pub text: String,
}

/// What happened to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum DiffChange {
    /// Nothing.
    Same,
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// Lines that are the same are left out here; the text is empty.
    Skipped,
}

/// `POST /api/admin/rules/versions/{version}/restore`: saves an old version's sites as a new one. Replies as [`SaveRules`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RestoreRules {
    /// The version that holds now, as the administrator knows it.
    pub base: u32,
}

/// `POST /api/admin/rules/import`: reads TOML (`[[site]]`, as in the configuration file and in `GET /api/admin/rules/export`) and saves nothing. Replies [`Imported`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ImportRules {
    /// The text.
    pub toml: String,
}

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Imported {
    /// Its sites, where it could be read.
    pub sites: Vec<SiteDraft>,
    /// What is wrong, with lines.
    pub faults: Vec<Fault>,
}

/// `POST /api/admin/rules/preview`: a page as a visitor and as an agent would see it by these rules. Replies [`Preview`]; 422 with [`Checked`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AskPreview {
    /// All sites.
    pub sites: Vec<SiteDraft>,
    /// Address of the page.
    pub url: String,
    /// The page, where it was pasted; none: it is fetched, by these rules, without cookies.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(test, ts(optional))]
    pub html: Option<String>,
}

/// Both sides of a preview: documents for frames without scripts, complete in themselves (styles and pictures within, nothing loads).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Preview {
    /// Address in the end, after redirects.
    pub url: String,
    /// Name of the site whose rules hold; none: no site covers the address.
    pub site: Option<String>,
    /// HTML as the visitor's browser shows it, but for scripts. Each place that differs carries `data-alongside-mark` with its number, on both sides.
    pub visitor: String,
    /// HTML as agents see it.
    pub agent: String,
    /// The places that differ, in document order; at most 500.
    pub marks: Vec<PreviewMark>,
    /// What could not be shown, for people, such as pictures that were too large.
    pub notes: Vec<String>,
}

/// A place where agents see something else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct PreviewMark {
    /// Where: several rules may do something at one place.
    pub place: u32,
    /// What happened.
    pub kind: PreviewKind,
    /// Which rule did it: its place below the site, such as `privacy.scrub.0`; empty: it always happens.
    pub rule: String,
    /// The element, as in `section.account > p`.
    pub element: String,
    /// Where a text is replaced: what agents see there, with the rest of its words; at most 60 characters.
    pub shows: String,
}

/// What happened to a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum PreviewKind {
    /// Dropped by the wash: it runs or loads something of its own.
    Washed,
    /// Not on the allowlist.
    Foreign,
    /// Its texts and values are stars.
    Masked,
    /// A box stands in its place.
    Hidden,
    /// A text in it is replaced.
    Scrubbed,
}

/// `GET /api/admin/accounts`: all, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct AccountInfo {
    /// Its number.
    #[cfg_attr(test, ts(type = "number"))]
    pub id: i64,
    /// Its name.
    pub name: String,
    /// What it may do.
    pub role: AccountRole,
    /// When it was made, in seconds since 1970.
    #[cfg_attr(test, ts(type = "number"))]
    pub created: i64,
    /// When it was used last; none: never.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub seen: Option<i64>,
    /// Until when unknown browsers cannot sign in, after too many wrong passwords.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub locked_until: Option<i64>,
    /// Where it is signed in.
    pub sign_ins: u32,
    /// It is the one that asks.
    pub own: bool,
}

/// `POST /api/admin/accounts`. Replies [`AccountInfo`].
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewAccount {
    /// Its name.
    pub name: String,
    /// Its first password.
    pub password: String,
    /// What it may do.
    pub role: AccountRole,
}

/// `POST /api/admin/accounts/{id}`: changes what is present. Replies [`AccountInfo`]. `DELETE` removes the account, `POST .../sign-out` ends its sign-ins,
/// `POST .../unlock` lifts its lock. The last administrator stays one.
#[derive(Clone, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ChangeAccount {
    /// What it may do from now on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<AccountRole>,
    /// Its password from now on; its sign-ins end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

/// `POST /api/account/password`: one's own. All other sign-ins of the account end.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangePassword {
    /// The password until now.
    pub old: String,
    /// The password from now on.
    pub new: String,
}

/// `GET /api/account/sign-ins`: one's own, the newest first. `DELETE /api/account/sign-ins/{id}` ends one, `POST /api/account/sign-out-everywhere` all, this one included.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct SignInInfo {
    /// Its number.
    #[cfg_attr(test, ts(type = "number"))]
    pub id: i64,
    /// Since when, in seconds since 1970.
    #[cfg_attr(test, ts(type = "number"))]
    pub since: i64,
    /// When it was used last.
    #[cfg_attr(test, ts(type = "number"))]
    pub seen: i64,
    /// Browser and system, such as `Chromium on Linux`.
    pub device: String,
    /// Address that it came from.
    pub address: String,
    /// It is the one that asks.
    pub current: bool,
}

/// `GET /api/admin/audit?before=&limit=&session=&who=&what=`: the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct AuditPage {
    /// The entries asked for.
    pub entries: Vec<AuditEntry>,
    /// There are older ones.
    pub more: bool,
    /// The whole chain holds: no entry was changed or taken out.
    pub whole: bool,
    /// Newer ones wait, for the store cannot be written.
    pub failing: bool,
}

/// Something that somebody did. No content of a page is ever in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(optional_fields))]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// Its number, from 1, without gaps.
    #[cfg_attr(test, ts(type = "number"))]
    pub seq: i64,
    /// When, in milliseconds since 1970.
    #[cfg_attr(test, ts(type = "number"))]
    pub at: i64,
    /// What, such as `session-started`.
    pub what: String,
    /// Name of the account; `visitor`; empty: the server.
    pub who: String,
    /// The session that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// What it was done to or with, such as a site's name, another account or a kind of act.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    #[cfg_attr(test, ts(optional, as = "Option<String>"))]
    pub about: String,
    /// How often, where several of a kind are one entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// SHA-256, in hexadecimal, of the hash before it and this entry.
    pub hash: String,
}
