//! Where two sides of a page differ.

use rustc_hash::FxHashSet;

use crate::protocol::admin::PreviewKind;
use crate::protocol::page::{self, Namespace, NodeId};
use crate::wash::boxes::Boxed;
use crate::wash::mirror::{Entry, Mirror, Node, Step};
use crate::wash::shade::Why;
use crate::wash::{KEY_CHARS, Wash};

/// Dropped without a word: none of these shows anything or runs.
const QUIET: [&str; 7] = ["meta", "base", "template", "noscript", "title", "param", "track"];
/// In these, an element around a text would be no part of the page, or change it.
const PLAIN: [&str; 11] =
    ["option", "textarea", "title", "style", "select", "optgroup", "datalist", "table", "tbody", "tr", "head"];
/// Longest name in a description, in characters.
const NAME: usize = 40;
/// Most characters that are told of what is shown in a text's place.
const SHOWN: usize = 60;

/// A node of which agents see something else.
pub(super) struct Place {
    pub(super) node: NodeId,
    /// Number of the place: several marks may be at one.
    pub(super) number: usize,
    pub(super) kind: PreviewKind,
    /// See `PreviewMark::rule`.
    pub(super) rule: String,
    /// See `PreviewMark::shows`.
    pub(super) shows: String,
}

impl Place {
    pub(super) fn of_rule(&self, rule: String, shows: String) -> Self {
        Self { rule, shows, ..*self }
    }
}

/// A wash with a mirror that it has judged.
type Side<'a> = (&'a Wash, &'a Mirror);

/// Places that differ, in document order. What is said of an element is not said again of what is in it.
pub(super) fn differing((wash, mirror): Side<'_>, bare: Side<'_>) -> Vec<Place> {
    let mut places = Vec::new();
    let mut marked = FxHashSet::default();
    let mut put = |node, whys: Vec<Why>, shows: String| {
        if marked.insert(node) {
            let place = |Why { kind, rule }| Place { node, number: 0, kind, rule, shows: shows.clone() };
            places.extend(whys.into_iter().map(place));
        }
    };
    let scrubbed = || vec![Why { kind: PreviewKind::Scrubbed, rule: String::new() }];
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
            let also = wash.also(mirror, id).into_iter().filter(|also| also.rule != why.rule);
            put(id, std::iter::once(why.clone()).chain(also).collect(), String::new());
        }
        if why.is_none() && !entry.gap && wash.refused(entry) == Some(Boxed::Foreign) {
            put(id, vec![Why { kind: PreviewKind::Foreign, rule: String::new() }], String::new());
            continue;
        }
        if entry.gap || matches!(&why, Some(why) if why.kind != PreviewKind::Masked) {
            if let Some(walk) = walk.as_mut() {
                walk.not_below(id);
            }
            continue;
        }
        if why.is_none()
            && around.is_none()
            && let Some(shows) = change((wash, mirror), bare, id)
        {
            let (node, blank) = place_of((wash, mirror), id, entry);
            if !blank || element {
                put(node, scrubbed(), shows);
            } else if let Some((around, _)) = element_around(mirror, entry) {
                put(around, scrubbed(), shows);
            }
        }
    }
    places.sort_by_key(|place| place.node);
    let mut number = 0;
    for i in 1..places.len() {
        number += usize::from(places[i].node != places[i - 1].node);
        places[i].number = number;
    }
    places
}

/// What is shown in place of something of a node; none: nothing of it is another.
fn change((wash, mirror): Side<'_>, (bare, bare_mirror): Side<'_>, id: NodeId) -> Option<String> {
    let record = |wash: &Wash, mirror: &Mirror| mirror.get(id).map(|entry| wash.record(mirror, id, entry).node);
    match (record(wash, mirror)?, record(bare, bare_mirror)?) {
        (page::Node::Text { text }, page::Node::Text { text: before }) => {
            (text != before).then(|| put_in(&before, &text))
        }
        (page::Node::Element { attrs, .. }, page::Node::Element { attrs: before, .. }) => {
            before.iter().find_map(|(name, value)| {
                let own = attrs.iter().find(|(own, _)| own == name).map_or("", |(_, own)| own.as_str());
                (own != value).then(|| put_in(value, own))
            })
        }
        _ => None,
    }
}

/// The words of a text that are not those of what it was before.
fn put_in(before: &str, text: &str) -> String {
    let (before, text): (Vec<char>, Vec<char>) = (before.chars().collect(), text.chars().collect());
    let same = |(a, b): &(&char, &char)| a == b;
    let mut begins = before.iter().zip(&text).take_while(same).count();
    let ends = before[begins..].iter().rev().zip(text[begins..].iter().rev()).take_while(same).count();
    let mut ends = text.len() - ends;
    let space = |at: usize| text.get(at).is_none_or(|c| c.is_whitespace());
    while begins > 0 && !space(begins - 1) {
        begins -= 1;
    }
    while ends < text.len() && !space(ends) {
        ends += 1;
    }
    let words: Vec<char> = text[begins..ends].iter().copied().take(SHOWN + 1).collect();
    let cut = words.len() > SHOWN;
    let shown: String = words.into_iter().take(SHOWN).collect();
    if cut { format!("{}…", shown.trim()) } else { shown.trim().to_owned() }
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
    let id = entry.parent()?;
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
        let page::Node::Element { name, ns: Namespace::Html, attrs } = wash.record(mirror, id, entry).node else {
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
