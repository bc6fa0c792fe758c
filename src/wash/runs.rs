//! Runs of text: what a person reads as one, however many nodes and inline elements it is cut into.
//!
//! A run is the text nodes in document order within one block, cut where a block or something replaced stands between them. Which element is a block
//! says its name alone, so that a run is a function of the tree: styles may say otherwise, which can make a run longer than what is read as one, or, where
//! a page makes inline what is a block by name, shorter. Shadow roots and frames' documents have runs of their own.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::mirror::{Entry, Mirror, Node};
use crate::protocol::page::{Namespace, NodeId};

mod whole;

pub(super) use whole::{Run, each};

/// The attribute that makes an element editable.
pub(super) const EDITED: &str = "contenteditable";

/// Among how many leaves before a node text is looked for that it continues.
const NEAR: usize = 8;

/// How a node takes part in the run around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flow {
    /// It is text of the run.
    Text,
    /// What is in it belongs to the run.
    Inline,
    /// A line ends: white space.
    Space,
    /// It is not read with the run: the run goes on behind it, what is in it has runs of its own.
    Aside,
    /// Runs end before and behind it.
    Cut,
}

/// A node of a run that has nothing below it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leaf {
    /// A text.
    Text(NodeId),
    /// White space that is no text.
    Space(NodeId),
    /// Nothing to read.
    Empty(NodeId),
}

impl Leaf {
    pub(super) fn id(self) -> NodeId {
        match self {
            Self::Text(id) | Self::Space(id) | Self::Empty(id) => id,
        }
    }
}

const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "label", "map", "mark", "nobr", "output", "q", "rb", "ruby", "s", "samp", "slot", "small", "span", "strike",
    "strong", "sub", "sup", "time", "tt", "u", "var",
];
const CUT: &[&str] = &[
    "address",
    "article",
    "aside",
    "audio",
    "blockquote",
    "body",
    "button",
    "canvas",
    "caption",
    "center",
    "col",
    "colgroup",
    "datalist",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "embed",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "frame",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hgroup",
    "hr",
    "html",
    "iframe",
    "img",
    "input",
    "legend",
    "li",
    "listing",
    "main",
    "marquee",
    "menu",
    "meter",
    "nav",
    "object",
    "ol",
    "optgroup",
    "option",
    "p",
    "picture",
    "plaintext",
    "pre",
    "progress",
    "search",
    "section",
    "select",
    "selectedcontent",
    "summary",
    "table",
    "tbody",
    "td",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "ul",
    "video",
    "xmp",
];
/// Of SVG, what text stands in.
const SVG_INLINE: [&str; 6] = ["a", "g", "switch", "text", "textPath", "tspan"];

static HTML: LazyLock<FxHashMap<&'static str, Flow>> = LazyLock::new(|| {
    let inline = INLINE.iter().map(|name| (*name, Flow::Inline));
    let cut = CUT.iter().map(|name| (*name, Flow::Cut));
    inline.chain(cut).chain([("br", Flow::Space)]).collect()
});

fn flow(entry: &Entry) -> Flow {
    match &entry.node {
        Node::Text { .. } => Flow::Text,
        Node::Document { .. } | Node::ShadowRoot { .. } | Node::Doctype(_) => Flow::Cut,
        Node::Element { name, ns: Namespace::Html, .. } => match HTML.get(name.as_str()) {
            Some(flow) => *flow,
            None if name.contains('-') => Flow::Inline,
            None => Flow::Aside,
        },
        Node::Element { name, ns: Namespace::Svg, .. } => {
            if SVG_INLINE.contains(&name.as_str()) {
                Flow::Inline
            } else {
                Flow::Cut
            }
        }
        Node::Element { ns: Namespace::Mathml, .. } => Flow::Inline,
        Node::Element { ns: Namespace::Other, .. } => Flow::Aside,
    }
}

/// The leaves of a run from a place on, up to its end or, backward, its beginning.
struct Along<'a> {
    mirror: &'a Mirror,
    parent: Option<NodeId>,
    next: Option<NodeId>,
    forward: bool,
}

impl<'a> Along<'a> {
    /// Behind a node, or before it.
    fn from(mirror: &'a Mirror, node: NodeId, forward: bool) -> Self {
        let entry = mirror.get(node);
        let next = entry.and_then(|entry| if forward { entry.next() } else { entry.previous() });
        Self { mirror, parent: entry.and_then(Entry::parent), next, forward }
    }

    /// From a node on, it and what is in it included.
    fn with(mirror: &'a Mirror, node: NodeId, forward: bool) -> Self {
        Self { mirror, parent: mirror.get(node).and_then(Entry::parent), next: Some(node), forward }
    }

