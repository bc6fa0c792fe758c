//! From the site to the visitor's browser.

use http::header::{
    ACCEPT_RANGES, ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_LOCATION,
    CONTENT_RANGE, CONTENT_SECURITY_POLICY, ETAG, LAST_MODIFIED, LINK, LOCATION, REFRESH, X_FRAME_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::super::refresh;
use super::{Destination, ETAG_PREFIX, Exchange, Kind, destination, end_to_end, kind, set, text};
use crate::origin::{Scheme, ViewDomain};

/// Fields that bind the real site's policies, reports or caches to a host that is not its own. Cookies live in the jar.
const DROPPED: &[&str] = &[
    "alt-svc",
    "attribution-reporting-register-source",
    "attribution-reporting-register-trigger",
    "cdn-cache-control",
    "clear-site-data",
    "content-security-policy",
    "content-security-policy-report-only",
    "expect-ct",
    "nel",
    "public-key-pins",
    "public-key-pins-report-only",
    "report-to",
    "reporting-endpoints",
    // Pages loaded ahead of time would act in the session unseen.
    "speculation-rules",
    "set-cookie",
    "set-cookie2",
    "strict-transport-security",
    "surrogate-control",
    "use-as-dictionary",
    "x-frame-options",
];

/// What is said of a body's bytes, and no longer true of a rewritten one.
const OF_THE_BODY: &[&str] =
    &["content-digest", "content-md5", "digest", "repr-digest", "signature", "signature-input", "want-digest"];

const ORIGIN_AGENT_CLUSTER: HeaderName = HeaderName::from_static("origin-agent-cluster");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const TIMING_ALLOW_ORIGIN: HeaderName = HeaderName::from_static("timing-allow-origin");

/// The response's header fields for the visitor. `Content-Length` and `Content-Encoding` of a rewritten body are missing.
#[must_use]
pub fn to_visitor(exchange: &Exchange<'_>, status: StatusCode, response: &HeaderMap) -> HeaderMap {
    let mut out = end_to_end(response);
    for name in DROPPED {
        out.remove(*name);
    }
    addresses(exchange, &mut out);
    // A redirect's body is not shown.
    let redirects = status.is_redirection() && response.contains_key(LOCATION);
    let kind = if redirects { Kind::Other } else { kind(exchange.request, response) };
    body(kind, &mut out);
    cache(kind, &mut out);
    let place = destination(exchange.request);
    if kind == Kind::Html || matches!(place, Destination::Document | Destination::Worker) {
        set(&mut out, &CONTENT_SECURITY_POLICY, Some(&policy(exchange.domain, framed_by(response))));
        out.insert(ORIGIN_AGENT_CLUSTER, HeaderValue::from_static("?1"));
    }
    out
}

/// The guard around what the rewriter misses: nothing but view origins is a source. A document is framed by view origins only, or by whom the site says. Inline code and `eval` stay as free as
/// sites need them; peer connections would lead around the proxy.
fn policy(domain: &ViewDomain, framed_by: Option<&str>) -> String {
    let port = if domain.port == domain.scheme.default_port() { String::new() } else { format!(":{}", domain.port) };
    let (http, socket) = match domain.scheme {
        Scheme::Http => ("http", "ws"),
        Scheme::Https => ("https", "wss"),
    };
    let name = &domain.domain;
    let hosts = format!("'self' {http}://*.{name}{port}");
    let ancestors = framed_by.unwrap_or(&hosts);
    format!(
        "default-src {hosts} {socket}://*.{name}{port} data: blob: mediastream: 'unsafe-inline' 'unsafe-eval'; \
         frame-ancestors {ancestors}; form-action {hosts} mailto:; base-uri {hosts}"
    )
}

/// Who may frame a document, where the site says that nobody may or its own pages alone: that means the same on view origins. None: it says
/// nothing, or names others.
fn framed_by(response: &HeaderMap) -> Option<&'static str> {
    let values = |name: HeaderName| response.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    let ancestors: Vec<String> = values(CONTENT_SECURITY_POLICY)
        .flat_map(|value| value.split([',', ';']))
        .map(|directive| directive.trim().to_ascii_lowercase())
        .filter_map(|directive| directive.strip_prefix("frame-ancestors").map(|sources| sources.trim().to_owned()))
        .collect();
    let said: Vec<String> = if ancestors.is_empty() {
        let old = values(X_FRAME_OPTIONS).flat_map(|value| value.split(','));
        old.map(|value| value.trim().to_ascii_lowercase()).collect()
    } else {
        ancestors
    };
    let says = |words: [&str; 2]| said.iter().any(|said| words.contains(&said.as_str()));
    if says(["'none'", "deny"]) {
        Some("'none'")
    } else if says(["'self'", "sameorigin"]) {
        Some("'self'")
    } else {
        None
    }
}

