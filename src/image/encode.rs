//! Parts of a picture as files, in the quality that is asked for. What was encoded is kept with its picture, for all watchers that get the same.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use webp::WebPConfig;

use super::frame::{Area, Paint};
use super::picture::{BYTES, Picture};

/// How good a part of a picture is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Grade {
    /// As good as the picture is, to the eye.
    Sharp,
    /// Less.
    Lossy {
        /// 1 to 100.
        quality: u8,
        /// Each side is divided by that: 1, 2, 4 or 8.
        shrink: u8,
        /// JPEG is quicker, WebP smaller.
        webp: bool,
    },
}

/// Quality of JPEG that looks sharp.
const SHARP: u8 = 92;
/// Distinct colours with which a lossless file is the smaller one.
const COLOURS: usize = 128;
/// Lossless files are tried for no more pixels: it takes long.
const LOSSLESS: u64 = 256 * 256;
/// A file that is kept is of the last of so many kinds and places.
const KEPT: usize = 512;

/// What was encoded of a picture.
#[derive(Default)]
pub(super) struct Cache(Mutex<HashMap<(Area, Grade), Paint>>);

/// A part of a picture; none: the encoder failed, which it does for want of memory alone.
pub(super) fn encode(picture: &Picture, area: Area, grade: Grade) -> Option<Paint> {
    let kept = || picture.cache().0.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(paint) = kept().get(&(area, grade)) {
        return Some(paint.clone());
    }
    let paint = paint(picture, area, grade)?;
    let mut kept = kept();
    if kept.len() < KEPT {
        kept.insert((area, grade), paint.clone());
    }
    Some(paint)
}

fn paint(picture: &Picture, area: Area, grade: Grade) -> Option<Paint> {
    let pixels = picture.crop(area);
    if pixels[BYTES..] == pixels[..pixels.len() - BYTES] {
        return Some(Paint::Fill([pixels[0], pixels[1], pixels[2]]));
    }
    match grade {
        Grade::Sharp => sharp(&pixels, area),
        Grade::Lossy { quality, shrink: 1, webp } => file(&pixels, (area.width, area.height), quality, webp),
        Grade::Lossy { quality, shrink, webp } => {
            let (small, size) = shrunk(&pixels, area, u32::from(shrink));
            file(&small, size, quality, webp)
        }
    }
}

/// The smaller of a lossless file, where there are few colours as in text, and a good one.
fn sharp(pixels: &[u8], area: Area) -> Option<Paint> {
    let size = (area.width, area.height);
    let good = jpeg(pixels, size, SHARP, SamplingFactor::F_1_1)?;
    if area.pixels() > LOSSLESS || !few_colours(pixels) {
        return Some(Paint::Jpeg(good));
    }
    let mut config = WebPConfig::new().ok()?;
    (config.lossless, config.method, config.quality) = (1, 0, 20.0);
    let exact = webp(pixels, size, &config)?;
    Some(if exact.len() <= good.len() { Paint::Webp(exact) } else { Paint::Jpeg(good) })
}

fn few_colours(pixels: &[u8]) -> bool {
    let mut seen: Vec<[u8; BYTES]> = Vec::with_capacity(COLOURS);
    // Every seventh pixel: whoever has few colours has few there.
    for pixel in pixels.chunks_exact(BYTES).step_by(7) {
        let colour = [pixel[0], pixel[1], pixel[2]];
        if seen.last() != Some(&colour) && !seen.contains(&colour) {
            if seen.len() == COLOURS {
                return false;
            }
            seen.push(colour);
        }
    }
    true
}

fn file(pixels: &[u8], size: (u32, u32), quality: u8, small: bool) -> Option<Paint> {
    if !small {
        return jpeg(pixels, size, quality, SamplingFactor::F_2_2).map(Paint::Jpeg);
    }
    let mut config = WebPConfig::new().ok()?;
    (config.quality, config.method) = (f32::from(quality), 1);
    webp(pixels, size, &config).map(Paint::Webp)
}

fn jpeg(pixels: &[u8], (width, height): (u32, u32), quality: u8, sampling: SamplingFactor) -> Option<Bytes> {
    let mut out = Vec::with_capacity(pixels.len() / 16 + 1024);
    let mut encoder = Encoder::new(&mut out, quality);
    encoder.set_sampling_factor(sampling);
    encoder.encode(pixels, u16::try_from(width).ok()?, u16::try_from(height).ok()?, ColorType::Rgb).ok()?;
    Some(out.into())
}

fn webp(pixels: &[u8], (width, height): (u32, u32), config: &WebPConfig) -> Option<Bytes> {
    let file = webp::Encoder::from_rgb(pixels, width, height).encode_advanced(config).ok()?;
    Some(Bytes::copy_from_slice(&file))
}

/// Means of squares with sides of `by`, less of them at the right and at the bottom where there are not as many.
fn shrunk(pixels: &[u8], area: Area, by: u32) -> (Vec<u8>, (u32, u32)) {
    let size = (area.width.div_ceil(by), area.height.div_ceil(by));
    let (row, by) = (area.width as usize * BYTES, by as usize);
    let mut out = Vec::with_capacity(size.0 as usize * size.1 as usize * BYTES);
    let mut sums = vec![0_u16; size.0 as usize * BYTES];
    for rows in pixels.chunks(row * by) {
        sums.fill(0);
        for line in rows.chunks_exact(row) {
            for (sum, square) in sums.chunks_exact_mut(BYTES).zip(line.chunks(by * BYTES)) {
                for pixel in square.chunks_exact(BYTES) {
                    for (sum, value) in sum.iter_mut().zip(pixel) {
                        *sum += u16::from(*value);
                    }
                }
            }
        }
        let high = rows.len() / row;
        let last = area.width as usize - (size.0 as usize - 1) * by;
        for (column, sum) in sums.chunks_exact(BYTES).enumerate() {
            let count = high * if column + 1 == size.0 as usize { last } else { by };
            #[expect(clippy::cast_possible_truncation, reason = "a mean of bytes is a byte")]
            out.extend(sum.iter().map(|sum| (usize::from(*sum) / count) as u8));
        }
    }
    (out, size)
}
