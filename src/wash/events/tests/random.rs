//! Random events: whatever happens, the washed events build the page that washing the whole builds.

use proptest::prelude::*;

use super::*;
use crate::privacy::Privacy;
use crate::protocol::rules::{MaskAction, MaskDraft, PrivacyDraft};

const NAMES: [&str; 27] = [
    "canvas",
    "div",
    "span",
    "style",
    "script",
    "template",
    "iframe",
    "input",
    "textarea",
    "select",
    "option",
    "link",
    "x-y",
    "img",
    "base",
    "svg:svg",
    "svg:animate",
    "svg:use",
    "svg:style",
    "noscript",
    "a",
    "details",
    "meta",
    "br",
    "b",
    "p",
    "svg:text",
];
const ATTRIBUTES: [(&str, &str); 36] = [
    ("class", "m"),
    ("class", "h x"),
    ("class", "s"),
    ("data-alongside-mask", ""),
    ("data-alongside-hide", ""),
    ("data-kind", "salary"),
    ("title", "told"),
    ("checked", ""),
    ("type", "password"),
    ("type", "text"),
    ("type", "checkbox"),
    ("autocomplete", "cc-number"),
    ("rel", "stylesheet"),
    ("rel", "preconnect"),
    ("href", "/a.css"),
    ("href", "https://evil.example/"),
    ("src", "x.png"),
    ("onclick", "x()"),
    ("style", "color:red"),
    ("style", "background:url(../y.png)"),
    ("value", "secret"),
    ("attributeName", "href"),
    ("attributeName", "fill"),
    ("class", "c"),
    ("srcset", "a 1x, https://evil.example/b 2x"),
    ("data-x", "1"),
    ("xlink:href", "#a"),
    ("selected", ""),
    ("name", "n"),
    ("href", "/d/e/"),
    ("value", "4111 1111 1111 1"),
    ("value", "4111 1111 1111 1111"),
    ("title", "ada@shop.example"),
    ("title", "ada@shop"),
    ("style", "--x:4111 1111 1111 1111"),
    ("contenteditable", ""),
];
const TEXTS: [&str; 18] = [
    "a{}",
    "@import u",
    "rl(//evil.example/);",
    "b{background:url(",
    "x.png)}",
    "",
    "plain",
    "/*",
    "4111 1111",
    "4111 1111 ",
    " 1111 1111",
    "1111 1111 1111",
    "4111 1111 1111 1111",
    "4111 1111 1111 1",
    "ada@",
    "ada@shop.example",
    "shop.example, ",
    "a{content:\"4111 1111\" \" 1111 1111\"}",
];

/// A random change; numbers are taken modulo what there is.
#[derive(Clone, Debug)]
enum Change {
    Add(usize, usize, usize, Vec<usize>, Vec<usize>),
    Remove(usize),
    Move(usize, usize, usize),
    Attribute(usize, usize, bool),
    Text(usize, usize),
    State(usize, usize),
    Sheet(usize, usize),
    Rule(usize, usize),
    Url(usize),
}

fn change() -> impl Strategy<Value = Change> {
    let n = || any::<usize>();
    let few = || proptest::collection::vec(any::<usize>(), 0..4);
    prop_oneof![
        5 => (n(), n(), n(), few(), few()).prop_map(|(a, b, c, d, e)| Change::Add(a, b, c, d, e)),
        2 => n().prop_map(Change::Remove),
        4 => (n(), n(), n()).prop_map(|(a, b, c)| Change::Move(a, b, c)),
        5 => (n(), n(), any::<bool>()).prop_map(|(a, b, c)| Change::Attribute(a, b, c)),
        3 => (n(), n()).prop_map(|(a, b)| Change::Text(a, b)),
        3 => (n(), n()).prop_map(|(a, b)| Change::State(a, b)),
        1 => (n(), n()).prop_map(|(a, b)| Change::Sheet(a, b)),
        1 => (n(), n()).prop_map(|(a, b)| Change::Rule(a, b)),
        1 => n().prop_map(Change::Url),
    ]
}

/// What the test knows of the tree, to make events that mostly fit.
struct Known {
    next: u64,
    ids: Vec<u64>,
}

impl Known {
    fn pick(&self, n: usize) -> u64 {
        self.ids.get(n % self.ids.len().max(1)).copied().unwrap_or(2)
    }

