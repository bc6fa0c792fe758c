//! The cases of `fixtures/anchor`: the element that is marked before is the one that is found after, under other ids, or none is.

use std::path::Path;

use serde::Deserialize;

use super::*;
use crate::session::sample::Page;

mod random;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    before: String,
    after: String,
}

#[test]
fn elements_are_found_again_or_not_at_all() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/anchor");
    let (mut count, mut wrong) = (0, Vec::new());
    for file in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let cases: Cases = toml::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        for Case { name, before, after } in cases.case {
            count += 1;
            let (before, after) = (Page::new(&before, 1), Page::new(&after, 10_000));
            let anchor = describe(&before.mirror, before.mark.expect(&name)).expect(&name);
            let stored = serde_json::from_str(&serde_json::to_string(&anchor).unwrap()).unwrap();
            assert_eq!(anchor, stored, "{name}");
            let found = find(&after.mirror, &anchor);
            if found != after.mark {
                wrong.push(format!("{}: {name}: found {found:?}, not {:?}", file.display(), after.mark));
            }
        }
    }
    assert!(count >= 60, "{count}");
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn descriptions_hold_no_text_of_the_page() {
    let html = "<form id=sesame data-id=rosebud><label>Geheimnis</label><input name=passphrase placeholder=swordfish mark></form>";
    let page = Page::new(html, 1);
    let stored = serde_json::to_string(&describe(&page.mirror, page.mark.unwrap()).unwrap()).unwrap().to_lowercase();
    for planted in ["sesame", "rosebud", "geheimnis", "passphrase", "swordfish"] {
        assert!(!stored.contains(planted), "{stored}");
    }
}

#[test]
fn what_watchers_do_not_see_is_not_described() {
    let page = Page::new("<script mark>1</script>", 1);
    assert_eq!(describe(&page.mirror, page.mark.unwrap()), None);
}

/// Twice the page takes about twice the time, whatever its shape; ten times would be quadratic.
#[test]
fn large_pages_take_their_time_and_no_more() {
    for (name, part) in
        [("flat", "<li>Item <b>x</b><button>Delete</button></li>"), ("many", "<i></i>"), ("deep", "<div>a")]
    {
        let took = |count: usize| {
            let page = Page::new(&format!("<p mark>Here</p><ul>{}</ul>", part.repeat(count)), 1);
            let last = page.mirror.document().unwrap().walk().filter_map(|visit| match visit {
                crate::wash::Visit::Enter(look) if look.name().is_some() => Some(look.id),
                _ => None,
            });
            let last = last.last().unwrap();
            let start = std::time::Instant::now();
            let anchor = describe(&page.mirror, last).unwrap();
            let _ = find(&page.mirror, &anchor);
            start.elapsed()
        };
        let (small, large) = (took(2_000), took(20_000));
        assert!(large < small * 40 + std::time::Duration::from_millis(200), "{name}: {small:?}, {large:?}");
    }
}
