//! Preview: a page as a visitor and as an agent would see it by rules that are not saved.

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, State as Shared};
use axum::{Json, Router, routing};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use url::Url;

use super::fetch::{Fetcher, NoPage, PAGE};
use super::rules::{self, NotDone};
use crate::policy::{Policy, Refused, Use};
use crate::protocol::admin::{AskPreview, Checked, Preview};
use crate::rules::TEXT;
use crate::server::State;
use crate::server::control::Body;
use crate::server::reply::Refusal;
use crate::server::signin::Administrator;
use crate::session::token;
use crate::wash::preview::Page;

/// Previews that are made at once: each is work for a second or so.
static ROOM: Semaphore = Semaphore::const_new(2);

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/api/admin/rules/preview", routing::post(preview))
        .layer(DefaultBodyLimit::max(2 * TEXT + 2 * PAGE))
}

async fn preview(
    Shared(state): Shared<Arc<State>>,
    Administrator(account): Administrator,
    Body(AskPreview { sites, url, html }): Body<AskPreview>,
) -> Result<Json<Preview>, NotDone> {
    let (sites, checked) = rules::apart(move || {
        let checked = Policy::check(&sites);
        (sites, checked)
    })
    .await?;
    let policy = Arc::new(checked.map_err(|faults| NotDone::Wrong(Checked { faults }))?);
    let url = Url::parse(url.trim()).map_err(|_| Refusal::Address(Refused::Scheme))?;
    let _room = ROOM.acquire().await.map_err(|_| Refusal::Ended)?;
    let fetcher = Fetcher {
        upstream: state.proxy.upstream.clone(),
        policy: Arc::clone(&policy),
        trail: state.trail.clone(),
        by: account.name,
    };
    let (url, html, mut notes) = match html {
        Some(html) if html.len() > PAGE => return Err(Refusal::Preview(NoPage::TooLarge).into()),
        Some(html) => (pasted(&policy, url)?, html, Vec::new()),
        None => fetcher.page(url).await?,
    };
    let mut secret = [0; 32];
    token::fill(&mut secret)?;
    let site = policy.site_of(&url, Use::Page).map(|site| site.name.clone());
    let page = Arc::new(Page { domain: Arc::clone(state.sessions.domain()), secret, sites, url, html });
    let wanted = apart(&page, Page::wanted).await?;
    let (files, missing) = fetcher.files(&page, wanted).await;
    let sides = apart(&page, move |page| page.sides(&files)).await?;
    notes.extend(missing);
    notes.extend(sides.notes);
    if site.is_none() {
        notes.push(
            "No site covers this address: agents would not see the page, and all of it is masked here.".to_owned(),
        );
    }
    let url = page.url.to_string();
    Ok(Json(Preview { url, site, visitor: sides.visitor, agent: sides.agent, marks: sides.marks, notes }))
}

/// Does work off the threads that serve others.
async fn apart<T: Send + 'static, E: Send + 'static>(
    page: &Arc<Page>,
    work: impl FnOnce(&Page) -> Result<T, E> + Send + 'static,
) -> Result<T, Refusal> {
    let page = Arc::clone(page);
    let done = spawn_blocking(move || work(&page)).await;
    done.ok().and_then(Result::ok).ok_or(Refusal::Preview(NoPage::TooLarge))
}

/// The address that a pasted page is said to have: any on the web.
fn pasted(policy: &Policy, url: Url) -> Result<Url, Refusal> {
    match policy.permit(&url, Use::Page) {
        Ok(_) | Err(Refused::NotListed) => Ok(url),
        Err(refused) => Err(Refusal::Address(refused)),
    }
}
