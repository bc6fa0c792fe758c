//! A frame as it is sent: a head, then patches, which turn the picture that the watcher has into the next one. They are done in order, each on what those
//! before it left. All numbers are little-endian; places and sizes are device pixels of the picture where nothing else is said.
//!
//! | offset | type | head |
//! |---|---|---|
//! | 0 | u8 | version: 1 |
//! | 1 | u8 | flags: 1 whole (nothing of the frames before it is needed), 2 sharp (it is as good as it gets) |
//! | 2 | u16 | number of patches |
//! | 4 | u32 | number of the frame, from 1; a frame may come again under its number, sharper |
//! | 8 | f64 | when the page looked like that: milliseconds since 1970 |
//! | 16 | u16, u16 | width and height of the picture |
//! | 20 | f32 x 4 | what it shows of the layout viewport, in CSS pixels: left, top, width, height |
//!
//! | offset | type | patch |
//! |---|---|---|
//! | 0 | u8 | kind: 0 JPEG, 1 WebP, 2 move, 3 fill |
//! | 1 | u8 | 0 |
//! | 2 | u16 x 4 | where: left, top, width, height; neither is 0, and it is within the picture |
//! | 10 | u32 | number of bytes that follow |
//! | 14 | | JPEG, WebP: the file, which may be smaller than where it goes and is drawn as large as that; move: u16, u16 left and top of what is copied to there; fill: u8 x 3 red, green, blue |

#[cfg(test)]
mod tests;

use bytes::{BufMut, Bytes, BytesMut};

/// Version of the format.
const VERSION: u8 = 1;
/// Bytes of a head.
const HEAD: usize = 36;
/// Bytes of a patch before its own.
const PATCH: usize = 14;
const WHOLE: u8 = 1;
const SHARP: u8 = 2;

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

impl Area {
    /// One past its last column.
    #[must_use]
    pub fn right(self) -> u32 {
        self.x + self.width
    }

    /// One past its last row.
    #[must_use]
    pub fn bottom(self) -> u32 {
        self.y + self.height
    }

    /// Pixels.
    #[must_use]
    pub fn pixels(self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }
}

/// What a picture shows of the layout viewport, in CSS pixels. More is seen than the layout viewport's width and height only where a page is zoomed out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// From the left of the layout viewport.
    pub left: f64,
    /// From the top of the layout viewport.
    pub top: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

/// What stands before the patches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Head {
    /// Nothing of the frames before it is needed.
    pub whole: bool,
    /// It is as good as it gets.
    pub sharp: bool,
    /// Number of the picture, from 1.
    pub number: u32,
    /// When the page looked like that: milliseconds since 1970.
    pub at: f64,
    /// Width of the picture, at most 65,535.
    pub width: u32,
    /// Height of the picture, at most 65,535.
    pub height: u32,
    /// What it shows.
    pub view: View,
}

/// A part of the picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    /// Where.
    pub area: Area,
    /// What.
    pub paint: Paint,
}

/// What comes there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Paint {
    /// A JPEG file.
    Jpeg(Bytes),
    /// A WebP file.
    Webp(Bytes),
    /// What stood with this left and top corner.
    Move(u32, u32),
    /// Red, green, blue.
    Fill([u8; 3]),
}

/// A frame.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// Its head.
    pub head: Head,
    /// What changes, in order; at most 65,535.
    pub patches: Vec<Patch>,
}

/// Bytes that are no frame of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a frame")]
pub struct NoFrame;

impl Frame {
    /// As it is sent.
    #[must_use]
    pub fn write(&self) -> Bytes {
        let size: usize = self.patches.iter().map(Patch::len).sum();
        let mut out = BytesMut::with_capacity(HEAD + size);
        self.head.write(&mut out, self.patches.len());
        for patch in &self.patches {
            patch.write(&mut out);
        }
        out.freeze()
    }

    /// What `write` wrote.
    ///
    /// # Errors
    /// [`NoFrame`] for anything else.
    pub fn read(bytes: &Bytes) -> Result<Self, NoFrame> {
        let mut rest = bytes.clone();
        let head = take(&mut rest, HEAD)?;
        let (head, count) = Head::read(&head)?;
        let patches = (0..count).map(|_| Patch::read(&mut rest, &head)).collect::<Result<_, _>>()?;
        if rest.is_empty() { Ok(Self { head, patches }) } else { Err(NoFrame) }
    }
}

