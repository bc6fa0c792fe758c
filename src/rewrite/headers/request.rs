//! From the visitor's browser to the site.

use http::header::{ACCEPT_ENCODING, COOKIE, HOST, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, ORIGIN, RANGE, REFERER};
use http::{HeaderMap, HeaderValue};
use url::Url;

use super::{
    Destination, ETAG_PREFIX, Exchange, SEC_FETCH_MODE, SEC_FETCH_SITE, destination, end_to_end, query, set, text,
};

/// Fields that say something of the visitor's way to us.
const OURS: &[&str] = &[
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-port",
    "x-forwarded-proto",
    "x-real-ip",
    "sec-fetch-storage-access",
];

/// Content codings that the proxy can undo.
const CODINGS: &[&str] = &["gzip", "br", "zstd", "identity"];

/// The request's header fields for the upstream, without `Host` and `Cookie`.
#[must_use]
pub fn to_upstream(exchange: &Exchange<'_>) -> HeaderMap {
    let mut out = end_to_end(exchange.request);
    out.remove(HOST);
    out.remove(COOKIE);
    for name in OURS {
        out.remove(*name);
    }
    let initiator = initiator(exchange, &mut out);
    set(&mut out, &SEC_FETCH_SITE, site(exchange, initiator.as_ref()));
    codings(&mut out);
    validators(exchange, &mut out);
    values(exchange, &mut out);
    out
}

/// `Origin` and `Referer` in the site's terms. Gives the address that the request comes from, if it is one of the session's.
fn initiator(exchange: &Exchange<'_>, out: &mut HeaderMap) -> Option<Url> {
    let origin =
        text(exchange.request, &ORIGIN).filter(|value| *value != "null").and_then(|value| exchange.unmap(value));
    if text(exchange.request, &ORIGIN) != Some("null") {
        set(out, &ORIGIN, origin.as_ref().map(|url| url.origin().ascii_serialization()).as_deref());
    }
    let referer = text(exchange.request, &REFERER).and_then(|value| exchange.unmap(value)).map(|mut url| {
        // Our own addresses on a view origin are none of the site's.
        if url.path().starts_with("/.alongside/") {
            url.set_path("/");
            url.set_query(None);
        }
        url.set_fragment(None);
        url
    });
    // The view has one scheme for all origins, so the browser does not see that a referrer would go from TLS to none.
    let downgrade = |url: &&Url| url.scheme() == "https" && matches!(exchange.url.scheme(), "http" | "ws");
    set(out, &REFERER, referer.as_ref().filter(|url| !downgrade(url)).map(Url::as_str));
    origin.or(referer)
}

/// `Sec-Fetch-Site` between the real origins (Fetch Metadata, 2.3). Nothing is said where the browser says nothing.
fn site(exchange: &Exchange<'_>, initiator: Option<&Url>) -> Option<&'static str> {
    let seen = text(exchange.request, &SEC_FETCH_SITE)?;
    let foreign = exchange.request.contains_key(REFERER) && initiator.is_none();
    Some(match (seen, initiator) {
        ("none", _) => "none",
        ("same-origin", _) => "same-origin",
        // From the page where the visitor joined: as if typed.
        _ if foreign && text(exchange.request, &SEC_FETCH_MODE) == Some("navigate") => "none",
        // The initiator's own origin, yet not to the browser: a redirect led over another one.
        (_, Some(from)) if from.origin() == exchange.url.origin() => "cross-site",
        (_, Some(from)) if same_site(from, exchange.url) => "same-site",
        _ => "cross-site",
    })
}

fn same_site(a: &Url, b: &Url) -> bool {
    let secure = |url: &Url| matches!(url.scheme(), "https" | "wss");
    let site = |url: &Url| {
        let host = url.host_str().unwrap_or_default().to_owned();
        let domain = url.domain().and_then(psl::domain_str).map(str::to_owned);
        domain.unwrap_or(host)
    };
    secure(a) == secure(b) && site(a) == site(b)
}

fn codings(out: &mut HeaderMap) {
    let wanted = text(out, &ACCEPT_ENCODING).unwrap_or_default();
    let kept: Vec<_> = wanted
        .split(',')
        .map(str::trim)
        .filter(|coding| {
            let name = coding.split(';').next().unwrap_or_default().trim();
            CODINGS.iter().any(|known| name.eq_ignore_ascii_case(known))
        })
        .collect();
    let kept = if kept.is_empty() { "identity".to_owned() } else { kept.join(", ") };
    set(out, &ACCEPT_ENCODING, Some(&kept));
}

/// A part or an old copy of a body that is rewritten says nothing of the site's own.
fn validators(exchange: &Exchange<'_>, out: &mut HeaderMap) {
    let rewritten = destination(exchange.request);
    if !matches!(rewritten, Destination::Document | Destination::Style) {
        return;
    }
    for name in [RANGE, IF_RANGE, IF_MODIFIED_SINCE] {
        out.remove(name);
    }
    let tags = text(out, &IF_NONE_MATCH).unwrap_or_default();
    let real: Vec<_> = tags.split(',').filter_map(|tag| real_tag(tag.trim())).collect();
    set(out, &IF_NONE_MATCH, (!real.is_empty()).then(|| real.join(", ")).as_deref());
}

fn real_tag(tag: &str) -> Option<String> {
    let (weak, opaque) = tag.strip_prefix("W/").map_or(("", tag), |opaque| ("W/", opaque));
    let real = opaque.strip_prefix('"')?.strip_prefix(ETAG_PREFIX)?;
    Some(format!("{weak}\"{real}"))
}

/// View addresses in whatever else a page's scripts send.
fn values(exchange: &Exchange<'_>, out: &mut HeaderMap) {
    for value in out.values_mut() {
        let Ok(written) = value.to_str() else { continue };
        if let std::borrow::Cow::Owned(real) = query::unmap_query(exchange, written)
            && let Ok(real) = HeaderValue::from_str(&real)
        {
            *value = real;
        }
    }
}
