//! How fast a watcher's line is, as far as frames tell that went over it.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// How long a frame of what moves may take, in milliseconds.
const TARGET: f64 = 150.0;
/// What is sent first, while nothing is known, in bytes.
const FIRST: f64 = 20_000.0;
/// The least that a frame is given, in bytes.
const LEAST: f64 = 600.0;
/// Frames and time that are looked back on.
const FRAMES: usize = 64;
const WINDOW: Duration = Duration::from_secs(10);
/// A frame tells of the line's speed if it is that much larger than the one that was quickest, in bytes.
const LARGER: f64 = 2_000.0;

/// A line.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// Bytes per millisecond.
    rate: Option<f64>,
    recent: VecDeque<Sent>,
}

#[derive(Clone, Copy, Debug)]
struct Sent {
    at: Instant,
    bytes: f64,
    /// Until it was drawn and that was told, in milliseconds.
    took: f64,
}

impl Line {
    /// Bytes that a frame may have.
    pub(super) fn budget(&self) -> f64 {
        self.rate.map_or(FIRST, |rate| rate * TARGET).max(LEAST)
    }

    /// Bytes per millisecond, as far as is known.
    pub(super) fn rate(&self) -> Option<f64> {
        self.rate
    }

    /// A frame of so many bytes was drawn.
    pub(super) fn took(&mut self, bytes: usize, took: Duration, now: Instant) {
        #[expect(clippy::cast_precision_loss, reason = "frames are smaller")]
        let sent = Sent { at: now, bytes: bytes as f64, took: took.as_secs_f64() * 1000.0 };
        while self.recent.len() >= FRAMES || self.recent.front().is_some_and(|old| now - old.at > WINDOW) {
            self.recent.pop_front();
        }
        self.recent.push_back(sent);
        let quickest = self.recent.iter().copied().min_by(|a, b| a.took.total_cmp(&b.took)).unwrap_or(sent);
        let all = sent.bytes / sent.took.max(1.0);
        if sent.bytes > quickest.bytes * 1.5 + LARGER {
            // Without the time that even a small frame takes.
            self.learn((sent.bytes - quickest.bytes) / (sent.took - quickest.took).max(1.0), sent.took);
        } else if sent.took > quickest.took + TARGET {
            self.learn(sent.bytes / (sent.took - quickest.took), sent.took);
        } else if self.rate.is_none_or(|rate| rate < all) {
            // It is at least as fast as that.
            self.rate = Some(all);
        }
    }

    /// What is slower is believed soon, and at once if it was far too slow; what is faster by and by.
    fn learn(&mut self, rate: f64, took: f64) {
        let slower = self.rate.is_some_and(|old| rate < old);
        let part = if slower && took > 2.0 * TARGET {
            1.0
        } else if slower {
            0.7
        } else {
            0.3
        };
        self.rate = Some(self.rate.map_or(rate, |old| old + (rate - old) * part));
    }
}
