//! Watchers on lines of all speeds, with a clock that is no clock: what they get, when, and that it is the picture.

use std::cell::Cell;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use bytes::Bytes;
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use proptest::prelude::*;
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;

use super::{QUIET, Watcher};
use crate::image::frame::{Frame, Paint, View};
use crate::image::picture::{BYTES, Picture};

/// A page of so many pixels, as a function of its moment.
struct Page {
    size: (u32, u32),
    quality: u8,
    draw: fn(x: u32, y: u32, moment: u32) -> [u8; 3],
}

impl Page {
    fn jpeg(&self, moment: u32) -> Bytes {
        let (width, height) = self.size;
        let pixels: Vec<u8> =
            (0..height).flat_map(|y| (0..width).flat_map(move |x| (self.draw)(x, y, moment))).collect();
        let mut out = Vec::new();
        let mut encoder = Encoder::new(&mut out, self.quality);
        encoder.set_sampling_factor(SamplingFactor::F_2_2);
        encoder.encode(&pixels, width as u16, height as u16, ColorType::Rgb).unwrap();
        out.into()
    }

    fn picture(&self, number: u32, at: f64, moment: u32) -> Picture {
        let (width, height) = (f64::from(self.size.0), f64::from(self.size.1));
        Picture::decode(number, at, View { left: 0.0, top: 0.0, width, height }, &self.jpeg(moment)).unwrap()
    }
}

/// Text, more or less, with pictures in between: all of it another at each moment.
fn motion(x: u32, y: u32, moment: u32) -> [u8; 3] {
    let hash = (x / 3 + moment * 7).wrapping_mul(2_654_435_761) ^ (y / 5 + moment).wrapping_mul(40_503);
    match (y / 90) % 2 {
        0 if hash % 5 < 2 && y % 12 < 8 => [30, 30, 40],
        0 => [250, 250, 248],
        _ => [(x + moment * 9) as u8, (y / 2 + moment * 5) as u8, ((x + y) / 3) as u8],
    }
}

fn still(x: u32, y: u32, _: u32) -> [u8; 3] {
    motion(x, y, 1)
}

/// A page that scrolls below a line that does not.
fn scroll(x: u32, y: u32, moment: u32) -> [u8; 3] {
    if y < 40 { motion(x, y, 3) } else { motion(x, y + 600 - moment * 60, 5) }
}

/// A page that stands still but for a small square.
fn blink(x: u32, y: u32, moment: u32) -> [u8; 3] {
    if (70..90).contains(&x) && (70..90).contains(&y) { [(moment * 50) as u8, 0, 0] } else { still(x, y, 0) }
}

/// What a watcher has on its canvas.
#[derive(Default)]
struct Canvas {
    size: (usize, usize),
    pixels: Vec<u8>,
    frame: Option<Frame>,
}

impl Canvas {
    fn draw(&mut self, message: &Bytes) {
        let frame = Frame::read(message).unwrap();
        let size = (frame.head.width as usize, frame.head.height as usize);
        assert!(frame.head.whole || size == self.size);
        if frame.head.whole {
            (self.size, self.pixels) = (size, vec![0; size.0 * size.1 * BYTES]);
        }
        for patch in &frame.patches {
            let area = patch.area;
            let (width, pixels) = match &patch.paint {
                Paint::Jpeg(file) => {
                    let mut decoder = JpegDecoder::new(ZCursor::new(&file[..]));
                    let pixels = decoder.decode().unwrap();
                    (usize::from(decoder.info().unwrap().width), pixels)
                }
                Paint::Webp(file) => {
                    let image = webp::Decoder::new(file).decode().unwrap();
                    (image.width() as usize, image.to_vec())
                }
                Paint::Fill(colour) => (area.width as usize, colour.repeat(area.pixels() as usize)),
                Paint::Move(x, y) => (
                    area.width as usize,
                    self.crop(*x as usize, *y as usize, area.width as usize, area.height as usize),
                ),
            };
            let height = pixels.len() / width / BYTES;
            for y in 0..area.height as usize {
                for x in 0..area.width as usize {
                    let from = (y * height / area.height as usize * width + x * width / area.width as usize) * BYTES;
                    let to = ((y + area.y as usize) * self.size.0 + x + area.x as usize) * BYTES;
                    self.pixels[to..to + BYTES].copy_from_slice(&pixels[from..from + BYTES]);
                }
            }
        }
        self.frame = Some(frame);
    }

