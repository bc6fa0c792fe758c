//! Rules about texts over events: whatever a secret is cut into and however it comes, watchers do not get it.

use super::*;
use crate::privacy::Privacy;
use crate::protocol::rules::{PrivacyDraft, ScrubDraft};

pub(super) fn wash() -> Wash {
    let draft = PrivacyDraft { scrub: rules(), ..PrivacyDraft::default() };
    wash_with(Privacy::check(&draft, "0.privacy").unwrap())
}

/// Cards and e-mail addresses.
pub(super) fn rules() -> Vec<ScrubDraft> {
    let ready = |name: &str| ScrubDraft { ready: Some(name.to_owned()), ..ScrubDraft::default() };
    vec![ready("card"), ready("email")]
}

const CARD: &str = "4111 1111 1111 1111";

fn pair(nodes: Vec<NodeRecord>) -> Pair {
    Pair::with(wash(), nodes)
}

fn set(node: u64, text: &str) -> PageEvent {
    PageEvent::Text { node: NodeId(node), text: text.to_owned() }
}

fn add(nodes: Vec<NodeRecord>) -> PageEvent {
    PageEvent::Add { nodes }
}

fn move_to(node: u64, parent: u64, before: Option<u64>) -> PageEvent {
    PageEvent::Move { node: NodeId(node), parent: NodeId(parent), before: before.map(NodeId) }
}

/// What watchers see of the texts below a node, in document order.
fn seen(pair: &Pair, node: u64) -> String {
    let texts =
        pair.view.subtree(NodeId(node)).into_iter().filter_map(|id| match Node::from(&pair.view.get(id)?.node) {
            Node::Text { text } => Some(text),
            _ => None,
        });
    texts.collect()
}

/// Digits that watchers see anywhere.
fn digits(pair: &Pair) -> usize {
    let PageEvent::Snapshot(snapshot) = pair.wash.snapshot(&pair.page).unwrap() else { panic!() };
    let texts =
        format!("{:?}", snapshot.nodes.iter().map(|record| (&record.node, &record.state.value)).collect::<Vec<_>>());
    texts.matches("11").count()
}

#[test]
fn a_run_is_one_text() {
    let joined = |between: &[(&str, bool)]| {
        let mut nodes = vec![element(5, 4, "p", &[]), text(6, 5, "No. 4111 1111")];
        for ((name, wraps), id) in between.iter().zip(10..) {
            nodes.push(element(id, 5, name, &[]));
            if *wraps {
                nodes.push(text(id + 100, id, " "));
            }
        }
        nodes.push(text(7, 5, " 1111 1111."));
        let pair = pair(nodes);
        digits(&pair) == 0
    };
    for between in [
        vec![],
        vec![("b", false)],
        vec![("span", true)],
        vec![("x-y", false), ("i", false)],
        vec![("br", false)],
        vec![("wbr", false), ("script", true)],
        vec![("slot", false)],
    ] {
        assert!(joined(&between), "{between:?}");
    }
    for between in [vec![("p", false)], vec![("img", false)], vec![("button", true)], vec![("table", false)]] {
        assert!(!joined(&between), "{between:?}");
    }
}

#[test]
fn what_makes_and_parts_runs() {
    let mut pair = pair(vec![
        element(5, 4, "p", &[]),
        text(6, 5, "4011 8311"),
        element(7, 5, "hr", &[]),
        text(8, 5, " 1103 1172"),
        element(9, 4, "p", &[]),
    ]);
    let parted = digits(&pair);
    assert!(parted > 0);
    let out = pair.apply(PageEvent::Remove { node: NodeId(7) }).unwrap();
    assert_eq!(digits(&pair), 0, "{out:?}");
    assert_eq!(out.len(), 3, "{out:?}");
    pair.apply(move_to(8, 9, None)).unwrap();
    assert_eq!(digits(&pair), parted);
    pair.apply(move_to(8, 5, Some(6))).unwrap();
    assert_eq!(digits(&pair), parted, "the wrong way round");
    pair.apply(move_to(6, 5, Some(8))).unwrap();
    assert_eq!(digits(&pair), 0);
    pair.apply(add(vec![NodeRecord { before: Some(NodeId(8)), ..element(20, 5, "div", &[]) }])).unwrap();
    assert_eq!(digits(&pair), parted);
    pair.apply(move_to(20, 9, None)).unwrap();
    assert_eq!(digits(&pair), 0);
    pair.apply(add(vec![NodeRecord { before: Some(NodeId(8)), ..element(21, 5, "b", &[]) }, text(22, 21, "x")]))
        .unwrap();
    assert_eq!(digits(&pair), parted);
    pair.apply(set(22, "")).unwrap();
    assert_eq!(digits(&pair), 0);
    assert_eq!(pair.apply(attribute(21, "class", Some("a"))).unwrap().len(), 1);
}

