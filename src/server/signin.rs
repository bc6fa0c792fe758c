//! Signing in and out, and who a request to the control side comes from.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Extension, FromRequestParts, State as Shared};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router, routing};
use http::header::SET_COOKIE;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode};

use super::State;
use super::control::Body;
use super::listen::Peer;
use super::reply::Refusal;
use crate::protocol::api::{Colleague, Me, SignIn, SiteInfo};
use crate::protocol::people::AccountRole;
use crate::session::Agent;
use crate::session::ticket::cookies;
use crate::store::Account;

/// Name of the sign-in cookie.
const COOKIE: &str = "__Host-alongside";

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
        let Some(token) = token(&parts.headers) else { return Err(Refusal::SignedOut) };
        state.store.signed_in(token).await?.map(Self).ok_or(Refusal::SignedOut)
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
    Body(SignIn { name, password }): Body<SignIn>,
) -> Result<Response, Refusal> {
    let source: IpAddr = peer.address;
    // Only the source counts: were all sources counted, anybody could keep every agent out.
    if state.passwords.begin(source).is_err() {
        return Err(Refusal::PasswordsPaused);
    }
    let lifetime = Duration::from_secs(state.config.store.sign_in_hours.saturating_mul(3600));
    let Some((account, token)) = state.store.sign_in(&name, &password, lifetime).await? else {
        return Err(Refusal::WrongPassword);
    };
    state.passwords.right(source);
    tracing::info!(agent = account.id, "signed in");
    let cookie = cookie(COOKIE, token.expose(), lifetime);
    Ok(([(SET_COOKIE, cookie)], Json(describe(&state, account))).into_response())
}

async fn sign_out(
    Shared(state): Shared<Arc<State>>,
    SignedIn(account): SignedIn,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    if let Some(token) = token(&headers) {
        state.store.sign_out(token).await?;
    }
    let id = account.id;
    for session in state.sessions.of(&agent(account)) {
        session.revoke(|agent| agent.account == id);
    }
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, cookie(COOKIE, "", Duration::ZERO))]).into_response())
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
    Me { name: account.name, role: account.role, sites }
}

/// A cookie of the control host: for requests of its own pages alone, out of scripts' reach.
pub(super) fn cookie(name: &str, value: &str, lifetime: Duration) -> HeaderValue {
    let text = format!("{name}={value}; Path=/; Max-Age={}; Secure; HttpOnly; SameSite=Strict", lifetime.as_secs());
    let mut cookie = HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""));
    cookie.set_sensitive(true);
    cookie
}
