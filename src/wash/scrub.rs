//! Where the rules about texts hold: which rules a document has, and texts of runs, which are settled when all events of a batch have been applied.
//!
//! A text is scrubbed with its run, and a batch may change a run in many places. So within a batch texts of pages with rules are left open; [`Wash::settle`]
//! scrubs each run that changed once, fills in the texts that the batch tells of, and tells of those that changed with their neighbours.

use std::borrow::Cow;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use url::Url;

use super::Wash;
use super::css;
use super::elements::{is_html, is_style};
use super::mirror::{Broken, Entry, Mirror, Node, Touched};
use super::runs::{self, Leaf, Run};
use crate::privacy::{Held, Scrubber, address_parts};
use crate::protocol::page::{self, NodeId, PageEvent, Range};

/// Attributes of SVG that hold nothing but numbers and letters that say how to draw, which mean something else when one is replaced: they are not scrubbed.
pub(super) const GEOMETRY: [&str; 19] = [
    "d",
    "dx",
    "dy",
    "gradientTransform",
    "kernelMatrix",
    "keyPoints",
    "keySplines",
    "keyTimes",
    "path",
    "patternTransform",
    "points",
    "rotate",
    "stroke-dasharray",
    "tableValues",
    "transform",
    "viewBox",
    "x",
    "y",
    "z",
];

impl Wash {
    /// The real address of a document, by which its rules are found.
    pub(super) fn document_address(&self, mirror: &Mirror, document: NodeId) -> Option<Url> {
        mirror.address(document).and_then(|url| self.real(url))
    }

    /// The address of the page as agents may read it.
    #[must_use]
    pub fn told_url(&self, mirror: &Mirror) -> Option<Url> {
        let url = self.url(mirror)?;
        let scrubber = mirror.root().and_then(|root| mirror.scrubber(root));
        let scrub = if mirror.address_grows() { Scrubber::scrub_growing_url } else { Scrubber::scrub_url };
        scrubber.and_then(|scrubber| scrub(scrubber, &url)).or(Some(url))
    }

    /// Notes whether the page's address is continued bit by bit.
    pub(super) fn note_address(&self, mirror: &mut Mirror) {
        if let Some(url) = self.url(mirror).filter(|_| mirror.is_scrubbed()) {
            mirror.note_address(address_parts(&url));
        }
    }

    /// Notes what of a page that came, or whose rules changed, goes on from what was seen before it.
    pub(super) fn note_page(&self, mirror: &mut Mirror) {
        mirror.set_fresh(true);
        self.note_address(mirror);
        mirror.root().into_iter().for_each(|root| mirror.note_ends(root));
    }

    /// Finds the rules of documents about texts. True: some changed, and their texts were touched.
    pub(super) fn find_rules(&self, mirror: &mut Mirror, documents: &[NodeId]) -> bool {
        let changed = self.change_rules(mirror, documents);
        changed.iter().for_each(|document| mirror.touch_all(*document));
        !changed.is_empty()
    }

    /// Finds the rules of a page that just came, and scrubs its texts.
    pub(super) fn scrub_page(&self, mirror: &mut Mirror) {
        let Some(root) = mirror.root().filter(|_| !self.change_rules(mirror, &mirror.documents()).is_empty()) else {
            return;
        };
        mirror.set_fresh(true);
        self.note_address(mirror);
        let (mut values, mut grown, mut touched) = (Vec::new(), Vec::new(), Vec::new());
        let show = |id: NodeId, entry: &Entry| {
            if entry.state().value.is_some() {
                values.push(id);
            }
            if mirror.looks_at_ends() && mirror.has_ends(entry) {
                grown.push(id);
            }
        };
        runs::each(mirror, root, show, |run| {
            if !is_without(mirror, &run) {
                touched.push(run.first.0);
            }
        });
        let before = mirror.grown_ends();
        values.into_iter().for_each(|id| mirror.note_value_end(id));
        if mirror.grown_ends() > before {
            // What was passed over may go on from these.
            mirror.touch_all(root);
            mirror.note_ends(root);
        } else {
            grown.into_iter().for_each(|id| mirror.note_ends_of(id));
            touched.into_iter().for_each(|node| mirror.touch(node));
        }
        self.scrub_runs(mirror);
    }