    fn crop(&self, x: usize, y: usize, width: usize, height: usize) -> Vec<u8> {
        let row = |line: usize| ((y + line) * self.size.0 + x) * BYTES..((y + line) * self.size.0 + x + width) * BYTES;
        (0..height).flat_map(|line| self.pixels[row(line)].to_vec()).collect()
    }

    /// Mean difference of a channel.
    fn off(&self, picture: &Picture) -> f64 {
        let sum: u64 = self.pixels.iter().zip(picture.pixels()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        sum as f64 / self.pixels.len() as f64
    }
}

/// A line with a clock.
struct World {
    start: Instant,
    /// Milliseconds since the start.
    now: Cell<f64>,
    /// Bytes per millisecond and milliseconds to one side.
    rate: f64,
    way: f64,
    watcher: Watcher,
    canvas: Canvas,
    bytes: usize,
    frames: usize,
}

impl World {
    fn new(kilobits: f64, way: f64) -> Self {
        let (watcher, canvas) = (Watcher::new(), Canvas::default());
        Self {
            start: Instant::now(),
            now: Cell::new(0.0),
            rate: kilobits / 8.0,
            way,
            watcher,
            canvas,
            bytes: 0,
            frames: 0,
        }
    }

    fn instant(&self) -> Instant {
        self.start + Duration::from_secs_f64(self.now.get() / 1000.0)
    }

    /// Sends what there is and goes on to when it was drawn and that is known. Gives the time at which it was drawn.
    fn send(&mut self) -> Option<f64> {
        let message = self.watcher.poll(self.instant())?;
        assert!(self.watcher.poll(self.instant()).is_none(), "one on its way");
        assert_eq!(self.watcher.deadline(), None);
        (self.bytes, self.frames) = (self.bytes + message.len(), self.frames + 1);
        let drawn = self.now.get() + self.way + message.len() as f64 / self.rate + 5.0;
        self.canvas.draw(&message);
        self.now.set(drawn + self.way);
        self.watcher.drawn(self.canvas.frame.as_ref().unwrap().head.number, self.instant());
        Some(drawn)
    }

    /// Sends all there is to be sent, passing the time between.
    fn settle(&mut self) {
        for _ in 0..10_000 {
            if self.send().is_none() {
                let Some(deadline) = self.watcher.deadline() else { return };
                let at = (deadline - self.start).as_secs_f64() * 1000.0 + 0.01;
                assert!(at > self.now.get(), "a deadline that has passed");
                self.now.set(at);
            }
        }
        let (has, frame) = (self.watcher.has.as_ref().unwrap(), self.canvas.frame.as_ref().unwrap());
        let rough = has.tiles.iter().filter(|tile| tile.rough).count();
        panic!(
            "it never settles: {rough} rough, {} frames, {} bytes at {} ms, {:?}, {} patches",
            self.frames,
            self.bytes,
            self.now.get(),
            frame.head,
            frame.patches.len()
        );
    }

