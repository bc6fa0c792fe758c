//! Preview: a page as a visitor and as an agent would see it by rules that are not saved.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, State as Shared};
use axum::{Json, Router, routing};
use url::Url;

use super::rules::NotDone;
use crate::origin::Sid;
use crate::policy::{Policy, Use};
use crate::protocol::admin::{AskPreview, Checked, Preview};
use crate::rules::TEXT;
use crate::server::State;
use crate::server::control::Body;
use crate::server::reply::Refusal;
use crate::server::signin::Administrator;
use crate::wash::{Wash, document};

/// Most bytes of a page.
const PAGE: usize = 4 << 20;

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/api/admin/rules/preview", routing::post(preview))
        .layer(DefaultBodyLimit::max(2 * TEXT + 2 * PAGE))
}

async fn preview(
    Shared(state): Shared<Arc<State>>,
    _: Administrator,
    Body(asked): Body<AskPreview>,
) -> Result<Json<Preview>, NotDone> {
    let policy = Policy::check(&asked.sites).map_err(|faults| NotDone::Wrong(Checked { faults }))?;
    let url = Url::parse(&asked.url).map_err(|_| Refusal::BadRequest)?;
    policy.permit(&url, Use::Page).map_err(Refusal::Address)?;
    let site = policy.site_of(&url, Use::Page).map(|site| site.name.clone());
    let html = asked.html.unwrap_or_default();
    let domain = Arc::clone(state.sessions.domain());
    let wash = Wash::new(domain, Sid::random(), Arc::new(policy), &url, [0; 32], Arc::new(|_| None));
    let html = wash.html(&document::parse(&html, &url).map_err(|_| Refusal::BadRequest)?);
    Ok(Json(Preview {
        url: url.into(),
        site,
        visitor: html.clone(),
        agent: html,
        marks: Vec::new(),
        notes: Vec::new(),
    }))
}
