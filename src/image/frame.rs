//! A frame as it is sent: a head, then the parts of the picture that changed. All numbers are little-endian.

/// A rectangle in device pixels of the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Area {
    /// From the left.
    pub x: u32,
    /// From the top.
    pub y: u32,
    /// Width.
    pub width: u32,
    /// Height.
    pub height: u32,
}
