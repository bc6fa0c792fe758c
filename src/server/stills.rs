//! Screenshots that agents ask for of sessions on the image way.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{Path, State as Shared};
use axum::response::{IntoResponse, Response};
use axum::{Router, routing};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use super::State;
use super::reply::Refusal;
use super::sessions::permitted;
use super::signin::{SignedIn, agent};
use crate::origin::Sid;
use crate::policy::Wish;

/// How long one may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What an agent asks for.
pub(super) struct Ask {
    pub(super) answer: oneshot::Sender<Result<Still, NoStill>>,
}

/// A picture of what the visitor sees.
pub(super) struct Still {
    /// PNG.
    pub(super) png: Bytes,
    /// Edition of the terms by which it was covered.
    pub(super) edition: u64,
}

/// There is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NoStill {
    /// The page does not go the image way, or is not there at the moment.
    #[error("there is no picture of the page at the moment")]
    Away,
    /// It cannot be said what of it agents may see.
    #[error("what of the page may be shown could not be told in time")]
    Undecided,
}

/// Sessions whose page can be asked for a still.
#[derive(Clone, Default)]
pub(super) struct Stills(Arc<Mutex<HashMap<Sid, mpsc::Sender<Ask>>>>);

#[cfg_attr(not(feature = "image"), allow(dead_code, reason = "nobody makes any"))]
impl Stills {
    /// This session's can, from now on.
    pub(super) fn put(&self, sid: &Sid, asks: mpsc::Sender<Ask>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(sid.clone(), asks);
    }

    /// It cannot any more, unless somebody else has taken over.
    pub(super) fn remove(&self, sid: &Sid) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.get(sid).is_some_and(mpsc::Sender::is_closed) {
            all.remove(sid);
        }
    }

    async fn take(&self, sid: &Sid) -> Result<Still, NoStill> {
        let asks = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(sid).cloned();
        let (answer, still) = oneshot::channel();
        asks.ok_or(NoStill::Away)?.try_send(Ask { answer }).map_err(|_| NoStill::Away)?;
        timeout(PATIENCE, still).await.map_err(|_| NoStill::Undecided)?.unwrap_or(Err(NoStill::Away))
    }
}

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new().route("/api/sessions/{id}/still", routing::get(still))
}

async fn still(
    Shared(state): Shared<Arc<State>>,
    SignedIn(account): SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let agent = agent(account);
    let session = permitted(&state, &agent, &id, Wish::View)?.into_inner();
    let Still { png, edition } = state.stills.take(session.id()).await?;
    // By what holds now, not by what held when it was asked for.
    permitted(&state, &agent, &id, Wish::View)?;
    if !session.shows_frames_of(edition) {
        return Err(NoStill::Undecided.into());
    }
    Ok(([(CONTENT_TYPE, "image/png")], png).into_response())
}
