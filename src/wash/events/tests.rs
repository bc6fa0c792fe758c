//! Washed events against the wash of the whole page.

use std::sync::Arc;

use crate::origin::{Scheme, Sid, ViewDomain};
use crate::policy::{Policy, Site};
use crate::privacy::Privacy;
use crate::protocol::page::*;
use crate::wash::{Broken, Concerned, Mirror, Wash, Watched};

mod masks;
mod random;
mod scrubbed;
mod watched;

fn wash() -> Wash {
    wash_with(Privacy::default())
}

fn wash_with(privacy: Privacy) -> Wash {
    let pages = vec!["https://shop.example".parse().unwrap()];
    let loads = vec!["https://cdn.example".parse().unwrap()];
    let site = Site { loads, privacy, ..Site::new("Shop", "https://shop.example/".parse().unwrap(), pages) };
    let domain = ViewDomain { domain: "view.localhost".into(), scheme: Scheme::Http, port: 8080 };
    let sid = Sid::parse("abcdefghij").unwrap();
    let start = site.start.clone();
    Wash::new(Arc::new(domain), sid, Arc::new(Policy::new(vec![site])), &start, [7; 32], Arc::new(|_| None))
}

const PAGE: &str = "http://abcdefghij-sshop-example.view.localhost:8080/a/b?c";

fn viewport() -> Viewport {
    Viewport { width: 1280.0, height: 800.0, density: 1.0, zoom: 1.0, offset: (0.0, 0.0) }
}

fn element(id: u64, parent: u64, name: &str, attrs: &[(&str, &str)]) -> NodeRecord {
    let (ns, name) = name.split_once(':').map_or((Namespace::Html, name), |(_, name)| (Namespace::Svg, name));
    let attrs = attrs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    record(id, Some(parent), Node::Element { name: name.to_owned(), ns, attrs })
}

fn text(id: u64, parent: u64, text: &str) -> NodeRecord {
    record(id, Some(parent), Node::Text { text: text.to_owned() })
}

fn record(id: u64, parent: Option<u64>, node: Node) -> NodeRecord {
    NodeRecord { id: NodeId(id), parent: parent.map(NodeId), before: None, node, state: NodeState::default() }
}

fn page(nodes: Vec<NodeRecord>) -> PageEvent {
    let mut all = vec![
        record(1, None, Node::Document { url: None, quirks: false }),
        element(2, 1, "html", &[]),
        element(3, 2, "head", &[]),
        element(4, 2, "body", &[]),
    ];
    all.extend(nodes);
    PageEvent::Snapshot(Snapshot {
        url: PAGE.into(),
        viewport: viewport(),
        nodes: all,
        sheets: Vec::new(),
        focus: None,
    })
}

/// A mirror of the page and the mirror that its washed events build.
struct Pair {
    wash: Wash,
    page: Mirror,
    view: Mirror,
    watched: Watched,
}

impl Pair {
    fn new(nodes: Vec<NodeRecord>) -> Self {
        Self::with(wash(), nodes)
    }

    fn with(wash: Wash, nodes: Vec<NodeRecord>) -> Self {
        let mut pair = Self { wash, page: Mirror::default(), view: Mirror::default(), watched: Watched::default() };
        pair.apply(page(nodes)).unwrap();
        pair
    }

    /// What is noted of each node that is shown, or stands for something that is not.
    fn verdicts(&self) -> Vec<String> {
        let ids = self.page.root().map(|root| self.page.subtree(root)).unwrap_or_default();
        let entries = ids.into_iter().filter_map(|id| Some((id, self.page.get(id)?)));
        entries.map(|(id, e)| format!("{id:?} {:?} {} {} {:?}", e.shade, e.gap, e.below_gap, e.boxed)).collect()
    }

