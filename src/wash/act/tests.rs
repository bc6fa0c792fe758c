//! One page with an element of each kind, and what may be done with it.

use std::collections::HashMap;
use std::sync::Arc;

use super::*;
use crate::origin::{Scheme, Sid, ViewDomain};
use crate::policy::{Policy, Site};
use crate::protocol::act::Key;
use crate::protocol::page::PageEvent;
use crate::wash::document;
use crate::wash::mirror::Step;

const PAGE: &str = r#"<body><form id=form>
<input id=text><input id=odd type=telepathy><input id=search type=SEARCH><input id=number type=number><input id=read readonly>
<input id=password type=password><input id=card autocomplete="billing cc-number"><input id=file type=file><input id=hidden type=hidden>
<input id=box type=checkbox><input id=radio type=radio><input id=date type=date><input id=range type=range><input id=fixed type=date readonly>
<input id=send type=submit><button id=button><b id=inside>Go</b></button><button id=off disabled><b id=within>Off</b></button>
<textarea id=area></textarea><select id=one><option id=a><optgroup disabled><option id=b></optgroup><option id=c disabled></select>
<select id=many multiple><option id=d><option id=e></select><select id=secret autocomplete=cc-exp-month><option id=f></select>
<fieldset id=set disabled><legend><input id=spared></legend><legend><input id=second></legend><input id=caught></fieldset></form>
<input id=alone><input id=owned form=form><p id=p>Text<a id=link href=/x>link</a></p><svg id=svg><circle id=circle /></svg>
<div id=edited contenteditable><p id=line>x</p><div contenteditable=false><p id=island>x</p></div></div>
<script id=script></script><object><p id=below></p></object></body>"#;

struct Rig {
    wash: Wash,
    mirror: Mirror,
    ids: HashMap<String, NodeId>,
}

impl Rig {
    fn new() -> Self {
        let domain = ViewDomain { domain: "view.localhost".to_owned(), scheme: Scheme::Http, port: 8080 };
        let start: url::Url = "https://shop.example/".parse().unwrap();
        let site = Site::new("Shop", start.clone(), vec!["https://shop.example".parse().unwrap()]);
        let policy = Arc::new(Policy::new(vec![site]));
        let wash = Wash::new(Arc::new(domain), Sid::random(), policy, &start, [0; 32], Arc::new(|_| None));
        let parsed = document::parse(PAGE, &"https://shop.example/".parse().unwrap()).unwrap();
        let (mut mirror, mut ids) = (Mirror::default(), HashMap::new());
        let mut nodes = Vec::new();
        for step in parsed.walk(parsed.root().unwrap()) {
            let Step::Enter(id, entry) = step else { continue };
            ids.extend(entry.attr("id").map(|name| (name.to_owned(), id)));
            let (node, state) = ((&entry.node).into(), entry.state().clone());
            nodes.push(crate::protocol::page::NodeRecord { id, parent: entry.parent(), before: None, node, state });
        }
        let Some(PageEvent::Snapshot(snapshot)) = wash.snapshot(&parsed) else { panic!("a snapshot") };
        let whole = PageEvent::Snapshot(crate::protocol::page::Snapshot { nodes, ..snapshot });
        wash.apply(&mut mirror, whole, &mut Vec::new()).unwrap();
        Self { wash, mirror, ids }
    }

    /// What becomes of an act of person 1; `ids` as in the page.
    fn judge(&self, act: &Act, locks: &[Lock]) -> Result<(), Denial> {
        self.wash.fits(&self.mirror, act, PersonId(1), locks)
    }

    fn act(&self, kind: &str, id: &str) -> Act {
        let node = self.ids[id];
        let options = |ids: &[&str]| Choice::Options(ids.iter().map(|id| self.ids[*id]).collect());
        match kind.split(' ').collect::<Vec<_>>().as_slice() {
            ["click"] => Act::Click { node, at: (0.5, 1.0), count: 1 },
            ["type"] => {
                Act::Type { node, strokes: vec![Stroke::All, Stroke::Text("x".to_owned()), Stroke::Key(Key::Tab)] }
            }
            ["value"] => Act::Choose { node, choice: Choice::Value("2026-01-01".to_owned()) },
            ["choose", ids @ ..] => Act::Choose { node, choice: options(ids) },
            ["check"] => Act::Check { node, checked: true },
            ["uncheck"] => Act::Check { node, checked: false },
            ["scroll"] => Act::Scroll { node, to: (0.0, 1.0) },
            ["submit"] => Act::Submit { node },
            _ => panic!("{kind}"),
        }
    }
}

