//! Header fields in and out, as a table of cases each.

use http::StatusCode;

use super::*;
use crate::origin::Scheme;

/// Visitor's terms: session `k7q2mabcde` below `view.localhost:8080`.
const SHOP: &str = "http://k7q2mabcde-sshop-example.view.localhost:8080";
const CDN: &str = "http://k7q2mabcde-scdn-shop-example.view.localhost:8080";
const OTHER: &str = "http://k7q2mabcde-sother-test.view.localhost:8080";
/// `http://[::1]` and its label.
const HASHED: &str = "x4d6eun4e2xjap52n2mrqhe3svr";

fn with<T>(url: &str, request: &HeaderMap, run: impl FnOnce(&Exchange<'_>) -> T) -> T {
    let sid = Sid::parse("k7q2mabcde").unwrap();
    let domain = ViewDomain { domain: "view.localhost".into(), scheme: Scheme::Http, port: 8080 };
    let url = Url::parse(url).unwrap();
    let known = |hash: &str| {
        let origin = UpstreamOrigin::of(&Url::parse("http://[2001:db8::1]/").unwrap());
        origin.filter(|_| hash == HASHED)
    };
    run(&Exchange { sid: &sid, domain: &domain, url: &url, request, known: &known, hashed: &|_| {} })
}

fn fields(list: &[(&'static str, &str)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in list {
        map.append(*name, value.parse().unwrap());
    }
    map
}

fn up(url: &str, list: &[(&'static str, &str)]) -> HeaderMap {
    let request = fields(list);
    with(url, &request, to_upstream)
}

fn down(request: &[(&'static str, &str)], response: &[(&'static str, &str)]) -> HeaderMap {
    let request = fields(request);
    with("https://shop.example/a/b", &request, |exchange| to_visitor(exchange, StatusCode::OK, &fields(response)))
}

fn get<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).map(|value| value.to_str().unwrap())
}

#[test]
fn nothing_of_the_connection_and_nothing_of_ours_goes_on() {
    let list = [
        ("host", "k7q2mabcde-sshop-example.view.localhost:8080"),
        ("cookie", "alongside=secret"),
        ("connection", "keep-alive, X-Hop"),
        ("x-hop", "1"),
        ("keep-alive", "1"),
        ("te", "trailers"),
        ("transfer-encoding", "chunked"),
        ("upgrade", "websocket"),
        ("proxy-authorization", "Basic x"),
        ("x-forwarded-for", "192.0.2.1"),
        ("forwarded", "for=192.0.2.1"),
        ("x-alongside-cookie", "a=b"),
        ("authorization", "Bearer site"),
        ("accept-language", "de"),
        ("x-own", "site"),
    ];
    let out = up("https://shop.example/", &list);
    let mut names: Vec<_> = out.keys().map(HeaderName::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["accept-encoding", "accept-language", "authorization", "x-own"]);
    let list = [
        ("connection", "close"),
        ("keep-alive", "1"),
        ("x-alongside-cookie", "a=b"),
        ("set-cookie", "a=b"),
        ("x-own", "site"),
    ];
    let out = down(&[], &list);
    let mut names: Vec<_> = out.keys().map(HeaderName::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["cache-control", "x-own"]);
}

#[test]
fn origin_and_referer_are_the_sites_own() {
    let page = format!("{SHOP}/cart?x=1");
    let cdn = format!("{CDN}/");
    let ours = format!("{SHOP}/.alongside/blank?x=1");
    let hashed = format!("http://k7q2mabcde-{HASHED}.view.localhost:8080/p");
    let stranger = "http://aaaaaaaaaa-sshop-example.view.localhost:8080";
    for (url, field, value, expected) in [
        ("https://shop.example/", "origin", SHOP, Some("https://shop.example")),
        ("https://shop.example/", "origin", "null", Some("null")),
        ("https://shop.example/", "origin", "http://alongside.localhost:8080", None),
        ("https://shop.example/", "origin", stranger, None),
        ("https://shop.example/", "referer", page.as_str(), Some("https://shop.example/cart?x=1")),
        ("https://shop.example/", "referer", cdn.as_str(), Some("https://cdn.shop.example/")),
        ("https://shop.example/", "referer", ours.as_str(), Some("https://shop.example/")),
        ("http://shop.example/", "referer", page.as_str(), None),
        ("http://shop.example/", "referer", hashed.as_str(), Some("http://[2001:db8::1]/p")),
        ("https://shop.example/", "referer", "http://alongside.localhost:8080/join?pin=123456", None),
    ] {
        assert_eq!(get(&up(url, &[(field, value)]), field), expected, "{field}: {value} to {url}");
    }
    let silent = up("https://shop.example/", &[]);
    assert!(
        !silent.contains_key("origin") && !silent.contains_key("referer") && !silent.contains_key("sec-fetch-site")
    );
}

#[test]
fn the_fetch_site_is_told_between_the_real_origins() {
    let from = |origin: &str| format!("{origin}/");
    let join = "http://alongside.localhost:8080/join".to_owned();
    for (referer, mode, seen, expected) in [
        (Some(from(SHOP)), "cors", "same-origin", "same-origin"),
        (Some(from(CDN)), "cors", "same-site", "same-site"),
        (Some(from(OTHER)), "cors", "same-site", "cross-site"),
        (Some(from(SHOP)), "navigate", "same-site", "cross-site"),
        (Some(join.clone()), "navigate", "cross-site", "none"),
        (Some(join), "cors", "cross-site", "cross-site"),
        (None, "navigate", "none", "none"),
        (None, "navigate", "same-site", "cross-site"),
    ] {
        let mut list = vec![("sec-fetch-site", seen), ("sec-fetch-mode", mode)];
        if let Some(referer) = &referer {
            list.push(("referer", referer));
        }
        let out = up("https://shop.example/", &list);
        assert_eq!(get(&out, "sec-fetch-site"), Some(expected), "{referer:?} {mode} {seen}");
        assert_eq!(get(&out, "sec-fetch-mode"), Some(mode));
    }
}

#[test]
fn parts_and_old_copies_of_rewritten_bodies_are_not_asked_for() {
    let tag = format!("W/\"{ETAG_PREFIX}abc\", \"def\"");
    let asks =
        [("range", "bytes=0-9"), ("if-range", "\"x\""), ("if-modified-since", "x"), ("if-none-match", tag.as_str())];
    for (dest, rewritten) in
        [("document", true), ("iframe", true), ("style", true), ("image", false), ("video", false), ("empty", false)]
    {
        let out = up("https://shop.example/", &[&asks[..], &[("sec-fetch-dest", dest)]].concat());
        assert_eq!(out.contains_key("range"), !rewritten, "{dest}");
        assert_eq!(out.contains_key("if-range"), !rewritten, "{dest}");
        assert_eq!(out.contains_key("if-modified-since"), !rewritten, "{dest}");
        assert_eq!(get(&out, "if-none-match"), Some(if rewritten { "W/\"abc\"" } else { tag.as_str() }), "{dest}");
    }
    let foreign = up("https://shop.example/", &[("sec-fetch-dest", "style"), ("if-none-match", "\"def\"")]);
    assert!(!foreign.contains_key("if-none-match"));
}

#[test]
fn only_codings_that_can_be_undone_are_asked_for() {
    for (asked, expected) in [
        ("gzip, deflate, br, zstd", "gzip, br, zstd"),
        ("gzip;q=0.5, dcb, br;q=1", "gzip;q=0.5, br;q=1"),
        ("deflate", "identity"),
        ("*", "identity"),
    ] {
        assert_eq!(get(&up("https://shop.example/", &[("accept-encoding", asked)]), "accept-encoding"), Some(expected));
    }
    assert_eq!(get(&up("https://shop.example/", &[]), "accept-encoding"), Some("identity"));
}

#[test]
fn view_addresses_in_queries_and_fields_become_real_ones() {
    let l = "k7q2mabcde-sshop-example.view.localhost";
    let q = "k7q2mabcde-q3000-shop-example.view.localhost";
    for (text, expected) in [
        (format!("u=http://{l}:8080/cb"), "u=https://shop.example/cb".to_owned()),
        (format!("u=http%3A%2F%2F{l}%3A8080%2Fcb&v=1"), "u=https%3A%2F%2Fshop.example%2Fcb&v=1".into()),
        (format!("u=http%3a%2f%2f{l}%3a8080%2fcb"), "u=https%3A%2F%2Fshop.example%2fcb".into()),
        (format!("u=http%253A%252F%252F{l}%253A8080%252Fcb"), "u=https%253A%252F%252Fshop.example%252Fcb".into()),
        (format!("u=ws://{l}:8080/s"), "u=wss://shop.example/s".into()),
        (format!("h={l}"), "h=shop.example".into()),
        (format!("h={l}:8080"), "h=shop.example".into()),
        (format!("h={l}%3A8080&x"), "h=shop.example&x".into()),
        (format!("u=http://{q}:8080/"), "u=http://shop.example:3000/".into()),
        (format!("u=http%3A%2F%2F{q}%3A8080%2F"), "u=http%3A%2F%2Fshop.example%3A3000%2F".into()),
        (format!("h={q}"), "h=shop.example".into()),
        (
            format!("a=http://{l}:8080/&b=http://{q}:8080/"),
            "a=https://shop.example/&b=http://shop.example:3000/".into(),
        ),
        (format!("{{\"u\":\"HTTP://{}:8080/A\"}}", l.to_uppercase()), "{\"u\":\"https://shop.example/A\"}".into()),
        (format!("u=http://k7q2mabcde-{HASHED}.view.localhost:8080/"), "u=http://[2001:db8::1]/".into()),
        (format!("u=%3D{l}"), "u=%3Dshop.example".into()),
    ] {
        let request = HeaderMap::new();
        let out = with("https://shop.example/", &request, |exchange| unmap_query(exchange, &text).into_owned());
        assert_eq!(out, expected, "{text}");
    }
    let page = format!("{SHOP}/list");
    assert_eq!(
        get(&up("https://shop.example/", &[("hx-current-url", &page)]), "hx-current-url"),
        Some("https://shop.example/list")
    );
}

#[test]
fn what_is_no_view_address_of_the_session_stays() {
    for text in [
        "u=http://aaaaaaaaaa-sshop-example.view.localhost:8080/",
        "u=http://k7q2mabcde-sshop-example.view.localhost.evil.test/",
        "u=http://k7q2mabcde-zshop-example.view.localhost:8080/",
        "u=http://k7q2mabcde-v.view.localhost:8080/",
        "view.localhost",
        ".view.localhost",
        "a=b&ü=%zz",
        "",
    ] {
        let request = HeaderMap::new();
        with("https://shop.example/", &request, |exchange| assert_eq!(unmap_query(exchange, text), text));
    }
}

#[test]
fn addresses_of_responses_are_mapped() {
    let other = format!("{OTHER}/x?y#z");
    for (field, value, expected) in [
        ("location", "https://other.test/x?y#z", other.clone()),
        ("location", "//other.test/x?y#z", other.clone()),
        ("location", "/cart", "/cart".into()),
        ("location", "mailto:a@b", "mailto:a@b".into()),
        ("location", other.as_str(), other.clone()),
        ("content-location", "https://other.test/x?y#z", other.clone()),
        ("sourcemap", "https://other.test/x?y#z", other.clone()),
        ("refresh", "5; url=https://other.test/x?y#z", format!("5; url={other}")),
        ("refresh", "5", "5".into()),
        (
            "link",
            "<https://other.test/a,b>; rel=preload; title=\"<https://other.test/>\", </c.css>; rel=stylesheet",
            format!("<{OTHER}/a,b>; rel=preload; title=\"<https://other.test/>\", </c.css>; rel=stylesheet"),
        ),
        ("access-control-allow-origin", "*", "*".into()),
        ("access-control-allow-origin", "null", "null".into()),
        ("access-control-allow-origin", "https://other.test", OTHER.into()),
        ("timing-allow-origin", "https://other.test, https://cdn.shop.example", format!("{OTHER}, {CDN}")),
        (
            "permissions-policy",
            "geolocation=(self \"https://other.test\"), camera=*",
            format!("geolocation=(self \"{OTHER}\"), camera=*"),
        ),
    ] {
        let out = down(&[], &[(field, value), ("access-control-allow-credentials", "true")]);
        assert_eq!(get(&out, field), Some(expected.as_str()), "{field}: {value}");
        assert_eq!(get(&out, "access-control-allow-credentials"), Some("true"));
    }
}

#[test]
fn policies_and_reports_of_the_real_host_are_dropped() {
    let names = [
        "strict-transport-security",
        "x-frame-options",
        "content-security-policy",
        "alt-svc",
        "clear-site-data",
        "report-to",
        "nel",
        "expect-ct",
    ];
    for name in names {
        assert!(!down(&[("sec-fetch-dest", "image")], &[(name, "x")]).contains_key(name), "{name}");
    }
}

#[test]
fn documents_and_workers_are_guarded() {
    let policy = "default-src 'self' http://*.view.localhost:8080 ws://*.view.localhost:8080 data: blob: mediastream: \
        'unsafe-inline' 'unsafe-eval'; frame-ancestors 'self' http://*.view.localhost:8080; form-action 'self' \
        http://*.view.localhost:8080 mailto:; base-uri 'self' http://*.view.localhost:8080";
    for (dest, content_type, guarded) in [
        ("document", "text/html", true),
        ("iframe", "text/html", true),
        ("document", "image/svg+xml", true),
        ("worker", "text/javascript", true),
        ("image", "image/svg+xml", false),
        ("empty", "text/html", false),
    ] {
        let out = down(
            &[("sec-fetch-dest", dest)],
            &[
                ("content-type", content_type),
                ("content-security-policy", "script-src 'none'"),
                ("origin-agent-cluster", "?0"),
            ],
        );
        assert_eq!(get(&out, "content-security-policy"), guarded.then_some(policy), "{dest} {content_type}");
        assert_eq!(get(&out, "origin-agent-cluster"), Some(if guarded { "?1" } else { "?0" }), "{dest} {content_type}");
    }
}

#[test]
fn a_rewritten_body_is_described_anew() {
    let about = [
        ("content-length", "10"),
        ("content-encoding", "gzip"),
        ("etag", "W/\"abc\""),
        ("last-modified", "x"),
        ("accept-ranges", "bytes"),
        ("digest", "sha-256=x"),
        ("cache-control", "public, max-age=60"),
    ];
    let styled = format!("W/\"{ETAG_PREFIX}abc\"");
    for (dest, content_type, tag, stays, cache) in [
        ("document", "text/html; charset=utf-8", None, false, "no-store"),
        ("style", "text/css", Some(styled.as_str()), false, "private, max-age=60"),
        ("empty", "text/html", Some("W/\"abc\""), true, "private, max-age=60"),
        ("image", "image/png", Some("W/\"abc\""), true, "private, max-age=60"),
    ] {
        let out = down(&[("sec-fetch-dest", dest)], &[&about[..], &[("content-type", content_type)]].concat());
        assert_eq!(get(&out, "etag"), tag, "{dest}");
        for name in ["content-length", "content-encoding", "last-modified", "accept-ranges", "digest"] {
            assert_eq!(out.contains_key(name), stays, "{dest}: {name}");
        }
        assert_eq!(get(&out, "cache-control"), Some(cache), "{dest}");
        assert_eq!(get(&out, "content-type"), Some(content_type));
    }
}

#[test]
fn no_cache_but_the_browsers_keeps_anything() {
    for (written, expected) in [
        ("no-store", "private, no-store"),
        ("Public, s-maxage=9, max-age=5, immutable", "private, max-age=5, immutable"),
        ("private=\"x\"", "private"),
    ] {
        assert_eq!(get(&down(&[], &[("cache-control", written)]), "cache-control"), Some(expected), "{written}");
    }
    assert_eq!(get(&down(&[], &[]), "cache-control"), Some("private"));
}

#[test]
fn a_body_is_rewritten_where_a_document_is_shown_or_a_style_sheet_loaded() {
    for (dest, accept, content_type, expected) in [
        (Some("document"), "*/*", Some("text/html"), Kind::Html),
        (Some("iframe"), "*/*", Some("Text/HTML; charset=x"), Kind::Html),
        (Some("object"), "*/*", Some("application/xhtml+xml"), Kind::Html),
        (Some("document"), "*/*", Some("image/svg+xml"), Kind::Other),
        (Some("document"), "*/*", None, Kind::Other),
        (Some("empty"), "text/html", Some("text/html"), Kind::Other),
        (Some("style"), "*/*", Some("text/css;charset=utf-8"), Kind::Css),
        (Some("style"), "*/*", None, Kind::Css),
        (Some("document"), "*/*", Some("text/css"), Kind::Other),
        (Some("script"), "*/*", Some("text/css"), Kind::Other),
        (None, "text/html,*/*", Some("text/html"), Kind::Html),
        (None, "*/*", Some("text/html"), Kind::Other),
        (None, "*/*", Some("text/css"), Kind::Css),
    ] {
        let mut request = fields(&[("accept", accept)]);
        if let Some(dest) = dest {
            request.insert("sec-fetch-dest", dest.parse().unwrap());
        }
        let response = content_type.map_or_else(HeaderMap::new, |value| fields(&[("content-type", value)]));
        assert_eq!(kind(&request, &response), expected, "{dest:?} {accept} {content_type:?}");
    }
}

#[test]
fn a_redirect_keeps_its_caching() {
    let request = fields(&[("sec-fetch-dest", "document")]);
    let response =
        fields(&[("location", "https://other.test/"), ("content-type", "text/html"), ("cache-control", "max-age=9")]);
    let out = with("https://shop.example/", &request, |exchange| to_visitor(exchange, StatusCode::FOUND, &response));
    assert_eq!(get(&out, "cache-control"), Some("private, max-age=9"));
    assert_eq!(get(&out, "location"), Some(format!("{OTHER}/").as_str()));
}

#[test]
fn who_may_frame_a_document_stays() {
    let any = "'self' http://*.view.localhost:8080";
    for (field, value, framed_by) in [
        ("x-frame-options", "DENY", "'none'"),
        ("x-frame-options", "SameOrigin", "'self'"),
        ("x-frame-options", "ALLOW-FROM https://other.test/", any),
        ("content-security-policy", "default-src 'self'; frame-ancestors 'none'", "'none'"),
        ("content-security-policy", "Frame-Ancestors 'self'; x", "'self'"),
        ("content-security-policy", "frame-ancestors 'self' https://other.test", any),
        ("content-security-policy", "frame-src 'none'", any),
    ] {
        let response = [("content-type", "text/html"), (field, value)];
        let out = down(&[("sec-fetch-dest", "iframe")], &response);
        let policy = get(&out, "content-security-policy").unwrap();
        assert!(policy.contains(&format!("frame-ancestors {framed_by}; ")), "{value}: {policy}");
    }
    let both = [
        ("content-type", "text/html"),
        ("x-frame-options", "DENY"),
        ("content-security-policy", "frame-ancestors 'self'"),
    ];
    let out = down(&[("sec-fetch-dest", "iframe")], &both);
    assert!(
        get(&out, "content-security-policy").unwrap().contains("frame-ancestors 'self'; "),
        "the policy outranks the old field"
    );
}