    /// Applies an event to both; checks that the view is the washed page, however it came to be.
    fn apply(&mut self, event: PageEvent) -> Result<Vec<PageEvent>, Broken> {
        let mut out = Vec::new();
        self.wash.apply(&mut self.page, event.clone(), &mut out)?;
        self.wash.settle(&mut self.page, &mut out)?;
        let mut concerned = Concerned::default();
        out.iter().chain([&event]).for_each(|event| concerned.note(event));
        self.wash.watch_again(&self.page, &mut self.watched, &concerned);
        assert!(
            self.watched.is_same(&self.wash.watched(&self.page)),
            "what is covered, after {event:?}, which gave {out:?}"
        );
        for washed in &out {
            self.view.apply(washed.clone()).unwrap_or_else(|error| panic!("{error} in {washed:?} for {event:?}"));
        }
        assert_eq!(self.view.hash(), self.wash.hash(&self.page), "after {event:?}, which gave {out:?}");
        let mut late = Mirror::default();
        late.apply(self.wash.snapshot(&self.page).unwrap()).unwrap();
        assert_eq!(late.hash(), self.view.hash(), "a late snapshot, after {event:?}");
        let noted = self.verdicts();
        let root = self.page.root().unwrap();
        self.wash.mark(&mut self.page, root);
        assert_eq!(noted, self.verdicts(), "after {event:?}");
        Ok(out)
    }
}

fn attribute(node: u64, name: &str, value: Option<&str>) -> PageEvent {
    PageEvent::Attribute { node: NodeId(node), name: name.into(), value: value.map(str::to_owned) }
}

fn state(node: u64, state: NodeState) -> PageEvent {
    PageEvent::State { node: NodeId(node), state }
}

#[test]
fn a_script_leaves_a_gap_and_nothing_below_it_is_sent() {
    let mut pair = Pair::new(vec![element(5, 4, "script", &[("src", "/x.js")])]);
    assert_eq!(pair.apply(PageEvent::Add { nodes: vec![text(6, 5, "secret()")] }).unwrap(), []);
    assert_eq!(pair.apply(PageEvent::Text { node: NodeId(6), text: "more".into() }).unwrap(), []);
    let moved = pair.apply(PageEvent::Move { node: NodeId(6), parent: NodeId(4), before: Some(NodeId(5)) }).unwrap();
    assert!(matches!(moved.as_slice(), [PageEvent::Add { nodes }] if nodes[0].before == Some(NodeId(5))));
    let back = pair.apply(PageEvent::Move { node: NodeId(6), parent: NodeId(5), before: None }).unwrap();
    assert_eq!(back, [PageEvent::Remove { node: NodeId(6) }]);
    assert_eq!(pair.apply(PageEvent::Remove { node: NodeId(5) }).unwrap(), [PageEvent::Remove { node: NodeId(5) }]);
}

#[test]
fn a_password_stays_stars_when_its_type_changes() {
    let mut pair = Pair::new(vec![element(5, 4, "input", &[("type", "password"), ("value", "hunter2")])]);
    let value = |value: &str| NodeState { value: Some(value.into()), ..NodeState::default() };
    pair.apply(state(5, value("geheim"))).unwrap();
    pair.apply(attribute(5, "type", Some("text"))).unwrap();
    pair.apply(state(5, value("geheim2"))).unwrap();
    pair.apply(attribute(5, "value", Some("hunter3"))).unwrap();
    let seen = format!("{:?}", pair.wash.snapshot(&pair.page).unwrap());
    assert!(!seen.contains("geheim") && !seen.contains("hunter") && seen.contains("*******"), "{seen}");
}

