//! A picture of the page: what a screencast frame shows, as pixels.

#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::encode::Cache;
use super::frame::{Area, View};
use super::guard::Place;

/// Bytes per pixel: red, green, blue.
pub(super) const BYTES: usize = 3;
/// Longest side in pixels.
const LONGEST: usize = 8192;
/// Covered around each place, in pixels: antialiasing, and what scaling by Chrome has spread.
const MARGIN: f64 = 2.0;
/// The largest block of a JPEG file, in pixels: that of colour with a quarter of the samples. Chrome makes no larger ones, for which it is not proved that nothing is left.
const BLOCK: u32 = 16;
/// What covers look like.
const COVER: [u8; BYTES] = [186, 191, 199];

/// A picture. Cheap to clone; what was computed of it is kept with it and shared.
#[derive(Clone)]
pub struct Picture(Arc<Inner>);

struct Inner {
    number: u32,
    at: f64,
    width: u32,
    height: u32,
    view: View,
    pixels: Vec<u8>,
    /// The file that it was, if nothing is covered.
    source: Option<Bytes>,
    block: (u32, u32),
    cache: Cache,
}

/// It is no JPEG file, or a larger one than any page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a picture cannot be decoded")]
pub struct Undecodable;

impl Picture {
    /// Decodes a screencast frame: its number from 1, the time in milliseconds since 1970, and what it shows of the layout viewport.
    ///
    /// # Errors
    /// [`Undecodable`], also for sides of more than 8,192 pixels and for uncommon sampling of colour.
    pub fn decode(number: u32, at: f64, view: View, jpeg: &Bytes) -> Result<Self, Undecodable> {
        let options = DecoderOptions::default().set_max_width(LONGEST).set_max_height(LONGEST).set_strict_mode(true);
        let options = options.jpeg_set_out_colorspace(ColorSpace::RGB);
        let mut decoder = JpegDecoder::new_with_options(ZCursor::new(jpeg.as_ref()), options);
        let pixels = decoder.decode().map_err(|_| Undecodable)?;
        let info = decoder.info().ok_or(Undecodable)?;
        let (width, height) = (u32::from(info.width), u32::from(info.height));
        if pixels.len() != width as usize * height as usize * BYTES || pixels.is_empty() {
            return Err(Undecodable);
        }
        let source = Some(jpeg.clone());
        let block = block(jpeg).filter(|&(x, y)| x <= BLOCK && y <= BLOCK).ok_or(Undecodable)?;
        Ok(Self(Arc::new(Inner { number, at, width, height, view, pixels, source, block, cache: Cache::default() })))
    }

    /// One that was decoded elsewhere, maybe from a JPEG file with blocks of 16 pixels: red, green and blue, row by row. None: they are not as many as its size says.
    #[must_use]
    pub fn of_pixels(number: u32, at: f64, view: View, (width, height): (u32, u32), pixels: Vec<u8>) -> Option<Self> {
        let right = pixels.len() == width as usize * height as usize * BYTES && !pixels.is_empty();
        let (block, cache) = ((BLOCK, BLOCK), Cache::default());
        right.then(|| Self(Arc::new(Inner { number, at, width, height, view, pixels, source: None, block, cache })))
    }

    /// The same with these places of the layout viewport covered: nothing of what stood there is in it. What stood in a block of the JPEG file is spread over
    /// all of it, and its colour a little beyond; so all that is covered, too.
    #[must_use]
    pub fn cover(&self, places: &[Place]) -> Self {
        let areas: Vec<Area> = places.iter().filter_map(|place| self.blocks(place)).collect();
        if areas.is_empty() {
            return self.clone();
        }
        let Inner { number, at, width, height, view, block, .. } = *self.0;
        let mut pixels = self.0.pixels.clone();
        let row = COVER.repeat(width as usize);
        for area in areas {
            for y in area.y..area.bottom() {
                let range = self.row(area, y);
                let length = range.len();
                pixels[range].copy_from_slice(&row[..length]);
            }
        }
        Self(Arc::new(Inner { number, at, width, height, view, pixels, source: None, block, cache: Cache::default() }))
    }

