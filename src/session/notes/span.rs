//! A selected text as a place among the characters of its element, so that it can be mapped to other text nodes.

use serde::{Deserialize, Serialize};

use super::super::anchor::Digest;
use crate::protocol::page::{NodeId, Range};
use crate::wash::{Look, Mirror, Visit};

/// Elements whose text is no text of the page.
const SILENT: [&str; 3] = ["style", "script", "textarea"];

/// Part of an element's text, in UTF-16 units from its start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Span {
    from: u32,
    to: u32,
    /// Of the text itself: where another text stands now, nothing is highlighted.
    text: Digest,
}

/// A text of an element.
struct Piece<'a> {
    id: NodeId,
    text: &'a str,
    /// Units before it, and of it.
    from: u32,
    len: u32,
}

impl Span {
    /// The span of a range. None: the range is not within the element, or is empty.
    pub(super) fn of(mirror: &Mirror, element: &Look<'_>, range: &Range) -> Option<Self> {
        let start = Boundary::of(mirror, range.start, range.start_offset, false)?;
        let end = Boundary::of(mirror, range.end, range.end_offset, true)?;
        let (mut from, mut to) = (None, None);
        let pieces = pieces(element, |node, before, at_end| {
            from = from.or_else(|| start.reached(node, before, at_end));
            to = to.or_else(|| end.reached(node, before, at_end));
        });
        let (from, to) = (from?, to?);
        (from < to).then(|| Self { from, to, text: digest(&pieces, from, to) })
    }

    /// The range in the element as it is now. None: the text is not there.
    pub(super) fn range(&self, element: &Look<'_>) -> Option<Range> {
        let pieces = pieces(element, |_, _, _| {});
        let start = pieces.iter().find(|piece| (piece.from..piece.from + piece.len).contains(&self.from))?;
        let end = pieces.iter().find(|piece| piece.from < self.to && self.to <= piece.from + piece.len)?;
        let range = Range {
            start: start.id,
            start_offset: self.from - start.from,
            end: end.id,
            end_offset: self.to - end.from,
        };
        (digest(&pieces, self.from, self.to) == self.text).then(|| told(element, range))
    }
}

/// A range as both sides may know it. In a text of which agents see something else than the visitor, no place means the same on both sides, and one
/// would tell how long the other's text is: it begins where the text begins, and ends where it ends.
pub(super) fn told(within: &Look<'_>, range: Range) -> Range {
    let altered = |node: NodeId| within.other(node).is_some_and(|look| look.is_altered());
    Range {
        start_offset: if altered(range.start) { 0 } else { range.start_offset },
        end_offset: if altered(range.end) { Range::WHOLE } else { range.end_offset },
        ..range
    }
}

/// One end of a range, as a place in a walk.
#[derive(Clone, Copy)]
enum Boundary {
    /// So many units into a text.
    Within(NodeId, u32),
    /// Where a node begins.
    Before(NodeId),
    /// Where a node ends.
    AtEnd(NodeId),
}

impl Boundary {
    /// `at_end`: of the range's end.
    fn of(mirror: &Mirror, node: NodeId, offset: u32, at_end: bool) -> Option<Self> {
        let look = mirror.look(node)?;
        if look.text().is_some() {
            let offset = if look.is_altered() && at_end {
                u32::MAX
            } else if look.is_altered() {
                0
            } else {
                offset
            };
            return Some(Self::Within(node, offset.min(units(&look))));
        }
        let child = look.children().nth(offset as usize);
        Some(child.map_or(Self::AtEnd(node), |child| Self::Before(child.id)))
    }

    /// Units before it, if the walk has come to it: to the end of a node, or to its beginning.
    fn reached(self, node: NodeId, before: u32, at_end: bool) -> Option<u32> {
        match self {
            Self::Within(id, offset) => (id == node && !at_end).then(|| before.saturating_add(offset)),
            Self::Before(id) => (id == node && !at_end).then_some(before),
            Self::AtEnd(id) => (id == node && at_end).then_some(before),
        }
    }
}

/// The texts of an element, frames and shadow trees excepted; `at` hears of every node of it at its beginning and its end, with the units before.
fn pieces<'a>(element: &Look<'a>, mut at: impl FnMut(NodeId, u32, bool)) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let mut open: Vec<(NodeId, bool)> = Vec::new();
    let mut before = 0_u32;
    for visit in element.walk() {
        match visit {
            Visit::Enter(look) => {
                let around = open.last().is_some_and(|(_, hidden)| *hidden);
                let silent = look.name().is_some_and(|name| SILENT.contains(&name));
                let hidden = around || silent || look.is_root() || !look.is_shown();
                if !around {
                    at(look.id, before, false);
                }
                if let Some(text) = look.text().filter(|_| !hidden) {
                    let len = units(&look);
                    pieces.push(Piece { id: look.id, text, from: before, len });
                    before = before.saturating_add(len);
                }
                open.push((look.id, hidden));
            }
            Visit::Leave => {
                if let Some((node, false)) = open.pop() {
                    at(node, before, true);
                }
            }
        }
    }
    pieces
}

fn units(look: &Look<'_>) -> u32 {
    look.text().map_or(0, |text| u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX))
}

fn digest(pieces: &[Piece<'_>], from: u32, to: u32) -> Digest {
    let units = pieces.iter().flat_map(|piece| piece.text.encode_utf16());
    let units: Vec<u16> = units.skip(from as usize).take((to - from) as usize).collect();
    Digest::of(&String::from_utf16_lossy(&units))
}
