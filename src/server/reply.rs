//! Replies of our own: headers that all of them carry, and every refusal with its status and words.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, REFERRER_POLICY, RETRY_AFTER,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue, StatusCode};

use super::admin::NoPage;
use super::rulebook::RulebookError;
use super::stills::NoStill;
use crate::policy::Refused;
use crate::protocol::act::Denial;
use crate::protocol::api::ApiError;
use crate::session::help::HelpError;
use crate::session::pin::Paused;
use crate::session::token::NoRandomness;
use crate::session::{CreateError, JoinError};
use crate::store::{Locked, StoreError};
use crate::upstream::UpstreamError;

/// Why a request to the control side is refused.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    #[error("not signed in")]
    SignedOut,
    #[error("wrong name or password")]
    WrongPassword,
    #[error("too many wrong passwords")]
    PasswordsPaused,
    #[error("too many wrong passwords for this name")]
    Locked(Locked),
    #[error("no such account")]
    NoAccount,
    #[error("no such sign-in")]
    NoSignIn,
    #[error("the old password is wrong")]
    WrongOldPassword,
    #[error("not an administrator")]
    NotAdministrator,
    #[error("another site sent the request")]
    CrossSite,
    #[error("the request cannot be read")]
    BadRequest,
    #[error("no such address")]
    NotFound,
    #[error("no such session of this agent")]
    NoSession,
    #[error("the session has ended")]
    Ended,
    #[error("not a join cookie")]
    NotJoining,
    #[error("not to be opened: {0}")]
    Address(#[from] Refused),
    #[error("cannot be started: {0}")]
    Create(#[from] CreateError),
    #[error("cannot be joined: {0}")]
    Join(#[from] JoinError),
    #[error("not to be done: {0}")]
    Denied(#[from] Denial),
    #[error("no help: {0}")]
    Help(#[from] HelpError),
    #[error("not a WebSocket request")]
    NoWebSocket,
    #[error("no preview: {0}")]
    Preview(#[from] NoPage),
    #[error("no still: {0}")]
    Still(#[from] NoStill),
    #[error("rules: {0}")]
    Rules(RulebookError),
    #[error("the store: {0}")]
    Store(#[from] StoreError),
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

impl Refusal {
    /// Status, stable word, and a sentence for the person who asked.
    fn parts(&self) -> (StatusCode, &'static str, &'static str) {
        use StatusCode as S;
        match self {
            Self::SignedOut => (S::UNAUTHORIZED, "signed-out", "You are not signed in. Sign in and try again."),
            Self::WrongPassword => (
                S::UNAUTHORIZED,
                "wrong-password",
                "Name and password do not belong together. Check both and try again.",
            ),
            Self::PasswordsPaused => {
                (S::TOO_MANY_REQUESTS, "paused", "There were too many wrong passwords. Wait ten minutes and try again.")
            }
            Self::Locked(_) => (
                S::TOO_MANY_REQUESTS,
                "locked",
                "There were too many wrong passwords for this name. Wait 15 minutes, or use a browser that you have signed in with before.",
            ),
            Self::NoAccount => (S::NOT_FOUND, "no-account", "There is no such account any more. Reload the page."),
            Self::NoSignIn => (S::NOT_FOUND, "no-sign-in", "This sign-in is over already."),
            Self::WrongOldPassword => {
                (S::FORBIDDEN, "wrong-password", "The old password is wrong. Check it and try again.")
            }
            Self::Store(StoreError::NameTaken) => {
                (S::CONFLICT, "name-taken", "There is an account of this name already.")
            }
            Self::Store(StoreError::LastAdministrator) => (
                S::CONFLICT,
                "last-administrator",
                "This is the last administrator. Make another account an administrator first.",
            ),
            Self::Store(StoreError::BadName) => (
                S::UNPROCESSABLE_ENTITY,
                "bad-name",
                "A name has 1 to 60 characters, none of them invisible, and is not \"visitor\".",
            ),
            Self::Store(StoreError::BadPassword) => {
                (S::UNPROCESSABLE_ENTITY, "bad-password", "A password has 10 characters or more.")
            }
            Self::NotAdministrator => {
                (S::FORBIDDEN, "not-allowed", "Only administrators can do this. Ask one, or sign in as one.")
            }
            Self::CrossSite => {
                (S::FORBIDDEN, "cross-site", "The request did not come from this site. Reload the page and try again.")
            }
            Self::BadRequest => {
                (S::BAD_REQUEST, "bad-request", "The request cannot be read. Reload the page and try again.")
            }
            Self::NotFound => (S::NOT_FOUND, "not-found", "There is nothing at this address."),
            Self::NoSession => (S::NOT_FOUND, "no-session", "There is no such session of yours."),
            Self::Ended => (S::GONE, "ended", "The session has ended."),
            Self::NotJoining => (S::NOT_FOUND, "not-joining", "Type the PIN, or open the link that you were given."),
            Self::Address(Refused::Scheme) => (
                S::UNPROCESSABLE_ENTITY,
                "not-allowed",
                "Only addresses that begin with http:// or https:// can be opened.",
            ),
            Self::Address(Refused::UserInfo) => {
                (S::UNPROCESSABLE_ENTITY, "not-allowed", "Leave the user name and password out of the address.")
            }
            Self::Address(Refused::NotListed) => {
                (S::UNPROCESSABLE_ENTITY, "not-allowed", "This address is not on the allowlist.")
            }
            Self::Create(CreateError::TooMany) => {
                (S::SERVICE_UNAVAILABLE, "too-many", "Too many sessions are running. Try again later.")
            }
            Self::Create(CreateError::TooManyOfAgent) => {
                (S::CONFLICT, "too-many-of-agent", "You have too many sessions running. End one and try again.")
            }
            Self::Create(CreateError::NotWaiting) => {
                (S::CONFLICT, "not-waiting", "The visitor is in already, or the session has ended.")
            }
            Self::Join(JoinError::WrongPin) => (
                S::FORBIDDEN,
                "wrong-pin",
                "This PIN does not work. Check the digits, or ask for a new one: a PIN works once and for a short time.",
            ),
            Self::Join(JoinError::WrongLink) => (
                S::FORBIDDEN,
                "wrong-link",
                "This link does not work any more. Ask for a new one: a link works once and for a short time.",
            ),
            Self::Join(JoinError::Paused(Paused::Source)) => {
                (S::TOO_MANY_REQUESTS, "paused", "There were too many wrong PINs. Wait ten minutes, or ask for a link.")
            }
            Self::Join(JoinError::Paused(Paused::Everywhere)) => (
                S::TOO_MANY_REQUESTS,
                "paused",
                "Too many PINs are being tried just now. Wait a moment, or ask for a link.",
            ),
            Self::Denied(Denial::Inactive) => {
                (S::CONFLICT, "inactive", "This cannot be done now: see how the session stands.")
            }
            Self::Denied(Denial::Role) => (S::FORBIDDEN, "role", "Only the agent who leads the session can do this."),
            Self::Denied(_) => (S::FORBIDDEN, "rule", "The rules of this site do not allow this."),
            Self::Help(HelpError::TooMany) => (
                S::TOO_MANY_REQUESTS,
                "too-many-requests",
                "Help was asked for too often from here. Wait a while, or ask for a link.",
            ),
            Self::Help(HelpError::WrongCode) => (
                S::FORBIDDEN,
                "wrong-code",
                "This code does not work. Check the digits, or ask for a new one: a code works once and for ten minutes.",
            ),
            Self::Help(HelpError::Paused) => {
                (S::TOO_MANY_REQUESTS, "paused", "There were too many wrong codes. Wait ten minutes and try again.")
            }
            Self::Rules(RulebookError::NotEditable) => (
                S::FORBIDDEN,
                "not-editable",
                "Rules are changed in the configuration file alone: it says so ([rules] editable).",
            ),
            Self::Rules(RulebookError::Outdated) => (
                S::CONFLICT,
                "outdated",
                "Somebody saved other rules meanwhile. Look at what they changed, then save again.",
            ),
            Self::Rules(RulebookError::NoVersion) => {
                (S::NOT_FOUND, "no-version", "There is no such version of the rules.")
            }
            Self::Rules(RulebookError::Wrong(_)) => {
                (S::UNPROCESSABLE_ENTITY, "wrong", "Something in the rules is wrong. Check them.")
            }
            Self::Preview(why) => (S::UNPROCESSABLE_ENTITY, "no-page", no_page(why)),
            Self::Still(NoStill::Away) => (S::CONFLICT, "no-still", "There is no picture of the page at the moment."),
            Self::Still(NoStill::Undecided) => (
                S::SERVICE_UNAVAILABLE,
                "still-undecided",
                "What of the page may be shown could not be told in time. Try again.",
            ),
            Self::NoWebSocket => (S::UPGRADE_REQUIRED, "no-web-socket", "This address is for a WebSocket."),
            Self::Create(CreateError::NoRandomness(_))
            | Self::Join(JoinError::NoRandomness(_))
            | Self::Help(HelpError::NoRandomness(_))
            | Self::Rules(RulebookError::Stored { .. } | RulebookError::Store(_) | RulebookError::Unchecked)
            | Self::Store(_)
            | Self::NoRandomness(_) => {
                (S::INTERNAL_SERVER_ERROR, "internal", "The server has a problem of its own. Try again in a moment.")
            }
        }
    }
}

/// Why a page cannot be previewed, for the administrator.
fn no_page(why: &NoPage) -> &'static str {
    match why {
        NoPage::Refused(Refused::NotListed) => {
            "This page, or one that it leads to, is not on the allowlist of these rules. List it in a site's pages, or paste the page."
        }
        NoPage::Refused(_) => "The page leads to an address that cannot be opened.",
        NoPage::Upstream(UpstreamError::NotAllowedAddress) => {
            "The page's host is in a private network. Name the network in the site's networks, if that is right."
        }
        NoPage::Upstream(UpstreamError::NoSuchHost) => "There is no such host. Check the address.",
        NoPage::Upstream(UpstreamError::Refused) => "The host does not accept connections.",
        NoPage::Upstream(UpstreamError::TimedOut) => "The page did not come in time. Try again, or paste it.",
        NoPage::Upstream(UpstreamError::Tls(_)) => "No secure connection to the host can be made.",
        NoPage::Upstream(UpstreamError::Protocol) => "The host's answer cannot be read. Paste the page instead.",
        NoPage::Upstream(UpstreamError::TooLarge) | NoPage::TooLarge => "The page is too large for a preview.",
        NoPage::Redirects => "The page leads from one address to the next without end.",
        NoPage::NotHtml => "There is something else than an HTML page at this address.",
    }
}

impl From<RulebookError> for Refusal {
    fn from(error: RulebookError) -> Self {
        match error {
            RulebookError::Store(error) => Self::Store(error),
            error => Self::Rules(error),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (status, code, message) = self.parts();
        if status.is_server_error() {
            tracing::error!(error = %self, "a request failed");
        }
        let mut response =
            (status, Json(ApiError { code: code.to_owned(), message: message.to_owned() })).into_response();
        if status == StatusCode::TOO_MANY_REQUESTS {
            let seconds = if let Self::Locked(Locked { left }) = self { left.as_secs() } else { 60 };
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UPGRADE_REQUIRED {
            response.headers_mut().insert(http::header::UPGRADE, HeaderValue::from_static("websocket"));
        }
        response
    }
}

/// Headers that every reply of ours carries.
pub(super) fn secure(headers: &mut HeaderMap) {
    for (name, value) in [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    let resources = HeaderName::from_static("cross-origin-resource-policy");
    headers.entry(resources).or_insert(HeaderValue::from_static("same-origin"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers
        .entry(CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; base-uri 'none'"));
}

/// A line of text for a person.
pub(super) fn line(status: StatusCode, text: &'static str) -> http::Response<crate::upstream::Body> {
    let mut response = http::Response::new(crate::upstream::body::full(text));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    secure(response.headers_mut());
    response
}
