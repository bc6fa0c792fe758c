//! What is covered in pictures: whatever agents see something else for.

use std::collections::BTreeSet;

use super::*;
use crate::privacy::Privacy;
use crate::protocol::rules::{MaskAction, MaskDraft, PrivacyDraft, ScrubDraft};

fn wash_of(private: bool) -> Wash {
    let mask = |action, selector: &str| MaskDraft {
        name: String::new(),
        off: false,
        selector: selector.to_owned(),
        action,
        pages: Vec::new(),
    };
    let card = ScrubDraft { ready: Some("card".to_owned()), ..ScrubDraft::default() };
    let masks = vec![mask(MaskAction::Mask, ".m"), mask(MaskAction::Hide, ".h")];
    wash_with(Privacy::check(&PrivacyDraft { private, mask: masks, scrub: vec![card] }, "privacy").unwrap())
}

fn nodes(pair: &Pair) -> Option<Vec<u64>> {
    pair.watched.nodes().map(|nodes: BTreeSet<NodeId>| nodes.into_iter().map(|id| id.0).collect())
}

const CARD: &str = "4111 1111 1111 1111";

#[test]
fn what_is_masked_hidden_dropped_or_replaced_is_covered() {
    let mut pair = Pair::with(
        wash_of(false),
        vec![
            element(10, 4, "p", &[]),
            text(11, 10, "Nothing"),
            element(20, 4, "section", &[("class", "m")]),
            element(21, 20, "p", &[]),
            text(22, 21, "Masked"),
            element(30, 4, "section", &[("class", "h")]),
            text(31, 30, CARD),
            element(40, 4, "p", &[]),
            text(41, 40, "No. 4111 1111"),
            element(42, 40, "b", &[]),
            text(43, 42, " 1111 1111"),
            element(50, 4, "input", &[("type", "password")]),
            element(51, 4, "input", &[("placeholder", CARD)]),
            element(52, 4, "input", &[("type", "file")]),
            element(53, 4, "input", &[("value", "plain")]),
            element(54, 4, "div", &[("data-card", CARD)]),
            element(55, 4, "div", &[("onclick", CARD)]),
            element(60, 4, "select", &[]),
            element(61, 60, "option", &[]),
            text(62, 61, CARD),
            element(70, 4, "object", &[]),
            text(71, 70, "Not shown to agents"),
            element(72, 3, "meta", &[("content", "x")]),
            element(80, 4, "svg:svg", &[]),
            element(81, 80, "svg:text", &[]),
            text(82, 81, CARD),
            element(90, 4, "textarea", &[]),
            text(91, 90, CARD),
            element(95, 4, "a", &[("href", "/plain")]),
        ],
    );
    let expected = [20, 30, 41, 43, 50, 51, 52, 54, 55, 60, 61, 62, 70, 82, 90, 91];
    assert_eq!(nodes(&pair).unwrap(), expected);

    // Each event changes what it changes, also in texts that it does not name.
    pair.apply(PageEvent::Text { node: NodeId(41), text: "No. ".into() }).unwrap();
    pair.apply(attribute(20, "class", None)).unwrap();
    pair.apply(attribute(10, "class", Some("h"))).unwrap();
    pair.apply(state(53, NodeState { value: Some(CARD.into()), ..NodeState::default() })).unwrap();
    pair.apply(PageEvent::Remove { node: NodeId(60) }).unwrap();
    let expected = [10, 30, 50, 51, 52, 53, 54, 55, 70, 82, 90, 91];
    assert_eq!(nodes(&pair).unwrap(), expected);
}

#[test]
fn what_may_be_drawn_anywhere_covers_everything() {
    let mut pair =
        Pair::with(wash_of(false), vec![element(5, 3, "style", &[]), text(6, 5, "p::before{content:\"x\"}")]);
    assert_eq!(nodes(&pair), Some(Vec::new()));
    let text = |text: &str| PageEvent::Text { node: NodeId(6), text: text.into() };
    pair.apply(text(&format!("p::before{{content:\"{CARD}\"}}"))).unwrap();
    assert_eq!(nodes(&pair), None);
    pair.apply(text("p::before{background:url(/4111111111111111.png)}")).unwrap();
    assert_eq!(nodes(&pair), Some(Vec::new()), "addresses are not drawn");
    let rule = format!("p::after{{content:\"{CARD}\"}}");
    pair.apply(PageEvent::Sheet { sheet: NodeId(5), rules: Some(vec![rule]) }).unwrap();
    assert_eq!(nodes(&pair), None);
    pair.apply(PageEvent::DeleteRule { sheet: NodeId(5), index: 0 }).unwrap();
    assert_eq!(nodes(&pair), Some(Vec::new()));
    pair.apply(attribute(4, "style", Some(&format!("--x:\"{CARD}\"")))).unwrap();
    assert_eq!(nodes(&pair), None);
}

#[test]
fn a_private_page_is_covered_whole() {
    let pair = Pair::with(wash_of(true), vec![element(5, 4, "p", &[])]);
    assert_eq!(nodes(&pair), None);
}

#[test]
fn there_is_a_limit_to_it() {
    let many = (0..6_000).map(|n| element(100 + n, 4, "i", &[("class", "m")])).collect();
    let pair = Pair::with(wash_of(false), many);
    assert_eq!(nodes(&pair), None);
}
