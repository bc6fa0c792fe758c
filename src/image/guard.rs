//! What of a frame agents may see: where things stand that are not for them, as samples before and after the frame tell.

/// A rectangle in CSS pixels of the viewport.
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
