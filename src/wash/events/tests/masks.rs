//! What agents get of what is masked, hidden, foreign or not captured.

use super::*;
use crate::privacy::Privacy;
use crate::protocol::act::{Act, Denial, Stroke};
use crate::protocol::admin::PreviewKind;
use crate::protocol::people::PersonId;
use crate::protocol::rules::{MaskAction, MaskDraft, PrivacyDraft};
use crate::wash::Why;

fn rules(private: bool, masks: &[(MaskAction, &str)]) -> Wash {
    let mask = |(action, selector): &(MaskAction, &str)| MaskDraft {
        name: String::new(),
        off: false,
        selector: (*selector).to_owned(),
        action: *action,
        pages: Vec::new(),
    };
    let draft = PrivacyDraft { private, mask: masks.iter().map(mask).collect(), scrub: Vec::new() };
    wash_with(Privacy::check(&draft, "privacy").unwrap())
}

fn seen(pair: &Pair) -> String {
    serde_json::to_string(&pair.wash.snapshot(&pair.page).unwrap()).unwrap()
}

fn attrs(pair: &Pair, id: u64) -> (String, Vec<(String, String)>) {
    match Node::from(&pair.view.get(NodeId(id)).unwrap().node) {
        Node::Element { name, attrs, .. } => (name, attrs),
        node => panic!("{node:?}"),
    }
}

fn size(id: u64, width: f64, height: f64) -> PageEvent {
    state(id, NodeState { size: Some((width, height)), ..NodeState::default() })
}

#[test]
fn masked_content_is_stars() {
    let nodes = vec![
        element(
            5,
            4,
            "section",
            &[("class", "m"), ("title", "Bob X"), ("data-x", "Bob"), ("aria-label", "Bob"), ("aria-hidden", "true")],
        ),
        element(6, 5, "p", &[("style", "color:red;--n:\"Bob\"")]),
        text(7, 6, "Bob 1\n2"),
        element(8, 5, "img", &[("alt", "Bob"), ("src", "/x.png")]),
        element(9, 5, "input", &[("value", "Bob"), ("placeholder", "Bob B")]),
        element(10, 5, "input", &[("type", "checkbox"), ("checked", ""), ("name", "n")]),
        element(11, 5, "select", &[]),
        element(12, 11, "option", &[("selected", ""), ("label", "Bob"), ("value", "Bob")]),
        text(13, 12, "Bob"),
        element(14, 5, "svg:svg", &[]),
        element(15, 14, "svg:text", &[]),
        text(16, 15, "Bob"),
        element(17, 5, "time", &[("datetime", "2026")]),
        element(18, 5, "button", &[("value", "Bob")]),
        element(19, 5, "textarea", &[]),
        text(20, 19, "Bob"),
        element(21, 5, "canvas", &[("class", "c"), ("width", "10")]),
        element(22, 5, "meter", &[("value", "0.7")]),
    ];
    let mut pair = Pair::with(rules(false, &[(MaskAction::Mask, ".m")]), nodes);
    let typed = |value: &str| NodeState { value: Some(value.into()), ..NodeState::default() };
    pair.apply(state(9, typed("Bob Bob"))).unwrap();
    pair.apply(state(19, typed("Bob"))).unwrap();
    pair.apply(state(10, NodeState { checked: Some(true), indeterminate: Some(true), ..NodeState::default() }))
        .unwrap();
    pair.apply(state(12, NodeState { selected: Some(true), ..NodeState::default() })).unwrap();
    pair.apply(state(21, NodeState { canvas: Some("data:image/png;base64,AAAA".into()), ..NodeState::default() }))
        .unwrap();
    let json = seen(&pair);
    for told in ["Bob", "checked", "selected", "2026", "0.7", "base64"] {
        assert!(!json.contains(told), "{told} in {json}");
    }
    for kept in ["*** *\\n*", "*** *", "\"aria-hidden\",\"true\"", "color:red", "*******"] {
        assert!(json.contains(kept), "{kept} is not in {json}");
    }
    let canvas = [("class", "c"), ("style", "display:inline-block;"), ("data-alongside-box", "hidden")];
    assert_eq!(attrs(&pair, 21), ("alongside-box".into(), canvas.map(|(n, v)| (n.into(), v.into())).to_vec()));
    let range = Range { start: NodeId(7), start_offset: 0, end: NodeId(7), end_offset: 3 };
    let out = pair.apply(PageEvent::Selection { range: Some(range) }).unwrap();
    assert_eq!(out, [PageEvent::Selection { range: None }]);
    pair.apply(attribute(5, "class", None)).unwrap();
    let json = seen(&pair);
    assert_eq!(json.matches("Bob").count(), 8, "fields keep their stars: {json}");
    assert!(json.contains("base64") && !json.contains("alongside-box"));
}