    /// Finds the rules of documents about texts; gives those of which they changed.
    fn change_rules(&self, mirror: &mut Mirror, documents: &[NodeId]) -> Vec<NodeId> {
        let mut changed = Vec::new();
        for id in documents {
            let address = self.document_address(mirror, *id);
            let address = address.as_ref().unwrap_or(&self.start);
            let scrubber = self.policy.privacy(address, &self.start).scrubber(address);
            let same = match mirror.scrubber(*id) {
                Some(known) => known.is_same(&scrubber),
                None => scrubber.is_empty(),
            };
            if !same {
                changed.push(*id);
                mirror.set_scrubber(*id, (!scrubber.is_empty()).then(|| Arc::new(scrubber)));
            }
        }
        changed
    }

    /// Ends a batch of events: what watchers get of texts is filled in, and what the batch changed in other texts of the same runs is added. Until then
    /// what [`Wash::apply`] gave has empty texts where there are rules, and nothing else of the wash may be asked.
    ///
    /// # Errors
    /// [`Broken::TooMuch`]: the mirror is empty until the next snapshot.
    pub fn settle(&self, mirror: &mut Mirror, out: &mut Vec<PageEvent>) -> Result<(), Broken> {
        if !mirror.is_settled() {
            let changed = self.scrub_runs(mirror);
            let mut told: FxHashMap<NodeId, bool> = changed.iter().map(|node| (*node, false)).collect();
            for event in out.iter_mut() {
                self.fill(mirror, event, &mut told);
            }
            for node in changed {
                if told.get(&node) == Some(&false) {
                    self.send_text(mirror, node, out);
                }
            }
        }
        let result = mirror.check_work();
        if result.is_err() {
            mirror.reset();
            out.clear();
        }
        result
    }

    /// Scrubs the runs that were touched; gives the texts of which watchers see something else than before.
    pub(super) fn scrub_runs(&self, mirror: &mut Mirror) -> Vec<NodeId> {
        let mut changed = Vec::new();
        for touched in mirror.take_touched() {
            let leaves: Vec<Leaf> = match touched {
                Touched::Around(node) => runs::touching(mirror, node).collect(),
                Touched::Start(node) => runs::at_start(mirror, node).into_iter().collect(),
            };
            for leaf in leaves {
                if !mirror.is_first(leaf.id()) {
                    continue;
                }
                let run = runs::around(mirror, leaf.id());
                run.iter().for_each(|leaf| {
                    mirror.is_first(leaf.id());
                });
                note_end(mirror, &run);
                if is_plain(mirror, &run) {
                    continue;
                }
                for Outcome { node, is, held } in scrub_run(mirror, &run) {
                    let shown = (!is_text(mirror, node, &is)).then(|| is.into_boxed_str());
                    if mirror.set_scrubbed(node, shown, held) {
                        changed.push(node);
                    }
                }
            }
        }
        mirror.set_fresh(false);
        changed
    }

    /// Fills in the texts of an event, as far as they are shown when the batch has ended. `told`: those of which watchers are to see something else than
    /// before, and whether an event has it.
    fn fill(&self, mirror: &Mirror, event: &mut PageEvent, told: &mut FxHashMap<NodeId, bool>) {
        let mut fill = |node: NodeId, text: &mut String| {
            let changed = told.get_mut(&node).map(|told| *told = true).is_some();
            let open = text.is_empty() || changed;
            let Some(entry) = mirror.get(node).filter(|entry| open && !entry.below_gap) else { return };
            if !mirror.parent(entry).is_some_and(is_style) {
                *text = self.text_of(mirror, node, entry);
                mirror.works(text.len());
            }
        };
        let nodes = match event {
            PageEvent::Text { node, text } => return fill(*node, text),
            PageEvent::Selection { range } => return *range = range.map(|range| within(mirror, range)),
            PageEvent::Snapshot(snapshot) => &mut snapshot.nodes,
            PageEvent::Add { nodes } => nodes,
            _ => return,
        };
        for record in nodes {
            if let page::Node::Text { text } = &mut record.node {
                fill(record.id, text);
            }
        }
    }
}

