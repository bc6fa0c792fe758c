//! What all five servers do to a request and its reply: count, compress, read cookies and forms.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use async_compression::tokio::bufread::{BrotliEncoder, GzipEncoder};
use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, LOCATION, VARY};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::TryStreamExt;
use tokio::io::AsyncRead;
use tokio_util::io::{ReaderStream, StreamReader};

/// Requests by path, of one server.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts(Arc<Mutex<BTreeMap<String, u64>>>);

/// Counts a request; answers `/.counts` with the figures as JSON, and does not count that.
pub(super) async fn count(State(counts): State<Counts>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    if path == "/.counts" {
        let figures = counts.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        return Json(figures).into_response();
    }
    *counts.0.lock().unwrap_or_else(PoisonError::into_inner).entry(path).or_default() += 1;
    next.run(request).await
}

/// Compresses as most sites do: documents with gzip, styles and scripts with brotli, where the client takes it.
/// A reply that is to arrive piece by piece says so with `x-accel-buffering: no` and stays as it is.
pub(super) async fn compress(request: Request, next: Next) -> Response {
    let accepts = request.headers().get(ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    let response = next.run(request).await;
    let kind = response.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let coding = match kind.split(';').next().unwrap_or_default() {
        "text/html" if accepts.contains("gzip") => "gzip",
        "text/css" | "text/javascript" if accepts.contains("br") => "br",
        _ => return response,
    };
    if response.status() != StatusCode::OK || response.headers().contains_key("x-accel-buffering") {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let plain = StreamReader::new(body.into_data_stream().map_err(io::Error::other));
    let body = if coding == "gzip" { streamed(GzipEncoder::new(plain)) } else { streamed(BrotliEncoder::new(plain)) };
    parts.headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
    parts.headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, body)
}

fn streamed(reader: impl AsyncRead + Send + 'static) -> Body {
    Body::from_stream(ReaderStream::new(reader))
}

/// A cookie's value.
pub(super) fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

/// A posted form's fields.
pub(super) struct Form(BTreeMap<String, String>);

impl Form {
    /// Reads `application/x-www-form-urlencoded`.
    pub(super) fn parse(body: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(body).into_owned().collect())
    }

    /// A field; empty if it was not posted.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

/// `303 See Other`, with cookies to set.
pub(super) fn see_other(to: &str, cookies: &[String]) -> Response {
    redirect(StatusCode::SEE_OTHER, to, cookies)
}

/// A redirect, with cookies to set.
pub(super) fn redirect(status: StatusCode, to: &str, cookies: &[String]) -> Response {
    let mut response = status.into_response();
    if let Ok(value) = HeaderValue::from_str(to) {
        response.headers_mut().insert(LOCATION, value);
    }
    for value in cookies.iter().filter_map(|cookie| HeaderValue::from_str(cookie).ok()) {
        response.headers_mut().append(axum::http::header::SET_COOKIE, value);
    }
    response
}

/// Bytes of a type.
pub(super) fn typed(kind: &'static str, body: impl Into<Body>) -> Response {
    ([(CONTENT_TYPE, kind)], body.into()).into_response()
}
