//! The administration: its page and its API.

use std::sync::Arc;

use axum::extract::State as Shared;
use axum::{Router, routing};

use super::{State, web};

mod accounts;
mod audit;
mod fetch;
mod preview;
mod rules;

pub(super) use fetch::NoPage;

/// What its page may do. Previews are frames of `srcdoc`, which go by this policy, too: styles (imported ones stand within, too) and what is within the document, no scripts but ours.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline' data:; img-src 'self' data:; font-src 'self' data:; \
     connect-src 'self'; frame-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route(
            "/admin",
            routing::get(async |Shared(_): Shared<Arc<State>>| web::page("control/admin/index.html", POLICY)),
        )
        .merge(rules::routes())
        .merge(preview::routes())
        .merge(accounts::routes())
        .merge(audit::routes())
}
