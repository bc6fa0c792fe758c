//! Signing in and out, and who a request to the control side comes from.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Extension, FromRequestParts, State as Shared};
use axum::response::{AppendHeaders, IntoResponse, Response};
use axum::{Json, Router, routing};
use http::header::{SET_COOKIE, USER_AGENT};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};

use super::State;
use super::control::Body;
use super::device::device;
use super::listen::Peer;
use super::reply::Refusal;
use crate::protocol::api::{Colleague, Me, SignIn, SiteInfo};
use crate::protocol::people::AccountRole;
use crate::session::Agent;
use crate::session::ticket::cookies;
use crate::session::token::Secret;
use crate::session::trail::{Deed, What};
use crate::store::{Account, SignInId, Whence};

/// Name of the sign-in cookie.
const COOKIE: &str = "__Host-alongside";
/// Name of the cookie by which accounts know a browser that has signed in before.
const DEVICE: &str = "__Host-alongside-device";
/// What administrators are warned of: entries of the audit trail cannot be written.
const AUDIT_FAILING: &str = "audit-failing";
/// How long a browser is known: as long as browsers keep a cookie at most.
const KNOWN: Duration = Duration::from_secs(400 * 24 * 3600);

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/api/sign-in", routing::post(sign_in))
        .route("/api/sign-out", routing::post(sign_out))
        .route("/api/me", routing::get(me))
        .route("/api/colleagues", routing::get(colleagues))
}

/// The agent who sent a request.
pub(super) struct SignedIn(pub(super) Account);

impl FromRequestParts<Arc<State>> for SignedIn {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<State>) -> Result<Self, Refusal> {
        Here::from_request_parts(parts, state).await.map(|Here { account, .. }| Self(account))
    }
}

/// The agent who sent a request, and the sign-in that it came with.
pub(super) struct Here {
    pub(super) account: Account,
    pub(super) sign_in: SignInId,
}

impl FromRequestParts<Arc<State>> for Here {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<State>) -> Result<Self, Refusal> {
        let Some(token) = token(&parts.headers) else { return Err(Refusal::SignedOut) };
        let found = state.store.signed_in_as(token).await?;
        found.map(|(account, sign_in)| Self { account, sign_in }).ok_or(Refusal::SignedOut)
    }
}

/// The administrator who sent a request.
pub(super) struct Administrator(pub(super) Account);

impl FromRequestParts<Arc<State>> for Administrator {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &Arc<State>) -> Result<Self, Refusal> {
        let SignedIn(account) = SignedIn::from_request_parts(parts, state).await?;
        if account.role == AccountRole::Admin { Ok(Self(account)) } else { Err(Refusal::NotAdministrator) }
    }
}

/// An account, as sessions know it.
pub(super) fn agent(account: Account) -> Agent {
    Agent { account: account.id, name: account.name, role: account.role }
}

/// The sign-in token that a request carries.
pub(super) fn token(headers: &HeaderMap) -> Option<&str> {
    cookies(headers).find(|(name, _)| *name == COOKIE).map(|(_, value)| value)
}

async fn sign_in(
    Shared(state): Shared<Arc<State>>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    Body(SignIn { name, password }): Body<SignIn>,
) -> Result<Response, Refusal> {
    let source: IpAddr = peer.address;
    let shown = cookies(&headers).find(|(name, _)| *name == DEVICE).map(|(_, value)| value);
    let browser = state.store.browser(&name, shown).await?;
    // Only the source counts: were all sources counted, anybody could keep every agent out. A browser that the account knows has a count of its own.
    if !browser.known && state.passwords.begin(source).is_err() {
        return Err(Refusal::PasswordsPaused);
    }
    let attempt = state.store.begin_attempt(&name, &browser).await?.map_err(Refusal::Locked)?;
    let lifetime = Duration::from_secs(state.config.store.sign_in_hours.saturating_mul(3600));
    let whence = whence(&headers, source);
    let signed_in = state.store.sign_in(&name, &password, lifetime, &whence).await?;
    // Looked up in any case, so that it takes as long.
    let about = state.store.account(&name).await?.map(|account| account.name).unwrap_or_default();
    let Some((account, token)) = signed_in else {
        state.trail.count(Deed::new(What::SignInFailed).about(&about));
        if attempt.last {
            state.trail.note(Deed::new(What::SignInLocked).about(&about));
        }
        return Err(Refusal::WrongPassword);
    };
    if !browser.known {
        state.passwords.right(source);
    }
    let device = match shown.filter(|_| browser.has_cookie()) {
        Some(shown) => Secret::of(shown.to_owned()),
        None => Secret::random()?,
    };
    state.store.attempt_was_right(&attempt, account.id, &device.hash()).await?;
    state
        .trail
        .note(Deed::new(What::SignIn).by(&account.name).about(&format!("{}, {}", whence.device, whence.address)));
    tracing::info!(agent = account.id, "signed in");
    let set = AppendHeaders([
        (SET_COOKIE, cookie(COOKIE, token.expose(), lifetime)),
        (SET_COOKIE, cookie(DEVICE, device.expose(), KNOWN)),
    ]);
    Ok((set, Json(describe(&state, account))).into_response())
}

/// Where a request comes from, as its account is told.
fn whence(headers: &HeaderMap, source: IpAddr) -> Whence {
    let user_agent = headers.get(USER_AGENT).map_or(&b""[..], HeaderValue::as_bytes);
    Whence { device: device(user_agent), address: source.to_canonical().to_string() }
}

async fn sign_out(
    Shared(state): Shared<Arc<State>>,
    Here { account, sign_in }: Here,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    if let Some(token) = token(&headers) {
        state.store.sign_out(account.id, token).await?;
    }
    state.sessions.recall_sign_ins(account.id, |ended| ended == sign_in.0);
    state.trail.note(Deed::new(What::SignOut).by(&account.name));
    Ok(signed_out())
}

/// The browser forgets its sign-in.
pub(super) fn signed_out() -> Response {
    (StatusCode::NO_CONTENT, [(SET_COOKIE, cookie(COOKIE, "", Duration::ZERO))]).into_response()
}

async fn me(Shared(state): Shared<Arc<State>>, SignedIn(account): SignedIn) -> Json<Me> {
    Json(describe(&state, account))
}

async fn colleagues(
    Shared(state): Shared<Arc<State>>,
    SignedIn(account): SignedIn,
) -> Result<Json<Vec<Colleague>>, Refusal> {
    let others = state.store.accounts().await?.into_iter().filter(|other| other.id != account.id);
    Ok(Json(others.map(|other| Colleague { name: other.name, role: other.role }).collect()))
}

fn describe(state: &State, account: Account) -> Me {
    let policy = state.sessions.policy();
    let sites = policy.sites().iter();
    let sites = sites
        .map(|site| SiteInfo { name: site.name.clone(), start: site.start.to_string(), modes: site.rules().modes })
        .collect();
    let failing = account.role == AccountRole::Admin && state.recorder.is_failing();
    let warnings = failing.then(|| AUDIT_FAILING.to_owned()).into_iter().collect();
    Me { name: account.name, role: account.role, sites, warnings }
}

/// A cookie of the control host: for requests of its own pages alone, out of scripts' reach.
pub(super) fn cookie(name: &str, value: &str, lifetime: Duration) -> HeaderValue {
    let text = format!("{name}={value}; Path=/; Max-Age={}; Secure; HttpOnly; SameSite=Strict", lifetime.as_secs());
    let mut cookie = HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""));
    cookie.set_sensitive(true);
    cookie
}
