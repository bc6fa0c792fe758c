//! Documents that a parser suffers from.

use super::bounds::DEPTH;
use crate::wash::mirror::Step;
use crate::wash::{Mirror, document};

fn parse(html: &str) -> Mirror {
    document::parse(html, &"https://shop.example/".parse().unwrap()).unwrap()
}

fn depth(mirror: &Mirror) -> usize {
    let (mut depth, mut deepest) = (0, 0);
    for step in mirror.walk(mirror.root().unwrap()) {
        match step {
            Step::Enter(..) => depth += 1,
            Step::Leave(_) => depth -= 1,
        }
        deepest = deepest.max(depth);
    }
    deepest
}

#[test]
fn nesting_is_cut_at_the_depth_of_browsers() {
    for tag in ["<div>", "<ul><li>", "<b>", "<svg>", "<table><tr><td>", "<template>", "<svg><title>", "<select><x-y>"] {
        let mirror = parse(&tag.repeat(512_000 / tag.len()));
        let deepest = depth(&mirror);
        assert!(deepest <= DEPTH + 2, "{tag}: {deepest}");
        assert!(tag != "<div>" || deepest >= DEPTH - 10, "{tag}: {deepest}");
    }
}

#[test]
fn what_is_too_deep_is_content_of_its_ancestor() {
    let mirror = parse(&format!("{}<p>deep<i>er</i></p>{}<p id=after>", "<div>".repeat(600), "</div>".repeat(600)));
    assert!(depth(&mirror) <= DEPTH + 2);
    let body = mirror
        .walk(mirror.root().unwrap())
        .filter_map(|step| if let Step::Enter(id, entry) = step { Some((id, entry)) } else { None })
        .find(|(_, entry)| entry.attr("id") == Some("after"))
        .and_then(|(_, entry)| mirror.parent(entry))
        .map(|parent| parent.node.clone());
    assert!(format!("{body:?}").contains("\"body\""), "{body:?}");
}

#[test]
fn siblings_without_end_tags_are_no_depth() {
    let mirror = parse(&"<p>a<li>b".repeat(2_000));
    assert!(mirror.len() >= 8_000, "{}", mirror.len());
}

#[test]
fn formatting_elements_do_not_multiply_without_end() {
    let fonts: String = (0..450).map(|n| format!("<font size={n}>")).collect();
    let mirror = parse(&format!("<p>{fonts}{}", "<p>x".repeat(5_000)));
    assert!(mirror.len() < 450_000, "{}", mirror.len());
}

#[test]
fn attributes_without_end_are_cut() {
    let attributes: String = (0..100_000).map(|n| format!(" a{n}=\"x y\"")).collect();
    let mirror = parse(&format!("<div{attributes}><p>after"));
    assert!(mirror.len() > 5);
}