fn addresses(exchange: &Exchange<'_>, out: &mut HeaderMap) {
    for name in
        [LOCATION, CONTENT_LOCATION, HeaderName::from_static("sourcemap"), HeaderName::from_static("x-sourcemap")]
    {
        each(out, &name, |value| exchange.map(value).map(String::from));
    }
    each(out, &REFRESH, |value| {
        let range = refresh::address(value)?;
        let url = exchange.map(&value[range.clone()])?;
        Some(format!("{}{url}{}", &value[..range.start], &value[range.end..]))
    });
    each(out, &LINK, |value| Some(links(exchange, value)));
    each(out, &ACCESS_CONTROL_ALLOW_ORIGIN, |value| exchange.map_origin(value));
    each(out, &TIMING_ALLOW_ORIGIN, |value| Some(origins(exchange, value)));
    each(out, &PERMISSIONS_POLICY, |value| Some(origins(exchange, value)));
    each(out, &HeaderName::from_static("feature-policy"), |value| Some(origins(exchange, value)));
}

/// Replaces values for which `new` gives one. Bytes that are no text are an address of nothing and stay.
fn each(out: &mut HeaderMap, name: &HeaderName, new: impl Fn(&str) -> Option<String>) {
    let values: Vec<HeaderValue> = out.get_all(name).iter().cloned().collect();
    out.remove(name);
    for value in values {
        let text = std::str::from_utf8(value.as_bytes()).ok();
        let mapped = text.and_then(&new).and_then(|text| HeaderValue::from_bytes(text.as_bytes()).ok());
        out.append(name.clone(), mapped.unwrap_or(value));
    }
}

/// `Link: <address>; rel=preload, ...` (RFC 8288): what stands in angle brackets outside quotes.
fn links(exchange: &Exchange<'_>, value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut quoted = false;
    let mut rest = value;
    while let Some(at) = rest.find(['<', '"', '\\']) {
        let (before, mark) = rest.split_at(at);
        out.push_str(before);
        match (mark.as_bytes()[0], quoted) {
            (b'<', false) => {
                let end = mark.find('>').unwrap_or(mark.len());
                let written = &mark[1..end];
                out.push('<');
                out.push_str(exchange.map(written).map(String::from).as_deref().unwrap_or(written));
                rest = &mark[end..];
            }
            (b'\\', true) => {
                let taken = 1 + mark[1..].chars().next().map_or(0, char::len_utf8);
                out.push_str(&mark[..taken]);
                rest = &mark[taken..];
            }
            (byte, _) => {
                quoted ^= byte == b'"';
                out.push(byte.into());
                rest = &mark[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// Origins among other words: `geolocation=(self "https://a.example")`, `https://a.example, https://b.example`.
fn origins(exchange: &Exchange<'_>, value: &str) -> String {
    value
        .split_inclusive([' ', ',', ';', '"', '(', ')', '='])
        .map(|piece| {
            let word = piece.trim_end_matches([' ', ',', ';', '"', '(', ')', '=']);
            let mapped = word.contains("://").then(|| exchange.map_origin(word)).flatten();
            mapped.map_or_else(|| piece.to_owned(), |origin| format!("{origin}{}", &piece[word.len()..]))
        })
        .collect()
}

fn body(kind: Kind, out: &mut HeaderMap) {
    if kind == Kind::Other {
        return;
    }
    for name in [CONTENT_LENGTH, CONTENT_ENCODING, CONTENT_RANGE, ACCEPT_RANGES, LAST_MODIFIED] {
        out.remove(name);
    }
    for name in OF_THE_BODY {
        out.remove(*name);
    }
    let tag = text(out, &ETAG).filter(|_| kind == Kind::Css).and_then(our_tag);
    set(out, &ETAG, tag.as_deref());
}

fn our_tag(tag: &str) -> Option<String> {
    let (weak, opaque) = tag.strip_prefix("W/").map_or(("", tag), |opaque| ("W/", opaque));
    Some(format!("{weak}\"{ETAG_PREFIX}{}", opaque.strip_prefix('"')?))
}

/// No cache but the browser's own keeps anything; a document, which holds the state of the session, is kept by none.
fn cache(kind: Kind, out: &mut HeaderMap) {
    if kind == Kind::Html {
        out.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        return;
    }
    let written: Vec<_> = out.get_all(CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok()).collect();
    let written = written.join(", ");
    let own = |directive: &&str| {
        let name = directive.split('=').next().unwrap_or_default().trim().to_ascii_lowercase();
        !matches!(name.as_str(), "" | "public" | "private" | "s-maxage" | "proxy-revalidate")
    };
    let mut kept: Vec<_> = written.split(',').map(str::trim).filter(own).collect();
    kept.insert(0, "private");
    let value = kept.join(", ");
    set(out, &CACHE_CONTROL, Some(&value));
}