    /// A page that moves with 30 frames a second: how far from live what is seen is at most after a while, and the longest time between two frames.
    fn live(&mut self, pictures: &[Picture], until: f64) -> (f64, f64) {
        let (mut worst, mut longest, mut seen, mut before) = (0.0_f64, 0.0_f64, 0.0, 0.0);
        while self.now.get() < until {
            let number = (self.now.get() / 33.3).floor();
            let made = number * 33.3;
            self.watcher.offer(&pictures[number as usize % pictures.len()], self.instant());
            match self.send() {
                Some(drawn) => {
                    if before > 3_000.0 {
                        worst = worst.max(drawn - seen);
                        longest = longest.max(drawn - before);
                    }
                    (seen, before) = (made, drawn);
                }
                None => self.now.set(self.now.get() + 5.0),
            }
        }
        (worst, longest)
    }
}

fn moving(size: (u32, u32)) -> Vec<Picture> {
    let page = Page { size, quality: 80, draw: motion };
    (0..7).map(|moment| page.picture(moment + 1, 0.0, moment)).collect()
}

#[test]
fn the_first_frame_is_whole_and_then_it_gets_sharp() {
    for kilobits in [100.0, 1_000.0, 100_000.0] {
        let picture = Page { size: (500, 300), quality: 85, draw: still }.picture(1, 12.5, 0);
        let mut world = World::new(kilobits, 10.0);
        world.watcher.offer(&picture, world.instant());
        assert!(world.watcher.free(world.instant()));
        world.send().unwrap();
        let head = world.canvas.frame.as_ref().unwrap().head;
        assert!(head.whole && head.number == 1 && head.at == 12.5 && (head.width, head.height) == (500, 300));
        world.settle();
        let head = world.canvas.frame.as_ref().unwrap().head;
        assert!(head.sharp, "{kilobits}");
        assert!(world.canvas.off(&picture) < 1.5, "{kilobits}: off by {}", world.canvas.off(&picture));
        assert_eq!(world.watcher.deadline(), None, "nothing more to come");
    }
}

#[test]
fn what_stands_still_is_not_sent_again() {
    let page = Page { size: (512, 320), quality: 85, draw: blink };
    let mut world = World::new(10_000.0, 5.0);
    world.watcher.offer(&page.picture(1, 0.0, 0), world.instant());
    world.settle();
    let whole = std::mem::take(&mut world.bytes);
    world.watcher.offer(&page.picture(2, 0.0, 1), world.instant());
    world.settle();
    assert!(world.bytes * 8 < whole, "{} of {whole}", world.bytes);
    assert!(world.canvas.off(&page.picture(2, 0.0, 1)) < 1.5);
    // The same again: after a while it is said that this is the newest.
    world.frames = 0;
    world.watcher.offer(&page.picture(3, 0.0, 1), world.instant());
    assert!(world.send().is_none());
    world.settle();
    assert_eq!(world.frames, 1);
    let frame = world.canvas.frame.as_ref().unwrap();
    assert!(frame.patches.is_empty() && frame.head.number == 3 && frame.head.sharp);
}

#[test]
fn what_scrolls_is_moved_and_gets_sharp() {
    let page = Page { size: (512, 480), quality: 85, draw: scroll };
    // Down, and up again.
    let moments = [1, 2, 3, 4, 6, 5, 3, 1];
    let mut world = World::new(1_000.0, 5.0);
    world.watcher.offer(&page.picture(1, 0.0, 0), world.instant());
    world.settle();
    let mut moved = 0;
    for (n, moment) in moments.into_iter().enumerate() {
        world.now.set(world.now.get() + 50.0);
        let picture = page.picture(n as u32 + 2, 0.0, moment);
        world.watcher.offer(&picture, world.instant());
        world.send().unwrap();
        let patches = &world.canvas.frame.as_ref().unwrap().patches;
        moved += usize::from(patches.iter().any(|patch| matches!(patch.paint, Paint::Move(..))));
        assert!(world.canvas.off(&picture) < 12.0, "off by {} at {moment}", world.canvas.off(&picture));
    }
    assert!(moved >= 6, "{moved} of {}", moments.len());
    world.settle();
    assert!(world.canvas.off(&page.picture(99, 0.0, 1)) < 1.5);
}

#[test]
fn beside_what_moves_the_rest_gets_sharp() {
    let page = Page { size: (512, 320), quality: 60, draw: blink };
    let mut world = World::new(2_000.0, 5.0);
    let pictures: Vec<Picture> = (0..4).map(|n| page.picture(n + 1, 0.0, n)).collect();
    world.live(&pictures, 6_000.0);
    let rough = world.watcher.has.as_ref().unwrap().tiles.iter().filter(|tile| tile.rough).count();
    assert!(rough <= 4, "{rough} tiles are rough beside the square");
}

#[test]
fn whoever_stalls_gets_the_newest_alone() {
    let pictures = moving((320, 200));
    let mut watcher = Watcher::new();
    let now = Instant::now();
    watcher.offer(&pictures[0], now);
    assert!(watcher.poll(now).is_some());
    for (n, picture) in pictures.iter().enumerate().skip(1) {
        let now = now + Duration::from_secs(n as u64);
        assert!(!watcher.free(now));
        watcher.offer(picture, now);
        assert!(watcher.poll(now).is_none());
    }
    let late = now + Duration::from_secs(60);
    watcher.drawn(0, late);
    assert!(watcher.poll(late).is_none(), "an older one was drawn");
    watcher.drawn(1, late);
    let frame = Frame::read(&watcher.poll(late).unwrap()).unwrap();
    assert_eq!(frame.head.number, pictures.last().unwrap().number());
}

#[test]
fn another_size_is_a_whole_picture() {
    let mut world = World::new(10_000.0, 5.0);
    world.watcher.offer(&moving((320, 200))[0], world.instant());
    world.settle();
    world.now.set(world.now.get() + 100.0);
    let turned = Page { size: (200, 320), quality: 80, draw: still }.picture(9, 0.0, 0);
    world.watcher.offer(&turned, world.instant());
    world.send().unwrap();
    assert!(world.canvas.frame.as_ref().unwrap().head.whole);
}

#[test]
fn one_megabit_stays_close_to_live() {
    let pictures = moving((1280, 800));
    let (worst, longest) = World::new(1_000.0, 20.0).live(&pictures, 6_000.0);
    assert!(worst < 500.0, "{worst} ms from live, frames at most {longest} ms apart");
}

#[test]
fn a_hundred_kilobits_go_on() {
    let pictures = moving((1280, 800));
    let (worst, longest) = World::new(100.0, 50.0).live(&pictures, 10_000.0);
    assert!(worst < 2_000.0 && longest < 1_000.0, "{worst} ms from live, frames at most {longest} ms apart");
}

#[test]
fn a_line_that_gets_slow_is_found_out_and_one_that_gets_fast() {
    let pictures = moving((640, 400));
    let mut world = World::new(8_000.0, 20.0);
    world.live(&pictures, 4_000.0);
    let fast = world.watcher.line.budget();
    world.rate = 25.0;
    let now = world.now.get();
    world.live(&pictures, now + 4_000.0);
    let slow = world.watcher.line.budget();
    assert!(slow < 10_000.0 && fast > slow * 4.0, "{slow} after {fast}");
    world.rate = 1_000.0;
    let now = world.now.get();
    world.live(&pictures, now + 4_000.0);
    assert!(world.watcher.line.budget() > slow * 4.0, "{}", world.watcher.line.budget());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// On any line from 1 Mbit/s on, what is seen is at most half a second old while everything moves; and it gets sharp when it stops.
    #[test]
    fn near_live_on_any_line(kilobits in 1_000.0..50_000.0_f64, way in 1.0..40.0_f64) {
        static PICTURES: OnceLock<Vec<Picture>> = OnceLock::new();
        let pictures = PICTURES.get_or_init(|| moving((320, 200)));
        let mut world = World::new(kilobits, way);
        let (worst, _) = world.live(pictures, 4_000.0);
        prop_assert!(worst < 500.0, "{worst} ms from live");
        world.watcher.offer(&pictures[3], world.instant());
        let quiet = world.now.get();
        world.settle();
        prop_assert!(world.canvas.off(&pictures[3]) < 1.5);
        prop_assert!(world.now.get() < quiet + QUIET.as_secs_f64() * 1000.0 + 5_000.0);
    }
}