#[test]
fn acts_fit_their_elements() {
    const DONE: Result<(), Denial> = Ok(());
    const GONE: Result<(), Denial> = Err(Denial::Gone);
    const MASKED: Result<(), Denial> = Err(Denial::Masked);
    const UNFIT: Result<(), Denial> = Err(Denial::Unfit);
    let rig = Rig::new();
    for (kind, ids, expected) in [
        ("click", "text button inside p link svg circle box a radio send edited set spared", DONE),
        ("click", "off within caught second c", UNFIT),
        ("click", "password card secret f", MASKED),
        ("click", "script below", GONE),
        ("type", "text odd search number area edited line spared owned", DONE),
        ("type", "read file hidden box radio date range send button p link one circle island off second caught", UNFIT),
        ("type", "password card", MASKED),
        ("type", "script", GONE),
        ("value", "date range number", DONE),
        ("value", "text box fixed one area p", UNFIT),
        ("choose a", "one", DONE),
        ("choose b", "one", UNFIT),
        ("choose c", "one", UNFIT),
        ("choose d", "one many", UNFIT),
        ("choose", "one", UNFIT),
        ("choose a a", "one", UNFIT),
        ("choose p", "one", UNFIT),
        ("choose f", "secret", MASKED),
        ("check", "box radio", DONE),
        ("uncheck", "box", DONE),
        ("uncheck", "radio", UNFIT),
        ("check", "text send p one", UNFIT),
        ("scroll", "p edited area one password off", DONE),
        ("scroll", "svg circle", UNFIT),
        ("scroll", "below", GONE),
        ("submit", "form text send button password owned spared", DONE),
        ("submit", "p alone off caught link", UNFIT),
        ("submit", "script", GONE),
    ] {
        for id in ids.split(' ') {
            let expected = if kind == "choose d" && id == "many" { DONE } else { expected };
            assert_eq!(rig.judge(&rig.act(kind, id), &[]), expected, "{kind} {id}");
        }
    }
    assert_eq!(rig.judge(&rig.act("choose d e", "many"), &[]), DONE);
    assert_eq!(rig.judge(&rig.act("choose", "many"), &[]), DONE);
    let document = rig.mirror.root().unwrap();
    assert_eq!(rig.judge(&Act::Scroll { node: document, to: (0.0, 0.0) }, &[]), DONE);
    assert_eq!(rig.judge(&Act::Click { node: document, at: (0.0, 0.0), count: 1 }, &[]), UNFIT);
    assert_eq!(rig.judge(&Act::Submit { node: NodeId(1 << 40) }, &[]), GONE);
    for act in [Act::Back, Act::Forward, Act::Navigate { url: "https://shop.example/".to_owned() }] {
        assert_eq!(rig.judge(&act, &[]), DONE);
    }
}

#[test]
fn nobody_acts_where_somebody_else_types() {
    let rig = Rig::new();
    let lock = |id: &str, by| Lock { node: rig.ids[id], by: PersonId(by) };
    for (kind, id, held, by, expected) in [
        ("type", "text", "text", 0, Err(Denial::Locked)),
        ("click", "text", "text", 2, Err(Denial::Locked)),
        ("type", "text", "text", 1, Ok(())),
        ("type", "line", "edited", 0, Err(Denial::Locked)),
        ("type", "area", "text", 0, Ok(())),
        ("scroll", "area", "area", 0, Ok(())),
        ("submit", "form", "text", 0, Ok(())),
        ("choose a", "one", "one", 0, Err(Denial::Locked)),
        ("check", "box", "box", 0, Err(Denial::Locked)),
    ] {
        assert_eq!(rig.judge(&rig.act(kind, id), &[lock(held, by)]), expected, "{kind} {id}, {by} types in {held}");
    }
}

#[test]
fn acts_are_no_more_than_a_hand_does() {
    let rig = Rig::new();
    let node = rig.ids["text"];
    let strokes = |strokes| Act::Type { node, strokes };
    for (act, reason) in [
        (Act::Click { node, at: (f64::NAN, 0.0), count: 1 }, Denial::Unfit),
        (Act::Click { node, at: (0.0, 1.1), count: 1 }, Denial::Unfit),
        (Act::Click { node, at: (0.0, 0.0), count: 0 }, Denial::Unfit),
        (Act::Click { node, at: (0.0, 0.0), count: 4 }, Denial::Unfit),
        (Act::Scroll { node, to: (-0.1, 0.0) }, Denial::Unfit),
        (strokes(vec![]), Denial::Unfit),
        (strokes(vec![Stroke::Text("\u{1b}[A".to_owned())]), Denial::Unfit),
        (strokes(vec![Stroke::All; PARTS + 1]), Denial::TooMuch),
        (strokes(vec![Stroke::Text("x".repeat(4 * CHARACTERS + 1))]), Denial::TooMuch),
        (Act::Choose { node, choice: Choice::Options(vec![node; PARTS + 1]) }, Denial::TooMuch),
        (Act::Choose { node, choice: Choice::Value("x".repeat(CHARACTERS + 1)) }, Denial::Unfit),
        (Act::Navigate { url: "x".repeat(CHARACTERS + 1) }, Denial::Unfit),
    ] {
        assert_eq!(rig.judge(&act, &[]), Err(reason), "{act:.200?}");
    }
}
