//! Decoding, and that covers leave nothing.

use std::sync::Arc;

use bytes::Bytes;
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use proptest::prelude::*;

use super::{Picture, Undecodable};
use crate::image::frame::View;
use crate::image::guard::Place;

const SAMPLINGS: [SamplingFactor; 4] =
    [SamplingFactor::F_1_1, SamplingFactor::F_2_1, SamplingFactor::F_1_2, SamplingFactor::F_2_2];

fn jpeg(pixels: &[u8], (width, height): (u32, u32), sampling: SamplingFactor, quality: u8) -> Bytes {
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, quality);
    encoder.set_sampling_factor(sampling);
    encoder.encode(pixels, width as u16, height as u16, ColorType::Rgb).unwrap();
    out.into()
}

/// Noise of the hardest sort: every channel of every pixel by itself.
fn noise(count: usize, mut seed: u32) -> Vec<u8> {
    let mut next = || {
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        (seed >> 8) as u8
    };
    (0..count).map(|_| next()).collect()
}

#[test]
fn what_is_no_jpeg_is_no_picture() {
    let view = View { left: 0.0, top: 0.0, width: 8.0, height: 8.0 };
    let good = jpeg(&noise(8 * 8 * 3, 1), (8, 8), SamplingFactor::F_1_1, 90);
    assert!(Picture::decode(1, 0.0, view, &good).is_ok());
    let uncommon = jpeg(&noise(8 * 8 * 3, 1), (8, 8), SamplingFactor::F_4_2, 90);
    for bad in [&b""[..], b"GIF89a", &good[..20], &uncommon] {
        assert_eq!(Picture::decode(1, 0.0, view, &Bytes::copy_from_slice(bad)).err(), Some(Undecodable));
    }
}

#[test]
fn no_cover_is_the_same_picture() {
    let view = View { left: 0.0, top: 0.0, width: 64.0, height: 64.0 };
    let picture =
        Picture::decode(1, 0.0, view, &jpeg(&noise(64 * 64 * 3, 1), (64, 64), SamplingFactor::F_2_2, 90)).unwrap();
    let outside = Place { x: 80.0, y: 0.0, width: 10.0, height: 10.0 };
    assert!(Arc::ptr_eq(&picture.cover(&[]).0, &picture.0));
    assert!(Arc::ptr_eq(&picture.cover(&[outside]).0, &picture.0));
    assert!(picture.source().is_some());
    let wrong = Place { x: f64::NAN, ..outside };
    let all = picture.cover(&[wrong]);
    assert!(all.source().is_none());
    assert!(all.pixels().chunks(3).all(|pixel| pixel == super::COVER), "what is no place covers everything");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Two pages that differ in a secret alone give the same picture, to the last bit, however it was compressed, zoomed and scrolled.
    #[test]
    fn nothing_of_the_secret_is_left(
        seed in 1..u32::MAX, sampling in 0..SAMPLINGS.len(), quality in 10..100_u8, zoom in 0.3..4.0_f64,
        (left, top) in (-20.0..20.0_f64, -20.0..20.0_f64), (x, y) in (-40.0..150.0_f64, -40.0..120.0_f64), (wide, high) in (0.0..80.0_f64, 0.0..60.0_f64),
    ) {
        let (width, height) = (150_u32, 117_u32);
        let page = noise(width as usize * height as usize * 3, seed);
        let mut other = page.clone();
        // The secret, in pixels: all that it touches.
        for (n, byte) in other.iter_mut().enumerate() {
            let (column, row) = ((n / 3 % width as usize) as f64, (n / 3 / width as usize) as f64);
            if column + 1.0 > x && column < x + wide && row + 1.0 > y && row < y + high {
                *byte = byte.wrapping_mul(31).wrapping_add(99);
            }
        }
        let view = View { left, top, width: f64::from(width) / zoom, height: f64::from(height) / zoom };
        let place = Place { x: left + x / zoom, y: top + y / zoom, width: wide / zoom, height: high / zoom };
        let covered = |page: &[u8]| {
            Picture::decode(1, 0.0, view, &jpeg(page, (width, height), SAMPLINGS[sampling], quality)).unwrap().cover(&[place])
        };
        prop_assert!(covered(&page).pixels() == covered(&other).pixels());
    }
}
