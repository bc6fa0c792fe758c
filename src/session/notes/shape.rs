//! What a shape must be.

use crate::protocol::act::Denial;
use crate::protocol::note::Shape;

/// Most characters of a label.
const TEXT: usize = 300;
/// Most points of a freehand mark.
const POINTS: usize = 2_000;
/// How far from its element a mark may reach, in parts of the element's box.
const REACH: (f64, f64) = (-5.0, 6.0);

/// A shape within bounds.
pub(super) fn check(shape: Shape) -> Result<Shape, Denial> {
    Ok(match shape {
        Shape::Label { text, at } => Shape::Label { text: clean(&text).ok_or(Denial::Unfit)?, at: point(at) },
        Shape::Freehand { points } if !(2..=POINTS).contains(&points.len()) => return Err(Denial::Unfit),
        Shape::Freehand { points } => Shape::Freehand { points: points.into_iter().map(point).collect() },
        Shape::Area { from, to } => Shape::Area { from: point(from), to: point(to) },
        Shape::Line { from, to } => Shape::Line { from: point(from), to: point(to) },
        Shape::Arrow { from, to } => Shape::Arrow { from: point(from), to: point(to) },
        Shape::Rectangle { from, to } => Shape::Rectangle { from: point(from), to: point(to) },
        Shape::Element | Shape::Text { .. } => shape,
    })
}

/// Points of a freehand mark.
pub(super) fn points(shape: &Shape) -> usize {
    if let Shape::Freehand { points } = shape { points.len() } else { 0 }
}

fn point((x, y): (f64, f64)) -> (f64, f64) {
    let bounded = |n: f64| if n.is_finite() { n.clamp(REACH.0, REACH.1) } else { 0.0 };
    (bounded(x), bounded(y))
}

/// A label's text without what could make it read as something else. None: nothing is left, or it is too long.
fn clean(text: &str) -> Option<String> {
    let shown = text.chars().filter_map(|c| match c {
        '\n' | '\t' => Some(' '),
        _ if c.is_control() || turns(c) => None,
        _ => Some(c),
    });
    let text: String = shown.collect();
    let text = text.trim();
    (1..=TEXT).contains(&text.chars().count()).then(|| text.to_owned())
}

/// It changes the direction of what follows (Unicode Bidirectional Algorithm, explicit formatting characters and marks), or breaks lines.
fn turns(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_read_as_what_they_are() {
        for (given, kept) in [
            ("Click here", Some("Click here")),
            ("  two\nlines\t ", Some("two lines")),
            ("a\u{202e}b\u{2066}c\u{7}d\u{200f}", Some("abcd")),
            ("שלום", Some("שלום")),
            ("\u{202e}\u{1}", None),
            (" ", None),
        ] {
            assert_eq!(clean(given).as_deref(), kept, "{given:?}");
        }
        assert!(clean(&"ü".repeat(300)).is_some());
        assert!(clean(&"ü".repeat(301)).is_none());
    }

    #[test]
    fn places_are_bounded() {
        let far = Shape::Line { from: (f64::NAN, -9.0), to: (1e300, 0.5) };
        assert_eq!(check(far), Ok(Shape::Line { from: (0.0, -5.0), to: (6.0, 0.5) }));
        for count in [0, 1, 2_001] {
            assert_eq!(check(Shape::Freehand { points: vec![(0.0, 0.0); count] }), Err(Denial::Unfit));
        }
        assert!(check(Shape::Freehand { points: vec![(0.0, 0.0); 2_000] }).is_ok());
    }
}