#[test]
fn card_fields_are_masked_in_every_form() {
    let mut pair = Pair::new(vec![
        element(5, 4, "input", &[("autocomplete", "section-a CC-number"), ("value", "4111")]),
        element(6, 4, "select", &[("autocomplete", "cc-exp-month")]),
        element(7, 6, "option", &[("selected", "")]),
        element(8, 4, "textarea", &[]),
        text(9, 8, "123456"),
    ]);
    pair.apply(state(7, NodeState { selected: Some(true), ..NodeState::default() })).unwrap();
    pair.apply(attribute(8, "autocomplete", Some("one-time-code"))).unwrap();
    let seen = format!("{:?}", pair.wash.snapshot(&pair.page).unwrap());
    assert!(!seen.contains("4111") && !seen.contains("123456") && !seen.contains("selected: Some"), "{seen}");
    pair.apply(attribute(5, "autocomplete", Some("off"))).unwrap();
    pair.apply(attribute(8, "autocomplete", None)).unwrap();
    assert_eq!(pair.apply(attribute(6, "autocomplete", None)).unwrap(), [], "what was chosen is still chosen");
    let seen = format!("{:?}", pair.wash.snapshot(&pair.page).unwrap());
    assert!(!seen.contains("4111") && !seen.contains("123456") && !seen.contains("selected: Some"), "{seen}");
    pair.apply(PageEvent::Move { node: NodeId(7), parent: NodeId(4), before: None }).unwrap();
}

#[test]
fn a_select_that_becomes_a_secret_is_sent_anew() {
    let mut pair = Pair::new(vec![element(5, 4, "select", &[]), element(6, 5, "option", &[("selected", "")])]);
    let out = pair.apply(attribute(5, "autocomplete", Some("cc-exp"))).unwrap();
    assert!(matches!(out.as_slice(), [PageEvent::Remove { .. }, PageEvent::Add { .. }]), "{out:?}");
    assert!(!format!("{out:?}").contains("\"selected\""), "{out:?}");
}

#[test]
fn the_address_is_a_web_address_without_secrets() {
    let mut pair = Pair::new(vec![]);
    for (url, told) in [
        ("http://me:secret@abcdefghij-sshop-example.view.localhost:8080/x", Some("https://shop.example/x")),
        ("https://me:secret@shop.example/x", Some("https://shop.example/x")),
        ("javascript://shop.example/%0aalert(1)", None),
        ("data:text/html,x", None),
        ("blob:https://shop.example/x", None),
    ] {
        let out = pair.apply(PageEvent::Url { url: url.into() }).unwrap();
        let expected: Vec<_> = told.map(|url| PageEvent::Url { url: url.into() }).into_iter().collect();
        assert_eq!(out, expected, "{url}");
        let snapshot = format!("{:?}", pair.wash.snapshot(&pair.page).unwrap());
        assert!(!snapshot.contains("secret") && !snapshot.contains("script:"), "{snapshot}");
    }
}

#[test]
fn values_of_an_animation_are_washed_one_by_one() {
    let values = [
        "\"; url(//evil.example/); \"",
        "/*; url(//evil.example/); */",
        "url(a; url(//evil.example/); b)",
        "red; url(//evil.example/)",
    ];
    let nodes = values
        .iter()
        .zip(6..)
        .map(|(values, id)| element(id, 5, "svg:animate", &[("attributeName", "fill"), ("values", values)]));
    let pair = Pair::new([vec![element(5, 4, "svg:svg", &[])], nodes.collect()].concat());
    let PageEvent::Snapshot(snapshot) = pair.wash.snapshot(&pair.page).unwrap() else { panic!() };
    for record in &snapshot.nodes[5..] {
        let Node::Element { attrs, .. } = &record.node else { panic!() };
        for value in attrs[1].1.split(';') {
            assert!(!value.trim_start().starts_with("url(//"), "{attrs:?}");
        }
    }
}