/// A range in what watchers see of its texts. In a text in which something was replaced, it begins at the beginning and ends at the end, so that it does
/// not tell where that was, nor how long it is.
pub(super) fn within(mirror: &Mirror, range: Range) -> Range {
    let length = |node: NodeId| {
        let scrubbed = mirror.get(node)?.scrubbed()?;
        Some(u32::try_from(scrubbed.encode_utf16().count()).unwrap_or(u32::MAX))
    };
    let caret = range.start == range.end && range.start_offset == range.end_offset;
    let end_offset = length(range.end).unwrap_or(range.end_offset);
    let start_offset = match length(range.start) {
        Some(_) if caret => end_offset,
        Some(_) => 0,
        None => range.start_offset,
    };
    Range { start_offset, end_offset, ..range }
}

/// What stands in the place of a text, and what of a text that grows is held.
struct Outcome {
    node: NodeId,
    is: String,
    /// None: it does not grow.
    held: Option<Option<Held>>,
}

/// Whether it is certain that no rule is about a run of a page that just came, and that it does not grow.
fn is_without(mirror: &Mirror, run: &Run<'_>) -> bool {
    let (_, first) = run.first;
    let Some(scrubber) = mirror.scrubber(first.document).filter(|_| !run.noted) else { return !run.noted };
    mirror.works(run.text.len());
    let grows = || scrubber.may_grow(run.text) && runs::is_edited(mirror, mirror.parent(first));
    !mirror.may_go_on(scrubber, run.text) && !scrubber.may_match(run.text) && (!mirror.has_edited() || !grows())
}

/// Whether a run is nothing but text that no rule can match, and was before.
fn is_plain(mirror: &Mirror, run: &[Leaf]) -> bool {
    let pieces = || {
        run.iter().map(|leaf| match leaf {
            Leaf::Text(id) => match mirror.get(*id) {
                Some(Entry { node: Node::Text { text }, scrubbed: None, .. }) => Some(text.as_str()),
                _ => None,
            },
            Leaf::Space(_) => Some("\n"),
            Leaf::Empty(_) => Some(""),
        })
    };
    let first = run.iter().find_map(|leaf| if let Leaf::Text(id) = leaf { mirror.get(*id) } else { None });
    let Some(first) = first else { return true };
    let Some(scrubber) = mirror.scrubber(first.document) else { return false };
    let text = match run {
        [Leaf::Text(_)] => pieces().next().flatten().map(Cow::Borrowed),
        _ => pieces().collect::<Option<String>>().map(Cow::Owned),
    };
    let Some(text) = text.filter(|text| !scrubber.may_match(text)) else { return false };
    mirror.works(text.len());
    !scrubber.may_grow(&text) || !runs::is_edited(mirror, mirror.parent(first))
}

/// Most leaves at the end of a run, and bytes of its texts, in which something telling is looked for.
const END: (usize, usize) = (64, 256);

/// Notes whether the end of a run goes on from what was seen lately.
fn note_end(mirror: &mut Mirror, run: &[Leaf]) {
    if !mirror.looks_at_ends() {
        return;
    }
    let pieces = runs::pieces(mirror, run.get(run.len().saturating_sub(END.0)..).unwrap_or_default());
    let Some(last) = pieces.iter().rev().find_map(|(id, piece)| id.filter(|_| !piece.trim().is_empty())) else {
        return;
    };
    let Some(entry) = mirror.get(last).filter(|entry| !mirror.parent(entry).is_some_and(is_style)) else { return };
    let Some(scrubber) = mirror.scrubber(entry.document) else { return };
    let mut length = 0;
    let mut end: Vec<&str> = Vec::new();
    for (_, piece) in pieces.iter().rev() {
        end.push(piece);
        length += piece.len();
        if length > END.1 {
            break;
        }
    }
    end.reverse();
    let grows = match end.as_slice() {
        [one] => mirror.sees_end(scrubber, one),
        several => mirror.sees_end(scrubber, &several.concat()),
    };
    if grows {
        mirror.grows_at(last);
    }
}

/// Whether a node's text is this one.
fn is_text(mirror: &Mirror, node: NodeId, is: &str) -> bool {
    matches!(mirror.get(node).map(|entry| &entry.node), Some(Node::Text { text }) if text == is)
}

