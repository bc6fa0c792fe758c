//! What of a frame agents may see: where things stand that are not for them, as samples before and after the frame tell.
//!
//! A sample tells where things stood when the page's scripts ran; what a frame shows may be older than the time that it bears, by as much as it takes to lay out, paint and
//! compress it, and what Chrome moves by itself (scrolling, animations) moves between samples. So a frame is bracketed: by the last sample that is certainly older than
//! anything in it and the first that is certainly newer. Everything that stood somewhere in one of these, or in one between them, is covered there, and wherever it
//! could have been on its way from one to the next. Where a sample of them is not to be trusted, the frame is dropped.

#[cfg(test)]
mod tests;

use std::collections::{HashMap, VecDeque};

/// A rectangle in CSS pixels of the layout viewport.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// A sample that was judged by the rules and the mirror of its moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// When: milliseconds since 1970, by the page's clock.
    pub at: f64,
    /// The load of the page.
    pub page: u64,
    /// The rules that it was judged by.
    pub edition: u64,
    /// There was nothing that is not for agents and that the page was not told to watch.
    pub complete: bool,
    /// What is not for agents: node, and all boxes in which it is drawn.
    pub places: Vec<(u64, Vec<Place>)>,
}

/// What may be done with a frame.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Agents may see it with these places covered.
    Covers(Vec<Place>),
    /// It cannot be said yet: ask again after the next sample.
    Wait,
    /// They may not see it, ever.
    Drop,
}

/// How much is taken for possible.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How much older than its time what a frame shows may be, in milliseconds.
    pub before: f64,
    /// How much newer it may be, for clocks that differ, in milliseconds.
    pub after: f64,
    /// How long after a sample the next one must come for what moved between them to be known, in milliseconds. Where nothing moved it may be longer.
    pub gap: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { before: 100.0, after: 5.0, gap: 2_000.0 }
    }
}

/// Samples that are kept at most.
const KEPT: usize = 256;
/// How long they are kept, in milliseconds.
const AGE: f64 = 5_000.0;
/// Covered around everything, in CSS pixels: what is drawn beside a box by antialiasing, and rounding of its place.
const MARGIN: f64 = 2.0;
/// Covered around what moved, as a part of how far it went from one sample to the next: motion need not be even.
const UNEVEN: f64 = 0.25;
/// How fast what came or went between two samples may have moved, in CSS pixels per millisecond.
const FASTEST: f64 = 4.0;
/// The least that it may have come, in CSS pixels.
const NEAREST: f64 = 16.0;
/// The farthest that it may have come, in CSS pixels.
const FARTHEST: f64 = 400.0;
/// Boxes that differ by less stand in the same place.
const SAME: f64 = 1.0;

/// Decides which frames agents may see, and what of them.
#[derive(Debug, Default)]
pub struct Guard {
    limits: Limits,
    /// By time; all of one load of the page.
    samples: VecDeque<Judged>,
}

impl Guard {
    /// One that has no samples.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// One that takes other things for possible.
    #[must_use]
    pub fn with(limits: Limits) -> Self {
        Self { limits, samples: VecDeque::new() }
    }

    /// The next sample, in the order in which they were taken. One of another page, or with a clock that went back, makes all before it count for nothing.
    pub fn sample(&mut self, mut sample: Judged) {
        sample.complete &=
            sample.at.is_finite() && sample.places.iter().flat_map(|(_, boxes)| boxes).all(Place::is_right);
        if self.samples.back().is_some_and(|last| last.page != sample.page || sample.at.is_nan() || last.at > sample.at)
        {
            self.samples.clear();
        }
        let oldest = sample.at - AGE;
        self.samples.push_back(sample);
        while self.samples.len() > KEPT || self.samples.get(1).is_some_and(|second| second.at < oldest) {
            self.samples.pop_front();
        }
    }

    /// What may be done with a frame of that moment (milliseconds since 1970) by the rules that hold now.
    #[must_use]
    pub fn may(&self, frame_at: f64, edition: u64) -> Verdict {
        self.may_between(frame_at, frame_at, edition)
    }

    /// What may be done with a picture that was made at some time between two moments, or bit by bit.
    #[must_use]
    pub fn may_between(&self, begun: f64, done: f64, edition: u64) -> Verdict {
        let (from, to) = (begun - self.limits.before, done + self.limits.after);
        if !(from.is_finite() && to.is_finite() && begun <= done) {
            return Verdict::Drop;
        }
        let Some(newest) = self.samples.back() else { return Verdict::Wait };
        if newest.at <= from {
            return Verdict::Wait;
        }
        let Some(first) = self.samples.iter().rposition(|sample| sample.at <= from) else { return Verdict::Drop };
        let last = self.samples.iter().position(|sample| sample.at >= to);
        let between: Vec<&Judged> = self.samples.range(first..=last.unwrap_or(self.samples.len() - 1)).collect();
        if between.iter().any(|sample| !sample.complete || sample.edition != edition) {
            return Verdict::Drop;
        }
        let mut covers = Vec::new();
        let pairs = between.iter().zip(between.iter().skip(1).chain(between.last()));
        for (before, after) in pairs {
            if !self.cover(before, after, &mut covers) {
                return Verdict::Drop;
            }
        }
        if last.is_some() { Verdict::Covers(fewer(covers)) } else { Verdict::Wait }
    }

