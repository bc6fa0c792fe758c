//! What of a frame agents may see: where things stand that are not for them, as samples before and after the frame tell.

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

/// Decides which frames agents may see, and what of them.
#[derive(Debug, Default)]
pub struct Guard;

impl Guard {
    /// One that has no samples.
    #[must_use]
    pub fn new() -> Self {
        Self
    }

    /// The next sample, in the order in which they were taken.
    pub fn sample(&mut self, sample: Judged) {
        let _ = sample;
    }

    /// What may be done with a frame of that moment (milliseconds since 1970) by the rules that hold now.
    #[must_use]
    pub fn may(&self, frame_at: f64, edition: u64) -> Verdict {
        let _ = (frame_at, edition);
        Verdict::Drop
    }
}