/// Scrubs the texts of a run.
fn scrub_run(mirror: &Mirror, run: &[Leaf]) -> Vec<Outcome> {
    let pieces = runs::pieces(mirror, run);
    let Some(first) = pieces.iter().find_map(|(id, _)| mirror.get((*id)?)) else { return Vec::new() };
    mirror.works(pieces.iter().map(|(_, piece)| piece.len()).sum());
    let style = mirror.parent(first).is_some_and(is_style);
    let parts = parts(mirror, &pieces);
    let texts: Vec<&str> = parts.iter().map(|part| part.text).collect();
    let mut held: Vec<Option<Option<Held>>> = vec![None; texts.len()];
    let scrubbed = mirror.scrubber(first.document).filter(|_| !style).and_then(|scrubber| {
        let edited = runs::is_edited(mirror, mirror.parent(first));
        let ends = parts.iter().enumerate().filter_map(|(at, part)| {
            let entry = mirror.get(part.node?)?;
            let grows = part.grows || edited && at + 1 == parts.len();
            grows.then(|| (at, entry.scrubbed.as_ref().and_then(|notes| notes.held.as_ref())))
        });
        let ends: Vec<(usize, Option<&Held>)> = ends.collect();
        scrub_pieces(scrubber, &texts, &ends, &mut held)
    });
    let mut scrubbed = scrubbed.unwrap_or_default().into_iter();
    let mut outcomes: Vec<Outcome> = Vec::new();
    for (part, held) in parts.into_iter().zip(held) {
        let is = scrubbed.next();
        let Some(node) = part.node else { continue };
        match outcomes.last_mut().filter(|_| part.goes_on) {
            Some(outcome) => {
                outcome.is.push_str(is.as_deref().unwrap_or(part.text));
                outcome.held = outcome.held.take().or(held);
            }
            None => outcomes.push(Outcome { node, is: is.unwrap_or_else(|| part.text.to_owned()), held }),
        }
    }
    outcomes
}

/// A piece of a run, cut where it grows.
struct Part<'a> {
    node: Option<NodeId>,
    text: &'a str,
    /// Its text was continued at its end.
    grows: bool,
    /// It is the rest of the same node as the part before it.
    goes_on: bool,
}

fn parts<'a>(mirror: &Mirror, pieces: &[(Option<NodeId>, &'a str)]) -> Vec<Part<'a>> {
    let mut parts = Vec::with_capacity(pieces.len());
    for (node, text) in pieces {
        let grown = node.and_then(|node| mirror.get(node)?.grows());
        let cut = grown.and_then(|at| text.split_at_checked(at)).filter(|(_, tail)| !tail.is_empty());
        let (head, tail) = cut.map_or((*text, None), |(head, tail)| (head, Some(tail)));
        parts.push(Part { node: *node, text: head, grows: grown.is_some(), goes_on: false });
        parts.extend(tail.map(|text| Part { node: *node, text, grows: false, goes_on: true }));
    }
    parts
}

/// Bytes before an end that grows that are looked at with it, of several in one run.
const BACK: usize = 2 << 10;
/// Most such ends; others are looked at by themselves.
const ENDS: usize = 64;

