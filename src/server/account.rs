//! One's own account: its password, and where it is signed in.

use std::sync::Arc;

use axum::extract::{Path, State as Shared};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router, routing};
use http::StatusCode;

use super::State;
use super::control::Body;
use super::reply::Refusal;
use super::signin::{Here, signed_out};
use crate::protocol::admin::{ChangePassword, SignInInfo};
use crate::session::trail::{Deed, What};
use crate::store::{SignIn, SignInId, Store};

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/api/account/password", routing::post(password))
        .route("/api/account/sign-ins", routing::get(sign_ins))
        .route("/api/account/sign-ins/{id}", routing::delete(end_sign_in))
        .route("/api/account/sign-out-everywhere", routing::post(sign_out_everywhere))
}

async fn password(
    Shared(state): Shared<Arc<State>>,
    Here { account, sign_in }: Here,
    Body(ChangePassword { old, new }): Body<ChangePassword>,
) -> Result<StatusCode, Refusal> {
    Store::fits(&new)?;
    // Whoever got hold of a sign-in does not find the password out with it.
    state.old_passwords.begin(account.id).map_err(|_| Refusal::PasswordsPaused)?;
    if !state.store.is_password(account.id, &old).await? {
        return Err(Refusal::WrongOldPassword);
    }
    state.old_passwords.right(account.id);
    state.store.set_password(account.id, &new, Some(sign_in)).await?;
    state.sessions.recall_sign_ins(account.id, |ended| ended != sign_in.0);
    state.trail.note(Deed::new(What::AccountPassword).by(&account.name).about(&account.name));
    Ok(StatusCode::NO_CONTENT)
}

async fn sign_ins(
    Shared(state): Shared<Arc<State>>,
    Here { account, sign_in }: Here,
) -> Result<Json<Vec<SignInInfo>>, Refusal> {
    let all = state.store.sign_ins(account.id).await?.into_iter();
    let told = all.map(|SignIn { id, since, seen, device, address }| SignInInfo {
        id: id.0,
        since,
        seen,
        device,
        address,
        current: id == sign_in,
    });
    Ok(Json(told.collect()))
}

async fn end_sign_in(
    Shared(state): Shared<Arc<State>>,
    Here { account, .. }: Here,
    Path(id): Path<i64>,
) -> Result<StatusCode, Refusal> {
    if !state.store.end_sign_in(account.id, SignInId(id)).await? {
        return Err(Refusal::NoSignIn);
    }
    state.sessions.recall_sign_ins(account.id, |ended| ended == id);
    state.trail.note(Deed::new(What::SignOut).by(&account.name));
    Ok(StatusCode::NO_CONTENT)
}

async fn sign_out_everywhere(
    Shared(state): Shared<Arc<State>>,
    Here { account, .. }: Here,
) -> Result<Response, Refusal> {
    state.store.end_sign_ins(account.id).await?;
    state.sessions.recall_sign_ins(account.id, |_| true);
    state.trail.note(Deed::new(What::AccountSignedOut).by(&account.name).about(&account.name));
    Ok(signed_out().into_response())
}
