//! Where two sides of a page differ.

use rustc_hash::FxHashSet;

use crate::protocol::admin::PreviewKind;
use crate::protocol::page::{Namespace, Node, NodeId};
use crate::wash::mirror::{Entry, Mirror, Step};
use crate::wash::{KEY_CHARS, Wash};

/// Dropped without a word: none of these shows anything or runs.
const QUIET: [&str; 7] = ["meta", "base", "template", "noscript", "title", "param", "track"];
/// In these, an element around a text would be no part of the page, or change it.
const PLAIN: [&str; 11] =
    ["option", "textarea", "title", "style", "select", "optgroup", "datalist", "table", "tbody", "tr", "head"];
/// Longest name in a description, in characters.
const NAME: usize = 40;

/// A node of which agents see something else.
pub(super) struct Place {
    pub(super) node: NodeId,
    pub(super) kind: PreviewKind,
    /// See `PreviewMark::rule`.
    pub(super) rule: String,
}

/// A wash with a mirror that it has judged.
type Side<'a> = (&'a Wash, &'a Mirror);

/// Places that differ, in document order. What is said of an element is not said again of what is in it.
pub(super) fn differing((wash, mirror): Side<'_>, bare: Side<'_>) -> Vec<Place> {
    let mut places = Vec::new();
    let mut marked = FxHashSet::default();
    let mut put = |node, kind, rule: String| {
        if marked.insert(node) {
            places.push(Place { node, kind, rule });
        }
    };
    let mut walk = mirror.root().map(|root| mirror.walk(root));
    while let Some(step) = walk.as_mut().and_then(Iterator::next) {
        let Step::Enter(id, entry) = step else { continue };
        let why = wash.why(mirror, id);
        let around = element_around(mirror, entry).and_then(|(around, _)| wash.why(mirror, around));
        let element = matches!(entry.node, Node::Element { .. });
        if let Some(why) = &why
            && element
            && around.as_ref() != Some(why)
            && !is_quiet(entry)
        {
            put(id, why.kind, why.rule.clone());
        }
        if entry.gap || matches!(&why, Some(why) if why.kind != PreviewKind::Masked) {
            if let Some(walk) = walk.as_mut() {
                walk.not_below(id);
            }
            continue;
        }
        if why.is_none() && around.is_none() && is_changed((wash, mirror), bare, id) {
            let (node, blank) = place_of((wash, mirror), id, entry);
            if !blank || element {
                put(node, PreviewKind::Scrubbed, String::new());
            } else if let Some((around, _)) = element_around(mirror, entry) {
                put(around, PreviewKind::Scrubbed, String::new());
            }
        }
    }
    places.sort_by_key(|place| place.node);
    places
}

/// What is shown of a node is another.
fn is_changed((wash, mirror): Side<'_>, (bare, bare_mirror): Side<'_>, id: NodeId) -> bool {
    let record = |wash: &Wash, mirror: &Mirror| mirror.get(id).map(|entry| wash.record(mirror, id, entry).node);
    match (record(wash, mirror), record(bare, bare_mirror)) {
        (Some(Node::Text { text }), Some(Node::Text { text: before })) => text != before,
        (Some(Node::Element { attrs, .. }), Some(Node::Element { attrs: before, .. })) => before
            .iter()
            .any(|(name, value)| attrs.iter().find(|(own, _)| own == name).is_none_or(|(_, own)| own != value)),
        _ => false,
    }
}

/// The node that can carry a mark for another one, and whether nothing is shown of that.
fn place_of((wash, mirror): Side<'_>, id: NodeId, entry: &Entry) -> (NodeId, bool) {
    if !matches!(entry.node, Node::Text { .. }) {
        return (id, false);
    }
    let blank = wash.text_of(mirror, id, entry).trim().is_empty();
    match element_around(mirror, entry) {
        Some((_, Node::Element { name, ns: Namespace::Html, .. })) if !PLAIN.contains(&name.as_str()) => (id, blank),
        Some((around, _)) => (around, false),
        None => (id, blank),
    }
}

fn element_around<'a>(mirror: &'a Mirror, entry: &'a Entry) -> Option<(NodeId, &'a Node)> {
    let id = entry.parent?;
    let node = &mirror.get(id)?.node;
    matches!(node, Node::Element { .. }).then_some((id, node))
}

fn is_quiet(entry: &Entry) -> bool {
    let Node::Element { name, attrs, .. } = &entry.node else { return true };
    let acts = attrs.iter().any(|(name, _)| name == "http-equiv");
    QUIET.contains(&name.as_str()) && !acts
}

/// Links to style sheets that are shown, with the keys of their addresses.
pub(super) fn sheets(wash: &Wash, mirror: &Mirror) -> Vec<(NodeId, String)> {
    let mut found = Vec::new();
    let mut walk = mirror.root().map(|root| mirror.walk(root));
    while let Some(step) = walk.as_mut().and_then(Iterator::next) {
        let Step::Enter(id, entry) = step else { continue };
        if entry.gap {
            if let Some(walk) = walk.as_mut() {
                walk.not_below(id);
            }
            continue;
        }
        let Node::Element { name, ns: Namespace::Html, attrs } = wash.record(mirror, id, entry).node else {
            continue;
        };
        let of = |wanted: &str| attrs.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str());
        let key = of("href").and_then(|href| href.strip_prefix("a/")).and_then(|key| key.get(..KEY_CHARS));
        if name == "link"
            && of("rel") == Some("stylesheet")
            && let Some(key) = key
        {
            found.push((id, key.to_owned()));
        }
    }
    found
}

/// An element for people, with what it is in: `section.account > p`.
pub(super) fn described(mirror: &Mirror, node: NodeId) -> String {
    let Some(entry) = mirror.get(node) else { return String::new() };
    let own = match entry.node {
        Node::Element { .. } => Some(node),
        _ => element_around(mirror, entry).map(|(around, _)| around),
    };
    let Some(own) = own.and_then(|id| mirror.get(id)) else { return String::new() };
    let around = element_around(mirror, own).map(|(_, node)| node).filter(|node| !is_root(node));
    around.into_iter().chain([&own.node]).map(named).collect::<Vec<_>>().join(" > ")
}

fn is_root(node: &Node) -> bool {
    matches!(node, Node::Element { name, .. } if name == "html" || name == "body")
}

fn named(node: &Node) -> String {
    let Node::Element { name, attrs, .. } = node else { return String::new() };
    let of = |wanted: &str| attrs.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.trim());
    let short = |text: &str| text.chars().take(NAME).collect::<String>();
    let id =
        of("id").filter(|id| !id.is_empty() && !id.contains(char::is_whitespace)).map(|id| format!("#{}", short(id)));
    let class =
        || of("class").and_then(|class| class.split_whitespace().next()).map(|class| format!(".{}", short(class)));
    format!("{}{}", short(name), id.or_else(class).unwrap_or_default())
}