impl Head {
    fn write(&self, out: &mut BytesMut, patches: usize) {
        out.put_u8(VERSION);
        out.put_u8((u8::from(self.whole) * WHOLE) | (u8::from(self.sharp) * SHARP));
        out.put_u16_le(short(patches));
        out.put_u32_le(self.number);
        out.put_f64_le(self.at);
        out.put_u16_le(short(self.width));
        out.put_u16_le(short(self.height));
        for side in [self.view.left, self.view.top, self.view.width, self.view.height] {
            #[expect(clippy::cast_possible_truncation, reason = "a thousandth of a pixel is enough")]
            out.put_f32_le(side as f32);
        }
    }

    /// A head, and how many patches follow.
    fn read(bytes: &[u8]) -> Result<(Self, u16), NoFrame> {
        let flags = bytes[1];
        if bytes[0] != VERSION || flags & !(WHOLE | SHARP) != 0 {
            return Err(NoFrame);
        }
        let side = |at: usize| f64::from(f32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]));
        let mut at = [0; 8];
        at.copy_from_slice(&bytes[8..16]);
        let head = Self {
            whole: flags & WHOLE != 0,
            sharp: flags & SHARP != 0,
            number: long(bytes, 4),
            at: f64::from_le_bytes(at),
            width: two(bytes, 16),
            height: two(bytes, 18),
            view: View { left: side(20), top: side(24), width: side(28), height: side(32) },
        };
        let sides = [head.at, head.view.left, head.view.top, head.view.width, head.view.height];
        let right = sides.iter().all(|side| side.is_finite()) && head.view.width > 0.0 && head.view.height > 0.0;
        #[expect(clippy::cast_possible_truncation, reason = "it was read as two bytes")]
        let count = two(bytes, 2) as u16;
        if right && head.width > 0 && head.height > 0 { Ok((head, count)) } else { Err(NoFrame) }
    }
}

impl Patch {
    /// Bytes that it takes.
    pub(super) fn len(&self) -> usize {
        PATCH + self.paint.len()
    }

    fn write(&self, out: &mut BytesMut) {
        out.put_u8(self.paint.kind());
        out.put_u8(0);
        for side in [self.area.x, self.area.y, self.area.width, self.area.height] {
            out.put_u16_le(short(side));
        }
        out.put_u32_le(u32::try_from(self.paint.len()).unwrap_or(u32::MAX));
        match &self.paint {
            Paint::Jpeg(file) | Paint::Webp(file) => out.put_slice(file),
            Paint::Move(x, y) => {
                out.put_u16_le(short(*x));
                out.put_u16_le(short(*y));
            }
            Paint::Fill(colour) => out.put_slice(colour),
        }
    }

    fn read(rest: &mut Bytes, head: &Head) -> Result<Self, NoFrame> {
        let fixed = take(rest, PATCH)?;
        let within = |area: Area| area.right() <= head.width && area.bottom() <= head.height;
        let area = Area { x: two(&fixed, 2), y: two(&fixed, 4), width: two(&fixed, 6), height: two(&fixed, 8) };
        let bytes = take(rest, usize::try_from(long(&fixed, 10)).map_err(|_| NoFrame)?)?;
        if fixed[1] != 0 || area.width == 0 || area.height == 0 || !within(area) {
            return Err(NoFrame);
        }
        let paint = match (fixed[0], bytes.len()) {
            (0, 1..) => Paint::Jpeg(bytes),
            (1, 1..) => Paint::Webp(bytes),
            (2, 4) => Paint::Move(two(&bytes, 0), two(&bytes, 2)),
            (3, 3) => Paint::Fill([bytes[0], bytes[1], bytes[2]]),
            _ => return Err(NoFrame),
        };
        match paint {
            Paint::Move(x, y) if !within(Area { x, y, ..area }) => Err(NoFrame),
            paint => Ok(Self { area, paint }),
        }
    }
}

impl Paint {
    fn kind(&self) -> u8 {
        match self {
            Self::Jpeg(_) => 0,
            Self::Webp(_) => 1,
            Self::Move(..) => 2,
            Self::Fill(_) => 3,
        }
    }

    /// Bytes that it takes.
    fn len(&self) -> usize {
        match self {
            Self::Jpeg(file) | Self::Webp(file) => file.len(),
            Self::Move(..) => 4,
            Self::Fill(_) => 3,
        }
    }
}

/// As two bytes. Pictures are smaller than that, and have fewer patches.
fn short(number: impl TryInto<u16>) -> u16 {
    number.try_into().unwrap_or(u16::MAX)
}

fn two(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]))
}

fn long(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn take(rest: &mut Bytes, count: usize) -> Result<Bytes, NoFrame> {
    if rest.len() < count { Err(NoFrame) } else { Ok(rest.split_to(count)) }
}
