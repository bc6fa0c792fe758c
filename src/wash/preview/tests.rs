//! Both sides of pages, what is marked, and that nothing of a hostile page runs or loads.

use super::*;
use crate::origin::Scheme;
use crate::protocol::rules::{MaskDraft, ScrubDraft};
use crate::wash::harmless::harmless;

fn page(html: &str, privacy: PrivacyDraft) -> Page {
    let site = SiteDraft {
        name: "Shop".to_owned(),
        start: "https://shop.example/".to_owned(),
        pages: vec!["https://shop.example".to_owned()],
        privacy,
        ..SiteDraft::default()
    };
    Page {
        domain: Arc::new(ViewDomain { domain: "view.localhost".to_owned(), scheme: Scheme::Http, port: 8080 }),
        secret: [7; 32],
        sites: vec![site],
        url: "https://shop.example/account".parse().unwrap(),
        html: html.to_owned(),
    }
}

fn scrub(pattern: &str, replacement: &str) -> ScrubDraft {
    let (pattern, replacement) = (Some(pattern.to_owned()), Some(replacement.to_owned()));
    ScrubDraft { pattern, replacement, ..ScrubDraft::default() }
}

fn mask(selector: &str, action: MaskAction) -> MaskDraft {
    MaskDraft { name: String::new(), off: false, selector: selector.to_owned(), action, pages: Vec::new() }
}

/// Marks as `kind rule element`.
fn told(sides: &Sides) -> Vec<String> {
    let word = |kind| serde_json::to_string(&kind).unwrap().trim_matches('"').to_owned();
    sides.marks.iter().map(|mark| format!("{} {} {}", word(mark.kind), mark.rule, mark.element)).collect()
}

/// What carries a mark, from its `<` to the next one.
fn carrier(sides: &Sides, number: usize) -> String {
    let at =
        sides.agent.find(&format!("data-alongside-mark=\"{number}\"")).unwrap_or_else(|| panic!("{}", sides.agent));
    let begins = sides.agent[..at].rfind('<').unwrap();
    sides.agent[begins..].chars().skip(1).take_while(|c| *c != '<').collect()
}

#[test]
fn texts_that_rules_replace_are_marked_with_the_rule() {
    let rules =
        PrivacyDraft { scrub: vec![scrub("nothing", "x"), scrub("4[0-9]+", "[number]")], ..PrivacyDraft::default() };
    let html =
        "<!doctype html><title>t</title><section class='a b'><p>Order 4711 for you</p></section><p title='4712'>x</p>";
    let sides = page(html, rules).sides(&Files::default()).unwrap();
    assert!(sides.visitor.contains("Order 4711") && !sides.agent.contains("4711"), "{}", sides.agent);
    assert_eq!(told(&sides), ["scrubbed privacy.scrub.1 section.a > p", "scrubbed privacy.scrub.1 p"]);
    assert!(carrier(&sides, 0).ends_with("Order [number] for you"), "{}", carrier(&sides, 0));
    assert!(carrier(&sides, 1).starts_with("p title=\"[number]\""), "{}", carrier(&sides, 1));
    assert_eq!(sides.notes, ["Scrub rule 1 matches nothing on this page."]);
    assert_eq!(sides.visitor.matches("data-alongside-mark=").count(), 2, "both sides can be gone to");
    let shows: Vec<_> = sides.marks.iter().map(|mark| mark.shows.as_str()).collect();
    assert_eq!(shows, ["[number]", "[number]"]);
}

#[test]
fn what_is_masked_hidden_or_washed_is_marked() {
    let rules = PrivacyDraft {
        mask: vec![
            mask(".name", MaskAction::Mask),
            mask("#balance", MaskAction::Hide),
            mask(".none", MaskAction::Hide),
        ],
        ..PrivacyDraft::default()
    };
    let html = "<p class=name>Ada <b>Lovelace</b></p><div id=balance>1,000</div><script>x</script>\
        <p data-alongside-mask>Grace</p><input autocomplete=cc-number value=4111>";
    let sides = page(html, rules).sides(&Files::default()).unwrap();
    for shown in ["Lovelace", "1,000", "Grace", "4111"] {
        assert!(sides.visitor.contains(shown), "{shown}: {}", sides.visitor);
        assert!(!sides.agent.contains(shown), "{shown}: {}", sides.agent);
    }
    assert_eq!(
        told(&sides),
        [
            "masked privacy.mask.0 p.name",
            "hidden privacy.mask.1 div#balance",
            "washed  script",
            "masked  p",
            "masked  input"
        ]
    );
    assert_eq!(sides.notes, ["Mask 3 matches nothing on this page."]);
}

