//! The other way in: a visitor asks for help and reads a code out, an agent enters it, and the visitor is asked as ever.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Extension, State as Shared};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router, routing};
use http::header::SET_COOKIE;
use http::{HeaderMap, StatusCode};
use url::Url;

use super::State;
use super::control::Body;
use super::join::{COOKIE, held};
use super::listen::Peer;
use super::reply::Refusal;
use super::sessions::{describe, has_mode, start_address};
use super::signin::{SignedIn, agent, cookie};
use crate::policy::Use;
use crate::protocol::api::{AskHelp, HelpState, SessionInfo, TakeHelp};
use crate::protocol::people::Role;
use crate::session::help::{self, Asked, Stands};

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/api/help", routing::get(stands).post(ask).delete(leave))
        .route("/api/help/take", routing::post(take))
}

async fn ask(
    Shared(state): Shared<Arc<State>>,
    Extension(peer): Extension<Peer>,
    headers: HeaderMap,
    Body(AskHelp { url }): Body<AskHelp>,
) -> Result<Response, Refusal> {
    let start = start_address(&state, &url)?;
    // Whoever asks anew does not wait twice.
    if let Ok(before) = held(&headers) {
        state.help.withdraw(before);
    }
    let site = site_of(&state, start.get());
    let Asked { code, join } = state.help.ask(start, peer.address)?;
    tracing::info!("a visitor asks for help");
    // Once the code is taken, the visitor has as long to choose as with a PIN.
    let lifetime = help::LIFETIME + Duration::from_secs(state.config.session.pin_seconds);
    let told = HelpState::Waiting { code: code.expose().to_owned(), expires_in: seconds(help::LIFETIME), site };
    Ok(([(SET_COOKIE, cookie(COOKIE, join.expose(), lifetime))], Json(told)).into_response())
}

async fn stands(Shared(state): Shared<Arc<State>>, headers: HeaderMap) -> Result<Json<HelpState>, Refusal> {
    let join = held(&headers)?;
    if state.sessions.joining(join).is_some() {
        return Ok(Json(HelpState::Taken));
    }
    Ok(Json(match state.help.stands(join) {
        Stands::Waiting { code, left, start } => HelpState::Waiting {
            code: code.expose().to_owned(),
            expires_in: seconds(left),
            site: site_of(&state, &start),
        },
        Stands::Expired => HelpState::Expired,
    }))
}

async fn leave(Shared(state): Shared<Arc<State>>, headers: HeaderMap) -> Result<Response, Refusal> {
    let join = held(&headers)?;
    state.help.withdraw(join);
    // An agent was quicker: to leave is to say no.
    state.sessions.deny(join);
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, cookie(COOKIE, "", Duration::ZERO))]).into_response())
}

async fn take(
    Shared(state): Shared<Arc<State>>,
    SignedIn(account): SignedIn,
    Body(TakeHelp { code, mode }): Body<TakeHelp>,
) -> Result<Json<SessionInfo>, Refusal> {
    let request = state.help.take(&code, account.id)?;
    let begun = has_mode(&state, &request.start, mode)
        .and_then(|()| Ok(state.sessions.create_for(agent(account), &request, mode)?));
    match begun {
        Ok(session) => Ok(Json(describe(&session, Role::Agent))),
        Err(refusal) => {
            state.help.put_back(request);
            Err(refusal)
        }
    }
}

fn site_of(state: &State, url: &Url) -> String {
    state.sessions.policy().site_of(url, Use::Page).map(|site| site.name.clone()).unwrap_or_default()
}

fn seconds(duration: Duration) -> u32 {
    u32::try_from(duration.as_secs()).unwrap_or(u32::MAX)
}