    /// All pixels that depend on what stood in a place; none: it is outside.
    fn blocks(&self, place: &Place) -> Option<Area> {
        let (view, block) = (self.0.view, self.0.block);
        let sides = [place.x, place.y, place.width, place.height, view.left, view.top, view.width, view.height];
        if sides.iter().any(|side| !side.is_finite()) || view.width <= 0.0 || view.height <= 0.0 {
            return Some(self.whole());
        }
        let across = f64::from(self.0.width) / view.width;
        let down = f64::from(self.0.height) / view.height;
        let (x, width) = span((place.x - view.left) * across, place.width * across, self.0.width, block.0)?;
        let (y, height) = span((place.y - view.top) * down, place.height * down, self.0.height, block.1)?;
        Some(Area { x, y, width, height })
    }

    /// Its number.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.0.number
    }

    /// When the page looked like that: milliseconds since 1970.
    #[must_use]
    pub fn at(&self) -> f64 {
        self.0.at
    }

    /// Width and height in device pixels.
    #[must_use]
    pub fn size(&self) -> (u32, u32) {
        (self.0.width, self.0.height)
    }

    /// What it shows of the layout viewport.
    #[must_use]
    pub fn view(&self) -> View {
        self.0.view
    }

    /// All of it.
    #[must_use]
    pub fn whole(&self) -> Area {
        Area { x: 0, y: 0, width: self.0.width, height: self.0.height }
    }

    /// Red, green and blue, row by row.
    #[must_use]
    pub fn pixels(&self) -> &[u8] {
        &self.0.pixels
    }

    /// The JPEG file that it was, if nothing is covered.
    pub(super) fn source(&self) -> Option<&Bytes> {
        self.0.source.as_ref()
    }

    pub(super) fn cache(&self) -> &Cache {
        &self.0.cache
    }

    /// Where one row of an area lies among the pixels.
    pub(super) fn row(&self, area: Area, y: u32) -> std::ops::Range<usize> {
        let start = (y as usize * self.0.width as usize + area.x as usize) * BYTES;
        start..start + area.width as usize * BYTES
    }

    /// The pixels of an area, row by row.
    pub(super) fn crop(&self, area: Area) -> Vec<u8> {
        let mut out = Vec::with_capacity(area.width as usize * area.height as usize * BYTES);
        for y in area.y..area.bottom() {
            out.extend_from_slice(&self.0.pixels[self.row(area, y)]);
        }
        out
    }
}

/// Start and length of what is covered along one side, in pixels; none: it is outside.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the picture")]
fn span(start: f64, length: f64, side: u32, block: u32) -> Option<(u32, u32)> {
    // Colour, which has one sample for so many pixels, is spread beyond a block by as many when it is decoded.
    let spread = block / 8;
    let (first, end) = (start - MARGIN, start + length.max(0.0) + MARGIN);
    if end <= 0.0 || first >= f64::from(side) {
        return None;
    }
    let first = (first.floor().clamp(0.0, f64::from(side)) as u32 / block * block).saturating_sub(spread);
    let end = (end.ceil().clamp(0.0, f64::from(side)) as u32).next_multiple_of(block).saturating_add(spread).min(side);
    (end > first).then(|| (first, end - first))
}

/// Width and height of a JPEG file's blocks: eight pixels for each sample of the component that has most (ITU-T T.81, B.2.2).
fn block(jpeg: &[u8]) -> Option<(u32, u32)> {
    let mut rest = jpeg.get(2..)?;
    loop {
        let (marker, length) = (*rest.get(1)?, usize::from(u16::from_be_bytes([*rest.get(2)?, *rest.get(3)?])));
        if rest[0] != 0xFF {
            return None;
        }
        let segment = rest.get(4..2 + length)?;
        if (0xC0..=0xCF).contains(&marker) && ![0xC4, 0xC8, 0xCC].contains(&marker) {
            let components = segment.get(6..)?.chunks_exact(3).map(|component| component[1]);
            let across = components.clone().map(|sampling| sampling >> 4).max()?;
            let down = components.map(|sampling| sampling & 15).max()?;
            return Some((u32::from(across) * 8, u32::from(down) * 8)).filter(|&(x, y)| x > 0 && y > 0);
        }
        rest = rest.get(2 + length..)?;
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { number, width, height, .. } = &*self.0;
        f.debug_struct("Picture").field("number", number).field("size", &(width, height)).finish_non_exhaustive()
    }
}
