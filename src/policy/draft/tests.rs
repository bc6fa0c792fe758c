//! Every fault of a draft is where it says.

use super::*;
use crate::protocol::rules::{MaskAction, MaskDraft, ScrubDraft};

fn shop() -> SiteDraft {
    SiteDraft {
        name: "Shop".to_owned(),
        start: "https://shop.example/".to_owned(),
        pages: vec!["https://shop.example".to_owned()],
        ..SiteDraft::default()
    }
}

/// The value at a fault's place, cut to its span.
fn marked(drafts: &[SiteDraft], fault: &Fault) -> Option<String> {
    let drafts = serde_json::to_value(drafts).unwrap();
    let value = drafts.pointer(&format!("/{}", fault.place.replace('.', "/"))).unwrap_or_else(|| panic!("{fault:?}"));
    let (first, end) = fault.span?;
    Some(value.as_str().unwrap().chars().take(end as usize).skip(first as usize).collect())
}

#[test]
fn all_faults_are_told_each_at_its_place() {
    let list = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let mut second = SiteDraft { name: " Shop ".to_owned(), start: "shop".to_owned(), ..shop() };
    second.pages = list(&["https://shop.example", "https://shöp.example:1:2"]);
    second.loads = list(&["https://cdn.example/x?y"]);
    second.networks = list(&["10.0.0.0/8", "10.0.0.1", "10.0.0.0/33", "localhost"]);
    second.agent.ask_selectors = list(&[".ok", "é >> b"]);
    second.agent.never = list(&[":hovr"]);
    second.privacy.mask = vec![MaskDraft {
        name: String::new(),
        off: true,
        selector: ".x".to_owned(),
        action: MaskAction::Hide,
        pages: list(&["shop.example"]),
    }];
    let drafts = [shop(), second];
    let faults = Policy::check(&drafts).unwrap_err();
    let told: Vec<_> = faults.iter().map(|fault| (fault.place.as_str(), marked(&drafts, fault))).collect();
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        told,
        [
            ("1.name", None),
            ("1.start", some("shop")),
            ("1.pages.1", some("2")),
            ("1.loads.0", some("?y")),
            ("1.networks.1", some("10.0.0.1")),
            ("1.networks.2", some("33")),
            ("1.networks.3", some("localhost")),
            ("1.agent.ask_selectors.1", some(">")),
            ("1.agent.never.0", some(":hovr")),
            ("1.privacy.mask.0.pages.0", some("shop.example")),
        ],
        "{faults:#?}"
    );
    assert!(faults.iter().all(|fault| !fault.message.is_empty() && !fault.hint.is_empty()));
}

#[test]
fn a_start_must_be_among_the_pages() {
    let at = |start: &str| {
        let drafts = [SiteDraft { start: start.to_owned(), ..shop() }];
        let faults = Policy::check(&drafts).unwrap_err();
        assert_eq!(faults.len(), 1, "{faults:?}");
        (marked(&drafts, &faults[0]), faults[0].hint.clone())
    };
    let expect = |marked: Option<&str>, hint: &str| (marked.map(str::to_owned), hint.to_owned());
    assert_eq!(at("https://other.example/"), expect(None, "list it in the site's `pages`"));
    assert_eq!(at("ftp://shop.example/"), expect(Some("ftp"), "it begins with http:// or https://"));
    assert_eq!(at("https://a:b@shop.example/"), expect(Some("a:b@"), "leave out what stands before the @"));
}

#[test]
fn a_site_that_is_off_is_checked_and_left_out() {
    let off = SiteDraft { name: "Off".to_owned(), off: true, ..shop() };
    assert_eq!(Policy::check(&[off.clone(), shop()]).unwrap().sites().len(), 1);
    let wrong = SiteDraft { start: "nowhere".to_owned(), ..off };
    assert_eq!(Policy::check(&[shop(), wrong]).unwrap_err()[0].place, "1.start");
}

#[test]
fn rules_about_texts_are_checked() {
    let with = |scrub: ScrubDraft| {
        let mut draft = shop();
        draft.privacy.scrub = vec![scrub];
        Policy::check(&[draft]).map(|_| ()).map_err(|faults| faults[0].place.clone())
    };
    let pattern = |text: &str| Some(text.to_owned());
    assert!(with(ScrubDraft { pattern: pattern("a+"), replacement: pattern("x"), ..ScrubDraft::default() }).is_ok());
    let open = ScrubDraft { pattern: pattern("(a"), replacement: pattern("x"), ..ScrubDraft::default() };
    assert_eq!(with(open), Err("0.privacy.scrub.0.pattern".to_owned()));
    assert!(with(ScrubDraft::default()).is_err(), "neither `ready` nor `pattern`");
}

#[test]
fn lists_have_an_end() {
    let scrub = ScrubDraft { pattern: Some("x".to_owned()), replacement: Some(String::new()), ..ScrubDraft::default() };
    let mut many = shop();
    many.privacy.scrub = vec![scrub.clone(); 101];
    many.loads = vec!["https://cdn.example".to_owned(); 1_001];
    let faults = Policy::check(&[shop(), many]).unwrap_err();
    let places: Vec<_> = faults.iter().map(|fault| fault.place.as_str()).collect();
    assert_eq!(places, ["1.privacy.scrub", "1.loads"], "{faults:?}");

    let mut sites = vec![shop(); 6];
    for (i, site) in sites.iter_mut().enumerate() {
        site.name = format!("Shop {i}");
        site.privacy.scrub = vec![scrub.clone(); if i < 5 { 100 } else { 0 }];
    }
    assert!(Policy::check(&sites).is_ok());
    sites[5].privacy.scrub = vec![scrub];
    let faults = Policy::check(&sites).unwrap_err();
    assert_eq!((faults.len(), faults[0].place.as_str()), (1, ""), "{faults:?}");
}