#[test]
fn files_are_within_the_page() {
    let html = "<link rel=stylesheet href=/a.css media=screen><img src=/p.png srcset='/p2.png 2x'><img src=/late.png><div style='background:url(/p.png)'>x</div>";
    let page = page(html, PrivacyDraft::default());
    let wanted = page.wanted().unwrap();
    let paths: Vec<_> = wanted.iter().map(|wanted| (wanted.url.path(), wanted.sheet)).collect();
    assert_eq!(paths, [("/a.css", true), ("/p.png", false), ("/p2.png", false), ("/late.png", false)]);
    let base: Url = "https://shop.example/a.css".parse().unwrap();
    let text =
        "@import 'https://other.example/x.css';p{background:url(in/bg.png),url(none.png)}</style><script>x".to_owned();
    let sheet = Sheet { text, base };
    let shown = page.wanted_by(&sheet);
    assert_eq!(shown.iter().map(|wanted| wanted.url.path()).collect::<Vec<_>>(), ["/in/bg.png", "/none.png"]);
    let mut files = Files::default();
    files.sheets.insert(wanted[0].key.clone(), sheet);
    let mut put = |key: &str, name: &str| files.data.insert(key.to_owned(), format!("data:image/png;base64,{name}"));
    put(&wanted[1].key, "PPPP");
    put(&wanted[2].key, "QQQQ");
    put(&shown[0].key, "BBBB");
    let sides = page.sides(&files).unwrap();
    for side in [&sides.visitor, &sides.agent] {
        assert_eq!(side.matches("data:image/png;base64,PPPP").count(), 2, "{side}");
        assert!(side.contains("srcset=\"data:image/png;base64,QQQQ 2x\""), "{side}");
        assert!(side.contains("<style media=\"screen\">") && side.contains("data:image/png;base64,BBBB"), "{side}");
        assert!(!side.contains("\"a/") && !side.contains("<script"), "{side}");
        assert_eq!(
            side.matches("url(").count(),
            side.matches("url(\"data:").count() + side.matches("url(&quot;data:").count(),
            "{side}"
        );
        harmless(side, html);
    }
}

/// All sheets that are imported, unpacked.
fn unpacked(css: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut waiting = vec![css.to_owned()];
    while let Some(css) = waiting.pop() {
        for after in css.split("data:text/css;charset=utf-8;base64,").skip(1) {
            let sheet = after.split('"').next().unwrap();
            waiting.push(String::from_utf8(data_encoding::BASE64.decode(sheet.as_bytes()).unwrap()).unwrap());
        }
        all.push(css);
    }
    all
}

#[test]
fn imports_are_within_the_sheets_that_import_them() {
    let html = "<link rel=stylesheet href=/a.css><style>@import '/b.css' print; p{color:red}</style><p>4711</p>";
    let rules = PrivacyDraft { scrub: vec![scrub("4711", "x")], ..PrivacyDraft::default() };
    let page = page(html, rules);
    let sheets = [
        ("/a.css", "@import url(b.css) screen;@import '//other.example/no.css';p::after{content:'4711'}"),
        ("/b.css", "@import 'c.css';@font-face{font-family:x;src:url(x.woff2)}"),
        ("/c.css", "@import 'a.css';@import 'c.css';@import 'gone.css';p{color:blue}"),
    ];
    let mut files = Files::default();
    let mut waiting = page.wanted().unwrap();
    let mut asked = Vec::new();
    while let Some(wanted) = waiting.pop() {
        let path = wanted.url.path().to_owned();
        if asked.contains(&path) {
            continue;
        }
        assert_eq!(wanted.sheet, path.ends_with(".css"), "{path}");
        asked.push(path.clone());
        if let Some((_, text)) = sheets.iter().find(|(name, _)| *name == path) {
            let sheet = Sheet { text: (*text).to_owned(), base: wanted.url.clone() };
            waiting.extend(page.wanted_by(&sheet));
            files.sheets.insert(wanted.key, sheet);
        } else if !wanted.sheet {
            files.data.insert(wanted.key, "data:font/woff2;base64,FFFF".to_owned());
        }
    }
    asked.sort();
    assert_eq!(asked, ["/a.css", "/b.css", "/c.css", "/gone.css", "/x.woff2"]);
    let sides = page.sides(&files).unwrap();
    for (side, content) in [(&sides.visitor, "content:'4711'"), (&sides.agent, "content:\"x\"")] {
        let all = unpacked(side);
        let has = |what: &str| all.iter().any(|css| css.contains(what));
        assert!(has("color:blue") && has("data:font/woff2;base64,FFFF") && has(content), "{all:?}");
        let addresses = |css: &str| css.matches("url(").count();
        for css in &all {
            assert_eq!(addresses(css), css.matches("url(\"data:").count(), "{css}");
        }
    }
}