    /// Adds everything on which something could have stood from one sample to the next; false: that is not known.
    fn cover(&self, before: &Judged, after: &Judged, covers: &mut Vec<Place>) -> bool {
        let time = after.at - before.at;
        let alone = (time * FASTEST).clamp(NEAREST, FARTHEST);
        let (old, new) = (by_node(before), by_node(after));
        let mut still = true;
        for (node, boxes) in &new {
            still &= match old.get(node) {
                Some(earlier) => moved(earlier, boxes, covers),
                None => came(boxes, &old, alone, covers),
            };
        }
        for (_, boxes) in old.iter().filter(|(node, _)| !new.contains_key(*node)) {
            still &= came(boxes, &new, alone, covers);
        }
        still || time <= self.limits.gap
    }
}

/// Boxes of each node that is drawn anywhere.
type Boxes = HashMap<u64, Vec<Place>>;

fn by_node(sample: &Judged) -> Boxes {
    let mut all = Boxes::new();
    for (node, boxes) in sample.places.iter().filter(|(_, boxes)| !boxes.is_empty()) {
        all.entry(*node).or_default().extend(boxes);
    }
    all
}

/// Covers what is in both samples; whether it stood still.
fn moved(old: &[Place], new: &[Place], covers: &mut Vec<Place>) -> bool {
    if old.len() != new.len() {
        if let Some(hull) = old.iter().chain(new).copied().reduce(Place::hull) {
            let far = old.iter().map(|a| new.iter().map(|b| a.far(b)).fold(0.0, f64::max)).fold(0.0, f64::max);
            covers.push(hull.grown(MARGIN + UNEVEN * far));
        }
        return false;
    }
    let mut still = true;
    for (old, new) in old.iter().zip(new) {
        let far = old.far(new);
        covers.push(old.hull(*new).grown(MARGIN + UNEVEN * far));
        still &= far < SAME;
    }
    still
}

/// Covers what is in one sample only; whether something in the other stood in the same place, for which it is put or which was put for it.
fn came(boxes: &[Place], others: &Boxes, alone: f64, covers: &mut Vec<Place>) -> bool {
    let stood = |place: &Place| others.values().flatten().any(|other| other.far(place) < SAME);
    let still = boxes.iter().all(stood);
    covers.extend(boxes.iter().map(|place| place.grown(if still { MARGIN } else { MARGIN + alone })));
    still
}

/// Without those that lie within others.
fn fewer(mut covers: Vec<Place>) -> Vec<Place> {
    covers.sort_by(|a, b| (b.width * b.height).total_cmp(&(a.width * a.height)));
    let mut kept: Vec<Place> = Vec::new();
    for place in covers {
        if !kept.iter().any(|other| other.contains(&place)) {
            kept.push(place);
        }
    }
    kept
}

impl Place {
    /// Whether it is a rectangle at all.
    fn is_right(&self) -> bool {
        [self.x, self.y, self.width, self.height].iter().all(|side| side.is_finite())
            && self.width >= 0.0
            && self.height >= 0.0
    }

    /// One past its last column.
    #[must_use]
    pub fn right(&self) -> f64 {
        self.x + self.width
    }

    /// One past its last row.
    #[must_use]
    pub fn bottom(&self) -> f64 {
        self.y + self.height
    }

    /// Whether the other lies within it.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        self.x <= other.x && self.y <= other.y && self.right() >= other.right() && self.bottom() >= other.bottom()
    }

    /// The least rectangle around both.
    fn hull(self, other: Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let (right, bottom) = (self.right().max(other.right()), self.bottom().max(other.bottom()));
        Self { x, y, width: right - x, height: bottom - y }
    }

    /// The farthest that one of its edges is from that of the other.
    fn far(&self, other: &Self) -> f64 {
        let across = (self.x - other.x).abs().max((self.right() - other.right()).abs());
        let down = (self.y - other.y).abs().max((self.bottom() - other.bottom()).abs());
        across.max(down)
    }

    fn grown(self, by: f64) -> Self {
        Self { x: self.x - by, y: self.y - by, width: self.width + 2.0 * by, height: self.height + 2.0 * by }
    }
}
