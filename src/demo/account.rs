//! Log-in with an HttpOnly cookie, and the account with two pictures that a second party could not fetch: one asks for the log-in,
//! one works once.

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::shop::Site;
use super::wire::{Form, cookie, see_other, typed};

/// The one customer.
const CUSTOMER: (&str, &str) = ("robin", "fern");

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new()
        .route("/log-in", get(ask).post(log_in))
        .route("/log-out", post(log_out))
        .route("/account", get(account))
        .route("/account/payments", get(payments))
        .route("/account/card.svg", get(card))
        .route("/account/voucher.svg", get(voucher))
}

/// Whether the log-in's cookie came along.
pub(super) fn known(headers: &HeaderMap) -> bool {
    cookie(headers, "customer").as_deref() == Some(CUSTOMER.0)
}

#[derive(Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

async fn ask(State(site): State<Arc<Site>>, Query(query): Query<Next>) -> Response {
    site.page(StatusCode::OK, "Log in", "log-in", &[("next", &query.next)])
}

async fn log_in(State(site): State<Arc<Site>>, body: Bytes) -> Response {
    let form = Form::parse(&body);
    let next =
        Some(form.get("next")).filter(|next| next.starts_with('/') && !next.starts_with("//")).unwrap_or("/account");
    if (form.get("name"), form.get("password")) == CUSTOMER {
        return see_other(next, &[format!("customer={}; Path=/; HttpOnly; SameSite=Lax", CUSTOMER.0)]);
    }
    let message = r#"<p class="wrong" role="alert">Name or password is wrong.</p>"#;
    let values = [("message", message), ("next", next), ("name", form.get("name"))];
    site.page(StatusCode::UNAUTHORIZED, "Log in", "log-in", &values)
}

async fn log_out() -> Response {
    see_other("/", &["customer=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax".to_owned()])
}

async fn account(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    if !known(&headers) {
        return see_other("/log-in?next=/account", &[]);
    }
    let token = site.vouchers.fetch_add(1, Ordering::Relaxed).to_string();
    let mut response = site.page(StatusCode::OK, "Account", "account", &[("token", &token)]);
    response.headers_mut().insert(CACHE_CONTROL, axum::http::HeaderValue::from_static("no-store"));
    response
}

/// What agents do not see whole: the demo's rules mask and hide parts of it.
async fn payments(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    if !known(&headers) {
        return see_other("/log-in?next=/account/payments", &[]);
    }
    site.page(StatusCode::OK, "Payments", "payments", &[])
}

async fn card(headers: HeaderMap) -> Response {
    if !known(&headers) {
        return (StatusCode::FORBIDDEN, "log in first").into_response();
    }
    drawing("#2f4f3e", "Robin Field", "Customer since the first kettle")
}

#[derive(Deserialize)]
struct Token {
    token: u64,
}

async fn voucher(State(site): State<Arc<Site>>, Query(Token { token }): Query<Token>) -> Response {
    let given = token < site.vouchers.load(Ordering::Relaxed);
    if given && site.fetched.lock().unwrap_or_else(PoisonError::into_inner).insert(token) {
        return drawing("#b34d26", "£5 off", "For the next pot of tea");
    }
    (StatusCode::GONE, "this voucher was fetched before").into_response()
}

fn drawing(ground: &str, title: &str, line: &str) -> Response {
    let svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="320" height="180" viewBox="0 0 320 180"><rect width="320" height="180" rx="14" fill="{ground}"/><circle cx="270" cy="46" r="24" fill="#e2b36b"/><text x="24" y="110" font-family="Noto Serif, Georgia, serif" font-size="30" fill="#fff">{title}</text><text x="24" y="144" font-family="Noto Sans, Arial, sans-serif" font-size="14" fill="#f1e4cf">{line}</text></svg>"##
    );
    ([(CACHE_CONTROL, "private, no-store")], typed("image/svg+xml", svg)).into_response()
}
