//! Pages for tests: HTML in which `mark` is on the element that a test is about, `x-shadow` stands for a shadow root of its parent, and `x-frame`
//! for an iframe with its document.

use std::sync::Arc;

use crate::origin::{Scheme, Sid, ViewDomain};
use crate::policy::{Policy, Site};
use crate::privacy::Privacy;
use crate::protocol::page::{Namespace, Node, NodeId, NodeRecord, NodeState, PageEvent, Snapshot, Viewport};
use crate::protocol::rules::{PrivacyDraft, ScrubDraft};
use crate::wash::{self, Mirror, Visit, Wash, document};

/// A page as a session has it.
pub(in crate::session) struct Page {
    pub(in crate::session) mirror: Mirror,
    /// The element with `mark`.
    pub(in crate::session) mark: Option<NodeId>,
}

impl Page {
    /// `first` is the first id: two pages of different ones share none.
    pub(in crate::session) fn new(html: &str, first: u64) -> Self {
        let (nodes, mark) = records(html, first);
        Self { mirror: mirror(nodes), mark }
    }

    /// The same on a site that has card numbers replaced.
    pub(in crate::session) fn scrubbed(html: &str, first: u64) -> Self {
        let card = ScrubDraft { ready: Some("card".to_owned()), ..ScrubDraft::default() };
        let draft = PrivacyDraft { scrub: vec![card], ..PrivacyDraft::default() };
        let mut page = Self::new(html, first);
        wash_with(Privacy::check(&draft, "0.privacy").unwrap()).review(&mut page.mirror);
        page
    }

    /// Applies events as the session does.
    pub(in crate::session) fn apply(&mut self, event: PageEvent) {
        wash().apply(&mut self.mirror, event, &mut Vec::new()).unwrap();
    }
}

fn wash() -> Wash {
    wash_with(Privacy::default())
}

fn wash_with(privacy: Privacy) -> Wash {
    let domain = ViewDomain { domain: "view.localhost".to_owned(), scheme: Scheme::Http, port: 8080 };
    let start: url::Url = "https://shop.example/".parse().unwrap();
    let site = Site::new("Shop", start.clone(), vec!["https://shop.example".parse().unwrap()]);
    let policy = Policy::new(vec![Site { privacy, ..site }]);
    Wash::new(Arc::new(domain), Sid::random(), Arc::new(policy), &start, [0; 32], Arc::new(|_| None))
}

/// A mirror of records.
pub(in crate::session) fn mirror(nodes: Vec<NodeRecord>) -> Mirror {
    let viewport = Viewport { width: 1280.0, height: 800.0, density: 1.0, zoom: 1.0, offset: (0.0, 0.0) };
    let url = "https://shop.example/".to_owned();
    let snapshot = Snapshot { url, viewport, nodes, sheets: Vec::new(), focus: None };
    let mut mirror = Mirror::default();
    wash().apply(&mut mirror, PageEvent::Snapshot(snapshot), &mut Vec::new()).unwrap();
    mirror
}

fn records(html: &str, first: u64) -> (Vec<NodeRecord>, Option<NodeId>) {
    let parsed = document::parse(html, &"https://shop.example/".parse().unwrap()).unwrap();
    let (mut nodes, mut open, mut mark) = (Vec::new(), Vec::<NodeId>::new(), None);
    let mut next = first;
    let mut record = |parent: Option<NodeId>, node: Node| {
        let id = NodeId(next);
        next += 1;
        nodes.push(NodeRecord { id, parent, before: None, node, state: NodeState::default() });
        id
    };
    for visit in parsed.document().unwrap().walk() {
        let Visit::Enter(look) = visit else {
            open.pop();
            continue;
        };
        let parent = open.last().copied();
        let id = match look.node() {
            wash::Node::Element { name, .. } if name == "x-shadow" => {
                record(parent, Node::ShadowRoot { delegates_focus: false })
            }
            wash::Node::Element { name, attrs, .. } if name == "x-frame" => {
                let attrs = attrs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
                let frame = Node::Element { name: "iframe".to_owned(), ns: Namespace::Html, attrs };
                let frame = record(parent, frame);
                record(Some(frame), Node::Document { url: None, quirks: false })
            }
            node => record(parent, node.into()),
        };
        if look.attrs().iter().any(|(name, _)| name == "mark") {
            mark = Some(id);
        }
        open.push(id);
    }
    (nodes, mark)
}
