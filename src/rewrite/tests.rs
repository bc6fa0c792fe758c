//! The cases of `fixtures/rewrite`, each cut into random pieces, and what must hold of any document.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use encoding_rs::{Encoding, UTF_8};
use lol_html::{RewriteStrSettings, element, rewrite_str};
use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde::Deserialize;
use url::Url;

use super::address::{Addresses, Base};
use super::entity::{Place, decode};
use super::html::{Rewriter, sniff};
use super::table::{self, Kind};
use super::{Page, RewriteError, css};
use crate::origin::{Scheme, Sid, ViewDomain};
use crate::policy::{Policy, Use};
use crate::protocol::rules::SiteDraft;

const SHIM: &str = "<script src=\"/.alongside/shim.js\"></script>";

#[derive(Deserialize)]
struct Rules {
    site: Vec<SiteDraft>,
}

/// What `case.toml` may say.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Case {
    page: Option<Url>,
    content_type: Option<String>,
    /// Origins that the session must be told of.
    hashed: BTreeSet<String>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/rewrite")
}

fn page(url: Option<&Url>, inject: &str) -> (Page, Arc<Mutex<BTreeSet<String>>>) {
    let rules: Rules = toml::from_str(&std::fs::read_to_string(root().join("rules.toml")).unwrap()).unwrap();
    let told = Arc::new(Mutex::new(BTreeSet::new()));
    let hashed = Arc::clone(&told);
    let page = Page {
        sid: Sid::parse("k7q2mabcde").unwrap(),
        domain: Arc::new(ViewDomain { domain: "view.localhost".into(), scheme: Scheme::Http, port: 8080 }),
        policy: Arc::new(Policy::check(&rules.site).unwrap()),
        url: url.cloned().unwrap_or_else(|| Url::parse("https://shop.example/dir/page.html").unwrap()),
        inject: inject.to_owned(),
        hashed: Arc::new(move |origin| {
            hashed.lock().unwrap().insert(origin.serialize());
        }),
    };
    (page, told)
}

/// In pieces that a seeded generator cuts; `whole` is one piece.
fn rewrite(page: Page, encoding: &'static Encoding, input: &[u8], seed: Option<u64>) -> Result<Vec<u8>, RewriteError> {
    let mut rewriter = Rewriter::new(Arc::new(page), encoding);
    let mut out = Vec::new();
    let mut rest = input;
    let mut random = seed.map(StdRng::seed_from_u64);
    while !rest.is_empty() {
        let size = random.as_mut().map_or(rest.len(), |random| random.random_range(1..=rest.len().min(40)));
        let (piece, more) = rest.split_at(size);
        out.extend_from_slice(&rewriter.write(piece)?);
        rest = more;
    }
    out.extend_from_slice(&rewriter.end()?);
    Ok(out)
}

fn html(input: &str) -> String {
    String::from_utf8(rewrite(page(None, "").0, UTF_8, input.as_bytes(), None).unwrap()).unwrap()
}

/// Addresses in listed attributes that would lead a browser past the proxy.
fn leaks(html: &str, at: &Url) -> Vec<String> {
    let mut found = Vec::new();
    let handler = element!("*", |el| {
        let mut seen = BTreeSet::new();
        for attribute in el.attributes() {
            let kind = table::kind(&el.tag_name(), &attribute.name());
            // Of two attributes of one name, browsers heed the first.
            if !seen.insert(attribute.name())
                || kind.is_none_or(|kind| matches!(kind, Kind::Srcset | Kind::Css | Kind::Html | Kind::Origins))
            {
                continue;
            }
            let value = attribute.value();
            let foreign = |url: &Url| url.host_str().is_some_and(|host| !host.ends_with(".view.localhost"));
            let leads_past = |written: &str| {
                at.join(written).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && foreign(&url))
            };
            let value = decode(&value, Place::Attribute);
            let leak = match kind {
                Some(Kind::Loads) => value.split_ascii_whitespace().any(leads_past),
                _ => leads_past(&value),
            };
            if leak {
                found.push(format!("{} {}={value}", el.tag_name(), attribute.name()));
            }
        }
        Ok(())
    });
    rewrite_str(html, RewriteStrSettings::new().with_strict(false).append_element_content_handler(handler)).unwrap();
    found
}

fn check(path: &Path, actual: &[u8], what: &str) {
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, actual).unwrap();
    }
    let expected = std::fs::read(path).unwrap_or_default();
    let (shown, wanted) = (String::from_utf8_lossy(actual), String::from_utf8_lossy(&expected));
    assert!(expected == actual, "{}: {what}\n--- expected\n{wanted}\n--- actual\n{shown}", path.display());
}

