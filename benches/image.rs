//! Pictures of image mode: decoding, covering, and what a frame costs a watcher that stands still, types, scrolls or sees everything change, by line and size.
#![allow(clippy::print_stderr, reason = "what criterion does not measure")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use alongside::image::frame::View;
use alongside::image::guard::Place;
use alongside::image::pace::Watcher;
use alongside::image::picture::Picture;
use bytes::Bytes;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

const SIZES: [(u32, u32); 2] = [(1280, 800), (1170, 2532)];
/// Bytes per millisecond.
const LINES: [(&str, f64); 2] = [("fast line", 5_000.0), ("1 Mbit/s", 125.0)];
/// What happens from one picture to the next.
const MOTIONS: [(&str, Motion); 4] = [
    ("still", |_| Moment::default()),
    ("small animation", |n| Moment { square: n, ..Moment::default() }),
    ("scroll", |n| Moment { scroll: n * 60, ..Moment::default() }),
    ("full change", |n| Moment { page: n, ..Moment::default() }),
];

type Motion = fn(u32) -> Moment;

#[derive(Clone, Copy, Default)]
struct Moment {
    square: u32,
    scroll: u32,
    page: u32,
}

/// A page with lines of text, and every 600 pixels a picture.
fn pixel(x: u32, y: u32, moment: Moment) -> [u8; 3] {
    if (600..664).contains(&x) && (300..364).contains(&y) && moment.square > 0 {
        return [(x * moment.square) as u8, (y * 3) as u8, (moment.square * 40) as u8];
    }
    let y = y + moment.scroll;
    if y % 600 > 400 && (80..700).contains(&x) {
        return [(x / 3 + moment.page * 30) as u8, (y / 2) as u8, ((x + y) / 5) as u8];
    }
    let (line, glyph) = (y / 24, x / 10);
    let seed = (line * 131 + glyph + moment.page * 977).wrapping_mul(2_654_435_761) >> 12;
    let stroke = (seed >> ((x % 10) / 3 + (y % 24) / 4 * 3)) & 1 == 1;
    let written = line % 4 > 0
        && !seed.is_multiple_of(6)
        && glyph % 100 > 4 + seed % 3
        && (8..20).contains(&(y % 24))
        && x % 10 < 8;
    if written && stroke { [40, 42, 50] } else { [252, 252, 250] }
}

fn shot((width, height): (u32, u32), moment: Moment) -> Option<Bytes> {
    let pixels: Vec<u8> = (0..height).flat_map(|y| (0..width).flat_map(move |x| pixel(x, y, moment))).collect();
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 85);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.encode(&pixels, u16::try_from(width).ok()?, u16::try_from(height).ok()?, ColorType::Rgb).ok()?;
    Some(file.into())
}

fn decode(number: u32, (width, height): (u32, u32), file: &Bytes) -> Option<Picture> {
    let view = View { left: 0.0, top: 0.0, width: f64::from(width), height: f64::from(height) };
    Picture::decode(number, 0.0, view, file).ok()
}

/// A watcher whose line is known, and the moment.
fn watcher(first: &Picture, rate: f64, start: Instant) -> (Watcher, Instant) {
    let (mut watcher, mut now) = (Watcher::new(), start);
    watcher.offer(first, now);
    while let Some(message) = watcher.poll(now).or_else(|| {
        now = watcher.deadline()?.max(now);
        watcher.poll(now)
    }) {
        now += Duration::from_secs_f64((message.len() as f64 / rate + 10.0) / 1000.0);
        watcher.drawn(first.number(), now);
    }
    (watcher, now + Duration::from_secs(1))
}

fn pictures(criterion: &mut Criterion) {
    for size in SIZES {
        let name = format!("{}x{}", size.0, size.1);
        let Some(file) = shot(size, Moment::default()) else { continue };
        criterion.bench_function(&format!("decode {name}"), |b| b.iter(|| decode(1, size, black_box(&file))));
        let Some(picture) = decode(1, size, &file) else { continue };
        let field = |n: u32| Place { x: 100.0, y: f64::from(n) * 35.0, width: 240.0, height: 24.0 };
        let fields: Vec<Place> = (0..20).map(field).collect();
        criterion.bench_function(&format!("20 covers {name}"), |b| b.iter(|| picture.cover(black_box(&fields))));
    }
}

fn frames(criterion: &mut Criterion) {
    let start = Instant::now();
    for size in SIZES {
        for (what, motion) in MOTIONS {
            let files = (shot(size, motion(0)), shot(size, motion(1)));
            let (Some(before), Some(after)) = files else { continue };
            let Some(before) = decode(1, size, &before) else { continue };
            for (line, rate) in LINES {
                let name = format!("frame {}x{}, {what}, {line}", size.0, size.1);
                let fresh = || {
                    let (watcher, now) = watcher(&before, rate, start);
                    (watcher, now, decode(2, size, &after))
                };
                if let (mut watcher, now, Some(picture)) = fresh() {
                    watcher.offer(&picture, now);
                    let bytes = watcher.poll(now).map_or(0, |message| message.len());
                    eprintln!("{name}: {bytes} bytes of {}", after.len());
                }
                let send = |(mut watcher, now, picture): (Watcher, Instant, Option<Picture>)| {
                    if let Some(picture) = &picture {
                        watcher.offer(picture, now);
                    }
                    (watcher.poll(now), watcher, picture)
                };
                criterion.bench_function(&name, |b| b.iter_batched(fresh, send, BatchSize::PerIteration));
            }
        }
    }
}

criterion_group!(benches, pictures, frames);
criterion_main!(benches);