    /// At the beginning of what is in a node.
    fn within(mirror: &'a Mirror, node: NodeId, forward: bool) -> Self {
        let first = mirror.get(node).and_then(Entry::first);
        Self { mirror, parent: Some(node), next: first.filter(|_| forward), forward }
    }
}

impl Iterator for Along<'_> {
    type Item = Leaf;

    fn next(&mut self) -> Option<Leaf> {
        loop {
            self.mirror.looks_at(1);
            let Some(id) = self.next else {
                let parent = self.mirror.get(self.parent?).filter(|parent| flow(parent) == Flow::Inline)?;
                self.next = if self.forward { parent.next() } else { parent.previous() };
                self.parent = parent.parent();
                continue;
            };
            let entry = self.mirror.get(id)?;
            let sibling = if self.forward { entry.next() } else { entry.previous() };
            let below = if self.forward { entry.first() } else { entry.last() };
            let leaf = match flow(entry) {
                Flow::Text => Leaf::Text(id),
                Flow::Space => Leaf::Space(id),
                Flow::Aside => Leaf::Empty(id),
                Flow::Cut => {
                    self.parent = None;
                    self.next = None;
                    return None;
                }
                Flow::Inline if below.is_none() => Leaf::Empty(id),
                Flow::Inline => {
                    (self.parent, self.next) = (Some(id), below);
                    continue;
                }
            };
            self.next = sibling;
            return Some(leaf);
        }
    }
}

/// The run that a leaf is in, in document order.
pub(super) fn around(mirror: &Mirror, leaf: NodeId) -> Vec<Leaf> {
    let mut leaves: Vec<Leaf> = Along::from(mirror, leaf, false).collect();
    leaves.reverse();
    leaves.extend(Along::with(mirror, leaf, true));
    leaves
}

/// The part of a leaf's run up to it; none: that has more leaves than `most`.
pub(super) fn before(mirror: &Mirror, leaf: NodeId, most: usize) -> Option<Vec<Leaf>> {
    let mut leaves: Vec<Leaf> = Along::from(mirror, leaf, false).take(most).collect();
    if leaves.len() == most {
        return None;
    }
    leaves.reverse();
    leaves.extend(Along::with(mirror, leaf, true).next());
    Some(leaves)
}

/// What is read of leaves, with the texts that it is of.
pub(super) fn pieces<'a>(mirror: &'a Mirror, leaves: &[Leaf]) -> Vec<(Option<NodeId>, &'a str)> {
    let piece = |leaf: &Leaf| match leaf {
        Leaf::Text(id) => match &mirror.get(*id)?.node {
            Node::Text { text } => Some((Some(*id), text.as_str())),
            _ => None,
        },
        Leaf::Space(_) => Some((None, "\n")),
        Leaf::Empty(_) => None,
    };
    leaves.iter().filter_map(piece).collect()
}

/// A leaf of each run that a node begins in, ends in, or is all of.
pub(super) fn touching(mirror: &Mirror, node: NodeId) -> impl Iterator<Item = Leaf> {
    let is_text = mirror.get(node).is_some_and(|entry| matches!(entry.node, Node::Text { .. }));
    let before = if is_text {
        Some(Leaf::Text(node))
    } else {
        Along::from(mirror, node, false).next().or_else(|| Along::with(mirror, node, true).next())
    };
    let behind = || Along::from(mirror, node, true).next().or_else(|| Along::with(mirror, node, false).next());
    before.into_iter().chain(if is_text { None } else { behind() })
}

/// A leaf of the run at the beginning of what is in a node.
pub(super) fn at_start(mirror: &Mirror, node: NodeId) -> Option<Leaf> {
    Along::within(mirror, node, true).next().or_else(|| Along::within(mirror, node, false).next())
}

/// Whether text stands right before a node in its run.
pub(super) fn continues_text(mirror: &Mirror, node: NodeId) -> bool {
    let before = Along::from(mirror, node, false).take(NEAR).find(|leaf| !matches!(leaf, Leaf::Empty(_)));
    matches!(before, Some(Leaf::Text(_)))
}

/// Whether an element is, or is in, something that is edited as a whole (HTML, "contenteditable"), so that somebody may be typing its texts.
pub(super) fn is_edited<'a>(mirror: &'a Mirror, element: Option<&'a Entry>) -> bool {
    let mut at = element.filter(|_| mirror.has_edited());
    while let Some(entry) = at.filter(|entry| matches!(entry.node, Node::Element { .. })) {
        mirror.looks_at(1);
        if let Some(value) = entry.attr(EDITED) {
            return !value.eq_ignore_ascii_case("false");
        }
        at = mirror.parent(entry);
    }
    false
}
