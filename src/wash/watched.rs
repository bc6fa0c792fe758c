//! What of a page agents see something else for than a picture of it would show: in image mode it is covered.
//!
//! It is a function of the mirror and kept up to date event by event. Where it cannot be said where something is drawn, agents get no picture of the page
//! at all ([`Watched::everything`]): strings of style sheets that rules change (they may be drawn beside any element), a private site's page (where
//! everything is masked but what a rule shows, and strings of sheets and values of attributes with it), more than a picture can be covered by.

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Wash;
use super::address::Place;
use super::attrs::{self, Kind};
use super::css;
use super::elements::{is_html, is_style};
use super::mirror::{Entry, Mirror, Node, Step};
use super::nodes::{place, texts};
use super::scrub::tells;
use crate::protocol::page::{NodeId, PageEvent};

/// Most nodes that a picture is covered by.
const MOST: usize = 5_000;
/// Elements that draw nothing, whatever a style sheet says.
const EMPTY: [&str; 8] = ["base", "col", "link", "meta", "param", "source", "template", "track"];
/// Elements that draw the texts below them by themselves.
const CONTROLS: [&str; 3] = ["option", "select", "textarea"];

/// Nodes to be covered in pictures of a page.
#[derive(Default)]
pub struct Watched {
    /// By the node that is the reason.
    nodes: FxHashMap<NodeId, BTreeSet<NodeId>>,
    /// Sheets, `style` elements and documents for which nothing may be shown.
    loud: FxHashSet<NodeId>,
    /// Nothing changed since it was asked for last.
    told: bool,
}

/// What events concern.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Concerned {
    nodes: Vec<NodeId>,
    /// With all that is in them.
    moved: Vec<NodeId>,
    /// Nodes went, or are in something that does not show any more.
    gone: bool,
    /// The whole page is another.
    whole: bool,
}

impl Concerned {
    /// Notes an event, as it came or as watchers get it: both are to be noted, for either may concern nodes that the other does not.
    pub fn note(&mut self, event: &PageEvent) {
        match event {
            PageEvent::Snapshot(_) => self.whole = true,
            PageEvent::Add { nodes } => self.nodes.extend(nodes.iter().map(|record| record.id)),
            PageEvent::Remove { .. } => self.gone = true,
            PageEvent::Move { node, .. } => {
                self.moved.push(*node);
                self.gone = true;
            }
            PageEvent::Attribute { node, .. } | PageEvent::Text { node, .. } | PageEvent::State { node, .. } => {
                self.nodes.push(*node);
            }
            PageEvent::Sheet { sheet, .. }
            | PageEvent::InsertRule { sheet, .. }
            | PageEvent::DeleteRule { sheet, .. } => self.nodes.push(*sheet),
            PageEvent::Url { .. } => self.whole = true,
            PageEvent::Focus { .. } | PageEvent::Selection { .. } => {}
            PageEvent::Viewport(_) | PageEvent::Pointer(_) => {}
        }
    }
}

impl Watched {
    /// [`Watched::nodes`], if they may have changed since this was asked last.
    pub fn news(&mut self) -> Option<Option<BTreeSet<NodeId>>> {
        (!std::mem::replace(&mut self.told, true)).then(|| self.nodes())
    }

    /// Whether both came to the same, for the same reasons.
    #[cfg(test)]
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.nodes == other.nodes && self.loud == other.loud
    }

    /// All nodes; none: agents get no picture.
    #[must_use]
    pub fn nodes(&self) -> Option<BTreeSet<NodeId>> {
        if !self.loud.is_empty() {
            return None;
        }
        let all: BTreeSet<NodeId> = self.nodes.values().flatten().copied().collect();
        (all.len() <= MOST).then_some(all)
    }
}

impl Wash {
    /// What is to be covered in pictures of a page; of one whose texts are settled.
    #[must_use]
    pub fn watched(&self, mirror: &Mirror) -> Watched {
        let mut watched = Watched::default();
        let mut walk = mirror.root().map(|root| mirror.walk(root));
        while let Some(step) = walk.as_mut().and_then(Iterator::next) {
            if let Step::Enter(id, _) = step {
                self.watch(mirror, &mut watched, id);
            }
        }
        for (id, _) in mirror.sheets() {
            self.watch(mirror, &mut watched, id);
        }
        watched
    }

    /// The same after events that concerned some of it.
    pub fn watch_again(&self, mirror: &Mirror, watched: &mut Watched, concerned: &Concerned) {
        if concerned.whole {
            *watched = self.watched(mirror);
            return;
        }
        let moved = concerned.moved.iter().filter(|id| mirror.get(**id).is_some());
        let moved: Vec<NodeId> = moved.flat_map(|id| mirror.subtree(*id)).collect();
        let sheets = if concerned.gone { watched.loud.iter().copied().collect() } else { Vec::new() };
        for id in concerned.nodes.iter().chain(&moved).chain(&sheets) {
            self.watch(mirror, watched, *id);
            if let Some(style) = mirror.get(*id).and_then(Entry::parent).filter(|id| is_sheet(mirror, *id)) {
                self.watch(mirror, watched, style);
            }
        }
        if concerned.gone {
            let before = (watched.nodes.len(), watched.loud.len());
            watched.nodes.retain(|id, _| mirror.get(*id).is_some_and(|entry| !entry.below_gap));
            watched.loud.retain(|id| mirror.get(*id).is_some() || mirror.rules(*id).is_some());
            watched.told &= before == (watched.nodes.len(), watched.loud.len());
        }
    }

