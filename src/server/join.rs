//! The visitor's side of joining: show a PIN or a link, read who asks, allow or deny.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Extension, State as Shared};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router, routing};
use http::header::SET_COOKIE;
use http::{HeaderMap, StatusCode};

use super::State;
use super::control::Body;
use super::listen::Peer;
use super::reply::Refusal;
use super::signin::cookie;
use crate::origin::UpstreamOrigin;
use crate::protocol::agent::SessionState;
use crate::protocol::api::{Admitted, Allow, Join, JoinOffer};
use crate::session::Session;
use crate::session::ticket::cookies;

/// Name of the join cookie.
pub(super) const COOKIE: &str = "__Host-alongside-join";

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/api/join", routing::get(offer).post(join))
        .route("/api/join/allow", routing::post(allow))
        .route("/api/join/deny", routing::post(deny))
}

async fn join(
    Shared(state): Shared<Arc<State>>,
    Extension(peer): Extension<Peer>,
    Body(join): Body<Join>,
) -> Result<Response, Refusal> {
    let (session, secret) = match join {
        Join::Pin { pin } => state.sessions.join_by_pin(&pin, peer.address)?,
        Join::Link { token } => state.sessions.join_by_link(&token)?,
    };
    let lifetime = Duration::from_secs(state.config.session.pin_seconds);
    Ok(([(SET_COOKIE, cookie(COOKIE, secret.expose(), lifetime))], Json(describe(&session))).into_response())
}

async fn offer(Shared(state): Shared<Arc<State>>, headers: HeaderMap) -> Result<Json<JoinOffer>, Refusal> {
    let session = state.sessions.joining(held(&headers)?).ok_or(Refusal::NotJoining)?;
    match session.state() {
        SessionState::Asked | SessionState::Active => Ok(Json(describe(&session))),
        SessionState::Waiting => Err(Refusal::NotJoining),
        SessionState::Ended { .. } => Err(Refusal::Ended),
    }
}

async fn allow(
    Shared(state): Shared<Arc<State>>,
    headers: HeaderMap,
    Body(Allow { mode }): Body<Allow>,
) -> Result<Json<Admitted>, Refusal> {
    let (session, ticket) = state.sessions.allow(held(&headers)?, mode)?;
    let origin = UpstreamOrigin::of(session.start()).ok_or(Refusal::NotFound)?;
    session.register_hashed(&origin);
    let view = session.domain().view_origin(session.id(), &origin);
    Ok(Json(Admitted { url: format!("{view}/.alongside/enter?ticket={}", ticket.expose()) }))
}

async fn deny(Shared(state): Shared<Arc<State>>, headers: HeaderMap) -> Result<Response, Refusal> {
    state.sessions.deny(held(&headers)?);
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, cookie(COOKIE, "", Duration::ZERO))]).into_response())
}

pub(super) fn held(headers: &HeaderMap) -> Result<&str, Refusal> {
    let found = cookies(headers).find(|(name, _)| *name == COOKIE);
    found.map(|(_, value)| value).ok_or(Refusal::NotJoining)
}

fn describe(session: &Session) -> JoinOffer {
    JoinOffer {
        agent: session.leader(),
        site: session.site().to_owned(),
        host: session.start().host_str().unwrap_or_default().to_owned(),
        mode: session.mode(),
        modes: session.rules().modes.clone(),
        silent_supervisor: session.rules().silent_supervisor,
    }
}