#[test]
fn what_is_shown_often_does_not_make_a_page_endless() {
    let html = "<img src=/p.png>".repeat(100);
    let page = page(&html, PrivacyDraft::default());
    let mut files = Files::default();
    files.data.insert(page.wanted().unwrap()[0].key.clone(), format!("data:image/png;base64,{}", "P".repeat(1 << 20)));
    let sides = page.sides(&files).unwrap();
    assert!(sides.agent.len() < 13 << 20 && !sides.agent.contains("\"a/"));
}

#[test]
fn several_rules_at_one_place_are_marked_each() {
    let rules = PrivacyDraft {
        mask: vec![mask(".name", MaskAction::Mask), mask("p", MaskAction::Mask), mask("#no", MaskAction::Hide)],
        scrub: vec![scrub("cat", "dog"), scrub("[0-9]+", "#")],
        ..PrivacyDraft::default()
    };
    let words = "word ".repeat(60);
    let html = format!("<p class=name>Ada</p><div id=no class=name>{words}</div><i>A cat, 4711 times</i>");
    let sides = page(&html, rules).sides(&Files::default()).unwrap();
    let all: Vec<_> = sides.marks.iter().map(|mark| (mark.place, mark.rule.as_str(), mark.shows.as_str())).collect();
    assert_eq!(
        all,
        [
            (0, "privacy.mask.0", ""),
            (0, "privacy.mask.1", ""),
            (1, "privacy.mask.2", ""),
            (1, "privacy.mask.0", ""),
            (2, "privacy.scrub.0", "dog,"),
            (2, "privacy.scrub.1", "#"),
        ]
    );
    assert!(sides.agent.contains("[data-alongside-mark=\"1\"]{min-height:7.5em!important}"), "{}", sides.agent);
}

#[test]
fn what_is_not_permitted_is_not_wanted() {
    let html = "<img src=https://other.example/x.png><link rel=stylesheet href=//other.example/x.css><img src=file:///etc/passwd>";
    let page = page(html, PrivacyDraft::default());
    assert_eq!(page.wanted().unwrap(), []);
    let sides = page.sides(&Files::default()).unwrap();
    assert_eq!(told(&sides), ["foreign  img", "washed  link"]);
}

#[test]
fn hostile_pages_are_data() {
    let html = "<base href=https://evil.example/><script src=//evil.example/x.js></script><img src=x onerror=alert(1)>\
        <a href=javascript:alert(1)>x</a><iframe srcdoc='<script>x</script>'></iframe><svg><script>x</script><a xlink:href=javascript:x><text>x</text></a></svg>\
        <form action=https://evil.example/><button formaction=javascript:x>x</button></form><meta http-equiv=refresh content='0;url=https://evil.example/'>\
        <style>@import 'https://evil.example/x.css';p{background:url(https://evil.example/p.png)}</style><object data=x></object>\
        <p data-alongside-mark='\"><script>x</script>'>x</p><math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>";
    let rules = PrivacyDraft { scrub: vec![scrub("x", "<script>y</script>\"onload=z")], ..PrivacyDraft::default() };
    let sides = page(html, rules).sides(&Files::default()).unwrap();
    for side in [&sides.visitor, &sides.agent] {
        harmless(side, html);
        let lower = side.to_ascii_lowercase();
        assert!(!lower.contains("<script") && !lower.contains("evil.example"), "{side}");
    }
    assert!(!sides.marks.is_empty());
}