fn html_case(dir: &Path, case: &Case, input: &[u8]) {
    let seed = rand::random();
    let (with_shim, told) = page(case.page.as_ref(), SHIM);
    let encoding = sniff(input, case.content_type.as_deref());
    let out = rewrite(with_shim.clone(), encoding, input, None).unwrap();
    check(&dir.join("out.html"), &out, "in one piece");
    assert_eq!(*told.lock().unwrap(), case.hashed, "{}: hashed origins", dir.display());
    let pieces = rewrite(with_shim.clone(), encoding, input, Some(seed)).unwrap();
    check(&dir.join("out.html"), &pieces, &format!("in pieces, seed {seed}"));

    let output_encoding = sniff(&out, case.content_type.as_deref());
    let bare = || page(case.page.as_ref(), "").0;
    let once = rewrite(bare(), encoding, input, None).unwrap();
    let again = rewrite(bare(), output_encoding, &once, None).unwrap();
    assert_eq!(String::from_utf8_lossy(&again), String::from_utf8_lossy(&once), "{}: twice is not once", dir.display());
    let text = output_encoding.decode(&out).0;
    let at = with_shim.domain.map(&with_shim.sid, &with_shim.url).unwrap();
    assert_eq!(leaks(&text, &at), Vec::<String>::new(), "{}", dir.display());
}

fn css_case(dir: &Path, case: &Case, input: &[u8]) {
    let (page, _) = page(case.page.as_ref(), "");
    let out = css::rewrite_bytes(input, case.content_type.as_deref(), &page);
    check(&dir.join("out.css"), &out, "as a sheet");
    assert_eq!(
        css::rewrite_bytes(&out, case.content_type.as_deref(), &page),
        out,
        "{}: twice is not once",
        dir.display()
    );
}

#[test]
fn the_cases_come_out_as_written() {
    let mut count = 0;
    for entry in std::fs::read_dir(root()).unwrap() {
        let dir = entry.unwrap().path();
        if !dir.is_dir() {
            continue;
        }
        let case = std::fs::read_to_string(dir.join("case.toml"))
            .map_or_else(|_| Case::default(), |text| toml::from_str(&text).unwrap());
        if let Ok(input) = std::fs::read(dir.join("in.html")) {
            html_case(&dir, &case, &input);
        } else {
            css_case(&dir, &case, &std::fs::read(dir.join("in.css")).unwrap());
        }
        count += 1;
    }
    assert!(count >= 40, "only {count} cases were found");
}

#[test]
fn the_leak_check_sees_leaks() {
    let at = Url::parse("http://k7q2mabcde-sshop-example.view.localhost:8080/").unwrap();
    assert_eq!(
        leaks("<a href=/x><img src=https://shop.example/><p href=https://shop.example/>", &at),
        ["img src=https://shop.example/"]
    );
}

#[test]
fn deep_and_large_documents_end_in_time_or_in_an_error() {
    let deep = "<div>".repeat(100_000);
    let result = rewrite(page(None, SHIM).0, UTF_8, deep.as_bytes(), None);
    assert!(result.is_ok_and(|out| out.len() == deep.len() + SHIM.len()));
    let list = "<li>point".repeat(50_000);
    assert_eq!(html(&list), list);
    let tag = format!("<a title=\"{}\">", "x".repeat(40 << 20));
    let mut rewriter = Rewriter::new(Arc::new(page(None, "").0), UTF_8);
    let results: Vec<_> = tag.as_bytes().chunks(1 << 16).map(|piece| rewriter.write(piece)).collect();
    assert!(results.iter().any(|result| matches!(result, Err(RewriteError::TooLarge))));
}

#[test]
fn documents_within_documents_end() {
    let mut document = "<a href=\"https://shop.example/\">x</a>".to_owned();
    for _ in 0..6 {
        document = format!("<iframe srcdoc=\"{}\"></iframe>", document.replace('&', "&amp;").replace('"', "&quot;"));
    }
    let out = html(&document);
    assert!(out.contains("srcdoc") && !out.contains("https://shop.example"), "{out}");
}

#[test]
fn deep_style_sheets_are_survived() {
    let (page, _) = page(None, "");
    for open in ["(", "{", "[", "a(", "url(", "@media{", "image-set("] {
        let sheet = open.repeat(200_000);
        assert!(css::rewrite(&sheet, &page).len() <= sheet.len(), "{open}");
    }
    let sheet = format!(
        "{}url(https://tracker.test/){} b {{ c: url(https://cdn.example/assets/x) }}",
        "(".repeat(300),
        ")".repeat(300)
    );
    let out = css::rewrite(&sheet, &page);
    assert!(
        !out.contains("tracker.test")
            && out.ends_with("b { c: url(\"http://k7q2mabcde-scdn-example.view.localhost:8080/assets/x\") }"),
        "{out}"
    );
}

