//! Accounts, for administrators. What changes takes effect at once: sockets close, and views with them.

use std::sync::Arc;

use axum::extract::{Path, State as Shared};
use axum::response::IntoResponse;
use axum::{Json, Router, routing};
use http::StatusCode;

use crate::protocol::admin::{AccountInfo, ChangeAccount, NewAccount};
use crate::server::State;
use crate::server::control::Body;
use crate::server::reply::Refusal;
use crate::server::signin::{Administrator, Here, agent};
use crate::session::trail::{Deed, What};
use crate::store::{Account, Standing, Store};

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/api/admin/accounts", routing::get(list).post(add))
        .route("/api/admin/accounts/{id}", routing::post(change).delete(remove))
        .route("/api/admin/accounts/{id}/sign-out", routing::post(sign_out))
        .route("/api/admin/accounts/{id}/unlock", routing::post(unlock))
}

async fn list(
    Shared(state): Shared<Arc<State>>,
    Administrator(own): Administrator,
) -> Result<Json<Vec<AccountInfo>>, Refusal> {
    let standings = state.store.standings().await?;
    Ok(Json(standings.into_iter().map(|standing| describe(standing, &own)).collect()))
}

async fn add(
    Shared(state): Shared<Arc<State>>,
    Administrator(own): Administrator,
    Body(NewAccount { name, password, role }): Body<NewAccount>,
) -> Result<Json<AccountInfo>, Refusal> {
    let account = state.store.add(&name, &password, role).await?;
    note(&state, What::AccountAdded, &own, &with_role(&account));
    info(&state, account.id, &own).await
}

async fn change(
    Shared(state): Shared<Arc<State>>,
    Administrator(own): Administrator,
    here: Here,
    Path(id): Path<i64>,
    Body(ChangeAccount { role, password }): Body<ChangeAccount>,
) -> Result<Json<AccountInfo>, Refusal> {
    password.as_deref().map_or(Ok(()), Store::fits)?;
    let before = found(&state, id).await?;
    if let Some(role) = role.filter(|role| *role != before.role) {
        let account = state.store.set_role(id, role).await?.ok_or(Refusal::NoAccount)?;
        note(&state, What::AccountRole, &own, &with_role(&account));
        state.sessions.recall(id, Some(&agent(account)));
    }
    if let Some(password) = password {
        let this = (id == own.id).then_some(here.sign_in);
        state.store.set_password(id, &password, this).await?;
        note(&state, What::AccountPassword, &own, &before.name);
        state.sessions.recall_sign_ins(id, |ended| this.is_none_or(|this| this.0 != ended));
    }
    info(&state, id, &own).await
}

async fn remove(
    Shared(state): Shared<Arc<State>>,
    Administrator(own): Administrator,
    Path(id): Path<i64>,
) -> Result<impl IntoResponse, Refusal> {
    let account = state.store.remove(id).await?.ok_or(Refusal::NoAccount)?;
    state.sessions.recall(id, None);
    note(&state, What::AccountRemoved, &own, &account.name);
    Ok(StatusCode::NO_CONTENT)
}

async fn sign_out(
    Shared(state): Shared<Arc<State>>,
    Administrator(own): Administrator,
    Path(id): Path<i64>,
) -> Result<impl IntoResponse, Refusal> {
    let account = found(&state, id).await?;
    state.store.end_sign_ins(id).await?;
    state.sessions.recall_sign_ins(id, |_| true);
    note(&state, What::AccountSignedOut, &own, &account.name);
    Ok(StatusCode::NO_CONTENT)
}

async fn unlock(
    Shared(state): Shared<Arc<State>>,
    Administrator(own): Administrator,
    Path(id): Path<i64>,
) -> Result<impl IntoResponse, Refusal> {
    let account = found(&state, id).await?;
    state.store.unlock(&account.name).await?;
    note(&state, What::AccountUnlocked, &own, &account.name);
    Ok(StatusCode::NO_CONTENT)
}

async fn found(state: &State, id: i64) -> Result<Account, Refusal> {
    state.store.account_of(id).await?.ok_or(Refusal::NoAccount)
}

async fn info(state: &State, id: i64, own: &Account) -> Result<Json<AccountInfo>, Refusal> {
    let standing = state.store.standings().await?.into_iter().find(|standing| standing.account.id == id);
    standing.map(|standing| Json(describe(standing, own))).ok_or(Refusal::NoAccount)
}

fn describe(Standing { account, created, seen, locked_until, sign_ins }: Standing, own: &Account) -> AccountInfo {
    let Account { id, name, role } = account;
    AccountInfo { id, name, role, created, seen, locked_until, sign_ins, own: id == own.id }
}

fn note(state: &State, what: What, own: &Account, about: &str) {
    state.trail.note(Deed::new(what).by(&own.name).about(about));
}

/// As entries name an account together with what it may do.
fn with_role(Account { name, role, .. }: &Account) -> String {
    format!("{name} ({role})")
}