/// Scrubs the pieces of a run. `ends`: those that grow at their end, and what was held there; `held`: of each piece, what is held now.
pub(super) fn scrub_pieces(
    scrubber: &Scrubber,
    pieces: &[&str],
    ends: &[(usize, Option<&Held>)],
    held: &mut [Option<Option<Held>>],
) -> Option<Vec<String>> {
    let owned = |pieces: &[&str]| pieces.iter().map(|piece| (*piece).to_owned()).collect::<Vec<String>>();
    if let [(end, before)] = ends
        && end + 1 == pieces.len()
    {
        let (grown, now) = scrubber.scrub_growing_run(pieces, *before);
        held.last_mut().into_iter().for_each(|last| *last = Some(now.clone()));
        return grown;
    }
    let whole = scrubber.scrub_run(pieces);
    if ends.is_empty() {
        return whole;
    }
    let mut out = whole.unwrap_or_else(|| owned(pieces));
    let mut stars = vec![false; pieces.len()];
    for (count, (end, before)) in ends.iter().enumerate() {
        let begin = if count < ENDS { back_from(pieces, *end) } else { *end };
        let part = pieces.get(begin..=*end).unwrap_or_default();
        let (grown, now) = scrubber.scrub_growing_run(part, before.filter(|_| begin == 0));
        held.get_mut(*end).into_iter().for_each(|held| *held = Some(now.clone()));
        let scrubbed = scrubber.scrub_run(part).unwrap_or_else(|| owned(part));
        let grown = grown.unwrap_or_else(|| scrubbed.clone());
        for (at, (is, without)) in (begin..).zip(grown.into_iter().zip(scrubbed)) {
            let (Some(place), Some(starred)) = (out.get_mut(at), stars.get_mut(at)) else { continue };
            // Where the whole run gives something else, a match goes on behind this end and covers it.
            if is != without && (*place == without || *starred) {
                *place = if *starred { "*".repeat(place.chars().count()) } else { is };
                *starred = true;
            }
        }
    }
    Some(out)
}

/// The piece from which on to look at an end that grows.
fn back_from(pieces: &[&str], end: usize) -> usize {
    let mut seen = 0;
    let before = pieces.iter().enumerate().take(end).rev();
    let far = before.take_while(|(_, piece)| {
        seen += piece.len() + 1;
        seen <= BACK
    });
    far.last().map_or(end, |(at, _)| at)
}

/// A text that belongs to a node.
pub(super) fn scrubbed(mirror: &Mirror, entry: &Entry, text: &str) -> String {
    let Some(scrubber) = mirror.scrubber(entry.document) else { return text.to_owned() };
    scrubber.scrub(text).into_owned()
}

/// A field whose value is picked, or has a form of its own: a date is a date at once.
fn is_picked(entry: &Entry) -> bool {
    const PICKED: [&str; 7] = ["date", "time", "month", "week", "datetime-local", "color", "range"];
    let kind = entry.attr("type").unwrap_or_default();
    is_html(entry, "input") && PICKED.iter().any(|known| kind.eq_ignore_ascii_case(known))
}

/// What a field has: its value, or the attribute of this name. Somebody may be typing it.
pub(super) fn scrubbed_value(mirror: &Mirror, entry: &Entry, attribute: Option<&str>, text: &str) -> String {
    if is_picked(entry) {
        return scrubbed(mirror, entry, text);
    }
    let typed = match attribute {
        Some(name) => entry.typed_attr(name, text),
        None => entry.typed_value(text),
    };
    if let Some(typed) = typed {
        return typed.to_owned();
    }
    let Some(scrubber) = mirror.scrubber(entry.document) else { return text.to_owned() };
    scrubber.scrub_growing(text, None).0.into_owned()
}

/// The value of an attribute.
pub(super) fn scrubbed_attr(mirror: &Mirror, entry: &Entry, name: &str, value: &str) -> String {
    entry.typed_attr(name, value).map_or_else(|| scrubbed(mirror, entry, value), str::to_owned)
}

/// A reference within the document.
pub(super) fn fragment(mirror: &Mirror, entry: &Entry, name: &str, value: &str) -> String {
    if let Some(typed) = entry.typed_attr(name, value).filter(|typed| *typed != value) {
        return typed.to_owned();
    }
    let scrubber = mirror.scrubber(entry.document);
    scrubber.and_then(|scrubber| scrubber.scrub_encoded(value)).unwrap_or_else(|| value.to_owned())
}

/// Washed CSS; `typed`: it is continued bit by bit.
pub(super) fn styled(mirror: &Mirror, entry: &Entry, washed: String, typed: bool) -> String {
    let Some(scrubber) = mirror.scrubber(entry.document) else { return washed };
    css::scrub(washed, scrubber, typed)
}

/// Whether a text or an address tells something that rules replace, also if it is percent-encoded.
pub(super) fn tells(scrubber: &Scrubber, text: &str) -> bool {
    let encoded = text.bytes().any(|byte| matches!(byte, b'%' | b'+'));
    (encoded || scrubber.may_match(text)) && scrubber.scrub_encoded(text).is_some()
}
