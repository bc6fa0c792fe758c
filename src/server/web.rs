//! The files that browsers get from us, embedded: console, join and administration pages, the viewer, shim and companion.

use std::borrow::Cow;

use bytes::Bytes;
use data_encoding::HEXLOWER;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use http::{HeaderValue, Response, StatusCode};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use super::reply;
use crate::proxy::Scripts;
use crate::upstream::{Body, body};

/// `web/dist` as `node web/build.mjs` makes it. A build for development reads it at each start.
#[derive(RustEmbed)]
#[folder = "web/dist"]
#[allow_missing = true]
struct Dist;

/// The web files are missing.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the web files are not built: run `make web` (or `npm ci && node build.mjs` in web/), then build again")]
pub struct NotBuilt;

/// Shim and companion, with the names that carry their hashes.
pub(super) struct PageScripts {
    shim: (String, Bytes),
    companion: (String, Bytes),
}

impl PageScripts {
    pub(super) fn load() -> Self {
        Self { shim: script("shim"), companion: script("companion") }
    }
}

impl Scripts for PageScripts {
    fn shim(&self) -> &str {
        &self.shim.0
    }

    fn companion(&self) -> &str {
        &self.companion.0
    }

    fn get(&self, name: &str) -> Option<Bytes> {
        [&self.shim, &self.companion].into_iter().find(|(known, _)| known == name).map(|(_, content)| content.clone())
    }
}

/// Whether the web files are there.
///
/// # Errors
/// See [`NotBuilt`].
pub fn check() -> Result<(), NotBuilt> {
    let needed = [
        "control/console/index.html",
        "control/join/index.html",
        "control/admin/index.html",
        "viewer/index.html",
        "screen/index.html",
        "view/shim.js",
        "view/companion.js",
    ];
    if needed.iter().all(|path| Dist::get(path).is_some()) { Ok(()) } else { Err(NotBuilt) }
}

/// A page, never cached, under a policy.
pub(super) fn page(path: &str, policy: &str) -> Response<Body> {
    let Some(file) = Dist::get(path) else {
        return reply::line(StatusCode::SERVICE_UNAVAILABLE, "The web files are not built.\n");
    };
    let mut response = Response::new(body::full(bytes(file.data)));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    if let Ok(policy) = HeaderValue::from_str(policy) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    reply::secure(headers);
    response
}

/// A file below `assets/` of a part (`control`, `viewer`): its name carries its hash, so it never changes.
pub(super) fn asset(part: &str, name: &str) -> Response<Body> {
    let known = !name.contains("..") && !name.contains('\\');
    let Some(file) = known.then(|| Dist::get(&format!("{part}/assets/{name}"))).flatten() else {
        return reply::line(StatusCode::NOT_FOUND, "There is nothing at this address.\n");
    };
    let mut response = Response::new(body::full(bytes(file.data)));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type(name)));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    reply::secure(headers);
    response
}

/// The button that sites put on their own pages: a script that other origins may load. Its name stays, so it is asked for anew.
pub(super) fn button() -> Response<Body> {
    let Some(file) = Dist::get("control/help.js") else {
        return reply::line(StatusCode::NOT_FOUND, "There is nothing at this address.\n");
    };
    let mut response = Response::new(body::full(bytes(file.data)));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type("help.js")));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
    reply::secure(headers);
    response
}

fn script(name: &str) -> (String, Bytes) {
    let content = Dist::get(&format!("view/{name}.js")).map(|file| bytes(file.data)).unwrap_or_default();
    let hash = HEXLOWER.encode(&Sha256::digest(&content)[..8]);
    (format!("{name}-{hash}.js"), content)
}

fn bytes(data: Cow<'static, [u8]>) -> Bytes {
    match data {
        Cow::Borrowed(data) => Bytes::from_static(data),
        Cow::Owned(data) => Bytes::from(data),
    }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("json" | "map") => "application/json",
        _ => "application/octet-stream",
    }
}
