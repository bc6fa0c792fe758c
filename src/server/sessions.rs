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
use super::signin::{Here, SignedIn, agent, token};
use super::sockets::{self, Credentials};
use crate::origin::Sid;
use crate::policy::{Permit, Refused, Standing, Use, Wish};
use crate::protocol::act::Denial;
use crate::protocol::agent::{EndedBy, Stage};
use crate::protocol::api::{NewSession, SessionInfo, StartSession, ViewerAddress};
use crate::protocol::people::{Mode, Role};
use crate::session::{Agent, Found, Session, Ways};

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
    Body(StartSession { url, mode, priority }): Body<StartSession>,
) -> Result<Json<NewSession>, Refusal> {
    let start = start_address(&state, &url)?;
    has_mode(&state, &start, mode)?;
    let (session, ways) = state.sessions.create(agent(account), start, mode, priority)?;
    Ok(Json(hand_out(&state, &session, &ways)))
}

async fn list(Shared(state): Shared<Arc<State>>, SignedIn(account): SignedIn) -> Json<Vec<SessionInfo>> {
    let agent = agent(account);
    let sessions = state.sessions.of(&agent);
    Json(sessions.iter().filter_map(|session| Some(describe(session, session.role_of(&agent)?))).collect())
}

async fn info(
    Shared(state): Shared<Arc<State>>,
    SignedIn(account): SignedIn,
    Path(id): Path<String>,
) -> Result<Json<SessionInfo>, Refusal> {
    let (session, role) = taking_part(&state, &agent(account), &id)?;
    Ok(Json(describe(&session, role)))
}

async fn renew(
    Shared(state): Shared<Arc<State>>,
    SignedIn(account): SignedIn,
    Path(id): Path<String>,
) -> Result<Json<NewSession>, Refusal> {
    let session = permitted(&state, &agent(account), &id, Wish::Renew)?.into_inner();
    let ways = state.sessions.renew(&session)?;
    Ok(Json(hand_out(&state, &session, &ways)))
}

async fn viewer(
    Shared(state): Shared<Arc<State>>,
    Here { account, sign_in }: Here,
    Path(id): Path<String>,
) -> Result<Json<ViewerAddress>, Refusal> {
    let agent = agent(account);
    let session = permitted(&state, &agent, &id, Wish::View)?.into_inner();
    let capability = session.capability(agent, sign_in.0)?;
    let origin = state.sessions.domain().viewer_origin(session.id());
    Ok(Json(ViewerAddress { url: format!("{origin}/{}/", capability.expose()) }))
}

async fn end(
    Shared(state): Shared<Arc<State>>,
    SignedIn(account): SignedIn,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Refusal> {
    let agent = agent(account);
    permitted(&state, &agent, &id, Wish::End)?.get().end_by(EndedBy::Agent, &agent.name);
    Ok(StatusCode::NO_CONTENT)
}

async fn socket(
    Shared(state): Shared<Arc<State>>,
    SignedIn(account): SignedIn,
    Path(id): Path<String>,
    request: Request,
) -> Result<impl IntoResponse, Refusal> {
    let agent = agent(account);
    let (session, _) = taking_part(&state, &agent, &id)?;
    let token = token(request.headers()).unwrap_or_default().to_owned();
    let credentials = Credentials { agent, token, store: state.store.clone() };
    let limits = state.config.limits.clone();
    sockets::accept(request, limits.agent_message, state.sessions.leaving(), move |socket| {
        sockets::console(socket, session, credentials, limits)
    })
}

/// A running session in which an agent takes part or may look in, and as what. Of others' sessions nothing is told, not even that they are.
fn taking_part(state: &State, agent: &Agent, id: &str) -> Result<(Arc<Session>, Role), Refusal> {
    let sid = Sid::parse(id).ok_or(Refusal::NoSession)?;
    match state.sessions.find(&sid) {
        Found::Live(session) => {
            let role = session.role_of(agent).ok_or(Refusal::NoSession)?;
            Ok((session, role))
        }
        Found::Ended(tombstone) if tombstone.concerns(agent) => Err(Refusal::Ended),
        Found::Ended(_) | Found::Unknown => Err(Refusal::NoSession),
    }
}

/// A session, for something that an agent may do with it now.
pub(super) fn permitted(state: &State, agent: &Agent, id: &str, wish: Wish) -> Result<Permit<Arc<Session>>, Refusal> {
    let (session, role) = taking_part(state, agent, id)?;
    let (mode, stage) = (session.mode(), Stage::from(&session.state()));
    let rules = session.rules();
    let standing = Standing { role, mode, stage, rules: &rules };
    Ok(standing.permit(wish, Arc::clone(&session))?)
}

/// An address that a session may start at.
pub(super) fn start_address(state: &State, text: &str) -> Result<Permit<Url>, Refusal> {
    let url = Url::parse(text.trim()).map_err(|_| Refusal::Address(Refused::Scheme))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Refusal::Address(Refused::Scheme));
    }
    Ok(state.sessions.policy().permit(&url, Use::Page)?)
}

/// Whether the rules of a site have a mode.
pub(super) fn has_mode(state: &State, start: &Permit<Url>, mode: Mode) -> Result<(), Refusal> {
    let policy = state.sessions.policy();
    let has = policy.site_of(start.get(), Use::Page).is_some_and(|site| site.rules().modes.contains(&mode));
    if has { Ok(()) } else { Err(Refusal::Denied(Denial::Rule)) }
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

pub(super) fn describe(session: &Session, role: Role) -> SessionInfo {
    let status = session.status().borrow().clone();
    SessionInfo {
        id: session.id().to_string(),
        agent: session.leader(),
        role,
        site: session.site(),
        priority: status.priority,
        url: session.washed_start(),
        mode: status.mode,
        state: status.session,
        age: u32::try_from(session.age().as_secs()).unwrap_or(u32::MAX),
    }
}
