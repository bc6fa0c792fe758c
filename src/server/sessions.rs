//! The agents' side of sessions: start, list, new PIN, view, end, and the console's socket.

use std::sync::Arc;

use axum::extract::{Path, Request, State as Shared};
use axum::response::IntoResponse;
use axum::{Json, Router, routing};
use http::StatusCode;
use url::Url;

use super::State;
use super::control::Body;
use super::reply::Refusal;
use super::signin::{SignedIn, token};
use super::sockets;
use crate::origin::Sid;
use crate::policy::{Refused, Use};
use crate::protocol::agent::EndedBy;
use crate::protocol::api::{NewSession, SessionInfo, StartSession, ViewerAddress};
use crate::protocol::people::{Priority, Role};
use crate::session::{Agent, Found, Session, Ways};
use crate::store::Account;

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/api/sessions", routing::get(list).post(start))
        .route("/api/sessions/{id}", routing::get(info))
        .route("/api/sessions/{id}/pin", routing::post(renew))
        .route("/api/sessions/{id}/viewer", routing::post(viewer))
        .route("/api/sessions/{id}/end", routing::post(end))
        .route("/api/sessions/{id}/socket", routing::get(socket))
}

async fn start(
    Shared(state): Shared<Arc<State>>,
    SignedIn(account): SignedIn,
    Body(StartSession { url, mode, priority: _ }): Body<StartSession>,
) -> Result<Json<NewSession>, Refusal> {
    let url = Url::parse(url.trim()).map_err(|_| Refusal::Address(Refused::Scheme))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Refusal::Address(Refused::Scheme));
    }
    let permit = state.sessions.policy().permit(&url, Use::Page)?;
    let (session, ways) = state.sessions.create(agent(account), permit, mode)?;
    Ok(Json(hand_out(&state, &session, &ways)))
}

async fn list(Shared(state): Shared<Arc<State>>, SignedIn(account): SignedIn) -> Json<Vec<SessionInfo>> {
    Json(state.sessions.of_agent(account.id).iter().map(|session| describe(session)).collect())
}

async fn info(
    Shared(state): Shared<Arc<State>>,
    SignedIn(account): SignedIn,
    Path(id): Path<String>,
) -> Result<Json<SessionInfo>, Refusal> {
    Ok(Json(describe(&*own(&state, &account, &id)?)))
}

async fn renew(
    Shared(state): Shared<Arc<State>>,
    SignedIn(account): SignedIn,
    Path(id): Path<String>,
) -> Result<Json<NewSession>, Refusal> {
    let session = own(&state, &account, &id)?;
    let ways = state.sessions.renew(&session)?;
    Ok(Json(hand_out(&state, &session, &ways)))
}

async fn viewer(
    Shared(state): Shared<Arc<State>>,
    SignedIn(account): SignedIn,
    Path(id): Path<String>,
) -> Result<Json<ViewerAddress>, Refusal> {
    let session = own(&state, &account, &id)?;
    let capability = session.capability(agent(account))?;
    let origin = state.sessions.domain().viewer_origin(session.id());
    Ok(Json(ViewerAddress { url: format!("{origin}/{}/", capability.expose()) }))
}

async fn end(
    Shared(state): Shared<Arc<State>>,
    SignedIn(account): SignedIn,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Refusal> {
    own(&state, &account, &id)?.end(EndedBy::Agent);
    Ok(StatusCode::NO_CONTENT)
}

async fn socket(
    Shared(state): Shared<Arc<State>>,
    SignedIn(account): SignedIn,
    Path(id): Path<String>,
    request: Request,
) -> Result<impl IntoResponse, Refusal> {
    let session = own(&state, &account, &id)?;
    let token = token(request.headers()).unwrap_or_default().to_owned();
    let store = state.store.clone();
    let limits = state.config.limits.clone();
    sockets::accept(request, limits.agent_message, move |socket| {
        sockets::console(socket, session, store, token, limits)
    })
}

/// A running session that the agent started. Of others' sessions nothing is told, not even that they are.
fn own(state: &State, account: &Account, id: &str) -> Result<Arc<Session>, Refusal> {
    let sid = Sid::parse(id).ok_or(Refusal::NoSession)?;
    match state.sessions.find(&sid) {
        Found::Live(session) if session.agent().account == account.id => Ok(session),
        Found::Ended(tombstone) if tombstone.account == account.id => Err(Refusal::Ended),
        Found::Live(_) | Found::Ended(_) | Found::Unknown => Err(Refusal::NoSession),
    }
}

fn agent(account: Account) -> Agent {
    Agent { account: account.id, name: account.name }
}

fn hand_out(state: &State, session: &Session, ways: &Ways) -> NewSession {
    NewSession {
        id: session.id().to_string(),
        pin: ways.pin.expose().to_owned(),
        join_url: format!("{}/join", state.control_origin),
        link: format!("{}/join/{}", state.control_origin, ways.token.expose()),
        expires_in: u32::try_from(ways.lifetime.as_secs()).unwrap_or(u32::MAX),
    }
}

fn describe(session: &Session) -> SessionInfo {
    SessionInfo {
        id: session.id().to_string(),
        agent: session.agent().name.clone(),
        role: Role::Agent,
        site: session.site().to_owned(),
        priority: Priority::Normal,
        url: session.start().to_string(),
        mode: session.mode(),
        state: session.state(),
        age: u32::try_from(session.age().as_secs()).unwrap_or(u32::MAX),
    }
}