#[test]
fn little_events_cannot_cost_much_more_than_a_page() {
    let long = "x".repeat(1 << 20);
    let mut pair = Pair::new(vec![element(5, 4, "script", &[]), element(6, 4, "div", &[]), text(7, 6, &long)]);
    let moved = |parent| PageEvent::Move { node: NodeId(6), parent: NodeId(parent), before: None };
    pair.page.rest();
    let mut out = Vec::new();
    let mut events = [moved(5), moved(4)].into_iter().cycle().take(5_000);
    let result = events.try_for_each(|event| pair.wash.apply(&mut pair.page, event, &mut out));
    assert_eq!(result, Err(Broken::TooMuch));
    assert!(out.len() < 1_000, "{} times a megabyte", out.len() / 2);
}

#[test]
fn what_is_too_deep_to_be_laid_out_is_left_out() {
    let chain = |from: u64, parent: u64| {
        let below = |i: u64| element(from + i, if i == 0 { parent } else { from + i - 1 }, "div", &[]);
        (0..500).map(below).collect::<Vec<_>>()
    };
    let mut pair = Pair::new(chain(1_000, 4));
    let depth = |pair: &Pair| pair.view.subtree(NodeId(4)).len();
    assert_eq!(depth(&pair), 501);
    pair.apply(PageEvent::Add { nodes: chain(2_000, 4) }).unwrap();
    assert_eq!(depth(&pair), 1_001);
    let move_to = |parent| PageEvent::Move { node: NodeId(2_000), parent: NodeId(parent), before: None };
    pair.apply(move_to(1_499)).unwrap();
    assert!((500..700).contains(&depth(&pair)), "{}", depth(&pair));
    pair.apply(PageEvent::Add { nodes: vec![element(5, 2_499, "p", &[])] }).unwrap();
    pair.apply(move_to(1_000)).unwrap();
    assert_eq!(depth(&pair), 1_002);
    pair.apply(move_to(4)).unwrap();
    assert_eq!(depth(&pair), 1_002);
}

#[test]
fn a_batch_of_many_honest_events_is_let_through() {
    let mut pair = Pair::new((5..2_000).map(|id| element(id, 4, "div", &[("class", "a b c")])).collect());
    pair.page.rest();
    let mut out = Vec::new();
    for id in (5..2_000).cycle().take(20_000) {
        let style = format!("color: red; width: {id}px; background: url(/x.png)");
        pair.wash.apply(&mut pair.page, attribute(id, "style", Some(&style)), &mut out).unwrap();
    }
}

#[test]
fn what_the_companion_masked_stays_masked() {
    let mut pair = Pair::new(vec![element(5, 4, "input", &[("value", "abc")])]);
    let masked = NodeState { value: Some("***".into()), masked: Some(true), ..NodeState::default() };
    let out = pair.apply(state(5, masked)).unwrap();
    assert!(matches!(out.as_slice(), [PageEvent::Remove { .. }, PageEvent::Add { .. }]), "{out:?}");
    assert!(!format!("{out:?}").contains("abc"), "{out:?}");
    let out = pair.apply(state(5, NodeState { value: Some("plain".into()), ..NodeState::default() })).unwrap();
    assert!(matches!(out.as_slice(), [PageEvent::State { state, .. }] if state.value.as_deref() == Some("*****")));
}

#[test]
fn addresses_are_resolved_unmapped_and_replaced() {
    let pair = Pair::new(vec![
        element(5, 4, "img", &[("src", "../x.png#f")]),
        element(6, 4, "img", &[("src", "http://abcdefghij-scdn-example.view.localhost:8080/x.png")]),
        element(7, 4, "img", &[("src", "https://evil.example/x.png")]),
        element(8, 4, "img", &[("src", "http://zbcdefghij-scdn-example.view.localhost:8080/x.png")]),
        element(
            9,
            4,
            "img",
            &[(
                "src",
                "http://abcdefghij-sshop-example.view.localhost:8080/.alongside/to?url=https%3A%2F%2Fcdn.example%2Fy",
            )],
        ),
        element(10, 4, "a", &[("href", "https://shop.example/next")]),
    ]);
    let PageEvent::Snapshot(snapshot) = pair.wash.snapshot(&pair.page).unwrap() else { panic!() };
    assert_eq!(snapshot.url, "https://shop.example/a/b?c");
    let key = |url: &str| format!("a/{}", pair.wash.asset_key(&url.parse().unwrap()));
    let attrs: Vec<Vec<(String, String)>> = snapshot.nodes[4..]
        .iter()
        .map(|record| match &record.node {
            Node::Element { attrs, .. } => attrs.clone(),
            _ => Vec::new(),
        })
        .collect();
    let src = |url: String| vec![("src".to_owned(), url)];
    assert_eq!(attrs[0], src(key("https://shop.example/x.png") + "#f"));
    assert_eq!(attrs[1], src(key("https://cdn.example/x.png")));
    assert_eq!((&attrs[2], &attrs[3]), (&vec![], &vec![]));
    assert_eq!(attrs[4], src(key("https://cdn.example/y")));
    assert_eq!(attrs[5], [("href".to_owned(), "#".to_owned())]);
}