#[test]
fn inner_parts_of_a_run_move_with_an_inline_element() {
    let mut pair = pair(vec![
        element(5, 4, "p", &[]),
        text(6, 5, "4111 "),
        element(7, 4, "p", &[]),
        element(8, 7, "span", &[]),
        text(9, 8, "1111 1111"),
        element(10, 8, "div", &[]),
        text(11, 8, "4111 1111 1111"),
        text(12, 7, " 1111"),
    ]);
    assert!(digits(&pair) > 0 && !seen(&pair, 11).contains("4111"));
    pair.apply(move_to(8, 5, None)).unwrap();
    assert!(seen(&pair, 11).contains("4111"));
    pair.apply(set(6, "4111 1111 ")).unwrap();
    assert!(!seen(&pair, 5).contains("4111 1111 1111 1111"));
    assert_eq!(seen(&pair, 9), "");
}

#[test]
fn typed_bit_by_bit() {
    let value = |text: &str| NodeState { value: Some(text.to_owned()), ..NodeState::default() };
    let mut pair = pair(vec![
        element(5, 4, "input", &[]),
        element(6, 4, "p", &[]),
        text(7, 6, "x"),
        element(8, 4, "p", &[("title", "")]),
        element(9, 4, "p", &[]),
        element(10, 4, "p", &[]),
        element(11, 4, "div", &[("contenteditable", "")]),
        text(12, 11, " "),
    ]);
    let mut last = None;
    for (at, typed) in CARD.char_indices() {
        let so_far = &CARD[..at + typed.len_utf8()];
        pair.apply(state(5, value(so_far))).unwrap();
        pair.apply(set(7, so_far)).unwrap();
        pair.apply(attribute(8, "title", Some(so_far))).unwrap();
        // As `textContent` does.
        if let Some(last) = last {
            pair.apply(PageEvent::Remove { node: NodeId(last) }).unwrap();
        }
        let id = 1_000 + at as u64;
        last = Some(id);
        pair.apply(add(vec![text(id, 9, so_far)])).unwrap();
        // Character by character, each in an element of its own.
        pair.apply(add(vec![element(id + 100, 10, "span", &[]), text(id + 200, id + 100, &typed.to_string())]))
            .unwrap();
        pair.apply(set(12, so_far)).unwrap();
        let PageEvent::Snapshot(snapshot) = pair.wash.snapshot(&pair.page).unwrap() else { panic!() };
        let told = format!("{:?}", snapshot.nodes);
        let shown = [seen(&pair, 6), seen(&pair, 9), seen(&pair, 10), seen(&pair, 11)];
        let ones = shown.iter().map(|text| text.matches('1').count()).max().unwrap();
        assert!(ones <= 8 && !told.contains("4111 1111 1"), "{so_far}: {told}");
    }
    for text in [6, 9, 10, 11].map(|node| seen(&pair, node)) {
        assert!(!text.contains("11") && !text.contains('*'), "{text}");
    }
}

#[test]
fn a_batch_is_settled_once() {
    let mut pair = pair(vec![element(5, 4, "p", &[])]);
    let mut out = Vec::new();
    let count = 2_000;
    pair.page.rest();
    for id in 0..count {
        let text = text(100 + id, 5, if id % 4 == 0 { "4111 " } else { "1111 " });
        pair.wash.apply(&mut pair.page, add(vec![text]), &mut out).unwrap();
        pair.wash.apply(&mut pair.page, set(100 + id, "x"), &mut out).unwrap();
    }
    pair.wash.settle(&mut pair.page, &mut out).unwrap();
    assert_eq!(out.len(), 2 * count as usize);
}

