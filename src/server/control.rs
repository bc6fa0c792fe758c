//! The control host: console and join pages, the API, health.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequest, Path, Request, State as Shared, rejection::JsonRejection};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::{Json, Router, routing};
use http::header::{HOST, ORIGIN};
use http::{Method, StatusCode};
use serde::de::DeserializeOwned;

use super::reply::{self, Refusal};
use super::{State, account, admin, help, join, sessions, signin, sockets, stills, web};

/// Bytes of a request's body.
const BODY: usize = 16 << 10;
/// How long it may take to come.
const PATIENCE: Duration = Duration::from_secs(30);

/// All that the control host serves.
pub(super) fn router(state: Arc<State>) -> Router {
    let api = Router::new()
        .merge(signin::routes())
        .merge(sessions::routes())
        .merge(stills::routes())
        .merge(join::routes())
        .merge(help::routes())
        .merge(account::routes())
        .merge(admin::routes());
    Router::new()
        .merge(api)
        .route("/", routing::get(console))
        .route("/join", routing::get(join_page))
        .route("/join/{token}", routing::get(join_page))
        .route("/help", routing::get(join_page))
        .route("/help.js", routing::get(async || web::button()))
        .route("/assets/{*name}", routing::get(asset))
        .route("/health", routing::get(async || "ok\n"))
        .route("/ready", routing::get(ready))
        .fallback(async || Refusal::NotFound)
        .method_not_allowed_fallback(async || (StatusCode::METHOD_NOT_ALLOWED, "Not in this way.\n"))
        .layer(axum::extract::DefaultBodyLimit::max(BODY))
        .layer(middleware::from_fn_with_state(Arc::clone(&state), own_pages_only))
        .layer(middleware::map_response(async |mut response: Response| {
            reply::secure(response.headers_mut());
            response
        }))
        .with_state(state)
}

/// What changes something, every socket, and all of the API, come from our own pages alone: `SameSite=Strict` cookies do not stop another host of our
/// site. What a browser says comes from elsewhere is not even read: an export is work, and an entry of the audit trail.
async fn own_pages_only(Shared(state): Shared<Arc<State>>, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD) && !sockets::is_asked_for(request.headers());
    let origin = request.headers().get(ORIGIN);
    let own = origin.is_some_and(|origin| origin.as_bytes() == state.control_origin.as_bytes());
    let api = request.uri().path().starts_with("/api/");
    let site = request.headers().get("sec-fetch-site").filter(|_| api);
    let strange = site.is_some_and(|site| !matches!(site.as_bytes(), b"same-origin" | b"none"));
    if (reads || own) && !strange { next.run(request).await } else { Refusal::CrossSite.into_response() }
}

/// A JSON body; what cannot be read is refused in our own words.
pub(super) struct Body<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<Arc<State>> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &Arc<State>) -> Result<Self, Refusal> {
        let read = tokio::time::timeout(PATIENCE, Json::from_request(request, state)).await;
        let read: Result<Json<T>, JsonRejection> = read.map_err(|_| Refusal::BadRequest)?;
        read.map(|Json(body)| Self(body)).map_err(|_| Refusal::BadRequest)
    }
}

async fn console(Shared(state): Shared<Arc<State>>, request: Request) -> impl IntoResponse {
    page(&state, &request, "console")
}

async fn join_page(Shared(state): Shared<Arc<State>>, request: Request) -> impl IntoResponse {
    page(&state, &request, "join")
}

fn page(state: &State, request: &Request, name: &str) -> http::Response<crate::upstream::Body> {
    let domain = state.sessions.domain();
    let views = format!("{}://*.{}:{}", domain.scheme.as_str(), domain.domain, domain.port);
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or(&state.config.control.host);
    let socket = if domain.scheme == crate::origin::Scheme::Https { "wss" } else { "ws" };
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; \
         connect-src 'self' {socket}://{host}; frame-src {views}; frame-ancestors 'none'; base-uri 'none'; form-action 'self' {views}"
    );
    web::page(&format!("control/{name}/index.html"), &policy)
}

async fn asset(Path(name): Path<String>) -> impl IntoResponse {
    web::asset("control", &name)
}

async fn ready(Shared(state): Shared<Arc<State>>) -> Result<&'static str, Refusal> {
    state.store.ready().await?;
    Ok("ready\n")
}