#[test]
fn a_sheet_cut_over_texts_is_washed_as_one() {
    let mut pair =
        Pair::new(vec![element(5, 3, "style", &[]), text(6, 5, "@import u"), text(7, 5, "rl(//evil.example/);b{}")]);
    let seen = |pair: &Pair| format!("{:?}", pair.wash.snapshot(&pair.page).unwrap());
    assert!(!seen(&pair).contains("evil"));
    pair.apply(PageEvent::Text { node: NodeId(6), text: "a{}".into() }).unwrap();
    assert!(seen(&pair).contains("rl(//evil"), "{}", seen(&pair));
    pair.apply(PageEvent::Move { node: NodeId(7), parent: NodeId(5), before: Some(NodeId(6)) }).unwrap();
    pair.apply(PageEvent::Add { nodes: vec![text(8, 5, "a{background:u")] }).unwrap();
    pair.apply(PageEvent::Move { node: NodeId(8), parent: NodeId(5), before: Some(NodeId(7)) }).unwrap();
    assert!(!seen(&pair).contains("evil"));
    pair.apply(PageEvent::Remove { node: NodeId(8) }).unwrap();
    assert!(!seen(&pair).contains("url(//evil"));
}

#[test]
fn a_base_holds_for_what_comes_after_it() {
    let mut pair = Pair::new(vec![element(5, 4, "img", &[("src", "x.png")])]);
    let key = |pair: &Pair, url: &str| format!("a/{}", pair.wash.asset_key(&url.parse().unwrap()));
    pair.apply(PageEvent::Add { nodes: vec![element(6, 3, "base", &[("href", "https://cdn.example/d/")])] }).unwrap();
    let before = format!("{:?}", pair.wash.snapshot(&pair.page).unwrap());
    assert!(before.contains(&key(&pair, "https://shop.example/a/x.png")));
    let out = pair.apply(attribute(5, "src", Some("x.png"))).unwrap();
    assert_eq!(out, [attribute(5, "src", Some(&key(&pair, "https://cdn.example/d/x.png")))]);
    pair.apply(PageEvent::Remove { node: NodeId(6) }).unwrap();
}

#[test]
fn rules_stay_one_each() {
    let mut pair = Pair::new(vec![element(5, 3, "style", &[])]);
    let rules = ["@import url(\"https://evil.example/x\");", "a { background: url(https://evil.example/y); }", "a{"];
    let out =
        pair.apply(PageEvent::Sheet { sheet: NodeId(5), rules: Some(rules.map(str::to_owned).to_vec()) }).unwrap();
    let [PageEvent::Sheet { rules: Some(rules), .. }] = out.as_slice() else { panic!("{out:?}") };
    assert_eq!(rules, &["@layer alongside-gap;", "a { background: url(\"about:invalid\"); }", "@layer alongside-gap;"]);
    let index = PageEvent::DeleteRule { sheet: NodeId(5), index: 3 };
    assert_eq!(pair.apply(index), Err(Broken::OutOfRange));
}