#[test]
fn a_page_tells_of_texts_what_they_are_when_its_batch_ends() {
    let mut pair = pair(Vec::new());
    let halves =
        vec![element(5, 4, "p", &[]), text(6, 5, "4111 1111 "), text(7, 5, "of it, "), text(8, 5, "1111 1111")];
    let mut out = Vec::new();
    for event in [page(halves), PageEvent::Remove { node: NodeId(7) }] {
        pair.wash.apply(&mut pair.page, event, &mut out).unwrap();
    }
    pair.wash.settle(&mut pair.page, &mut out).unwrap();
    assert!(!format!("{out:?}").contains("1111"), "{out:?}");
}

#[test]
fn what_is_hidden_when_a_batch_ends_is_not_filled_in() {
    let mut pair = pair(vec![element(5, 4, "p", &[]), text(6, 5, "x"), element(7, 4, "script", &[])]);
    let mut out = Vec::new();
    for event in [set(6, "y"), move_to(6, 7, None), set(6, "secret")] {
        pair.wash.apply(&mut pair.page, event, &mut out).unwrap();
    }
    pair.wash.settle(&mut pair.page, &mut out).unwrap();
    assert!(!format!("{out:?}").contains("secret"), "{out:?}");
}

#[test]
fn selections_tell_no_lengths() {
    let mut pair = pair(vec![element(5, 4, "p", &[]), text(6, 5, &format!("No. {CARD}, thanks")), text(7, 5, "plain")]);
    let length = seen(&pair, 6).encode_utf16().count() as u32;
    let range = |start: (u64, u32), end: (u64, u32)| Range {
        start: NodeId(start.0),
        start_offset: start.1,
        end: NodeId(end.0),
        end_offset: end.1,
    };
    for (told, given) in [
        (range((6, 0), (6, length)), range((6, 4), (6, 23))),
        (range((6, 0), (7, 2)), range((6, 24), (7, 2))),
        (range((6, length), (6, length)), range((6, 9), (6, 9))),
        (range((7, 1), (7, 2)), range((7, 1), (7, 2))),
    ] {
        let out = pair.apply(PageEvent::Selection { range: Some(given) }).unwrap();
        assert_eq!(out, [PageEvent::Selection { range: Some(told) }]);
    }
}

#[test]
fn addresses_titles_and_sheets() {
    let mut pair =
        pair(vec![element(5, 3, "title", &[]), text(6, 5, &format!("Card {CARD}")), element(7, 3, "style", &[])]);
    assert!(!pair.wash.title(&pair.page).unwrap().contains("11"));
    let url =
        "http://abcdefghij-sshop-example.view.localhost:8080/pay?card=4111%201111%201111%201111#ada%40shop.example";
    let out = pair.apply(PageEvent::Url { url: url.to_owned() }).unwrap();
    assert!(
        matches!(out.as_slice(), [PageEvent::Url { url }] if !url.contains("11") && !url.contains("ada")),
        "{out:?}"
    );
    let rules =
        Some(vec![format!("a::before {{ content: \"{CARD}\"; }}"), "a { --mail: ada\\@shop.example; }".to_owned()]);
    let out = pair.apply(PageEvent::Sheet { sheet: NodeId(7), rules }).unwrap();
    let told = format!("{out:?}");
    assert!(!told.contains("11") && !told.contains("ada") && told.contains("a::before { content: \\\""), "{told}");
    let sheet = pair.wash.stylesheet(
        "a{content:\"4111 \" \"1111\" /* no */ \" 1111 \" \"1111\"}",
        &"https://shop.example/a.css".parse().unwrap(),
    );
    assert!(!sheet.contains("11"), "{sheet}");
}

#[test]
fn shadow_roots_and_frames_have_runs_of_their_own() {
    let mut pair = pair(vec![
        element(5, 4, "p", &[]),
        text(6, 5, "4111 1111"),
        element(7, 5, "x-y", &[]),
        record(8, Some(7), Node::ShadowRoot { delegates_focus: false }),
        text(9, 8, CARD),
        text(10, 7, " 1111 1111"),
        element(11, 4, "iframe", &[]),
    ]);
    assert_eq!(digits(&pair), 0);
    let frame = |url: Option<&str>| {
        let document = record(12, Some(11), Node::Document { url: url.map(str::to_owned), quirks: false });
        add(vec![
            document,
            element(13, 12, "html", &[]),
            element(14, 13, "body", &[("title", CARD)]),
            text(15, 14, CARD),
        ])
    };
    for url in [None, Some("about:srcdoc"), Some("about:blank"), Some(PAGE), Some("https://cdn.example/frame")] {
        pair.apply(frame(url)).unwrap();
        assert_eq!(digits(&pair), 0, "{url:?}");
        pair.apply(set(15, "4111 1111 1111 ")).unwrap();
        pair.apply(add(vec![text(16, 14, "1111")])).unwrap();
        assert_eq!(digits(&pair), 0, "{url:?}");
        pair.apply(PageEvent::Remove { node: NodeId(12) }).unwrap();
    }
}