    fn event(&mut self, change: &Change, page: &Mirror) -> PageEvent {
        let before = |parent: u64, n: usize| {
            let children: Vec<NodeId> =
                page.siblings(page.get(NodeId(parent)).and_then(|entry| entry.first())).map(|(id, _)| id).collect();
            children.get(n % (children.len() + 1)).copied()
        };
        match change {
            Change::Add(parent, at, name, attrs, below) => {
                let parent = self.pick(*parent);
                let mut nodes = vec![self.new_node(parent, *name, attrs)];
                nodes[0].before = before(parent, *at);
                for n in below {
                    let parent = nodes[n % nodes.len()].id.0;
                    nodes.push(self.new_node(parent, *n / 7, &[*n / 11, *n / 13]));
                }
                PageEvent::Add { nodes }
            }
            Change::Remove(node) => PageEvent::Remove { node: NodeId(self.pick(*node)) },
            Change::Move(node, parent, at) => {
                let (node, parent) = (self.pick(*node), self.pick(*parent));
                PageEvent::Move { node: NodeId(node), parent: NodeId(parent), before: before(parent, *at) }
            }
            Change::Attribute(node, n, set) => {
                let (name, value) = ATTRIBUTES[n % ATTRIBUTES.len()];
                attribute(self.pick(*node), name, set.then_some(value))
            }
            Change::Text(node, n) => {
                PageEvent::Text { node: NodeId(self.pick(*node)), text: TEXTS[n % TEXTS.len()].into() }
            }
            Change::State(node, n) => state(
                self.pick(*node),
                NodeState {
                    value: (n % 2 == 0).then(|| TEXTS[n / 2 % TEXTS.len()].into()),
                    masked: (n % 3 == 0).then_some(n % 5 == 0),
                    size: (n % 9 == 0).then_some((10.0, 0.5)),
                    canvas: (n % 8 == 0).then(|| "data:image/png;base64,AAAA".into()),
                    checked: (n % 7 == 0).then_some(true),
                    selected: (n % 4 == 0).then_some(true),
                    adopted: (n % 6 == 0).then(|| vec![NodeId(900_000), NodeId(900_001)]),
                    ..NodeState::default()
                },
            ),
            Change::Sheet(sheet, n) => PageEvent::Sheet {
                sheet: NodeId(if n % 2 == 0 { self.pick(*sheet) } else { 900_000 }),
                rules: (n % 5 != 0).then(|| TEXTS.iter().take(n % 7).map(|rule| (*rule).to_owned()).collect()),
            },
            Change::Rule(sheet, n) => PageEvent::InsertRule {
                sheet: NodeId(if n % 2 == 0 { self.pick(*sheet) } else { 900_000 }),
                index: 0,
                rule: TEXTS[n % TEXTS.len()].into(),
            },
            Change::Url(n) => {
                PageEvent::Url { url: format!("http://abcdefghij-sshop-example.view.localhost:8080/{}/", n % 3) }
            }
        }
    }

    fn new_node(&mut self, parent: u64, n: usize, attrs: &[usize]) -> NodeRecord {
        let id = self.next;
        self.next += 1;
        self.ids.push(id);
        match n % 41 {
            name @ 0..27 => {
                let attrs: Vec<(&str, &str)> = attrs.iter().map(|n| ATTRIBUTES[n % ATTRIBUTES.len()]).collect();
                element(id, parent, NAMES[name], &attrs)
            }
            27 => record(id, Some(parent), Node::ShadowRoot { delegates_focus: false }),
            28 => record(id, Some(parent), Node::Document { url: None, quirks: true }),
            _ => text(id, parent, TEXTS[n / 41 % TEXTS.len()]),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Washing each event gives what washing the page as a whole gives.
    #[test]
    fn washed_events_build_the_washed_page(changes in proptest::collection::vec(change(), 1..60), scrubs in any::<bool>()) {
        build(if scrubs { scrubbed::wash() } else { wash() }, &changes);
    }

    /// The same with rules about elements, and with both.
    #[test]
    fn and_with_masks(changes in proptest::collection::vec(change(), 1..60), private in any::<bool>(), scrubs in any::<bool>()) {
        build(wash_with(masks(private, scrubs)), &changes);
    }
}

fn masks(private: bool, scrubs: bool) -> Privacy {
    use MaskAction::{Hide, Mask, Show};
    let rules: [(MaskAction, &str, &[&str]); 9] = [
        (Mask, ".m", &[]),
        (Hide, ".h", &[]),
        (Show, ".s", &[]),
        (Mask, "[data-kind=salary] span", &[]),
        (Hide, ".m > div:not(.s *)", &[]),
        (Show, "div > div", &["https://shop.example/0"]),
        (Mask, "input", &["https://shop.example/1"]),
        (Hide, "svg use", &["https://shop.example/1", "https://shop.example/2"]),
        (Mask, "html", &["https://shop.example/2"]),
    ];
    let mask = |(action, selector, pages): (MaskAction, &str, &[&str])| MaskDraft {
        name: String::new(),
        off: false,
        selector: selector.to_owned(),
        action,
        pages: pages.iter().map(|page| (*page).to_owned()).collect(),
    };
    let scrub = if scrubs { scrubbed::rules() } else { Vec::new() };
    Privacy::check(&PrivacyDraft { private, mask: rules.map(mask).to_vec(), scrub }, "privacy").unwrap()
}

fn build(wash: Wash, changes: &[Change]) {
    let mut pair =
        Pair::with(wash, vec![element(5, 4, "div", &[]), element(6, 3, "style", &[]), element(7, 4, "select", &[])]);
    let mut known = Known { next: 8, ids: vec![4, 5, 6, 7] };
    for change in changes {
        let event = known.event(change, &pair.page);
        // An event that does not fit is tried on a copy, which is then thrown away: the page goes on without it.
        let fits = {
            let mut copy = Mirror::default();
            copy.apply(raw(&pair.page)).unwrap();
            copy.apply(event.clone()).is_ok()
        };
        if fits {
            pair.apply(event).unwrap();
        }
        known.ids.retain(|id| pair.page.get(NodeId(*id)).is_some());
    }
}

/// The page as it is, unwashed.
fn raw(page: &Mirror) -> PageEvent {
    let nodes = page
        .subtree(page.root().unwrap())
        .into_iter()
        .map(|id| {
            let entry = page.get(id).unwrap();
            NodeRecord {
                id,
                parent: entry.parent(),
                before: None,
                node: (&entry.node).into(),
                state: entry.state().clone(),
            }
        })
        .collect();
    let sheets = page.sheets().map(|(sheet, rules)| SheetRecord { sheet, rules: rules.to_vec() }).collect();
    PageEvent::Snapshot(Snapshot { url: page.url().into(), viewport: viewport(), nodes, sheets, focus: None })
}