#[test]
fn sheets_keep_their_encoding() {
    let (page, _) = page(None, "");
    let sheet = "a { content: \"\u{44f}\"; b: url(https://cdn.example/assets/x) }";
    let mapped = sheet
        .replace("https://cdn.example/assets/x", "\"http://k7q2mabcde-scdn-example.view.localhost:8080/assets/x\"");
    let (koi, koi_mapped) = (encoding_rs::KOI8_R.encode(sheet).0, encoding_rs::KOI8_R.encode(&mapped).0);
    assert_eq!(css::rewrite_bytes(&koi, Some("text/css; charset=koi8-r"), &page), *koi_mapped);
    // Nothing is said and it is not UTF-8: the bytes survive.
    assert_eq!(css::rewrite_bytes(&koi, None, &page), *koi_mapped);
    let charset = [b"@charset \"koi8-r\";".as_slice(), &koi].concat();
    assert_eq!(
        css::rewrite_bytes(&charset, Some("text/css"), &page),
        [b"@charset \"koi8-r\";".as_slice(), &koi_mapped].concat()
    );
    let marked = format!("\u{feff}{sheet}");
    assert_eq!(css::rewrite_bytes(marked.as_bytes(), None, &page), format!("\u{feff}{mapped}").as_bytes());
    let wide: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(css::rewrite_bytes(&wide, None, &page), format!("\u{feff}{mapped}").as_bytes());
}

/// Addresses of all sorts, as they stand in attributes.
fn address() -> impl Strategy<Value = String> {
    let host = prop_oneof![
        Just("shop.example"),
        Just("cdn.example"),
        Just("tracker.test"),
        Just("a.img.example:8443"),
        Just("[::1]"),
        Just("k7q2mabcde-sshop-example.view.localhost:8080")
    ];
    let before = prop_oneof![
        Just("https://"),
        Just("http://"),
        Just("//"),
        Just("https:"),
        Just("/"),
        Just(""),
        Just("HTTPS:\\\\"),
        Just(" https://"),
        Just("ht\ntps://"),
        Just("data:,"),
        Just("#"),
        Just("https&#58;//"),
        Just("javascript:")
    ];
    (before, host, "([a-z0-9/?&;=#%,.@:!$*+~_ ()ä-]|%2[eE]|/\\.){0,12}")
        .prop_map(|(before, host, rest)| format!("{before}{host}/{rest}"))
}