#[test]
fn what_is_hidden_is_a_box_of_its_size() {
    let nodes = vec![
        element(
            5,
            4,
            "div",
            &[
                ("class", "h"),
                ("title", "Bob"),
                ("style", "color:red"),
                ("data-alongside-box", "x"),
                ("onclick", "x()"),
            ],
        ),
        text(6, 5, "Bob"),
        element(7, 4, "img", &[("class", "h"), ("id", "i"), ("alt", "Bob"), ("src", "/x.png")]),
        element(8, 4, "svg:svg", &[]),
        element(9, 8, "svg:g", &[("class", "h")]),
        element(10, 4, "script", &[("class", "h")]),
    ];
    let mut pair = Pair::with(rules(false, &[(MaskAction::Hide, ".h")]), nodes);
    let out = pair.apply(size(5, 120.0, 33.336)).unwrap();
    let style = "color:red;box-sizing:border-box!important;width:120px!important;min-width:120px!important;max-width:120px!important;\
                 height:33.34px!important;min-height:33.34px!important;max-height:33.34px!important;";
    assert_eq!(out, [attribute(5, "style", Some(style))]);
    pair.apply(size(7, 1.0, 2.0)).unwrap();
    assert!(attrs(&pair, 7).1[2].1.starts_with("display:inline-block;box-sizing"), "{:?}", attrs(&pair, 7));
    let names = [5, 7, 9, 10].map(|id| attrs(&pair, id).0);
    assert_eq!(names, ["div", "alongside-box", "alongside-gap", "alongside-gap"]);
    assert!(!seen(&pair).contains("Bob"));
    assert_eq!(pair.apply(attribute(5, "title", Some("Bob"))).unwrap(), []);
    assert_eq!(pair.apply(PageEvent::Text { node: NodeId(6), text: "x".into() }).unwrap(), []);
    // What is not closed in the page's own style would take the size in.
    pair.apply(attribute(5, "style", Some("color:red;("))).unwrap();
    assert!(attrs(&pair, 5).1[1].1.starts_with("box-sizing"), "{:?}", attrs(&pair, 5));
    let out = pair.apply(attribute(5, "class", Some(""))).unwrap();
    assert!(
        matches!(out.as_slice(), [PageEvent::Remove { .. }, PageEvent::Add { nodes }] if nodes.len() == 2),
        "{out:?}"
    );
}

#[test]
fn the_picture_behind_something_hidden_is_not_told() {
    let style = "background:red url(/bob.png);--p:url('/bob.png');color:red";
    let nodes = vec![
        element(5, 4, "div", &[("class", "h"), ("style", style)]),
        element(6, 4, "div", &[("style", style)]),
        element(7, 4, "img", &[("class", "h"), ("style", style), ("src", "/bob.png")]),
    ];
    let mut pair = Pair::with(rules(false, &[(MaskAction::Hide, ".h")]), nodes);
    let asset = format!("a/{}", pair.wash.asset_key(&"https://shop.example/bob.png".parse().unwrap()));
    assert_eq!(seen(&pair).matches(&asset).count(), 2, "what is shown: {}", seen(&pair));
    pair.apply(size(5, 9.0, 9.0)).unwrap();
    pair.apply(attribute(5, "style", Some("background-image:url(/bob.png)"))).unwrap();
    assert_eq!(seen(&pair).matches(&asset).count(), 2, "{}", seen(&pair));
    pair.apply(attribute(5, "class", None)).unwrap();
    assert_eq!(seen(&pair).matches(&asset).count(), 3);
}

#[test]
fn foreign_and_not_captured_things_are_boxes_once_their_size_is_known() {
    let nodes = vec![
        element(5, 4, "img", &[("src", "https://evil.example/x.png"), ("alt", "x")]),
        element(6, 4, "object", &[("data", "/x.pdf")]),
        element(7, 4, "embed", &[("src", "https://evil.example/")]),
        element(8, 4, "iframe", &[("src", "/frame")]),
        element(9, 4, "script", &[("src", "https://evil.example/")]),
        element(10, 4, "img", &[("src", "/x.png")]),
        element(11, 4, "canvas", &[]),
        element(12, 4, "img", &[("srcset", "https://evil.example/ 1x, /y.png 2x")]),
    ];
    let mut pair = Pair::new(nodes);
    assert!(!seen(&pair).contains("alongside-box"));
    (5..=12).for_each(|id| drop(pair.apply(size(id, 5.0, 6.0)).unwrap()));
    let boxes: Vec<String> = (5..=12)
        .map(|id| {
            let (name, attrs) = attrs(&pair, id);
            let kind =
                attrs.iter().find(|(name, _)| name == "data-alongside-box").map_or("", |(_, kind)| kind.as_str());
            format!("{name} {kind}")
        })
        .collect();
    let expected = [
        "alongside-box foreign",
        "alongside-box masked",
        "alongside-box foreign",
        "alongside-box masked",
        "alongside-gap ",
        "img ",
        "alongside-box masked",
        "img ",
    ];
    assert_eq!(boxes, expected);
    pair.apply(attribute(5, "src", Some("/mine.png"))).unwrap();
    pair.apply(state(11, NodeState { canvas: Some("data:image/png;base64,AAAA".into()), ..NodeState::default() }))
        .unwrap();
    pair.apply(PageEvent::Add { nodes: vec![record(20, Some(8), Node::Document { url: None, quirks: false })] })
        .unwrap();
    assert_eq!([5, 11, 8].map(|id| attrs(&pair, id).0), ["img", "canvas", "iframe"]);
    pair.apply(PageEvent::Remove { node: NodeId(20) }).unwrap();
    assert_eq!(attrs(&pair, 8).0, "alongside-box");
}

