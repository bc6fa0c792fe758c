//! The content of `fixtures/shop/`, embedded, and its templates: `{{name}}` is replaced by escaped text, `{{{name}}}` by markup.

use rust_embed::RustEmbed;
use serde::Deserialize;

use super::Origins;

#[derive(RustEmbed)]
#[folder = "fixtures/shop/"]
struct Files;

/// A product, as `products.json` describes it.
#[derive(Debug, Deserialize)]
pub(super) struct Product {
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) pence: u32,
    pub(super) stars: usize,
    pub(super) stock: u32,
    pub(super) line: String,
    pub(super) text: String,
}

/// All products, in the catalogue's order.
pub(super) fn products() -> std::io::Result<Vec<Product>> {
    serde_json::from_str(&text("products.json")).map_err(Into::into)
}

/// A file's bytes.
pub(super) fn bytes(path: &str) -> Option<Vec<u8>> {
    Files::get(path).map(|file| file.data.into_owned())
}

/// A text file; empty if there is none, which the test of all templates notices.
pub(super) fn text(path: &str) -> String {
    bytes(path).and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// Fills a template of `pages/`, or of another folder by its path.
pub(super) fn fill(template: &str, origins: &Origins, values: &[(&str, &str)]) -> String {
    let known = |name: &str| match name {
        "shop" => Some(trimmed(&origins.shop)),
        "cdn" => Some(trimmed(&origins.cdn)),
        "cdn_host" => Some(trimmed(&origins.cdn).trim_start_matches("http://").to_owned()),
        "pay" => Some(trimmed(&origins.pay)),
        "tracker" => Some(trimmed(&origins.tracker)),
        "ads" => Some(trimmed(&origins.ads)),
        "socket" => Some(trimmed(&origins.shop).replacen("http", "ws", 1)),
        _ => values.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()),
    };
    let source = text(template);
    let mut out = String::with_capacity(source.len() * 2);
    let mut rest = source.as_str();
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let (raw, after) = after.strip_prefix('{').map_or((false, after), |after| (true, after));
        let (name, after) = after.split_once(if raw { "}}}" } else { "}}" }).unwrap_or((after, ""));
        let value = known(name).unwrap_or_default();
        out.push_str(&if raw { value } else { escape(&value) });
        rest = after;
    }
    out.push_str(rest);
    out
}

fn trimmed(url: &url::Url) -> String {
    url.as_str().trim_end_matches('/').to_owned()
}

/// Text as markup that shows it, in elements and in quoted attributes.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Pence as people write them.
pub(super) fn price(pence: u32) -> String {
    format!("£{}.{:02}", pence / 100, pence % 100)
}
