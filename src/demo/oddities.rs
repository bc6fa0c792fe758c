//! What real sites have beside pages: redirect chains, a slow page, two megabytes at once, a download, an upload.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::{StreamExt, stream};
use serde::Deserialize;

use super::files::{escape, fill, price};
use super::shop::Site;
use super::wire::{redirect, typed};

/// Lines of the long page: about two megabytes.
const ROWS: usize = 6200;
/// Largest upload.
const UPLOAD: usize = 16 << 20;
/// Pieces of the slow page.
const PIECES: u64 = 10;

pub(super) fn routes() -> Router<Arc<Site>> {
    let page = |State(site): State<Arc<Site>>| async move { site.page(StatusCode::OK, "Upload", "upload", &[]) };
    Router::new()
        .route(
            "/old/catalogue",
            get(|State(site): State<Arc<Site>>| hop(site, StatusCode::MOVED_PERMANENTLY, "/old/products")),
        )
        .route(
            "/old/products",
            get(|| async { redirect(StatusCode::FOUND, "moved?from=old", &["came=old; Path=/".to_owned()]) }),
        )
        .route(
            "/old/moved",
            get(|State(site): State<Arc<Site>>| hop(site, StatusCode::TEMPORARY_REDIRECT, "/?kind=teapots")),
        )
        .route("/everything", get(everything))
        .route("/slow", get(slow))
        .route("/download/price-list.csv", get(download))
        .route("/upload", get(page).post(upload).layer(DefaultBodyLimit::max(UPLOAD)))
}

/// A redirect to an absolute address of the shop.
async fn hop(site: Arc<Site>, status: StatusCode, to: &str) -> Response {
    redirect(status, site.origins.shop.join(to).as_ref().map_or(to, url::Url::as_str), &[])
}

async fn everything(State(site): State<Arc<Site>>) -> Response {
    let mut body = fill("pages/everything.html", &site.origins, &[("rows", &ROWS.to_string())]);
    for (n, product) in site.products.iter().cycle().take(ROWS).enumerate() {
        let (aisle, shelf, place) = (n / 400 + 1, n / 20 % 20 + 1, n % 20 + 1);
        let pence = product.pence + u32::try_from(n % 90).unwrap_or_default();
        let (slug, name, text, price) = (&product.slug, escape(&product.name), escape(&product.text), price(pence));
        let _ = writeln!(
            body,
            r#"<tr id="line-{n}" data-aisle="{aisle}"><td>{n}</td><td><a href="/product/{slug}?line={n}" title="{name}, line {n} of {ROWS}">{name}</a> <small>{text}</small></td><td>Aisle {aisle}, shelf {shelf}, place {place}</td><td class="price">{price}</td></tr>"#
        );
    }
    body.push_str("</tbody></table>");
    site.framed(StatusCode::OK, "Everything", "everything", &body)
}

#[derive(Deserialize)]
struct Slow {
    #[serde(default)]
    ms: u64,
}

/// A page that arrives in ten pieces over `ms` milliseconds (a minute at most).
async fn slow(State(site): State<Arc<Site>>, Query(Slow { ms }): Query<Slow>) -> Response {
    let whole =
        fill("pages/layout.html", &site.origins, &[("title", "Slow"), ("path", "slow"), ("body", "<!--pieces-->")]);
    let (head, foot) = whole.split_once("<!--pieces-->").unwrap_or((&whole, ""));
    let (head, foot) = (
        head.to_owned() + "<h1>A slow page</h1><ol id=\"pieces\">",
        format!("</ol><p id=\"done\">All here.</p>{foot}"),
    );
    let pause = Duration::from_millis(ms.min(60_000) / PIECES);
    let pieces = stream::iter(1..=PIECES).then(move |n| async move {
        tokio::time::sleep(pause).await;
        format!("<li>Piece {n}</li>")
    });
    let whole = stream::once(async { head }).chain(pieces).chain(stream::once(async { foot }));
    let body = Body::from_stream(whole.map(|piece| Ok::<_, std::convert::Infallible>(Bytes::from(piece))));
    let headers =
        [(CONTENT_TYPE, "text/html; charset=utf-8"), (axum::http::HeaderName::from_static("x-accel-buffering"), "no")];
    (headers, body).into_response()
}

async fn download(State(site): State<Arc<Site>>) -> Response {
    let lines = site
        .products
        .iter()
        .map(|product| format!("{},{}.{:02}\r\n", product.name, product.pence / 100, product.pence % 100));
    let csv = "name,price\r\n".to_owned() + &lines.collect::<String>();
    let mut response = typed("text/csv; charset=utf-8", csv);
    let named = HeaderValue::from_static(r#"attachment; filename="price-list.csv""#);
    response.headers_mut().insert(CONTENT_DISPOSITION, named);
    response
}

/// Tells what came: each part's name, file name and size.
async fn upload(State(site): State<Arc<Site>>, headers: HeaderMap, body: Bytes) -> Response {
    let kind = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let Some((_, boundary)) = kind.split_once("boundary=") else {
        return (StatusCode::BAD_REQUEST, "a multipart form is expected").into_response();
    };
    let parts: String =
        parts(&body, boundary.trim_matches('"')).iter().map(|part| format!("<li>{}</li>", escape(part))).collect();
    site.page(StatusCode::OK, "Upload", "uploaded", &[("parts", &parts)])
}

fn parts(body: &[u8], boundary: &str) -> Vec<String> {
    let mark = format!("--{boundary}").into_bytes();
    let ends: Vec<usize> = body.windows(mark.len()).enumerate().filter(|(_, w)| *w == mark).map(|(at, _)| at).collect();
    let part = |pair: &[usize]| {
        let piece = body.get(pair[0] + mark.len() + 2..pair[1].checked_sub(2)?)?;
        let split = piece.windows(4).position(|w| w == b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&piece[..split]);
        let value = |key: &str| {
            head.split_once(key).and_then(|(_, rest)| rest.split('"').next()).unwrap_or_default().to_owned()
        };
        let (name, file) = (value(" name=\""), value("filename=\""));
        let file = if file.is_empty() { String::new() } else { format!(" ({file})") };
        Some(format!("{name}{file}: {} bytes", piece.len() - split - 4))
    };
    ends.windows(2).filter_map(part).collect()
}
