//! Allowlist entries against `fixtures/policy/patterns.json`, and the policy made of them.

use serde::Deserialize;

use super::*;
use crate::pattern::Pattern;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vectors {
    patterns: Vec<Case>,
    refused: Vec<BadCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    pattern: Pattern,
    covers: Vec<Url>,
    not: Vec<Url>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BadCase {
    pattern: String,
    why: String,
    /// What of it is wrong.
    at: String,
}

fn vectors() -> Vectors {
    let vectors: Vectors = serde_json::from_str(include_str!("../../fixtures/policy/patterns.json")).unwrap();
    assert!(vectors.patterns.len() >= 10 && vectors.refused.len() >= 15, "the vectors are not all there");
    vectors
}

fn site(pages: &[&str], loads: &[&str], networks: &[&str]) -> Site {
    let patterns = |list: &[&str]| list.iter().map(|text| text.parse().unwrap()).collect();
    Site {
        loads: patterns(loads),
        networks: networks.iter().map(|text| text.parse().unwrap()).collect(),
        ..Site::new("Shop", Url::parse("https://shop.example/").unwrap(), patterns(pages))
    }
}

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

#[test]
fn entries_cover_what_the_vectors_say() {
    for Case { pattern, covers, not } in vectors().patterns {
        for url in covers {
            assert!(pattern.matches(&url), "{} covers {url}", pattern.as_str());
        }
        for url in not {
            assert!(!pattern.matches(&url), "{} does not cover {url}", pattern.as_str());
        }
    }
}

#[test]
fn entries_that_cannot_be_meant_are_refused_and_say_why() {
    for BadCase { pattern, why, at } in vectors().refused {
        let refused = pattern.parse::<Pattern>().unwrap_err();
        assert_eq!(refused.to_string(), format!("{pattern:?} is not an allowlist entry: {why}"));
        let (first, end) = refused.span();
        let marked: String = pattern.chars().take(end as usize).skip(first as usize).collect();
        assert_eq!(marked, at, "{pattern}");
    }
}

#[test]
fn an_entry_is_written_as_it_was_read() {
    let text = "\"https://*.shop.example:*/img\"";
    let pattern: Pattern = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&pattern).unwrap(), text);
}

#[test]
fn a_load_is_no_page_but_a_page_may_be_loaded() {
    let policy = Policy::new(vec![site(&["https://shop.example"], &["https://cdn.example"], &[])]);
    let ask = |text: &str, usage| policy.permit(&url(text), usage).map(Permit::into_inner);
    assert_eq!(ask("https://shop.example/x", Use::Page), Ok(url("https://shop.example/x")));
    assert_eq!(ask("https://shop.example/x", Use::Load), Ok(url("https://shop.example/x")));
    assert_eq!(ask("https://cdn.example/x", Use::Page), Err(Refused::NotListed));
    assert_eq!(ask("https://cdn.example/x", Use::Load), Ok(url("https://cdn.example/x")));
    assert_eq!(ask("https://other.test/", Use::Load), Err(Refused::NotListed));
}

#[test]
fn only_web_addresses_without_user_names_are_permitted() {
    let policy = Policy::new(vec![site(&["https://shop.example"], &[], &[])]);
    let ask = |text: &str| policy.permit(&url(text), Use::Page).map(Permit::into_inner);
    for text in [
        "ftp://shop.example/",
        "file:///etc/passwd",
        "data:,x",
        "blob:https://shop.example/1",
        "javascript:1",
        "view-source:https://shop.example/",
    ] {
        assert_eq!(ask(text), Err(Refused::Scheme), "{text}");
    }
    for text in ["https://a@shop.example/", "https://a:b@shop.example/", "https://:b@shop.example/"] {
        assert_eq!(ask(text), Err(Refused::UserInfo), "{text}");
    }
}

#[test]
fn a_policy_without_sites_permits_nothing() {
    assert_eq!(
        Policy::default().permit(&url("https://shop.example/"), Use::Load).map(Permit::into_inner),
        Err(Refused::NotListed)
    );
}

#[test]
fn private_networks_are_open_to_the_sites_that_name_them() {
    let policy = Policy::new(vec![
        site(&["http://localhost:3000"], &["http://localhost:4000"], &["127.0.0.0/8"]),
        site(&["https://shop.example"], &[], &["10.0.0.0/8"]),
    ]);
    let networks = |text: &str| policy.networks(&policy.permit(&url(text), Use::Load).unwrap());
    let loopback: Vec<IpNet> = vec!["127.0.0.0/8".parse().unwrap()];
    assert_eq!(networks("http://localhost:3000/"), loopback);
    assert_eq!(networks("http://localhost:4000/x"), loopback);
    assert_eq!(networks("https://shop.example/"), ["10.0.0.0/8".parse::<IpNet>().unwrap()]);
}
