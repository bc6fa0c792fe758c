//! The shop's own server: catalogue, products, search, and the frame around every page.

use std::fmt::Write as _;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, OnceLock};

use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, X_FRAME_OPTIONS};
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;

use super::files::{self, Product, escape, fill, price};
use super::wire::typed;
use super::{Origins, account, basket, checkout, live, oddities};

/// What the shop knows.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) origins: Origins,
    pub(super) products: Vec<Product>,
    /// Vouchers given out so far; each can be fetched once.
    pub(super) vouchers: AtomicU64,
    pub(super) fetched: std::sync::Mutex<std::collections::BTreeSet<u64>>,
    /// Origin at which help is asked for.
    pub(super) control: OnceLock<String>,
}

impl Site {
    pub(super) fn new(origins: Origins) -> std::io::Result<Self> {
        Ok(Self {
            origins,
            products: files::products()?,
            vouchers: AtomicU64::new(0),
            fetched: std::sync::Mutex::default(),
            control: OnceLock::new(),
        })
    }

    pub(super) fn product(&self, slug: &str) -> Option<&Product> {
        self.products.iter().find(|product| product.slug == slug)
    }

    /// A page of the shop: a template of `pages/` within the layout.
    pub(super) fn page(&self, status: StatusCode, title: &str, template: &str, values: &[(&str, &str)]) -> Response {
        let body = fill(&format!("pages/{template}.html"), &self.origins, values);
        self.framed(status, title, template, &body)
    }

    /// Markup within the layout.
    pub(super) fn framed(&self, status: StatusCode, title: &str, path: &str, body: &str) -> Response {
        let control = self.control.get().map_or("", String::as_str);
        let [button, link] = help(control, &self.origins);
        let values = [("title", title), ("path", path), ("body", body), ("help_button", &button), ("help_link", &link)];
        let page = fill("pages/layout.html", &self.origins, &values);
        let mut response = (status, typed("text/html; charset=utf-8", page)).into_response();
        let Origins { shop, cdn, pay, tracker, ads } = &self.origins;
        let socket = shop.as_str().replacen("http", "ws", 1);
        let policy = format!(
            "default-src 'self'; script-src 'self' {tracker} {control}; style-src 'self' {cdn}; font-src {cdn}; media-src {cdn}; img-src 'self' {cdn} {ads}; \
             connect-src 'self' {socket} {tracker}; frame-src {pay} {ads}; frame-ancestors 'self'; form-action 'self'"
        );
        let headers = response.headers_mut();
        headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
        headers.extend(HeaderValue::from_str(&policy).ok().map(|value| (CONTENT_SECURITY_POLICY, value)));
        response
    }

    fn card(&self, product: &Product) -> String {
        let Product { slug, name, line, pence, stars, .. } = product;
        let values = [
            ("slug", slug.as_str()),
            ("name", name),
            ("line", line),
            ("price", &price(*pence)),
            ("stars", &stars.to_string()),
            ("rating", &rating(*stars)),
        ];
        fill("pages/card.html", &self.origins, &values)
    }
}

/// "Need help?" as sites put it on their pages: the button, a script of the control origin's, which no session lets in, and a link, which `shop.js`
/// shows on the real site alone, because it would lead out of a session.
fn help(control: &str, origins: &Origins) -> [String; 2] {
    if control.is_empty() {
        return Default::default();
    }
    let site = origins.shop.as_str().trim_end_matches('/');
    [
        format!("<script defer src=\"{control}/help.js\"></script>\n"),
        format!("<a id=\"help\" href=\"{control}/help\" data-site=\"{site}\" hidden>Need help?</a>"),
    ]
}

fn rating(stars: usize) -> String {
    "★".repeat(stars) + &"☆".repeat(5 - stars.min(5))
}

