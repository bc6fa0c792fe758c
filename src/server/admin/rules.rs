//! Rules: what holds, checking, saving, versions, import and export.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Path, State as Shared};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router, routing};
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use tokio::task::spawn_blocking;

use crate::policy::Policy;
use crate::privacy::ready_rules;
use crate::protocol::admin::{
    CheckRules, Checked, CurrentRules, ImportRules, Imported, RestoreRules, RulesVersion, RulesVersionDetail,
    SaveRules, SavedRules,
};
use crate::rules::{TEXT, read, write};
use crate::server::State;
use crate::server::control::Body;
use crate::server::reply::Refusal;
use crate::server::rulebook::RulebookError;
use crate::server::signin::Administrator;

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/api/admin/rules", routing::get(current).post(save))
        .route("/api/admin/rules/check", routing::post(check))
        .route("/api/admin/rules/versions", routing::get(versions))
        .route("/api/admin/rules/versions/{version}", routing::get(version))
        .route("/api/admin/rules/versions/{version}/restore", routing::post(restore))
        .route("/api/admin/rules/import", routing::post(import))
        .route("/api/admin/rules/export", routing::get(export))
        .layer(DefaultBodyLimit::max(2 * TEXT))
}

/// Why rules are not saved or shown.
pub(super) enum NotDone {
    Refused(Refusal),
    Wrong(Checked),
}

impl<E: Into<Refusal>> From<E> for NotDone {
    fn from(error: E) -> Self {
        match error.into() {
            Refusal::Rules(RulebookError::Wrong(faults)) => Self::Wrong(Checked { faults }),
            refusal => Self::Refused(refusal),
        }
    }
}

impl IntoResponse for NotDone {
    fn into_response(self) -> Response {
        match self {
            Self::Refused(refusal) => refusal.into_response(),
            Self::Wrong(checked) => (StatusCode::UNPROCESSABLE_ENTITY, Json(checked)).into_response(),
        }
    }
}

async fn current(Shared(state): Shared<Arc<State>>, _: Administrator) -> Result<Json<CurrentRules>, Refusal> {
    state.rulebook.refresh(&state.sessions).await?;
    let current = state.rulebook.current();
    Ok(Json(CurrentRules {
        version: current.version,
        editable: state.rulebook.is_editable(),
        sites: current.sites.clone(),
        ready: ready_rules(),
    }))
}

async fn check(_: Administrator, Body(CheckRules { sites }): Body<CheckRules>) -> Result<Json<Checked>, Refusal> {
    apart(move || Checked { faults: Policy::check(&sites).err().unwrap_or_default() }).await.map(Json)
}

/// Does work on rules off the threads that serve others: there may be many patterns.
pub(super) async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
    spawn_blocking(work).await.map_err(|_| Refusal::Ended)
}

async fn save(
    Shared(state): Shared<Arc<State>>,
    Administrator(account): Administrator,
    Body(SaveRules { base, comment, sites }): Body<SaveRules>,
) -> Result<Json<SavedRules>, NotDone> {
    let saved = state.rulebook.save(&state.sessions, base, (&account.name, &comment), sites).await?;
    Ok(Json(saved))
}

async fn versions(Shared(state): Shared<Arc<State>>, _: Administrator) -> Result<Json<Vec<RulesVersion>>, Refusal> {
    Ok(Json(state.rulebook.versions().await?))
}

async fn version(
    Shared(state): Shared<Arc<State>>,
    _: Administrator,
    Path(version): Path<u32>,
) -> Result<Json<RulesVersionDetail>, Refusal> {
    Ok(Json(state.rulebook.version(version).await?))
}

async fn restore(
    Shared(state): Shared<Arc<State>>,
    Administrator(account): Administrator,
    Path(version): Path<u32>,
    Body(RestoreRules { base }): Body<RestoreRules>,
) -> Result<Json<SavedRules>, NotDone> {
    let saved = state.rulebook.restore(&state.sessions, base, &account.name, version).await?;
    Ok(Json(saved))
}

async fn import(_: Administrator, Body(ImportRules { toml }): Body<ImportRules>) -> Result<Json<Imported>, Refusal> {
    let (sites, faults) = apart(move || read(&toml)).await?;
    Ok(Json(Imported { sites, faults }))
}

async fn export(Shared(state): Shared<Arc<State>>, _: Administrator) -> impl IntoResponse {
    let headers = [
        (CONTENT_TYPE, "application/toml; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"alongside-rules.toml\""),
    ];
    (headers, write(&state.rulebook.current().sites))
}