/// Documents of listed attributes, text and odd markup.
fn document() -> impl Strategy<Value = String> {
    let rows = (0..table::URL_ATTRIBUTES.len(), address(), any::<bool>()).prop_map(|(row, address, quoted)| {
        let table::UrlAttribute { element, attribute, kind } = table::URL_ATTRIBUTES[row];
        let element = if element == "*" { "p" } else { element };
        let value = match kind {
            Kind::Css => format!("background: url({address})"),
            Kind::Html => format!("<img src='{address}'>"),
            Kind::Srcset => format!("{address} 1x, {address} 2x"),
            _ => address,
        };
        if quoted {
            format!("<{element} {attribute}=\"{value}\">")
        } else {
            format!("<{element} {attribute}='{}' >", value.replace('\'', ""))
        }
    });
    let piece = prop_oneof![
        8 => rows,
        1 => address().prop_map(|address| format!("<style>a {{ b: url({address}); }} @import '{address}';</style>")),
        1 => address().prop_map(|address| format!("<link rel=stylesheet href=\"{address}\">")),
        1 => address().prop_map(|address| format!("<meta http-equiv=refresh content=\"1; url={address}\">")),
        1 => prop_oneof![Just("<!doctype html>"), Just("<head>"), Just("</script>"), Just("<svg>"), Just("</svg>"), Just("<!-- "), Just(" -->"), Just("<title>"), Just("</title>"), Just("<template>"), Just("text &amp; <")].prop_map(str::to_owned),
    ];
    proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn what_is_judged_unparsed_is_judged_as_a_parser_would(
        written in address(),
        base in prop_oneof![Just("https://shop.example/dir/page.html"), Just("http://a.img.example:8443/?x"), Just("https://tracker.test/"),
            Just("https://cdn.example/assets/"), Just("https://me@shop.example/"), Just("http://k7q2mabcde-sshop-example.view.localhost:8080/"), Just("data:,x")],
    ) {
        let (page, _) = page(None, "");
        let base = Base::new(&page, Url::parse(base).unwrap());
        let addresses = Addresses::new(&page, &base);
        for usage in [Use::Page, Use::Load] {
            // Twice: what is remembered of the first time is right, too.
            for _ in 0..2 {
                if let Some(verdict) = addresses.judge_unparsed(&written, usage) {
                    prop_assert_eq!(verdict, addresses.judge_parsed(&written, usage));
                }
            }
        }
    }

    #[test]
    fn no_listed_attribute_leads_past_the_proxy(input in document()) {
        let out = html(&input);
        let (page, _) = page(None, "");
        let at = page.domain.map(&page.sid, &page.url).unwrap();
        prop_assert_eq!(leaks(&out, &at), Vec::<String>::new(), "{}", out);
    }

    #[test]
    fn twice_is_once(input in document()) {
        let out = html(&input);
        prop_assert_eq!(html(&out), out);
    }

    #[test]
    fn it_does_not_matter_how_a_document_is_cut(input in document(), seed in any::<u64>()) {
        // White space before the shim may stand behind it instead: it is no node there.
        let out = |seed| String::from_utf8(rewrite(page(None, SHIM).0, UTF_8, input.as_bytes(), seed).unwrap()).unwrap();
        prop_assert_eq!(out(Some(seed)).replacen(SHIM, "", 1), out(None).replacen(SHIM, "", 1));
    }

    #[test]
    fn the_shim_stands_once_and_before_all_scripts(input in document(), last in "<script>x</script>") {
        let whole = rewrite(page(None, SHIM).0, UTF_8, format!("{input}{last}").as_bytes(), None).unwrap();
        let out = String::from_utf8_lossy(&whole).into_owned();
        // Frames have a shim of their own, within an attribute.
        prop_assert_eq!(out.matches(SHIM).count(), 1, "{}", out);
        let mut sources = Vec::new();
        let handler = element!("script", |el| {
            sources.push(el.get_attribute("src"));
            Ok(())
        });
        rewrite_str(&out, RewriteStrSettings::new().with_strict(false).append_element_content_handler(handler)).unwrap();
        let first = sources.into_iter().next();
        prop_assert!(first.is_none_or(|src| src.as_deref() == Some("/.alongside/shim.js")), "{}", out);
    }

    #[test]
    fn a_sheet_stays_byte_for_byte_between_its_addresses(
        pieces in proptest::collection::vec(prop_oneof![
            "[a-z{}()\\[\\];:,/*\"'\\\\@#. \n-]{0,12}",
            Just("url(https://cdn.example/assets/x)".to_owned()),
            Just("url('own.png')".to_owned()),
            Just("@import 'https://cdn.example/assets/x';".to_owned()),
        ], 0..12),
    ) {
        let (page, _) = page(None, "");
        let sheet = pieces.concat();
        let out = css::rewrite(&sheet, &page);
        prop_assert_eq!(css::rewrite(&out, &page), out.as_str());
        let view = "\"http://k7q2mabcde-scdn-example.view.localhost:8080/assets/x\"";
        let real = ["https://cdn.example/assets/x", "'https://cdn.example/assets/x'", "\"https://cdn.example/assets/x\""];
        let bare = |text: &str| {
            let mut text = text.replace(&format!("url({view})"), "!").replace(view, "!");
            for real in real.iter().rev() {
                text = text.replace(&format!("url({real})"), "!").replace(real, "!");
            }
            text
        };
        if !sheet.contains('\\') {
            prop_assert_eq!(bare(&out), bare(&sheet));
        }
    }
}

#[test]
fn hostile_documents_and_sheets_cost_little() {
    let long = Url::parse(&format!("https://shop.example/{}", "d/".repeat(4_000))).unwrap();
    for piece in [
        "<",
        "<a ",
        "<a href=x ",
        "<a href='",
        "<div>",
        "<svg>",
        "<style>@import a ",
        "<style>a{",
        "<template>",
        "<select>",
        "<table>",
        "<!--",
        "<![CDATA[",
        "&",
        "&#",
        "<script>",
        "<base href=a>",
        "<img srcset='a 1x,",
        "<p style='a:url(",
        "<p style='a:url(b)'>",
        "<meta http-equiv=refresh content='0;url=",
        "<iframe srcdoc='<iframe srcdoc=&quot;",
        "<script type=importmap>{\"imports\":{\"",
        "<a href=//cdn.example/assets/x>",
        "<a href=../x>",
        "</a>",
        "<math><mi>",
        "@import a ",
        "@import url(b);",
        "url(b)",
        "url(",
        "a{",
        "image-set('b' 1x)",
        "/*",
        "\\",
        "@namespace (",
    ] {
        let text = piece.repeat(200_000 / piece.len());
        let started = std::time::Instant::now();
        for url in [None, Some(&long)] {
            let _ = rewrite(page(url, SHIM).0, UTF_8, text.as_bytes(), None);
            let _ = css::rewrite(&text, &page(url, "").0);
        }
        assert!(started.elapsed().as_secs() < 20, "{piece} took {:?}", started.elapsed());
    }
}