#[test]
fn a_private_site_tells_no_title_no_query_and_no_strings_of_sheets() {
    let nodes = vec![
        element(5, 3, "title", &[]),
        text(6, 5, "Bob's"),
        element(7, 3, "style", &[("class", "s")]),
        text(8, 7, ".a::before{content:\"Bob\";font-family:\"Inter\"}"),
        element(9, 4, "p", &[("class", "s")]),
        text(10, 9, "shown"),
    ];
    let mut pair = Pair::with(rules(true, &[(MaskAction::Show, ".s")]), nodes);
    pair.apply(PageEvent::Sheet { sheet: NodeId(900), rules: Some(vec!["a::after { content: \"Bob\"; }".into()]) })
        .unwrap();
    let json = seen(&pair);
    assert!(!json.contains("Bob") && json.contains("Inter") && json.contains("shown"), "{json}");
    assert_eq!(pair.wash.title(&pair.page).as_deref(), Some("*****"));
    assert!(json.contains("\"https://shop.example/a/b\""), "{json}");
    let base = "https://cdn.example/x.css".parse().unwrap();
    assert_eq!(pair.wash.stylesheet("a{content:\"Bob\"}", &base), "a{content:\"***\"}");
    assert_eq!(wash().stylesheet("a{content:\"Bob\"}", &base), "a{content:\"Bob\"}");
}

#[test]
fn why_agents_see_something_else() {
    let nodes = vec![
        element(5, 4, "p", &[("class", "m")]),
        element(6, 5, "b", &[]),
        element(7, 4, "p", &[("class", "h")]),
        element(8, 4, "p", &[("data-alongside-mask", "")]),
        element(9, 4, "input", &[("type", "password")]),
        element(10, 4, "script", &[]),
        element(11, 4, "p", &[("class", "s")]),
        element(12, 4, "p", &[]),
        element(13, 5, "canvas", &[]),
        element(14, 7, "p", &[]),
    ];
    let masks = [(MaskAction::Show, ".s"), (MaskAction::Mask, ".m"), (MaskAction::Hide, ".h")];
    let pair = Pair::with(rules(true, &masks), nodes);
    let why = |id: u64| pair.wash.why(&pair.page, NodeId(id)).map(|Why { kind, rule }| (kind, rule));
    let because = |kind, rule: &str| Some((kind, rule.to_owned()));
    use PreviewKind::{Hidden, Masked, Washed};
    assert_eq!(why(5), because(Masked, "privacy.mask.1"));
    assert_eq!(why(6), because(Masked, "privacy.mask.1"));
    assert_eq!(why(7), because(Hidden, "privacy.mask.2"));
    assert_eq!((why(8), why(9)), (because(Masked, ""), because(Masked, "")));
    assert_eq!(why(10), because(Washed, ""));
    assert_eq!((why(11), why(14)), (None, None));
    assert_eq!(why(12), because(Masked, "privacy.private"));
    assert_eq!(why(13), because(Hidden, "privacy.mask.1"));
}

#[test]
fn nobody_acts_on_what_is_not_seen() {
    let nodes = vec![
        element(5, 4, "div", &[("class", "m")]),
        element(6, 5, "input", &[]),
        element(7, 5, "button", &[]),
        element(8, 4, "button", &[("class", "h")]),
        element(9, 5, "p", &[("contenteditable", "")]),
        element(10, 8, "b", &[]),
    ];
    let pair = Pair::with(rules(false, &[(MaskAction::Mask, ".m"), (MaskAction::Hide, ".h")]), nodes);
    let fits = |act: Act| pair.wash.fits(&pair.page, &act, PersonId(1), &[]);
    let strokes = || vec![Stroke::Text("x".into())];
    let click = |node| Act::Click { node: NodeId(node), at: (0.5, 0.5), count: 1 };
    assert_eq!(fits(Act::Type { node: NodeId(6), strokes: strokes() }), Err(Denial::Masked));
    assert_eq!(fits(Act::Type { node: NodeId(9), strokes: strokes() }), Err(Denial::Masked));
    assert_eq!(fits(click(7)), Ok(()));
    assert_eq!((fits(click(8)), fits(click(10))), (Err(Denial::Masked), Err(Denial::Gone)));
}
