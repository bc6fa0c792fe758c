//! How often something may come, and how often it is told.

use std::time::Duration;

use tokio::time::Instant;

/// Longest time there and back that is told, in milliseconds.
const RTT_MAX: u32 = 60_000;
/// Shortest time between two that are told.
const RTT_PAUSE: Duration = Duration::from_secs(2);

/// An allowance that fills up by and by.
pub struct Rate {
    per_second: f64,
    most: f64,
    left: f64,
    reckoned: Instant,
}

impl Rate {
    /// So many a second, and so many at once.
    #[must_use]
    pub fn new(per_second: u32, at_once: u32) -> Self {
        let most = f64::from(at_once);
        Self { per_second: f64::from(per_second), most, left: most, reckoned: Instant::now() }
    }

    /// Takes one. False: there is none left.
    pub fn take(&mut self) -> bool {
        let now = Instant::now();
        let gained = now.duration_since(self.reckoned).as_secs_f64() * self.per_second;
        self.left = (self.left + gained).min(self.most);
        self.reckoned = now;
        let some = self.left >= 1.0;
        if some {
            self.left -= 1.0;
        }
        some
    }
}

/// A round-trip time of which others are told when it has changed by a fifth, and not all the time.
#[derive(Default)]
pub(super) struct Meter(Option<(u32, Instant)>);

impl Meter {
    /// Notes a measurement, in milliseconds: what is to be told, if anything.
    pub(super) fn note(&mut self, rtt: u32) -> Option<u32> {
        let (rtt, now) = (rtt.min(RTT_MAX), Instant::now());
        if let Some((told, at)) = self.0
            && (now.duration_since(at) < RTT_PAUSE || rtt.abs_diff(told) * 5 <= told)
        {
            return None;
        }
        self.0 = Some((rtt, now));
        Some(rtt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_allowance_fills_up() {
        let mut rate = Rate::new(10, 3);
        assert_eq!([rate.take(), rate.take(), rate.take(), rate.take()], [true, true, true, false]);
        tokio::time::advance(Duration::from_millis(100)).await;
        assert_eq!([rate.take(), rate.take()], [true, false]);
        tokio::time::advance(Duration::from_secs(60)).await;
        assert_eq!([rate.take(), rate.take(), rate.take(), rate.take()], [true, true, true, false]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_round_trip_is_told_when_it_changes_and_not_all_the_time() {
        let mut meter = Meter::default();
        assert_eq!(meter.note(50), Some(50));
        assert_eq!(meter.note(500), None, "too soon");
        tokio::time::advance(RTT_PAUSE).await;
        assert_eq!(meter.note(60), None, "much the same");
        assert_eq!(meter.note(61), Some(61));
        tokio::time::advance(RTT_PAUSE).await;
        assert_eq!(meter.note(u32::MAX), Some(RTT_MAX));
    }
}
