//! The cases of `fixtures/wash`: `in.html` washed is `out.html`, with `rules.toml` where there is one. `UPDATE=1` writes `out.html`.

use std::path::{Path, PathBuf};

use super::*;
use crate::wash::harmless::harmless;

const PAGE: &str = "https://shop.example/dir/page.html?q=1";

fn case(dir: &Path) -> (String, String) {
    let html = std::fs::read_to_string(dir.join("in.html")).unwrap();
    let page: Url = PAGE.parse().unwrap();
    let policy = match std::fs::read_to_string(dir.join("rules.toml")) {
        Ok(rules) => Policy::check(&crate::rules::read(&rules).0).unwrap(),
        Err(_) => own_origin(&page).unwrap(),
    };
    let washed = wash(&html, &page, policy.clone()).unwrap();
    let again = wash(&washed, &page, policy).unwrap();
    (washed, again)
}

#[test]
fn fixtures() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/wash");
    let mut dirs: Vec<PathBuf> = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    dirs.sort();
    assert!(dirs.len() >= 40, "{} cases", dirs.len());
    for dir in dirs {
        let (washed, again) = case(&dir);
        let out = dir.join("out.html");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&out, &washed).unwrap();
        }
        assert_eq!(washed, std::fs::read_to_string(&out).unwrap(), "{}", out.display());
        harmless(&washed, &dir.display().to_string());
        harmless(&again, &format!("{}, washed twice", dir.display()));
    }
}

const TAGS: &[&str] = &[
    "script",
    "SCRIPT",
    "scr\u{0}ipt",
    "img",
    "svg",
    "a",
    "iframe",
    "object",
    "embed",
    "math",
    "mtext",
    "mglyph",
    "style",
    "title",
    "noscript",
    "template",
    "form",
    "input",
    "button",
    "body",
    "table",
    "td",
    "foreignObject",
    "animate",
    "set",
    "use",
    "base",
    "meta",
    "link",
    "details",
    "video",
    "audio",
    "source",
    "x-y",
    "xmp",
    "plaintext",
    "textarea",
    "select",
    "option",
    "isindex",
    "marquee",
    "desc",
];
const ATTRIBUTES: &[&str] = &[
    "onerror=alert(1)",
    "ONLOAD=alert(1)",
    "on\u{1}click=x",
    "href=javascript:alert(1)",
    "href='java\nscript:alert(1)'",
    "href=&#106;avascript:x",
    "xlink:href=javascript:x",
    "src=javascript:x",
    "src=data:text/html,<script>x</script>",
    "srcdoc='<script>x</script>'",
    "style=background:url(javascript:x)",
    "style='-moz-binding:url(//evil.example)'",
    "action=javascript:x",
    "formaction=javascript:x",
    "attributeName=href to=javascript:x",
    "attributeName=onload to=x",
    "http-equiv=refresh content='0;url=javascript:x'",
    "poster=javascript:x",
    "background=javascript:x",
    "data=javascript:x",
    "/onerror=x",
    "\"onerror=x",
    "title='</style><img src onerror=x>'",
    "title=\"--><script>x</script>\"",
    "id=x name=y",
    "type=image src=//evil.example/",
    "srcset='javascript:x 1x'",
    "values=javascript:x",
    "xmlns=http://evil.example/",
    "is=x-y",
    "begin=0 onbegin=x",
    "ping=//evil.example/",
];
const TEXTS: &[&str] = &[
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "</style>",
    "</title>",
    "</textarea>",
    "</noscript>",
    "</template>",
    "</svg>",
    "</p>",
    "</table>",
    "x",
    "@import 'javascript:x';",
    "a{b:url('javascript:x')}",
    "&lt;script&gt;x&lt;/script&gt;",
    "<script>x</script>",
    "<",
    "\"",
    "\u{0}",
];

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 600, failure_persistence: None, ..Default::default() })]

    /// Whatever tags, attributes and texts are strewn together, nothing of them runs, washed once or parsed and washed again.
    #[test]
    fn payloads(parts in proptest::collection::vec(proptest::prelude::any::<(u8, u8, u8, u8)>(), 1..25)) {
        let pick = |list: &[&'static str], n: u8| list[usize::from(n) % list.len()];
        let html: String = parts.iter().map(|(kind, a, b, c)| match kind % 4 {
            0 => pick(TEXTS, *a).to_owned(),
            1 => format!("</{}>", pick(TAGS, *a)),
            _ => format!("<{} {} {}>", pick(TAGS, *a), pick(ATTRIBUTES, *b), pick(ATTRIBUTES, *c)),
        }).collect();
        let page: Url = PAGE.parse().unwrap();
        let washed = wash(&html, &page, own_origin(&page).unwrap()).unwrap();
        harmless(&washed, &html);
        proptest::prop_assert!(!washed.to_ascii_lowercase().contains("<script"), "{html}: {washed}");
        harmless(&wash(&washed, &page, own_origin(&page).unwrap()).unwrap(), &html);
    }
}

#[test]
fn an_image_of_the_own_origin_stays_and_others_go() {
    let page: Url = PAGE.parse().unwrap();
    let html = "<img src=x.png><img src=//other.example/y.png>";
    let washed = wash(html, &page, own_origin(&page).unwrap()).unwrap();
    assert_eq!(washed.matches("src=\"a/").count(), 1, "{washed}");
}

#[tokio::test]
async fn the_demo_s_pages() {
    use crate::demo::{Shop, tests};
    let shop = Shop::start().await.unwrap();
    for path in tests::PAGES {
        let page = shop.origins().shop.join(path).unwrap();
        let reply = tests::get(&shop, path, &[]).await;
        assert!(reply.text().contains("<script"), "{path} has nothing to wash");
        let washed = wash(reply.text(), &page, Policy::check(&[shop.site()]).unwrap()).unwrap();
        harmless(&washed, path);
        assert!(!washed.contains("<script") && washed.contains("Kettle &amp; Fern"), "{path}");
    }
}
