//! The cases of `fixtures/masks/`, which the companion keeps to as well, and whose rules hold where.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::*;
use crate::origin::{Scheme, Sid, ViewDomain};
use crate::policy::Site;
use crate::privacy::Privacy;
use crate::protocol::page::{self, NodeRecord, NodeState, PageEvent, Snapshot, Viewport};
use crate::protocol::rules::{MaskDraft, PrivacyDraft};
use crate::wash::{attrs, document};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default)]
    quirks: bool,
    html: String,
    #[serde(default = "account")]
    url: String,
    #[serde(default)]
    private: bool,
    rules: Vec<Rule>,
    verdicts: BTreeMap<String, String>,
    #[serde(default)]
    steps: Vec<Step>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Rule {
    Everywhere(MaskAction, String),
    On(MaskAction, String, Vec<String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
struct Step {
    set: Option<(String, String, String)>,
    unset: Option<(String, String)>,
    #[serde(rename = "move")]
    moves: Option<(String, String)>,
    remove: Option<String>,
    add: Option<(String, String)>,
    url: Option<String>,
    verdicts: BTreeMap<String, String>,
}

fn account() -> String {
    "https://shop.example/account".to_owned()
}

fn wash(sites: Vec<Site>, start: &str) -> Wash {
    let domain = ViewDomain { domain: "view.localhost".into(), scheme: Scheme::Http, port: 8080 };
    let policy = Arc::new(Policy::new(sites));
    Wash::new(Arc::new(domain), Sid::random(), policy, &start.parse().unwrap(), [0; 32], Arc::new(|_| None))
}

fn site(pages: &[&str], privacy: &PrivacyDraft) -> Site {
    let pages = pages.iter().map(|page| page.parse().unwrap()).collect();
    let privacy = Privacy::check(privacy, "privacy").unwrap();
    Site { privacy, ..Site::new("Shop", "https://shop.example/".parse().unwrap(), pages) }
}

fn draft(private: bool, rules: &[Rule]) -> PrivacyDraft {
    let mask = |rule: &Rule| {
        let (action, selector, pages) = match rule {
            Rule::Everywhere(action, selector) => (*action, selector, Vec::new()),
            Rule::On(action, selector, pages) => (*action, selector, pages.clone()),
        };
        MaskDraft { name: String::new(), off: false, selector: selector.clone(), action, pages }
    };
    PrivacyDraft { private, mask: rules.iter().map(mask).collect(), scrub: Vec::new() }
}

/// Makes records of documents, with ids of its own.
#[derive(Default)]
struct Maker {
    next: u64,
}

impl Maker {
    /// A document, below a frame where there is one.
    fn document(&mut self, html: &str, parent: Option<NodeId>, out: &mut Vec<NodeRecord>) {
        let html = html.replace("<template shadowrootmode=", "<x-shadow is=").replace("</template>", "</x-shadow>");
        let parsed = document::parse(&html, &"https://shop.example/".parse().unwrap()).unwrap();
        self.tree(&parsed, parsed.root().unwrap(), parent, out);
    }

    fn tree(&mut self, parsed: &Mirror, root: NodeId, parent: Option<NodeId>, out: &mut Vec<NodeRecord>) {
        let mut ids = BTreeMap::new();
        for old in parsed.subtree(root) {
            let entry = parsed.get(old).unwrap();
            self.next += 1;
            let id = NodeId(self.next);
            ids.insert(old, id);
            let parent = if old == root { parent } else { Some(ids[&entry.parent().unwrap()]) };
            let node = match page::Node::from(&entry.node) {
                page::Node::Document { url, quirks } => {
                    page::Node::Document { url, quirks: quirks && parent.is_none() }
                }
                page::Node::Element { name, .. } if name == "x-shadow" => {
                    page::Node::ShadowRoot { delegates_focus: false }
                }
                node => node,
            };
            out.push(NodeRecord { id, parent, before: None, node, state: NodeState::default() });
            if let Some(html) = entry.attr("srcdoc") {
                self.document(html, Some(id), out);
            }
        }
    }
}

/// A page with the view that its events build.
struct Rig {
    wash: Wash,
    mirror: Mirror,
    view: Mirror,
}

impl Rig {
    fn new(wash: Wash, url: &str, nodes: Vec<NodeRecord>) -> Self {
        let viewport = Viewport { width: 1280.0, height: 800.0, density: 1.0, zoom: 1.0, offset: (0.0, 0.0) };
        let snapshot = Snapshot { url: url.to_owned(), viewport, nodes, sheets: Vec::new(), focus: None };
        let mut rig = Self { wash, mirror: Mirror::default(), view: Mirror::default() };
        rig.apply(PageEvent::Snapshot(snapshot));
        rig
    }

    fn apply(&mut self, event: PageEvent) {
        let mut out = Vec::new();
        self.wash.apply(&mut self.mirror, event, &mut out).unwrap();
        out.into_iter().for_each(|washed| self.view.apply(washed).unwrap());
        assert_eq!(self.view.hash(), self.wash.hash(&self.mirror));
    }

    fn id(&self, name: &str) -> NodeId {
        let ids = self.mirror.subtree(self.mirror.root().unwrap());
        ids.into_iter()
            .find(|id| self.mirror.get(*id).unwrap().attr("id") == Some(name))
            .unwrap_or_else(|| panic!("{name}"))
    }

    fn step(&mut self, step: &Step, maker: &mut Maker) {
        let attribute = |node, name: &str, value| PageEvent::Attribute { node, name: name.to_owned(), value };
        if let Some((id, name, value)) = &step.set {
            self.apply(attribute(self.id(id), name, Some(value.clone())));
        }
        if let Some((id, name)) = &step.unset {
            self.apply(attribute(self.id(id), name, None));
        }
        if let Some((id, parent)) = &step.moves {
            self.apply(PageEvent::Move { node: self.id(id), parent: self.id(parent), before: None });
        }
        if let Some(id) = &step.remove {
            self.apply(PageEvent::Remove { node: self.id(id) });
        }
        if let Some((parent, html)) = &step.add {
            let parsed = document::parse(&format!("<!doctype html><body>{html}"), &self.wash.start).unwrap();
            let ids = parsed.subtree(parsed.root().unwrap());
            let body = ids.into_iter().find(|id| is_html(parsed.get(*id).unwrap(), "body")).unwrap();
            let mut nodes = Vec::new();
            maker.tree(&parsed, parsed.get(body).unwrap().first().unwrap(), Some(self.id(parent)), &mut nodes);
            self.apply(PageEvent::Add { nodes });
        }
        if let Some(url) = &step.url {
            self.apply(PageEvent::Url { url: url.clone() });
        }
    }

    /// What does not hold.
    fn wrong(&self, verdicts: &BTreeMap<String, String>) -> Vec<String> {
        let verdict = |id: &str| {
            let shade = self.wash.shade(&self.mirror, self.id(id)).unwrap();
            match (shade.is_hidden(), shade.is_masked()) {
                (true, _) => "hidden",
                (false, true) => "masked",
                (false, false) => "shown",
            }
        };
        let wrong = verdicts.iter().filter(|(id, expected)| verdict(id) != **expected);
        wrong.map(|(id, expected)| format!("{id} is {}, not {expected}", verdict(id))).collect()
    }
}

#[test]
fn cases() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/masks"));
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    let (mut count, mut wrong) = (0, Vec::new());
    for path in files {
        let cases: Vec<Case> = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        for case in cases {
            count += 1;
            let (mut maker, mut nodes) = (Maker::default(), Vec::new());
            let doctype = if case.quirks { "" } else { "<!doctype html>" };
            maker.document(&format!("{doctype}{}", case.html), None, &mut nodes);
            let site = site(&["https://shop.example"], &draft(case.private, &case.rules));
            let mut rig = Rig::new(wash(vec![site], "https://shop.example/"), &case.url, nodes);
            let mut note = |rig: &Rig, at: usize, verdicts| {
                wrong.extend(rig.wrong(verdicts).into_iter().map(|w| format!("{} ({at}): {w}", case.name)));
            };
            note(&rig, 0, &case.verdicts);
            for (at, step) in case.steps.iter().enumerate() {
                rig.step(step, &mut maker);
                note(&rig, at + 1, &step.verdicts);
            }
        }
    }
    assert!(wrong.is_empty() && count >= 60, "{count} cases\n{}", wrong.join("\n"));
}

#[derive(Deserialize)]
struct Content {
    stars: Vec<(String, String)>,
    values: Vec<(String, String, String)>,
    attributes: Attributes,
}

#[derive(Deserialize)]
struct Attributes {
    starred: Vec<String>,
    kept: Vec<String>,
}

#[test]
fn content() {
    let content: Content = serde_json::from_str(include_str!("../../../fixtures/masks/content/masked.json")).unwrap();
    for (text, stars) in content.stars {
        assert_eq!((mask::text(&text), mask::text(&stars)), (stars.clone(), stars), "{text:?}");
    }
    let private = || wash(vec![site(&["https://shop.example"], &draft(true, &[]))], "https://shop.example/");
    let shown = |html: &str| {
        let mut mirror = document::parse(html, &"https://shop.example/".parse().unwrap()).unwrap();
        let wash = private();
        wash.review(&mut mirror);
        wash.html(&mirror)
    };
    for (kind, value, stars) in content.values {
        let html = shown(&format!("<input type=\"{kind}\" value=\"{value}\">"));
        assert!(html.contains(&format!(" value=\"{stars}\"")), "{html}");
    }
    for name in content.attributes.starred {
        let element = if name == "value" { "button" } else { "p" };
        let html = shown(&format!("<{element} {name}=\"Bob 1\">"));
        let known = attrs::kind(Namespace::Html, element, &name).is_some();
        assert_eq!((html.contains("Bob"), html.contains(&format!(" {name}=\"*** *\""))), (false, known), "{html}");
    }
    for name in content.attributes.kept {
        assert!(shown(&format!("<p {name}=\"x\">")).contains(&format!(" {name}=\"x\"")), "{name}");
    }
}

/// The rules of a frame are those of its own address, pages of other sites before what this one loads; where no site has it, those of the start.
#[test]
fn whose_rules_hold() {
    let hide = |selector: &str| draft(false, &[Rule::Everywhere(MaskAction::Hide, selector.to_owned())]);
    let shop = Site {
        loads: vec!["https://pay.example".parse().unwrap(), "https://cdn.example".parse().unwrap()],
        ..site(&["https://shop.example"], &hide(".shop"))
    };
    let sites = vec![shop, site(&["https://pay.example"], &hide(".pay"))];
    let verdicts = |url: &str, start: &str| {
        let (mut maker, mut nodes) = (Maker::default(), Vec::new());
        maker.document("<iframe id=f></iframe>", None, &mut nodes);
        let frame = nodes.last().unwrap().id;
        let document = nodes.len();
        maker.document(
            "<p id=a class=shop>x</p><p id=b class=pay>y</p><iframe srcdoc='<p id=c class=pay>z</p>'>",
            Some(frame),
            &mut nodes,
        );
        nodes[document].node = page::Node::Document { url: Some(url.to_owned()), quirks: false };
        let rig = Rig::new(wash(sites.clone(), start), "https://shop.example/", nodes);
        let hidden = ["a", "b", "c"].map(|id| rig.wash.shade(&rig.mirror, rig.id(id)).unwrap().is_hidden());
        let masked = rig.wash.shade(&rig.mirror, rig.id("a")).unwrap().is_masked();
        (hidden, masked)
    };
    let start = "https://shop.example/";
    let (of_shop, of_pay) = ([true, false, false], [false, true, true]);
    assert_eq!(verdicts("https://pay.example/x", start), (of_pay, false));
    assert_eq!(verdicts("https://cdn.example/x", start), (of_shop, true));
    assert_eq!(verdicts("about:blank", start), (of_shop, true));
    assert_eq!(verdicts("https://nobody.example/", start), (of_shop, true));
    assert_eq!(verdicts("https://nobody.example/", "https://pay.example/"), (of_pay, false));
    assert_eq!(verdicts("https://nobody.example/", "https://gone.example/"), ([false; 3], true), "all is masked");
}

/// What is told to the companion finds the same rules: the first of the list that covers a document, or else the first of all.
#[test]
fn the_companion_is_told_whose_rules_hold() {
    let named = |name: &str| draft(false, &[Rule::Everywhere(MaskAction::Hide, format!(".{name}"))]);
    let load = |site: Site, loads: &str| Site { loads: vec![loads.parse().unwrap()], ..site };
    let sites = vec![
        load(site(&["https://a.example"], &named("a")), "https://b.example/x"),
        load(site(&["https://b.example/x/y", "https://c.example"], &named("b")), "https://a.example/z"),
    ];
    let policy = Policy::new(sites);
    let addresses = [
        "https://a.example/z",
        "https://b.example/x",
        "https://b.example/x/y",
        "https://c.example/",
        "https://d.example/",
    ];
    for start in ["https://a.example/", "https://c.example/", "https://d.example/"] {
        let start = start.parse().unwrap();
        let told = policy.mask_sites(&start);
        for address in addresses {
            let address: Url = address.parse().unwrap();
            let covers = |scope: &[String]| {
                scope.iter().any(|p| p.parse::<crate::pattern::Pattern>().unwrap().matches(&address))
            };
            let found = told.iter().find(|site| covers(&site.scope)).unwrap_or(&told[0]);
            let here = policy.privacy(&address, &start);
            assert_eq!(found.private, here.private);
            let selectors: Vec<_> = here.masks().iter().map(|mask| mask.selector.as_str().to_owned()).collect();
            assert_eq!(
                found.rules.iter().map(|rule| rule.selector.clone()).collect::<Vec<_>>(),
                selectors,
                "{address} from {start}"
            );
        }
    }
}
