//! The servers beside the shop: its CDN, the payment frame, the tracker, the advertisements.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_RANGE, ETAG, IF_NONE_MATCH, RANGE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::files;
use super::shop::Site;
use super::wire::{Form, typed};

/// Style sheets, pictures in any width, the font and the video, for every origin, to be cached.
pub(super) fn cdn() -> Router {
    Router::new().route("/{*path}", get(file))
}

async fn file(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let Some((kind, body)) = picture(&path).or_else(|| plain(&path)) else {
        return (StatusCode::NOT_FOUND, "no such file").into_response();
    };
    let etag = format!("\"{:x}-{}\"", body.len(), path.len());
    let mut response = if headers.get(IF_NONE_MATCH).is_some_and(|seen| seen.as_bytes() == etag.as_bytes()) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ranged(kind, &body, &headers)
    };
    let out = response.headers_mut();
    out.insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    out.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=600"));
    out.extend(HeaderValue::from_str(&etag).ok().map(|value| (ETAG, value)));
    response
}

/// `pictures/{slug}-{width}.svg`: the drawing at a width.
fn picture(path: &str) -> Option<(&'static str, Vec<u8>)> {
    let (name, width) = path.strip_suffix(".svg")?.rsplit_once('-')?;
    let width: u32 = width.parse().ok().filter(|width| (16..=2000).contains(width))?;
    let drawing = String::from_utf8(files::bytes(&format!("cdn/{name}.svg"))?).ok()?;
    let sized =
        drawing.replacen(r#"width="400" height="300""#, &format!(r#"width="{width}" height="{}""#, width * 3 / 4), 1);
    Some(("image/svg+xml", sized.into_bytes()))
}

fn plain(path: &str) -> Option<(&'static str, Vec<u8>)> {
    let kind = match path.rsplit_once('.')?.1 {
        "css" => "text/css",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        "webm" => "video/webm",
        _ => return None,
    };
    Some((kind, files::bytes(&format!("cdn/{path}"))?))
}

/// The whole body, or the one range that was asked for.
fn ranged(kind: &'static str, body: &[u8], headers: &HeaderMap) -> Response {
    let asked =
        headers.get(RANGE).and_then(|v| v.to_str().ok()).and_then(|v| v.strip_prefix("bytes=")?.split_once('-'));
    let range = asked.and_then(|(from, to)| {
        let from: usize = from.parse().ok()?;
        let to = if to.is_empty() { body.len() - 1 } else { to.parse::<usize>().ok()?.min(body.len() - 1) };
        (from <= to).then_some((from, to))
    });
    let Some((from, to)) = range else { return typed(kind, body.to_vec()) };
    let mut response = (StatusCode::PARTIAL_CONTENT, typed(kind, body[from..=to].to_vec())).into_response();
    let value = HeaderValue::from_str(&format!("bytes {from}-{to}/{}", body.len()));
    response.headers_mut().extend(value.ok().map(|value| (CONTENT_RANGE, value)));
    response
}

#[derive(Deserialize)]
struct Amount {
    #[serde(default)]
    amount: u32,
}

/// The payment frame, which lives in pages of the shop.
pub(super) fn pay(site: Arc<Site>) -> Router {
    let frame = |State(site): State<Arc<Site>>, Query(query): Query<Amount>| async move {
        let amount = query.amount.to_string();
        typed("text/html; charset=utf-8", files::fill("pay/frame.html", &site.origins, &[("amount", &amount)]))
    };
    let confirm = |body: Bytes| async move {
        let amount: u32 = Form::parse(&body).get("amount").parse().unwrap_or_default();
        axum::Json(serde_json::json!({ "paid": amount }))
    };
    Router::new().route("/frame", get(frame)).route("/confirm", post(confirm)).with_state(site)
}

/// A tracker: its script, and where the script reports to.
pub(super) fn tracker() -> Router {
    Router::new()
        .route("/track.js", get(|| async { typed("text/javascript", files::text("tracker/track.js")) }))
        .route("/collect", post(|| async { StatusCode::NO_CONTENT }))
}

/// Advertisements: a frame and a picture.
pub(super) fn ads() -> Router {
    let pixel = r##"<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><rect width="1" height="1" fill="#ffe08a"/></svg>"##;
    Router::new()
        .route("/banner", get(|| async { typed("text/html; charset=utf-8", files::text("ads/banner.html")) }))
        .route("/pixel.svg", get(move || async move { typed("image/svg+xml", pixel) }))
}
