//! The basket, kept in a cookie that the pages' scripts read too: `{slug}_{count}` joined by dots.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};

use super::files::{Product, escape, price};
use super::shop::Site;
use super::wire::{Form, cookie, see_other};

pub(super) fn routes() -> Router<Arc<Site>> {
    Router::new().route("/basket", get(show)).route("/basket/add", post(add)).route("/basket/remove", post(remove))
}

/// What is in the basket, products that do not exist left out.
pub(super) fn lines<'a>(site: &'a Site, headers: &HeaderMap) -> Vec<(&'a Product, u32)> {
    let value = cookie(headers, "basket").unwrap_or_default();
    let line = |line: &str| {
        let (slug, count) = line.split_once('_')?;
        Some((site.product(slug)?, count.parse::<u32>().ok().filter(|count| (1..100).contains(count))?))
    };
    value.split('.').filter_map(line).collect()
}

/// What the basket costs, in pence.
pub(super) fn total(lines: &[(&Product, u32)]) -> u32 {
    lines.iter().map(|(product, count)| product.pence * count).sum()
}

fn kept(lines: &[(&Product, u32)]) -> String {
    let value: Vec<_> = lines.iter().map(|(product, count)| format!("{}_{count}", product.slug)).collect();
    format!("basket={}; Path=/; Max-Age=86400; SameSite=Lax", value.join("."))
}

async fn show(State(site): State<Arc<Site>>, headers: HeaderMap) -> Response {
    let lines = lines(&site, &headers);
    let mut html = String::new();
    if lines.is_empty() {
        html.push_str("<p>Your basket is empty.</p>");
    } else {
        html.push_str("<table><thead><tr><th>What</th><th>How many</th><th>Price</th><th></th></tr></thead><tbody>");
        for (product, count) in &lines {
            let Product { slug, name, pence, .. } = product;
            let (name, sum) = (escape(name), price(pence * count));
            let _ = write!(
                html,
                r#"<tr><td><a href="/product/{slug}">{name}</a></td><td>{count}</td><td>{sum}</td><td><form method="post" action="/basket/remove"><button class="plain" name="slug" value="{slug}">Remove</button></form></td></tr>"#
            );
        }
        let sum = price(total(&lines));
        let _ = write!(
            html,
            r#"</tbody></table><p>Together: <strong class="price" id="total">{sum}</strong></p><p><a class="button" href="/checkout">Go to checkout</a></p>"#
        );
    }
    site.page(StatusCode::OK, "Basket", "basket", &[("lines", &html)])
}

async fn add(State(site): State<Arc<Site>>, headers: HeaderMap, body: Bytes) -> Response {
    let form = Form::parse(&body);
    let mut lines = lines(&site, &headers);
    let count = form.get("count").parse().unwrap_or(1);
    if let Some(product) = site.product(form.get("slug")) {
        match lines.iter_mut().find(|(known, _)| known.slug == product.slug) {
            Some((_, known)) => *known += count,
            None => lines.push((product, count)),
        }
    }
    see_other(site.origins.shop.join("/basket").as_ref().map_or("/basket", url::Url::as_str), &[kept(&lines)])
}

async fn remove(State(site): State<Arc<Site>>, headers: HeaderMap, body: Bytes) -> Response {
    let form = Form::parse(&body);
    let mut lines = lines(&site, &headers);
    lines.retain(|(product, _)| product.slug != form.get("slug"));
    see_other("/basket", &[kept(&lines)])
}