#[test]
fn rules_follow_the_address_and_the_policy() {
    let email = ScrubDraft {
        ready: Some("email".to_owned()),
        pages: vec!["https://shop.example/account".to_owned()],
        ..ScrubDraft::default()
    };
    let privacy = |scrub| Privacy::check(&PrivacyDraft { scrub, ..PrivacyDraft::default() }, "0").unwrap();
    let mut pair = Pair::with(
        wash_with(privacy(vec![email])),
        vec![element(5, 4, "p", &[("title", "ada@shop.example")]), text(6, 5, "ada@shop.example")],
    );
    let shown = |pair: &Pair| format!("{:?}", pair.wash.snapshot(&pair.page).unwrap()).matches("ada").count();
    assert_eq!(shown(&pair), 2);
    let goes = |path: &str| PageEvent::Url { url: format!("https://shop.example{path}") };
    let out = pair.apply(goes("/account/1")).unwrap();
    assert!(matches!(out.as_slice(), [PageEvent::Snapshot(_)]), "{out:?}");
    assert_eq!(shown(&pair), 0);
    assert_eq!(pair.apply(goes("/account/2")).unwrap().len(), 1);
    pair.apply(goes("/")).unwrap();
    assert_eq!(shown(&pair), 2);
    let email = ScrubDraft { ready: Some("email".to_owned()), ..ScrubDraft::default() };
    pair.wash = wash_with(privacy(vec![email]));
    pair.wash.review(&mut pair.page);
    assert_eq!(shown(&pair), 0);
    pair.wash = wash_with(Privacy::default());
    pair.wash.review(&mut pair.page);
    assert_eq!(shown(&pair), 2);
}

#[test]
fn what_was_a_match_is_held_while_it_is_typed_on() {
    let value = |text: &str| NodeState { value: Some(text.to_owned()), ..NodeState::default() };
    let typed = "4111 1111 1111 11112";
    let mut pair = pair(vec![element(5, 4, "input", &[]), element(6, 4, "p", &[("title", CARD)]), text(7, 6, CARD)]);
    for end in [CARD.len(), typed.len()] {
        pair.apply(state(5, value(&typed[..end]))).unwrap();
        pair.apply(attribute(5, "value", Some(&typed[..end]))).unwrap();
        pair.apply(attribute(6, "title", Some(&typed[..end]))).unwrap();
        pair.apply(set(7, &typed[..end])).unwrap();
        assert_eq!(digits(&pair), 0, "{end}: {:?}", pair.wash.snapshot(&pair.page));
    }
}

#[test]
fn editable_texts_count_as_typed() {
    let typed = "4111 1111 1111 111";
    let mut pair =
        pair(vec![element(5, 4, "div", &[]), element(6, 5, "p", &[]), text(7, 6, typed), element(8, 4, "p", &[])]);
    let open = digits(&pair);
    pair.apply(attribute(5, "contenteditable", Some("true"))).unwrap();
    assert_eq!((open > 0, digits(&pair)), (true, 0));
    pair.apply(move_to(6, 8, None)).unwrap();
    assert_eq!(digits(&pair), open);
    pair.apply(move_to(6, 5, None)).unwrap();
    assert_eq!(digits(&pair), 0);
}

#[test]
fn many_growing_texts_of_one_large_run_cost_little() {
    let mut nodes = vec![element(10, 4, "p", &[])];
    nodes.extend(
        (0..20_000).map(|n| text(100 + n, 10, "some words of a very long run, about sixty bytes in each node ")),
    );
    let mut pair = pair(nodes);
    let mut out = Vec::new();
    for words in ["x 12 34", "x 12 34 5"] {
        pair.page.rest();
        for n in 0..2_000 {
            pair.wash.apply(&mut pair.page, set(100 + n * 2, words), &mut out).unwrap();
        }
        pair.wash.settle(&mut pair.page, &mut out).unwrap();
    }
    assert_eq!(out.len(), 4_000);
}