    /// Judges one node, or sheet.
    fn watch(&self, mirror: &Mirror, watched: &mut Watched, id: NodeId) {
        let found = self.targets(mirror, id);
        let before = if found.is_empty() { watched.nodes.remove(&id) } else { watched.nodes.insert(id, found.clone()) };
        let same = before.unwrap_or_default() == found;
        let loud = self.is_loud(mirror, id);
        let as_loud = if loud { !watched.loud.insert(id) } else { !watched.loud.remove(&id) };
        watched.told &= same && as_loud;
    }

    /// What is to be covered because of a node.
    fn targets(&self, mirror: &Mirror, id: NodeId) -> BTreeSet<NodeId> {
        let mut found = BTreeSet::new();
        let Some(entry) = mirror.get(id).filter(|entry| !entry.below_gap) else { return found };
        match &entry.node {
            Node::Element { .. } if self.is_watched(mirror, entry) => {
                found.insert(id);
            }
            Node::Text { text } => {
                if entry.parent().is_some_and(|parent| is_sheet(mirror, parent)) || is_covered(mirror, entry) {
                    return found;
                }
                if self.text_of(mirror, id, entry) != text.as_str() {
                    found.insert(id);
                    found.extend(controls(mirror, entry));
                }
            }
            // A frame whose page is private; the page itself is another matter.
            Node::Document { .. } if entry.shade.is_private() => {
                let around = mirror.parent(entry).filter(|frame| !frame.shade.is_private());
                found.extend(around.and(entry.parent()));
            }
            _ => {}
        }
        found
    }

    /// Whether an element is covered for its own sake.
    fn is_watched(&self, mirror: &Mirror, entry: &Entry) -> bool {
        let Node::Element { name, .. } = &entry.node else { return false };
        let html = |names: &[&str]| names.iter().any(|name| is_html(entry, name));
        if entry.gap || entry.boxed.is_some() {
            return !html(&EMPTY);
        }
        let above = mirror.parent(entry).map(|parent| parent.shade).unwrap_or_default();
        if entry.shade.is_masked() && !above.is_masked() {
            return true;
        }
        if is_covered(mirror, entry) {
            return false;
        }
        // Agents are not shown which file was chosen.
        let is_file =
            name == "input" && entry.attr("type").is_some_and(|kind| kind.trim().eq_ignore_ascii_case("file"));
        is_file || self.attributes_differ(mirror, entry) || self.value_differs(mirror, entry)
    }

    /// Whether an attribute tells something that agents do not get. Any may be drawn: `content: attr(data-name)`.
    fn attributes_differ(&self, mirror: &Mirror, entry: &Entry) -> bool {
        let Node::Element { name: element, ns, attrs } = &entry.node else { return false };
        let Some(scrubber) = place(mirror, entry).scrubber else { return false };
        attrs.iter().any(|(name, value)| {
            mirror.works(value.len());
            match attrs::kind(*ns, element, name) {
                Some(Kind::Plain | Kind::Value) => {
                    let washed = self.attribute(mirror, entry, name, value);
                    washed.as_deref() != Some(value.as_str())
                }
                _ => tells(scrubber, value),
            }
        })
    }

    fn value_differs(&self, mirror: &Mirror, entry: &Entry) -> bool {
        let Some(value) = entry.state().value.as_ref() else { return false };
        let washed = self.state(mirror, entry, entry.state());
        washed.value.as_ref() != Some(value)
    }

    /// Whether nothing of the page may be shown because of a node or sheet.
    fn is_loud(&self, mirror: &Mirror, id: NodeId) -> bool {
        let changes = |css: String, document: NodeId| {
            let Some(scrubber) = mirror.scrubber(document) else { return false };
            mirror.works(css.len());
            if css::scrub(css.clone(), scrubber, false) == css {
                return false;
            }
            // Addresses are not drawn, and agents have others.
            let place = Place { base: None, prefix: "a/", scrubber: None };
            let washed = css::wash(&css, &|address| self.load(address, place));
            css::scrub(washed.clone(), scrubber, false) != washed
        };
        let Some(document) = mirror.get(id).map(|entry| entry.document).or(mirror.root()) else { return false };
        if let Some(rules) = mirror.rules(id)
            && rules.iter().any(|rule| changes(rule.clone(), document))
        {
            return true;
        }
        let Some(entry) = mirror.get(id) else { return false };
        match &entry.node {
            Node::Document { .. } => mirror.root() == Some(id) && entry.shade.is_private(),
            Node::Element { .. } if is_style(entry) => {
                changes(texts(mirror, entry).map(|(_, _, text)| text).collect(), document)
            }
            // What a sheet or an element's own style says may be drawn beside it, and beside others by way of variables.
            Node::Element { .. } => entry.attr("style").is_some_and(|style| changes(style.to_owned(), document)),
            _ => false,
        }
    }
}

/// Whether something that a node is in is covered.
fn is_covered(mirror: &Mirror, entry: &Entry) -> bool {
    entry.below_gap || mirror.parent(entry).is_some_and(|parent| parent.shade.is_masked())
}

fn is_sheet(mirror: &Mirror, id: NodeId) -> bool {
    mirror.get(id).is_some_and(is_style)
}

/// The controls that draw a text.
fn controls<'a>(mirror: &'a Mirror, text: &'a Entry) -> impl Iterator<Item = NodeId> + 'a {
    let mut at = text.parent();
    std::iter::from_fn(move || {
        let id = at?;
        let entry = mirror.get(id)?;
        let inside = CONTROLS.iter().any(|name| is_html(entry, name)) || is_html(entry, "optgroup");
        at = entry.parent().filter(|_| inside && !is_html(entry, "select"));
        inside.then_some(id)
    })
}