/// All routes.
pub(super) fn router(site: Arc<Site>) -> Router {
    let still = |template: &'static str, title: &'static str| {
        get(move |State(site): State<Arc<Site>>| async move { site.page(StatusCode::OK, title, template, &[]) })
    };
    let script = |path: &'static str| get(move || async move { typed("text/javascript", files::text(path)) });
    Router::new()
        .route("/", get(catalogue))
        .route("/product/{slug}", get(product))
        .route("/search", get(search))
        .route("/api/search", get(found))
        .route("/studio", get(studio))
        .route("/design", still("design", "Design your mug"))
        .route("/moving", still("moving", "Everything moves"))
        .route("/gift-card", still("gift-card", "Gift cards"))
        .route("/live", still("live", "Live"))
        .route("/oddments", still("oddments", "Oddments"))
        .route("/finder", still("finder", "Tea finder"))
        .route("/finder/{*route}", still("finder", "Tea finder"))
        .route("/shop.js", script("shop/shop.js"))
        .route("/oddments.js", script("shop/oddments.js"))
        .route("/design.js", script("shop/design.js"))
        .route("/moving.js", script("shop/moving.js"))
        .route("/finder.js", script("shop/finder.js"))
        .merge(basket::routes())
        .merge(account::routes())
        .merge(checkout::routes())
        .merge(live::routes())
        .merge(oddities::routes())
        .fallback(missing)
        .with_state(site)
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    q: String,
}

async fn catalogue(State(site): State<Arc<Site>>, Query(asked): Query<Asked>) -> Response {
    let mut kinds = String::new();
    for (kind, name) in [
        ("", "all"),
        ("kettles", "kettles"),
        ("teapots", "teapots"),
        ("cups", "cups"),
        ("plants", "plants"),
        ("tea", "tea"),
    ] {
        let current = if asked.kind == kind { r#" aria-current="page""# } else { "" };
        let _ = write!(kinds, r#"<li><a href="/?kind={kind}"{current}>{name}</a></li>"#);
    }
    let shown = site.products.iter().filter(|product| asked.kind.is_empty() || product.kind == asked.kind);
    let cards: String = shown.map(|product| site.card(product)).collect();
    site.page(StatusCode::OK, "Catalogue", "catalogue", &[("kinds", &kinds), ("cards", &cards)])
}

async fn product(State(site): State<Arc<Site>>, Path(slug): Path<String>) -> Response {
    let Some(product) = site.product(&slug) else { return not_found(&site) };
    let in_stock = match product.stock {
        0 => "Sold out: we make more in spring.".to_owned(),
        n => format!("{n} in stock."),
    };
    let Product { slug, name, line, text, pence, stars, .. } = product;
    let values = [
        ("slug", slug.as_str()),
        ("name", name),
        ("line", line),
        ("text", text),
        ("price", &price(*pence)),
        ("stars", &stars.to_string()),
        ("rating", &rating(*stars)),
        ("in_stock", &in_stock),
    ];
    site.page(StatusCode::OK, name, "product", &values)
}

async fn search(State(site): State<Arc<Site>>, Query(asked): Query<Asked>) -> Response {
    site.page(StatusCode::OK, "Search", "search", &[("query", &asked.q)])
}

async fn found(State(site): State<Arc<Site>>, Query(asked): Query<Asked>) -> impl IntoResponse {
    let wanted = asked.q.trim().to_lowercase();
    let hits = |product: &&Product| {
        !wanted.is_empty()
            && [&product.name, &product.line, &product.kind].iter().any(|text| text.to_lowercase().contains(&wanted))
    };
    let hits: Vec<_> = site.products.iter().filter(hits).collect();
    let note = match (wanted.is_empty(), hits.len()) {
        (true, _) => "Type a word.".to_owned(),
        (_, 0) => format!("Nothing found for \u{201c}{}\u{201d}.", asked.q.trim()),
        (_, 1) => "One thing found.".to_owned(),
        (_, n) => format!("{n} things found."),
    };
    let html: String = hits.into_iter().map(|product| site.card(product)).collect();
    Json(serde_json::json!({ "note": note, "html": html }))
}

async fn studio(State(site): State<Arc<Site>>) -> Response {
    let notes: String = (1..=24)
        .map(|n| {
            format!(
                "<p>Firing {n}: cone {}, held for {} minutes. {}</p>",
                4 + n % 7,
                10 + n * 3 % 40,
                escape("Glaze & slip as before.")
            )
        })
        .collect();
    site.page(StatusCode::OK, "Studio", "studio", &[("notes", &notes)])
}

async fn missing(State(site): State<Arc<Site>>, uri: Uri) -> Response {
    tracing::debug!(path = uri.path(), "the demo shop has no such page");
    not_found(&site)
}

/// The shop's own 404.
pub(super) fn not_found(site: &Site) -> Response {
    site.page(StatusCode::NOT_FOUND, "Not found", "missing", &[])
}