#[test]
fn what_does_not_fit_breaks_the_mirror_until_a_snapshot() {
    let cases: Vec<(PageEvent, Broken)> = vec![
        (PageEvent::Add { nodes: vec![] }, Broken::NotOneTree),
        (PageEvent::Add { nodes: vec![text(5, 99, "")] }, Broken::Unknown),
        (PageEvent::Add { nodes: vec![text(4, 2, "")] }, Broken::Duplicate),
        (PageEvent::Add { nodes: vec![text(5, 1, "")] }, Broken::Misplaced),
        (PageEvent::Add { nodes: vec![text(5, 4, ""), text(6, 4, "")] }, Broken::NotOneTree),
        (
            PageEvent::Add { nodes: vec![record(5, Some(4), Node::Document { url: None, quirks: false })] },
            Broken::Misplaced,
        ),
        (PageEvent::Add { nodes: vec![NodeRecord { before: Some(NodeId(2)), ..text(5, 4, "") }] }, Broken::NotASibling),
        (PageEvent::Remove { node: NodeId(99) }, Broken::Unknown),
        (PageEvent::Remove { node: NodeId(1) }, Broken::Misplaced),
        (PageEvent::Move { node: NodeId(2), parent: NodeId(4), before: None }, Broken::Cycle),
        (PageEvent::Move { node: NodeId(4), parent: NodeId(4), before: None }, Broken::Cycle),
        (attribute(1, "a", None), Broken::WrongKind),
        (PageEvent::Text { node: NodeId(2), text: String::new() }, Broken::WrongKind),
        (PageEvent::Sheet { sheet: NodeId(2), rules: None }, Broken::WrongKind),
        (PageEvent::DeleteRule { sheet: NodeId(9), index: 0 }, Broken::Unknown),
        (attribute(2, &"a".repeat(2000), Some("")), Broken::TooLarge),
    ];
    for (event, broken) in cases {
        let mut pair = Pair::new(vec![]);
        assert_eq!(pair.wash.apply(&mut pair.page, event.clone(), &mut Vec::new()), Err(broken), "{event:?}");
        assert!(pair.wash.apply(&mut pair.page, attribute(2, "a", None), &mut Vec::new()).is_err());
        pair.apply(page(vec![])).unwrap();
    }
}

#[test]
fn depth_costs_no_stack() {
    const DEPTH: u64 = 100_000;
    let mut pair = Pair { wash: wash(), page: Mirror::default(), view: Mirror::default(), watched: Watched::default() };
    let nodes = (0..DEPTH).map(|n| element(10 + n, if n == 0 { 4 } else { 9 + n }, "div", &[])).collect();
    pair.apply(page(nodes)).unwrap();
    assert_eq!((pair.page.len(), pair.wash.html(&pair.page).matches("<div>").count()), (100_004, 598));
    pair.apply(PageEvent::Remove { node: NodeId(10) }).unwrap();
    assert_eq!(pair.page.len(), 4);
}

/// A selection is told from text to text, and only where both are shown.
#[test]
fn selections_of_shown_texts() {
    let nodes = vec![
        element(5, 4, "p", &[]),
        text(6, 5, "shown"),
        element(7, 4, "noscript", &[]),
        text(8, 7, "not shown"),
        element(9, 4, "p", &[]),
        text(10, 9, "shown, too"),
    ];
    let mut pair = Pair::new(nodes);
    for (start, end, told) in [(6, 10, true), (6, 6, true), (6, 8, false), (5, 10, false), (6, 99, false)] {
        let range = Range { start: NodeId(start), start_offset: 0, end: NodeId(end), end_offset: 3 };
        let out = pair.apply(PageEvent::Selection { range: Some(range) }).unwrap();
        assert_eq!(out, vec![PageEvent::Selection { range: told.then_some(range) }], "{start} to {end}");
    }
}
