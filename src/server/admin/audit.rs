//! The audit trail, for administrators: to read, and to take away.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Query, State as Shared};
use axum::response::IntoResponse;
use axum::{Json, Router, routing};
use bytes::Bytes;
use futures_util::stream;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use serde::Deserialize;

use crate::protocol::admin::{AuditEntry, AuditPage};
use crate::server::State;
use crate::server::reply::Refusal;
use crate::server::signin::Administrator;
use crate::session::trail::{Deed, What};
use crate::store::{Ends, Filter, Line, Store, StoreError, hex};

/// Entries of a page, where nothing else is asked for, and at most.
const PAGE: (u32, u32) = (100, 500);

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new().route("/api/admin/audit", routing::get(page)).route("/api/admin/audit/export", routing::get(export))
}

/// Which entries are asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    before: Option<i64>,
    limit: Option<u32>,
    session: Option<String>,
    who: Option<String>,
    what: Option<String>,
}

async fn page(
    Shared(state): Shared<Arc<State>>,
    _: Administrator,
    Query(wanted): Query<Wanted>,
) -> Result<Json<AuditPage>, Refusal> {
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let Wanted { before, limit, session, who, what } = wanted;
    let filter = Filter { before, session: given(session), who: given(who), what: given(what) };
    let limit = limit.unwrap_or(PAGE.0).clamp(1, PAGE.1);
    let (lines, more) = state.store.audit_page(&filter, limit).await?;
    let whole = state.recorder.verify().await?.breaks.is_none();
    let entries = lines.into_iter().map(entry).collect();
    Ok(Json(AuditPage { entries, more, whole, failing: state.recorder.is_failing() }))
}

fn entry(Line { seq, at, what, who, session, about, times, hash }: Line) -> AuditEntry {
    AuditEntry { seq, at, what, who, session, about, times, hash: hex(&hash) }
}

/// All entries that there are now, as JSON Lines, and a last line with the chain's ends.
async fn export(
    Shared(state): Shared<Arc<State>>,
    Administrator(account): Administrator,
) -> Result<impl IntoResponse, Refusal> {
    let ends = state.recorder.ends().await;
    let count = ends.head.seq - ends.anchor.seq;
    state.trail.note(Deed::new(What::AuditExported).by(&account.name).about(&count.to_string()));
    let copying = Copying { store: state.store.clone(), ends, next: Some(i64::MIN) };
    let lines = stream::try_unfold(copying, Copying::piece);
    let disposition = "attachment; filename=\"alongside-audit.jsonl\"";
    Ok(([(CONTENT_TYPE, "application/jsonl"), (CONTENT_DISPOSITION, disposition)], Body::from_stream(lines)))
}

/// A copy on its way.
struct Copying {
    store: Store,
    ends: Ends,
    /// The entry after which it goes on; none: all is told.
    next: Option<i64>,
}

impl Copying {
    async fn piece(mut self) -> Result<Option<(Bytes, Self)>, StoreError> {
        let Some(next) = self.next else { return Ok(None) };
        let lines = self.store.audit_after(next).await?;
        let mut text = Vec::new();
        self.next = lines.last().map(|line| line.seq).filter(|seq| *seq < self.ends.head.seq);
        for line in lines.into_iter().filter(|line| line.seq <= self.ends.head.seq) {
            write(&mut text, &entry(line))?;
        }
        if self.next.is_none() {
            write(&mut text, &self.ends.told())?;
        }
        Ok(Some((text.into(), self)))
    }
}

fn write(text: &mut Vec<u8>, line: &impl serde::Serialize) -> Result<(), StoreError> {
    serde_json::to_writer(&mut *text, line).map_err(StoreError::Json)?;
    text.push(b'\n');
    Ok(())
}
